import { brokenMeaningOf, forgivenMeaningOf, type Meaning, meaningOf } from './dictionary.ts'
import type { Node } from './nodes.ts'
import { tidy } from './tidy.ts'

/** A phrase cut into words with their meanings. `guessed` where a letter had to be put right in one of them. */
export type Lexed = { nodes: Node[]; guessed: boolean }

const LETTERS_ALIKE: Record<string, string> = Object.fromEntries(
  Array.from('aceopxykmhtbAEOPCXYKMHTB', (latin, index) => [latin, Array.from('асеорхукмнтвАЕОРСХУКМНТВ')[index]!]),
)
const ROMAN_ALIKE: Record<string, string> = {
  і: 'i',
  l: 'i',
  ӏ: 'i',
  '1': 'i',
  '|': 'i',
  у: 'v',
  y: 'v',
  х: 'x',
  п: 'ii',
  ш: 'iii',
}
const ROMAN = ['i', 'ii', 'iii', 'iv', 'v', 'vi', 'vii', 'viii', 'ix', 'x', 'xi', 'xii']

/** Written together so often that they are read as words of their own. */
const SHORTHAND: [RegExp, string][] = [
  [/(?<!\p{L})п\s?[/.]\s?г(?!\p{L})/giu, 'пг'],
  [/(?<!\p{L})г\.\s?г(?!\p{L})/giu, 'гг'],
  [/(?<!\p{L})у\s?[./]\s?г(?!\p{L})/giu, 'уч г'],
  [/(?<!\p{L})т\.\s?г(?!\p{L})\.?/giu, 'текущ '],
  [/(?<!\p{L})кв-л(?=\p{L}{0,2}(?!\p{L}))/giu, 'квартал'],
  [/(?<!\p{L})м-ц(?=\p{L}{0,2}(?!\p{L}))/giu, 'месяц'],
  [/(?<=[\p{L}\d])\s?\.{2,3}\s?(?=\p{L})/gu, ' - '],
  [/(?<!\p{L})без\s+срока(?!\p{L})/giu, 'безсрока'],
  [/(?<!\p{L})(пол)\s+(года|у?годие)(?!\p{L})/giu, '$1$2'],
  [/(?<![\p{L}\d])[lI|](?=\d\.\d)/gu, '1'],
  [/№\s*\d[\d/-]*/gu, ' '],
]

type Reader = { looksLike: RegExp; read: (found: RegExpExecArray) => Node | Node[] | null }

const number = (value: number, ordinal: boolean): Node => ({
  kind: 'numbers',
  runs: [{ first: value, last: value }],
  ordinal,
})
const years = (first: number, last = first): Node => ({ kind: 'years', runs: [{ first, last }], school: false })

const isDay = (day: number, month: number): boolean => day >= 1 && day <= 31 && month >= 1 && month <= 12
/** Nobody plans for the year 4023: such a date is a slip. */
const isYear = (year: number | undefined): boolean => year === undefined || (year >= 1900 && year < 2100)
const dateNode = (day: number, month: number, year?: number): Node | null =>
  isDay(day, month) && isYear(year) ? { kind: 'date', day, month, year } : null
/** «23» is 2023. */
const fullYear = (year: number): number => (year < 100 ? 2000 + year : year)

const SIGNS: Record<string, Node['kind']> = {
  ',': 'comma',
  ';': 'semicolon',
  ':': 'colon',
  '(': 'open',
  '[': 'open',
  ')': 'close',
  ']': 'close',
  '/': 'slash',
  '-': 'dash',
  '&': 'and',
  '+': 'and',
  '?': 'doubtful',
  '•': 'comma',
  '·': 'comma',
}

