import type { Sentence } from './grammar.ts'
import type { Grain, Kind, Node, NodeOfKind, Part, Piece } from './nodes.ts'
import { type Choices, type Resolved, windowsOf } from './resolve.ts'
import type { Period, Schedule, ScheduleKind, Window } from './schedule.ts'
import {
  cut,
  date,
  isAcademic,
  isBefore,
  isInside,
  periodOf,
  type Rhythm,
  repetitions,
  sorted,
  yearsOf,
} from './units.ts'

type Every = NodeOfKind<'every'>

/** What a phrase says, by kind. */
type Facts = {
  pieces: Piece[]
  every: Every | undefined
  parts: Part[]
  ongoing: NodeOfKind<'ongoing'>['of'] | 'constantly' | undefined
  daily: boolean
  event: { adds: boolean; holidays: boolean; doubt: boolean } | undefined
  report: boolean
  doubt: boolean
}

/** What the facts of a phrase mean in `period`. */
export function meaningIn(sentence: Sentence, period: Period, choices: Choices): Schedule {
  const later = sentence.nodes.findIndex(({ kind }) => kind === 'later')
  const resolved = later > 0 ? thenLater(sentence.nodes, later, period, choices) : null
  const { kind, windows, ambiguous } = resolved ?? plainMeaning(factsOf(sentence.nodes), period, choices)
  const possible = windows.filter(({ from, due }) => !isBefore(due, from)) // «с 1 мая по 1 марта 2023» is a slip
  return {
    kind,
    windows: sorted(possible),
    ambiguous: ambiguous || sentence.guessed || possible.length < windows.length,
  }
}

function plainMeaning(facts: Facts, period: Period, choices: Choices): Schedule {
  if (namedTimes(facts) > MOST_WINDOWS) return schedule('unspecified', [], true)
  if (facts.daily) return daily(facts, period, choices)
  if (facts.every) return recurring(facts, facts.every, period, choices)
  if (facts.ongoing) return ongoing(facts, facts.ongoing, period, choices)
  if (facts.pieces.length > 0) return dated(facts, period, choices)
  if (facts.event) return schedule('unscheduled', [], facts.event.doubt)
  return schedule('unspecified', [], true)
}

function namedTimes({ pieces }: Facts): number {
  return pieces.reduce((sum, { years }) => sum + Math.max(1, years.length), 0)
}

function schedule(kind: ScheduleKind, windows: Window[], ambiguous: boolean): Schedule {
  return { kind, windows, ambiguous }
}

// — the facts —

function factsOf(nodes: Node[]): Facts {
  const said = withoutRemarks(nodes)
  const all = <K extends Kind>(kind: K) => said.filter((node) => node.kind === kind) as unknown as NodeOfKind<K>[]
  const loose = all('part')
  const repeated = [...all('every'), ...all('unit').flatMap(repeatedUnit)]
  const every = finest(repeated)
  const events = all('event')
  return {
    pieces: all('piece'),
    every: every ?? (loose.length > 0 ? everyOf(loose[0]!) : undefined),
    parts: [...(every?.parts ?? []), ...loose],
    ongoing: all('ongoing')[0]?.of ?? (all('constantly').length > 0 ? 'constantly' : undefined),
    daily: all('daily').length > 0,
    event: events.length > 0 || all('unscheduled').length > 0 ? eventOf(events) : undefined,
    report: all('report').length > 0,
    doubt: all('doubtful').length > 0 || all('word').length > 0 || all('numbers').length > 0,
  }
}

function eventOf(events: NodeOfKind<'event'>[]): NonNullable<Facts['event']> {
  return {
    adds: events.some(({ adds }) => adds),
    holidays: events.some(({ holidays }) => holidays),
    doubt: events.some(({ doubt }) => doubt),
  }
}

const REMARKS = new Set<Kind>(['word', 'numbers'])

