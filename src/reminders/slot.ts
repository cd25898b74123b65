import type { WorkingCalendar } from '../calendar/working-calendar.ts'
import { type Instant, localDate, localTime, type PlainDate, type PlainTime, Temporal } from '../kernel/clock.ts'

/** Days back for which missed slots are made up: what is older is told by «Мои задачи» and the digest. */
const DAYS_MADE_UP = 30

/** A slot to be worked on now: of `day` (local), for all working `days` since the last one, the missed ones first. */
export type DueSlot = { day: PlainDate; days: PlainDate[] }

/**
 * Whether a municipality's slot is to be worked on at `now`, and for which days. A slot missed for hours is made up on the same working day,
 * one missed for days with the next; never before its time, never after `workTo` and never on a day off.
 * `lastDay`: the day of the last slot worked on, local; null: none yet.
 */
export function dueSlot(
  municipality: { timezone: string; slot: PlainTime; workTo: PlainTime },
  now: Instant,
  calendar: WorkingCalendar,
  lastDay: PlainDate | null,
): DueSlot | null {
  const day = localDate(now, municipality.timezone)
  const time = localTime(now, municipality.timezone)
  if (!calendar.isWorking(day)) return null
  if (Temporal.PlainTime.compare(time, municipality.slot) < 0) return null
  if (Temporal.PlainTime.compare(time, municipality.workTo) >= 0) return null
  if (lastDay && Temporal.PlainDate.compare(lastDay, day) >= 0) return null
  return { day, days: workingDaysAfter(lastDay, day, calendar) }
}

function workingDaysAfter(lastDay: PlainDate | null, day: PlainDate, calendar: WorkingCalendar): PlainDate[] {
  if (!lastDay) return [day]
  const earliest = day.subtract({ days: DAYS_MADE_UP })
  const first = Temporal.PlainDate.compare(lastDay, earliest) < 0 ? earliest : lastDay
  const span = Array.from({ length: first.until(day).days }, (_, index) => first.add({ days: index + 1 }))
  return span.filter((candidate) => calendar.isWorking(candidate))
}

/**
 * Whether continuous work is asked about on one of `days`: on the first working day of the last month of each quarter, so that there is time
 * to mend what stands still.
 */
export function asksOngoing(days: readonly PlainDate[], calendar: WorkingCalendar): boolean {
  return days.some((day) => day.month % 3 === 0 && calendar.nextWorking(day.with({ day: 1 })).equals(day))
}

/** Whether the digest of the week is due on `day`: on the first working day of its week. */
export function isDigestDay(day: PlainDate, calendar: WorkingCalendar): boolean {
  return calendar.firstWorkingDayOfWeek(day)?.equals(day) ?? false
}
