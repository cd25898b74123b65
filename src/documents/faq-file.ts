import { createRequire } from 'node:module'
import { inflateRawSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import { InputProblem } from '../kernel/problem.ts'

/** Why a file is no table that can be read. */
export type TableFault = 'too-large' | 'no-table' | 'unreadable' | 'damaged' | 'too-many-parts' | 'too-large-inside'

/** A file that is no table, is damaged, or is too large. Whoever tells of it has the words for `fault`; `detail` is the library's own, in English. */
export class TableProblem extends InputProblem {
  readonly file: string
  readonly fault: TableFault
  readonly detail: string | null
  constructor(file: string, fault: TableFault, cause?: unknown) {
    super(`${file}: ${fault}`)
    this.file = file
    this.fault = fault
    this.detail = cause instanceof Error ? cause.message : null
  }
}

/** The libraries of workbooks are large, and most processes never see a workbook: they are loaded when one comes. */
const spreadsheets = (): typeof import('@e965/xlsx') => createRequire(import.meta.url)('@e965/xlsx')

const LARGEST_FILE = 10 * 1024 * 1024
const LARGEST_UNPACKED = 40 * 1024 * 1024
const MOST_PARTS = 200
const MOST_ROWS = 20_100

/**
 * The cells of a .csv (UTF-8 or Windows-1251; comma, semicolon or tab) or .xlsx (first sheet, values only, formulas never evaluated) as text, row by row.
 * Throws TableProblem for a file that is neither, is damaged, or is too large; sizes are checked before anything is unpacked.
 */
export function readTable(bytes: Buffer, name: string): string[][] {
  if (bytes.length > LARGEST_FILE) throw new TableProblem(name, 'too-large')
  if (bytes.subarray(0, 4).equals(Buffer.from('PK\u0003\u0004'))) return readXlsx(bytes, name)
  if (bytes.includes(0)) throw new TableProblem(name, 'no-table')
  return readCsv(bytes, name)
}

function readCsv(bytes: Buffer, name: string): string[][] {
  const text = decode(bytes)
  try {
    return parse(text, {
      bom: true,
      delimiter: delimiterOf(text),
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: false,
    })
  } catch (cause) {
    throw new TableProblem(name, 'unreadable', cause)
  }
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1251').decode(bytes)
  }
}

/** The sign that cuts the heading into most cells. */
function delimiterOf(text: string): string {
  const heading = text.split('\n', 1)[0] ?? ''
  const signs = [',', ';', '\t'].map((sign) => ({ sign, count: heading.split(sign).length }))
  return signs.reduce((best, other) => (other.count > best.count ? other : best)).sign
}

function readXlsx(bytes: Buffer, name: string): string[][] {
  refuseBomb(bytes, name)
  const { read, utils } = spreadsheets()
  try {
    const book = read(bytes, {
      type: 'buffer',
      cellFormula: false,
      cellHTML: false,
      cellDates: true,
      sheets: 0,
      sheetRows: MOST_ROWS,
    })
    const sheet = book.Sheets[book.SheetNames[0] ?? '']
    if (!sheet) throw new Error('нет листа')
    const rows = utils.sheet_to_json<unknown[]>(sheet, { header: 1, blankrows: true, defval: '', raw: true })
    return rows.map((row) => row.map(cellText))
  } catch (cause) {
    throw new TableProblem(name, 'unreadable', cause)
  }
}

function cellText(cell: unknown): string {
  return cell instanceof Date ? dayText(cell) : String(cell ?? '')
}

/** The day of a date cell. Half a day is added: the library gives local midnight with the rounding of the spreadsheet's fractions. */
function dayText(date: Date): string {
  const noon = new Date(date.getTime() + 12 * 3600_000)
  return [noon.getFullYear(), noon.getMonth() + 1, noon.getDate()]
    .map((part) => String(part).padStart(2, '0'))
    .join('-')
}

const DIRECTORY_END = 0x06054b50
const DIRECTORY_ENTRY = 0x02014b50
const DEFLATED = 8

/** Walks the directory of the archive and unpacks each part no further than it promises, so that a bomb is refused while it is small. */
function refuseBomb(bytes: Buffer, name: string): void {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]))
  if (end < 0 || end + 22 > bytes.length || bytes.readUInt32LE(end) !== DIRECTORY_END)
    throw new TableProblem(name, 'damaged')
  const parts = bytes.readUInt16LE(end + 10)
  if (parts > MOST_PARTS) throw new TableProblem(name, 'too-many-parts')
  let unpacked = 0
  let at = bytes.readUInt32LE(end + 16)
  try {
    for (let part = 0; part < parts; part++) {
      if (bytes.readUInt32LE(at) !== DIRECTORY_ENTRY) throw new RangeError('no entry here')
      const size = bytes.readUInt32LE(at + 24)
      unpacked += size
      if (unpacked > LARGEST_UNPACKED) throw new TableProblem(name, 'too-large-inside')
      if (bytes.readUInt16LE(at + 10) === DEFLATED)
        inflateRawSync(partAt(bytes, at), { maxOutputLength: Math.max(size, 1) })
      at += 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
    }
  } catch (cause) {
    if (cause instanceof TableProblem) throw cause
    throw new TableProblem(name, 'damaged')
  }
}

/** The packed bytes of the part whose directory entry is at `entry`. */
function partAt(bytes: Buffer, entry: number): Buffer {
  const header = bytes.readUInt32LE(entry + 42)
  const from = header + 30 + bytes.readUInt16LE(header + 26) + bytes.readUInt16LE(header + 28)
  return bytes.subarray(from, from + bytes.readUInt32LE(entry + 20))
}

/** `rows` as a .csv in UTF-8 with a byte order mark, which Excel needs in order to show Cyrillic. */
export function writeCsv(rows: string[][]): Buffer {
  return Buffer.from(stringify(rows, { bom: true, record_delimiter: 'windows' }))
}

/** `rows` as an .xlsx of text cells, the first row in bold and kept in view. */
export async function writeXlsx(rows: string[][], sheetName: string): Promise<Buffer> {
  const { default: writeExcelFile } = await import('write-excel-file/node')
  const cells = rows.map((row, at) =>
    row.map((value) => ({
      value,
      type: String,
      wrap: true,
      alignVertical: 'top' as const,
      ...(at === 0 ? { fontWeight: 'bold' as const } : {}),
    })),
  )
  return writeExcelFile(cells, { sheet: sheetName, stickyRowsCount: 1 }).toBuffer()
}
