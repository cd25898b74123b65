import type { Node } from './nodes.ts'
import { type Entry, WORDS } from './words.ts'

/** What a word means; null where it adds nothing. `guessed` where it was read with one letter put right. */
export type Meaning = { node: Node | null; guessed: boolean }

type WordForm = { text: string; entry: Entry }

const forms: WordForm[] = WORDS.flatMap((entry) => formsOf(entry.forms).map((text) => ({ text, entry })))
const exact = new Map(forms.filter(({ text }) => !text.endsWith('*')).map(({ text, entry }) => [text, entry]))
const beginnings = new Map(
  forms.filter(({ text }) => text.endsWith('*')).map(({ text, entry }) => [text.slice(0, -1), entry]),
)
const SHORTEST_BEGINNING = Math.min(...[...beginnings.keys()].map((text) => text.length))

/** The forms that an entry lists: «март(- а у) мар» gives март, марта, марту, мар. */
function formsOf(list: string): string[] {
  return [...list.matchAll(/(\S+?)\(([^)]*)\)|\S+/gu)].flatMap(([whole, stem, endings]) =>
    stem === undefined || endings === undefined
      ? [whole]
      : endings.split(' ').map((end) => stem + end.replace('-', '')),
  )
}

/** The meaning of a word that was broken into `parts`; one that is listed by its beginning must begin with more than the first of them. */
export function brokenMeaningOf(parts: string[]): Meaning | undefined {
  const whole = parts.join('')
  const [first = ''] = parts
  const entry = exact.get(whole) ?? byBeginning(whole, first.length + 1)
  return entry && { node: entry.means, guessed: false }
}

/** The meaning of `word`, in lower case, as it is written; undefined where the dictionary does not have it. */
export function meaningOf(word: string): Meaning | undefined {
  const entry = exact.get(word) ?? byBeginning(word)
  return entry && { node: entry.means, guessed: false }
}

function byBeginning(word: string, shortest = SHORTEST_BEGINNING): Entry | undefined {
  for (let length = word.length; length >= shortest; length--) {
    const entry = beginnings.get(word.slice(0, length))
    if (entry) return entry
  }
  return undefined
}

const SHORTEST_FORGIVEN = 4
const LONGEST_FORGIVEN = 20
/** The forgiven words by what is left of them without one letter, so that a slip is found without comparing with every word. */
const worn = new Map<string, WordForm[]>()
for (const form of forms) {
  if (!form.entry.forgive || form.text.endsWith('*') || form.text.length < SHORTEST_FORGIVEN) continue
  for (const rest of new Set([form.text, ...withoutOneLetter(form.text)])) {
    worn.set(rest, [...(worn.get(rest) ?? []), form])
  }
}

function withoutOneLetter(word: string): string[] {
  return Array.from(word, (_, index) => word.slice(0, index) + word.slice(index + 1))
}

/**
 * The meaning of a word with a typing slip: one letter wrong, missing, too many, or two neighbours swapped. Undefined where no word or
 * more than one meaning is that near («июдя» may be June or July). The first letter is trusted unless swapped, so that «карта» is no March.
 */
export function forgivenMeaningOf(word: string): Meaning | undefined {
  if (word.length < SHORTEST_FORGIVEN || word.length > LONGEST_FORGIVEN) return undefined
  const candidates = [word, ...withoutOneLetter(word)].flatMap((rest) => worn.get(rest) ?? [])
  const near = candidates.filter(({ text }) => isOneSlip(word, text))
  const meanings = new Set(near.map(({ entry }) => JSON.stringify(entry.means)))
  return meanings.size === 1 ? { node: near[0]!.entry.means, guessed: true } : undefined
}

function isOneSlip(written: string, meant: string): boolean {
  let start = 0
  while (start < written.length && written[start] === meant[start]) start++
  let end = 0
  const shorter = Math.min(written.length, meant.length) - start
  while (end < shorter && written.at(-1 - end) === meant.at(-1 - end)) end++
  const middle = written.slice(start, written.length - end)
  const wanted = meant.slice(start, meant.length - end)
  const swapped = middle.length === 2 && wanted === middle[1]! + middle[0]!
  if (swapped) return true
  return start > 0 && middle.length <= 1 && wanted.length <= 1
}
