import type { RegisteredSchool } from './ports.ts'

/** What a name in a document means: one school of the register for certain, or those that it may mean, the likeliest first. */
export type SchoolMatch = { certain: number } | { candidates: number[] }

/** What of a school's name tells it from others. */
type Traits = {
  numbers: string[]
  /** Gymnasium, lyceum, primary school …; null where the name does not say. */
  kind: string | null
  /** Beginnings of the words that are the school's own: its village, its quoted name. */
  stems: string[]
}

const KINDS: [kind: string, words: RegExp][] = [
  ['gymnasium', /гимнази/],
  ['lyceum', /лице[йяюе]/],
  ['evening', /вечерн|(?<!\p{L})во?сош|(?<!\p{L})вош/u],
  ['boarding', /интернат/],
  ['centre', /(?<!\p{L})[цо]о(?!\p{L})|центр\p{L}* образовани|образовательн\p{L}* (?:центр|комплекс)/u],
  ['primary', /(?<!\p{L})нош(?!\p{L})|начальн\p{L}* (?:обще)?/u],
  ['basic', /(?<!\p{L})оош(?!\p{L})|основн\p{L}*/u],
  ['secondary', /(?<!\p{L})сош(?!\p{L})|средн\p{L}*/u],
]

/** Words that stand in the names of many schools and tell none of them apart. */
const COMMON =
  /^(?:м[кба]?д?о?у|сош|оош|нош|осош|цо|оо|оу|мо|мр|(?:муниц|бюдже|казен|казён|автон|общео|образ|учреж|орган|школ|средн|основ|началь|общег|гимна|лице|имени|село|посел|дерев|город|район|област|округ|центр|интерн|филиа|федера|герои?я?|советск|союза|народ|респуб)\p{L}*|им|пос|рп|ул|наст\p{L}*)$/u

/**
 * The school that a name in an executor's cell means. Certain is only one that agrees in number (or, without numbers, in place or own name) and
 * does not differ in kind, when no other school of the register does so too. Different numbers are different schools.
 */
export function matchSchool(name: string, register: readonly RegisteredSchool[]): SchoolMatch {
  const wanted = traitsOf(name)
  const scored = register
    .map((school) => ({
      id: school.id,
      score: Math.max(...namesOf(school).map((own) => likeness(wanted, traitsOf(own)))),
    }))
    .filter(({ score }) => score > 0)
    .toSorted((left, right) => right.score - left.score)
  const [best, second] = scored
  if (best && best.score >= CERTAIN && (second?.score ?? 0) < best.score) return { certain: best.id }
  return { candidates: scored.map(({ id }) => id) }
}

function namesOf({ name, shortName }: RegisteredSchool): string[] {
  return name === shortName ? [name] : [name, shortName]
}

const CERTAIN = 4

/** How alike two names are: from `CERTAIN` on they name the same school, 0 they do not. */
function likeness(wanted: Traits, own: Traits): number {
  const shared = own.stems.filter((stem) => wanted.stems.some((other) => sameStem(stem, other))).length
  const sameKind = wanted.kind !== null && wanted.kind === own.kind
  const otherKind = wanted.kind !== null && own.kind !== null && wanted.kind !== own.kind
  if (wanted.numbers.length > 0 && own.numbers.length > 0) {
    if (!wanted.numbers.some((number) => own.numbers.includes(number))) return 0
    return (otherKind ? 2 : sameKind ? 5 : 4) + shared
  }
  if (shared === 0) return 0
  const numbered = wanted.numbers.length > 0 || own.numbers.length > 0
  return (numbered || otherKind ? 1 : sameKind ? 4.5 : 4) + shared
}

function traitsOf(name: string): Traits {
  const text = name.toLowerCase().replaceAll('ё', 'е')
  return {
    numbers: [...text.matchAll(/\d+/g)].map(([digits]) => String(Number(digits))),
    kind: KINDS.find(([, words]) => words.test(text))?.[0] ?? null,
    stems: stemsOf(text),
  }
}

function stemsOf(text: string): string[] {
  return (text.match(/\p{L}+/gu) ?? []).filter((word) => word.length > 2 && !COMMON.test(word)).map(stemOf)
}

/** A place without what declension and «-ская» put behind it: «Поим», «Поима», «Поимская» are one. */
function stemOf(word: string): string {
  const bare = word
    .replace(/ск(?:ая|ой|ую|ий|ого|ое|ие|их)$/, '')
    .replace(/(?:ого|его|ому|ой|ей|ая|яя|ий|ый|ое|ам|ям|ах|ях|ом|ем|[аеиоуыьюяй])$/, '')
  return bare.length >= 3 ? bare : word
}

function sameStem(left: string, right: string): boolean {
  const [short, long] = left.length <= right.length ? [left, right] : [right, left]
  return short === long || (short.length >= 4 && long.startsWith(short) && long.length - short.length <= 2)
}
