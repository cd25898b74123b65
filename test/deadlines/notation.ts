import type { Period, Schedule } from '../../src/deadlines/schedule.ts'
import { Temporal } from '../../src/kernel/clock.ts'

/** `2023-01-01..2023-12-31` as a Period; a year is that calendar year, `2023/24` the school year of a plan, from September to August. */
export function period(text: string): Period {
  const academic = /^(\d{4})\/\d\d$/.exec(text)
  if (academic) return period(`${academic[1]}-09-01..${Number(academic[1]) + 1}-08-31`)
  const years = /^(\d{4})(?:-(\d{4}))?$/.exec(text)
  if (years) return period(`${years[1]}-01-01..${years[2] ?? years[1]}-12-31`)
  const [from, to] = text.split('..')
  return { from: Temporal.PlainDate.from(from!), to: Temporal.PlainDate.from(to!) }
}

/** A window as one reads it: a day, a month `2023-03`, months `2023-01..2023-06`, or two days. */
function expandedWindow(text: string): string {
  const [from, due = from] = text.split('..')
  const first = from!.length === 7 ? `${from}-01` : from!
  const last = due!.length === 7 ? Temporal.PlainYearMonth.from(due!).toPlainDate({ day: 31 }).toString() : due!
  return `${first}..${last}`
}

/** An expected reading in full: kind, windows, and «?» where it is ambiguous. The kind is `fixed` where windows stand without one. */
export function reading(expected: string): string {
  const ambiguous = expected.endsWith('?')
  const words = expected.replace('?', '').trim()
  const [, kind = 'fixed', list = ''] = /^(fixed|recurring|ongoing|unscheduled|unspecified)?\s*(.*)$/.exec(words) ?? []
  const windows = list === '' ? [] : list.split(/\s*,\s*/).map(expandedWindow)
  return shown(kind, windows, ambiguous)
}

/** A Schedule in the same form. */
export function shownSchedule({ kind, windows, ambiguous }: Schedule): string {
  return shown(
    kind,
    windows.map(({ from, due }) => `${from}..${due}`),
    ambiguous,
  )
}

function shown(kind: string, windows: string[], ambiguous: boolean): string {
  return [kind, windows.join(', '), ambiguous ? '?' : ''].filter((part) => part !== '').join(' ')
}
