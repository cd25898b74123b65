import { MEANT_FOR_SURE, type Term } from './understanding.ts'

/**
 * What a text is about: a direction in a space in which words said of the same things lie near each other. Of length 1; of length 0 where no word of it is known.
 */
export type Meaning = Float32Array

/** The meanings of single words by their stems, as `dev/make-meanings.ts` keeps them. */
export type Meanings = {
  dimensions: number
  places: Map<string, number>
  /** `dimensions` numbers for each word. */
  directions: Int8Array
  /** A number for each word: the more often it is said anywhere, the less it tells. */
  lengths: Float32Array
}

/** A stem with how much it counts. */
export type WeighedStem = { stem: string; weight: number }

/** The meanings kept in `bytes`: a line of JSON, the stems, a line each, their directions, their lengths. */
export function readMeanings(bytes: Uint8Array): Meanings {
  const header = bytes.indexOf(LINE_BREAK)
  const { words, dimensions } = JSON.parse(text(bytes.subarray(0, header)))
  const numbers = bytes.length - words * (dimensions + Float32Array.BYTES_PER_ELEMENT)
  const stems = text(bytes.subarray(header + 1, numbers)).split('\n')
  const lengths = numbers + words * dimensions
  return {
    dimensions,
    places: new Map(stems.slice(0, words).map((stem, place) => [stem, place])),
    directions: new Int8Array(Uint8Array.from(bytes.subarray(numbers, lengths)).buffer),
    lengths: new Float32Array(Uint8Array.from(bytes.subarray(lengths)).buffer),
  }
}

/** What `stems` together are about. A stem that is not known adds nothing. */
export function meaningOf(
  stems: Iterable<WeighedStem>,
  { dimensions, places, directions, lengths }: Meanings,
): Meaning {
  const sum = new Float32Array(dimensions)
  for (const { stem, weight } of stems) {
    const place = places.get(stem)
    if (place === undefined) continue
    const scale = weight * lengths[place]!
    const from = place * dimensions
    for (let at = 0; at < dimensions; at++) sum[at]! += scale * directions[from + at]!
  }
  const length = Math.sqrt(likenessOf(sum, sum))
  if (length > 0) for (let at = 0; at < dimensions; at++) sum[at]! /= length
  return sum
}

/** What a question is about. Of a word with a slip, or an abbreviation, what was meant by it counts. */
export function meaningOfQuestion(terms: readonly Term[], meanings: Meanings): Meaning {
  return meaningOf(
    terms.flatMap((term) => stemsMeant(term, meanings)),
    meanings,
  )
}

function stemsMeant({ stem, rarity, ways }: Term, { places }: Meanings): WeighedStem[] {
  const sure = ways.filter(({ closeness }) => closeness >= MEANT_FOR_SURE).map(({ lexemes }) => lexemes)
  const meant = [[stem], ...sure].find((stems) => stems.some((one) => places.has(one))) ?? []
  return meant.map((one) => ({ stem: one, weight: rarity / meant.length }))
}

/** How near two texts are in what they are about: 1 the same, 0 nothing in common (or nothing known), down to -1. */
export function likenessOf(one: Meaning, other: Meaning): number {
  let sum = 0
  for (let at = 0; at < one.length; at++) sum += one[at]! * other[at]!
  return sum
}

const LINE_BREAK = 0x0a

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}
