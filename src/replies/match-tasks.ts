import { plainWord } from './letters.ts'
import { stemOf } from './stem.ts'

/** A task that a reply may be about. `title` is the wording of the roadmap. */
export type Candidate = { id: string; title: string }

/** A candidate with how well the words fit its title: 0 not at all, 1 every telling word of the reply is in the title. */
export type Match = { id: string; score: number }

const WORDS = /[\p{L}\p{M}\p{N}]+/gu
const SHORTEST_WORD = 3
/** Words of any reply and any roadmap, which tell no task from another. */
const TELLS_NOTHING = new Set(
  'для при над под или что это как все всё вчера сегодня уже готово сделали провели отправили выполнено сделано мы нас наш наша нашей школа школе школы год года году про был была были было здравствуйте добрый день спасибо'
    .split(' ')
    .map(stemOf),
)

/**
 * `candidates` ranked by the `words` of a reply against their titles, best first; equal ones keep their order. A word fits where the
 * stems are the same, and half where one begins the other («педсовет», «педсоветов»; «мониторинг», «мониторинговый»). A word weighs
 * the more, the fewer titles have it. Takes time linear in the words and in the titles.
 */
export function matchTasks(words: string, candidates: readonly Candidate[]): Match[] {
  const said = stemsOf(words)
  const titles = candidates.map(({ title }) => stemsOf(title))
  const weights = new Map([...said].map((stem) => [stem, rarity(stem, titles)]))
  const whole = [...weights.values()].reduce((sum, weight) => sum + weight, 0)
  const matches = candidates.map(({ id }, at) => ({
    id,
    score: whole === 0 ? 0 : fitness(weights, titles[at]!) / whole,
  }))
  return matches.sort((one, other) => other.score - one.score)
}

/** Words beyond this many add nothing to the choice. */
const MOST_WORDS = 60

function stemsOf(text: string): Set<string> {
  const words = (text.normalize('NFC').match(WORDS) ?? []).map(plainWord).filter((word) => word.length >= SHORTEST_WORD)
  return new Set(
    words
      .map(stemOf)
      .filter((stem) => !TELLS_NOTHING.has(stem))
      .slice(0, MOST_WORDS),
  )
}

function rarity(stem: string, titles: readonly Set<string>[]): number {
  const having = titles.filter((title) => likeness(stem, title) > 0).length
  return Math.log(1 + titles.length / (1 + having)) + 0.1
}

function fitness(weights: ReadonlyMap<string, number>, title: ReadonlySet<string>): number {
  return [...weights].reduce((sum, [stem, weight]) => sum + weight * likeness(stem, title), 0)
}

function likeness(stem: string, title: ReadonlySet<string>): number {
  if (title.has(stem)) return 1
  const akin = [...title].some(
    (other) => stem.length > 3 && other.length > 3 && (other.startsWith(stem) || stem.startsWith(other)),
  )
  return akin ? 0.5 : 0
}
