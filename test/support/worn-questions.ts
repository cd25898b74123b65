import { askedWords } from '../../src/council/words.ts'

const ENDINGS = ['ами', 'ов', 'ы', 'ом', 'у']
const LETTERS = 'оаенитрслвк'

/** The words of `question` that carry its meaning, each of five letters or more with another ending. `seed` picks the endings. */
export function withOtherEndings(question: string, seed: number): string {
  return contentOf(question)
    .map((word, at) =>
      word.length < 5 ? word : word.replace(/[аеиоуыэюяйь]{1,2}$/, '') + ENDINGS[(seed + at) % ENDINGS.length],
    )
    .join(' ')
}

/** The words of `question` that carry its meaning, with one slip in the longest: a letter dropped, doubled, replaced or swapped with the next. */
export function withSlip(question: string, seed: number): string {
  const words = contentOf(question)
  const longest = words.reduce((best, word, at) => (word.length > words[best]!.length ? at : best), 0)
  const word = words[longest] ?? ''
  const at = 1 + (seed % Math.max(1, word.length - 2))
  const [before, letter, after] = [word.slice(0, at), word.slice(at, at + 1), word.slice(at + 1)]
  const slips = [
    before + after,
    before + letter + letter + after,
    before + LETTERS[seed % LETTERS.length] + after,
    before + after.slice(0, 1) + letter + after.slice(1),
  ]
  words[longest] = slips[Math.floor(seed / 3) % slips.length]!
  return words.join(' ')
}

function contentOf(question: string): string[] {
  return askedWords(question)
    .filter(({ weight }) => weight > 0.25)
    .map(({ typed }) => typed)
    .slice(0, 5)
}
