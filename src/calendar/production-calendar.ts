import { type PlainDate, Temporal } from '../kernel/clock.ts'

/** A day off moved from one day of the year to another, both as MM-DD: the first is then worked unless it is a public holiday. */
type Move = readonly [from: string, to: string]

/**
 * The days off that the Government of Russia moved, year by year, for the five-day week. What the Labour Code itself moves (see
 * `movedByCode`) is not listed. Days declared «нерабочие» by the President in 2020 and 2021 because of the pandemic, and the day of the
 * vote in 2020, are not part of the production calendar and are left out. A new decree is one more line here.
 */
const movedByDecree: Readonly<Record<number, readonly Move[]>> = {
  // № 1163 of 1 October 2018
  2019: [
    ['01-05', '05-02'],
    ['01-06', '05-03'],
    ['02-23', '05-10'],
  ],
  // № 875 of 10 July 2019
  2020: [
    ['01-04', '05-04'],
    ['01-05', '05-05'],
  ],
  // № 1648 of 10 October 2020
  2021: [
    ['01-02', '11-05'],
    ['01-03', '12-31'],
    ['02-20', '02-22'],
  ],
  // № 1564 of 16 September 2021
  2022: [
    ['01-01', '05-03'],
    ['01-02', '05-10'],
    ['03-05', '03-07'],
  ],
  // № 1505 of 29 August 2022
  2023: [
    ['01-01', '02-24'],
    ['01-08', '05-08'],
  ],
  // № 1314 of 10 August 2023
  2024: [
    ['01-06', '05-10'],
    ['01-07', '12-31'],
    ['04-27', '04-29'],
    ['11-02', '04-30'],
    ['12-28', '12-30'],
  ],
  // № 1335 of 4 October 2024
  2025: [
    ['01-04', '05-02'],
    ['01-05', '12-31'],
    ['02-23', '05-08'],
    ['03-08', '06-13'],
    ['11-01', '11-03'],
  ],
  // № 1466 of 24 September 2025
  2026: [
    ['01-03', '01-09'],
    ['01-04', '12-31'],
  ],
  // № 1187 of 17 September 2026
  2027: [
    ['01-02', '11-05'],
    ['01-03', '12-31'],
    ['02-20', '02-22'],
  ],
}

/** Labour Code, article 112, first part. A day off that falls on one of these in January is moved by decree only. */
const januaryHolidays = ['01-01', '01-02', '01-03', '01-04', '01-05', '01-06', '01-07', '01-08']
const otherHolidays = ['02-23', '03-08', '05-01', '05-09', '06-12', '11-04']

/** Whether no decree is known for `year`: its days off are then those of the Labour Code alone, and will change. */
export function isEstimated(year: number): boolean {
  return movedByDecree[year] === undefined
}

/**
 * The working days of `year` (five-day week) as a list indexed by the day of the year minus one. Without a decree for the year: weekends,
 * the holidays of article 112, and the moves that the article itself makes.
 */
export function workingDaysOfYear(year: number): boolean[] {
  const moves = movedByDecree[year] ?? []
  const working = weekdays(year)
  const set = (monthDay: string, value: boolean) => {
    working[dayOf(year, monthDay).dayOfYear - 1] = value
  }
  for (const [from] of moves) set(from, true)
  for (const [, to] of moves) set(to, false)
  for (const holiday of [...januaryHolidays, ...otherHolidays]) set(holiday, false)
  for (const index of movedByCode(year, moves, working)) working[index] = false
  return working
}

/**
 * Article 112, second part: a day off that falls on a holiday outside January moves to the next working day after it, unless the
 * Government moved it elsewhere. Gives indexes into `working`.
 */
function movedByCode(year: number, moves: readonly Move[], working: readonly boolean[]): number[] {
  const decreed = new Set(moves.map(([from]) => from))
  return otherHolidays
    .filter((holiday) => dayOf(year, holiday).dayOfWeek >= 6 && !decreed.has(holiday))
    .map((holiday) => working.indexOf(true, dayOf(year, holiday).dayOfYear))
}

function weekdays(year: number): boolean[] {
  const first = Temporal.PlainDate.from({ year, month: 1, day: 1 })
  return Array.from({ length: first.daysInYear }, (_, index) => (first.dayOfWeek - 1 + index) % 7 < 5)
}

function dayOf(year: number, monthDay: string): PlainDate {
  return Temporal.PlainMonthDay.from(monthDay).toPlainDate({ year })
}
