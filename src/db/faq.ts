import type { Sql } from 'postgres'
import { evidenceFor, isConfident } from '../council/confidence.ts'
import type { FaqAnswers, FaqSearch } from '../council/ports.ts'
import { type Candidate, type Field, rankFits } from '../council/ranking.ts'
import { rarity, type Synonym, type Term, termsOf, type WordKnowledge } from '../council/understanding.ts'
import { type AskedWord, askedWords, weightOf } from '../council/words.ts'

const MOST_ANSWERS = 5
const MOST_CANDIDATES = 40
/** Entries looked at for one question: its rarest words are taken until they bring so many. */
const MOST_READ = 500

/** Search over the FAQ kept in the database behind `sql`. */
export function faqSearch(sql: Sql): FaqSearch {
  return { find: (municipalityId, question) => findAnswers(sql, municipalityId, question) }
}

async function findAnswers(sql: Sql, municipalityId: number | null, question: string): Promise<FaqAnswers> {
  const words = askedWords(question)
  if (words.length === 0) return { answers: [], confident: false }
  const scopes = municipalityId === null ? [0] : [0, municipalityId]
  const knowledge = await knowWords(sql, scopes, words)
  const terms = termsOf(words, knowledge)
  const candidates = await findCandidates(sql, scopes, municipalityId ?? 0, terms, knowledge)
  const fits = rankFits(terms, candidates)
  const answers = fits
    .slice(0, MOST_ANSWERS)
    .map(({ entryId, code, score }) => ({ entryId, code, score: Math.min(1, Math.max(0, score)) }))
  return { answers, confident: isConfident(evidenceFor(terms, fits, knowledge.entryCount)) }
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

async function knowWords(sql: Sql, scopes: number[], words: AskedWord[]): Promise<WordKnowledge> {
  const readings = words.flatMap(({ variants }) => variants)
  const [row] = await sql<WordRow[]>`
    with asked as materialized (
      select word, coalesce((faq_lexemes(word))[1], word) as stem from unnest(${readings}::text[]) word
    ), near as materialized (
      select distinct asked.stem, known.lexeme from asked, faq_near_words(asked.stem, ${scopes}::bigint[]) known
      union
      select stem, stem from asked
    ), spoken as materialized (
      select said.scope, said.meaning from faq_synonyms said
      where said.scope = any (${scopes}::bigint[]) and said.head in (select lexeme from near)
        and said.lexemes <@ array(select lexeme from near)
    ), synonyms as materialized (
      select distinct other.meaning, other.strength, other.lexemes
      from faq_synonyms other join spoken using (scope, meaning)
    ), words as (
      select lexeme, sum(entries)::int as entries from faq_vocabulary
      where scope = any (${scopes}::bigint[])
        and lexeme in (select lexeme from near union all select unnest(lexemes) from synonyms)
      group by lexeme
    )
    select
      (select coalesce(jsonb_agg(jsonb_build_array(word, stem)), '[]') from asked) as stems,
      (select coalesce(jsonb_agg(jsonb_build_array(stem, lexeme)), '[]') from near where lexeme in (select lexeme from words)) as near,
      (select coalesce(jsonb_agg(jsonb_build_array(lexeme, entries)), '[]') from words) as words,
      (select coalesce(jsonb_agg(synonyms), '[]') from synonyms) as synonyms,
      (select coalesce(sum(entries), 0)::int from faq_scopes where scope = any (${scopes}::bigint[])) as entries`
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

type CandidateRow = {
  id: string
  code: string
  words: [string, string, number][]
  helped: number
  notIt: number
}

async function findCandidates(
  sql: Sql,
  scopes: number[],
  counterOf: number,
  terms: Term[],
  knowledge: WordKnowledge,
): Promise<Candidate[]> {
  const wanted = wantedQueries(terms, knowledge)
  if (wanted.length === 0) return []
  const lexemes = [...new Set(terms.flatMap(({ ways }) => ways.flatMap((way) => way.lexemes)))]
  const opening = openingQuery(wanted)
  const rows = await sql<CandidateRow[]>`
    with found as materialized (
      select entry.id, entry.code, entry.search
      from faq_entries entry
      where entry.scope = any (${scopes}::bigint[]) and entry.standing <> 'withdrawn' and entry.search @@ ${opening}::tsquery
      order by (
        select sum(weight) from unnest(${wanted.map(({ query }) => query)}::tsquery[], ${wanted.map(({ weight }) => weight)}::real[])
          as wanted (query, weight) where entry.search @@ query
      ) desc, entry.id
      limit ${MOST_CANDIDATES}
    )
    select found.id, found.code, coalesce(helped, 0) as helped, coalesce(not_it, 0) as "notIt",
      (select jsonb_agg(jsonb_build_array(word.lexeme, array_to_string(word.weights, ''), (
          select sum(entries)::int from faq_vocabulary known where known.lexeme = word.lexeme and known.scope = any (${scopes}::bigint[])
        ))) from unnest(found.search) word where 'A' = any (word.weights) or word.lexeme = any (${lexemes}::text[])) as words
    from found left join faq_feedback on entry_id = found.id and municipality_id = ${counterOf}`
  return rows.map((row) => candidateOf(row, knowledge.entryCount))
}

function candidateOf(row: CandidateRow, entryCount: number): Candidate {
  const inTitle = row.words.filter(([, fields]) => fields.includes('A'))
  return {
    entryId: Number(row.id),
    code: row.code,
    words: new Map(row.words.map(([lexeme, fields]) => [lexeme, [...new Set(fields)] as Field[]])),
    title: new Map(inTitle.map(([lexeme, , entries]) => [lexeme, weightOf(lexeme) * rarity(entries, entryCount)])),
    helped: row.helped,
    notIt: row.notIt,
  }
}

type WantedQuery = { query: string; weight: number; entries: number }

/** One text-search query for each way to say each word, with what it adds to an entry's first estimate. */
function wantedQueries(terms: Term[], { entriesWith }: WordKnowledge): WantedQuery[] {
  return terms
    .flatMap(({ rarity: rare, ways }) =>
      ways.map(({ lexemes, closeness }) => ({
        query: lexemes.map(quoteLexeme).join(' & '),
        weight: rare * closeness,
        entries: Math.min(...lexemes.map((lexeme) => entriesWith.get(lexeme) ?? 0)),
      })),
    )
    .filter(({ entries }) => entries > 0)
}

/** The query that brings the entries to look at: the telling words first, until they bring enough. */
function openingQuery(wanted: WantedQuery[]): string {
  const chosen: string[] = []
  let read = 0
  for (const { query, entries } of [...wanted].sort((a, b) => b.weight - a.weight)) {
    if (chosen.length >= 2 && read + entries > MOST_READ) break
    chosen.push(`(${query})`)
    read += entries
  }
  return chosen.join(' | ')
}

function quoteLexeme(lexeme: string): string {
  return `'${lexeme.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
}
