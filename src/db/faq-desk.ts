import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm'
import type { Sql } from 'postgres'
import type { FaqStanding } from '../council/faq-entry.ts'
import type { FaqAnswers } from '../council/ports.ts'
import type { Proposal } from '../council/proposal.ts'
import { type Instant, type PlainDate, Temporal } from '../kernel/clock.ts'
import { rawSql, type Tx } from './database.ts'
import { countFeedback, type FaqFeedback, faqSearch } from './faq.ts'
import { faqKeepers, faqProposals } from './schema/index.ts'

/** An entry as people see it, with what the people of this municipality pressed under it. `common`: of the starter. */
export type DeskEntry = {
  id: number
  common: boolean
  code: string
  topic: string
  question: string
  answer: string
  keywords: string
  source: string
  reviewOn: PlainDate | null
  standing: FaqStanding
  version: number
  shown: number
  helped: number
  notIt: number
}

type EntryRow = Omit<DeskEntry, 'id' | 'reviewOn'> & { id: string; review_on: string | null }

/** The driver's handle, as the search and the counting take it. */
function sqlOf(tx: Tx): Sql {
  return rawSql(tx) as unknown as Sql
}

/** The answers of the FAQ of a municipality and of the starter. */
export function searchFaq(tx: Tx, municipalityId: number, words: string): Promise<FaqAnswers> {
  return faqSearch(sqlOf(tx)).find(municipalityId, words)
}

/** Counts what was pressed, or that entries were shown. */
export async function countPressed(
  tx: Tx,
  municipalityId: number,
  entryIds: number[],
  feedback: FaqFeedback,
): Promise<void> {
  if (entryIds.length > 0) await countFeedback(sqlOf(tx), municipalityId, entryIds, feedback)
}

/** The entries with these ids that this municipality may see, in the order of the ids; withdrawn ones too. */
export async function entriesByIds(tx: Tx, municipalityId: number, ids: readonly number[]): Promise<DeskEntry[]> {
  if (ids.length === 0) return []
  const rows = await readEntries(tx, municipalityId, sql`e.id in ${[...ids]}`)
  return ids.flatMap((id) => rows.find((entry) => entry.id === id) ?? [])
}

/** The entries of a topic that this municipality sees, its own in place of the starter's of the same id, by their questions. */
export async function entriesOfTopic(tx: Tx, municipalityId: number, topic: string): Promise<DeskEntry[]> {
  return readEntries(tx, municipalityId, sql`e.topic = ${topic}`)
}

/** All entries that this municipality sees, its own in place of the starter's of the same id. */
export async function allEntries(tx: Tx, municipalityId: number): Promise<DeskEntry[]> {
  return readEntries(tx, municipalityId, sql`true`)
}

async function readEntries(tx: Tx, municipalityId: number, where: ReturnType<typeof sql>): Promise<DeskEntry[]> {
  const rows = await tx.execute<EntryRow>(sql`
    select e.id, e.municipality_id is null as common, e.code, e.topic, e.question, e.answer, e.keywords, e.source, e.review_on::text as review_on,
           e.standing, e.version, coalesce(f.shown, 0) as shown, coalesce(f.helped, 0) as helped, coalesce(f.not_it, 0) as "notIt"
      from faq_entries e left join faq_feedback f on f.entry_id = e.id and f.municipality_id = ${municipalityId}
     where ${where} and (e.municipality_id = ${municipalityId} or e.municipality_id is null
            and not exists (select from faq_entries own where own.scope = ${municipalityId} and own.code = e.code))
     order by e.question, e.id`)
  return rows.map(({ id, review_on, ...row }) => ({
    ...row,
    id: Number(id),
    reviewOn: review_on === null ? null : Temporal.PlainDate.from(review_on),
  }))
}

/** How many entries this municipality sees by topic, withdrawn ones not counted. */
export async function entriesByTopic(tx: Tx, municipalityId: number): Promise<Map<string, number>> {
  const entries = await allEntries(tx, municipalityId)
  const counts = new Map<string, number>()
  for (const { topic, standing } of entries)
    if (standing !== 'withdrawn') counts.set(topic, (counts.get(topic) ?? 0) + 1)
  return counts
}

/** What of an entry is changed by the coordinator. */
export type EntryChange = {
  topic: string
  question: string
  answer: string
  keywords: string
  source: string
  reviewOn: PlainDate | null
  standing: FaqStanding
}

/**
 * Keeps an entry of the municipality as `change` says: the former version is kept beside it. An entry of the starter becomes the municipality's
 * own of the same id, which stands in its place here and nowhere else; null makes a new one with `code`. Gives the entry's id.
 */
