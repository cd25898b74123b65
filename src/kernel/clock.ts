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

const MOST_KEPT = 10_000

/**
 * The day that is written as `2026-09-01`. The days of a table are few and its rows many: each is read once and shared, as days never change. Throws RangeError on what is no day.
 */
export const dayWritten = readOnce((written) => Temporal.PlainDate.from(written))

/** The time of day that is written as `09:30:00`, read once and shared as days are. Throws RangeError on what is no time. */
export const timeWritten = readOnce((written) => Temporal.PlainTime.from(written))

function readOnce<Value>(read: (written: string) => Value): (written: string) => Value {
  const known = new Map<string, Value>()
  return (written) => {
    const found = known.get(written) ?? read(written)
    if (known.size >= MOST_KEPT) known.clear()
    known.set(written, found)
    return found
  }
}
