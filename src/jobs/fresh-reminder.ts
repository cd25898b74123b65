import { reminderMessage } from '../bot/screens/slot-message.ts'
import { wordsOf } from '../bot/words.ts'
import { narrowToMunicipality, widenToSystem } from '../db/database.ts'
import { handOver } from '../db/late-messages.ts'
import { municipalityById } from '../db/people.ts'
import { tasksByIds } from '../db/tasks.ts'
import { Temporal } from '../kernel/clock.ts'
import { isOpen } from '../tasks/task.ts'
import type { BeforeSend } from './dispatcher.ts'

/**
 * A reminder as of the moment in which it leaves: what was reported meanwhile is not nagged about, and where nothing is left, nothing is sent. Reminders of several days
 * that could not leave (the messenger was away) are one: each hands its tasks over to the next.
 */
export const freshReminder: BeforeSend = async (tx, delivery) => {
  const { subject, content, municipalityId } = delivery
  if (content.do !== 'send' || municipalityId === null) return 'as-is'
  if (await handOver(tx, delivery, ['tasks', 'escalated'])) return 'cancel'
  const ids = [...(subject.tasks ?? []), ...numbersOf(subject.escalated)]
  await narrowToMunicipality(tx, municipalityId)
  const tasks = await tasksByIds(tx, ids)
  const municipality = await municipalityById(tx, municipalityId)
  await widenToSystem(tx)
  if (subject.gathered !== true && tasks.length === ids.length && tasks.every(isOpen)) return 'as-is'
  if (!tasks.some(isOpen)) return 'cancel'
  const today = Temporal.PlainDate.from(String(subject.day))
  const say = wordsOf(municipality.locale, today, municipality.timezone)
  const own = tasks.filter((task) => subject.tasks?.includes(task.id)) // all of them: the numbers by which words name them stay
  const { screen } = reminderMessage(say, {
    own,
    escalated: tasks.filter((task) => isOpen(task) && !own.includes(task)),
    today,
  })
  return { do: 'send', screen }
}

function numbersOf(value: unknown): number[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'number') : []
}
