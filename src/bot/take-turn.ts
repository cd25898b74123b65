import { workingCalendar } from '../calendar/working-calendar.ts'
import { lastOf, narrowToMunicipality, type Tx, widenToSystem } from '../db/database.ts'
import { isOneStatement } from '../db/deliveries.ts'
import type { Waiting } from '../db/opening.ts'
import { enterMunicipality, type Place } from '../db/places.ts'
import type { DeliverySubject } from '../delivery/delivery.ts'
import { localDate } from '../kernel/clock.ts'
import type { KnownPerson } from '../people/people.ts'
import { dialogIn, keepDialog, readDialog } from './dialogs.ts'
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
  /** What the bot waits for in the chat, where that has been read already. */
  waiting?: Waiting | null
  /** The municipalities that have been read already. */
  places?: Place[]
}

/**
 * Runs `run` as a turn of `person` in one municipality, within `tx`, which comes with the program's own rights: what the turn shows becomes deliveries, what it waits for is kept.
 * Gives what is to be done after the commit. The last thing that is done in `tx`, which may be left with the municipality's rights alone.
 */
export async function takeTurn(
  tx: Tx,
  services: Services,
  of: TurnOf,
  run: (turn: Turn) => Promise<void>,
): Promise<AfterCommit> {
  const { incoming, person, municipalityId } = of
  const waiting = of.waiting === undefined ? await readDialog(tx, incoming) : of.waiting
  const dialog = dialogIn(municipalityId, waiting)
  const { municipality, movedDays } = await enter(tx, municipalityId, of.places ?? [])
  const now = services.now()
  const today = localDate(now, municipality.timezone)
  const memberships = person.memberships.filter((membership) => membership.municipalityId === municipalityId)
  const { turn, outcome } = openTurn({
    tx,
    incoming,
    services,
    municipality,
    calendar: workingCalendar(movedDays),
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
  const { deliveries, after } = outcome
  const isLast = !changesDialog() && isOneStatement(deliveries)
  const queued = deliveries.length > 0 ? services.enqueue(tx, deliveries) : Promise.resolve([])
  if (isLast) {
    lastOf(tx, queued)
    return after
  }
  await queued
  if (changesDialog())
    await Promise.all([widenToSystem(tx), keepDialog(tx, incoming, { municipalityId, now }, outcome.dialog ?? null)])
  return after

  function changesDialog(): boolean {
    if (outcome.dialog === undefined || interrupts(incoming, dialog, outcome.dialog)) return false
    return outcome.dialog !== null || waiting !== null
  }
}

/** Narrows `tx` to a municipality that may be known already: then what is asked next goes with it. */
async function enter(tx: Tx, municipalityId: number, known: Place[]): Promise<Place> {
  const place = known.find(({ municipality }) => municipality.id === municipalityId)
  if (!place) return enterMunicipality(tx, municipalityId)
  narrowToMunicipality(tx, municipalityId).catch(() => {}) // whatever is asked after it fails with it
  return place
}

/** A file that was kept or a basket that is closed by itself ends the basket's own dialog, and not a question that the person is answering meanwhile. */
function interrupts(incoming: Incoming, waited: DialogState | null, now: DialogState | null): boolean {
  return isOwnOccasion(incoming) && now === null && waited !== null && waited.kind !== 'basket'
}
