import { nearness } from './spelling.ts'
import { type AskedWord, weightOfUnknown } from './words.ts'

/** What the database knows of the words asked: their stems, the known words near to them, and what stands for them. */
export type WordKnowledge = {
  /** Searchable entries in scope. */
  entryCount: number
  /** The stem of each reading of each word. */
  stems: Map<string, string>
  /** Known stems near to an asked stem (itself among them, if known). */
  near: Map<string, string[]>
  /** In how many entries a known stem occurs. */
  entriesWith: Map<string, number>
  synonyms: Synonym[]
}

/** One member of a group of words that stand for each other; `lexemes` are its stems in order. */
export type Synonym = { meaning: string; strength: number; lexemes: string[] }

/** One way in which an entry may say a word of the question: all of `lexemes`. `closeness` 1: the same, less: perhaps meant. */
export type Way = { lexemes: string[]; closeness: number }

/** A word of the question: its stem as it was typed, and all the ways to say it, the closest first. `rarity` 0 to 1: how much it narrows down; 1 for a word that no entry has. */
export type Term = { stem: string; rarity: number; ways: Way[] }

const LOOSEST_RELATIVE = 0.45
/** From this closeness on a way says what was meant. */
export const MEANT_FOR_SURE = 0.7
/** A word with many relatives («пере…») is not looked for in all of them. */
const MOST_RELATIVES = 6
const WEIGHT_IN_PHRASE = 0.5

/** The words asked, each with the ways in which an entry may say it. Pure: everything known comes with `knowledge`. */
export function termsOf(words: AskedWord[], knowledge: WordKnowledge): Term[] {
  const readings = words.map((word) => ({ word, ways: ownWays(word, knowledge) }))
  const heard = new Map<string, number>()
  for (const { ways } of readings) {
    for (const { lexemes, closeness } of ways) heard.set(lexemes[0]!, Math.max(closeness, heard.get(lexemes[0]!) ?? 0))
  }
  const spoken = spokenSynonyms(knowledge.synonyms, heard)
  return readings.map(({ word, ways }) => {
    const others = ways.flatMap((way) => substitutes(way, spoken, knowledge.synonyms))
    const inPhrase = spoken.some(
      ({ lexemes }) => lexemes.length > 1 && ways.some((way) => lexemes.includes(way.lexemes[0]!)),
    )
    const all = strongest([...ways, ...others]).filter((way) =>
      way.lexemes.some((lexeme) => (knowledge.entriesWith.get(lexeme) ?? 0) > 0),
    )
    const own = all.length === 0 ? weightOfUnknown(word.typed) : word.weight
    const weight = inPhrase ? Math.max(own, WEIGHT_IN_PHRASE) : own
    return {
      stem: knowledge.stems.get(word.typed) ?? word.typed,
      rarity: weight * rarityOf(ways, all, knowledge),
      ways: all,
    }
  })
}

function ownWays(word: AskedWord, knowledge: WordKnowledge): Way[] {
  return strongest(word.variants.flatMap((variant) => waysOfReading(variant, knowledge))).slice(0, MOST_RELATIVES)
}

function waysOfReading(variant: string, { stems, near }: WordKnowledge): Way[] {
  const stem = stems.get(variant) ?? variant
  return (near.get(stem) ?? [])
    .map((known) => ({ lexemes: [known], closeness: nearness(stem, variant, known) }))
    .filter(({ closeness }) => closeness >= LOOSEST_RELATIVE)
}

/** The synonyms that the question itself says, all of their words. */
function spokenSynonyms(synonyms: Synonym[], heard: Map<string, number>): Synonym[] {
  return synonyms.filter(({ lexemes }) => lexemes.every((lexeme) => (heard.get(lexeme) ?? 0) >= MEANT_FOR_SURE))
}

/** What may stand in an entry in the place of `way`, as part of a synonym that the question says. */
function substitutes(way: Way, spoken: Synonym[], synonyms: Synonym[]): Way[] {
  return spoken
    .filter(({ lexemes }) => lexemes.includes(way.lexemes[0]!))
    .flatMap((said) =>
      synonyms
        .filter((other) => other.meaning === said.meaning && other !== said)
        .map((other) => ({ lexemes: other.lexemes, closeness: way.closeness * said.strength * other.strength })),
    )
}

/** Each way once, with its best closeness, best first. */
function strongest(ways: Way[]): Way[] {
  const best = new Map<string, Way>()
  for (const way of ways) {
    const key = way.lexemes.join(' ')
    if ((best.get(key)?.closeness ?? 0) < way.closeness) best.set(key, way)
  }
  return [...best.values()].sort((a, b) => b.closeness - a.closeness)
}

function rarityOf(own: Way[], all: Way[], { entryCount, entriesWith }: WordKnowledge): number {
  const exact = own.find(({ closeness }) => closeness === 1)
  const exactEntries = exact ? (entriesWith.get(exact.lexemes[0]!) ?? 0) : 0
  const meant = all
    .filter(({ closeness }) => closeness >= MEANT_FOR_SURE)
    .map(({ lexemes, closeness }) => closeness * Math.min(...lexemes.map((lexeme) => entriesWith.get(lexeme) ?? 0)))
  return rarity(Math.max(exactEntries, ...meant, 0), entryCount)
}

/** 1 for a word of no entry, falling with the number of entries that have it. */
function rarity(entries: number, entryCount: number): number {
  if (entryCount === 0) return 1
  return Math.log(1 + entryCount / (entries + 0.5)) / Math.log(1 + 2 * entryCount)
}
