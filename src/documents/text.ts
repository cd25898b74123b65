import {
  type Cell,
  type DocumentContent,
  foldText,
  isRowNumber,
  type Line,
  type Paragraph,
  paragraphLine,
  type Table,
} from '../roadmaps/reading/content.ts'
import { WORD_CELL_MARK } from './encoding.ts'
import { readLayout, type TextLine } from './layout.ts'
import { type ReadingLimits, Unreadable } from './limits.ts'

/**
 * Reads plain or pasted text. Known ways of writing a table: cells parted by tabs (or `|`, or `;`, or dashes in numbered lines), one
 * cell a line, columns kept apart by spaces, and an HTML table. Text without any of them is given back as paragraphs.
 */
export function readText(text: string, limits: ReadingLimits): DocumentContent {
  const lines = cleanText(text).split('\n')
  if (lines.length > limits.rows * 20) throw new Unreadable({ code: 'too-many-rows', limit: limits.rows })
  return { format: 'txt', blocks: blocksOf(lines) }
}

function blocksOf(lines: string[]): (Paragraph | Table)[] {
  const separator = separatorOf(lines)
  if (separator) return readSeparated(lines, separator)
  if (lines.filter((line) => line.startsWith('\t')).length >= 6) return readCellPerLine(tabbedCells(lines))
  const spaced = lines.map(spacedLine)
  if (spaced.filter(({ fragments }) => fragments.length >= 3).length >= 2) return readLayout([spaced])
  const bare = bareCells(lines)
  if (bare) return bare
  return lines.filter((line) => line.trim() !== '').map(paragraphOf)
}

const TAG = /<\/?(?:b|i|u|s|p|ul|ol|li|div|span|strong|em|sup|sub|a|font|h[1-6]|tbody|thead|colgroup|col|br)\b[^<>]*>/gi

function cleanText(text: string): string {
  const lines = text
    .replace(/\r\n?|\f|\v|\u0085/g, '\n')
    .replaceAll(WORD_CELL_MARK, '\t')
    .replace(/\[bookmark: [^\]]*\]/g, '')
  return (/<t[dh]\b/i.test(lines) ? htmlTable(lines) : lines)
    .replace(TAG, ' ')
    .replaceAll('**', '')
    .replace(/&nbsp;|&#160;|\u00A0/g, ' ')
}

function htmlTable(html: string): string {
  return html
    .replace(/<(style|script|head)\b[\s\S]*?<\/\1>/gi, ' ')
    .replace(/\s+/g, ' ')
    .replace(/<\/t[dh]>\s*<\/tr>/gi, '\n')
    .replace(/<\/t[dh]>/gi, '\t')
    .replace(/<\/?(table|tr|td|th|html|body)\b[^<>]*>/gi, '')
    .replace(/<\/p>/gi, ' ')
}

function paragraphOf(text: string): Paragraph {
  return { kind: 'paragraph', line: paragraphLine(text) }
}

function cellOf(column: number, columnSpan: number, texts: string[]): Cell {
  const lines = texts
    .map((text, at): Line => ({ text: foldText(text), mark: null, starts: at === 0 ? 'paragraph' : 'line' }))
    .filter(({ text }) => text !== '')
  return { column, columnSpan, mergedFromAbove: false, lines }
}

// -- cells parted by a sign

type Separator = '\t' | '|' | ';' | '–'

function separatorOf(lines: string[]): Separator | null {
  const parts = (sign: Separator) => lines.filter((line) => splitLine(line, sign).length >= 3).length
  if (parts('\t') >= 2 && parts('\t') * 4 >= lines.filter((line) => line.startsWith('\t')).length) return '\t'
  if (parts('|') >= 3) return '|'
  const filled = lines.filter((line) => line.trim() !== '').length
  if (parts(';') >= 3 && parts(';') > filled * 0.6) return ';'
  return parts('–') >= 2 ? '–' : null
}

const RULE = /^[\s|+\-=:_─━═│┃║┼┬┴├┤┌┐└┘╔╗╚╝╠╣╦╩╬]*$/

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

