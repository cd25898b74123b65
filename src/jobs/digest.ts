import { type Actor, holds, ROLES, type Role } from '../access/rights.ts'
import { councilDigestLine } from '../bot/features/council-report.ts'
import { summaryOf } from '../bot/features/summary.ts'
import type { Services } from '../bot/services.ts'
import { messageTo } from '../bot/turn.ts'
import { wordsOf } from '../bot/words.ts'
import type { Database, Tx } from '../db/database.ts'
import { municipalityFigures } from '../db/digests.ts'
import { membershipsWithRoles, type Recipient, recipientsByIds } from '../db/people.ts'
import { municipalitiesThatAsked } from '../db/questions.ts'
import { noteSlots, takeSlots } from '../db/reminders.ts'
import type { NewDelivery } from '../delivery/delivery.ts'
import type { Screen } from '../delivery/screen.ts'
import type { MunicipalityFigures } from '../digests/figures.ts'
import { isDigestDay } from '../reminders/slot.ts'
import { dueSlots, MUNICIPALITIES_AT_ONCE, type MunicipalitySlot } from './due-slots.ts'
import { inBatches } from './each-apart.ts'

const READERS: Role[] = ROLES.filter((role) => role === 'curator' || role === 'coordinator')

/**
 * The tick of the weekly digest: on the first working day of the week, in the municipality's digest slot, once. The municipalities of a batch share each
 * statement and one transaction; where that fails, each has its own.
 */
export async function sendDigests(database: Database, services: Services): Promise<void> {
  const now = services.now()
  const due = await database.asSystem((tx) => dueSlots(tx, 'digest', now))
  await inBatches(due, MUNICIPALITIES_AT_ONCE, (batch) =>
    database.asSystem(async (tx) => {
      const slots = (await takeSlots(tx, 'digest', batch, now)).filter(bringsDigest)
      if (slots.length > 0) await tellReaders(tx, services, slots)
    }),
  )
}

/** On the day of the digest, or on the first one after it where that was missed. */
function bringsDigest({ day, days, lastDay, calendar }: MunicipalitySlot): boolean {
  return isDigestDay(day, calendar) || (lastDay !== null && days.some((missed) => isDigestDay(missed, calendar)))
}

/** What the digests of a batch are made of; all by the municipality's id but the people, by their own. */
type DigestFacts = {
  figures: Map<number, MunicipalityFigures>
  council: Map<number, string>
  people: Map<number, Recipient>
}

async function tellReaders(tx: Tx, services: Services, slots: MunicipalitySlot[]): Promise<void> {
  const readers = await readersOf(tx, slots)
  const facts = await factsOf(tx, services, slots, [...readers.values()].flat())
  const told = slots.map((slot) => {
    const own = readers.get(slot.municipality.id) ?? []
    const screens = own.map((actor) => ({ actor, screen: digestOf(slot, actor, facts) }))
    return { slot, due: own.length, digests: screens.filter(({ screen }) => screen !== null) }
  })
  await services.enqueue(
    tx,
    told.flatMap(({ slot, digests }) =>
      digests.flatMap(({ actor, screen }) => messageOf(slot, actor, screen!, facts) ?? []),
    ),
  )
  await noteSlots(
    tx,
    'digest',
    told.map(({ slot, due, digests }) => ({ slot, due, sent: digests.length })),
  )
}

/** Who reads a digest, with what they are, by municipality. */
async function readersOf(tx: Tx, slots: MunicipalitySlot[]): Promise<Map<number, Actor[]>> {
  const rows = await membershipsWithRoles(
    tx,
    slots.map(({ municipality }) => municipality.id),
    READERS,
  )
  const people = Map.groupBy(rows, ({ municipalityId, personId }) => `${municipalityId}:${personId}`)
  const actors = [...people.values()].map((memberships): Actor => ({ ...memberships[0]!, memberships }))
  return Map.groupBy(actors, ({ municipalityId }) => municipalityId)
}

async function factsOf(tx: Tx, services: Services, slots: MunicipalitySlot[], readers: Actor[]): Promise<DigestFacts> {
  const days = slots.map(({ municipality, day }) => ({ municipalityId: municipality.id, today: day }))
  const people = await recipientsByIds(tx, [...new Set(readers.map(({ personId }) => personId))])
  return {
    figures: await municipalityFigures(tx, days),
    council: await councilLines(tx, services, slots),
    people: new Map(people.map((person) => [person.personId, person])),
  }
}

/** What each council has to tell its coordinators of; nothing where nobody ever asked it. */
async function councilLines(tx: Tx, services: Services, slots: MunicipalitySlot[]): Promise<Map<number, string>> {
  const asked = await municipalitiesThatAsked(
    tx,
    slots.map(({ municipality }) => municipality.id),
  )
  const lines = new Map<number, string>()
  for (const slot of slots.filter(({ municipality }) => asked.has(municipality.id)))
    lines.set(slot.municipality.id, await councilDigestLine({ tx, say: wordsFor(slot), ...slot }, services.now()))
  return lines
}

function wordsFor({ municipality, day }: MunicipalitySlot) {
  return wordsOf(municipality.locale, day, municipality.timezone)
}

/** The digest of one reader; null where there is nothing to tell of. */
function digestOf(slot: MunicipalitySlot, actor: Actor, { figures, council }: DigestFacts): Screen | null {
  const { municipality, day } = slot
  const known = figures.get(municipality.id)
  const summary = known ? summaryOf(wordsFor(slot), { municipality, actor, today: day }, known) : null
  return holds(actor, ['coordinator']) ? withLine(summary, council.get(municipality.id) ?? '') : summary
}

/** `summary` with one more paragraph; the paragraph alone where there is nothing else to tell of. */
function withLine(summary: Screen | null, line: string): Screen | null {
  if (line === '') return summary
  return { ...summary, text: [summary?.text, line].filter(Boolean).join('\n\n') }
}

function messageOf(
  { municipality, day }: MunicipalitySlot,
  { personId }: Actor,
  screen: Screen,
  { people }: DigestFacts,
): NewDelivery | null {
  const recipient = people.get(personId)
  if (!recipient) return null
  return messageTo(recipient, municipality.id, screen, {
    reason: 'digest',
    lane: 'reminder',
    subject: { view: 'summary' },
    onceKey: `digest:${municipality.id}:${day}`,
  })
}
