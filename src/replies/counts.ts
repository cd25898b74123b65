import { monthOf } from './calendar-words.ts'
import type { Count } from './reply.ts'
import type { Token } from './tokens.ts'

/** After these a number is a mark of something, not an amount: «приказ 45», «школа 7», «кабинет 12». */
const LABEL =
  /^(?:приказ|школ|сош|оош|гимнази|лице|мбоу|моу|мкоу|мбдоу|кабинет|каб|класс|пункт|номер|тел|телефон|протокол|распоряжени|письм|версия|этап|четверт|фгос|дом|страниц|стр|корпус|форма|приложение)/u
/** Lengths of time and classes are no counts. */
const NO_THING =
  /^(?:год|года|году|лет|г|гг|день|дня|дней|недел.*|месяц.*|час|часа|часов|ч|минут.*|мин|секунд.*|класс|класса|классе|классу|классы|кл|число|числа|четверт.*|квартал.*|полугоди.*|пункт.*|задач.*|вариант|раз|раза)$/u
const ADJECTIVE = /(?:ых|их|ые|ие|ый|ий|ой|ая|ое|ую)$/u
const COUNTED =
  /^(?:педагог|учител|человек|чел$|ученик|учащ|обучающ|дет|родител|участник|семь|семей|школ|слушател|балл|работ|анкет|класс|выпускник|сотрудник|мест|урок|заняти|мероприят)/u

/** The counts of a reply, in order: numbers that are no day, task, label, time or phone. `tokens` are those with days and tasks read. */
export function countsIn(tokens: readonly Token[]): Count[] {
  return tokens.flatMap((token, at) => {
    const count = token.kind === 'number' ? countAt(tokens, at) : null
    return count ? [count] : []
  })
}

function countAt(tokens: readonly Token[], at: number): Count | null {
  const { value } = tokens[at]!
  if (isLabelled(tokens, at) || isJoined(tokens, at) || tokens[at - 1]?.meaning === 'all') return null
  const percent = percentAt(tokens, at)
  if (percent) return { value, of: percent }
  const after = nounAfter(tokens, at + 1)
  if (after !== null && /^классов$/iu.test(after) && value >= 9 && value <= 11) return null
  if (after !== null)
    return NO_THING.test(after.toLowerCase()) && !ADJECTIVE.test(tokens[at + 1]!.word) ? null : { value, of: after }
  const before = nounBefore(tokens, at)
  return before === null ? null : { value, of: before }
}

function isLabelled(tokens: readonly Token[], at: number): boolean {
  const [before, further] = [tokens[at - 1], tokens[at - 2]]
  if (before?.text === '№' || before?.text === '#') return true
  const label = before?.text === '.' ? further : before
  return label?.kind === 'word' && LABEL.test(label.word) && !COUNTED.test(tokens[at + 1]?.word ?? '')
}

/** One end of a range («20-25 человек») is no count. */
function isJoined(tokens: readonly Token[], at: number): boolean {
  const joins = (joint: Token | undefined, end: Token | undefined) =>
    /^[-–—/]$/u.test(joint?.text ?? '') && end?.kind === 'number'
  return joins(tokens[at + 1], tokens[at + 2]) || joins(tokens[at - 1], tokens[at - 2])
}

/** «% охват» of «100% охват», «охват 100 %» and «100 процентов охвата»; «%» where nothing is named. */
function percentAt(tokens: readonly Token[], at: number): string | null {
  const sign = tokens[at + 1]
  if (sign?.text !== '%' && !/^проц/u.test(sign?.word ?? '')) return null
  const noun = plainNoun(tokens[at + 2]) ?? beforePercent(tokens, at)
  return noun ? `% ${noun}` : '%'
}

/** «охват 100%», «охват составил 100%»: the noun up to two places before. */
function beforePercent(tokens: readonly Token[], at: number): string | null {
  const before = tokens
    .slice(Math.max(0, at - 2), at)
    .findLast(({ word }) => /^(охват|явк|посещаемост|успеваемост|качеств|участи|выполнени|доля)/u.test(word))
  return before?.text ?? null
}

/** «24 педагога», «24 молодых педагога»: the noun as written; null where no noun follows. */
function nounAfter(tokens: readonly Token[], at: number): string | null {
  const first = tokens[at]
  if (first?.word === 'из' && tokens[at + 1]?.kind === 'number') return plainNoun(tokens[at + 2])
  if (first?.kind === 'word' && ADJECTIVE.test(first.word)) return plainNoun(tokens[at + 1]) ?? plainNoun(first)
  return plainNoun(first)
}

function plainNoun(token: Token | undefined): string | null {
  if (token?.kind !== 'word' || monthOf(token.word)) return null
  const isThing = token.meaning === null || /^(paper|event|resource|pupils|point)$/u.test(token.meaning)
  return isThing &&
    token.word.length > 1 &&
    !/^(?:из|на|по|до|от|за|при|для|под|об|во|ко|со|мы|их|то|там|как|она|оно|они|или)$/u.test(token.word)
    ? token.text
    : null
}

/** «педагогов 24», «присутствовало детей: 12»: the noun before; nothing after «было 24»; null where nothing is counted. */
function nounBefore(tokens: readonly Token[], at: number): string | null {
  const before = /^[-–—:]$/u.test(tokens[at - 1]?.text ?? '') ? tokens[at - 2] : tokens[at - 1]
  if (before?.kind !== 'word') return null
  if (COUNTED.test(before.word)) return before.text
  return before.meaning === 'was' || before.meaning === 'took part' || /^приш/u.test(before.word) ? '' : null
}
