import type { PlainDate } from '../../kernel/clock.ts'
import type { Node, NodeOfKind, Part, Piece, Run, Unit } from '../nodes.ts'
import { type Rule, rule } from '../pattern.ts'
import { as, halfPiece, partOfPiece, schoolYearPiece, yearPiece } from '../pieces.ts'
import type { Window } from '../schedule.ts'
import { date, isBefore, months } from '../units.ts'
import { namedYears } from './dates.ts'
import { everyUnit } from './repetitions.ts'

type PartNode = NodeOfKind<'part'>
type Edge = NodeOfKind<'edge'>['edge']

function part(unit: Unit, of: Part['of'], doubt = false): PartNode {
  return { kind: 'part', unit, of, doubt }
}

function monthOf(day: PlainDate): Window {
  return months(day.year, day.month, day.month)
}

const LONGEST_MONTH_DAYS = 31

function lengthDays({ from, due }: Window): number {
  return from.until(due).days + 1
}

/** Beginning, middle and end: ten days of a month, a month of what is longer. */
function edgeOf(edge: Edge, whole: Window): Window {
  if (lengthDays(whole) > LONGEST_MONTH_DAYS) return monthOf(edgeDay(edge, whole))
  const { year, month } = whole.from
  const [first, last] = { start: [1, 10], middle: [11, 20], end: [21, 31] }[edge] as [number, number]
  return { from: date(year, month, first), due: date(year, month, last) }
}

function edgeDay(edge: Edge, { from, due }: Window): PlainDate {
  if (edge === 'start') return from
  return edge === 'end' ? due : from.add({ days: Math.floor(lengthDays({ from, due }) / 2) })
}

/** The part's number, counted from the end where it is «последний». */
type Place = { runs: Run[]; back?: undefined } | { back: number; runs?: undefined }

function placeOf(node: NodeOfKind<'numbers'> | NodeOfKind<'last'>): Place {
  return node.kind === 'last' ? { back: node.back } : { runs: node.runs }
}

/** One of the equal steps of a stretch. */
function steps(place: Place, stepDays: number): Part['of'] {
  return (whole) => {
    if (place.back !== undefined) {
      const due = whole.due.subtract({ days: place.back * stepDays })
      return { from: due.subtract({ days: stepDays - 1 }), due }
    }
    const { first, last } = place.runs[0]!
    const due = whole.from.add({ days: last * stepDays - 1 })
    return { from: whole.from.add({ days: (first - 1) * stepDays }), due: isBefore(whole.due, due) ? whole.due : due }
  }
}

/** Days of the month that a stretch begins with; of a longer stretch, of its last month where the day is late in it. */
function dayOfMonth(first: number, last: number): Part['of'] {
  return (whole) => {
    const { year, month } = lengthDays(whole) > LONGEST_MONTH_DAYS && last > 15 ? whole.due : whole.from
    return { from: date(year, month, first), due: date(year, month, last) }
  }
}

function tenDays(place: Place): Part['of'] {
  const [first, last] = place.runs ? [place.runs[0]!.first, place.runs[0]!.last] : [3 - place.back, 3 - place.back]
  return (whole) => {
    const { year, month } = place.runs ? whole.from : whole.due
    return { from: date(year, month, first * 10 - 9), due: date(year, month, last >= 3 ? 31 : last * 10) }
  }
}

function halfOf(place: Place): Part['of'] {
  const second = place.back === 0 || place.runs?.[0]?.first === 2
  return (whole) => {
    if (lengthDays(whole) <= LONGEST_MONTH_DAYS) {
      const { year, month } = whole.from
      return second ? { from: date(year, month, 16), due: whole.due } : { from: whole.from, due: date(year, month, 15) }
    }
    const middle = whole.from.add({ days: Math.floor(lengthDays(whole) / 2) })
    return second ? { from: middle, due: whole.due } : { from: whole.from, due: middle.subtract({ days: 1 }) }
  }
}

function monthAt(place: Place): Part['of'] {
  return (whole) => {
    if (place.back !== undefined) return monthOf(whole.due.with({ day: 1 }).subtract({ months: place.back }))
    const start = whole.from.with({ day: 1 })
    const last = start.add({ months: place.runs[0]!.last - 1 })
    return { from: start.add({ months: place.runs[0]!.first - 1 }), due: monthOf(last).due }
  }
}

/** The first, second… or last such weekday of a stretch. */
export function weekdayAt(weekday: number, place: Place): Part['of'] {
  return (whole) => {
    const day =
      place.back !== undefined
        ? whole.due.subtract({ days: ((whole.due.dayOfWeek - weekday + 7) % 7) + 7 * place.back })
        : whole.from.add({ days: ((weekday - whole.from.dayOfWeek + 7) % 7) + 7 * (place.runs[0]!.first - 1) })
    return { from: day, due: day }
  }
}

