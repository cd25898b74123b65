/** January first. Each row: nominative, genitive, prepositional, dative, and what phones and typists shorten it to. */
const MONTHS = [
  'январь января январе январю янв',
  'февраль февраля феврале февралю фев февр',
  'март марта марте марту мар',
  'апрель апреля апреле апрелю апр',
  'май мая мае маю',
  'июнь июня июне июню',
  'июль июля июле июлю',
  'август августа августе августу авг',
  'сентябрь сентября сентябре сентябрю сент сен',
  'октябрь октября октябре октябрю окт',
  'ноябрь ноября ноябре ноябрю нояб',
  'декабрь декабря декабре декабрю дек',
]

/** Monday first. */
const WEEKDAYS = [
  'понедельник понедельника понедельнику пн',
  'вторник вторника вторнику вт',
  'среда среду среды среде ср',
  'четверг четверга четвергу чт',
  'пятница пятницу пятницы пятнице пт',
  'суббота субботу субботы субботе сб',
  'воскресенье воскресенья воскресенью вс',
]

/** Days from today. */
const NEAR_DAYS: Record<string, number> = { позавчера: -2, вчера: -1, сегодня: 0, завтра: 1, послезавтра: 2 }

const months = indexOf(MONTHS)
const weekdays = indexOf(WEEKDAYS)

/** 1 for any form of «январь», 12 for «декабрь»; undefined for another word. */
export function monthOf(word: string | undefined): number | undefined {
  return word === undefined ? undefined : months.get(word)
}

/** 1 for Monday, 7 for Sunday; undefined for another word. */
export function weekdayOf(word: string | undefined): number | undefined {
  return word === undefined ? undefined : weekdays.get(word)
}

/** How far from today the word is, in days («вчера» is -1); undefined for another word. */
export function nearDayOf(word: string | undefined): number | undefined {
  return word === undefined || !Object.hasOwn(NEAR_DAYS, word) ? undefined : NEAR_DAYS[word]
}

/** The words of the calendar long enough to be told through a slip of one letter. */
export const CALENDAR_WORDS: readonly string[] = [
  ...months.keys(),
  ...weekdays.keys(),
  ...Object.keys(NEAR_DAYS),
].filter((word) => word.length >= 6 || word === 'вчера')

function indexOf(rows: readonly string[]): Map<string, number> {
  return new Map(rows.flatMap((row, at) => row.split(' ').map((word): [string, number] => [word, at + 1])))
}
