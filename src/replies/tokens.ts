import type { PlainDate } from '../kernel/clock.ts'
import { plainWord } from './letters.ts'
import type { TaskName } from './reply.ts'
import { spelledOut } from './spelling.ts'
import type { Meaning } from './vocabulary.ts'

/** How a day is spoken of: «12 марта» (on), «на 20 апреля» (target), «до пятницы» (until), «к пятнице» (by), «от 12 марта» (of a paper), «после каникул», «с 10 марта». */
export type DayRole = 'on' | 'target' | 'until' | 'by' | 'of' | 'after' | 'from'

/**
 * A day as said, read both ways: `done` as a day behind (never later than today), `due` as a day ahead. Null where that reading
 * makes no sense or names no single day. `side` tells which readings the words allow.
 */
export type SaidDay = {
  role: DayRole
  side: 'past' | 'ahead' | 'either'
  done: PlainDate | null
  due: PlainDate | null
}

/**
 * A piece of a reply. `text` is as written, from `start` to `end` of the reply; `word` is its plain form, spelling repaired.
 * `kind` tells what else is known: `dotted` is «12.03» or «1.3», a day or a number of the roadmap; `other` is what is never read (a phone, an address, a time).
 */
export type Token = {
  kind: 'word' | 'number' | 'ordinal' | 'dotted' | 'day' | 'tasks' | 'mark' | 'sign' | 'link' | 'other'
  text: string
  word: string
  start: number
  end: number
  value: number
  day: SaidDay | null
  tasks: TaskName[]
  meaning: Meaning | null
}

const LINK = String.raw`(?:https?:\/\/|www\.)[^\s<>«»"]+|(?<![\p{L}\p{N}@.])[\p{L}\p{N}][\p{L}\p{N}-]{0,62}(?:\.[\p{L}\p{N}-]{1,63}){0,5}\.(?:ru|рф|com|org|net|su|info|me|edu|site|online)(?![\p{L}\p{N}])(?:\/[^\s<>«»"]*)?`
const OTHER = [
  String.raw`[\p{L}\p{N}._+-]{1,64}@[\p{L}\p{N}.-]{1,200}`, // an e-mail address
  String.raw`(?:\+7|\b8)[ (-]{0,2}\d{3}[ )-]{0,2}\d{3}[ -]?\d{2}[ -]?\d{2}(?!\d)`, // a phone
  String.raw`\d{1,2}:\d{2}(?!\d)`, // a time of day
  String.raw`(?:19|20)\d{2}\s?[-–/]\s?(?:19|20)?\d{2}(?![\d.-])`, // a school year
  String.raw`\d{7,}`,
]
const PIECES = new RegExp(
  [
    `(?<link>${LINK})`,
    String.raw`(?<iso>(?:19|20)\d{2}-\d{2}-\d{2}(?!\d))`,
    `(?<other>${OTHER.join('|')})`,
    String.raw`(?<slashed>\d{1,2}[/-]\d{1,2}[/-](?:20)?\d{2}(?!\d))`,
    String.raw`(?<dotted>\d{1,3}(?:\.\d{1,4}){1,4}(?!\d))`,
    String.raw`(?<decimal>\d+,\d+(?=\s*(?:%|проц|балл|час|тыс|млн|руб)))`,
    String.raw`(?<thousands>[1-9]\d{0,2}(?: \d{3}){1,3}(?=\s+\p{L}))`,
    String.raw`(?<ordinal>\d+(?:-?(?:ого|его|ому|ему|ое|ее|ый|ий|ой|ая|ую|го|му|е|й|я|ю|м|х))(?![\p{L}\p{N}]))`,
    String.raw`(?<number>\d+(?:\uFE0F?\u20E3|-?(?:ти|ми|мя|ью)(?![\p{L}\p{N}]))?)`,
    String.raw`(?<short>т\.\s?к\.|(?<!\p{L})т\sк(?!\p{L}))`,
    String.raw`(?<word>[\p{L}\p{M}]+(?:[-'’][\p{L}\p{M}]+)*)`,
    String.raw`(?<sign>\++|[✓✔☑√]|\p{Extended_Pictographic}|\p{Regional_Indicator})`,
    String.raw`(?<mark>\n|\.{2,}|[^\s\p{L}\p{N}])`,
  ].join('|'),
  'giu',
)

/** The pieces of a reply in order. `text` is the reply with nothing removed; positions are those of JavaScript strings. Takes time linear in its length. */
export function tokensOf(text: string): Token[] {
  return [...text.matchAll(PIECES)].flatMap(tokensOfMatch)
}

function tokensOfMatch(match: RegExpMatchArray): Token[] {
  const { link, iso, other, slashed, dotted, decimal, thousands, ordinal, number, short, word, sign } = match.groups!
  const at = match.index!
  if (link) return [aToken('link', withoutTrailingMarks(link), at)]
  if (iso) return [aToken('dotted', iso, at, iso.split('-').reverse().join('.'))]
  if (other) return [aToken('other', other, at)]
  if (slashed) return [aToken('dotted', slashed, at, slashed.split(/[/-]/u).join('.'))]
  if (dotted) return [aToken('dotted', dotted, at)]
  if (decimal) return [aNumber(decimal, at, Number(decimal.replace(',', '.')))]
  if (thousands) return [aNumber(thousands, at, Number(thousands.replaceAll(' ', '')))]
  if (ordinal)
    return [{ ...aToken('ordinal', ordinal, at, ordinal.toLowerCase()), value: Number.parseInt(ordinal, 10) }]
  if (number) return [aNumber(number, at, Number.parseInt(number, 10))]
  if (short) return [aToken('word', short, at, 'т.к')]
  if (word) return spelledOut(plainWord(word)).map((plain) => aToken('word', word, at, plain))
  if (sign) return [aToken('sign', sign, at, sign.startsWith('+') ? '+' : sign)]
  return [aToken('mark', match[0], at)]
}

function aNumber(text: string, start: number, value: number): Token {
  return { ...aToken('number', text, start), value }
}

function aToken(kind: Token['kind'], text: string, start: number, word = text): Token {
  return { kind, text, word, start, end: start + text.length, value: 0, day: null, tasks: [], meaning: null }
}

/** One token in place of `tokens` (not empty), from the first of them to the last, with what `known` adds. */
export function merged(tokens: readonly Token[], known: Partial<Token>): Token {
  const first = tokens[0]!
  const last = tokens.at(-1)!
  return { ...first, end: last.end, text: tokens.map(({ text }) => text).join(' '), ...known }
}

/** A link without the punctuation of the sentence that it ends. */
function withoutTrailingMarks(link: string): string {
  let end = link.length
  while (end > 0 && '.,;:!?)]}…'.includes(link[end - 1]!)) end -= 1
  return link.slice(0, end)
}