/** Words in brackets that are in no dictionary explain the date and do not change it. */
function withoutRemarks(nodes: Node[]): Node[] {
  let depth = 0
  return nodes.filter(({ kind }) => {
    if (kind === 'open') depth++
    if (kind === 'close') depth = Math.max(0, depth - 1)
    return depth === 0 || !REMARKS.has(kind)
  })
}

/** «квартал» by itself: each one, probably. */
function repeatedUnit({ unit }: NodeOfKind<'unit'>): Every[] {
  const rhythm = (
    { quarter: 'quarter', half: 'half', term: 'term', trimester: 'trimester', month: 'month' } as Partial<
      Record<string, Rhythm>
    >
  )[unit]
  return rhythm ? [{ kind: 'every', rhythm, times: 1, parts: [], adverb: false, doubt: true }] : []
}

function everyOf(part: Part): Every {
  const rhythm: Rhythm = part.unit === 'week' ? 'week' : part.unit === 'quarter' ? 'quarter' : 'month'
  return { kind: 'every', rhythm, times: 1, parts: [], adverb: false, doubt: part.repeats !== true }
}

const FINENESS: Rhythm[] = [
  'three-years',
  'two-years',
  'year',
  'school-year',
  'half',
  'school-half',
  'third',
  'trimester',
  'quarter',
  'term',
  'two-months',
  'half-quarter',
  'month',
  'school-month',
  'two-weeks',
  'half-month',
  'ten-days',
  'week',
]

/** «Ежегодно, 1 раз в квартал» repeats each quarter: of two rhythms the finer one holds. */
function finest(all: Every[]): Every | undefined {
  const [first, ...others] = all.toSorted((one, other) => FINENESS.indexOf(other.rhythm) - FINENESS.indexOf(one.rhythm))
  if (!first) return undefined
  const clash = others.some(({ rhythm }) => rhythm !== first.rhythm && rhythm !== 'year')
  const sure = others.some(({ rhythm, doubt }) => rhythm === first.rhythm && !doubt)
  return { ...first, parts: all.flatMap(({ parts }) => parts), doubt: clash || (first.doubt && !sure) }
}

// — repetitions —

const LONGER_THAN_MONTH = new Set<Rhythm>([
  'year',
  'school-year',
  'half',
  'school-half',
  'quarter',
  'term',
  'trimester',
])

const YEARLY = new Set<Rhythm>(['year', 'two-years', 'three-years', 'school-year'])

/** How many days the repetitions of a rhythm last at most; a stretch that is shorter is the time within it. */
const DAYS: Partial<Record<Rhythm, number>> = {
  year: 366,
  'school-year': 275,
  'two-years': 731,
  'three-years': 1096,
  half: 185,
  'school-half': 153,
  third: 124,
  quarter: 93,
  term: 91,
  trimester: 93,
  'two-months': 62,
  month: 28,
}

/** How often a rhythm comes in a year, to compare with the times that are listed for it. */
const A_YEAR: Partial<Record<Rhythm, number>> = {
  year: 1,
  'school-year': 1,
  half: 2,
  'school-half': 2,
  third: 3,
  trimester: 3,
  quarter: 4,
  term: 4,
  'two-months': 6,
  month: 12,
}

function recurring(facts: Facts, every: Every, period: Period, choices: Choices): Schedule {
  if (facts.report && facts.ongoing && choices.report === 'work')
    return ongoing({ ...facts, every: undefined }, facts.ongoing, period, choices)
  const { within, times, doubt } = limitsOf(facts, every, period, choices)
  if (tooMany(facts, every, within)) return schedule('unspecified', [], true)
  const dates = datedTimes(facts, every, period, choices)
  const named = times.length > 0 || dates.windows.length > 0
  const windows = within.flatMap((limit) => (named ? timesIn(times, limit) : rhythmIn(facts, every, limit)))
  const miscounted =
    times.length > 0 && !(every.adverb && every.rhythm === 'year') && times.length !== A_YEAR[every.rhythm]
  const ambiguous =
    (every.doubt && !named) ||
    doubt ||
    dates.doubt ||
    facts.doubt ||
    miscounted ||
    partsDoubt(facts) ||
    addsDates(facts) ||
    isReport(facts)
  return schedule('recurring', [...windows, ...dates.windows], ambiguous)
}