export async function keepEntry(
  tx: Tx,
  given: { municipalityId: number; entryId: number | null; code: string; change: Partial<EntryChange>; now: Instant },
): Promise<number> {
  const base = given.entryId === null ? null : await entryForChange(tx, given.entryId)
  const own = base && base.municipality_id !== null
  const change = { ...(base ? changeOf(base) : EMPTY), ...given.change }
  const { municipalityId } = given
  const now = given.now.toString()
  const reviewOn = change.reviewOn?.toString() ?? null
  if (own) {
    await tx.execute(sql`
      insert into faq_versions (entry_id, version, municipality_id, topic, question, answer, keywords, source, review_on, standing, replaced_at)
      select id, version, municipality_id, topic, question, answer, keywords, source, review_on, standing, ${now}::timestamptz from faq_entries where id = ${base.id}`)
    await tx.execute(sql`
      update faq_entries set topic = ${change.topic}, question = ${change.question}, answer = ${change.answer}, keywords = ${change.keywords},
             source = ${change.source}, review_on = ${reviewOn}::date, standing = ${change.standing}, version = version + 1, updated_at = ${now}::timestamptz
       where id = ${base.id}`)
    return Number(base.id)
  }
  const rows = await tx.execute<{ id: string }>(sql`
    insert into faq_entries (municipality_id, code, topic, question, answer, keywords, source, review_on, standing, updated_at)
    values (${municipalityId}, ${base?.code ?? given.code}, ${change.topic}, ${change.question}, ${change.answer}, ${change.keywords}, ${change.source},
            ${reviewOn}::date, ${change.standing}, ${now}::timestamptz)
    on conflict (scope, code) do update set code = excluded.code
    returning id`)
  return Number(rows[0]?.id)
}

const EMPTY: EntryChange = {
  topic: '',
  question: '',
  answer: '',
  keywords: '',
  source: '',
  reviewOn: null,
  standing: 'confirmed',
}

type KeptEntry = {
  id: string
  municipality_id: string | null
  code: string
  topic: string
  question: string
  answer: string
  keywords: string
  source: string
  review_on: string | null
  standing: FaqStanding
}

async function entryForChange(tx: Tx, entryId: number): Promise<KeptEntry | null> {
  const rows = await tx.execute<KeptEntry>(
    sql`select id, municipality_id, code, topic, question, answer, keywords, source, review_on::text as review_on, standing from faq_entries where id = ${entryId}`,
  )
  return rows[0] ?? null
}

function changeOf(kept: KeptEntry): EntryChange {
  const { topic, question, answer, keywords, source, standing, review_on } = kept
  const reviewOn = review_on === null ? null : Temporal.PlainDate.from(review_on)
  return { topic, question, answer, keywords, source, standing, reviewOn }
}

/** The former versions of an entry, the latest first. */
export async function versionsOf(tx: Tx, entryId: number) {
  const rows = await tx.execute<{ version: number; question: string; answer: string; at: string }>(
    sql`select version, question, answer, to_char(replaced_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at from faq_versions where entry_id = ${entryId} order by version desc limit 10`,
  )
  return rows.map((row) => ({ ...row, at: Temporal.Instant.from(row.at) }))
}

/** Makes `personId` the one who answers for an entry. */
export async function keepKeeper(
  tx: Tx,
  given: { municipalityId: number; entryId: number; personId: number },
): Promise<void> {
  await tx
    .insert(faqKeepers)
    .values(given)
    .onConflictDoUpdate({
      target: [faqKeepers.municipalityId, faqKeepers.entryId],
      set: { personId: given.personId },
    })
}

/** The municipality's own entries whose review date has come and that were not yet sent back for it, with who answers for them. */
export async function entriesToReview(
  tx: Tx,
  municipalityId: number,
  today: PlainDate,
): Promise<{ entryId: number; reviewOn: PlainDate; keeperId: number | null }[]> {
  const rows = await tx.execute<{ id: string; review_on: string; person_id: string | null }>(sql`
    select e.id, e.review_on::text as review_on, k.person_id
      from faq_entries e left join faq_keepers k on k.entry_id = e.id and k.municipality_id = ${municipalityId}
     where e.municipality_id = ${municipalityId} and e.standing <> 'withdrawn' and e.review_on <= ${today.toString()}::date
       and (k.asked_for is null or k.asked_for < e.review_on)
     order by e.id limit 100`)
  return rows.map((row) => ({
    entryId: Number(row.id),
    reviewOn: Temporal.PlainDate.from(row.review_on),
    keeperId: row.person_id === null ? null : Number(row.person_id),
  }))
}

