import { type PlainDate, Temporal } from '../kernel/clock.ts'
import type { Span } from './spans.ts'

const MONTHS = 'январ феврал март апрел ма июн июл август сентябр октябр ноябр декабр'.split(' ')
const DAY = /(?<!\d)(\d{1,2})(?:\s*\.\s*(\d{1,2})(?:\s*\.\s*(\d{4}|\d{2}))?|\s+(\p{L}{3,9})(?:\s+(\d{4}))?)?(?!\d)/gu

type Typed = { day: number; month: number | null; year: number | null }

/**
 * The day that somebody typed: «12.06», «12.06.2026», «12 июня», «12 июня 2026», «сегодня», «завтра». Without a year the next such day from
 * `today` on. Null where the words are no day, or more than one.
 */
export function readTypedDay(words: string, today: PlainDate): PlainDate | null {
  const named = namedDay(words, today)
  if (named) return named
  const [only, ...others] = typedDays(words)
  return only && others.length === 0 && only.month !== null ? nearest(only, only.month, today) : null
}

/**
 * The days that somebody typed as a span, both inclusive: «с 1 по 14 июля», «01.07–14.07», «1 июля - 3 августа 2026», or one day. The last day may lie
 * in the next year. Null where the words are no span, or it ends before it begins.
 */
export function readTypedSpan(words: string, today: PlainDate): Span | null {
  const [first, last, ...others] = typedDays(words)
  if (!last) {
    const day = readTypedDay(words, today)
    return day && { from: day, to: day }
  }
  if (!first || others.length > 0 || last.month === null) return null
  const from = nearest({ ...first, year: first.year ?? null }, first.month ?? last.month, today)
  if (!from) return null
  const to = nearest(last, last.month, from)
  return to && Temporal.PlainDate.compare(from, to) <= 0 ? { from, to } : null
}

function namedDay(words: string, today: PlainDate): PlainDate | null {
  const word = words
    .trim()
    .toLowerCase()
    .replace(/[.!]+$/, '')
  if (word === 'сегодня') return today
  if (word === 'завтра') return today.add({ days: 1 })
  return word === 'послезавтра' ? today.add({ days: 2 }) : null
}

/** Every day in `words`, as far as it is said; an unknown word after a figure makes it no day at all. */
function typedDays(words: string): Typed[] {
  return [...words.matchAll(DAY)].flatMap(([, day, month, year, name, yearAfterName]) => {
    const monthByName = name === undefined ? null : monthOf(name)
    const said = month !== undefined ? Number(month) : monthByName
    const typedYear = year ?? yearAfterName
    return [{ day: Number(day), month: said, year: typedYear === undefined ? null : fullYear(typedYear) }]
  })
}

function monthOf(name: string): number | null {
  const index = MONTHS.findIndex((stem) => new RegExp(`^${stem}(?:я|а|ь|й|и)?$`, 'iu').test(name))
  return index < 0 ? null : index + 1
}

function fullYear(year: string): number {
  return year.length === 2 ? 2000 + Number(year) : Number(year)
}

/** The day with its year as typed, else the first such day that is not before `from`. */
function nearest({ day, year }: Typed, month: number, from: PlainDate): PlainDate | null {
  if (year !== null) return dateOf(year, month, day)
  const here = dateOf(from.year, month, day)
  return here && Temporal.PlainDate.compare(here, from) >= 0 ? here : dateOf(from.year + 1, month, day)
}

function dateOf(year: number, month: number, day: number): PlainDate | null {
  try {
    return Temporal.PlainDate.from({ year, month, day }, { overflow: 'reject' })
  } catch {
    return null
  }
}
