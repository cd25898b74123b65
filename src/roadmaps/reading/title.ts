import { foldText } from './content.ts'

const TITLE =
  /^(?:проект\s+)?(?:["«“]?дорожн\p{L}* карт|(?:муниципальн|комплексн|единый|сводн|межведомственн|рабоч|годов|районн|городск|перспективн|календарн|примерн|типов)\p{L}*\s+(?:\p{L}+\s+)?(?:план|программ|комплекс|["«“]?дорожн|график|проект)|план(?!ир)|комплекс мер|система мер|комплексный|мероприятия|перечень мероприят|график|программа|циклограмма|календарь)/iu

const MENTIONS_PLAN = /план|дорожн|мероприят|программ/i
const NAMES_YEAR = /20\d\d/

/** What stands beside a title but is none: approvals, appendices, dates of orders. */
const BESIDE =
  /^(?:приложение|утвержд|согласован|к приказу|к письму|от\s+[«"_\d]|№|приказ|начальник|заместитель|директор|[«"_]+\s*\d*\s*[»"_]+)/i

/** A paragraph that is longer is body text. */
const LONGEST_TITLE = 450
const MOST_LINES = 8

/** The title of a roadmap among the paragraphs before its table, and which of them it takes up. */
export type FoundTitle = { text: string; from: number; to: number }

/**
 * The first run of paragraphs that begins with «План», «Дорожная карта» or the like. A run goes on over empty lines where the
 * next one only continues the sentence («на 2023 год»).
 */
export function findTitle(paragraphs: string[]): FoundTitle | null {
  const texts = paragraphs.map(foldText)
  const from = startOf(texts)
  if (from < 0) return null
  let to = from + 1
  while (to < texts.length && to - from < MOST_LINES && goesOn(texts, from, to)) to += 1
  const run = texts.slice(from, to).filter((text) => text !== '')
  return { text: run.join(' '), from, to: from + lastFilled(texts.slice(from, to)) + 1 }
}

function startOf(texts: string[]): number {
  const fits = (text: string) => text.length <= LONGEST_TITLE && !/[;:]$/.test(text) && !isSentence(text)
  const first = (test: RegExp) => texts.findIndex((text) => test.test(text) && fits(text) && !BESIDE.test(text))
  return [TITLE, MENTIONS_PLAN, NAMES_YEAR].map(first).find((at) => at >= 0) ?? -1
}

function lastFilled(texts: string[]): number {
  return texts.findLastIndex((text) => text !== '')
}

function goesOn(texts: string[], from: number, to: number): boolean {
  const text = texts[to] ?? ''
  if (text === '') return goesOnAfterGap(texts[to + 1] ?? '')
  if (BESIDE.test(text) || text.length > LONGEST_TITLE || isSentence(text)) return false
  if (texts[to - 1] === '') return goesOnAfterGap(text)
  const before = texts.slice(from, to).join(' ')
  return isUnfinished(before) || goesOnAfterGap(text) || (!ENDS_WITH_YEAR.test(before) && isLineOfTitle(text))
}

const ENDS_WITH_YEAR = /20\d\d\s*(?:г\.?|гг\.?|год[а-я]*|уч[а-я.]*\s*г[а-я.]*)?[»")]*$/i
const NEXT_CHAPTER =
  /^(?:пояснит|паспорт|цел[ьи]|задач|раздел|срок|основани|общие положения|введение|нормативн|[IVX\d]+[.)])/i

function isSentence(text: string): boolean {
  return /[.;:]$/.test(text) && text.length > 120
}

/** A line right below the others, of whatever words: «Приозёрского муниципального округа». */
function isLineOfTitle(text: string): boolean {
  return text.length <= 160 && !/[.;:]$/.test(text) && !NEXT_CHAPTER.test(text)
}

function goesOnAfterGap(text: string): boolean {
  return /^(?:[\p{Ll}(«"]|20\d\d|НА |ПО |В |О |ОБ |С |ДЛЯ )/u.test(text) && text.length <= 250
}

/** Lines that end in the middle of a sentence: at a comma, a small word, an open quotation mark. */
function isUnfinished(text: string): boolean {
  const count = (sign: string) => text.split(sign).length
  return /(?:[,–—-]|(?:^|\s)(?:и|в|на|по|с|о|об|для|или|за|к|при|от|из|до|не))$/iu.test(text) || count('«') > count('»')
}
