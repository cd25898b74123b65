import type { NamedYear, Node, NodeOfKind, Run } from '../nodes.ts'
import { type Rule, rule } from '../pattern.ts'
import { daysPiece, halfPiece, monthPiece, numberedPiece, seasonPiece, withYears } from '../pieces.ts'
import { every } from './repetitions.ts'

type Years = NodeOfKind<'years'>

/** Each year of the runs by itself. */
export function namedYears({ runs, school }: Years): NamedYear[] {
  return runs.flatMap(({ first, last }) =>
    Array.from({ length: last - first + 1 }, (_, index) => ({ year: first + index, school })),
  )
}

const oneYear = (year: number | undefined): NamedYear[] => (year === undefined ? [] : [{ year, school: false }])

/** «5, 12–15 марта»: a piece for each run of days; null where there is no such day. */
function days(runs: Run[], month: number, year?: number): Node[] | null {
  if (runs.some(({ first, last }) => first < 1 || last > 31)) return null
  return runs.map(({ first, last }) => ({ ...daysPiece(first, last, month), years: oneYear(year) }))
}

/** «I, III–IV квартал»: a piece for each run; null where there is none of that number. */
function numbered(unit: NodeOfKind<'unit'>, runs: Run[]): Node[] | null {
  const pieces = runs.map(({ first, last }) => numberedPiece(unit.unit, first, last))
  return pieces.every((each) => each !== null) ? pieces : null
}

const FIRST_TWO_DIGIT_YEAR = 15

/** «23 г.» after a month: the year 2023. */
function shortYear({ runs }: NodeOfKind<'numbers'>): Years | null {
  const inThisCentury = runs.every(({ first, last }) => first >= FIRST_TWO_DIGIT_YEAR && last < 100)
  const full = runs.map(({ first, last }) => ({ first: 2000 + first, last: 2000 + last }))
  return inThisCentury ? { kind: 'years', runs: full, school: false } : null
}

/** Days, months, seasons and numbered parts of the year, with the year that stands beside them. */
export const dateRules: readonly Rule[] = [
  rule('«март месяц»', 'month unit=month', ({ month }) => month),
  rule('«месяц март»', 'unit=month month', ({ month }) => month),
  rule('a month of every year', 'each month', ({ month }) => [every({ rhythm: 'year' }), month], {
    'каждый сентябрь': 'recurring 2023-09-01..2023-09-30',
  }),
  rule(
    'a season of every year',
    'each season',
    ({ season }) => [every({ rhythm: 'year' }), seasonPiece(season.season)],
    {
      'каждое лето': 'recurring 2023-06-01..2023-08-31 ?',
    },
  ),
  rule('days of a month in words', 'numbers day-word? month', ({ numbers, month }) => days(numbers.runs, month.month), {
    '15 марта': '2023-03-15..2023-03-15',
    '1-15 марта 2023 г.': '2023-03-01..2023-03-15',
    '5, 12 и 19 апреля': '2023-04-05..2023-04-05, 2023-04-12..2023-04-12, 2023-04-19..2023-04-19',
  }),
  rule(
    'days up to a date in figures',
    'since? numbers through|dash date',
    ({ numbers, date }) => {
      const runs = numbers.runs.with(-1, { first: numbers.runs.at(-1)!.first, last: date.day })
      return runs.at(-1)!.first < date.day ? days(runs, date.month, date.year) : null
    },
    { '01-15.03.2023': '2023-03-01..2023-03-15', 'с 1 по 15.03.2023': '2023-03-01..2023-03-15' },
  ),
  rule('days before a date in figures', 'numbers comma|and date', ({ numbers, date }) =>
    days([...numbers.runs, { first: date.day, last: date.day }], date.month, date.year),
  ),
  rule('a date in figures', 'date', ({ date }) => ({
    ...daysPiece(date.day, date.day, date.month),
    years: oneYear(date.year),
  })),
  rule('a month', 'month', ({ month }) => monthPiece(month.month)),
  rule(
    'a half of the school year',
    'numbers unit=half school:unit=school-year',
    ({ numbers }) => {
      const halves = numbers.runs.map(({ first, last }) => halfPiece(first, last, true))
      return halves.every((half) => half !== null) ? halves : null
    },
    { 'I полугодие учебного года': '2023-09-01..2023-12-31' },
  ),
  rule('a half of the school year, «учебное полугодие»', 'numbers academic unit=half', ({ numbers }) => {
    const halves = numbers.runs.map(({ first, last }) => halfPiece(first, last, true))
    return halves.every((half) => half !== null) ? halves : null
  }),
  rule('a numbered quarter, half, term', 'numbers unit', ({ numbers, unit }) => numbered(unit, numbers.runs), {
    '2 квартал': '2023-04-01..2023-06-30',
    '1, 3 квартал': '2023-01-01..2023-03-31, 2023-07-01..2023-09-30',
    'I-II квартал': '2023-01-01..2023-06-30',
  }),
  rule('the number behind: «квартал 2»', 'unit numbers', ({ numbers, unit }) => numbered(unit, numbers.runs)),
  rule('a season', 'season unit=period?', ({ season }) => seasonPiece(season.season), {
    'летний период': '2023-06-01..2023-08-31 ?',
  }),

  rule('a year of two figures', 'piece numbers unit=year?', ({ piece: of, numbers }) => {
    const years = shortYear(numbers)
    return years && of.years.length === 0 ? withYears(of, namedYears(years)) : null
  }),
  rule('the year of a piece', 'piece years', ({ piece: of, years }) =>
    of.years.length === 0 ? withYears(of, namedYears(years)) : null,
  ),
  rule('the year of a piece in brackets', 'piece open years close', ({ piece: of, years }) =>
    of.years.length === 0 ? withYears(of, namedYears(years)) : null,
  ),
  rule(
    'the year of a piece after a comma',
    'piece comma years next:colon|dash|piece|open?',
    ({ piece: of, years, next }) => (of.years.length === 0 && !next ? withYears(of, namedYears(years)) : null),
  ),
  rule(
    'the year of a piece after a dash',
    'piece dash years next:colon|dash|piece|open?',
    ({ piece: of, years, next }) => (of.years.length === 0 && !next ? withYears(of, namedYears(years)) : null),
    { 'Март – 2023': '2023-03-01..2023-03-31', 'март - май - 2023 г.': '2023-03-01..2023-05-31' },
  ),
  rule('«марта учебного года» says no year', 'piece unit=school-year', ({ piece: of }) => of),
  rule('«марта года» says no year', 'piece unit=year', ({ piece: of }) => of),
]