/**
 * The first, second… or last day from Monday to Friday of a stretch. Which of them are days off is in the calendar of that year and
 * may not be known yet, so the day is doubtful.
 */
function workingDayAt(place: Place): Part['of'] {
  return ({ from, due }) => {
    const [start, step] = place.back === undefined ? [from, 1] : [due, -1]
    let day = start
    for (let left = place.back ?? place.runs[0]!.first - 1; isWeekend(day) || left > 0; day = day.add({ days: step })) {
      if (!isWeekend(day)) left -= 1
    }
    return { from: day, due: day }
  }
}

function isWeekend({ dayOfWeek }: PlainDate): boolean {
  return dayOfWeek > 5
}

/** The weekday within a week that begins on Monday. */
function weekdayOfWeek(weekday: number): Part['of'] {
  return ({ from }) => {
    const day = from.add({ days: weekday - from.dayOfWeek })
    return { from: day, due: day }
  }
}

type Divided = { of: (place: Place) => Part['of']; count: number; unit: Unit; doubt: boolean }

/** Units that are counted inside a longer stretch, and how many of them there are at most. */
const DIVIDED: Partial<Record<Unit, Divided>> = {
  'ten-days': { of: tenDays, count: 3, unit: 'month', doubt: false },
  'half-of': { of: halfOf, count: 2, unit: 'month', doubt: false },
  week: { of: (place) => steps(place, 7), count: 5, unit: 'month', doubt: true },
  month: { of: monthAt, count: 12, unit: 'quarter', doubt: false },
  day: { of: (place) => steps(place, 1), count: 31, unit: 'month', doubt: false },
}

/** «2 недели» counts weeks, «2 неделя» and «вторая неделя» name one. */
function isCount({ ordinal, runs }: NodeOfKind<'numbers'>, { unit, plural }: NodeOfKind<'unit'>): boolean {
  if (ordinal || unit === 'ten-days' || unit === 'half-of') return false
  return unit !== 'week' || (plural && runs.length === 1)
}

function divided(place: NodeOfKind<'numbers'> | NodeOfKind<'last'>, unit: NodeOfKind<'unit'>): Node[] | null {
  const known = DIVIDED[unit.unit]
  if (!known) return null
  if (place.kind === 'last') return [part(known.unit, known.of(placeOf(place)), known.doubt)]
  if (isCount(place, unit) || place.runs.some(({ first, last }) => first < 1 || last > known.count)) return null
  return place.runs.map((run) => part(known.unit, known.of({ runs: [run] }), known.doubt))
}

function dayParts(runs: Run[], until: boolean): PartNode[] | null {
  if (runs.some(({ first, last }) => first < 1 || last > 31)) return null
  return runs.map(({ first, last }) => ({ ...part('month', dayOfMonth(until ? 1 : first, last)), dayNumber: true }))
}

/** `part` of a unit that the phrase does not single out: it repeats. Of a year there is one a year, and the period says which. */
function partOfUnit(of: Part, unit: Unit, doubt = false): Node | null {
  if (unit === 'year') return partOfPiece({ ...of, doubt: of.doubt || doubt }, yearPiece([]))
  if (unit === 'school-year') return partOfPiece({ ...of, doubt: of.doubt || doubt }, schoolYearPiece([]))
  const every = everyUnit(unit)
  return every && { ...every, parts: [of], doubt: every.doubt || of.doubt || doubt }
}

function edgePart(edge: Edge): PartNode {
  return part('month', (whole) => edgeOf(edge, whole))
}

function untilPart(unit: Unit, edge: Edge): Part {
  const of: Part['of'] = (whole) => ({
    from: whole.from,
    due: edge === 'middle' ? edgeOf('middle', whole).due : whole.due,
  })
  return part(unit, of)
}

/** A whole year as a piece, for «до конца года». */
function yearOf(unit: Unit): Piece | null {
  if (unit === 'year') return yearPiece([])
  return unit === 'school-year' ? schoolYearPiece([]) : null
}

function untilEdge(edge: Edge, of: Piece): Node {
  if (edge === 'end') return as('until', of)
  if (edge === 'start') return as('before', of)
  return as('until', partOfPiece({ of: firstHalf, unit: 'month', doubt: true }, of))
}

function firstHalf({ from, due }: Window): Window {
  const middle = from.add({ days: Math.floor(lengthDays({ from, due }) / 2) - 1 })
  return { from, due: middle }
}

