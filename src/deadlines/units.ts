import { type PlainDate, Temporal } from '../kernel/clock.ts'
import type { Period, Window } from './schedule.ts'

/** What a repetition is counted in. `year` follows the period: in an academic one it is the period itself, and `half` its two halves. */
export type Rhythm =
  | 'year'
  | 'school-year'
  | 'half'
  | 'school-half'
  | 'third'
  | 'quarter'
  | 'term'
  | 'trimester'
  | 'two-months'
  | 'half-quarter'
  | 'month'
  | 'school-month' // of September to May
  | 'half-month'
  | 'ten-days'
  | 'two-weeks'
  | 'week'
  | 'two-years'
  | 'three-years'

export const SEPTEMBER = 9

/** The day `day` of `month`; a day that the month does not have is its last one. */
export function date(year: number, month: number, day: number): PlainDate {
  return Temporal.PlainDate.from({ year, month, day }, { overflow: 'constrain' })
}

/** From the first day of `firstMonth` to the last day of `lastMonth`, in the next year where the months run over a New Year. */
export function months(year: number, firstMonth: number, lastMonth: number): Window {
  return { from: date(year, firstMonth, 1), due: date(lastMonth < firstMonth ? year + 1 : year, lastMonth, 31) }
}

export function calendarYear(year: number): Window {
  return months(year, 1, 12)
}

/** The school year that begins in September of `year`, as pupils know it: to 31 May. */
export function schoolYear(year: number): Window {
  return months(year, SEPTEMBER, 5)
}

export function isBefore(one: PlainDate, other: PlainDate): boolean {
  return Temporal.PlainDate.compare(one, other) < 0
}

export function isInside(day: PlainDate, period: Period): boolean {
  return !isBefore(day, period.from) && !isBefore(period.to, day)
}

/** The part of `window` that lies in `period`, or null where none does. */
export function cut(window: Window, period: Period): Window | null {
  const from = isBefore(window.from, period.from) ? period.from : window.from
  const due = isBefore(period.to, window.due) ? period.to : window.due
  return isBefore(due, from) ? null : { from, due }
}

export function periodOf({ from, due }: Window): Period {
  return { from, to: due }
}

/** A period is academic when it is at most a year long and runs over a New Year. */
export function isAcademic({ from, to }: Period): boolean {
  return from.year < to.year && isBefore(to, from.add({ years: 1 }))
}

/** Whether the months of `period` may come twice, so that «март» does not say which. */
export function isLong({ from, to }: Period): boolean {
  return !isBefore(to, from.add({ years: 1 }))
}

/** The calendar years that `period` touches, and as many before and after it as asked for. */
export function yearsOf({ from, to }: Period, around = 0): number[] {
  return Array.from({ length: to.year - from.year + 1 + 2 * around }, (_, index) => from.year - around + index)
}

/** Spans of months by number, from 1: their first and last month. Those of the school count from September. */
export const QUARTERS: readonly (readonly [number, number])[] = [
  [1, 3],
  [4, 6],
  [7, 9],
  [10, 12],
]
export const HALVES: readonly (readonly [number, number])[] = [
  [1, 6],
  [7, 12],
]
export const SCHOOL_HALVES: readonly (readonly [number, number])[] = [
  [9, 12],
  [1, 5],
]
export const TERMS: readonly (readonly [number, number])[] = [
  [9, 10],
  [11, 12],
  [1, 3],
  [4, 5],
]
export const TRIMESTERS: readonly (readonly [number, number])[] = [
  [9, 11],
  [12, 2],
  [3, 5],
]
const THIRDS: readonly (readonly [number, number])[] = [
  [1, 4],
  [5, 8],
  [9, 12],
]
const PAIRS: readonly (readonly [number, number])[] = [1, 3, 5, 7, 9, 11].map((month) => [month, month + 1] as const)
const MONTHS: readonly (readonly [number, number])[] = Array.from({ length: 12 }, (_, index) => [index + 1, index + 1])

const ofYear = (spans: readonly (readonly [number, number])[]) => (year: number) =>
  spans.map(([first, last]) => months(year, first, last))
const ofMonth = (firstDays: readonly number[]) => (year: number) =>
  MONTHS.flatMap(([month]) =>
    firstDays.map((day, index) => ({
      from: date(year, month, day),
      due: date(year, month, (firstDays[index + 1] ?? 32) - 1),
    })),
  )

/** The repetitions of a rhythm that begin in a year, by the tables of deadlines.md («Repetitions», «Finer points»). */
const beginningIn: Record<
  Exclude<Rhythm, 'week' | 'two-weeks' | 'two-years' | 'three-years'>,
  (year: number) => Window[]
> = {
  year: (year) => [calendarYear(year)],
  'school-year': (year) => [schoolYear(year)],
  half: ofYear(HALVES),
  'school-half': ofYear(SCHOOL_HALVES),
  third: ofYear(THIRDS),
  quarter: ofYear(QUARTERS),
  term: ofYear(TERMS),
  trimester: ofYear(TRIMESTERS),
  'two-months': ofYear(PAIRS),
  'half-quarter': (year) =>
    QUARTERS.flatMap(([first, last]) => [
      { from: date(year, first, 1), due: date(year, first + 1, 15) },
      { from: date(year, first + 1, 16), due: date(year, last, 31) },
    ]),
  month: ofYear(MONTHS),
  'school-month': ofYear(MONTHS.filter(([month]) => month < 6 || month >= SEPTEMBER)),
  'half-month': ofMonth([1, 16]),
  'ten-days': ofMonth([1, 11, 21]),
}

/**
 * Every repetition of `rhythm` that meets `period`, whole: the caller cuts. Weeks are Monday to Friday.
 * Longer blocks of years are counted from the period's first year.
 */
export function repetitions(rhythm: Rhythm, period: Period): Window[] {
  return allRepetitions(rhythm, period).filter((window) => cut(window, period) !== null)
}

function allRepetitions(rhythm: Rhythm, period: Period): Window[] {
  if (rhythm === 'week') return weeks(period, 7)
  if (rhythm === 'two-weeks') return weeks(period, 14)
  if (rhythm === 'two-years') return blocksOfYears(period, 2)
  if (rhythm === 'three-years') return blocksOfYears(period, 3)
  if (isAcademic(period) && rhythm === 'year') return [{ from: period.from, due: period.to }]
  if (isAcademic(period) && rhythm === 'half') return allRepetitions('school-half', period)
  return yearsOf(period, 1).flatMap(beginningIn[rhythm])
}

function weeks(period: Period, stepDays: 7 | 14): Window[] {
  const windows: Window[] = []
  let monday = period.from.subtract({ days: period.from.dayOfWeek - 1 })
  while (!isBefore(period.to, monday)) {
    windows.push({ from: monday, due: monday.add({ days: stepDays - 3 }) })
    monday = monday.add({ days: stepDays })
  }
  return windows
}

function blocksOfYears(period: Period, years: number): Window[] {
  const starts = yearsOf(period).filter((_, index) => index % years === 0)
  return starts.map((year) => ({ from: date(year, 1, 1), due: date(year + years - 1, 12, 31) }))
}

/** `windows` by due date, then by start, each once. */
export function sorted(windows: Window[]): Window[] {
  const byDay = [...windows].sort(
    (one, other) => Temporal.PlainDate.compare(one.due, other.due) || Temporal.PlainDate.compare(one.from, other.from),
  )
  return byDay.filter((window, index) => index === 0 || !isSame(window, byDay[index - 1]!))
}

export function isSame(one: Window, other: Window): boolean {
  return one.from.equals(other.from) && one.due.equals(other.due)
}
