import { type Instant, localTime, type PlainDate, type PlainTime, Temporal } from '../kernel/clock.ts'

/**
 * The instant at which a municipality's slot begins on `day`.
 * `day` and `slot` are local to `zone`, an IANA name such as `Asia/Omsk`. Where a change of clocks skips the slot, the later
 * reading is taken; where it repeats it, the earlier. Throws RangeError on an unknown zone, which a stored Municipality never has.
 */
export function slotInstant(day: PlainDate, slot: PlainTime, zone: string): Instant {
  return day.toPlainDateTime(slot).toZonedDateTime(zone, { disambiguation: 'compatible' }).toInstant()
}

/**
 * Whether the local time of `instant` in `zone` lies in the hours from `from` (included) to `to` (not included). Hours that run over
 * midnight, such as 21:00 to 08:00, are understood; equal ends hold no time at all. Throws RangeError on an unknown zone.
 */
export function isWithinHours(instant: Instant, zone: string, from: PlainTime, to: PlainTime): boolean {
  const time = localTime(instant, zone)
  const started = Temporal.PlainTime.compare(time, from) >= 0
  const goesOn = Temporal.PlainTime.compare(time, to) < 0
  return Temporal.PlainTime.compare(from, to) <= 0 ? started && goesOn : started || goesOn
}
