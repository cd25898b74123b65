import { reminderMessage } from '../bot/screens/slot-message.ts'
import type { Services } from '../bot/services.ts'
import { messageTo } from '../bot/turn.ts'
import { wordsOf } from '../bot/words.ts'
import type { Database, Tx } from '../db/database.ts'
import { type Recipient, recipientsByIds } from '../db/people.ts'
import { noteReminders, noteSlots, noticesFor, type SlotQuestion, takeSlots } from '../db/reminders.ts'
import { tasksByIds } from '../db/tasks.ts'
import type { NewDelivery } from '../delivery/delivery.ts'
import { type Bundle, bundlesOf, type Notice } from '../reminders/bundle.ts'
import { defaultReminderPolicy, dueDatesRemindedOn, escalationDueDates } from '../reminders/policy.ts'
import { asksOngoing } from '../reminders/slot.ts'
import type { Task } from '../tasks/task.ts'
import { dueSlots, MUNICIPALITIES_AT_ONCE, type MunicipalitySlot } from './due-slots.ts'
import { inBatches } from './each-apart.ts'

/**
 * The tick of the reminders: every municipality whose slot has come and was not worked on, by whichever process comes first. What is due is
 * asked of the database, so a tick that never came is made up by the next one. The municipalities of a batch share each statement and one transaction;
 * where that fails, each has its own.
 */
export async function remind(database: Database, services: Services): Promise<void> {
  const now = services.now()
  const due = await database.asSystem((tx) => dueSlots(tx, 'reminders', now))
  await inBatches(due, MUNICIPALITIES_AT_ONCE, (batch) =>
    database.asSystem(async (tx) => {
      const slots = await takeSlots(tx, 'reminders', batch, now)
      if (slots.length > 0) await workOnSlots(tx, services, slots)
    }),
  )
}

/** One person's message of one slot. */
type SlotMessage = { slot: MunicipalitySlot; bundle: Bundle; delivery: NewDelivery | null }

async function workOnSlots(tx: Tx, services: Services, slots: MunicipalitySlot[]): Promise<void> {
  const notices = await noticesFor(tx, slots.map(questionOf))
  const bundles = slots.map((slot) => ({ slot, bundles: bundlesOf(notices.get(slot.municipality.id) ?? []) }))
  const facts = await factsOf(
    tx,
    bundles.flatMap((one) => one.bundles),
  )
  const messages = bundles.flatMap(({ slot, bundles }) =>
    bundles.map((bundle): SlotMessage => ({ slot, bundle, delivery: messageOf(slot, bundle, facts) })),
  )
  await noteReminders(tx, await queue(tx, services, messages))
  await noteSlots(
    tx,
    'reminders',
    bundles.map(({ slot, bundles }) => ({
      slot,
      due: notices.get(slot.municipality.id)?.length ?? 0,
      sent: bundles.length,
    })),
  )
}

function questionOf({ municipality, day, days, calendar }: MunicipalitySlot): SlotQuestion {
  const policy = municipality.reminderPolicy ?? defaultReminderPolicy
  return {
    municipalityId: municipality.id,
    day,
    asksOngoing: asksOngoing(days, calendar),
    reminded: dueDatesRemindedOn(days, policy, calendar),
    escalated: escalationDueDates(days, policy, calendar),
  }
}

/** Queues the messages; gives which notice was told by which delivery. */
async function queue(tx: Tx, services: Services, messages: SlotMessage[]) {
  const deliveryIds = await services.enqueue(
    tx,
    messages.flatMap(({ delivery }) => delivery ?? []),
  )
  const ids = deliveryIds.values()
  return messages.flatMap(({ slot, bundle, delivery }) => {
    const deliveryId = delivery ? ids.next().value! : null
    return [...bundle.own, ...bundle.escalated].map((notice) => ({ slot, notice, deliveryId }))
  })
}

/** The tasks and the people of a batch of slots, in two queries. */
type SlotFacts = { tasks: Map<number, Task>; people: Map<number, Recipient> }

async function factsOf(tx: Tx, bundles: Bundle[]): Promise<SlotFacts> {
  const taskIds = bundles.flatMap((bundle) => [...bundle.own, ...bundle.escalated]).map((notice) => notice.taskId)
  const tasks = await tasksByIds(tx, [...new Set(taskIds)])
  const people = await recipientsByIds(tx, [...new Set(bundles.map((bundle) => bundle.personId))])
  return {
    tasks: new Map(tasks.map((task) => [task.id, task])),
    people: new Map(people.map((person) => [person.personId, person])),
  }
}

/** The one message of a person's bundle; null where no messenger reaches them. */
function messageOf({ municipality, day }: MunicipalitySlot, bundle: Bundle, facts: SlotFacts): NewDelivery | null {
  const recipient = facts.people.get(bundle.personId)
  if (!recipient) return null
  const say = wordsOf(municipality.locale, day, municipality.timezone)
  const tasksOf = (notices: Notice[]): Task[] => notices.flatMap((notice) => facts.tasks.get(notice.taskId) ?? [])
  const message = reminderMessage(say, { own: tasksOf(bundle.own), escalated: tasksOf(bundle.escalated), today: day })
  return messageTo(recipient, municipality.id, message.screen, {
    reason: 'reminder',
    lane: 'reminder',
    subject: message.subject,
    onceKey: `reminder:${municipality.id}:${day}`,
  })
}
