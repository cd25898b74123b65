import type { Sql, TransactionSql } from 'postgres'
import type { FaqDraft, FaqEntry } from '../council/faq-entry.ts'
import { type FaqReading, readFaqRows } from '../council/faq-rows.ts'
import type { SynonymGroup } from '../council/synonym-group.ts'
import { readTable } from '../documents/faq-file.ts'
import { type Instant, Temporal } from '../kernel/clock.ts'

/** What an import did: entries new, changed, left as they were; rows of the file that failed. */
export type ImportReport = KeptCounts & { failed: FaqReading['failed'] }
export type KeptCounts = { added: number; changed: number; same: number }
/** The same with the first questions of the new and the changed. */
export type Kept = KeptCounts & { questions: { added: string[]; changed: string[] } }

/** A FAQ file as it came: its name decides nothing, it is only shown. */
export type FaqFile = { name: string; bytes: Buffer }

const ROWS_AT_ONCE = 500
/** Questions that a report names, of each kind. */
const NAMED_QUESTIONS = 5

/**
 * Reads `file` (.csv or .xlsx) and keeps its entries for a municipality, or for the common starter where `municipalityId` is null, in one transaction.
 * An entry with a known id is replaced and its former version kept; one with nothing new is left alone. Rows that fail are reported, not kept.
 * A file that cannot be read at all throws InputProblem. `at`: the instant noted as the time of change.
 */
export async function importFaq(
  sql: Sql,
  municipalityId: number | null,
  file: FaqFile,
  at: Instant,
): Promise<ImportReport> {
  const { drafts, failed } = readFaqRows(readTable(file.bytes, file.name))
  const kept = await keepDrafts(sql, municipalityId, drafts, at)
  return { ...kept, failed }
}

/** Keeps `drafts` as importFaq does, in a transaction of its own. */
export async function keepDrafts(
  sql: Sql,
  municipalityId: number | null,
  drafts: FaqDraft[],
  at: Instant,
): Promise<KeptCounts> {
  const { questions: _, ...counts } = await sql.begin((tx) => keepDraftsIn(tx, municipalityId, drafts, at))
  return counts
}

/**
 * Keeps `drafts` as importFaq does, within `tx`. The coordinator's own entries are `confirmed`, those of the common starter `typical`. A draft that
 * says what the starter says, as a file exported from here does, confirms nothing: it is left alone.
 */
export async function keepDraftsIn(
  tx: TransactionSql,
  municipalityId: number | null,
  drafts: FaqDraft[],
  at: Instant,
): Promise<Kept> {
  const total: Kept = { added: 0, changed: 0, same: 0, questions: { added: [], changed: [] } }
  for (let from = 0; from < drafts.length; from += ROWS_AT_ONCE) {
    const some = drafts.slice(from, from + ROWS_AT_ONCE)
    const { added, changed } = await keepSome(tx, municipalityId, some, at)
    total.added += added.length
    total.changed += changed.length
    total.same += some.length - added.length - changed.length
    for (const kind of ['added', 'changed'] as const) {
      const named = kind === 'added' ? added : changed
      total.questions[kind] = [...total.questions[kind], ...named].slice(0, NAMED_QUESTIONS)
    }
  }
  return total
}

/** What keeping `drafts` would do; nothing is kept. */
export async function foreseeDrafts(
  tx: TransactionSql,
  municipalityId: number | null,
  drafts: FaqDraft[],
  at: Instant,
): Promise<Kept> {
  const takenBack = new Error('only looked at')
  let foreseen: Kept | null = null
  await tx
    .savepoint(async (inner) => {
      foreseen = await keepDraftsIn(inner, municipalityId, drafts, at)
      throw takenBack
    })
    .catch((thrown: unknown) => {
      if (thrown !== takenBack) throw thrown
    })
  if (!foreseen) throw new Error('nothing was foreseen')
  return foreseen
}

