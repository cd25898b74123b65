import type { Fit } from './ranking.ts'
import type { Term } from './understanding.ts'

/** What speaks for the best answer, and against it. Shares are 0 to 1. */
export type Evidence = {
  /** The share of the question that the best answer has, rare words counting more. */
  coverage: number
  /** The share of the entry's own question that was asked. */
  echo: number
  /** How far the best answer is ahead of the second. */
  lead: number
  /** The share of the question in words that no entry has, however they are spelled. */
  unknown: number
  /** The share of the question that the best answer has in the same words, in its question or keywords. */
  exact: number
  /** The rarity of the most telling word that the best answer lacks, as far as it lacks it. */
  missing: number
  /** How much was matched at all: two rare words make it 1. */
  matched: number
  /** Entries among which the best one was found: the more there are, the more fit by chance. */
  entryCount: number
}

const SAME_WORD = 0.9
const TWO_RARE_WORDS = 2

/** What speaks for the first of `fits` as the answer to `terms`, found among `entryCount` entries. */
export function evidenceFor(terms: Term[], fits: Fit[], entryCount: number): Evidence {
  const [best, second] = fits
  const asked = sumOf(terms.map(({ rarity }) => rarity))
  const share = (part: number, ofNothing: number) => (asked === 0 ? ofNothing : part / asked)
  const coverage = best?.coverage ?? 0
  return {
    coverage,
    echo: best?.echo ?? 0,
    lead: best ? (best.score - (second?.score ?? 0)) / Math.max(best.score, 0.01) : 0,
    unknown: share(sumOf(terms.map(({ ways, rarity }) => (ways.length === 0 ? rarity : 0))), 1),
    exact: share(sumOf(terms.map(({ rarity }, at) => ((best?.found[at] ?? 0) > SAME_WORD ? rarity : 0))), 0),
    missing: Math.max(0, ...terms.map(({ rarity }, at) => rarity * (1 - Math.min(1, best?.found[at] ?? 0)))),
    matched: Math.min(1, (coverage * asked) / TWO_RARE_WORDS),
    entryCount,
  }
}

/**
 * Whether the best answer may be shown as an answer. Where it is not, the council is offered: a wrong answer is worse than none.
 * The weights are a logistic regression over labelled questions on five FAQs of different subjects, each whole, with slips put in, with a third
 * of its entries taken away (their questions then have no answer), and all five as one. Among many entries more fit by chance, so more is needed.
 */
export function isConfident(evidence: Evidence): boolean {
  const { coverage, echo, lead, unknown, exact, missing, matched, entryCount } = evidence
  const speaksFor = 2.2 * coverage + 1.69 * echo + 1.39 * coverage * echo + 1.15 * lead + 1.55 * exact + 2.99 * matched
  const speaksAgainst = 1.44 * unknown + 1.26 * missing
  return speaksFor - speaksAgainst >= 2.26 + 0.35 * Math.log(Math.max(entryCount, SMALL_FAQ) / SMALL_FAQ)
}

const SMALL_FAQ = 60

function sumOf(numbers: number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0)
}