/** More than any plan asks for: what comes out longer was no deadline, and is not even counted out. */
export const MOST_WINDOWS = 2000
const WEEK_DAYS = 7

function tooMany({ parts, pieces }: Facts, { rhythm }: Every, within: Period[]): boolean {
  const each = DAYS[rhythm] ?? WEEK_DAYS
  const times = within.reduce((sum, { from, to }) => sum + 1 + from.until(to).days / each, 0)
  return times * Math.max(1, parts.length, pieces.length) > 2 * MOST_WINDOWS
}

/** A lone weekday is certain in a weekly rhythm; a day of the month is not in one that is longer than a month («ежеквартально до 10 числа»). */
function partsDoubt({ parts, every }: Facts): boolean {
  const certain = every?.rhythm === 'week' ? 'week' : null
  return parts.some(
    (part) => (part.doubt && part.unit !== certain) || (part.dayNumber === true && isLoose(part, every)),
  )
}

function isLoose(part: Part, every: Every | undefined): boolean {
  return every !== undefined && LONGER_THAN_MONTH.has(every.rhythm) && !every.parts.includes(part)
}

function addsDates({ event }: Facts): boolean {
  return event?.adds ?? false
}

function isReport({ ongoing, report }: Facts): boolean {
  return ongoing === 'constantly' || (report && ongoing !== undefined)
}

type Limits = { within: Period[]; times: Piece[]; doubt: boolean }

/** Where the repetition runs (`within`), and the times in each year that are meant by it, if any («ежегодно, 2, 4 квартал»). */
function limitsOf(facts: Facts, every: Every, period: Period, choices: Choices): Limits {
  const undated = facts.pieces.filter((piece) => piece.years.length === 0)
  const ends = undated.filter(({ role }) => role === 'until' || role === 'before')
  const listed = ends.length === A_YEAR[every.rhythm] ? ends : []
  const times = undated.filter((piece) => listed.includes(piece) || isTimeOf(every, piece))
  const bounds = facts.pieces.filter((piece) => !times.includes(piece) && !isDatedTime(every, piece))
  const spans = bounds
    .filter(({ role }) => role === 'at' || role === 'during')
    .map((piece) => spanInPlan(piece, period, choices))
  const bounding = bounds
    .filter(({ role }) => role !== 'at' && role !== 'during')
    .map((piece) => windowsOf(piece, period, choices))
  const wholes =
    spans.length > 0 ? spans.flatMap(({ windows }) => windows.map(periodOf)) : ongoingSpans(facts, period).map(periodOf)
  const doubt =
    [...spans, ...bounding].some((each) => each.doubt) || times.some((piece) => piece.doubt || piece.edgeUnclear)
  return { within: wholes.flatMap((whole) => between(whole, bounding)), times, doubt }
}

/** What is left of `whole` between all of `bounds`. */
function between(whole: Period, bounds: Resolved[]): Period[] {
  const left = bounds
    .flatMap(({ windows }) => windows.slice(0, 1))
    .reduce<Window | null>((limit, bound) => limit && cut(limit, periodOf(bound)), { from: whole.from, due: whole.to })
  return left ? [periodOf(left)] : []
}

/** A span with no year of its own runs no longer than the plan. */
function spanInPlan(piece: Piece, period: Period, choices: Choices): Resolved {
  const { windows, doubt } = windowsOf(piece, period, choices)
  return { windows: piece.years.length > 0 ? windows : windows.map((window) => cut(window, period) ?? window), doubt }
}

