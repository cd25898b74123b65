import { readFile, writeFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { createFaqTables } from '../src/db/faq-tables.ts'
import { openThrowawayDatabase } from '../src/db/throwaway.ts'

/**
 * Makes src/council/meanings/ru.bin out of word vectors of the Natasha project (see the README there):
 *
 *     node dev/make-meanings.ts navec_news_v1_1B_250K_300d_100q.tar
 *
 * The forms of a word become its stem, as the search's dictionary makes it; the directions that all words share are taken out, the hundred that tell most are left.
 */
const STEMS = 40_000
const DIMENSIONS = 100
/** The first directions tell frequent words from rare ones, and names from others: nothing of what a word means. */
const SHARED_BY_ALL = 3
/** Directions are looked for among the frequent: vectors of rare words are noise. */
const FREQUENT = 20_000
/** How fast a word says less as it is said more often (Arora, Liang, Ma 2017: a simple but tough-to-beat baseline for sentence embeddings). */
const TELLING = 1e-4

const [source] = process.argv.slice(2)
if (!source) throw new Error('node dev/make-meanings.ts NAVEC.tar')
const files = filesOfTar(await readFile(source))
const { words, counts } = readVocabulary(gunzipSync(files.get('vocab.bin')!))
const vectors = readVectors(files.get('pq.bin')!)
const stems = frequentStems(await stemsOf(words))
const directions = principalDirections(stems)
await writeFile(new URL('../src/council/meanings/ru.bin', import.meta.url), packed(stems, directions))

type Stem = { stem: string; count: number; vector: Float64Array }

function filesOfTar(tar: Buffer): Map<string, Buffer> {
  const found = new Map<string, Buffer>()
  for (let at = 0; tar[at]; ) {
    const name = tar.toString('latin1', at, at + 100).replace(/\0.*/s, '')
    const size = Number.parseInt(tar.toString('latin1', at + 124, at + 136), 8)
    found.set(name, tar.subarray(at + 512, at + 512 + size))
    at += 512 + Math.ceil(size / 512) * 512
  }
  return found
}

function readVocabulary(bytes: Buffer): { words: string[]; counts: Uint32Array } {
  const count = bytes.readUInt32LE(0)
  const counts = Uint32Array.from({ length: count }, (_, at) => bytes.readUInt32LE(4 + 4 * at))
  return { words: bytes.toString('utf8', 4 + 4 * count).split('\n'), counts }
}

/** Gives the vector of the word with a number: each part of it is one of 256 that stand in a table (product quantization). */
function readVectors(bytes: Buffer): (word: number) => Float64Array {
  const [count, dimensions, parts, centroids] = [0, 4, 8, 12].map((at) => bytes.readUInt32LE(at)) as number[]
  const size = dimensions! / parts!
  const table = 16 + count! * parts!
  return (word) =>
    Float64Array.from({ length: dimensions! }, (_, at) => {
      const part = Math.floor(at / size)
      const centroid = bytes[16 + word * parts! + part]!
      return bytes.readFloatLE(table + 4 * ((part * centroids! + centroid) * size + (at % size)))
    })
}

async function stemsOf(all: string[]): Promise<string[]> {
  const { sql, close } = await openThrowawayDatabase()
  await createFaqTables(sql)
  const stems: string[] = []
  for (let from = 0; from < all.length; from += 10_000) {
    const rows = await sql<{ stem: string }[]>`
      select coalesce((faq_lexemes(word))[1], word) as stem
      from unnest(${all.slice(from, from + 10_000)}::text[]) with ordinality as given (word, place) order by place`
    stems.push(...rows.map(({ stem }) => stem))
  }
  await close()
  return stems
}

/** The frequent stems, each with the mean of its forms, of length 1 and with what all have in common taken out, the most frequent first. */
function frequentStems(stemOfWord: string[]): Stem[] {
  const found = new Map<string, Stem>()
  for (const [word, stem] of stemOfWord.entries()) {
    if (!/^[а-яё]{2,}$/.test(words[word]!)) continue
    const vector = unit(vectors(word))
    const kept = found.get(stem) ?? { stem, count: 0, vector: new Float64Array(vector.length) }
    addTo(kept.vector, vector, Math.sqrt(counts[word]!))
    kept.count += counts[word]!
    found.set(stem, kept)
  }
  const all = [...found.values()].sort((a, b) => b.count - a.count)
  const frequent = all.slice(0, FREQUENT).map(({ vector }) => unit(vector))
  const mean = new Float64Array(frequent[0]!.length)
  for (const vector of frequent) addTo(mean, vector, 1 / frequent.length)
  return all.slice(0, STEMS).map((one) => {
    const vector = unit(one.vector)
    addTo(vector, mean, -1)
    return { ...one, vector }
  })
}

/** The directions in which the frequent stems differ most, by orthogonal iteration over their covariance; those that tell nothing left out. */
function principalDirections(all: Stem[]): Float64Array[] {
  const size = all[0]!.vector.length
  const covariance = Array.from({ length: size }, () => new Float64Array(size))
  for (const { vector } of all.slice(0, FREQUENT)) {
    for (let row = 0; row < size; row++) addTo(covariance[row]!, vector, vector[row]!)
  }
  let basis = Array.from({ length: SHARED_BY_ALL + DIMENSIONS }, (_, n) =>
    Float64Array.from({ length: size }, (_, at) => Math.sin(1 + n * size + at)),
  )
  for (let round = 0; round < 200; round++) {
    basis = basis.map((direction) => Float64Array.from(covariance, (row) => dot(row, direction)))
    for (const [n, direction] of basis.entries()) {
      for (const earlier of basis.slice(0, n)) addTo(direction, earlier, -dot(direction, earlier))
      direction.set(unit(direction))
    }
  }
  return basis.slice(SHARED_BY_ALL)
}

/** A line of JSON; the stems, one a line; their directions, a byte a dimension; how long each is, four bytes: shorter for a word said often. */
function packed(all: Stem[], basis: Float64Array[]): Buffer {
  const total = counts.reduce((sum, count) => sum + count, 0)
  const bytes = new Int8Array(all.length * DIMENSIONS)
  const lengths = new Float32Array(all.length)
  for (const [n, { vector, count }] of all.entries()) {
    const place = unit(Float64Array.from(basis, (direction) => dot(vector, direction)))
    const largest = Math.max(...place.map(Math.abs))
    for (const [at, value] of place.entries()) bytes[n * DIMENSIONS + at] = Math.round((127 * value) / largest)
    lengths[n] = ((largest / 127) * TELLING) / (TELLING + count / total)
  }
  const header = `${JSON.stringify({ words: all.length, dimensions: DIMENSIONS })}\n`
  return Buffer.concat([
    Buffer.from(header + all.map(({ stem }) => `${stem}\n`).join('')),
    Buffer.from(bytes.buffer),
    Buffer.from(lengths.buffer),
  ])
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!
  return sum
}

function addTo(sum: Float64Array, vector: Float64Array, times: number): void {
  for (let at = 0; at < sum.length; at++) sum[at]! += times * vector[at]!
}

function unit(vector: Float64Array): Float64Array {
  const length = Math.sqrt(dot(vector, vector)) || 1
  return vector.map((value) => value / length)
}
