import { parse, parseTitle } from './grammar.ts'
import type { Node, NodeOfKind, Piece } from './nodes.ts'
import { spanIn } from './pieces.ts'
import type { Period, Window } from './schedule.ts'
import { LONGEST_PHRASE } from './tidy.ts'
import { date, isBefore, sorted } from './units.ts'

export { isAcademic } from './units.ts'

/** «на 2023 год», «на I полугодие»: what a title says that its plan is for. */
const FOR =
  /(?:^|[^\p{L}])на\s+(?=(?:период\s+)?(?:с\s+)?(?:\d|[IVX]+\s|перв|втор|янв|фев|март|апр|май|июн|июл|авг|сен|окт|ноя|дек))/giu
const QUOTED = /«[^«»]*»|"[^"]*"|“[^“”]*”/gu

/**
 * The period that a document's title names, or null where it names none: «на 2020 год и период до 2022 года», «2020-2021 учебный год»
 * (September to August). Days, such as the date of an order, name no period; the name of a programme in quotes only where nothing else does.
 */
export function readPeriod(title: string): Period | null {
  const text = title.slice(0, LONGEST_PHRASE)
  const plain = text.replace(QUOTED, ' ')
  for (const candidate of [lastFor(plain), plain, lastFor(text), text]) {
    const period = candidate === null ? null : periodNamedIn(candidate)
    if (period) return period
  }
  return null
}

function lastFor(text: string): string | null {
  const last = [...text.matchAll(FOR)].at(-1)
  return last ? text.slice(last.index) : null
}

function periodNamedIn(text: string): Period | null {
  const pieces = parseTitle(text)
    .filter(isPiece)
    .filter((piece) => piece.years.length > 0 && piece.grain !== 'day')
  const begins = pieces.some(({ role }) => role !== 'until' && role !== 'before')
  return begins ? spanOf(pieces.flatMap(wholeYears)) : null
}

function isPiece(node: Node): node is NodeOfKind<'piece'> {
  return node.kind === 'piece'
}

/** A plan for a school year lasts until the next one begins. */
function wholeYears(piece: Piece): Window[] {
  return namedSpans(piece).map(({ from, due }) => ({ from, due: endOfPlan(piece, due) }))
}

function endOfPlan({ grain }: Piece, due: Window['due']): Window['due'] {
  return grain === 'school-year' ? date(due.year, 8, 31) : due
}

function namedSpans(piece: Piece): Window[] {
  return piece.years.map((year) => spanIn(piece, year, false))
}

function spanOf(windows: Window[]): Period | null {
  const last = sorted(windows).at(-1)
  const [first] = windows.toSorted((one, other) => (isBefore(one.from, other.from) ? -1 : 1))
  return first && last ? { from: first.from, to: last.due } : null
}

/**
 * The period that deadlines themselves speak of: from the first day of the earliest year that is named in `phrases` to the last day of the
 * latest month. Null where no year is named.
 */
export function periodOfDeadlines(phrases: string[]): Period | null {
  const spans = phrases.filter((phrase) => phrase.length <= LONGEST_PHRASE).flatMap(spanMentioned)
  const span = spanOf(spans)
  return span && { from: date(span.from.year, 1, 1), to: date(span.to.year, span.to.month, 31) }
}

/** From the first year that a phrase names to its last month. «Декабрь, январь 2023» names 2023, though December is of the year before. */
function spanMentioned(phrase: string): Window[] {
  const { nodes, yearsSaid } = parse(phrase)
  const span = spanOf(nodes.filter(isPiece).flatMap(mentioned))
  const firstYear = yearsSaid.length > 0 ? Math.min(...yearsSaid) : span?.from.year
  return span && firstYear !== undefined ? [{ from: date(firstYear, 1, 1), due: span.to }] : []
}

/** What a piece mentions: «до 2025 года» the time before it, «до мая» the month of May. */
function mentioned(piece: Piece): Window[] {
  const beforeYear = piece.role === 'before' && piece.grain === 'year'
  return namedSpans(piece).map(({ from, due }) =>
    beforeYear ? { from: from.subtract({ days: 1 }), due: from.subtract({ days: 1 }) } : { from, due },
  )
}
