import { type Instant, Temporal } from '../kernel/clock.ts'

/** Hours a walk takes step by step; longer ones halt only at the slots of each day. */
const HOURLY_DAYS = 14
const SLOT_HOURS = [9, 10, 14, 17]

/**
 * The moments at which a moved clock halts on its way from `from` to `to`, the goal last, so that what happens on each day happens: every full
 * hour over up to two weeks, else four times a day, local to `zone`. A goal in the past is one step.
 */
export function stepsBetween(from: Instant, to: Instant, zone: string): Instant[] {
  const start = from.toZonedDateTimeISO(zone).round({ smallestUnit: 'hour', roundingMode: 'floor' })
  const hours = Math.max(0, Math.floor(to.since(from).total('hours')) + 1)
  const hourly = hours <= HOURLY_DAYS * 24
  const halts = Array.from({ length: hours }, (_, index) => start.add({ hours: index + 1 }))
    .filter((halt) => hourly || SLOT_HOURS.includes(halt.hour))
    .map((halt) => halt.toInstant())
    .filter((halt) => Temporal.Instant.compare(halt, from) > 0 && Temporal.Instant.compare(halt, to) < 0)
  return [...halts, to]
}
