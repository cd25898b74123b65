import { readWith } from './read-schedule.ts'
import { type Choices, RULE } from './resolve.ts'
import type { Period, Schedule } from './schedule.ts'

const MOST_GUESSES = 3

/** Other readings that people mean by the same words, the likelier first. */
const OTHER_READINGS: Choices[] = [
  RULE,
  { ...RULE, edge: 'other' },
  { ...RULE, newYear: 'as-written' },
  { ...RULE, undated: 'first' },
  { ...RULE, undated: 'earlier' },
  { ...RULE, report: 'work' },
]

/**
 * Up to three readings of a doubtful phrase for the coordinator to choose from, best first and none of them ambiguous: «до мая 2023» gives
 * 30 April and 31 May. A phrase that is clear gives its one reading, one that is not understood gives none.
 */
export function scheduleGuesses(phrase: string, period: Period): Schedule[] {
  const readings = OTHER_READINGS.map((choices) => readWith(phrase, period, choices))
    .filter(({ kind }) => kind !== 'unspecified')
    .map((schedule) => ({ ...schedule, ambiguous: false }))
  const different = new Map(readings.toReversed().map((schedule) => [windowsText(schedule), schedule]))
  return readings.filter((schedule) => different.get(windowsText(schedule)) === schedule).slice(0, MOST_GUESSES)
}

function windowsText({ windows }: Schedule): string {
  return windows.map(({ from, due }) => `${from}..${due}`).join()
}
