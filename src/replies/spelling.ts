import { cyrillicReadings } from './letters.ts'
import { guessableWords, isKnownWord, type Meaning, meaningByStem, SHORTEST_GUESS } from './vocabulary.ts'

const LONGEST_GUESS = 20

/** Each guessable word under itself and under itself with one letter left out: two words a slip apart share an entry. */
const shortened = shortenedWords()

/**
 * The known word or words that a plain `word` stands for: itself; its Cyrillic reading («gotovo»); «не» and the rest where they are
 * written together («неготово»); or the key word one letter away («готво»). Where two key words of different meaning are equally
 * near («сделам»), nothing is guessed. Unknown words are returned as they are. Time does not depend on the size of the vocabulary.
 */
export function spelledOut(word: string): string[] {
  const reading = [word, ...cyrillicReadings(word)].find((candidate) => isKnownWord(candidate))
  if (reading !== undefined) return [reading]
  const denied = deniedWord(word)
  if (denied) return ['не', denied]
  return [nearestKeyWord(word) ?? word]
}

function deniedWord(word: string): string | null {
  if (!word.startsWith('не') || word.length < SHORTEST_GUESS + 2) return null
  const rest = word.slice(2)
  if (isKnownWord(rest)) return rest
  return nearestKeyWord(rest)
}

function nearestKeyWord(word: string): string | null {
  if (word.length < SHORTEST_GUESS || word.length > LONGEST_GUESS || meaningByStem(word)) return null
  const near = new Map<string, Meaning>()
  for (const short of [word, ...withoutOneLetter(word)]) {
    for (const [key, meaning] of shortened.get(short) ?? []) if (isOneSlip(word, key)) near.set(key, meaning)
  }
  return new Set(near.values()).size === 1 ? [...near.keys()][0]! : null
}

/** One letter wrong, missing, added or swapped with its neighbour; the first letter may only be «з» for «с» or swapped. */
function isOneSlip(word: string, key: string): boolean {
  let from = 0
  while (from < word.length && from < key.length && word[from] === key[from]) from += 1
  const restOfWord = word.slice(from)
  const restOfKey = key.slice(from)
  const swapped = restOfWord[0] === restOfKey[1] && restOfWord[1] === restOfKey[0]
  if (swapped && restOfWord.slice(2) === restOfKey.slice(2)) return true
  const wrong = restOfWord.slice(1) === restOfKey.slice(1)
  if (from === 0) return wrong && /^(?:зс|сз)$/u.test(`${word[0]}${key[0]}`)
  return wrong || restOfWord.slice(1) === restOfKey || restOfWord === restOfKey.slice(1)
}

function shortenedWords(): Map<string, [string, Meaning][]> {
  const index = new Map<string, [string, Meaning][]>()
  for (const entry of guessableWords()) {
    for (const short of [entry[0], ...withoutOneLetter(entry[0])]) {
      const list = index.get(short)
      if (list) list.push(entry)
      else index.set(short, [entry])
    }
  }
  return index
}

function withoutOneLetter(word: string): string[] {
  return [...new Set([...word].map((_, at) => word.slice(0, at) + word.slice(at + 1)))]
}