/** A line without the sign, or with too few, goes on the row above where that one is not full yet. */
function readSeparated(lines: string[], sign: Separator): (Paragraph | Table)[] {
  const pieces = joinQuoted(lines, sign).map((line) => splitLine(line, sign))
  const columns = mostFrequent(pieces.map(({ length }) => length).filter((length) => length >= 3))
  const rows: string[][][] = []
  for (const cells of pieces) {
    const above = rows.at(-1)
    if (cells.every((cell) => cell.trim() === '')) continue
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

function mostFrequent(counts: number[]): number {
  const seen = new Map<number, number>()
  for (const count of counts) seen.set(count, (seen.get(count) ?? 0) + 1)
  return [...seen].reduce(
    (best, next) => (next[1] > best[1] || (next[1] === best[1] && next[0] > best[0]) ? next : best),
    [0, 0],
  )[0]
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

/** A row of fewer cells than the table has columns: its last cell covers the rest, as a heading merged across does. */
function rowOf(cells: string[][], columns: number): Cell[] {
  return cells.map((texts, at) => cellOf(at, at === cells.length - 1 ? Math.max(1, columns - at) : 1, texts))
}

// -- one cell a line

/** More columns than a plan has. */
const MOST_COLUMNS = 15

type LooseCell = { texts: string[]; afterGap: boolean }

/** As old converters print Word tables: every cell begins with a tab, its further lines do not, rows are parted by an empty line. */
function tabbedCells(lines: string[]): { before: string[]; cells: LooseCell[]; after: string[] } {
  const first = lines.findIndex((line) => line.startsWith('\t'))
  const last = lines.findLastIndex((line) => line.startsWith('\t'))
  const end = lastCellEnd(lines, last)
  const cells: LooseCell[] = []
  let gap = true
  for (const line of lines.slice(first, end)) {
    if (line.startsWith('\t')) cells.push({ texts: [line.slice(1)], afterGap: gap })
    else if (line.trim() !== '') cells.at(-1)?.texts.push(line)
    gap = line === ''
  }
  return { before: lines.slice(0, first), cells, after: lines.slice(end) }
}

function lastCellEnd(lines: string[], last: number): number {
  const gap = lines.findIndex((line, at) => at > last && line.trim() === '')
  return gap < 0 ? lines.length : gap
}

function readCellPerLine(found: { before: string[]; cells: LooseCell[]; after: string[] }): (Paragraph | Table)[] {
  const paragraphs = (lines: string[]) => lines.filter((line) => line.trim() !== '').map(paragraphOf)
  const columns = columnsOf(found.cells)
  const rows = splitRows(found.cells, columns).map((cells) =>
    rowOf(
      cells.map(({ texts }) => texts),
      columns,
    ),
  )
  const table: Table = { kind: 'table', merges: 'unmarked', columns, rows }
  return [...paragraphs(found.before), table, ...paragraphs(found.after)]
}

function isNumberCell(cell: LooseCell | undefined): boolean {
  return cell !== undefined && isRowNumber(cell.texts.join(' '))
}

function isEmptyCell(cell: LooseCell | undefined): boolean {
  return cell === undefined || cell.texts.every((text) => text.trim() === '')
}

/** Cells between two gaps, where the document leaves gaps; else cells from one number to the next. */
function columnsOf(cells: LooseCell[]): number {
  const distances = (starts: number[]) => starts.slice(1).map((start, at) => start - (starts[at] ?? 0))
  const at = (test: (cell: LooseCell) => boolean) => cells.flatMap((cell, index) => (test(cell) ? [index] : []))
  const gapStarts = at(({ afterGap }) => afterGap)
  const gaps = distances([...gapStarts, cells.length]).filter((size) => gapStarts.length >= 2 && size >= 3)
  const numbers = distances([...at(isNumberCell), cells.length]).filter((size) => size >= 3)
  const usual = mostFrequent(gaps.length * 2 >= numbers.length ? gaps : numbers)
  return Math.min(Math.max(usual, 3), MOST_COLUMNS)
}

/** What a row of `size` cells beginning at `start` costs: nothing if it looks like a row, more the less it does. */
function rowCost(cells: LooseCell[], start: number, size: number, habits: RowHabits): number {
  const inner = cells.slice(start + 1, start + size)
  const surprises =
    (habits.gaps && !cells[start]?.afterGap ? 2 : 0) +
    inner.filter(({ afterGap }) => habits.gaps && afterGap).length +
    inner.filter(isNumberCell).length * 1.5
  return surprises + shapeCost(cells.slice(start, start + size), habits)
}

type RowHabits = { columns: number; gaps: boolean; numbers: boolean }

const MISSHAPEN = 6

function shapeCost(row: LooseCell[], { columns, numbers }: RowHabits): number {
  const [first, second] = row
  if (row.length === columns) return !numbers || isNumberCell(first) ? 0 : isEmptyCell(first) ? 0.5 : 3
  if (row.length === 1) return isNumberCell(first) || isEmptyCell(first) ? MISSHAPEN : 1
  if (row.length === 2 && isNumberCell(first) && !isEmptyCell(second)) return 1.5
  return MISSHAPEN
}

/** The cheapest way to part `cells` into rows of `columns` cells, headings of one or two, and as few misshapen rows as may be. */
function splitRows(cells: LooseCell[], columns: number): LooseCell[][] {
  const numbered = cells.filter(isNumberCell).length
  const habits: RowHabits = {
    columns,
    gaps: cells.filter(({ afterGap }) => afterGap).length > cells.length / (columns * 2),
    numbers: numbered > cells.length / (columns * 3),
  }
  const best: { cost: number; size: number }[] = [{ cost: 0, size: 0 }]
  for (let end = 1; end <= cells.length; end += 1) {
    let cheapest = { cost: Number.POSITIVE_INFINITY, size: 1 }
    for (let size = 1; size <= Math.min(columns, end); size += 1) {
      const cost = (best[end - size]?.cost ?? 0) + rowCost(cells, end - size, size, habits)
      if (cost < cheapest.cost) cheapest = { cost, size }
    }
    best.push(cheapest)
  }
  const rows: LooseCell[][] = []
  for (let end = cells.length; end > 0; end -= best[end]?.size ?? 1) {
    rows.unshift(cells.slice(end - (best[end]?.size ?? 1), end))
  }
  return rows
}

const HEADING =
  /^(№|n\b|п\/п|мероприят|наименован|содержан|срок|дат[аы]|период|ответствен|исполнит|ожидаем|результат|показател|вид документа|форма)/i

/** A paste in which every cell is a line and nothing marks where a row ends: it begins with the headings, one a line. */
function bareCells(lines: string[]): (Paragraph | Table)[] | null {
  const filled = lines.map((line) => line.trim()).filter((line) => line !== '')
  const first = filled.findIndex((_, at) => filled.slice(at, at + 3).filter((line) => HEADING.test(line)).length === 3)
  if (first < 0) return null
  const end = filled.findIndex((line, at) => at >= first && !HEADING.test(line))
  if (end < 0) return null
  const columns = Math.min(end - first, MOST_COLUMNS)
  const cells = filled.slice(first).map((text, at): LooseCell => ({ texts: [text], afterGap: at === 0 }))
  const rows = splitRows(cells, columns).map((row) =>
    rowOf(
      row.map(({ texts }) => texts),
      columns,
    ),
  )
  return [...filled.slice(0, first).map(paragraphOf), { kind: 'table', merges: 'unmarked', columns, rows }]
}

// -- columns kept apart by spaces

function spacedLine(line: string, at: number): TextLine {
  const fragments = [...line.matchAll(/\S+(?: \S+)*/g)].map((match) => ({
    x: match.index,
    width: match[0].length,
    text: match[0],
  }))
  return { y: at, fragments: RULE.test(line) ? [] : fragments }
}
