import { type Instant, Temporal } from '../kernel/clock.ts'

/** The hours in which the bot writes to nobody by itself, local: from `from` (included) to `to` (not included). */
export const NIGHT = { from: Temporal.PlainTime.from('21:00'), to: Temporal.PlainTime.from('08:00') }

/** Seconds from `instant` to the end of the night in `zone`, an IANA name; 0 by day. Throws RangeError on an unknown zone. */
export function secondsOfNightLeft(instant: Instant, zone: string): number {
  const local = instant.toZonedDateTimeISO(zone)
  const time = local.toPlainTime()
  const isEvening = Temporal.PlainTime.compare(time, NIGHT.from) >= 0
  if (!isEvening && Temporal.PlainTime.compare(time, NIGHT.to) >= 0) return 0
  const morning = local.toPlainDate().add({ days: isEvening ? 1 : 0 })
  const wakesAt = morning.toZonedDateTime({ timeZone: zone, plainTime: NIGHT.to }).toInstant()
  return Math.ceil((wakesAt.epochMilliseconds - instant.epochMilliseconds) / 1000)
}
