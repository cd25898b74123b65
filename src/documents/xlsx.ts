import type { CellObject, Range, WorkBook, WorkSheet } from '@e965/xlsx'
import type { Cell, DocumentContent, Line, Table } from '../roadmaps/reading/content.ts'
import { foldText } from '../roadmaps/reading/content.ts'
import type { Archive } from './archive.ts'
import { type ReadingLimits, Unreadable } from './limits.ts'

/** A plan has a handful of columns; what a stray format leaves far to the right is not looked at. */
const MOST_COLUMNS = 40

/** Excel numbers its days from here; the time of day is dropped. */
const FIRST_DAY = Date.UTC(1899, 11, 30)
const DAY_MILLISECONDS = 86_400_000

/**
 * Reads a .xlsx or .xlsm: the visible sheets as tables, cells as they are shown, dates as dates, merged cells marked. Formulas give
 * the value that was saved with them and are never computed; macros are not opened.
 */
export async function readXlsx(archive: Archive, bytes: Uint8Array, limits: ReadingLimits): Promise<DocumentContent> {
  await checkParts(archive)
  const { read, SSF } = await import('@e965/xlsx')
  const book = read(bytes, {
    type: 'buffer',
    dense: true,
    sheetRows: limits.rows * 2,
    cellFormula: false,
    cellHTML: false,
    cellNF: true,
    cellText: true,
    bookVBA: false,
  })
  const blocks = visibleSheets(book).map((sheet) =>
    tableOf(sheet, SSF.is_date, book.Workbook?.WBProps?.date1904 === true),
  )
  const rows = blocks.reduce((sum, table) => sum + table.rows.length, 0)
  if (rows > limits.rows) throw new Unreadable({ code: 'too-many-rows', limit: limits.rows })
  return { format: 'xlsx', blocks: blocks.filter((table) => table.rows.length > 0) }
}

/** The library unpacks by itself, so sizes are proved true, and declarations of entities refused, before it sees the file. */
async function checkParts(archive: Archive): Promise<void> {
  for (const name of archive.names) {
    if (!/\.(xml|rels)$/i.test(name)) continue
    let tail = ''
    await archive.stream(name, (piece) => {
      const text = tail + piece.toString('latin1')
      if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw new Unreadable({ code: 'forbidden-markup' })
      tail = text.slice(-10)
    })
  }
}

function visibleSheets(book: WorkBook): WorkSheet[] {
  return book.SheetNames.filter((_, at) => !book.Workbook?.Sheets?.[at]?.Hidden).flatMap(
    (name) => book.Sheets[name] ?? [],
  )
}

type IsDate = (format: string | number) => boolean

function tableOf(sheet: WorkSheet, isDate: IsDate, from1904: boolean): Table {
  const data: (CellObject | undefined)[][] = sheet['!data'] ?? []
  const merges = mergesByCell(sheet['!merges'] ?? [])
  const rows = data.map((cells, row) => rowOf(cells ?? [], row, merges, (cell) => shownText(cell, isDate, from1904)))
  const columns = Math.max(
    0,
    ...rows.flatMap((cells) => cells.filter(isFilled).map((cell) => cell.column + cell.columnSpan)),
  )
  return {
    kind: 'table',
    merges: 'marked',
    columns,
    rows: rows
      .map((cells) => cells.filter(({ column }) => column < columns))
      .filter((cells) => cells.some((cell) => isFilled(cell) || cell.mergedFromAbove)),
  }
}

function isFilled({ lines }: Cell): boolean {
  return lines.length > 0
}

type Merges = { find(row: number, column: number): Range | undefined }

/** Sheets may have thousands of merged ranges: they are found by row. */
function mergesByCell(ranges: Range[]): Merges {
  const byRow = new Map<number, Range[]>()
  for (const range of ranges.slice(0, 20_000)) {
    for (let row = range.s.r; row <= Math.min(range.e.r, range.s.r + 2_000); row += 1) {
      byRow.set(row, [...(byRow.get(row) ?? []), range])
    }
  }
  return { find: (row, column) => byRow.get(row)?.find(({ s, e }) => s.c <= column && column <= e.c) }
}

function rowOf(
  cells: (CellObject | undefined)[],
  row: number,
  merges: Merges,
  textOf: (cell: CellObject | undefined) => string,
): Cell[] {
  const read: Cell[] = []
  for (let column = 0; column < MOST_COLUMNS; column += 1) {
    const merge = merges.find(row, column)
    const cell = cells[column]
    const columnSpan = merge ? Math.min(merge.e.c, MOST_COLUMNS - 1) - column + 1 : 1
    const mergedFromAbove = merge !== undefined && merge.s.r < row
    const lines = mergedFromAbove ? [] : linesOf(textOf(cell))
    read.push({ column, columnSpan, mergedFromAbove, lines, ...(cell?.t === 'n' ? { numeric: true } : {}) })
    column += columnSpan - 1
  }
  return read
}

function linesOf(text: string): Line[] {
  return text
    .split('\n')
    .map((line): Line => ({ text: foldText(line), mark: null, starts: 'paragraph' }))
    .filter((line) => line.text !== '')
}

/** What the sheet shows in a cell. Errors («#ССЫЛКА!») show nothing that could be read. */
function shownText(cell: CellObject | undefined, isDate: IsDate, from1904: boolean): string {
  if (!cell || cell.t === 'e' || cell.t === 'z') return ''
  if (cell.t === 'n' && typeof cell.v === 'number' && cell.z !== undefined && isDate(cell.z)) {
    return dateText(cell.v + (from1904 ? 1462 : 0), String(cell.z))
  }
  return cell.w ?? String(cell.v ?? '')
}

const MONTHS = 'январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь'.split(' ')
const MONTHS_OF_DAY = 'января февраля марта апреля мая июня июля августа сентября октября ноября декабря'.split(' ')

/** A date tells as much as its format shows: a day, a day of any year, a month, a year. */
function dateText(days: number, format: string): string {
  const date = new Date(FIRST_DAY + Math.floor(days) * DAY_MILLISECONDS)
  if (Number.isNaN(date.getTime())) return ''
  const shows = format.replace(/\[[^\]]*\]|"[^"]*"|\\./g, '').toLowerCase()
  const [day, month, year] = [date.getUTCDate(), date.getUTCMonth(), date.getUTCFullYear()]
  if (!/[dm]/.test(shows)) return `${year} год`
  if (!shows.includes('d')) return shows.includes('y') ? `${MONTHS[month]} ${year}` : (MONTHS[month] ?? '')
  if (!shows.includes('y')) return `${day} ${MONTHS_OF_DAY[month]}`
  return `${String(day).padStart(2, '0')}.${String(month + 1).padStart(2, '0')}.${year}`
}
