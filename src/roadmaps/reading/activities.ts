import { cellText, type Line } from './content.ts'
import { isInside, isNext, isNumber, isRoman, leadingNumber, printedNumber, sectionName } from './numbers.ts'
import type { PlanRow } from './plan.ts'
import type { Piece, RowPieces } from './rows.ts'

/** A whole activity: pieces of cut rows joined, what merged cells say filled in. */
export type ActivityRow = {
  number: string
  section: string
  parent: string | null
  pieces: RowPieces
}

type WorkRow = Extract<PlanRow, { kind: 'row' }>

/** Joins and fills the rows of a plan into activities, in the order of the document. */
export function gatherActivities(rows: PlanRow[]): ActivityRow[] {
  const activities: ActivityRow[] = []
  let section = ''
  let above: ActivityRow | null = null
  const headed = rows.some(({ kind }) => kind === 'heading')
  rows.forEach((row, at) => {
    const heading = headingIn(row, { next: rows[at + 1], last: activities.at(-1) ?? null, above, headed })
    if (heading !== null) {
      section = sectionName(heading)
      above = null
      return
    }
    if (row.kind !== 'row') return
    if (above && (isContinuation(row, above) || (headed && isCutOff(row, above)))) {
      joinPieces(above.pieces, row.pieces)
      return
    }
    above = activityOf(row, section, above, activities)
    activities.push(above)
  })
  return activities.filter(({ pieces }) => pieces.title.lines.length > 0 || pieces.deadline.lines.length > 0)
}

// -- headings among the rows

/** What stands around a row: the row below, the last activity of the plan, the one above in this section. */
type Around = {
  next: PlanRow | undefined
  last: ActivityRow | null
  above: ActivityRow | null
  /** Whether the plan has headings that lie across the table. */
  headed: boolean
}

function headingIn(row: PlanRow, around: Around): string | null {
  if (row.kind === 'heading') return row.text
  const title = cellText(row.pieces.title.lines)
  if (title === '' || !hasOnlyTitle(row)) return null
  const number = numberOf(row)
  const isHeading = number === '' ? isHeadingWithoutNumber(row, around) : isHeadingWithNumber(row, number, around)
  return isHeading ? title : null
}

function hasOnlyTitle({ pieces, spanning }: WorkRow): boolean {
  const { deadline, responsible, result } = pieces
  const empty = (piece: Piece) => piece.lines.length === 0 && !piece.merged
  return spanning || (empty(deadline) && empty(responsible) && empty(result))
}

/** Where headings lie across the table, a title alone is no heading: it is a row of its own, or cut off from the one above. */
function isHeadingWithoutNumber(row: WorkRow, { above, headed }: Around): boolean {
  if (row.pieces.number.merged) return false
  return row.spanning || above === null || (!headed && !isContinuation(row, above))
}

/**
 * A numbered title without deadline and executor is a heading where the numbers below are inside its own, or start over. In a text
 * that was cut off, one that only counts on from the row above is a row.
 */
function isHeadingWithNumber(row: WorkRow, number: string, { next, last }: Around): boolean {
  const below = next?.kind === 'row' ? numberOf(next) : ''
  const opens = isInside(below, number) || startsOver(below)
  if (opens || isRoman(number)) return true
  if (row.spanning) return row.merges === 'marked' || last === null || !isNext(number, last.number)
  return isLoud(cellText(row.pieces.title.lines))
}

function startsOver(number: string): boolean {
  return /^1\)?$/.test(number)
}

function isLoud(text: string): boolean {
  return /\p{Lu}{4}/u.test(text) && text === text.toUpperCase()
}

// -- numbers

/** The number of a row: that of its own column, else, in a table without such a column, the one its title begins with. */
function numberOf(row: WorkRow): string {
  const printed = cellText(row.pieces.number.lines)
  if (printed !== '') return numberInCell(printed)
  return row.numbered ? '' : (numberInTitle(row)?.number ?? '')
}

/** A spreadsheet takes 1.2 for the first of February. */
function numberInCell(printed: string): string {
  const date = /^0?(\d{1,2})\.0?(\d{1,2})\.\d{4}$/.exec(printed)
  return date ? `${date[1]}.${date[2]}` : printedNumber(printed)
}

function numberInTitle({ pieces }: WorkRow): { number: string; rest: Line[] } | null {
  const [first, ...others] = pieces.title.lines
  if (!first) return null
  if (first.mark !== null && isNumber(first.mark)) {
    return { number: printedNumber(first.mark), rest: [{ ...first, mark: null }, ...others] }
  }
  const leading = leadingNumber(first.text)
  return leading && { number: leading.number, rest: [{ ...first, text: leading.rest }, ...others] }
}

/** A number kept as a value has lost the zero of 1.10; the row above tells whether it had one. */
function restoredNumber(row: WorkRow, number: string, above: ActivityRow | null): string {
  if (!row.numeric || !above) return number
  const longer = `${number}0`
  return /^\d+\.\d$/.test(number) && isNext(longer, above.number) ? longer : number
}

// -- rows that were cut

/**
 * Whether a row only goes on with the sentences of the one above: it has no number, and its title is missing or goes on in the
 * middle of a sentence or of a list. A row with a deadline that begins anew is an activity whatever its title.
 */
