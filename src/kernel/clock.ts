import { Temporal } from 'temporal-polyfill'

export { Temporal }
export type Instant = Temporal.Instant
export type PlainDate = Temporal.PlainDate
export type PlainTime = Temporal.PlainTime

/** Where all logic takes the time from: the real clock, or one that the sandbox and the tests move. */
export interface Clock {
  now(): Instant
}

/** The clock of the machine. */
export const systemClock: Clock = { now: () => Temporal.Now.instant() }

/** The calendar day of `instant` in `zone`, an IANA name such as `Asia/Omsk`. Throws RangeError on an unknown zone. */
export function localDate(instant: Instant, zone: string): PlainDate {
  return instant.toZonedDateTimeISO(zone).toPlainDate()
}

/** The time of day of `instant` in `zone`, an IANA name. Throws RangeError on an unknown zone. */
export function localTime(instant: Instant, zone: string): PlainTime {
  return instant.toZonedDateTimeISO(zone).toPlainTime()
}

const MOST_DAYS = 10_000
const days = new Map<string, PlainDate>()

/**
 * The day that is written as `2026-09-01`. The days of a table are few and its rows many: each is read once and shared, as days never change. Throws RangeError on what is no day.
 */
export function dayWritten(written: string): PlainDate {
  const known = days.get(written)
  if (known) return known
  const day = Temporal.PlainDate.from(written)
  if (days.size >= MOST_DAYS) days.clear()
  days.set(written, day)
  return day
}
