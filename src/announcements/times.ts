import { isWithinHours, slotInstant } from '../calendar/slots.ts'
import type { WorkingHours } from '../calendar/working-hours.ts'
import { type Instant, localDate, type PlainTime, Temporal } from '../kernel/clock.ts'

/** Whether nobody is to be written to at `instant`: outside working hours, or on a day off. */
export function isQuiet(instant: Instant, hours: WorkingHours): boolean {
  const isWorked = hours.calendar.isWorking(localDate(instant, hours.zone))
  return !isWorked || !isWithinHours(instant, hours.zone, hours.from, hours.to)
}

/** `instant` itself where it may be written, else the next beginning of work. */
export function nextLoud(instant: Instant, hours: WorkingHours): Instant {
  if (!isQuiet(instant, hours)) return instant
  const today = localDate(instant, hours.zone)
  const opens = slotInstant(hours.calendar.nextWorking(today), hours.from, hours.zone)
  if (Temporal.Instant.compare(opens, instant) > 0) return opens
  return slotInstant(hours.calendar.nextWorking(today.add({ days: 1 })), hours.from, hours.zone)
}

/** When those who come are reminded «the day before»: in the slot of the last working day before the event begins. */
export function dayBefore(startsAt: Instant, slot: PlainTime, hours: WorkingHours): Instant {
  const day = localDate(startsAt, hours.zone).subtract({ days: 1 })
  return slotInstant(hours.calendar.previousWorking(day), slot, hours.zone)
}

/** When those who are silent are reminded by itself: in the slot of the second working day before `until`. */
export function silentReminderAt(until: Instant, slot: PlainTime, hours: WorkingHours): Instant {
  return slotInstant(hours.calendar.addWorkingDays(localDate(until, hours.zone), -2), slot, hours.zone)
}
