import { ok, type Result, refuse } from '../kernel/result.ts'
import { weightOf } from './words.ts'

/** Words that stand for each other in one municipality, as a coordinator keeps them. `id`: of the first of its rows. */
export type OwnSynonyms = { id: number; terms: string[] }

/**
 * Why a line is no group of synonyms. `lines`: there are several; `alone`: nothing stands beside it; `empty`: a sign too many; `too-long`, `too-many`; `twice`: the same words
 * twice; `silent`: a term that the search does not hear (a preposition, signs alone); `everywhere`: a word that stands in too many answers to tell
 * them apart; `known`: these words stand for each other already.
 */
export type SynonymRefusal =
  | { code: 'lines' }
  | { code: 'alone' }
  | { code: 'empty' }
  | { code: 'too-long'; term: string; most: number }
  | { code: 'too-many'; most: number }
  | { code: 'twice'; term: string }
  | { code: 'silent'; term: string }
  | { code: 'everywhere'; term: string; entries: number }
  | { code: 'known'; with: string }

export const LONGEST_TERM = 80
export const MOST_TERMS = 8
/** Groups of one municipality: far more than a field has abbreviations. */
export const MOST_GROUPS = 500

/** How a term stands in the answers: its stems, and in how many of all of them the most frequent of them is. */
export type TermInUse = { term: string; stems: string[]; entries: number }

/** In more than this share of the answers a word tells nothing; with fewer answers than FEWEST_ENTRIES that cannot be said. */
const TELLING_SHARE = 0.25
const FEWEST_ENTRIES = 20

/** Reads a line such as «ШНОР = школа с низкими образовательными результатами»: the terms beside `=`, and beside commas and semicolons. */
export function readSynonyms(line: string): Result<string[], SynonymRefusal> {
  if (/\S\s*\n\s*\S/.test(line)) return refuse({ code: 'lines' })
  const terms = line.split(/[=;,]/).map((term) => term.replace(/\s+/g, ' ').replace(/^[«"\s]+|[»"\s.]+$/g, ''))
  if (terms.length < 2) return refuse({ code: 'alone' })
  if (terms.some((term) => term === '')) return refuse({ code: 'empty' })
  if (terms.length > MOST_TERMS) return refuse({ code: 'too-many', most: MOST_TERMS })
  const long = terms.find((term) => term.length > LONGEST_TERM)
  if (long !== undefined) return refuse({ code: 'too-long', term: long, most: LONGEST_TERM })
  const twice = terms.find((term, at) => terms.findIndex((other) => folded(other) === folded(term)) !== at)
  return twice === undefined ? ok(terms) : refuse({ code: 'twice', term: twice })
}

/** Whether the search would gain by these terms. `entryCount`: the answers that the municipality sees; `known`: groups that exist already. */
export function checkSynonyms(
  used: readonly TermInUse[],
  entryCount: number,
  known: readonly string[][],
): Result<true, SynonymRefusal> {
  const silent = used.find(({ stems }) => stems.every((stem) => weightOf(stem) <= 0.25)) // of no word, or of such as «для» and «когда» alone
  if (silent) return refuse({ code: 'silent', term: silent.term })
  const everywhere = used.find(
    ({ stems, entries }) => stems.length === 1 && entryCount >= FEWEST_ENTRIES && entries > entryCount * TELLING_SHARE,
  )
  if (everywhere) return refuse({ code: 'everywhere', term: everywhere.term, entries: everywhere.entries })
  const wanted = used.map(({ term }) => folded(term))
  const same = known.find((group) => wanted.every((term) => group.some((other) => folded(other) === term)))
  return same ? refuse({ code: 'known', with: same.join(' = ') }) : ok(true)
}

/** A group as a coordinator writes and reads it. */
export function synonymLine(terms: readonly string[]): string {
  return terms.join(' = ')
}

/** Letters that the search does not tell apart. */
function folded(term: string): string {
  return term.toLowerCase().replaceAll('ё', 'е')
}