/** What is more than letters, tried in order where a word may begin. A reader that gives null lets the next one try. */
const readers: Reader[] = [
  {
    looksLike: /(20\d\d|19\d\d)[-.](\d\d)[-.](\d\d)(?!\d)/y,
    read: ([, y, m, d]) => dateNode(Number(d), Number(m), Number(y)),
  },
  {
    looksLike: /(\d{1,2})\s?([./])\s?(\d{1,2})\s?\2\s?(\d{4}|\d\d)(?!\d)/y,
    read: ([text, d, , m, y]) => dateNode(Number(d), Number(m), fullYear(Number(y))) ?? unknown(text),
  },
  { looksLike: /(\d\d),(\d\d),(\d{4})(?!\d)/y, read: ([, d, m, y]) => dateNode(Number(d), Number(m), Number(y)) },
  { looksLike: /(\d{1,2})-(\d{1,2})-(\d{4})(?!\d)/y, read: ([, d, m, y]) => dateNode(Number(d), Number(m), Number(y)) },
  {
    looksLike: /(0?[1-9]|1[0-2])\s?[./]\s?((?:19|20)\d\d)(?!\d)/y,
    read: ([, m, y]) => [{ kind: 'month', month: Number(m) }, years(Number(y))],
  },
  {
    looksLike: /([ivx]{1,4})\s?[./]\s?((?:19|20)\d\d)(?!\d)/iy,
    read: ([, month, year]) => romanMonth(month!, Number(year)),
  },
  { looksLike: /(\d{1,2}):(\d\d)(?!\d)/y, read: () => [] },
  { looksLike: /(\d{1,2})\.(\d{1,2})(?!\d)/y, read: ([, d, m]) => dateNode(Number(d), Number(m)) },
  { looksLike: /([01]?\d|2[0-3])\.([0-5]\d)(?!\d)/y, read: () => [] },
  {
    looksLike: /((?:19|20)\d\d)\s?([-/])\s?(\d\d)(?!\s?\d|\s?[.]\s?\d)/y,
    read: ([, first, sign, last]) => (isYearAfter(Number(last), Number(first)) ? twoYears(Number(first), sign!) : null),
  },
  { looksLike: /(20)\s(\d\d)(?=\s?(?:год|г[. ]|г$))/iy, read: ([, , year]) => years(2000 + Number(year)) },
  { looksLike: /((?:19|20)\d\d)(?:-?(?:й|го|м|му))?(?![\d\p{L}])/uy, read: ([, year]) => years(Number(year)) },
  { looksLike: /((?:19|20)\d\d)(?!\d)/y, read: ([, year]) => years(Number(year)) },
  { looksLike: /([ivxхі]+)(?:-?(?:й|ый|ой|ое|ая|ом|м|го|е|я))?(?![\d\p{L}])/iuy, read: ([, text]) => roman(text!) },
  {
    looksLike:
      /([1il|іӏvуyxхпш]+)(?:-?(?:й|ый|ой|ое|ая|ом|м|го|е|я))?(?=[\s,.и-]{0,4}(?:[1il|іӏvуyxхпш]{1,4}[\s.-]{0,3})?(?:кв|полуг|четв|трим|декад|пг))/iuy,
    read: ([, text]) => roman(text!),
  },
  { looksLike: /(\d{1,3})-?(?:ти|х|ми|мя)(?![\d\p{L}])/iuy, read: ([, value]) => number(Number(value), false) },
  {
    looksLike: /(\d{1,3})-?(?:ого|его|ому|ему|ый|ой|ий|ая|яя|ое|ее|ом|ем|ую|го|му|ые|ых|й|я|е|м|ю)(?![\d\p{L}])/iuy,
    read: ([, value]) => number(Number(value), true),
  },
  { looksLike: /(\d{1,3})(?!\d)/y, read: ([, value]) => number(Number(value), false) },
  { looksLike: /\d+/y, read: ([text]) => unknown(text) },
]

function unknown(text: string): Node {
  return { kind: 'word', text, capitals: false }
}

function isYearAfter(last: number, first: number): boolean {
  return last === (first + 1) % 100
}

function twoYears(first: number, sign: string): Node[] {
  return [years(first), { kind: sign === '/' ? 'slash' : 'dash' }, years(first + 1)]
}

