import { type PlainDate, Temporal } from '../kernel/clock.ts'

/** The languages of the screens. */
export type Language = 'ru' | 'en'

const words = {
  ru: {
    months: 'января февраля марта апреля мая июня июля августа сентября октября ноября декабря'.split(' '),
    weekdays: 'пн вт ср чт пт сб вс'.split(' '),
    year: (year: number) => `${year} г.`,
  },
  en: {
    months: 'January February March April May June July August September October November December'.split(' '),
    weekdays: 'Mon Tue Wed Thu Fri Sat Sun'.split(' '),
    year: (year: number) => `${year}`,
  },
} as const

const relative = {
  ru: new Intl.RelativeTimeFormat('ru', { numeric: 'auto' }),
  en: new Intl.RelativeTimeFormat('en', { numeric: 'auto' }),
} as const

/** «12 марта», «12 March». */
export function dayMonth(day: PlainDate, language: Language): string {
  return `${day.day} ${words[language].months[day.month - 1]}`
}

/** «12 марта 2026 г.», «12 March 2026». */
export function dayMonthYear(day: PlainDate, language: Language): string {
  return `${dayMonth(day, language)} ${words[language].year(day.year)}`
}

/** «пт, 12 марта», «Fri, 12 March». */
export function weekdayDayMonth(day: PlainDate, language: Language): string {
  return `${words[language].weekdays[day.dayOfWeek - 1]}, ${dayMonth(day, language)}`
}

/** «12 марта», with the year where it is not that of `today`: the shortest wording that cannot be misread. */
export function dayNear(day: PlainDate, today: PlainDate, language: Language): string {
  return day.year === today.year ? dayMonth(day, language) : dayMonthYear(day, language)
}

/**
 * How far `day` is from `today`: «сегодня», «завтра», «через 3 дня», «вчера», «3 дня назад», «через 21 день»; «today», «in 3 days», «3 days ago».
 */
export function daysAway(day: PlainDate, today: PlainDate, language: Language): string {
  return relative[language].format(today.until(day, { largestUnit: 'day' }).days, 'day')
}

/** «1–15 марта», «28 февраля – 3 марта», «28 декабря 2026 г. – 3 января 2027 г.», one day as itself; both days inclusive. */
export function daySpan(from: PlainDate, to: PlainDate, language: Language): string {
  if (Temporal.PlainDate.compare(from, to) === 0) return dayMonth(from, language)
  if (from.year !== to.year) return `${dayMonthYear(from, language)} – ${dayMonthYear(to, language)}`
  if (from.month !== to.month) return `${dayMonth(from, language)} – ${dayMonth(to, language)}`
  return `${from.day}–${dayMonth(to, language)}`
}
