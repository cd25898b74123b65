import { scheduleGuesses } from '../deadlines/guesses.ts'
import { readSchedule } from '../deadlines/read-schedule.ts'
import type { Period, Schedule } from '../deadlines/schedule.ts'
import { type PlainDate, Temporal } from '../kernel/clock.ts'
import type { Activity } from './roadmap.ts'

/**
 * What the words of a coordinator about the deadline of `activity` may mean, the likeliest first; one reading where they are clear, none where they
 * are not understood. A day without a year, in a period of several years, is of the year in which the activity was due so far.
 */
export function typedReadings(words: string, activity: Pick<Activity, 'schedule'>, period: Period): Schedule[] {
  const plain = readSchedule(words, period)
  if (plain.kind === 'unspecified') return []
  if (!plain.ambiguous) return [plain]
  const year = onlyYearOf(activity.schedule)
  const within = year === null ? null : yearWithin(year, period)
  const meant = within && readSchedule(words, within)
  if (meant && !meant.ambiguous && meant.windows.length > 0) return [meant]
  return scheduleGuesses(words, period)
}

/** The year in which all windows are due; null where there are several, or none. */
function onlyYearOf({ windows }: Schedule): number | null {
  const [year, ...others] = [...new Set(windows.map(({ due }) => due.year))]
  return year !== undefined && others.length === 0 ? year : null
}

/** The part of `period` that lies in a calendar year; null where none does. */
function yearWithin(year: number, { from, to }: Period): Period | null {
  const first = latest(from, Temporal.PlainDate.from({ year, month: 1, day: 1 }))
  const last = earliest(to, Temporal.PlainDate.from({ year, month: 12, day: 31 }))
  return Temporal.PlainDate.compare(first, last) <= 0 ? { from: first, to: last } : null
}

function latest(left: PlainDate, right: PlainDate): PlainDate {
  return Temporal.PlainDate.compare(left, right) >= 0 ? left : right
}

function earliest(left: PlainDate, right: PlainDate): PlainDate {
  return Temporal.PlainDate.compare(left, right) <= 0 ? left : right
}
