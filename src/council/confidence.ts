import type { Fit, Presence } from './ranking.ts'
import type { Term } from './understanding.ts'

/** What speaks for the best answer. Shares are 0 to 1. */
export type Evidence = {
  /** The share of the question that the best answer's entry has, rare words counting more. */
  coverage: number
  /** The same of its own question and keywords alone: words that only an answer mentions are often about something else. */
  named: number
  /** The share of the question that the entry has in the same words, not in relatives or synonyms. */
  same: number
  /** The share of the entry's own question that was asked. */
  echo: number
  /** How near the two are in what they are about, -1 to 1. */
  likeness: number
  /** How many words were asked, six at most, as a logarithm: of a question of six a smaller share is enough than of one of two. */
  length: number
  /** How many times larger than a small FAQ this one is, as a logarithm: among more entries more fit by chance. */
  crowd: number
}

const SMALL_FAQ = 60
const LONG_QUESTION = 6

/** What speaks for `best` as the answer to `terms`, found among `entryCount` entries. */
export function evidenceFor(terms: readonly Term[], best: Fit, entryCount: number): Evidence {
  const words = terms.map(({ rarity }, at) => ({ rarity, found: best.found[at]! }))
  return {
    coverage: best.coverage,
    named: shareOf(words, ({ named }) => named),
    same: shareOf(words, ({ same }) => Number(same)),
    echo: best.echo,
    likeness: best.likeness,
    length: Math.log(Math.min(terms.length, LONG_QUESTION) + 1),
    crowd: Math.log(Math.max(entryCount, SMALL_FAQ) / SMALL_FAQ),
  }
}

/**
 * What each piece of evidence weighs, by `dev/fit-confidence.ts`: a ridge logistic regression over the labelled questions of fifteen FAQs of different
 * subjects, and the same questions with their answer taken away. The goals: at least 85 of 100 questions without an answer go to the council, and at most
 * 8 of those with one. Of nine FAQs 87 and 7 do (86 and 7 where the FAQ is left out when the rule is fitted); of six that were made to be hard, a third of
 * the questions without their entry's main word and most of the unanswerable near misses, 71 and 27 (70 and 27). A municipality's own synonyms cure part of
 * that.
 */
const WEIGHT: Record<keyof Evidence, number> = {
  coverage: 2.9,
  named: 1.6,
  same: 1.4,
  echo: 1,
  likeness: 1.7,
  length: 1.5,
  crowd: -1.2,
}
const ENOUGH = 5.33

/** Whether the first of `fits` may be shown as the answer to `terms`. Where it is not, the council is offered: a wrong answer is worse than none. */
export function isConfident(terms: readonly Term[], [best]: readonly Fit[], entryCount: number): boolean {
  if (!best) return false
  const evidence = evidenceFor(terms, best, entryCount)
  const kinds = Object.keys(WEIGHT) as (keyof Evidence)[]
  return kinds.reduce((sum, kind) => sum + WEIGHT[kind] * evidence[kind], 0) >= ENOUGH
}

type FoundWord = { rarity: number; found: Presence }

/** The mean of `measure` over where `words` were found, rare words counting more; 0 without words. */
function shareOf(words: FoundWord[], measure: (found: Presence) => number): number {
  const whole = words.reduce((sum, { rarity }) => sum + rarity, 0)
  return whole === 0 ? 0 : words.reduce((sum, { rarity, found }) => sum + rarity * measure(found), 0) / whole
}
