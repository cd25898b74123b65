import { type PlainDate, Temporal } from '../kernel/clock.ts'

/** Days from `from` to `to`, both inclusive. */
export type Span = { from: PlainDate; to: PlainDate }

export type Quarter = Span & { year: number; quarter: 1 | 2 | 3 | 4 }
export type Half = Span & { year: number; half: 1 | 2 }
export type IsoWeek = Span & { year: number; week: number }
/** `startYear` is the year of its September: 2025 for «2025-2026 учебный год». */
export type SchoolYear = Span & { startYear: number }

/** The days of `months` whole months, the first being `month` of `year`. */
function wholeMonths(year: number, month: number, months: number): Span {
  const from = Temporal.PlainDate.from({ year, month, day: 1 })
  return { from, to: from.add({ months }).subtract({ days: 1 }) }
}

/** A quarter of a calendar year. */
export function quarter(year: number, number: 1 | 2 | 3 | 4): Quarter {
  return { year, quarter: number, ...wholeMonths(year, number * 3 - 2, 3) }
}

/** The quarter in which `day` lies. */
export function quarterOf(day: PlainDate): Quarter {
  return quarter(day.year, Math.ceil(day.month / 3) as 1 | 2 | 3 | 4)
}

/** A half of a calendar year. */
export function half(year: number, number: 1 | 2): Half {
  return { year, half: number, ...wholeMonths(year, number * 6 - 5, 6) }
}

/** The half of the calendar year in which `day` lies. */
export function halfOf(day: PlainDate): Half {
  return half(day.year, day.month <= 6 ? 1 : 2)
}

/** The school year that begins on 1 September of `startYear`, summer holidays included: to 31 August. */
export function schoolYear(startYear: number): SchoolYear {
  return { startYear, ...wholeMonths(startYear, 9, 12) }
}

/** The school year in which `day` lies. */
export function schoolYearOf(day: PlainDate): SchoolYear {
  return schoolYear(day.month >= 9 ? day.year : day.year - 1)
}

/** The ISO 8601 week of `day`, Monday to Sunday. Its `year` is the week's own: 1 January 2027 lies in week 53 of 2026. */
export function isoWeekOf(day: PlainDate): IsoWeek {
  const from = day.subtract({ days: day.dayOfWeek - 1 })
  return { year: day.yearOfWeek!, week: day.weekOfYear!, from, to: from.add({ days: 6 }) }
}
