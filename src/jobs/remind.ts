import { reminderMessage } from '../bot/screens/slot-message.ts'
import type { Services } from '../bot/services.ts'
import { messageTo } from '../bot/turn.ts'
import { wordsOf } from '../bot/words.ts'
import { workingCalendar } from '../calendar/working-calendar.ts'
import type { Database, Tx } from '../db/database.ts'
import { type Recipient, recipientsByIds } from '../db/people.ts'
import {
  municipalitiesWithoutSlot,
  noteReminders,
  noteSlot,
  noticesFor,
  overridesOf,
  takeSlot,
} from '../db/reminders.ts'
import { tasksByIds } from '../db/tasks.ts'
import type { NewDelivery } from '../delivery/delivery.ts'
import type { Municipality } from '../people/people.ts'
import { type Bundle, bundlesOf, type Notice } from '../reminders/bundle.ts'
import { defaultReminderPolicy, dueDatesRemindedOn, escalationDueDates } from '../reminders/policy.ts'
import { asksOngoing, type DueSlot, dueSlot } from '../reminders/slot.ts'
import type { Task } from '../tasks/task.ts'
import { eachApart } from './each-apart.ts'

/**
 * The tick of the reminders: every municipality whose slot has come and was not worked on, by whichever process comes first. What is due is
 * asked of the database, so a tick that never came is made up by the next one.
 */
export async function remind(database: Database, services: Services): Promise<void> {
  const now = services.now()
  const waiting = await database.asSystem((tx) => municipalitiesWithoutSlot(tx, 'reminders', now))
  await eachApart(waiting, ({ municipality, lastDay }) =>
    database.inMunicipality(municipality.id, async (tx) => {
      const calendar = workingCalendar(await overridesOf(tx, municipality.id))
      const slot = dueSlot({ ...municipality, slot: municipality.reminderSlot }, now, calendar, lastDay)
      if (slot && (await takeSlot(tx, municipality.id, 'reminders', slot.day, now)))
        await workOnSlot(tx, services, municipality, slot, calendar)
    }),
  )
}

async function workOnSlot(
  tx: Tx,
  services: Services,
  municipality: Municipality,
  slot: DueSlot,
  calendar: ReturnType<typeof workingCalendar>,
): Promise<void> {
  const policy = municipality.reminderPolicy ?? defaultReminderPolicy
  const notices = await noticesFor(tx, {
    municipalityId: municipality.id,
    day: slot.day,
    askOngoing: asksOngoing(slot.days, calendar),
    reminded: dueDatesRemindedOn(slot.days, policy, calendar),
    escalated: escalationDueDates(slot.days, policy, calendar),
  })
  const bundles = bundlesOf(notices)
  const facts = await factsOf(tx, bundles)
  const messages = bundles.map((bundle) => messageOf(municipality, slot, bundle, facts))
  const deliveryIds = await services.enqueue(
    tx,
    messages.filter((message) => message !== null),
  )
  const told = bundles.flatMap((bundle, index) => {
    const deliveryId = messages[index] ? (deliveryIds.shift() ?? null) : null
    return [...bundle.own, ...bundle.escalated].map((notice) => ({ notice, deliveryId }))
  })
  await noteReminders(tx, municipality.id, slot.day, told)
  await noteSlot(tx, municipality.id, 'reminders', slot.day, { due: notices.length, sent: bundles.length })
}

/** The tasks and the people of a whole slot, in two queries. */
type SlotFacts = { tasks: Map<number, Task>; people: Map<number, Recipient> }

async function factsOf(tx: Tx, bundles: Bundle[]): Promise<SlotFacts> {
  const taskIds = bundles.flatMap((bundle) => [...bundle.own, ...bundle.escalated]).map((notice) => notice.taskId)
  const tasks = await tasksByIds(tx, [...new Set(taskIds)])
  const people = await recipientsByIds(
    tx,
    bundles.map((bundle) => bundle.personId),
  )
  return {
    tasks: new Map(tasks.map((task) => [task.id, task])),
    people: new Map(people.map((person) => [person.personId, person])),
  }
}

/** The one message of a person's bundle; null where no messenger reaches them. */
function messageOf(municipality: Municipality, slot: DueSlot, bundle: Bundle, facts: SlotFacts): NewDelivery | null {
  const recipient = facts.people.get(bundle.personId)
  if (!recipient) return null
  const say = wordsOf(municipality.locale, slot.day, municipality.timezone)
  const tasksOf = (notices: Notice[]): Task[] => notices.flatMap((notice) => facts.tasks.get(notice.taskId) ?? [])
  const message = reminderMessage(say, {
    own: tasksOf(bundle.own),
    escalated: tasksOf(bundle.escalated),
    today: slot.day,
  })
  return messageTo(recipient, municipality.id, message.screen, {
    reason: 'reminder',
    lane: 'reminder',
    subject: message.subject,
    onceKey: `reminder:${municipality.id}:${slot.day}`,
  })
}
