import { isRowNumber, type Paragraph, type Table } from '../roadmaps/reading/content.ts'
import { HEADING, mostFrequent, paragraphOf, rowOf } from './text-cells.ts'

/** More columns than a plan has. */
const MOST_COLUMNS = 15

type LooseCell = { texts: string[]; afterGap: boolean }

/** Fewer cells than this are no table. */
const FEWEST_CELLS = 6

/**
 * Reads text as old converters print Word tables: every cell begins with a tab, its further lines do not, rows are parted by an empty
 * line. An empty line and then one without a tab end the table. Null where there is no such table.
 */
export function readTabbedCells(lines: string[]): (Paragraph | Table)[] | null {
  const regions = tabbedRegions(lines)
  if (!regions.some(isTable)) return null
  return regions.flatMap((region): (Paragraph | Table)[] =>
    isTable(region) ? [tableOf(tabbedCells(region))] : paragraphsOf(region),
  )
}

function isTable(region: string[]): boolean {
  return region.filter((line) => line.startsWith('\t')).length >= FEWEST_CELLS
}

function tabbedRegions(lines: string[]): string[][] {
  const regions: string[][] = [[]]
  let inTable = false
  lines.forEach((line, at) => {
    const starts = !inTable && line.startsWith('\t')
    const ends = inTable && line.trim() !== '' && !line.startsWith('\t') && /^ *$/.test(lines[at - 1] ?? '')
    if (starts || ends) regions.push([])
    if (starts || ends) inTable = starts
    regions.at(-1)?.push(line)
  })
  return regions
}

function tabbedCells(lines: string[]): LooseCell[] {
  const cells: LooseCell[] = []
  let gap = true
  for (const line of lines) {
    if (line.startsWith('\t')) cells.push({ texts: [line.slice(1)], afterGap: gap })
    else if (line.trim() !== '') cells.at(-1)?.texts.push(line)
    gap = line === ''
  }
  return cells
}

/** The only bar of a line stands at its end. */
const ENDS_CELL = /^[^|]*\|\s*$/

/** Reads text as pages of legal databases are copied: every cell ends with a bar and a new line. Null where it is not so. */
export function readBarredCells(lines: string[]): (Paragraph | Table)[] | null {
  if (lines.filter((line) => ENDS_CELL.test(line)).length < FEWEST_CELLS) return null
  const first = lines.findIndex((line) => ENDS_CELL.test(line))
  const last = lines.findLastIndex((line) => ENDS_CELL.test(line))
  const table = tableOf(barredCells(lines.slice(first, last + 1)))
  return [...paragraphsOf(lines.slice(0, first)), table, ...paragraphsOf(lines.slice(last + 1))]
}

function barredCells(lines: string[]): LooseCell[] {
  const cells: LooseCell[] = []
  let texts: string[] = []
  for (const line of lines) {
    texts.push(line.replace(/\|\s*$/, ''))
    if (!ENDS_CELL.test(line)) continue
    cells.push({ texts: texts.filter((text) => text.trim() !== ''), afterGap: cells.length === 0 })
    texts = []
  }
  return cells
}

/**
 * Reads a paste in which every cell is a line and nothing marks where a row ends. It is known by its headings, one a line; null where
 * there are none.
 */
export function readBareCells(lines: string[]): (Paragraph | Table)[] | null {
  const filled = lines.map((line) => line.trim()).filter((line) => line !== '')
  const first = filled.findIndex((_, at) => filled.slice(at, at + 3).filter((line) => HEADING.test(line)).length === 3)
  const end = filled.findIndex((line, at) => at >= first && !HEADING.test(line))
  if (first < 0 || end < 0) return null
  const cells = filled.slice(first).map((text, at): LooseCell => ({ texts: [text], afterGap: at === 0 }))
  return [...paragraphsOf(filled.slice(0, first)), tableOf(cells, Math.min(end - first, MOST_COLUMNS))]
}

function paragraphsOf(lines: string[]): Paragraph[] {
  return lines.filter((line) => line.trim() !== '').map(paragraphOf)
}

function tableOf(cells: LooseCell[], columns = columnsOf(cells)): Table {
  const rows = splitRows(cells, columns).map((row) =>
    rowOf(
      row.map(({ texts }) => texts),
      columns,
    ),
  )
  return { kind: 'table', merges: 'unmarked', columns, rows }
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
    rows.push(cells.slice(end - (best[end]?.size ?? 1), end))
  }
  return rows.reverse()
}
