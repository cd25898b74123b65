import type { Period, Schedule, Window } from '../../deadlines/schedule.ts'
import { cellText, foldText, type Line, lineText } from './content.ts'

/** A part of an activity with the date that is its own. */
export type Part = { title: string; deadlineText: string; schedule: Schedule }

type ReadSchedule = (phrase: string, period: Period) => Schedule

/**
 * The parts of an activity whose title is a list with as many dates as items, in their order; empty where it is no such list.
 * Items have a list mark or are paragraphs; dates stand in paragraphs, in one line or in a list, and are counted as windows.
 */
export function partsOf(title: Line[], deadline: Line[], whole: Schedule, period: Period, read: ReadSchedule): Part[] {
  if (whole.kind !== 'fixed') return []
  for (const items of listsIn(title)) {
    const dates = datesOf(deadline, items.length, whole, period, read)
    if (dates) return items.map((item, at) => partOf(item, dates[at]!, whole.ambiguous))
  }
  return []
}

function partOf(item: string, { text, window }: PartDate, ambiguous: boolean): Part {
  return {
    title: withoutMarks(item),
    deadlineText: text,
    schedule: { kind: 'fixed', windows: [window], ambiguous },
  }
}

/** The ways in which a title may be a list, the surest first. */
function listsIn(title: Line[]): string[][] {
  const paragraphs = paragraphsOf(title)
  const afterColon = /:$/.test(paragraphs[0] ?? '') ? paragraphs.slice(1) : []
  return [markedItems(title), inlineItems(cellText(title)), afterColon, paragraphs].filter(({ length }) => length >= 2)
}

const MARK = /^(?:[-–—•·▪●○■*‣]|\d{1,2}\)|\p{Ll}\))\s*(?=[\p{L}\d«"(])/u

function markedItems(lines: Line[]): string[] {
  const items: string[] = []
  for (const line of lines) {
    if (line.mark !== null || MARK.test(line.text)) items.push(lineText(line))
    else if (items.length > 0) items.push(`${items.pop()} ${line.text}`)
  }
  return items
}

/** «…объединения: - цикл семинаров «…» - практикум «…»; - студия»: a dash after a sign that closes a part, or a numbered bracket. */
function inlineItems(text: string): string[] {
  const dashes = text.split(/(?:^|(?<=[:;.»)”"]))\s*[-–—•·▪●]\s*(?=[\p{L}«"])/u)
  const brackets = text.split(/(?:^|(?<=[:;.,»)\s]))(?:\d{1,2}|\p{Ll})\)\s+(?=[\p{L}«"])/u)
  const items = dashes.length > brackets.length ? dashes : brackets
  return items.slice(1)
}

function paragraphsOf(lines: Line[]): string[] {
  const paragraphs: string[] = []
  for (const line of lines) {
    if (line.starts === 'paragraph' || paragraphs.length === 0) paragraphs.push(lineText(line))
    else paragraphs.push(`${paragraphs.pop()} ${line.text}`)
  }
  return paragraphs.filter((text) => text !== '')
}

function withoutMarks(item: string): string {
  return foldText(item)
    .replace(MARK, '')
    .replace(/\s*[;,.:]+$/, '')
}

type PartDate = { text: string; window: Window }

/**
 * One date for each of `count` parts, in the order of the cell, or null where there are not as many. Each date is read alone, and
 * matched with the window that it got in the whole: only there are years carried over, and put right at a New Year.
 */
function datesOf(
  deadline: Line[],
  count: number,
  whole: Schedule,
  period: Period,
  read: ReadSchedule,
): PartDate[] | null {
  for (const phrases of phrasesIn(deadline).filter(({ length }) => length === count)) {
    const dates = withYears(phrases).flatMap((text): PartDate[] => {
      const { kind, windows } = read(text, period)
      const [window] = windows
      if (kind !== 'fixed' || !window || windows.length > 1) return []
      return [{ text, window: whole.windows.find((known) => sameDays(known, window)) ?? window }]
    })
    if (dates.length === count && coverAll(dates, whole)) return dates
  }
  if (whole.windows.length !== count) return null
  return whole.windows.map((window) => ({ text: cellText(deadline), window }))
}

/** No window of the whole may be lost among the parts. */
function coverAll(dates: PartDate[], whole: Schedule): boolean {
  return whole.windows.every((known) => dates.some(({ window }) => sameDays(known, window)))
}

function phrasesIn(deadline: Line[]): string[][] {
  const text = cellText(deadline)
  return [
    paragraphsOf(deadline),
    deadline.map(lineText),
    text.split(/\s*[,;]\s*|\s+и\s+/),
    text.split(/\s*[,;]\s*|\s+и\s+|(?<=\d{4})\s*(?:г(?:\.|ода?)?)?\s+(?=\p{L})/u),
    text.split(/\s*[,;]\s*|(?<=[\p{L}\d])\s+(?=\p{Lu})/u),
  ]
}

/** A year stands for the dates before it that have none: «ноябрь, апрель 2023 года». */
function withYears(phrases: string[]): string[] {
  return phrases.map((phrase, at) => {
    if (/\d{4}/.test(phrase)) return phrase
    const year = phrases
      .slice(at + 1)
      .map((later) => /\d{4}.*$/.exec(later)?.[0])
      .find((found) => found !== undefined)
    return year === undefined ? phrase : `${phrase} ${year}`
  })
}

/** The same days of the calendar; the whole may have put them in another year. */
function sameDays(known: Window, read: Window): boolean {
  const days = ({ from, due }: Window) => `${from.toString().slice(5)}/${due.toString().slice(5)}`
  return days(known) === days(read)
}
