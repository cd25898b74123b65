import { and, eq, gte, inArray, lte, ne } from 'drizzle-orm'
import type { Instant, PlainDate } from '../kernel/clock.ts'
import type { Tx } from './database.ts'
import { peopleWithRoles, type Recipient } from './people.ts'
import { absences, councilGroups, councilTopics } from './schema/index.ts'

/** A group of the messenger in which a council answers. */
export type CouncilGroup = typeof councilGroups.$inferSelect

/** Everybody who may answer questions now: the members of the council and the coordinators. */
export function answerersOf(tx: Tx, municipalityId: number): Promise<Recipient[]> {
  return peopleWithRoles(tx, municipalityId, ['council', 'coordinator'])
}

/**
 * Who is asked about `topic` on `today`: the members of the council who chose it or chose none; where none of them can be reached or all are on
 * leave, all its members; where that helps no more, the coordinators. Never `exceptId`, who asks. Empty where there is nobody at all.
 */
export async function membersFor(
  tx: Tx,
  municipalityId: number,
  topic: string,
  { exceptId, today }: { exceptId: number | null; today: PlainDate },
): Promise<Recipient[]> {
  const others = (people: Recipient[]) => people.filter(({ personId }) => personId !== exceptId)
  const council = others(await peopleWithRoles(tx, municipalityId, ['council']))
  const coordinators = others(await peopleWithRoles(tx, municipalityId, ['coordinator']))
  const chosen = await topicsOfAll(tx, municipalityId)
  const fitting = council.filter(({ personId }) => chosen.get(personId)?.includes(topic) ?? true)
  const away = await awayOn(tx, municipalityId, today)
  const circles = [fitting, council, coordinators]
  const there = circles.map((circle) => circle.filter((person) => isReachable(person) && !away.has(person.personId)))
  const onLeave = circles.map((circle) => circle.filter(isReachable))
  return [...there, ...onLeave].find((circle) => circle.length > 0) ?? []
}

/** Whether some messenger reaches a person. */
export function isReachable({ accounts }: Recipient): boolean {
  return accounts.some(({ reachable }) => reachable)
}

/** Those who are on leave on `day`. */
async function awayOn(tx: Tx, municipalityId: number, day: PlainDate): Promise<Set<number>> {
  const rows = await tx
    .selectDistinct({ personId: absences.personId })
    .from(absences)
    .where(and(eq(absences.municipalityId, municipalityId), lte(absences.fromDay, day), gte(absences.untilDay, day)))
  return new Set(rows.map(({ personId }) => personId))
}

/** The topics that members chose, by person; somebody who chose none is not in it. */
export async function topicsOfAll(tx: Tx, municipalityId: number): Promise<Map<number, string[]>> {
  const rows = await tx.select().from(councilTopics).where(eq(councilTopics.municipalityId, municipalityId))
  const topics = new Map<number, string[]>()
  for (const row of rows) topics.set(row.personId, [...(topics.get(row.personId) ?? []), row.topic])
  return topics
}

/** Chooses a topic for a member, or gives it up. */
export async function toggleTopic(
  tx: Tx,
  given: { municipalityId: number; personId: number; topic: string },
): Promise<void> {
  const added = await tx.insert(councilTopics).values(given).onConflictDoNothing().returning()
  if (added.length > 0) return
  await tx
    .delete(councilTopics)
    .where(
      and(
        eq(councilTopics.municipalityId, given.municipalityId),
        eq(councilTopics.personId, given.personId),
        eq(councilTopics.topic, given.topic),
      ),
    )
}

/** The group in which the council of a municipality answers, or null. */
export async function boundGroup(tx: Tx, municipalityId: number): Promise<CouncilGroup | null> {
  const [row] = await tx
    .select()
    .from(councilGroups)
    .where(and(eq(councilGroups.municipalityId, municipalityId), eq(councilGroups.state, 'bound')))
  return row ?? null
}

/** The council's group that this chat is, or null. Needs the program's own rights: the chat tells the municipality. */
export async function groupAt(tx: Tx, messenger: string, chat: string): Promise<CouncilGroup | null> {
  const [row] = await tx
    .select()
    .from(councilGroups)
    .where(and(eq(councilGroups.messenger, messenger), eq(councilGroups.chat, chat), eq(councilGroups.state, 'bound')))
  return row ?? null
}

/** Keeps that a coordinator wants a group to be the council's; gives the id under which they confirm it. */
export async function askGroup(
  tx: Tx,
  given: Pick<CouncilGroup, 'municipalityId' | 'messenger' | 'chat' | 'title' | 'isForum' | 'askedById' | 'askedAt'>,
): Promise<number> {
  const [row] = await tx
    .insert(councilGroups)
    .values({ ...given, state: 'asked' })
    .returning({ id: councilGroups.id })
  if (!row) throw new Error('no group was noted')
  return row.id
}

/** The group with this id in the transaction's municipality, or null. */
export async function groupById(tx: Tx, id: number): Promise<CouncilGroup | null> {
  const [row] = await tx.select().from(councilGroups).where(eq(councilGroups.id, id))
  return row ?? null
}

/** Makes a group the council's, in place of the one before; false where the chat serves another municipality. Needs the program's own rights. */
export async function bindGroup(tx: Tx, group: CouncilGroup, now: Instant): Promise<boolean> {
  const taken = await groupAt(tx, group.messenger, group.chat)
  if (taken && taken.municipalityId !== group.municipalityId) return false
  await tx
    .update(councilGroups)
    .set({ state: 'left' })
    .where(
      and(
        eq(councilGroups.municipalityId, group.municipalityId),
        eq(councilGroups.state, 'bound'),
        ne(councilGroups.id, group.id),
      ),
    )
  await tx.update(councilGroups).set({ state: 'bound', askedAt: now }).where(eq(councilGroups.id, group.id))
  return true
}

/** The council does not answer in this group any more; gives whether it did. */
export async function leaveGroup(tx: Tx, id: number): Promise<boolean> {
  const left = await tx
    .update(councilGroups)
    .set({ state: 'left' })
    .where(and(eq(councilGroups.id, id), inArray(councilGroups.state, ['asked', 'bound'])))
    .returning({ id: councilGroups.id })
  return left.length > 0
}
