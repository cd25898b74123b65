import { Temporal } from '../../kernel/clock.ts'
import { type Columns, findHeader } from './columns.ts'
import { cellText, type DocumentContent, lineText, type Paragraph, type Table } from './content.ts'
import type { ReadDeadlines } from './draft.ts'
import { guessColumns, type IsDeadline } from './guess-columns.ts'
import { sectionName } from './numbers.ts'
import { readRows, rowKey, type TableRow } from './rows.ts'
import { findTitle } from './title.ts'

/** The roadmap's tables one after another, with the headings that stand in and between them. */
export type Plan = { title: string; rows: PlanRow[] }
export type PlanRow = TableRow & { numbered: boolean }

type FoundTable = { at: number; table: Table; columns: Columns; from: number; headings: Set<string>; above: string[] }

/** Finds the tables that plan work; approvals, figures, abbreviations and contacts are passed over. */
export function findPlan({ blocks }: DocumentContent, deadlines: ReadDeadlines): Plan {
  const found = findTables(blocks, deadlineTest(deadlines))
  const [first] = found
  if (!first) return { title: '', rows: [] }
  const before = [...textsBetween(blocks, 0, first.at), ...first.above]
  const title = findTitle(before)
  const framed = title ?? findTitle(textsInTables(blocks.slice(0, first.at)))
  const rows = found.flatMap((table, at) => {
    const texts = at === 0 ? before.slice(title?.to ?? 0) : textsBetween(blocks, (found[at - 1]?.at ?? 0) + 1, table.at)
    return [...headingBefore(texts, found.length), ...rowsOf(table)]
  })
  return { title: framed?.text ?? before.find((text) => text !== '') ?? '', rows }
}

/** Any period will do to learn whether a phrase is a deadline at all. */
function deadlineTest(deadlines: ReadDeadlines): IsDeadline {
  const period = { from: Temporal.PlainDate.from('2024-01-01'), to: Temporal.PlainDate.from('2024-12-31') }
  return (phrase) => deadlines.schedule(phrase, period).kind !== 'unspecified'
}

/** Where no table of the document has headings, tables are known by their content. */
function findTables(blocks: (Paragraph | Table)[], isDeadline: IsDeadline): FoundTable[] {
  const headed: FoundTable[] = []
  const guessed: FoundTable[] = []
  blocks.forEach((block, at) => {
    if (block.kind !== 'table') return
    const table = headedTable(block, at) ?? continuedTable(block, at, headed.at(-1), isDeadline)
    if (table) headed.push(table)
    const columns = headed.length === 0 ? guessColumns(block, isDeadline) : null
    if (columns) guessed.push({ at, table: block, columns, from: 0, headings: new Set(), above: [] })
  })
  return headed.length > 0 ? headed : guessed
}

function headedTable(table: Table, at: number): FoundTable | null {
  const header = findHeader(table)
  if (!header) return null
  const { from, to, columns } = header
  const headings = new Set(table.rows.slice(from, to).map(rowKey))
  return { at, table, columns, from: to, headings, above: textsAbove(table, from) }
}

/** A table without headings of its own goes on with those of the table before it, if its content agrees. */
function continuedTable(
  table: Table,
  at: number,
  before: FoundTable | undefined,
  isDeadline: IsDeadline,
): FoundTable | null {
  const goesOn = before?.table.columns === table.columns && agrees(table, before.columns, isDeadline)
  return goesOn ? { ...before, at, table, from: 0, above: [] } : null
}

function agrees(table: Table, columns: Columns, isDeadline: IsDeadline): boolean {
  const texts = table.rows
    .flatMap((cells) => cells.filter(({ column, columnSpan }) => columnSpan === 1 && columns.deadline.includes(column)))
    .map(({ lines }) => cellText(lines))
    .filter((text) => text !== '')
  return texts.length > 0 && texts.filter(isDeadline).length * 2 >= texts.length
}

function rowsOf({ table, columns, from, headings }: FoundTable): PlanRow[] {
  const numbered = columns.number.length > 0
  return readRows(table, columns, from, headings).map((row) => ({ ...row, numbered }))
}

/** A spreadsheet keeps the title in rows above the headings. */
function textsAbove(table: Table, header: number): string[] {
  return table.rows.slice(0, header).map((cells) =>
    cells
      .map(({ lines }) => cellText(lines))
      .join(' ')
      .trim(),
  )
}

function textsBetween(blocks: (Paragraph | Table)[], from: number, to: number): string[] {
  return blocks.slice(from, to).flatMap((block) => (block.kind === 'paragraph' ? [lineText(block.line)] : []))
}

/** A title may stand in a frame, which is a table of one or two cells. */
function textsInTables(blocks: (Paragraph | Table)[]): string[] {
  return blocks.flatMap((block) =>
    block.kind === 'table' ? block.rows.flatMap((cells) => cells.map(({ lines }) => cellText(lines))) : [],
  )
}

const NO_HEADING = /^(?:приложение|таблица|примечани|продолжение|\*|утвержд|согласован|принятые сокращ)/i
const LONGEST_HEADING = 250

/**
 * The heading of a section that stands as a paragraph before its table. Where there is one table only a numbered one counts:
 * the words before it may be anything.
 */
function headingBefore(texts: string[], tables: number): PlanRow[] {
  const last = texts.findLast((text) => text !== '')
  if (last === undefined || last.length > LONGEST_HEADING || NO_HEADING.test(last)) return []
  const numbered = sectionName(last) !== last
  const plain = tables > 1 && !/[.;,]$/.test(last) && /^\p{Lu}/u.test(last)
  return numbered || plain ? [{ kind: 'heading', text: last, numbered: true }] : []
}
