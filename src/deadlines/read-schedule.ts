import { parse } from './grammar.ts'
import { MOST_WINDOWS, meaningIn } from './meaning.ts'
import { type Choices, RULE } from './resolve.ts'
import type { Period, Schedule } from './schedule.ts'
import { LONGEST_PHRASE } from './tidy.ts'

const UNSPECIFIED: Schedule = { kind: 'unspecified', windows: [], ambiguous: true }

/**
 * What a deadline phrase of a roadmap means in `period`, by the tables of deadlines.md. What is not understood is `unspecified`;
 * what a careful methodologist would ask about is `ambiguous`. Never throws; a phrase of more than 10,000 characters is not read.
 */
export function readSchedule(phrase: string, period: Period): Schedule {
  return readWith(phrase, period, RULE)
}

/** As `readSchedule`, with another of the readings that a phrase leaves open. */
export function readWith(phrase: string, period: Period, choices: Choices): Schedule {
  if (phrase.length > LONGEST_PHRASE) return UNSPECIFIED
  const schedule = meaningIn(parse(phrase, { yearAsWritten: choices.newYear === 'as-written' }), period, choices)
  const unusable = schedule.windows.length > MOST_WINDOWS
  const empty = schedule.windows.length === 0 && schedule.kind !== 'unscheduled'
  return unusable || empty ? UNSPECIFIED : schedule
}
