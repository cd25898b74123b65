import { isRowNumber, type Paragraph, type Table } from '../roadmaps/reading/content.ts'
import { HEADING, mostFrequent, paragraphOf, rowOf } from './text-cells.ts'

/** A sign that parts cells. */
export type Separator = '\t' | '|' | ';' | '–'

/** The sign that parts the cells of `lines`, or null. A dash parts cells only in numbered lines, as people write in messages. */
export function separatorOf(lines: string[]): Separator | null {
  const parts = (sign: Separator) => lines.filter((line) => splitLine(line, sign).length >= 3).length
  if (parts('\t') >= 2 && parts('\t') * 4 >= lines.filter((line) => line.startsWith('\t')).length) return '\t'
  if (parts('|') >= 2) return '|'
  const filled = lines.filter((line) => line.trim() !== '').length
  if (parts(';') >= 3 && parts(';') > filled * 0.6) return ';'
  return parts('–') >= 2 ? '–' : null
}

/** A line that is only drawn. */
export const RULE = /^[\s|+\-=:_─━═│┃║┼┬┴├┤┌┐└┘╔╗╚╝╠╣╦╩╬]*$/

function splitLine(line: string, sign: Separator): string[] {
  if (sign === '–') return /^\s*\d{1,3}[.)\d]*\s/.test(line) ? line.split(/\s+[-–—]\s+/) : [line]
  if (sign !== '|') return line.split(sign)
  if (RULE.test(line)) return []
  return line
    .trim()
    .replace(/[│┃║]/g, '|')
    .replace(/^\||\|$/g, '')
    .split('|')
}

/**
 * Reads lines whose cells are parted by `sign`. A line without the sign, or with too few, goes on the row above where that one is not
 * full yet. Headings after a line of text begin a table of their own.
 */
export function readSeparated(lines: string[], sign: Separator): (Paragraph | Table)[] {
  const pieces = joinQuoted(lines, sign)
    .map((line) => splitLine(line, sign))
    .filter((cells) => cells.some((cell) => cell.trim() !== ''))
  return tablesIn(pieces).flatMap(readTable)
}

function tablesIn(pieces: string[][]): string[][][] {
  const tables: string[][][] = [[]]
  pieces.forEach((cells, at) => {
    const headings = cells.filter((cell) => HEADING.test(cell.trim())).length
    if (headings >= 2 && pieces[at - 1]?.length === 1) tables.push([])
    tables.at(-1)?.push(cells)
  })
  return tables
}

function readTable(pieces: string[][]): (Paragraph | Table)[] {
  const columns = mostFrequent(pieces.map(({ length }) => length).filter((length) => length >= 3))
  const rows: string[][][] = []
  for (const cells of pieces) {
    const above = rows.at(-1)
    if (above && continues(above, cells, columns)) appendCells(above, cells)
    else rows.push(cells.map((cell) => [cell]))
  }
  return tableBetweenParagraphs(rows, columns)
}

function continues(above: string[][], cells: string[], columns: number): boolean {
  const [first = ''] = cells
  if (above.length >= 2 && above.length < columns && above.length + cells.length - 1 <= columns) {
    return first.trim() !== '' && !isRowNumber(first)
  }
  return above.length === columns && cells.length === 1 && /^\s*(\p{Ll}|[-–—•·]\s)/u.test(first)
}

function appendCells(above: string[][], cells: string[]): void {
  const [first = '', ...rest] = cells
  above.at(-1)?.push(first)
  above.push(...rest.map((cell) => [cell]))
}

/** A spreadsheet pastes a cell of several lines in quotation marks, inner ones doubled. */
function joinQuoted(lines: string[], sign: Separator): string[] {
  if (sign === '|') return lines
  const joined: string[] = []
  const startsQuoted = new RegExp(`(^|${sign})"(?:[^"]|"")*$`)
  for (const line of lines) {
    const open = joined.at(-1)
    if (open !== undefined && startsQuoted.test(open) && open.length < 20_000)
      joined[joined.length - 1] = `${open} ${line}`
    else joined.push(line)
  }
  const unquote = new RegExp(`(^|${sign})"((?:[^"]|"")*)"(?=${sign}|$)`, 'g')
  return joined.map((line) =>
    line.replace(unquote, (_, before: string, cell: string) => before + cell.replaceAll('""', '"')),
  )
}

/** Lines of one cell before the first full row and after the last are text around the table; between rows they are headings. */
function tableBetweenParagraphs(rows: string[][][], columns: number): (Paragraph | Table)[] {
  const full = (cells: string[][]) => cells.length >= 2
  const first = rows.findIndex(full)
  if (first < 0) return rows.flat(2).map(paragraphOf)
  const last = rows.findLastIndex(full)
  const around = (from: number, to: number) => rows.slice(from, to).flatMap((cells) => cells.flat().map(paragraphOf))
  const table: Table = {
    kind: 'table',
    merges: 'unmarked',
    columns,
    rows: rows.slice(first, last + 1).map((cells) => rowOf(cells, columns)),
  }
  return [...around(0, first), table, ...around(last + 1, rows.length)]
}
