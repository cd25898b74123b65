import { stringify } from 'csv-stringify/sync'
import { type Cell, finiteNumber, guardedText } from './cell.ts'

/**
 * `rows`, the heading among them, as a .csv file that Excel with Russian settings opens by a double click: UTF-8 with a byte order mark,
 * semicolons, decimal commas, dates as 12.03.2026. Every field is quoted, so that text cannot begin a new cell where a program splits at
 * commas instead; text that could be a formula is guarded. Throws RangeError on a number that is not finite.
 */
export function writeCsv(rows: readonly (readonly Cell[])[]): Uint8Array {
  const text = stringify(
    rows.map((row) => row.map(field)),
    { bom: true, delimiter: ';', quoted: true, record_delimiter: 'windows' },
  )
  return new TextEncoder().encode(text)
}

function field(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'string') return guardedText(cell)
  if (typeof cell === 'number') return finiteNumber(cell).toString().replace('.', ',')
  const [year, month, day] = cell.toString().split('-')
  return `${day}.${month}.${year}`
}
