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
