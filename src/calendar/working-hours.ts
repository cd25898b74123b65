import { type Instant, localDate, type PlainDate, type PlainTime, Temporal } from '../kernel/clock.ts'
import { slotInstant } from './slots.ts'
import type { WorkingCalendar } from './working-calendar.ts'

/** When a municipality works: `from` to `to` (not included) on the working days of `calendar`, local to `zone`, an IANA name. */
export type WorkingHours = { zone: string; from: PlainTime; to: PlainTime; calendar: WorkingCalendar }

type Shift = { opens: number; closes: number }

const millisecondsPerHour = 3_600_000

/**
 * The earliest instant by which `hours` (0 or more, fractions too) working hours have passed since `instant`: four hours from Friday 16:00
 * of a 09:00–18:00 week is Monday 11:00, and from Friday 14:00 it is Friday 18:00. To the millisecond. Throws RangeError on negative
 * hours, on an unknown zone, and where `from` is not before `to`.
 */
export function addWorkingHours(instant: Instant, hours: number, week: WorkingHours): Instant {
  assertOpen(week)
  if (!(hours >= 0 && Number.isFinite(hours)))
    throw new RangeError(`working hours to add must be 0 or more, not ${hours}`)
  let left = Math.round(hours * millisecondsPerHour)
  let at = instant.epochMilliseconds
  let day = localDate(instant, week.zone)
  while (left > 0) {
    day = week.calendar.nextWorking(day)
    const { opens, closes } = shiftOn(day, week)
    const start = Math.max(at, opens)
    const worked = Math.min(left, closes - start)
    if (worked > 0) {
      at = start + worked
      left -= worked
    }
    day = day.add({ days: 1 })
  }
  return Temporal.Instant.fromEpochMilliseconds(at)
}

/** The working hours that pass from `start` to `end`; negative where `end` comes first. Throws RangeError as `addWorkingHours` does. */
export function workingHoursBetween(start: Instant, end: Instant, week: WorkingHours): number {
  assertOpen(week)
  if (Temporal.Instant.compare(start, end) > 0) return -workingHoursBetween(end, start, week)
  const last = localDate(end, week.zone)
  let worked = 0
  let day = week.calendar.nextWorking(localDate(start, week.zone))
  while (Temporal.PlainDate.compare(day, last) <= 0) {
    const { opens, closes } = shiftOn(day, week)
    worked += Math.max(0, Math.min(closes, end.epochMilliseconds) - Math.max(opens, start.epochMilliseconds))
    day = week.calendar.nextWorking(day.add({ days: 1 }))
  }
  return worked / millisecondsPerHour
}

/** Epoch milliseconds at which work begins and ends on `day`. */
function shiftOn(day: PlainDate, { zone, from, to }: WorkingHours): Shift {
  return { opens: slotInstant(day, from, zone).epochMilliseconds, closes: slotInstant(day, to, zone).epochMilliseconds }
}

function assertOpen({ from, to }: WorkingHours): void {
  if (Temporal.PlainTime.compare(from, to) < 0) return
  throw new RangeError(`working hours must begin before they end: ${from} to ${to}`)
}