function isContinuation(row: WorkRow, above: ActivityRow): boolean {
  if (numberOf(row) !== '') return false
  const { title, deadline, responsible } = row.pieces
  const text = cellText(title.lines)
  if (text === '') return true
  if (row.pieces.number.merged || deadline.merged) return false
  const before = cellText(above.pieces.title.lines)
  const due = cellText(deadline.lines)
  const listGoesOn = /[:;,]$|в том числе$/.test(before)
  if (due === '' && responsible.lines.length === 0) {
    return beginsInside(text, before) || isUnfinished(before) || listGoesOn
  }
  if (due === '') {
    const executorsGoOn = isUnfinished(cellText(above.pieces.responsible.lines))
    return beginsInside(text, before) || isUnfinished(before) || executorsGoOn
  }
  return /^[\p{Ll})»]/u.test(text) && !listGoesOn && otherCellsGoOn(row.pieces, above.pieces)
}

/** A row that has a deadline of its own is only a piece of the one above if more than its small letter says so. */
function otherCellsGoOn({ deadline, responsible, result }: RowPieces, above: RowPieces): boolean {
  const goesOn = (piece: Piece) => /^\p{Ll}/u.test(cellText(piece.lines))
  const datePiece = /^(?:20\d\d|год|г\.|уч|[-–—,)])/i.test(cellText(deadline.lines))
  const unfinished = [above.title, above.deadline, above.responsible, above.result].some(({ lines }) =>
    isUnfinished(cellText(lines)),
  )
  return datePiece || unfinished || (goesOn(responsible) && goesOn(result))
}

/** A title alone, with a capital (a name), below a sentence without an end. A Word table is never cut by a page. */
function isCutOff(row: WorkRow, above: ActivityRow): boolean {
  const alone = numberOf(row) === '' && row.numbered && hasOnlyTitle(row)
  return alone && row.merges === 'unmarked' && !/[.;!?]$/.test(cellText(above.pieces.title.lines))
}

/** Whether a text begins in the middle: with a small letter where the one above has a capital, with a list mark or a closing sign. */
function beginsInside(text: string, above: string): boolean {
  if (/^\p{Ll}/u.test(text)) return !/^\p{Ll}/u.test(above)
  return /^(?:[,;.)»]|[-–—•·]\s?\p{L})/u.test(text)
}

function isUnfinished(text: string): boolean {
  const count = (sign: string) => text.split(sign).length
  return (
    /(?:[,–—-]|(?:^|\s)(?:и|в|во|на|по|с|со|о|об|для|или|за|к|при|от|из|до|не|под|над))$/iu.test(text) ||
    count('«') > count('»') ||
    count('(') > count(')')
  )
}

function joinPieces(above: RowPieces, below: RowPieces): void {
  for (const role of ['title', 'deadline', 'responsible', 'result'] as const) {
    const [first, ...rest] = below[role].lines
    if (first) above[role] = { ...above[role], lines: [...above[role].lines, { ...first, starts: 'line' }, ...rest] }
  }
}

// -- what is inherited

function activityOf(row: WorkRow, section: string, above: ActivityRow | null, all: ActivityRow[]): ActivityRow {
  const own = numberOf(row)
  const titled =
    row.numbered || own === '' ? row.pieces.title : { ...row.pieces.title, lines: numberInTitle(row)?.rest ?? [] }
  const pieces: RowPieces = { ...row.pieces, title: titled }
  const deadline = inheritedPiece(row, 'deadline', 'responsible', above)
  const responsible = inheritedPiece(row, 'responsible', 'deadline', above)
  if (deadline) pieces.deadline = deadline
  if (responsible) pieces.responsible = responsible
  if (pieces.title.merged && above) pieces.title = above.pieces.title
  if (pieces.result.merged && above) pieces.result = above.pieces.result
  return {
    number: restoredNumber(row, own, above),
    section,
    parent: own === '' && row.numbered ? numberAbove(all, section) : null,
    pieces,
  }
}

/**
 * What a row takes over from the one above it in its section: what a merged cell says, and, where the format does not tell merged
 * cells, the one of deadline and executor that is missing beside the other. A row that has neither takes nothing.
 */
function inheritedPiece(
  { pieces, merges }: WorkRow,
  role: 'deadline' | 'responsible',
  other: 'deadline' | 'responsible',
  above: ActivityRow | null,
): Piece | null {
  if (!above || above.pieces[role].lines.length === 0) return null
  if (isDitto(cellText(pieces[role].lines))) return above.pieces[role]
  if (pieces[role].lines.length > 0) return null
  const lost = merges === 'unmarked' && pieces.title.lines.length > 0 && pieces[other].lines.length > 0
  return pieces[role].merged || lost ? above.pieces[role] : null
}

/** «-//-», «то же»: as above. */
function isDitto(text: string): boolean {
  return /^(?:[-–—]*\s*(?:["″”]|\/\/|«»|''|,,)\s*[-–—]*|то же|так же|тоже)\.?$/i.test(text)
}

function numberAbove(all: ActivityRow[], section: string): string | null {
  return all.findLast((activity) => activity.number !== '' && activity.section === section)?.number ?? null
}