/** Whether a piece with no year is the time of a repetition and not the span in which it runs. */
function isTimeOf({ rhythm }: Every, piece: Piece): boolean {
  if (piece.role === 'since' || piece.role === 'after')
    return rhythm === 'year' && piece.grain !== 'year' && piece.grain !== 'school-year'
  if (piece.role === 'until' || piece.role === 'before') return YEARLY.has(rhythm)
  if (piece.grain === 'year' || piece.grain === 'school-year') return false
  return daysOf(piece) < (DAYS[rhythm] ?? 0)
}

function daysOf(piece: Piece): number {
  const { from, due } = piece.span(2023, true)
  return from.until(due).days + 1
}

const BARE_YEAR = new Set<Grain>(['year', 'school-year'])

/** «2 раза в год (январь 2024, май 2024)»: a time that names its own year. */
function isDatedTime(every: Every, piece: Piece): boolean {
  const isPoint = piece.role === 'at' || (YEARLY.has(every.rhythm) && piece.role === 'until')
  return piece.years.length > 0 && !BARE_YEAR.has(piece.grain) && isPoint && daysOf(piece) < (DAYS[every.rhythm] ?? 0)
}

function datedTimes({ pieces }: Facts, every: Every, period: Period, choices: Choices): Resolved {
  const found = pieces
    .filter((piece) => isDatedTime(every, piece))
    .map((piece) => {
      const resolved = windowsOf(piece, period, choices)
      return piece.role === 'until' ? { ...resolved, windows: resolved.windows.map(sinceNewYear) } : resolved
    })
  const single =
    every.rhythm === 'year' && pieces.some((piece) => isDatedTime(every, piece) && piece.years.length === 1)
  return {
    windows: found.flatMap(({ windows }) => windows),
    doubt: single || found.some(({ doubt }) => doubt),
  }
}

/** «2023–2025, ежегодно до 1 марта»: each year's work begins with that year. */
function sinceNewYear({ from, due }: Window): Window {
  const newYear = date(due.year, 1, 1)
  return { from: isBefore(from, newYear) ? newYear : from, due }
}

/** The named times in every year that `limit` meets, cut to it. «до 1 сентября» begins with its calendar year, «с сентября» ends with it. */
function timesIn(times: Piece[], limit: Period): Window[] {
  const academic = isAcademic(limit)
  const all = times.flatMap((piece) => yearsOf(limit, 1).map((year) => inYear(piece, piece.span(year, academic))))
  const due = all.filter((window) => isInside(window.due, limit)) // a named day beyond the plan is not moved into it
  const bounded = times.every(({ role }) => role === 'until' || role === 'before')
  return cutAll(bounded && due.length > 0 ? due : all, limit)
}

function inYear({ role }: Piece, span: Window): Window {
  if (role === 'until') return { from: date(span.due.year, 1, 1), due: span.due }
  if (role === 'before') {
    const due = span.from.subtract({ days: 1 })
    return { from: date(due.year, 1, 1), due }
  }
  if (role === 'since' || role === 'after') return { from: span.from, due: date(span.from.year, 12, 31) }
  return span
}

function rhythmIn({ parts }: Facts, { rhythm, parts: own }: Every, limit: Period): Window[] {
  const meant = own.length > 0 || parts.length > 0 ? [...new Set([...own, ...parts])] : null
  const rhythms = repetitions(rhythm, limit)
  const windows = meant ? rhythms.flatMap((whole) => meant.map((part) => part.of(whole))) : rhythms
  return windows.map((window) => cut(window, limit)).filter((window) => window !== null)
}

// — continuous work —

function ongoingSpans({ ongoing: of }: Facts, period: Period): Window[] {
  const whole = { from: period.from, due: period.to }
  if (of === 'school-year') return cutAll(repetitions('school-year', period), period)
  return of === 'year' ? cutAll(repetitions('year', period), period) : [whole]
}

function cutAll(windows: Window[], period: Period): Window[] {
  return windows.map((window) => cut(window, period)).filter((window) => window !== null)
}