function romanMonth(text: string, year: number): Node[] | null {
  const month = ROMAN.indexOf(text.toLowerCase()) + 1
  return month > 0 ? [{ kind: 'month', month }, years(year)] : null
}

function roman(text: string): Node | null {
  if (/^1+$/.test(text) || !/[^1]/.test(text)) return null
  const letters = Array.from(text.toLowerCase(), (letter) => ROMAN_ALIKE[letter] ?? letter).join('')
  const value = ROMAN.indexOf(letters) + 1
  return value > 0 ? number(value, true) : null
}

/** The nodes of `phrase`, one for each word, number and sign that says something. */
export function lex(phrase: string): Lexed {
  const text = SHORTHAND.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), tidy(phrase))
  const nodes: Node[] = []
  let guessed = false
  for (let at = 0; at < text.length; ) {
    const step = signAt(text, at) ?? valueAt(text, at) ?? wordAt(text, at) ?? { nodes: [], end: at + 1, guessed: false }
    nodes.push(...step.nodes)
    guessed ||= step.guessed
    at = step.end
  }
  return { nodes, guessed }
}

type Step = { nodes: Node[]; end: number; guessed: boolean }

function signAt(text: string, at: number): Step | null {
  const kind = SIGNS[text[at]!]
  return kind ? { nodes: [{ kind } as Node], end: at + 1, guessed: false } : null
}

function valueAt(text: string, at: number): Step | null {
  for (const { looksLike, read } of readers) {
    looksLike.lastIndex = at
    const found = looksLike.exec(text)
    const node = found && read(found)
    if (found && node) return { nodes: [node].flat(), end: at + found[0].length, guessed: false }
  }
  return null
}

const LETTERS = /\p{L}+/uy
/** A column's edge may break a word, with or without a hyphen; it is put together again where the parts are none. */
const BROKEN_ONCE = /(\p{L}+)(?:\s?-\s?|\s)(\p{L}+)/uy
const BROKEN_TWICE = /(\p{L}+)(?:\s?-\s?|\s)(\p{L}+)(?:\s?-\s?|\s)(\p{L}+)/uy

function wordAt(text: string, at: number): Step | null {
  LETTERS.lastIndex = at
  const [written] = LETTERS.exec(text) ?? []
  if (written === undefined) return null
  const joined = joinedAt(BROKEN_TWICE, text, at) ?? joinedAt(BROKEN_ONCE, text, at)
  if (joined) return joined
  const word = cyrillic(written)
  const meaning = meaningOf(word) ?? forgivenMeaningOf(word)
  const end = at + written.length
  if (!meaning) return { nodes: [{ kind: 'word', text: word, capitals: isCapitals(written) }], end, guessed: false }
  return { nodes: meaning.node ? [meaning.node] : [], end, guessed: meaning.guessed }
}

function joinedAt(broken: RegExp, text: string, at: number): Step | null {
  broken.lastIndex = at
  const [whole, ...parts] = broken.exec(text) ?? []
  const meaning = brokenMeaning(parts.map(cyrillic))
  if (whole === undefined || !meaning) return null
  return { nodes: meaning.node ? [meaning.node] : [], end: at + whole.length, guessed: false }
}

const SHORTEST_BROKEN = 4

/** What broken parts mean together. At least one of them must be no word by itself. */
function brokenMeaning(parts: string[]): Meaning | undefined {
  const whole = parts.join('')
  if (whole.length < SHORTEST_BROKEN || parts.every((part) => meaningOf(part))) return undefined
  return brokenMeaningOf(parts)
}

/** `word` in lower case, with Latin letters that look like Russian ones made Russian. */
function cyrillic(word: string): string {
  return Array.from(word, (letter) => LETTERS_ALIKE[letter] ?? letter)
    .join('')
    .toLowerCase()
}

function isCapitals(word: string): boolean {
  return word.length >= 2 && word === word.toUpperCase()
}
