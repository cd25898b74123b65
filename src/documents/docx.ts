import {
  type Cell,
  cellText,
  type DocumentContent,
  foldText,
  type Line,
  type Paragraph,
  paragraphLine,
  type Table,
} from '../roadmaps/reading/content.ts'
import type { Archive } from './archive.ts'
import { type ReadingLimits, Unreadable } from './limits.ts'
import { type ListPlace, readListStyles } from './list-styles.ts'
import { type ListCounter, readNumbering } from './numbering.ts'
import { readXml, type XmlListener } from './xml.ts'

/**
 * Reads a .docx. The part `word/document.xml` is read here and not by mammoth: mammoth does not compute the numbers that Word
 * prints («1.10» of an automatic list), does not say which cells are merged in a row cut by a tracked change, and unpacks
 * before it looks at sizes.
 *
 * Tracked insertions are taken, deletions and hidden text are not. Text boxes are read where they are anchored; footnotes are left out.
 */
export async function readDocx(archive: Archive, limits: ReadingLimits): Promise<DocumentContent> {
  const counter = await readNumbering(archive)
  const listOfStyle = await readListStyles(archive)
  const body = bodyReader({ counter, listOfStyle, rows: limits.rows })
  await readXml(archive, 'word/document.xml', body)
  return { format: 'docx', blocks: body.blocks }
}

/** Old properties beside new ones, text moved away, the second telling of a text box: none of it is what a reader sees. */
const SKIPPED = new Set([
  'del',
  'moveFrom',
  'pPrChange',
  'rPrChange',
  'tblPrChange',
  'trPrChange',
  'tcPrChange',
  'sectPrChange',
  'tblGridChange',
  'numberingChange',
  'mc:Fallback',
])

/** Signs that stand in a run as elements. */
const SIGNS: Record<string, string> = { tab: ' ', br: '\n', cr: '\n', noBreakHyphen: '-', ptab: ' ' }

/** Word nests neither tables nor text boxes as deep as this. */
const DEEPEST_TABLE = 20
const DEEPEST_PARAGRAPH = 50

/** A paragraph costs less than a row: a row of a plan has a few. */
const PARAGRAPHS_A_ROW = 8

type OpenParagraph = {
  text: string
  list: ListPlace
  style: string | null
  markDeleted: boolean
  inProperties: boolean
}
type OpenCell = { span: number; mergedDown: boolean; mergedAcross: boolean; lines: Line[] }
type OpenRow = { cells: Cell[]; column: number; deleted: boolean; inProperties: boolean }
type OpenTable = { rows: Cell[][]; columns: number; row: OpenRow | null; cell: OpenCell | null; inner: Table[] }

type World = { counter: ListCounter; listOfStyle: (style: string) => ListPlace; rows: number }

/** Where the reading stands: what is finished, and what is open around it. */
type Body = {
  world: World
  blocks: (Paragraph | Table)[]
  tables: OpenTable[]
  paragraphs: OpenParagraph[]
  /** How deep inside an element that is skipped. */
  skipped: number
  inText: boolean
  inRunProperties: boolean
  hidden: boolean
  /** Text of a paragraph whose end was deleted: it goes on in the next. */
  carried: string
  lines: number
}

type Attribute = (name: string) => string | undefined

function bodyReader(world: World): XmlListener & { blocks: Body['blocks'] } {
  const body: Body = {
    world,
    blocks: [],
    tables: [],
    paragraphs: [],
    skipped: 0,
    inText: false,
    inRunProperties: false,
    hidden: false,
    carried: '',
    lines: 0,
  }
  return {
    blocks: body.blocks,
    open(name, attribute) {
      if (body.skipped > 0) body.skipped += 1
      else if (SKIPPED.has(name)) {
        if (name === 'del') markDeleted(body)
        body.skipped = 1
      } else (OPENED[name] ?? openSign)(body, attribute, name)
    },
    close(name) {
      if (body.skipped > 0) body.skipped -= 1
      else CLOSED[name]?.(body)
    },
    text(text) {
      const paragraph = body.paragraphs.at(-1)
      if (body.inText && body.skipped === 0 && !body.hidden && paragraph) paragraph.text += text.replaceAll('\n', ' ')
    },
  }
}