function ongoing(facts: Facts, of: NonNullable<Facts['ongoing']>, period: Period, choices: Choices): Schedule {
  const found = facts.pieces.map((piece) => windowsOf(piece, period, choices))
  const doubt = facts.doubt || found.some((each) => each.doubt)
  const windows = found.flatMap((each) => each.windows)
  if (windows.length === 0) return schedule('ongoing', ongoingSpans(facts, period), doubt)
  if (facts.report && choices.report === 'work')
    return schedule('ongoing', ongoingSpans({ ...facts, ongoing: of }, period), true)
  const points = facts.pieces.filter(isPoint)
  return points.length === 0 && !facts.report ? schedule('ongoing', windows, doubt) : schedule('fixed', windows, true)
}

function isPoint(piece: Piece): boolean {
  return piece.role === 'at' && daysOf(piece) < 89
}

function daily(facts: Facts, period: Period, choices: Choices): Schedule {
  return { ...ongoing(facts, facts.ongoing ?? 'constantly', period, choices), kind: 'ongoing', ambiguous: true }
}

// — dates —

function dated(facts: Facts, period: Period, choices: Choices): Schedule {
  const found = facts.pieces.map((piece) => windowsOf(piece, period, choices))
  const during = facts.pieces.some(({ role }) => role === 'during')
  const opens = facts.pieces.every(
    ({ role, grain }) => role === 'since' || role === 'after' || role === 'during' || (during && BARE_YEAR.has(grain)),
  )
  const mixed = !opens && facts.pieces.some(({ role }) => role === 'since' || role === 'after')
  const doubt = facts.doubt || mixed || found.some((each) => each.doubt) || addsDates(facts)
  return schedule(
    opens ? 'ongoing' : 'fixed',
    found.flatMap(({ windows }) => windows),
    doubt,
  )
}

// — «далее» —

/** «Сентябрь 2022, далее ежегодно»: the time before, then again in every later year of the period. Null where nothing of use stands before. */
function thenLater(nodes: Node[], at: number, period: Period, choices: Choices): Schedule | null {
  const first = factsOf(nodes.slice(0, at))
  const then = factsOf(nodes.slice(at + 1))
  if (first.pieces.length === 0 && !first.every && !first.ongoing) return null
  const start = plainMeaning(first, period, choices)
  const last = sorted(start.windows).at(-1)
  const ambiguous = start.ambiguous || then.doubt
  if (then.every?.rhythm === 'year' && first.pieces.length > 0 && then.pieces.length === 0) {
    return { kind: 'recurring', windows: repeatedYearly(start.windows, period), ambiguous }
  }
  const goesOn = then.ongoing && !then.every && then.pieces.length === 0
  if (start.kind === 'ongoing' && goesOn) return start
  const rest = last && last.due.until(period.to).days > 0 ? { from: last.due.add({ days: 1 }), to: period.to } : null
  if (!rest || (then.event && !then.every && then.pieces.length === 0)) return { ...start, ambiguous: true }
  const more = plainMeaning(then, rest, choices)
  if (more.kind === 'unspecified') return { ...start, ambiguous: true }
  const kind = more.kind === 'fixed' || more.kind === 'unscheduled' ? start.kind : more.kind
  return {
    kind,
    windows: [...start.windows, ...more.windows],
    ambiguous: ambiguous || more.ambiguous || (more.kind !== 'fixed' && then.every?.rhythm !== 'year'),
  }
}

function repeatedYearly(first: Window[], period: Period): Window[] {
  const last = sorted(first).at(-1)!
  const later = yearsOf(period, 1).filter((year) => year > last.due.year)
  const again = later.flatMap((year) => first.map((window) => shiftedTo(year - last.due.year, window)))
  return [...first, ...cutAll(again, period)]
}

function shiftedTo(years: number, { from, due }: Window): Window {
  const endsMonth = due.day === due.daysInMonth
  const moved = due.add({ years })
  return { from: from.add({ years }), due: endsMonth ? moved.with({ day: moved.daysInMonth }) : moved }
}
