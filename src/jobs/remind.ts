import { reminderMessage } from '../bot/screens/slot-message.ts'
import type { Services } from '../bot/services.ts'
import { messagesTo } from '../bot/turn.ts'
import { wordsOf } from '../bot/words.ts'
import { workingCalendar } from '../calendar/working-calendar.ts'
import type { Database, Tx } from '../db/database.ts'
import {
  municipalitiesWithoutSlot,
  noteReminders,
  noteSlot,
  noticesFor,
  overridesOf,
  takeSlot,
} from '../db/reminders.ts'
import { tasksByIds } from '../db/tasks.ts'
import type { Municipality } from '../people/people.ts'
import { type Bundle, bundlesOf } from '../reminders/bundle.ts'
import { defaultReminderPolicy, dueDatesRemindedOn, escalationDueDates } from '../reminders/policy.ts'
import { asksOngoing, type DueSlot, dueSlot } from '../reminders/slot.ts'

/**
 * The tick of the reminders: every municipality whose slot has come and was not worked on, by whichever process comes first. What is due is
 * asked of the database, so a tick that never came is made up by the next one.
 */
export async function remind(database: Database, services: Services): Promise<void> {
  const now = services.now()
  const waiting = await database.asSystem((tx) => municipalitiesWithoutSlot(tx, 'reminders', now))
  for (const { municipality, lastDay } of waiting) {
    await database.inMunicipality(municipality.id, async (tx) => {
      const calendar = workingCalendar(await overridesOf(tx, municipality.id))
      const slot = dueSlot({ ...municipality, slot: municipality.reminderSlot }, now, calendar, lastDay)
      if (slot && (await takeSlot(tx, municipality.id, 'reminders', slot.day, now)))
        await workOnSlot(tx, services, municipality, slot, calendar)
    })
  }
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
  for (const bundle of bundles) await tellBundle(tx, services, municipality, slot, bundle)
  await noteSlot(tx, municipality.id, 'reminders', slot.day, { due: notices.length, sent: bundles.length })
}

async function tellBundle(
  tx: Tx,
  services: Services,
  municipality: Municipality,
  slot: DueSlot,
  bundle: Bundle,
): Promise<void> {
  const say = wordsOf(municipality.locale, slot.day, municipality.timezone)
  const own = await tasksByIds(
    tx,
    bundle.own.map((notice) => notice.taskId),
  )
  const escalated = await tasksByIds(
    tx,
    bundle.escalated.map((notice) => notice.taskId),
  )
  const message = reminderMessage(say, { own, escalated, today: slot.day })
  const deliveries = await messagesTo(tx, municipality.id, [bundle.personId], message.screen, {
    reason: 'reminder',
    lane: 'reminder',
    subject: message.subject,
    onceKey: `reminder:${municipality.id}:${slot.day}`,
  })
  const [deliveryId] = await services.enqueue(tx, deliveries)
  const told = [...bundle.own, ...bundle.escalated].map((notice) => ({ notice, deliveryId: deliveryId ?? null }))
  await noteReminders(tx, municipality.id, slot.day, told)
}
