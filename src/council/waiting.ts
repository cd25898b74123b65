import { addWorkingHours, type WorkingHours } from '../calendar/working-hours.ts'
import { type Instant, localDate, localTime, Temporal } from '../kernel/clock.ts'
import type { Question } from './question.ts'

/** Working hours within which the asker is told to expect an answer. */
export const ANSWER_WITHIN_HOURS = 8

/** Who is reminded of a question that waits, after how many working hours: the council twice, then the coordinator. */
export const REMINDERS = [
  { afterHours: 4, tells: 'council' },
  { afterHours: 8, tells: 'council' },
  { afterHours: 16, tells: 'coordinator' },
] as const

/** Whether the waiting itself still brings reminders to the council: then those of a hand-over would come on top. */
export function remindsCouncilStill({ remindedStep }: Pick<Question, 'remindedStep'>): boolean {
  return REMINDERS.slice(remindedStep).some(({ tells }) => tells === 'council')
}

/** Days after which an answer that nobody objected to closes its question. */
export const QUIET_DAYS = 7

/** The moment until which an answer is promised to whoever asks at `askedAt`. */
export function expectedAnswerAt(askedAt: Instant, week: WorkingHours): Instant {
  return addWorkingHours(askedAt, ANSWER_WITHIN_HOURS, week)
}

/**
 * The reminder that is due at `now`: its step (1 is the first) and whom it is for; null where none is, or where it is no time to work. Of several
 * that were missed the last one alone. A question that waits for its asker, or is answered, reminds nobody of the council.
 */
export function dueReminder(
  question: Pick<Question, 'state' | 'waitsSince' | 'remindedStep'>,
  now: Instant,
  week: WorkingHours,
): { step: number; tells: (typeof REMINDERS)[number]['tells'] } | null {
  if ((question.state !== 'asked' && question.state !== 'taken') || !question.waitsSince) return null
  if (!isWorkingTime(now, week)) return null
  for (let step = REMINDERS.length; step > question.remindedStep; step--) {
    const reminder = REMINDERS[step - 1]
    if (!reminder) continue
    const dueAt = addWorkingHours(question.waitsSince, reminder.afterHours, week)
    if (Temporal.Instant.compare(dueAt, now) <= 0) return { step, tells: reminder.tells }
  }
  return null
}

/** What is due of a question that was handed over, given back or asked back at `since`. */
export type DueAfterMove = { afterHours: number; tells: (typeof REMINDERS)[number]['tells'] | 'asker' }

/** Whoever asked is reminded of what the expert wants to know, after how many working hours. */
export const ASKER_REMINDERS = [8, 24] as const

/** Whoever a question was given to is reminded as of a new one; the coordinator, who has heard of it, only after twice as long. */
const GIVEN_REMINDERS: readonly DueAfterMove[] = [
  { afterHours: 4, tells: 'council' },
  { afterHours: 8, tells: 'council' },
  { afterHours: 32, tells: 'coordinator' },
]

/**
 * The reminder that is due at `now` for whoever a question waits for since it came to them at `since` by `kind`: an expert after
 * GIVEN_REMINDERS, its asker after ASKER_REMINDERS. Each is told once by the caller. Null where none is due, or where it is no time to work.
 */
export function dueAfterMove(
  { kind, at: since }: { kind: 'question-handed-over' | 'question-released' | 'asker-asked-back'; at: Instant },
  now: Instant,
  week: WorkingHours,
): DueAfterMove | null {
  if (!isWorkingTime(now, week)) return null
  const reminders: readonly DueAfterMove[] =
    kind === 'asker-asked-back'
      ? ASKER_REMINDERS.map((afterHours) => ({ afterHours, tells: 'asker' as const }))
      : GIVEN_REMINDERS
  const isDue = ({ afterHours }: DueAfterMove): boolean =>
    Temporal.Instant.compare(addWorkingHours(since, afterHours, week), now) <= 0
  return reminders.findLast(isDue) ?? null
}

/** Whether `instant` lies in the working hours of a working day. */
export function isWorkingTime(instant: Instant, week: WorkingHours): boolean {
  const time = localTime(instant, week.zone)
  return (
    week.calendar.isWorking(localDate(instant, week.zone)) &&
    Temporal.PlainTime.compare(time, week.from) >= 0 &&
    Temporal.PlainTime.compare(time, week.to) < 0
  )
}
