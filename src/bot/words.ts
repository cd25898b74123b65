import { createInstance } from 'i18next'
import { en } from '../../locales/en/index.ts'
import { ru } from '../../locales/ru/index.ts'
import { dayNear, daySpan, daysAway, type Language, weekdayDayMonth } from '../calendar/dates-in-words.ts'
import { escapeHtml } from '../delivery/screen.ts'
import type { Instant, PlainDate } from '../kernel/clock.ts'

const dictionary = createInstance()
void dictionary.init({
  resources: { ru: { translation: ru }, en: { translation: en } },
  fallbackLng: 'ru',
  initAsync: false,
  interpolation: { escape: escapeHtml, escapeValue: true },
  returnEmptyString: false,
})

type Leaves<Node, Path extends string = ''> = {
  [Key in keyof Node & string]: Node[Key] extends string ? `${Path}${Bare<Key>}` : Leaves<Node[Key], `${Path}${Key}.`>
}[keyof Node & string]
type Bare<Key extends string> = Key extends `${infer Stem}_${'one' | 'few' | 'many' | 'other'}` ? Stem : Key

/** A key of the locales: place and meaning, such as `task.card.due`. An unknown one does not compile. */
export type WordKey = Leaves<typeof ru>
export type Gaps = Record<string, string | number>

/**
 * The words of one language. Called, it gives text for a screen: HTML of the locale with the gaps escaped. `plain` gives a label of a button
 * or a keyboard, where nothing is markup. Days and moments are put in as words of the language, days near `today` by name.
 */
export type Say = ((key: WordKey, gaps?: Gaps) => string) & {
  language: Language
  plain(key: WordKey, gaps?: Gaps): string
  /** «12 марта», with the year where it is not this one. */
  day(day: PlainDate): string
  /** «пт, 12 марта». */
  weekday(day: PlainDate): string
  /** «через 3 дня», «2 дня назад». */
  away(day: PlainDate): string
  /** «1–31 марта». */
  span(from: PlainDate, to: PlainDate): string
  /** «12 марта, 09:30» in the municipality's zone. */
  moment(instant: Instant): string
}

const LANGUAGES = { ru: translatorOf('ru'), en: translatorOf('en') } as const satisfies Record<Language, object>

/** The words of a language with their gaps filled, and those that have none, which are put together once. */
function translatorOf(language: Language) {
  const translate = dictionary.getFixedT(language) as (key: string, options: object) => string
  const known = new Map<string, string>()
  const fixed = (key: string): string => {
    const words = known.get(key) ?? translate(key, {})
    known.set(key, words)
    return words
  }
  return { translate, fixed }
}

/** The words of `locale` for a municipality of `zone` on its `today`. An unknown locale reads as Russian. */
export function wordsOf(locale: string, today: PlainDate, zone: string): Say {
  const language: Language = locale === 'en' ? 'en' : 'ru'
  const { fixed, translate } = LANGUAGES[language]
  const say = (key: WordKey, gaps?: Gaps): string => (gaps ? translate(key, gaps) : fixed(key))
  return Object.assign(say, {
    language,
    plain: (key: WordKey, gaps?: Gaps) =>
      gaps ? translate(key, { ...gaps, interpolation: { escapeValue: false } }) : fixed(key),
    day: (day: PlainDate) => dayNear(day, today, language),
    weekday: (day: PlainDate) => weekdayDayMonth(day, language),
    away: (day: PlainDate) => daysAway(day, today, language),
    span: (from: PlainDate, to: PlainDate) => daySpan(from, to, language),
    moment: (instant: Instant) => {
      const local = instant.toZonedDateTimeISO(zone)
      return `${dayNear(local.toPlainDate(), today, language)}, ${local.toPlainTime().toString({ smallestUnit: 'minute' })}`
    },
  })
}

const LETTERS = new Intl.Segmenter('ru')

/** `words` cut to at most `length` characters at a word's end, with «…»; never in the middle of a letter or an emoji. */
export function shortened(words: string, length: number): string {
  const folded = words.replace(/\s+/g, ' ').trim()
  if (folded.length <= length) return folded // letters are never more than their code units
  const letters = [...LETTERS.segment(folded)].map((part) => part.segment)
  if (letters.length <= length) return folded
  const cut = letters.slice(0, length - 1).join('')
  const lastGap = cut.lastIndexOf(' ')
  return `${(lastGap > length * 0.4 ? cut.slice(0, lastGap) : cut).replace(/[\s,;:.–-]+$/, '')}…`
}
