import { workingCalendar } from '../calendar/working-calendar.ts'
import { narrowToMunicipality, type Tx, widenToSystem } from '../db/database.ts'
import { municipalityById } from '../db/people.ts'
import { overridesOf } from '../db/reminders.ts'
import type { DeliverySubject } from '../delivery/delivery.ts'
import { localDate } from '../kernel/clock.ts'
import type { KnownPerson } from '../people/people.ts'
import { keepDialog, readDialog } from './dialogs.ts'
import type { AfterCommit, Incoming } from './incoming.ts'
import { isOwnOccasion } from './own-occasion.ts'
import type { Services } from './services.ts'
import { type DialogState, openTurn, type Turn } from './turn.ts'
import { wordsOf } from './words.ts'

/** Whose turn it is, and where. */
export type TurnOf = {
  incoming: Incoming
  person: KnownPerson
  municipalityId: number
  subject: DeliverySubject | null
}

/**
 * Runs `run` as a turn of `person` in one municipality, within `tx`, which comes with the program's own rights and gets them back: what the
 * turn shows becomes deliveries, what it waits for is kept. Gives what is to be done after the commit.
 */
export async function takeTurn(
  tx: Tx,
  services: Services,
  of: TurnOf,
  run: (turn: Turn) => Promise<void>,
): Promise<AfterCommit> {
  const { incoming, person, municipalityId } = of
  const dialog = await readDialog(tx, incoming, municipalityId)
  await narrowToMunicipality(tx, municipalityId)
  const municipality = await municipalityById(tx, municipalityId)
  const now = services.now()
  const today = localDate(now, municipality.timezone)
  const memberships = person.memberships.filter((membership) => membership.municipalityId === municipalityId)
  const { turn, outcome } = openTurn({
    tx,
    incoming,
    services,
    municipality,
    calendar: workingCalendar(await overridesOf(tx, municipalityId)),
    now,
    today,
    actor: { personId: person.personId, municipalityId, memberships },
    person: {
      personId: person.personId,
      fullName: person.fullName,
      memberships,
      municipalityCount: new Set(person.memberships.map((membership) => membership.municipalityId)).size,
    },
    say: wordsOf(municipality.locale, today, municipality.timezone),
    subject: of.subject,
    dialog,
  })
  await run(turn)
  await services.enqueue(tx, outcome.deliveries)
  await widenToSystem(tx)
  if (outcome.dialog !== undefined && !interrupts(incoming, dialog, outcome.dialog))
    await keepDialog(tx, incoming, { municipalityId, now }, outcome.dialog)
  return outcome.after
}

/** A file that was kept or a basket that is closed by itself ends the basket's own dialog, and not a question that the person is answering meanwhile. */
function interrupts(incoming: Incoming, waited: DialogState | null, now: DialogState | null): boolean {
  return isOwnOccasion(incoming) && now === null && waited !== null && waited.kind !== 'basket'
}
