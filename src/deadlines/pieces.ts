import type { Grain, NamedYear, NodeOfKind, Part, Piece, Role, Unit } from './nodes.ts'
import type { Window } from './schedule.ts'
import {
  date,
  HALVES,
  isBefore,
  months,
  QUARTERS,
  SCHOOL_HALVES,
  SEPTEMBER,
  schoolYear,
  TERMS,
  TRIMESTERS,
} from './units.ts'

type PieceNode = NodeOfKind<'piece'>

/** A piece that is the time itself, with no year yet. */
export function piece(grain: Grain, span: Piece['span'], more: Partial<Piece> = {}): PieceNode {
  return { kind: 'piece', grain, span, years: [], role: 'at', doubt: false, edgeUnclear: false, ...more }
}

/** The days `first` to `last` of `month`; a day that the month lacks in that year is read as its last. */
export function daysPiece(first: number, last: number, month: number): PieceNode {
  return piece('day', (year) => ({ from: date(year, month, first), due: date(year, month, last) }), { lastDay: last })
}

export function monthPiece(month: number): PieceNode {
  return piece('month', (year) => months(year, month, month))
}

export function yearPiece(years: NamedYear[]): PieceNode {
  return piece('year', (year) => months(year, 1, 12), { years })
}

export function schoolYearPiece(years: NamedYear[]): PieceNode {
  return piece('school-year', schoolYear, { years })
}

/** Both years and all between them as one window. */
export function yearsRangePiece(first: number, last: number): PieceNode {
  return piece('year', (year) => ({ from: date(year, 1, 1), due: date(year + last - first, 12, 31) }), {
    years: [{ year: first, school: false }],
  })
}

const SEASONS = { winter: [12, 2], spring: [3, 5], summer: [6, 8], autumn: [9, 11], cold: [10, 3] } as const

/** A season as the calendar has it; the winter of a year is the one that ends in it. */
export function seasonPiece(season: keyof typeof SEASONS): PieceNode {
  const [first, last] = SEASONS[season]
  return piece('season', (year) => months(last < first ? year - 1 : year, first, last), { doubt: true })
}

type NumberedUnit = { spans: readonly (readonly [number, number])[]; grain: Grain; doubt: boolean }
const NUMBERED: Partial<Record<Unit, NumberedUnit>> = {
  quarter: { spans: QUARTERS, grain: 'quarter', doubt: false },
  term: { spans: TERMS, grain: 'term', doubt: true },
  trimester: { spans: TRIMESTERS, grain: 'term', doubt: true },
}

/** The `first` to `last` quarter, half, term or trimester; null where there is none of that number. */
export function numberedPiece(unit: Unit, first: number, last: number): PieceNode | null {
  if (unit === 'half') return halfPiece(first, last)
  const { spans, grain, doubt } = NUMBERED[unit] ?? { spans: [], grain: 'part', doubt: false }
  const start = spans[first - 1]
  const end = spans[last - 1]
  return start && end ? piece(grain, (year) => months(year, start[0], end[1]), { doubt }) : null
}

/** A half of the calendar year, or of the school year where the plan is academic or the phrase says so (`ofSchool`). */
export function halfPiece(first: number, last: number, ofSchool = false): PieceNode | null {
  if (!HALVES[first - 1] || !HALVES[last - 1]) return null
  return piece('half', (year, academic) => {
    const spans = academic || ofSchool ? SCHOOL_HALVES : HALVES
    return months(year, spans[first - 1]![0], spans[last - 1]![1])
  })
}

/** `part` of each stretch of `whole`. */
export function partOfPiece(part: Part, whole: Piece): PieceNode {
  const sample = part.of(whole.span(2023, true))
  const grain = sample.from.equals(sample.due) ? 'day' : 'part'
  return piece(grain, (year, academic) => part.of(whole.span(year, academic)), {
    years: whole.years,
    doubt: part.doubt || whole.doubt,
    part,
  })
}

/** `piece` in another role; `edgeUnclear` where people may mean the day before it or its last day. */
export function as(role: Role, of: Piece, more: Partial<Piece> = {}): PieceNode {
  return { kind: 'piece', ...of, role, ...more }
}

function runsOverNewYear(of: Piece): boolean {
  const { from, due } = of.span(2023, true)
  return from.year !== due.year
}

/** `piece` with the years that were said for it. */
export function withYears(of: Piece, years: NamedYear[]): PieceNode {
  const winterOfTwoYears =
    of.grain === 'season' && runsOverNewYear(of) && years.length === 2 && years[1]!.year === years[0]!.year + 1
  return { kind: 'piece', ...of, years: winterOfTwoYears ? [{ year: years[0]!.year, school: true }] : years }
}

/** The stretch of `piece` in a year that was named for it: for a school year, the one that begins between two Septembers. */
export function spanIn(of: Piece, { year, school }: NamedYear, academic: boolean): Window {
  if (!school) return of.span(year, academic)
  const early = of.span(year, true)
  return isBefore(early.from, date(year, SEPTEMBER, 1)) ? of.span(year + 1, true) : early
}

/**
 * From the first day of `start` to the last of `end` (the day before `end` where it is `before`). A year said once stands for both;
 * where the months then run backwards, the start belongs to the year before, which is doubtful only when the year was said.
 */
export function rangePiece(start: Piece, end: Piece): PieceNode {
  const shift = yearsBetween(start, end)
  const dueOf = (window: Window) => (end.role === 'before' ? window.from.subtract({ days: 1 }) : window.due)
  const years = start.years.length > 0 ? start.years : end.years.map((named) => startYear(named, shift))
  const saidOnce = start.years.length === 0 && end.years.some(({ school }) => !school)
  return piece(
    'range',
    (year, academic) => ({
      from: start.span(year, academic).from,
      due: dueOf(end.span(year + shift, academic)),
    }),
    { years, doubt: start.doubt || end.doubt || (saidOnce && shift > 0), edgeUnclear: end.edgeUnclear },
  )
}

function startYear({ year, school }: NamedYear, shift: number): NamedYear {
  return school ? { year, school } : { year: year - shift, school }
}

/** How many calendar years after `start` its range's end lies. */
function yearsBetween(start: Piece, end: Piece): number {
  const [first] = start.years
  const [last] = end.years
  if (first && last && !first.school && !last.school) return last.year - first.year
  if (first && last) return spanIn(end, last, true).from.year - spanIn(start, first, true).from.year
  return isBefore(end.span(2023, true).due, start.span(2023, true).from) ? 1 : 0
}
