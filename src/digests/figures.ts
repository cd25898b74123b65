/** How the tasks of a school, a section or a municipality stand. `doneLately`: since a week before; `all` leaves out what was cancelled. */
export type Figures = {
  overdue: number
  week: number
  waiting: number
  blocked: number
  doneLately: number
  done: number
  all: number
}

export type SchoolFigures = Figures & { organizationId: number; name: string }
export type SectionFigures = Figures & { section: string }
export type MunicipalityFigures = { schools: SchoolFigures[]; sections: SectionFigures[] }

const NONE: Figures = { overdue: 0, week: 0, waiting: 0, blocked: 0, doneLately: 0, done: 0, all: 0 }

/** The sums of `rows`. */
export function totalOf(rows: readonly Figures[]): Figures {
  return rows.reduce(
    (sum, row) => ({
      overdue: sum.overdue + row.overdue,
      week: sum.week + row.week,
      waiting: sum.waiting + row.waiting,
      blocked: sum.blocked + row.blocked,
      doneLately: sum.doneLately + row.doneLately,
      done: sum.done + row.done,
      all: sum.all + row.all,
    }),
    NONE,
  )
}

/** Schools in the order in which somebody should look at them: help asked for and overdue first, then what waits, then by name. */
export function byNeed(rows: readonly SchoolFigures[]): SchoolFigures[] {
  const need = (row: SchoolFigures): number => row.overdue * 10_000 + row.blocked * 1_000 + row.waiting * 100 + row.week
  return [...rows].sort((left, right) => need(right) - need(left) || left.name.localeCompare(right.name, 'ru'))
}

/** The mark of a school's line: red where something is overdue or stuck, orange where something waits or is due, green else. */
export function markOf(row: Figures): '🔴' | '🟠' | '🟢' {
  if (row.overdue > 0 || row.blocked > 0) return '🔴'
  return row.waiting > 0 || row.week > 0 ? '🟠' : '🟢'
}
