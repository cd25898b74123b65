import type { Piece } from './nodes.ts'
import { spanIn } from './pieces.ts'
import type { Period, Window } from './schedule.ts'
import { cut, date, isAcademic, isBefore, isInside, isLong, yearsOf } from './units.ts'

/** Windows with the doubt that came up while they were found. */
export type Resolved = { windows: Window[]; doubt: boolean }

/** Which of several readings is taken where a phrase leaves it open; the first of each is the rule of deadlines.md. */
export type Choices = {
  /** «до мая»: before it begins, or to its end. */
  edge: 'rule' | 'other'
  /** A month with no year that fits more than once: every one, or only the first, or the one before the period. */
  undated: 'every' | 'first' | 'earlier'
  /** «декабрь, январь 2023»: over the New Year, or as written. */
  newYear: 'over' | 'as-written'
  /** «постоянно, отчёт 1 раз в полугодие»: the report, or the work. */
  report: 'repetition' | 'work'
}

export const RULE: Choices = { edge: 'rule', undated: 'every', newYear: 'over', report: 'repetition' }

/** The stretches of the calendar that `piece` names, by the years said or else by the period; roles are not looked at. */
export function stretches(piece: Piece, period: Period, choices: Choices): Resolved {
  if (piece.years.length > 0) return datedStretches(piece, period)
  const academic = isAcademic(period)
  const spans = yearsOf(period, 1).map((year) => piece.span(year, academic))
  const inside = spans.filter((span) => fits(span, piece, period))
  if (inside.length === 0) return { windows: nextAfter(spans, period), doubt: true }
  if (choices.undated === 'earlier' && isAtWrapOf(inside[0]!, period))
    return { windows: [piece.span(inside[0]!.from.year - 1, academic)], doubt: true }
  if (isLong(period) && choices.undated === 'every') return { windows: inside, doubt: true }
  const runsOut = piece.grain === 'range' && !isInside(inside[0]!.due, period)
  return { windows: inside.slice(0, 1), doubt: inside.length > 1 || runsOut || isAtWrapOf(inside[0]!, period) }
}

function datedStretches(piece: Piece, period: Period): Resolved {
  const academic = isAcademic(period) && piece.grain === 'half'
  const windows = piece.years.map((named) => spanIn(piece, named, academic))
  const isEdgeOfSchoolYear =
    piece.years.some(({ school }) => school) && windows.some(({ from }) => from.month >= 6 && from.month <= 8)
  return { windows, doubt: isEdgeOfSchoolYear && piece.grain !== 'season' }
}

/** A point in time is inside by the day that counts; a stretch already when some of it is. */
function fits(span: Window, { role, grain }: Piece, period: Period): boolean {
  if (role === 'until') return isInside(span.due, period)
  if (role === 'before') return isInside(span.from.subtract({ days: 1 }), period)
  if (role === 'since' || role === 'after') return isInside(span.from, period)
  if (grain === 'year' || grain === 'range' || grain === 'school-year') return isInside(span.from, period)
  return cut(span, period) !== null
}

function nextAfter(spans: Window[], period: Period): Window[] {
  const next = spans.find(({ from }) => !isBefore(from, period.from)) ?? spans.at(-1)
  return next ? [next] : []
}

/** The last month of a whole school year is also the month just before it: «август» may mean either. */
function isAtWrapOf({ due }: Window, period: Period): boolean {
  const wholeYear = period.to.equals(period.from.add({ years: 1 }).subtract({ days: 1 }))
  return isAcademic(period) && wholeYear && due.month === period.to.month && due.year === period.to.year
}

/** The windows of `piece` in its role: «до» begins with the period, «с» ends with it. */
export function windowsOf(piece: Piece, period: Period, choices: Choices): Resolved {
  const other = piece.edgeUnclear && choices.edge === 'other'
  const role = other ? (piece.role === 'before' ? 'until' : piece.role === 'until' ? 'before' : piece.role) : piece.role
  const { windows, doubt } = stretches(piece, period, choices)
  const impossible = piece.lastDay !== undefined && windows.some(({ due }) => due.day !== piece.lastDay)
  const inEveryYear = piece.years.length === 0 && windows.length > 1
  const whole = (window: Window) => (inEveryYear ? fromNewYear(window, period) : period)
  return {
    windows: windows.map((window) => inRole(window, role, whole(window))),
    doubt: doubt || impossible || piece.doubt || piece.edgeUnclear,
  }
}

/** Of a day that comes in every year, each year's work begins with that year. */
function fromNewYear({ due }: Window, period: Period): Period {
  const newYear = date(due.year, 1, 1)
  return { from: isBefore(newYear, period.from) ? period.from : newYear, to: period.to }
}

function inRole(stretch: Window, role: Piece['role'], period: Period): Window {
  if (role === 'until') return untilDay(stretch.due, period)
  if (role === 'before') return untilDay(stretch.from.subtract({ days: 1 }), period)
  if (role === 'since') return fromDay(stretch.from, period)
  if (role === 'after') return fromDay(stretch.due.add({ days: 1 }), period)
  return stretch
}

function untilDay(due: Window['due'], period: Period): Window {
  return { from: isBefore(due, period.from) ? due : period.from, due }
}

function fromDay(from: Window['from'], period: Period): Window {
  return { from, due: isBefore(period.to, from) ? from : period.to }
}
