import { weightOf } from './words.ts'

/** A question that waits, by its stems (as the search's dictionary makes them). */
export type StemmedQuestion = { id: number; stems: string[] }

/** Shared weight of two questions that ask the same. */
const ALIKE = 0.5
/** Telling stems that they must share at least. */
const FEWEST_SHARED = 2

/**
 * Those of `open` that ask much the same as `asked`, the most alike first: by the share of telling stems they have in common (Dice's measure),
 * words that say little counting little.
 */
export function similarQuestions(asked: readonly string[], open: readonly StemmedQuestion[]): number[] {
  const own = new Set(asked)
  return open
    .map(({ id, stems }) => ({ id, likeness: likeness(own, new Set(stems)) }))
    .filter(({ likeness }) => likeness >= ALIKE)
    .sort((left, right) => right.likeness - left.likeness || left.id - right.id)
    .map(({ id }) => id)
}

function likeness(one: Set<string>, other: Set<string>): number {
  const shared = [...one].filter((stem) => other.has(stem))
  if (shared.filter((stem) => weightOf(stem) === 1 && stem.length > 2).length < FEWEST_SHARED) return 0
  return (2 * weightSum(shared)) / (weightSum(one) + weightSum(other))
}

function weightSum(stems: Iterable<string>): number {
  let sum = 0
  for (const stem of stems) sum += weightOf(stem)
  return sum
}