/** Parts: of a month, a quarter, a year, said or repeated. */
export const partRules: readonly Rule[] = [
  rule(
    'a half of a year',
    'numbers unit=half-of years',
    ({ numbers, years }) => {
      const half = halfPiece(numbers.runs[0]!.first, numbers.runs[0]!.last, years.school)
      return half && { ...half, years: namedYears(years) }
    },
    { 'первая половина 2023 года': '2023-01-01..2023-06-30' },
  ),
  rule('a half of the year', 'numbers unit=half-of each? year:unit=year|school-year', ({ numbers }) =>
    halfPiece(numbers.runs[0]!.first, numbers.runs[0]!.last),
  ),
  rule(
    'up to a day of the month',
    'until|not-later|by|through numbers day-word',
    ({ numbers }) => dayParts(numbers.runs, true),
    {
      'до 5 числа каждого месяца':
        'recurring 2023-01-01..2023-01-05, 2023-02-01..2023-02-05, 2023-03-01..2023-03-05, 2023-04-01..2023-04-05, 2023-05-01..2023-05-05, 2023-06-01..2023-06-05, 2023-07-01..2023-07-05, 2023-08-01..2023-08-05, 2023-09-01..2023-09-05, 2023-10-01..2023-10-05, 2023-11-01..2023-11-05, 2023-12-01..2023-12-05',
    },
  ),
  rule(
    'each such day of the month',
    'each numbers day-word',
    ({ numbers }) => dayParts(numbers.runs, false)?.map((of) => ({ ...of, repeats: true })) ?? null,
  ),
  rule('the first or last days', 'place:numbers|last days-word', ({ place }) => [
    { kind: 'doubtful' },
    { kind: 'edge', edge: place.kind === 'last' ? 'end' : 'start' },
  ]),
  rule('a day of the month', 'numbers day-word', ({ numbers }) => dayParts(numbers.runs, false)),
  rule(
    'the month after what is reported',
    'part month:unit=month comma? next per? reporting? reported:unit?',
    ({ part: of, reported }) =>
      reported
        ? partOfUnit({ ...of, of: (whole) => of.of(monthOf(whole.from)) }, reported.unit)
        : { ...of, repeats: true },
    {
      'до 10 числа месяца, следующего за отчётным кварталом':
        'recurring 2023-01-01..2023-01-10, 2023-04-01..2023-04-10, 2023-07-01..2023-07-10, 2023-10-01..2023-10-10',
    },
  ),
  rule('the month after', 'part next|reporting unit=month?', ({ part: of }) => ({ ...of, repeats: true })),
  rule('the next year', 'piece comma? next per? reporting year:unit?', ({ piece: of }) => [of, yearly()]),

  rule(
    'a numbered weekday',
    'each? place:numbers|last weekday',
    ({ each, place, weekday }) => {
      const places: Place[] =
        place.kind === 'last' ? [{ back: place.back }] : place.runs.map((run) => ({ runs: [run] }))
      const parts = places.map((each) => part('month', weekdayAt(weekday.weekday, each)))
      return each ? [...parts, everyUnit('month')!] : parts
    },
    { 'первый понедельник сентября': '2023-09-04..2023-09-04', 'последняя пятница марта': '2023-03-31..2023-03-31' },
  ),
  rule('every such weekday', 'each|through weekday', ({ weekday }) => [
    { ...everyUnit('week')!, parts: [part('week', weekdayOfWeek(weekday.weekday))] },
  ]),
  rule(
    'a working day',
    'place:last|numbers working unit=day',
    ({ place, unit }) =>
      place.kind === 'last' || place.ordinal ? part('month', workingDayAt(placeOf(place)), true) : [place, unit],
    {
      'последний рабочий день сентября 2023': '2023-09-29..2023-09-29 ?',
      'первый рабочий день октября 2023': '2023-10-02..2023-10-02 ?',
    },
  ),
  rule('the weekday of a date', 'weekday comma? piece', ({ piece: of }) => (of.grain === 'day' ? of : null), {
    'понедельник, 13 марта 2023': '2023-03-13..2023-03-13',
  }),
  rule('the weekday of a date, in brackets', 'piece open weekday close', ({ piece: of }) =>
    of.grain === 'day' ? of : null,
  ),
  rule('the weekday of a date, behind it', 'piece comma? weekday', ({ piece: of }) => (of.grain === 'day' ? of : null)),
  rule('a weekday', 'weekday', ({ weekday }) => part('week', weekdayOfWeek(weekday.weekday), true)),

  rule('a numbered part', 'place:numbers|last unit', ({ place, unit }) => divided(place, unit), {
    'первая декада марта': '2023-03-01..2023-03-10',
    'вторая половина мая 2023': '2023-05-16..2023-05-31',
    'последняя неделя марта': '2023-03-25..2023-03-31 ?',
  }),
  rule('a part of a part', 'inner:part outer:part', ({ inner, outer }) =>
    inner.unit === 'month' && outer.unit !== 'month' && outer.unit !== 'week'
      ? { ...outer, of: (whole) => inner.of(outer.of(whole)), doubt: inner.doubt || outer.doubt }
      : null,
  ),
  rule('a part of a named stretch', 'part piece', ({ part: of, piece: whole }) =>
    whole.role === 'at' && whole.grain !== 'day' ? partOfPiece(of, whole) : null,
  ),
  rule('the same part of each', 'first:piece between:comma|and second:piece', ({ first, between, second }) =>
    first.part && second.grain === 'month' && second.role === 'at'
      ? [first, between, partOfPiece({ ...first.part, doubt: true }, second)]
      : null,
  ),
  rule('a part of a named year', 'part years', ({ part: of, years }) =>
    of.unit === 'quarter'
      ? partOfPiece(of, { ...yearPiece(namedYears(years)), ...(years.school && schoolYearPiece(namedYears(years))) })
      : null,
  ),
  rule('a part of a unit', 'part unit', ({ part: of, unit }) => partOfUnit(of, unit.unit)),

  rule('to the finish of a stretch', 'lead:until|by|not-later finish next:unit|piece|years|every', ({ lead, next }) => [
    lead,
    { kind: 'edge', edge: 'end' },
    next,
  ]),
  rule('«по окончании»', 'finish', () => ({ kind: 'opener', adds: false })),
  rule('a part in brackets', 'piece open part close', ({ piece: whole, part: of }) => partOfPiece(of, whole)),
  rule('a part after a comma', 'piece comma part', ({ piece: whole, part: of }) =>
    whole.grain === 'month' ? partOfPiece(of, whole) : null,
  ),
  rule('an edge in brackets', 'piece open edge unit=month? close', ({ piece: whole, edge }) =>
    partOfPiece(edgePart(edge.edge), whole),
  ),
  rule('to the edge of a stretch', 'until|by|not-later edge piece', ({ edge, piece: of }) => untilEdge(edge.edge, of), {
    'до конца мая 2023': '2023-01-01..2023-05-31',
    'к началу мая 2023': '2023-01-01..2023-04-30',
  }),
  rule(
    'to the edge of a named year',
    'until|by|not-later edge years',
    ({ edge, years }) =>
      untilEdge(edge.edge, years.school ? schoolYearPiece(namedYears(years)) : yearPiece(namedYears(years))),
    { 'до конца 2023 года': '2023-01-01..2023-12-31' },
  ),
  rule(
    'to the edge of the year',
    'until|by|not-later edge unit',
    ({ edge, unit }) => {
      const year = yearOf(unit.unit)
      return year ? untilEdge(edge.edge, year) : partOfUnit(untilPart(unit.unit, edge.edge), unit.unit, true)
    },
    { 'до конца года': '2023-01-01..2023-12-31' },
  ),
  rule('to the edge of every stretch', 'until|by|not-later edge every', ({ edge, every }) => ({
    ...every,
    parts: [untilPart('month', edge.edge)],
  })),
  rule('from the beginning of a stretch', 'since edge=start next:piece|years', ({ since, next }) => [since, next]),
  rule('from the beginning of the year', 'since edge=start unit', ({ since, unit }) => {
    const year = yearOf(unit.unit)
    return year && [since, { kind: 'piece', ...year }]
  }),
  rule(
    'an edge of a stretch',
    'edge piece',
    ({ edge, piece: of }) => partOfPiece({ ...edgePart(edge.edge), doubt: of.grain !== 'month' }, of),
    {
      'начало марта': '2023-03-01..2023-03-10',
      'в середине марта': '2023-03-11..2023-03-20',
      'конец февраля 2023 г.': '2023-02-21..2023-02-28',
    },
  ),
  rule('an edge of a named year', 'edge years', ({ edge, years }) =>
    partOfPiece(
      { ...edgePart(edge.edge), doubt: true },
      years.school ? schoolYearPiece(namedYears(years)) : yearPiece(namedYears(years)),
    ),
  ),
  rule('an edge of a unit', 'edge unit', ({ edge, unit }) => partOfUnit(edgePart(edge.edge), unit.unit, true)),
  rule('an edge of every unit', 'edge every', ({ edge, every }) => ({
    ...every,
    parts: [edgePart(edge.edge)],
    doubt: every.doubt || every.rhythm !== 'month',
  })),
]

function yearly(): Node {
  return everyUnit('year')!
}