/** Keeps some drafts by two statements, new ones in the order of the file; gives the questions of those that were new and of those that changed. */
async function keepSome(
  tx: TransactionSql,
  municipalityId: number | null,
  drafts: FaqDraft[],
  at: Instant,
): Promise<{ added: string[]; changed: string[] }> {
  const rows = JSON.stringify(
    drafts.map((draft, position) => ({ ...draft, position, review_on: draft.reviewOn?.toString() ?? null })),
  )
  const standing = municipalityId === null ? 'typical' : 'confirmed'
  const given = tx`given as (
    select * from jsonb_to_recordset(${rows}::text::jsonb)
      as row (position int, code text, topic text, question text, answer text, keywords text, source text, review_on date)
  )`
  const changed = await tx<{ question: string }[]>`
    with ${given}, differing as (
      select entry.*, given.topic as new_topic, given.question as new_question, given.answer as new_answer, given.keywords as new_keywords,
        given.source as new_source, given.review_on as new_review_on
      from given join faq_entries entry on entry.scope = ${municipalityId ?? 0} and entry.code = given.code
      where (entry.topic, entry.question, entry.answer, entry.keywords, entry.source) is distinct from
          (given.topic, given.question, given.answer, given.keywords, given.source)
        or entry.review_on is distinct from given.review_on or entry.standing = 'withdrawn'
      for update of entry
    ), versions as (
      insert into faq_versions (entry_id, version, municipality_id, topic, question, answer, keywords, source, review_on, standing, replaced_at)
      select id, version, municipality_id, topic, question, answer, keywords, source, review_on, standing, ${at.toString()}::timestamptz from differing
    )
    update faq_entries entry set topic = new_topic, question = new_question, answer = new_answer, keywords = new_keywords, source = new_source,
      review_on = new_review_on, standing = ${standing}, version = entry.version + 1, updated_at = ${at.toString()}::timestamptz
    from differing where entry.id = differing.id
    returning entry.question`
  const added = await tx<{ question: string }[]>`
    with ${given}
    insert into faq_entries (municipality_id, code, topic, question, answer, keywords, source, review_on, standing, updated_at)
    select ${municipalityId}::bigint, code, topic, question, answer, keywords, source, review_on, ${standing}, ${at.toString()}::timestamptz from given
    where not exists (
      select from faq_entries starter where starter.municipality_id is null and starter.code = given.code
        and (starter.topic, starter.question, starter.answer, starter.keywords, starter.source) =
            (given.topic, given.question, given.answer, given.keywords, given.source)
        and starter.review_on is not distinct from given.review_on)
    order by position
    on conflict (scope, code) do nothing
    returning question`
  return { added: added.map(({ question }) => question), changed: changed.map(({ question }) => question) }
}

/** Keeps groups of words that stand for each other, for a municipality or (null) for all; terms already known are left as they are. */
export async function keepSynonyms(sql: Sql, municipalityId: number | null, groups: SynonymGroup[]): Promise<void> {
  const rows = groups.flatMap(({ terms, strength }) =>
    terms.map((term) => ({ meaning: terms.slice(0, 2).join(' = '), term, strength })),
  )
  await sql`
    insert into faq_synonyms (municipality_id, meaning, term, strength)
    select ${municipalityId}::bigint, meaning, term, strength
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as row (meaning text, term text, strength real)
    on conflict (scope, meaning, term) do nothing`
}

/** The entries kept for a municipality, or the common starter's where it is null, in the order of their ids. Withdrawn ones too. */
export async function faqEntriesOf(sql: Sql, municipalityId: number | null): Promise<FaqEntry[]> {
  const rows = await sql<
    (Omit<FaqEntry, 'id' | 'municipalityId' | 'reviewOn'> & { id: string; reviewOn: string | null })[]
  >`
    select id, code, topic, question, answer, keywords, source, review_on::text as "reviewOn", standing, version
    from faq_entries where scope = ${municipalityId ?? 0} order by id`
  return rows.map((row) => ({
    ...row,
    id: Number(row.id),
    municipalityId,
    reviewOn: row.reviewOn === null ? null : Temporal.PlainDate.from(row.reviewOn),
  }))
}
