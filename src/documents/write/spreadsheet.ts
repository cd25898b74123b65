import writeExcelFile, { type CellObject, type SheetData } from 'write-excel-file/node'
import { type Cell, finiteNumber, guardedText } from './cell.ts'

/** A column of a sheet. `width` is in characters; numbers and dates stand to the right. */
export type Column = { title: string; width: number; kind: 'text' | 'number' | 'date' }

/** One sheet: its columns, and rows whose cells stand in the order of the columns. */
export type Sheet = { name: string; columns: readonly Column[]; rows: readonly (readonly Cell[])[] }

/** Excel allows no longer name of a sheet. */
const longestName = 31

const headingStyle: Omit<CellObject, 'value' | 'type'> = {
  fontWeight: 'bold',
  backgroundColor: '#E8EEF4',
  bottomBorderStyle: 'thin',
  bottomBorderColor: '#8A9AA9',
  alignVertical: 'center',
  wrap: true,
}

/**
 * An .xlsx file of `sheets`: heading rows stay in sight, dates and numbers are real ones to sort and sum, text is wrapped and never
 * evaluated (see `guardedText`). Names of sheets are made valid and different from each other. Throws RangeError on a number that is
 * not finite.
 */
export async function writeSpreadsheet(sheets: readonly Sheet[]): Promise<Uint8Array> {
  const names = sheetNames(sheets.map(({ name }) => name))
  const file = writeExcelFile(
    sheets.map((sheet, index) => ({
      sheet: names[index]!,
      data: sheetData(sheet),
      columns: sheet.columns.map(({ width }) => ({ width })),
      stickyRowsCount: 1,
      orientation: 'landscape' as const,
    })),
    { fontFamily: 'Calibri', fontSize: 11 },
  )
  return new Uint8Array(await file.toBuffer())
}

function sheetData({ columns, rows }: Sheet): SheetData {
  const heading = columns.map(({ title, kind }) => ({ ...headingStyle, ...styledText(title), align: alignment(kind) }))
  return [heading, ...rows.map((row) => row.map((cell, index) => styledCell(cell, columns[index]?.kind ?? 'text')))]
}

function styledCell(cell: Cell, kind: Column['kind']): CellObject | null {
  if (cell === null) return null
  const style = { align: alignment(kind), alignVertical: 'top', wrap: true } as const
  if (typeof cell === 'string') return { ...style, ...styledText(cell) }
  if (typeof cell === 'number') return { ...style, value: finiteNumber(cell), type: Number }
  return { ...style, value: new Date(Date.UTC(cell.year, cell.month - 1, cell.day)), type: Date, format: 'dd.mm.yyyy' }
}

/** The format of text keeps Excel from making a date of «1.3» or a number of «007» when somebody edits the cell. */
function styledText(text: string): CellObject {
  return { value: guardedText(text), type: String, format: '@' }
}

function alignment(kind: Column['kind']): 'left' | 'right' {
  return kind === 'text' ? 'left' : 'right'
}

/** `names` as Excel takes them: no `[]/\:*?`, no apostrophe at an end, 1 to 31 characters, different from each other in any case. */
function sheetNames(names: readonly string[]): string[] {
  const taken = new Set<string>()
  return names.map((name, index) => {
    const wanted = validName(name) || `Лист ${index + 1}`
    let given = wanted
    for (let copy = 2; taken.has(given.toLowerCase()); copy++) given = numbered(wanted, copy)
    taken.add(given.toLowerCase())
    return given
  })
}

function validName(name: string): string {
  const allowed = name.replace(/[[\]/\\:*?\p{Cc}\uFFFD]+/gu, ' ').toWellFormed()
  return cut(allowed.replace(/^['\s]+|['\s]+$/g, ''), longestName).replace(/['\s]+$/g, '')
}

function numbered(name: string, copy: number): string {
  const ending = ` (${copy})`
  return `${cut(name, longestName - ending.length)}${ending}`
}

function cut(text: string, length: number): string {
  return text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '')
}
