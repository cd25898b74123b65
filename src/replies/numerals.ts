import { merged, type Token } from './tokens.ts'

/** Numbers as they are dictated; each row is one number with its cases. */
const CARDINALS: Record<number, string> = {
  1: 'один одна одно одного одной одному',
  2: 'два две двух двум двумя двое двоих',
  3: 'три трех трем тремя трое троих',
  4: 'четыре четырех четырем четверо',
  5: 'пять пяти пятеро',
  6: 'шесть шести шестеро',
  7: 'семь семи семеро',
  8: 'восемь восьми',
  9: 'девять девяти',
  10: 'десять десяти десятеро',
  11: 'одиннадцать одиннадцати',
  12: 'двенадцать двенадцати',
  13: 'тринадцать тринадцати',
  14: 'четырнадцать четырнадцати',
  15: 'пятнадцать пятнадцати',
  16: 'шестнадцать шестнадцати',
  17: 'семнадцать семнадцати',
  18: 'восемнадцать восемнадцати',
  19: 'девятнадцать девятнадцати',
  20: 'двадцать двадцати',
  30: 'тридцать тридцати',
  40: 'сорок сорока',
  50: 'пятьдесят пятидесяти',
  60: 'шестьдесят шестидесяти',
  70: 'семьдесят семидесяти',
  80: 'восемьдесят восьмидесяти',
  90: 'девяносто девяноста',
  100: 'сто ста',
  200: 'двести двухсот',
  300: 'триста трехсот',
  400: 'четыреста четырехсот',
  500: 'пятьсот пятисот',
}

const ORDINAL_STEMS: Record<number, string> = {
  1: 'перв',
  2: 'втор',
  4: 'четверт',
  5: 'пят',
  6: 'шест',
  7: 'седьм',
  8: 'восьм',
  9: 'девят',
  10: 'десят',
  11: 'одиннадцат',
  12: 'двенадцат',
  13: 'тринадцат',
  14: 'четырнадцат',
  15: 'пятнадцат',
  16: 'шестнадцат',
  17: 'семнадцат',
  18: 'восемнадцат',
  19: 'девятнадцат',
  20: 'двадцат',
  30: 'тридцат',
}
const ORDINAL_ENDINGS = ['ый', 'ой', 'ое', 'ая', 'ую', 'ого', 'ому', 'ом', 'ым']
const THIRD = ['третий', 'третье', 'третья', 'третью', 'третьего', 'третьему', 'третьей', 'третьем', 'третьим']

const cardinals = new Map(
  Object.entries(CARDINALS).flatMap(([value, words]) => words.split(' ').map((word) => [word, Number(value)] as const)),
)
const ordinals = new Map([
  ...Object.entries(ORDINAL_STEMS).flatMap(([value, stem]) =>
    ORDINAL_ENDINGS.map((ending) => [stem + ending, Number(value)] as const),
  ),
  ...THIRD.map((word) => [word, 3] as const),
])

/** `tokens` with dictated numbers as number and ordinal tokens: «двадцать четыре» is 24, «двадцать пятого» the 25th. */
export function withNumerals(tokens: readonly Token[]): Token[] {
  const read: Token[] = []
  for (let at = 0; at < tokens.length; ) {
    const length = numeralLength(tokens, at)
    read.push(length > 0 ? numeral(tokens.slice(at, at + length)) : tokens[at]!)
    at += Math.max(1, length)
  }
  return read
}

function numeral(words: readonly Token[]): Token {
  const values = words.map(({ word }) => cardinals.get(word) ?? ordinals.get(word)!)
  return merged(words, {
    word: words.map(({ word }) => word).join(' '),
    kind: ordinals.has(words.at(-1)!.word) ? 'ordinal' : 'number',
    value: values.reduce((sum, value) => sum + value),
  })
}

/** How many tokens from `at` make one number: hundreds, then tens, then units, the last of them perhaps an ordinal. */
function numeralLength(tokens: readonly Token[], at: number): number {
  let room = Number.POSITIVE_INFINITY
  let length = 0
  for (let token = tokens[at]; token?.kind === 'word'; token = tokens[at + length]) {
    const ordinal = ordinals.get(token.word)
    const value = cardinals.get(token.word) ?? ordinal
    if (value === undefined || value >= room) break
    length += 1
    if (ordinal !== undefined || value < 20) break
    room = value >= 100 ? 100 : 10
  }
  return length
}
