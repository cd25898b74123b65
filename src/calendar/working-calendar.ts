import { type PlainDate, Temporal } from '../kernel/clock.ts'
import { isEstimated, workingDaysOfYear } from './production-calendar.ts'

/** A day that a municipality works, or does not, whatever the production calendar says. `day` is YYYY-MM-DD. */
export type DayOverride = { day: string; working: boolean }

/** Which days are worked: the production calendar of Russia for the five-day week, with a municipality's own changes. */
export interface WorkingCalendar {
  isWorking(day: PlainDate): boolean
  /** `day` itself if it is worked, else the first working day after it. */
  nextWorking(day: PlainDate): PlainDate
  /** `day` itself if it is worked, else the last working day before it. */
  previousWorking(day: PlainDate): PlainDate
  /** How many working days come after `from`, up to and including `to`; negative where `to` lies before `from`. */
  workingDaysBetween(from: PlainDate, to: PlainDate): number
  /** The `count`-th working day after `day` (before it where `count` is negative); `day` itself for 0. */
  addWorkingDays(day: PlainDate, count: number): PlainDate
  /** The first working day of the ISO week of `day`, or undefined where the whole week is off (1 to 7 January 2024). */
  firstWorkingDayOfWeek(day: PlainDate): PlainDate | undefined
  /** Whether the Government's moves of days off are not known for `year`, so that its days may still change. */
  isEstimated(year: number): boolean
}

/** The working calendar with `overrides` (the last one counts where a day is named twice). Throws RangeError on a day that is no date. */
export function workingCalendar(overrides: readonly DayOverride[] = []): WorkingCalendar {
  const isWorking = workingDays(overrides)
  const seek = (day: PlainDate, step: 1 | -1): PlainDate => {
    let found = day
    while (!isWorking(found)) found = found.add({ days: step })
    return found
  }
  return {
    isWorking,
    isEstimated,
    nextWorking: (day) => seek(day, 1),
    previousWorking: (day) => seek(day, -1),
    workingDaysBetween(from, to) {
      if (Temporal.PlainDate.compare(from, to) > 0) return -this.workingDaysBetween(to, from)
      return daysFrom(from.add({ days: 1 }), from.until(to).days).filter(isWorking).length
    },
    addWorkingDays(day, count) {
      const step = count < 0 ? -1 : 1
      let found = day
      for (let left = Math.abs(count); left > 0; left--) found = seek(found.add({ days: step }), step)
      return found
    },
    firstWorkingDayOfWeek: (day) => daysFrom(day.subtract({ days: day.dayOfWeek - 1 }), 7).find(isWorking),
  }
}

/** The question «is it worked?», each year being read from the table once. */
function workingDays(overrides: readonly DayOverride[]): (day: PlainDate) => boolean {
  const years = new Map<number, boolean[]>()
  const read = (year: number): boolean[] => {
    const days = workingDaysOfYear(year)
    years.set(year, days)
    return days
  }
  for (const { day, working } of overrides) {
    const date = Temporal.PlainDate.from(day)
    const days = years.get(date.year) ?? read(date.year)
    days[date.dayOfYear - 1] = working
  }
  return (day) => (years.get(day.year) ?? read(day.year))[day.dayOfYear - 1] === true
}

function daysFrom(first: PlainDate, count: number): PlainDate[] {
  return Array.from({ length: count }, (_, days) => first.add({ days }))
}
