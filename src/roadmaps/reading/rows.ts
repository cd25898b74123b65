import { type Columns, headerAt, PART_OF_YEAR, roleOf } from './columns.ts'
import { type Cell, cellText, isRowNumber, type Line, type Table } from './content.ts'

/** A cell of a roadmap's row: its lines, and whether it is merged with the cell above it. */
export type Piece = { lines: Line[]; merged: boolean }

export type RowPieces = { number: Piece; title: Piece; deadline: Piece; responsible: Piece; result: Piece }

/** What the rows of a roadmap's table are: a heading of a section, or a row of work, whole or cut. */
export type TableRow =
  | { kind: 'heading'; text: string }
  | { kind: 'row'; pieces: RowPieces; numeric: boolean; merges: Table['merges']; spanning: boolean }

/** How a row is known again: its texts in their order. */
export function rowKey(cells: Cell[]): string {
  return cells.map(({ lines }) => cellText(lines).toLowerCase()).join('|')
}

/**
 * Reads the rows of `table` from row `from` on. Rows that only count the columns are passed over, and headings that are repeated
 * on a new page: those of `headings`, which holds the keys of the rows of headings, and any other row of headings only.
 */
export function readRows(table: Table, columns: Columns, from: number, headings: ReadonlySet<string>): TableRow[] {
  const rows: TableRow[] = []
  let group = ''
  let held = columns
  for (let at = from; at < table.rows.length; at += 1) {
    const header = isHeadingRow(table.rows[at] ?? []) ? headerAt(table, at) : null
    if (header) {
      held = header.columns
      at = header.to - 1
      continue
    }
    const cells = table.rows[at] ?? []
    if (headings.has(rowKey(cells))) continue
    const grouped = groupOf(cells, held)
    if (grouped !== '' && grouped !== group) {
      group = grouped
      rows.push({ kind: 'heading', text: grouped })
    }
    const row = readRow(cells, held, table)
    if (row) rows.push(row)
  }
  return rows
}

/** Inside a table only a row in which every text is a short heading starts a new set of headings. */
function isHeadingRow(cells: Cell[]): boolean {
  const texts = cells.map(({ lines }) => cellText(lines)).filter((text) => text !== '')
  return texts.length >= 3 && texts.every((text) => text.length <= 80 && roleOf(text) !== null)
}

function groupOf(cells: Cell[], columns: Columns): string {
  const [column] = columns.section
  const cell = column === undefined ? undefined : cells.find((candidate) => candidate.column === column)
  return cell && cell.columnSpan === 1 && cells.length > 1 ? cellText(cell.lines) : ''
}

function readRow(cells: Cell[], columns: Columns, table: Table): TableRow | null {
  const filled = cells.filter(({ lines }) => cellText(lines) !== '')
  if (filled.length === 0 || countsColumns(filled)) return null
  const heading = headingOf(filled, columns, table)
  if (heading !== null) return { kind: 'heading', text: heading }
  const spanning = filled.some((cell) => covers(cell, columns.title) && coversWork(cell, columns))
  return {
    kind: 'row',
    merges: table.merges,
    spanning,
    numeric: cells.some(({ column, numeric }) => numeric === true && columns.number.includes(column)),
    pieces: {
      number: pieceOf(cells, columns.number),
      title: pieceOf(cells, columns.title),
      deadline: deadlineOf(cells, columns),
      responsible: pieceOf(cells, columns.responsible),
      result: pieceOf(cells, columns.result),
    },
  }
}

/** «1 | 2 | 3 | 4» under the headings. */
function countsColumns(filled: Cell[]): boolean {
  const texts = filled.map(({ lines }) => cellText(lines).replace(/\.$/, ''))
  const first = Number(texts[0])
  return texts.length >= 3 && texts.every((text, at) => text === String(first + at))
}

function covers({ column, columnSpan }: Cell, columns: number[]): boolean {
  return columns.some((wanted) => column <= wanted && wanted < column + columnSpan)
}

function coversWork(cell: Cell, { deadline, starts, responsible }: Columns): boolean {
  return covers(cell, [...deadline, ...starts, ...responsible])
}

/**
 * A heading is one text across the row, or in the first column alone, or the same text in every cell (a merge that was lost in
 * copying). A numbered text across the row is left to the reading of numbers: it may be a row that was cut.
 */
function headingOf(filled: Cell[], columns: Columns, table: Table): string | null {
  const [first] = filled
  if (!first) return null
  const text = cellText(first.lines)
  if (filled.length >= 3 && filled.every(({ lines }) => cellText(lines) === text)) return text
  if (filled.length > 1 || isRowNumber(text)) return null
  const whole = covers(first, columns.title) && coversWork(first, columns)
  const alone = first.column === 0 && !columns.title.includes(0) && columns.section.length === 0
  return whole || alone || first.columnSpan >= Math.max(2, table.columns - 1) ? text : null
}

function pieceOf(cells: Cell[], columns: number[]): Piece {
  const found = cells.filter((cell) => columns.includes(cell.column))
  return {
    lines: found.flatMap(({ lines }) => lines),
    merged: found.length > 0 && found.every(({ mergedFromAbove }) => mergedFromAbove),
  }
}

const TICK = /^(?:[+*✓✔•xхv]|да)+$/i

/** A row of a calendar: the headings of the columns that are ticked or filled, and the days that stand in them. */
function calendarOf(cells: Cell[], columns: Columns, calendar: number[]): Piece {
  const heading = (column: number) => columns.headings[column] ?? ''
  const dates = cells
    .filter((cell) => calendar.includes(cell.column) && cell.lines.length > 0)
    .map(({ column, columnSpan, lines }) => {
      const text = cellText(lines)
      const span = columnSpan > 1 ? `${heading(column)} – ${heading(column + columnSpan - 1)}` : heading(column)
      if (TICK.test(text)) return span
      return /^\d{1,2}$/.test(text) ? `${text} ${span}` : text
    })
  const lines: Line[] = dates.length === 0 ? [] : [{ text: dates.join(', '), mark: null, starts: 'paragraph' }]
  return { lines, merged: false }
}

/** A beginning and an end in two columns are told as «с … по …»; one of them alone, or the same twice, stands for itself. */
function deadlineOf(cells: Cell[], columns: Columns): Piece {
  const calendar = columns.deadline.filter((column) => PART_OF_YEAR.test(columns.headings[column] ?? ''))
  if (calendar.length >= 2) return calendarOf(cells, columns, calendar)
  const [first] = columns.deadline
  const whole = pieceOf(cells, first === undefined ? [] : [first])
  if (whole.lines.length > 0 || columns.starts.length === 0) return whole
  const [starts, ends] = [pieceOf(cells, columns.starts), pieceOf(cells, columns.ends)]
  const [from, to] = [cellText(starts.lines), cellText(ends.lines)]
  const text = from === '' || to === '' || from === to ? from || to : `с ${from} по ${to}`
  const lines: Line[] = text === '' ? [] : [{ text, mark: null, starts: 'paragraph' }]
  return { lines, merged: starts.merged && (ends.merged || columns.ends.length === 0) }
}