/** What the beginning of each element does. */
const OPENED: Record<string, (body: Body, attribute: Attribute, name: string) => void> = {
  tbl: openTable,
  tr: ({ tables }) => {
    const table = tables.at(-1)
    if (table) table.row = { cells: [], column: 0, deleted: false, inProperties: false }
  },
  trPr: (body) => inRow(body, (row) => Object.assign(row, { inProperties: true })),
  gridBefore: (body, attribute) =>
    inRow(body, (row) => Object.assign(row, { column: row.column + spanOf(attribute, 0) })),
  tc: ({ tables }) => {
    const table = tables.at(-1)
    if (table?.row) table.cell = { span: 1, mergedDown: false, mergedAcross: false, lines: [] }
  },
  gridSpan: (body, attribute) => inCell(body, { span: spanOf(attribute, 1) }),
  vMerge: (body, attribute) => inCell(body, { mergedDown: attribute('val') !== 'restart' }),
  hMerge: (body, attribute) => inCell(body, { mergedAcross: attribute('val') !== 'restart' }),
  p: openParagraph,
  pPr: (body) => inParagraph(body, { inProperties: true }),
  pStyle: (body, attribute) => inParagraph(body, { style: attribute('val') ?? null }),
  numId: (body, attribute) => inList(body, { numId: attribute('val') ?? null }),
  ilvl: (body, attribute) => inList(body, { level: Number(attribute('val') ?? 0) }),
  r: (body) => {
    body.hidden = false
  },
  rPr: (body) => {
    body.inRunProperties = true
  },
  vanish: (body, attribute) => {
    const isOfRun = body.inRunProperties && !body.paragraphs.at(-1)?.inProperties
    if (isOfRun) body.hidden = !['0', 'false', 'none'].includes(attribute('val') ?? '')
  },
  t: (body) => {
    body.inText = true
  },
}

/** What the end of each element does. */
const CLOSED: Record<string, (body: Body) => void> = {
  t: (body) => {
    body.inText = false
  },
  rPr: (body) => {
    body.inRunProperties = false
  },
  r: (body) => {
    body.hidden = false
  },
  pPr: (body) => inParagraph(body, { inProperties: false }),
  p: endParagraph,
  trPr: (body) => inRow(body, (row) => Object.assign(row, { inProperties: false })),
  tc: endCell,
  tr: endRow,
  tbl: endTable,
}

function inParagraph({ paragraphs }: Body, facts: Partial<OpenParagraph>): void {
  const paragraph = paragraphs.at(-1)
  if (paragraph) Object.assign(paragraph, facts)
}

function inList({ paragraphs }: Body, place: Partial<ListPlace>): void {
  const paragraph = paragraphs.at(-1)
  if (paragraph) Object.assign(paragraph.list, place)
}

function inCell({ tables }: Body, facts: Partial<OpenCell>): void {
  const cell = tables.at(-1)?.cell
  if (cell) Object.assign(cell, facts)
}

function inRow({ tables }: Body, change: (row: OpenRow) => void): void {
  const row = tables.at(-1)?.row
  if (row) change(row)
}

/** A tracked deletion of a row, or of the end of a paragraph; a deleted run is only skipped. */
function markDeleted(body: Body): void {
  const row = body.tables.at(-1)?.row
  const paragraph = body.paragraphs.at(-1)
  if (row?.inProperties) row.deleted = true
  else if (paragraph?.inProperties) paragraph.markDeleted = true
}

function openSign(body: Body, _: Attribute, name: string): void {
  const paragraph = body.paragraphs.at(-1)
  const sign = SIGNS[name]
  if (paragraph && sign !== undefined && !paragraph.inProperties && !body.hidden) paragraph.text += sign
}

function spanOf(attribute: Attribute, least: number): number {
  const span = Number(attribute('val'))
  return Number.isInteger(span) && span >= least && span <= 63 ? span : least
}

