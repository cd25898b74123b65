import { type WorkingCalendar, workingCalendar } from '../calendar/working-calendar.ts'
import type { Tx } from '../db/database.ts'
import { municipalitiesWithoutSlot, overridesOfMunicipalities, type SlotKind } from '../db/reminders.ts'
import type { Instant, PlainDate } from '../kernel/clock.ts'
import type { Municipality } from '../people/people.ts'
import { type DueSlot, dueSlot } from '../reminders/slot.ts'

/** The slot of one municipality, with what is decided by. `lastDay`: of the slot before it, local; null: there was none. */
export type MunicipalitySlot = DueSlot & {
  municipality: Municipality
  calendar: WorkingCalendar
  lastDay: PlainDate | null
}

/** Municipalities that are worked on in one transaction: it bounds what is held in memory, and what has to be tried again where one of them fails. */
export const MUNICIPALITIES_AT_ONCE = 50

/** The slots of `kind` that are due at `now` and were not worked on, in all municipalities. Needs the program's own rights. */
export async function dueSlots(tx: Tx, kind: SlotKind, now: Instant): Promise<MunicipalitySlot[]> {
  const waiting = await municipalitiesWithoutSlot(tx, kind, now)
  const calendars = await calendarsOf(
    tx,
    waiting.map(({ municipality }) => municipality.id),
  )
  return waiting.flatMap(({ municipality, lastDay }) => {
    const calendar = calendars(municipality.id)
    const slotTime = kind === 'reminders' ? municipality.reminderSlot : municipality.digestSlot
    const slot = dueSlot({ ...municipality, slot: slotTime }, now, calendar, lastDay)
    return slot ? [{ ...slot, municipality, calendar, lastDay }] : []
  })
}

/** The working calendars of these municipalities; those that moved no day share the country's. */
export async function calendarsOf(
  tx: Tx,
  municipalityIds: readonly number[],
): Promise<(municipalityId: number) => WorkingCalendar> {
  const moved = await overridesOfMunicipalities(tx, municipalityIds)
  const country = workingCalendar()
  const own = new Map([...moved].map(([id, overrides]) => [id, workingCalendar(overrides)]))
  return (municipalityId) => own.get(municipalityId) ?? country
}
