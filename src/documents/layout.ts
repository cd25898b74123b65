import {
  type Cell,
  foldText,
  isRowNumber,
  type Line,
  type Paragraph,
  paragraphLine,
  type Table,
} from '../roadmaps/reading/content.ts'

/** Words that stand together in a line; `x` and `width` in points of a page or characters of a text. */
export type Fragment = { x: number; width: number; text: string }
export type TextLine = { y: number; fragments: Fragment[] }

type Column = { from: number; to: number }

/**
 * Finds the table in lines whose columns are only kept apart by white space, page after page. A row begins where the first
 * column has a number, or, in a table without numbers, after an empty line; a line that lies across columns is a heading.
 */
export function readLayout(pages: TextLine[][]): (Paragraph | Table)[] {
  const lines = pages.flat()
  const first = lines.findIndex(({ fragments }) => fragments.length >= 3)
  const last = lines.findLastIndex(({ fragments }) => fragments.length >= 2)
  const columns = columnsOf(lines.slice(first, last + 1))
  if (first < 0 || columns.length < 2) return paragraphsOf(lines)
  const rows = rowsOf(lines.slice(first, endOfLastRow(lines, last)), columns)
  const table: Table = { kind: 'table', merges: 'unmarked', columns: columns.length, rows }
  return [...paragraphsOf(lines.slice(0, first)), table, ...paragraphsOf(lines.slice(endOfLastRow(lines, last)))]
}

function paragraphsOf(lines: TextLine[]): Paragraph[] {
  return lines
    .map(({ fragments }) => foldText(fragments.map(({ text }) => text).join(' ')))
    .filter((text) => text !== '')
    .map((text) => ({ kind: 'paragraph', line: paragraphLine(text) }))
}

function endOfLastRow(lines: TextLine[], last: number): number {
  const gap = lines.findIndex(({ fragments }, at) => at > last && fragments.length === 0)
  return gap < 0 ? lines.length : gap
}

/** Columns are the stretches between the white gaps that (nearly) no line of several fragments writes into. */
function columnsOf(lines: TextLine[]): Column[] {
  const several = lines.filter(({ fragments }) => fragments.length >= 2).flatMap(({ fragments }) => fragments)
  const width = Math.ceil(Math.max(0, ...several.map(({ x, width }) => x + width))) + 1
  const ink = new Uint32Array(Math.min(width, 20_000))
  for (const { x, width } of several) addInk(ink, x, width)
  const noise = Math.floor(lines.length * 0.02)
  const columns: Column[] = []
  let from: number | null = null
  ink.forEach((count, at) => {
    if (count > noise) from ??= at
    else if (from !== null) {
      columns.push({ from, to: at })
      from = null
    }
  })
  if (from !== null) columns.push({ from, to: ink.length })
  return columns
}

function addInk(ink: Uint32Array, x: number, width: number): void {
  const end = Math.min(ink.length, Math.ceil(x + width))
  for (let at = Math.max(0, Math.floor(x)); at < end; at += 1) ink[at]! += 1
}

function columnOf(fragment: Fragment, columns: Column[]): number {
  const overlaps = columns.map(({ from, to }) => Math.min(to, fragment.x + fragment.width) - Math.max(from, fragment.x))
  return overlaps.indexOf(Math.max(...overlaps))
}

function crossesColumns(fragment: Fragment, columns: Column[]): boolean {
  return columns.filter(({ from, to }) => fragment.x < to && fragment.x + fragment.width > from).length >= 2
}

/** «2. Обучение», «II. Обучение», «Раздел 2»: a line of its own that counts sections. */
const NUMBERED_HEADING = /^(?:(?:\d{1,2}|[IVX]{1,4})\.\s+\p{Lu}|(?:раздел|РАЗДЕЛ|Раздел)\s)/u

function rowsOf(lines: TextLine[], columns: Column[]): Cell[][] {
  const rows: Cell[][] = []
  const numbered = lines.some(({ fragments }) => startsRow(fragments, columns))
  let open = false
  let pastHeader = false
  for (const { fragments } of lines) {
    const [only] = fragments
    if (fragments.length === 0) {
      if (!numbered || !pastHeader) open = false
      continue
    }
    const alone = fragments.length === 1 && only !== undefined && rows.length > 0
    const heading = alone && (NUMBERED_HEADING.test(only.text) || (pastHeader && crossesColumns(only, columns)))
    const starts = startsRow(fragments, columns)
    pastHeader ||= starts || !numbered
    if (heading && only) {
      rows.push([headingCell(only.text, columns.length)])
      open = false
    } else if (starts || !open) {
      rows.push(columns.map((_, column) => emptyCell(column)))
      open = true
    }
    if (!heading) for (const fragment of fragments) addLine(rows.at(-1), columnOf(fragment, columns), fragment.text)
  }
  return rows
}

function startsRow(fragments: Fragment[], columns: Column[]): boolean {
  const [first] = fragments
  return first !== undefined && columnOf(first, columns) === 0 && isRowNumber(first.text)
}

function headingCell(text: string, columnSpan: number): Cell {
  return { column: 0, columnSpan, mergedFromAbove: false, lines: [paragraphLine(text)] }
}

function emptyCell(column: number): Cell {
  return { column, columnSpan: 1, mergedFromAbove: false, lines: [] }
}

function addLine(row: Cell[] | undefined, column: number, text: string): void {
  const cell = row?.[column]
  if (!cell) return
  const line: Line = { text: foldText(text), mark: null, starts: cell.lines.length === 0 ? 'paragraph' : 'line' }
  cell.lines.push(line)
}