/** The municipalities that have an entry whose review date may have come at `now`, in whatever zone. Needs the program's own rights. */
export async function municipalitiesToReview(tx: Tx, now: Instant): Promise<number[]> {
  const rows = await tx.execute<{ municipality_id: string }>(sql`
    select distinct e.municipality_id from faq_entries e left join faq_keepers k on k.entry_id = e.id and k.municipality_id = e.municipality_id
     where e.municipality_id is not null and e.standing <> 'withdrawn' and e.review_on <= (${now.toString()}::timestamptz + interval '14 hours')::date
       and (k.asked_for is null or k.asked_for < e.review_on)`)
  return rows.map((row) => Number(row.municipality_id))
}

/** Notes that an entry was sent back for this review date; false where that was done already. */
export async function takeReview(
  tx: Tx,
  given: { municipalityId: number; entryId: number; reviewOn: PlainDate },
): Promise<boolean> {
  const rows = await tx
    .insert(faqKeepers)
    .values({ municipalityId: given.municipalityId, entryId: given.entryId, askedFor: given.reviewOn })
    .onConflictDoUpdate({
      target: [faqKeepers.municipalityId, faqKeepers.entryId],
      set: { askedFor: given.reviewOn },
      setWhere: sql`${faqKeepers.askedFor} is null or ${faqKeepers.askedFor} < ${given.reviewOn.toString()}::date`,
    })
    .returning()
  return rows.length > 0
}

/** Who answers for an entry, or null. */
export async function keeperOf(tx: Tx, municipalityId: number, entryId: number): Promise<number | null> {
  const [row] = await tx
    .select({ personId: faqKeepers.personId })
    .from(faqKeepers)
    .where(and(eq(faqKeepers.municipalityId, municipalityId), eq(faqKeepers.entryId, entryId)))
  return row?.personId ?? null
}

/** Keeps a text on its way into the FAQ; gives it. */
export async function makeProposal(tx: Tx, given: typeof faqProposals.$inferInsert): Promise<Proposal> {
  const [row] = await tx.insert(faqProposals).values(given).returning()
  if (!row) throw new Error('no proposal was made')
  return row
}

/** The proposal with this id in the transaction's municipality, locked until it ends; null where there is none. */
export async function lockProposal(tx: Tx, id: number): Promise<Proposal | null> {
  const [row] = await tx.select().from(faqProposals).where(eq(faqProposals.id, id)).for('update')
  return row ?? null
}

/** The proposal that was made of a question's answer and is not decided, or null. */
export async function openProposalOf(tx: Tx, questionId: number): Promise<Proposal | null> {
  const [row] = await tx
    .select()
    .from(faqProposals)
    .where(and(eq(faqProposals.questionId, questionId), inArray(faqProposals.state, ['draft', 'proposed'])))
    .orderBy(desc(faqProposals.id))
    .limit(1)
  return row ?? null
}

/** The next version of an entry that a person has begun to write and not proposed yet, or null. */
export async function openDraftOf(
  tx: Tx,
  { entryId, personId }: { entryId: number; personId: number },
): Promise<Proposal | null> {
  const [row] = await tx
    .select()
    .from(faqProposals)
    .where(
      and(eq(faqProposals.entryId, entryId), eq(faqProposals.proposedById, personId), eq(faqProposals.state, 'draft')),
    )
    .orderBy(desc(faqProposals.id))
    .limit(1)
  return row ?? null
}

/** Changes a proposal; a change of its text makes another version. Gives it as it is then. */
export async function changeProposal(
  tx: Tx,
  id: number,
  patch: Partial<
    Pick<
      typeof faqProposals.$inferInsert,
      'question' | 'answer' | 'source' | 'topic' | 'reviewOn' | 'state' | 'decidedById' | 'decidedAt' | 'entryId'
    >
  >,
): Promise<Proposal> {
  const [row] = await tx
    .update(faqProposals)
    .set({ ...patch, version: sql`${faqProposals.version} + 1` })
    .where(eq(faqProposals.id, id))
    .returning()
  if (!row) throw new Error(`there is no proposal ${id}`)
  return row
}

/** The ids of the proposals that wait for the coordinator, the oldest first. */
export async function waitingProposals(tx: Tx, municipalityId: number): Promise<Proposal[]> {
  return tx
    .select()
    .from(faqProposals)
    .where(and(eq(faqProposals.municipalityId, municipalityId), eq(faqProposals.state, 'proposed')))
    .orderBy(asc(faqProposals.id))
    .limit(50)
}
