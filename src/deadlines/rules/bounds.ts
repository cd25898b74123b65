import type { Node, NodeOfKind, Piece, Run } from '../nodes.ts'
import { type Rule, rule } from '../pattern.ts'
import { as, piece, rangePiece, schoolYearPiece, yearPiece, yearsRangePiece } from '../pieces.ts'
import { isBefore } from '../units.ts'

function isAt(of: Piece): boolean {
  return of.role === 'at'
}

/** A range is no end of another one: «март – май – июль» is not read. */
function isEnd(of: Piece): boolean {
  return isAt(of) && of.grain !== 'range'
}

/** «III квартал (до 15 сентября)»: the day lies in the stretch. */
function endsInside(whole: Piece, end: Piece): boolean {
  if (end.role !== 'until' || end.grain !== 'day' || whole.grain === 'day') return false
  const [{ from, due }, { due: last }] = [whole.span(2023, true), end.span(2023, true)]
  return !isBefore(last, from) && !isBefore(due, last)
}

/** «До 15 февраля» ends on that day; «до мая» before the month begins, unless «включительно» says otherwise: people mean both. */
function until(of: Piece, included: boolean): Node | null {
  if (!isAt(of)) return null
  if (of.grain === 'day') return as('until', of)
  return included ? as('until', of) : as('before', of, { edgeUnclear: true })
}

function calendarYears({ first, last }: Run): Node {
  return first === last ? yearPiece([{ year: first, school: false }]) : yearsRangePiece(first, last)
}

function schoolYears({ first, last }: Run): Node {
  const start = schoolYearPiece([{ year: first, school: false }])
  return first === last ? start : rangePiece(start, schoolYearPiece([{ year: last, school: false }]))
}

/** Years that stand for themselves: «2019-2020 годы», «2023-2024 учебный год». */
export const yearRules: readonly Rule[] = [
  rule('years', 'years', ({ years: { runs, school } }) => runs.map(school ? schoolYears : calendarYears), {
    '2023 год': '2023-01-01..2023-12-31',
    '2019-2020 годы': '2019-01-01..2020-12-31',
    '2023-2024 учебный год': '2023-09-01..2024-05-31',
  }),
]

/** Where work begins and ends: «до», «не позднее», «к», «с … по …». */
export const boundRules: readonly Rule[] = [
  rule('but not', 'per? except piece', () => ({ kind: 'doubtful' })),
  rule('but not something', 'per? except', () => ({ kind: 'doubtful' })),
  rule('until and including', 'until|by|through|not-later piece inclusive', ({ piece: of }) => until(of, true), {
    'до мая включительно': '2023-01-01..2023-05-31',
  }),
  rule('some time before a date', 'per size:numbers? unit until piece', ({ size, unit, piece: of }) =>
    isAt(of) ? ahead(of, size?.runs[0]?.first ?? 1, unit) : null,
  ),
  rule('what a date is for', 'per piece dash|comma? end:until', ({ end }) => [{ kind: 'doubtful' }, end]),
  rule('until', 'until piece', ({ piece: of }) => until(of, false), {
    'до 15 февраля 2023': '2023-01-01..2023-02-15',
    'до мая 2023 года': '2023-01-01..2023-04-30 ?',
    'до 2025 года': '2023-01-01..2024-12-31 ?',
  }),
  rule('by', 'by piece', ({ piece: of }) => until(of, false), { 'к маю 2023': '2023-01-01..2023-04-30 ?' }),
  rule('a range in words', 'since? start:piece through end:piece', ({ start, end }) =>
    isEnd(start) && isEnd(end) ? rangePiece(start, end) : null,
  ),
  rule('through', 'through piece', ({ piece: of }) => (isAt(of) ? as('until', of) : null)),
  rule(
    'not later',
    'not-later piece',
    ({ piece: of }) => (isAt(of) ? as('until', of, { edgeUnclear: of.grain !== 'day' }) : null),
    { 'не позднее марта 2023': '2023-01-01..2023-03-31 ?' },
  ),
  rule(
    'a range with «с»',
    'since start:piece comma? end:piece',
    ({ start, end }) =>
      isEnd(start) && (end.role === 'until' || end.role === 'before') ? rangePiece(start, end) : null,
    { 'с 1 марта по 15 апреля 2023': '2023-03-01..2023-04-15', 'с сентября по декабрь': '2023-09-01..2023-12-31' },
  ),
  rule(
    'a range',
    'since? start:piece dash end:piece',
    ({ start, end }) => (isEnd(start) && isEnd(end) ? rangePiece(start, end) : null),
    {
      'февраль – март 2023 года': '2023-02-01..2023-03-31',
      '01.03–15.03.2023': '2023-03-01..2023-03-15',
    },
  ),
  rule(
    'until each of a list',
    'first:piece between:comma|and second:piece',
    ({ first, between, second }) =>
      first.role === 'until' && isAt(second) && first.grain === 'day' && second.grain === 'day'
        ? [first, between, as('until', second)]
        : null,
    { 'к 1 февраля, 1 июня 2023': '2023-01-01..2023-02-01, 2023-01-01..2023-06-01' },
  ),
  rule(
    'until when in a stretch, in brackets',
    'whole:piece open end:piece close',
    ({ whole, end }) => (isAt(whole) && endsInside(whole, end) ? rangePiece(whole, as('at', end)) : null),
    { 'III квартал 2023 (до 15 сентября)': '2023-07-01..2023-09-15' },
  ),
  rule('since', 'since piece', ({ piece: of }) => (isAt(of) ? as('since', of) : null)),
  rule('not before', 'not-before piece', ({ piece: of }) => (isAt(of) ? as('since', of, { doubt: true }) : null)),
  rule('after', 'after piece', ({ piece: of }) => (isAt(of) ? as('after', of, { doubt: true }) : null)),

  rule('within a whole stretch', 'within whole piece', ({ piece: of }) => during(of)),
  rule('within a stretch', 'within|whole piece', ({ piece: of }) => during(of)),
  rule('within each unit', 'within whole? every', ({ every }) => every),
  rule('«в течение срока реализации»', 'within|whole realization', () => ({
    kind: 'ongoing',
    of: 'period',
    doubt: false,
  })),
  rule('within the year', 'within|whole whole? unit', ({ unit }) => ongoing(unit)),
  rule('«всего периода реализации»', 'ongoing realization', ({ ongoing: of }) => of),
  rule('«период реализации»', 'unit=period realization', () => ({ kind: 'ongoing', of: 'period', doubt: false })),
  rule('«учебный год» by itself', 'unit=school-year', () => ({ kind: 'ongoing', of: 'school-year', doubt: false })),
]

function during(of: Piece): Node | null {
  if (!isAt(of)) return null
  return of.grain === 'year' || of.grain === 'school-year' ? as('during', of) : as('at', of)
}

function ongoing({ unit }: NodeOfKind<'unit'>): Node | null {
  return unit === 'year' || unit === 'school-year' || unit === 'period'
    ? { kind: 'ongoing', of: unit, doubt: false }
    : null
}

const DAYS: Partial<Record<string, number>> = { day: 1, week: 7, month: 30 }

function ahead(of: Piece, size: number, { unit }: NodeOfKind<'unit'>): Node {
  const earlier: Piece['span'] = (year, academic) => {
    const due = of.span(year, academic).from.subtract({ days: size * (DAYS[unit] ?? 30) })
    return { from: due, due }
  }
  return piece('day', earlier, { years: of.years, role: 'until', doubt: true })
}
