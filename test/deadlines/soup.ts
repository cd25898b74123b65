import fc from 'fast-check'
import type { Period } from '../../src/deadlines/schedule.ts'
import { Temporal } from '../../src/kernel/clock.ts'
import { phrases } from './phrases.ts'
import { specification } from './specification.ts'

/** Every phrase of the tables. */
export const known = [...Object.values(specification), ...Object.values(phrases)]
  .flat()
  .map(([phrase]) => phrase as string)

const WORDS =
  'до с по к в и на за не позднее начиная март апреля сентябрь декабре мая 1 2 5 15 31 2023 2024 2020-2022 01.09.2023 15.03 I II IV квартал кв. полугодие четверть ' +
  'месяц недели год года гг. учебный уч. раз раза ежегодно ежемесячно ежеквартально еженедельно каждый пятницу понедельник последняя первая ' +
  'начало конец середина половина декада числа постоянно течение весь период далее запросу графику после ГИА отчёт включительно , ; : - – / ( ) . ' +
  'лето каникул сентебрь ерунда c p 3-4 рабочий день следующего за отчётным кроме или'

/** Deadlines' own words in an order that nobody would write. */
export const shuffledWords = fc
  .array(fc.constantFrom(...WORDS.split(' ')), { maxLength: 14 })
  .map((words) => words.join(' '))

const LETTERS = 'абвгдежзийклмнопрстуфхцчшщъыьэюяIVXabcxyz0123456789 .,;:-–—()/«»№\u00a0\u00ad\n'
export const letters = fc.string({ unit: fc.constantFrom(...LETTERS), maxLength: 60 })

/** A phrase of the tables with some of its letters changed, lost, doubled or moved. */
export const mutated = fc
  .tuple(
    fc.constantFrom(...known),
    fc.array(fc.tuple(fc.nat(80), fc.constantFrom('', ...LETTERS), fc.boolean()), { maxLength: 5 }),
  )
  .map(([phrase, changes]) =>
    changes.reduce((text, [at, letter, keep]) => {
      const place = at % (text.length + 1)
      return text.slice(0, place) + letter + text.slice(place + (keep ? 0 : 1))
    }, phrase),
  )

export const anyPhrase = fc.oneof(
  fc.constantFrom(...known),
  shuffledWords,
  mutated,
  letters,
  fc.string({ unit: 'binary', maxLength: 40 }),
)

/** Plans as departments make them: some months to some years, from any day. */
export const anyPeriod: fc.Arbitrary<Period> = fc
  .tuple(fc.integer({ min: 2010, max: 2030 }), fc.integer({ min: 0, max: 364 }), fc.integer({ min: 20, max: 1200 }))
  .map(([year, day, days]) => {
    const from = Temporal.PlainDate.from({ year, month: 1, day: 1 }).add({ days: day })
    return { from, to: from.add({ days }) }
  })
