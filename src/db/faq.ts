import type { Sql } from 'postgres'
import { isConfident } from '../council/confidence.ts'
import { meaningOf, meaningOfQuestion, type WeighedStem } from '../council/meaning.ts'
import type { FaqAnswers, FaqSearch } from '../council/ports.ts'
import { type Candidate, type Field, type Fit, rankFits } from '../council/ranking.ts'
import { type Synonym, type Term, termsOf, type Way, type WordKnowledge } from '../council/understanding.ts'
import { type AskedWord, askedWords, weightOf } from '../council/words.ts'
import { russianMeanings } from './meanings.ts'

const MOST_ANSWERS = 5
const MOST_CANDIDATES = 16
/** Entries of a scope that are scored at most, where even the rarest word asked is in very many. */
const MOST_SCORED = 130
/** Entries looked at for one question: its rarest words are taken until they bring so many. */
const MOST_READ = 100

/** Search over the FAQ kept in the database behind `sql`. */
export function faqSearch(sql: Sql): FaqSearch {
  return { find: (municipalityId, question) => findAnswers(sql, municipalityId, question) }
}

async function findAnswers(sql: Sql, municipalityId: number | null, question: string): Promise<FaqAnswers> {
  const { terms, fits, entryCount } = await findFits(sql, municipalityId, question)
  const answers = fits
    .slice(0, MOST_ANSWERS)
    .map(({ entryId, code, score }) => ({ entryId, code, score: Math.min(1, Math.max(0, score)) }))
  return { answers, confident: isConfident(terms, fits, entryCount) }
}

/** A question as the search understood it, with the entries that fit it, best first, of so many that it may see. */
export type Found = { terms: Term[]; fits: Fit[]; entryCount: number }

/** What the search finds, before it is decided what of it is shown. */
export async function findFits(sql: Sql, municipalityId: number | null, question: string): Promise<Found> {
  const words = askedWords(question)
  if (words.length === 0) return { terms: [], fits: [], entryCount: 0 }
  const scopes = municipalityId === null ? [0] : [0, municipalityId]
  const knowledge = await knowWords(sql, municipalityId ?? 0, words)
  const terms = termsOf(words, knowledge)
  const candidates = await findCandidates(sql, scopes, municipalityId ?? 0, terms, knowledge)
  const fits = rankFits(terms, meaningOfQuestion(terms, russianMeanings()), candidates)
  return { terms, fits, entryCount: knowledge.entryCount }
}

/** What a person does with an answer: sees it, or presses «Помогло» or «Не то». */
export type FaqFeedback = 'shown' | 'helped' | 'not_it'

/** Counts `feedback` for answers seen by people of one municipality; it moves the ranking there a little. */
export async function countFeedback(
  sql: Sql,
  municipalityId: number,
  entryIds: number[],
  feedback: FaqFeedback,
): Promise<void> {
  await sql`
    insert into faq_feedback as kept (municipality_id, entry_id, ${sql(feedback)})
    select ${municipalityId}::bigint, entry_id, 1 from unnest(${entryIds}::bigint[]) entry_id order by entry_id
    on conflict (municipality_id, entry_id) do update set ${sql(feedback)} = kept.${sql(feedback)} + 1`
}

type WordRow = {
  stems: [string, string][]
  near: [string, string][]
  words: [string, number][]
  synonyms: Synonym[]
  entries: number
}

/** What is known of `words` in the starter and in the scope `own`; the two are written out, as PostgreSQL would plan anew each time for a list whose length it does not know. */
async function knowWords(sql: Sql, own: number, words: AskedWord[]): Promise<WordKnowledge> {
  const scopes = sql`array[0, ${own}]::bigint[]`
  const readings = words.flatMap(({ variants }) => variants)
  const [row] = await sql<WordRow[]>`
    with asked as materialized (
      select word, coalesce((faq_lexemes(word))[1], word) as stem from unnest(${readings}::text[]) word
    ), near as materialized (
      select distinct asked.stem, lexeme from asked, faq_near_words(asked.stem, asked.word, ${scopes}) lexeme
      union
      select stem, stem from asked
    ), begun as materialized (
      select said.scope, said.meaning, said.lexemes from faq_synonyms said
      where said.scope = any (${scopes}) and said.head = any (array(select lexeme from near))
    ), spoken as materialized (
      select scope, meaning from begun where lexemes <@ array(select lexeme from near)
    ), synonyms as materialized (
      select distinct other.meaning, other.strength, other.lexemes
      from faq_synonyms other join spoken using (scope, meaning)
    ), words as (
      select lexeme, sum(entries)::int as entries from faq_vocabulary
      where scope = any (${scopes})
        and lexeme = any (array(select lexeme from near union all select unnest(lexemes) from synonyms))
      group by lexeme
    )
    select
      (select coalesce(jsonb_agg(jsonb_build_array(word, stem)), '[]') from asked) as stems,
      (select coalesce(jsonb_agg(jsonb_build_array(stem, lexeme)), '[]') from near where lexeme in (select lexeme from words)) as near,
      (select coalesce(jsonb_agg(jsonb_build_array(lexeme, entries)), '[]') from words) as words,
      (select coalesce(jsonb_agg(synonyms), '[]') from synonyms) as synonyms,
      (select coalesce(sum(entries), 0)::int from faq_scopes where scope = any (${scopes})) as entries`
  if (!row) throw new Error('the vocabulary query gave no row')
  const near = new Map<string, string[]>()
  for (const [stem, lexeme] of row.near) near.set(stem, [...(near.get(stem) ?? []), lexeme])
  return {
    entryCount: row.entries,
    stems: new Map(row.stems),
    near,
    entriesWith: new Map(row.words),
    synonyms: row.synonyms,
  }
}

