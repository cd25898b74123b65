import type { Fit } from './ranking.ts'
import type { Term } from './understanding.ts'

/** What speaks for the best answer. Shares are 0 to 1. */
export type Evidence = {
  coverage: number
  aboutness: number
  echo: number
  /** How far the best answer is ahead of the second. */
  lead: number
  /** The share of the question in words that no entry has, however they are spelled. */
  unknown: number
  /** Words that carry meaning, of the question. */
  contentWords: number
}

/** What speaks for the first of `fits` as the answer to `terms`. */
export function evidenceFor(terms: Term[], fits: Fit[]): Evidence {
  const [best, second] = fits
  const asked = terms.reduce((sum, { rarity }) => sum + rarity, 0)
  const unknown = terms.filter(({ ways }) => ways.length === 0).reduce((sum, { rarity }) => sum + rarity, 0)
  return {
    coverage: best?.coverage ?? 0,
    aboutness: best?.aboutness ?? 0,
    echo: best?.echo ?? 0,
    lead: best ? (best.score - (second?.score ?? 0)) / Math.max(best.score, 0.01) : 0,
    unknown: asked === 0 ? 1 : unknown / asked,
    contentWords: terms.length,
  }
}

/** Whether the best answer may be shown as an answer. Where it is not, the council is offered: a wrong answer is worse than none. */
export function isConfident(evidence: Evidence): boolean {
  return evidence.coverage >= 0.5 && evidence.unknown < 0.4
}
