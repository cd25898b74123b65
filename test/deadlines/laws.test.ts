import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeSchedule, shortLabel } from '../../src/deadlines/describe.ts'
import { scheduleGuesses } from '../../src/deadlines/guesses.ts'
import { readSchedule } from '../../src/deadlines/read-schedule.ts'
import type { Period, Schedule } from '../../src/deadlines/schedule.ts'
import { LONGEST_PHRASE } from '../../src/deadlines/tidy.ts'
import { isInside } from '../../src/deadlines/units.ts'
import { Temporal } from '../../src/kernel/clock.ts'
import { shownSchedule } from './notation.ts'
import { anyPeriod, anyPhrase, known, mutated } from './soup.ts'

const { compare } = Temporal.PlainDate

function law(holds: (phrase: string, period: Period, schedule: Schedule) => void, runs = 1500): void {
  fc.assert(
    fc.property(anyPhrase, anyPeriod, (phrase, period) => holds(phrase, period, readSchedule(phrase, period))),
    { numRuns: runs },
  )
}

describe('whatever is written', () => {
  it('work does not begin after it is due', () => {
    law((_phrase, _period, { windows }) => {
      for (const { from, due } of windows) expect(compare(from, due)).toBeLessThanOrEqual(0)
    })
  })

  it('windows come sorted by due date, then by start, each once', () => {
    law((_phrase, _period, { windows }) => {
      for (const [index, window] of windows.slice(1).entries()) {
        const before = windows[index]!
        expect(compare(before.due, window.due) || compare(before.from, window.from)).toBe(-1)
      }
    })
  })

  it('only dates and spans of work have windows, and what is not understood asks', () => {
    law((_phrase, _period, { kind, windows, ambiguous }) => {
      expect(windows.length > 0).toBe(kind !== 'unscheduled' && kind !== 'unspecified')
      if (kind === 'unspecified') expect(ambiguous).toBe(true)
    })
  })

  it('a repetition that names no year stays inside the period', () => {
    law((phrase, period, { kind, windows, ambiguous }) => {
      if (kind !== 'recurring' || ambiguous || /\d{2}/.test(phrase)) return
      for (const { from, due } of windows) expect(isInside(from, period) && isInside(due, period)).toBe(true)
    })
  })

  it('the same words read the same in any case and with any spaces', () => {
    law((phrase, period, schedule) => {
      const other = `\u00a0${phrase.replaceAll(' ', ' \u00a0 ')}\n`
      expect(shownSchedule(readSchedule(other, period))).toBe(shownSchedule(schedule))
    })
    for (const phrase of known.filter((each) => !/[А-ЯЁA-Z]{2}/u.test(each))) {
      const period = { from: Temporal.PlainDate.from('2023-09-01'), to: Temporal.PlainDate.from('2025-05-31') }
      expect(shownSchedule(readSchedule(phrase.toLowerCase(), period))).toBe(
        shownSchedule(readSchedule(phrase, period)),
      )
      expect(shownSchedule(readSchedule(phrase.toUpperCase(), period))).toBe(
        shownSchedule(readSchedule(phrase, period)),
      )
    }
  })

  it('printed in Russian and read again it has the same windows', () => {
    law((_phrase, period, schedule) => {
      const again = readSchedule(describeSchedule(schedule, period), period)
      const bare = readSchedule(describeSchedule(schedule), period)
      expect(shownSchedule({ ...again, kind: 'fixed', ambiguous: false })).toBe(windowsOf(schedule))
      expect(shownSchedule({ ...bare, kind: 'fixed', ambiguous: false })).toBe(windowsOf(schedule))
    })
  })

  it('guesses are few, different, sure, and fit on a button', () => {
    law((phrase, period, schedule) => {
      const guesses = scheduleGuesses(phrase, period)
      expect(guesses.length).toBeLessThanOrEqual(3)
      expect(guesses.every(({ ambiguous }) => !ambiguous)).toBe(true)
      expect(new Set(guesses.map(windowsOf)).size).toBe(guesses.length)
      if (schedule.kind !== 'unspecified') expect(windowsOf(guesses[0]!)).toBe(windowsOf(schedule))
      for (const guess of [...guesses, schedule]) expect(shortLabel(guess, period).length).toBeLessThanOrEqual(30)
    }, 1000)
  })
})

function windowsOf(schedule: Schedule): string {
  return shownSchedule({ ...schedule, kind: 'fixed', ambiguous: false })
}

describe('whatever is pasted', () => {
  it('a changed phrase gives no more windows than its dates and repetitions can', () => {
    const period = { from: Temporal.PlainDate.from('2023-01-01'), to: Temporal.PlainDate.from('2023-12-31') }
    fc.assert(
      fc.property(mutated, (phrase) => {
        expect(readSchedule(phrase, period).windows.length).toBeLessThanOrEqual(53 * (1 + phrase.length))
      }),
      { numRuns: 5000 },
    )
  })

  it.each(['март, ', '1', '(', '2023-', 'до ', '2020-2099 ', 'по плану ', 'ежегодно ', 'а', '\u00ad', '<b', '&am'])(
    'a hundred thousand characters of «%s» are refused or read, not suffered',
    (part) => {
      const period = { from: Temporal.PlainDate.from('2020-01-01'), to: Temporal.PlainDate.from('2022-12-31') }
      expect(readSchedule(part.repeat(100_000 / part.length), period).kind).toBe('unspecified')
      const longest = readSchedule(part.repeat(LONGEST_PHRASE / part.length), period)
      expect(longest.windows.length).toBeLessThanOrEqual(2000)
    },
  )
})