/** `search`: the entry's words as PostgreSQL writes them, each with its places: `'друг':3A,9C 'втор':1A`. */
type CandidateRow = { id: string; code: string; search: string; helped: number; notIt: number }

async function findCandidates(
  sql: Sql,
  scopes: number[],
  counterOf: number,
  terms: Term[],
  knowledge: WordKnowledge,
): Promise<Candidate[]> {
  const wanted = wantedQueries(terms)
  if (wanted.length === 0) return []
  const rows = await sql<CandidateRow[]>`
    select id, code, search::text as search, coalesce(helped, 0) as helped, coalesce(not_it, 0) as "notIt"
    from (
      select id, code, search from (${inEachScope(sql, scopes, openingQuery(terms, knowledge))}) as entry
      order by ${sum(sql, wanted)} desc, id
      limit ${MOST_CANDIDATES}
    ) found left join faq_feedback on entry_id = id and municipality_id = ${counterOf}`
  return rows.map(candidateOf)
}

function candidateOf({ id, code, search, helped, notIt }: CandidateRow): Candidate {
  const words = wordsOfEntry(search)
  const title = [...words].filter(([, fields]) => fields.includes('A'))
  return {
    entryId: Number(id),
    code,
    words,
    title: new Map(title.map(([lexeme]) => [lexeme, weightOf(lexeme)])),
    meaning: meaningOf([...words].map(inItsPlace), russianMeanings()),
    helped,
    notIt,
  }
}

const FIELDS: readonly Field[] = ['A', 'B', 'C']

/** The fields in which each word of an entry stands: each of its places ends with a letter. Words are letters and digits alone (`faq_plain`). */
function wordsOfEntry(search: string): Map<string, Field[]> {
  const words = new Map<string, Field[]>()
  for (const [, lexeme, places] of search.matchAll(/'([^']+)':(\S+)/g)) {
    words.set(
      lexeme!,
      FIELDS.filter((field) => places!.includes(field)),
    )
  }
  return words
}

/** What only the answer mentions says less of what an entry is about. */
function inItsPlace([stem, fields]: [string, Field[]]): WeighedStem {
  return { stem, weight: fields.some((field) => field !== 'C') ? 1 : 0.5 }
}

type WantedQuery = { query: string; weight: number }

/** For each word the text-search query of all the ways to say it, with what it adds to an entry's first estimate. */
function wantedQueries(terms: Term[]): WantedQuery[] {
  return terms
    .filter(({ ways }) => ways.length > 0)
    .map(({ rarity: weight, ways }) => ({ query: ways.map(queryOf).join(' | '), weight }))
}

/** The query that brings the entries to look at: the telling words first, passing over those that would bring too many. */
function openingQuery(terms: Term[], { entriesWith }: WordKnowledge): string {
  const ways = terms.flatMap(({ rarity: rare, ways }) => ways.map((way) => ({ way, weight: rare * way.closeness })))
  const chosen: string[] = []
  let read = 0
  for (const { way } of ways.sort((a, b) => b.weight - a.weight)) {
    const entries = Math.min(...way.lexemes.map((lexeme) => entriesWith.get(lexeme) ?? 0))
    if (chosen.length > 0 && read + entries > MOST_READ) continue
    chosen.push(queryOf(way))
    read += entries
  }
  return chosen.join(' | ')
}

/**
 * The entries that answer `opening`, one scope after the other: only an equality is looked up in the GIN index. A municipality's own entry stands in
 * place of the starter's of the same id: confirmed, written anew, or withdrawn there. Their words are kept compressed: adding nothing to them has them unpacked once, and not for
 * each word asked.
 */
function inEachScope(sql: Sql, scopes: number[], opening: string) {
  return scopes
    .map(
      (scope) => sql`
      select id, code, search || '' as search from faq_entries
      where scope = ${scope} and standing <> 'withdrawn' and search @@ ${opening}::tsquery ${notReplaced(sql, scope, scopes)} limit ${MOST_SCORED}`,
    )
    .reduce((all, one) => sql`(${all}) union all (${one})`)
}

function notReplaced(sql: Sql, scope: number, scopes: number[]) {
  const own = scopes.find((other) => other !== 0)
  if (scope !== 0 || own === undefined) return sql``
  return sql`and not exists (select from faq_entries own where own.scope = ${own} and own.code = faq_entries.code)`
}

/** The sum of the weights of the queries that an entry answers, as one expression: much cheaper than a set. */
function sum(sql: Sql, wanted: WantedQuery[]) {
  return wanted
    .map(({ query, weight }) => sql`(entry.search @@ ${query}::tsquery)::int * ${weight}::real`)
    .reduce((all, one) => sql`${all} + ${one}`)
}

function queryOf({ lexemes }: Way): string {
  return `(${lexemes.map(quoteLexeme).join(' & ')})`
}

function quoteLexeme(lexeme: string): string {
  return `'${lexeme.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
}