// -- paragraphs

function openParagraph({ paragraphs }: Body): void {
  if (paragraphs.length >= DEEPEST_PARAGRAPH) throw new Unreadable({ code: 'damaged' })
  paragraphs.push({
    text: '',
    list: { numId: null, level: null },
    style: null,
    markDeleted: false,
    inProperties: false,
  })
}

function endParagraph(body: Body): void {
  const ended = body.paragraphs.pop()
  if (!ended) return
  if (ended.markDeleted) {
    body.carried += ended.text
    return
  }
  const lines = linesOf(body, ended)
  const cell = body.tables.at(-1)?.cell
  if (cell) cell.lines.push(...lines)
  else body.blocks.push(...lines.map((line): Paragraph => ({ kind: 'paragraph', line })))
  body.lines += 1
  if (body.lines > body.world.rows * PARAGRAPHS_A_ROW) {
    throw new Unreadable({ code: 'too-many-rows', limit: body.world.rows })
  }
}

function linesOf(body: Body, ended: OpenParagraph): Line[] {
  const mark = markOf(body, ended)
  const [first = '', ...rest] = (body.carried + ended.text).split('\n')
  body.carried = ''
  const start: Line = { text: foldText(first), mark, starts: 'paragraph' }
  return [start, ...rest.map((text): Line => ({ text: foldText(text), mark: null, starts: 'line' }))]
}

/** The printed mark of a paragraph. A deleted row is not counted. */
function markOf({ world, tables }: Body, { list, style }: OpenParagraph): string | null {
  const inherited = style === null ? { numId: null, level: null } : world.listOfStyle(style)
  const numId = list.numId ?? inherited.numId
  if (numId === null || numId === '0' || tables.at(-1)?.row?.deleted) return null
  return world.counter.next(numId, list.level ?? inherited.level ?? 0)
}

// -- tables

function openTable({ tables }: Body): void {
  if (tables.length >= DEEPEST_TABLE) throw new Unreadable({ code: 'damaged' })
  tables.push({ rows: [], columns: 0, row: null, cell: null, inner: [] })
}

function endCell({ tables }: Body): void {
  const table = tables.at(-1)
  if (!table?.row || !table.cell) return
  const { row, cell } = table
  const before = row.cells.at(-1)
  if (cell.mergedAcross && before) before.columnSpan += cell.span
  else {
    row.cells.push({
      column: row.column,
      columnSpan: cell.span,
      mergedFromAbove: cell.mergedDown,
      lines: cell.lines.filter(({ text, mark }) => text !== '' || mark !== null),
    })
  }
  row.column += cell.span
  table.cell = null
}

function endRow({ tables, world }: Body): void {
  const table = tables.at(-1)
  const row = table?.row
  if (!table || !row) return
  table.row = null
  if (row.deleted || row.cells.length === 0) return
  table.rows.push(row.cells)
  table.columns = Math.max(table.columns, row.column)
  if (table.rows.length > world.rows) throw new Unreadable({ code: 'too-many-rows', limit: world.rows })
}

/** A wide table inside a cell is a table of its own (a page laid out by a frame); a narrow one is a part of the cell's text. */
function endTable({ tables, blocks }: Body): void {
  const ended = tables.pop()
  if (!ended) return
  const whole: Table = { kind: 'table', rows: ended.rows, columns: ended.columns, merges: 'marked' }
  const outer = tables.at(-1)
  if (!outer) blocks.push(whole, ...ended.inner)
  else if (whole.columns >= 3 && whole.rows.length >= 2) outer.inner.push(whole, ...ended.inner)
  else {
    outer.cell?.lines.push(...flatLines(whole))
    outer.inner.push(...ended.inner)
  }
}

function flatLines(table: Table): Line[] {
  return table.rows
    .map((cells) => cells.map(({ lines }) => cellText(lines)).join(' '))
    .filter((text) => text.trim() !== '')
    .map((text) => paragraphLine(text))
}
