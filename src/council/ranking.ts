import { likenessOf, type Meaning } from './meaning.ts'
import type { Term, Way } from './understanding.ts'

/** Where in an entry a word stands: its question, its keywords, its answer. */
export type Field = 'A' | 'B' | 'C'

/** An entry that may answer, with its words. */
export type Candidate = {
  entryId: number
  code: string
  words: Map<string, Field[]>
  /** The stems of the entry's question with their weight; words that only join others have 0. */
  title: Map<string, number>
  /** What all of it is about. */
  meaning: Meaning
  /** What people pressed under it in this municipality. */
  helped: number
  notIt: number
}

/** How well a candidate fits. Shares are 0 to 1. */
export type Fit = {
  entryId: number
  code: string
  /** What the answers are ordered by; about 0 to 1, a little less where the two are about opposite things. */
  score: number
  /** The share of the question that the entry has in any field, rare words counting more. */
  coverage: number
  /** The share of the entry's question that was asked. */
  echo: number
  /** How near the question and the entry are in what they are about, -1 to 1. */
  likeness: number
  /** For each word of the question how well the entry has it. */
  found: Presence[]
}

/** How well an entry has a word of the question, 0 to 1 and a little more where it says it again and again. */
export type Presence = {
  anywhere: number
  /** In its question or keywords; what only its answer says is 0. */
  named: number
  /** Whether the entry has the word itself, and not only a relative or a synonym. */
  same: boolean
}

const FIELD_WEIGHT: Record<Field, number> = { A: 1, B: 0.95, C: 0.6 }
const SECOND_FIELD = 0.06
const PART_OF_PHRASE = 0.7
const SAME_WORD = 0.9
const ECHO_SHARE = 0.2
/** What words leave open, likeness decides. */
const LIKENESS_SHARE = 0.4
const FEEDBACK_SHARE = 0.04
const FEEDBACK_CAUTION = 10

/** `candidates` with how well each fits the question of `terms` about `meaning`, best first; of equals the one with the smaller id. */
export function rankFits(terms: Term[], meaning: Meaning, candidates: Candidate[]): Fit[] {
  const asked = terms.reduce((sum, { rarity }) => sum + rarity, 0)
  if (asked === 0) return []
  return candidates
    .map((candidate) => fitOf(candidate, terms, meaning, asked))
    .filter(({ coverage }) => coverage > 0)
    .sort((a, b) => b.score - a.score || a.entryId - b.entryId)
}

function fitOf(candidate: Candidate, terms: Term[], meaning: Meaning, asked: number): Fit {
  const found = terms.map((term) => presenceOfTerm(term, candidate))
  const coverage = terms.reduce((sum, { rarity }, at) => sum + rarity * found[at]!.anywhere, 0) / asked
  const echo = echoOf(candidate.title, terms)
  const likeness = likenessOf(meaning, candidate.meaning)
  const said = (1 - ECHO_SHARE) * coverage + ECHO_SHARE * echo
  return {
    entryId: candidate.entryId,
    code: candidate.code,
    score: said + LIKENESS_SHARE * likeness * Math.max(0, 1 - coverage) + FEEDBACK_SHARE * feedbackOf(candidate),
    coverage: Math.min(1, coverage),
    echo,
    likeness,
    found,
  }
}

function presenceOfTerm({ ways }: Term, candidate: Candidate): Presence {
  return {
    anywhere: Math.max(0, ...ways.map((way) => presenceOfWay(way, candidate))),
    named: Math.max(0, ...ways.map((way) => namedByWay(way, candidate))),
    same: ways.some(
      ({ lexemes, closeness }) => closeness > SAME_WORD && lexemes.every((lexeme) => candidate.words.has(lexeme)),
    ),
  }
}

function namedByWay({ lexemes, closeness }: Way, { words }: Candidate): number {
  const named = lexemes.filter((lexeme) => words.get(lexeme)?.some((field) => field !== 'C'))
  return (closeness * named.length) / lexemes.length
}

/** How well the entry says a word in one of its ways. A phrase counts whole; a part of it counts less than its share. */
function presenceOfWay({ lexemes, closeness }: Way, candidate: Candidate): number {
  const found = lexemes.map((lexeme) => presence(candidate.words.get(lexeme)))
  const share = found.reduce((sum, one) => sum + one, 0) / lexemes.length
  return closeness * (found.includes(0) ? share * share * PART_OF_PHRASE : share)
}

function presence(fields: Field[] | undefined): number {
  if (!fields || fields.length === 0) return 0
  return Math.max(...fields.map((field) => FIELD_WEIGHT[field])) + SECOND_FIELD * (fields.length - 1)
}

function echoOf(title: Map<string, number>, terms: Term[]): number {
  const asked = new Map<string, number>()
  for (const { lexemes, closeness } of terms.flatMap(({ ways }) => ways)) {
    for (const lexeme of lexemes) asked.set(lexeme, Math.max(closeness, asked.get(lexeme) ?? 0))
  }
  let whole = 0
  let said = 0
  for (const [lexeme, weight] of title) {
    whole += weight
    said += weight * (asked.get(lexeme) ?? 0)
  }
  return whole === 0 ? 0 : said / whole
}

/** From -1 («Не то») to 1 («Помогло»); near 0 until enough people have pressed. */
function feedbackOf({ helped, notIt }: Candidate): number {
  return (helped - notIt) / (helped + notIt + FEEDBACK_CAUTION)
}
