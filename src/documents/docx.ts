import {
  type Cell,
  cellText,
  type DocumentContent,
  foldText,
  type Line,
  type Paragraph,
  type Table,
} from '../roadmaps/reading/content.ts'
import type { Archive } from './archive.ts'
import { type ReadingLimits, Unreadable } from './limits.ts'
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
  const listOfStyle = await readStyles(archive)
  const body = bodyReader({ counter, listOfStyle, rows: limits.rows })
  await readXml(archive, 'word/document.xml', body)
  return { format: 'docx', blocks: body.blocks }
}

type ListPlace = { numId: string | null; level: number | null }

/** Which list the paragraphs of a style belong to, by the style's id; a style inherits from the one it is based on. */
async function readStyles(archive: Archive): Promise<(style: string) => ListPlace> {
  const styles = new Map<string, ListPlace & { basedOn: string | null }>()
  let style: (ListPlace & { basedOn: string | null }) | null = null
  if (archive.names.has('word/styles.xml')) {
    await readXml(archive, 'word/styles.xml', {
      open(name, attribute) {
        if (name === 'style') {
          style = { numId: null, level: null, basedOn: null }
          styles.set(attribute('styleId') ?? '', style)
        } else if (!style) return
        else if (name === 'basedOn') style.basedOn = attribute('val') ?? null
        else if (name === 'numId') style.numId = attribute('val') ?? null
        else if (name === 'ilvl') style.level = Number(attribute('val') ?? 0)
      },
      close(name) {
        if (name === 'style') style = null
      },
      text() {},
    })
  }
  return (id) => {
    const seen = new Set<string>()
    let found: ListPlace = { numId: null, level: null }
    for (let at: string | null = id; at && !seen.has(at); at = styles.get(at)?.basedOn ?? null) {
      seen.add(at)
      const known = styles.get(at)
      found = { numId: found.numId ?? known?.numId ?? null, level: found.level ?? known?.level ?? null }
    }
    return found
  }
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

type OpenParagraph = {
  text: string
  list: ListPlace
  style: string | null
  markDeleted: boolean
  inProperties: boolean
}
type OpenCell = { span: number; mergedDown: boolean; mergedAcross: boolean; lines: Line[] }
type OpenRow = { cells: Cell[]; column: number; deleted: boolean }
type OpenTable = { rows: Cell[][]; columns: number; row: OpenRow | null; cell: OpenCell | null; inner: Table[] }

type BodyReader = XmlListener & { blocks: (Paragraph | Table)[] }

function bodyReader(world: {
  counter: ListCounter
  listOfStyle: (style: string) => ListPlace
  rows: number
}): BodyReader {
  const blocks: (Paragraph | Table)[] = []
  const tables: OpenTable[] = []
  const paragraphs: OpenParagraph[] = []
  let skippedDepth = 0
  let inRunProperties = false
  let inRowProperties = false
  let inText = false
  let hidden = false
  let carried = ''
  let counted = 0

  const table = () => tables.at(-1)
  const paragraph = () => paragraphs.at(-1)

  function count(): void {
    counted += 1
    if (counted > world.rows * 8) throw new Unreadable({ code: 'too-many-rows', limit: world.rows })
  }

  function markOf({ list, style }: OpenParagraph): string | null {
    const inherited = style === null ? { numId: null, level: null } : world.listOfStyle(style)
    const numId = list.numId ?? inherited.numId
    if (numId === null || numId === '0' || table()?.row?.deleted) return null
    return world.counter.next(numId, list.level ?? inherited.level ?? 0)
  }

  function linesOf(ended: OpenParagraph): Line[] {
    const mark = markOf(ended)
    const [first = '', ...rest] = (carried + ended.text).split('\n')
    carried = ''
    const start: Line = { text: foldText(first), mark, starts: 'paragraph' }
    return [start, ...rest.map((text): Line => ({ text: foldText(text), mark: null, starts: 'line' }))]
  }

  function endParagraph(): void {
    const ended = paragraphs.pop()
    if (!ended) return
    if (ended.markDeleted) {
      carried += ended.text
      return
    }
    const lines = linesOf(ended)
    const cell = table()?.cell
    if (cell) cell.lines.push(...lines)
    else blocks.push(...lines.map((line): Paragraph => ({ kind: 'paragraph', line })))
    count()
  }

  function endCell(open: OpenTable): void {
    const { row, cell } = open
    open.cell = null
    if (!row || !cell) return
    const before = row.cells.at(-1)
    if (cell.mergedAcross && before) {
      before.columnSpan += cell.span
    } else {
      row.cells.push({
        column: row.column,
        columnSpan: cell.span,
        mergedFromAbove: cell.mergedDown,
        lines: cell.lines.filter(({ text, mark }) => text !== '' || mark !== null),
      })
    }
    row.column += cell.span
  }

  function endRow(open: OpenTable): void {
    const { row } = open
    open.row = null
    if (!row || row.deleted || row.cells.length === 0) return
    open.rows.push(row.cells)
    open.columns = Math.max(open.columns, row.column)
    count()
    if (open.rows.length > world.rows) throw new Unreadable({ code: 'too-many-rows', limit: world.rows })
  }

  /** A wide table inside a cell is a table of its own (a page laid out by a frame); a narrow one is a part of the cell's text. */
  function endTable(): void {
    const ended = tables.pop()
    if (!ended) return
    const whole: Table = { kind: 'table', rows: ended.rows, columns: ended.columns, merges: 'marked' }
    const outer = table()
    if (!outer) blocks.push(whole, ...ended.inner)
    else if (whole.columns >= 3 && whole.rows.length >= 2) outer.inner.push(whole, ...ended.inner)
    else {
      outer.cell?.lines.push(...flatLines(whole))
      outer.inner.push(...ended.inner)
    }
  }

  return {
    blocks,
    open(name, attribute) {
      if (skippedDepth > 0 || SKIPPED.has(name)) {
        if (skippedDepth === 0 && name === 'del') {
          const ended = paragraph()
          if (inRowProperties) markRowDeleted(table())
          else if (ended?.inProperties) ended.markDeleted = true
        }
        skippedDepth += 1
        return
      }
      const on = () => !['0', 'false', 'none'].includes(attribute('val') ?? '')
      const open = table()
      switch (name) {
        case 'tbl':
          tables.push({ rows: [], columns: 0, row: null, cell: null, inner: [] })
          if (tables.length > 20) throw new Unreadable({ code: 'damaged' })
          break
        case 'tr':
          if (open) open.row = { cells: [], column: 0, deleted: false }
          break
        case 'trPr':
          inRowProperties = true
          break
        case 'gridBefore':
          if (open?.row) open.row.column += spanOf(attribute('val'), 0)
          break
        case 'tc':
          if (open?.row) open.cell = { span: 1, mergedDown: false, mergedAcross: false, lines: [] }
          break
        case 'gridSpan':
          if (open?.cell) open.cell.span = spanOf(attribute('val'), 1)
          break
        case 'vMerge':
          if (open?.cell) open.cell.mergedDown = attribute('val') !== 'restart'
          break
        case 'hMerge':
          if (open?.cell) open.cell.mergedAcross = attribute('val') !== 'restart'
          break
        case 'p':
          paragraphs.push({
            text: '',
            list: { numId: null, level: null },
            style: null,
            markDeleted: false,
            inProperties: false,
          })
          if (paragraphs.length > 50) throw new Unreadable({ code: 'damaged' })
          break
        case 'r':
          hidden = false
          break
        case 't':
          inText = true
          break
        default:
          openInParagraph(name, attribute, on)
      }
    },
    close(name) {
      if (skippedDepth > 0) {
        skippedDepth -= 1
        return
      }
      const open = table()
      if (name === 't') inText = false
      else if (name === 'rPr') inRunProperties = false
      else if (name === 'r') hidden = false
      else if (name === 'pPr' && paragraph()) paragraph()!.inProperties = false
      else if (name === 'p') endParagraph()
      else if (name === 'trPr') inRowProperties = false
      else if (name === 'tc' && open) endCell(open)
      else if (name === 'tr' && open) endRow(open)
      else if (name === 'tbl') endTable()
    },
    text(text) {
      const open = paragraph()
      if (inText && skippedDepth === 0 && !hidden && open) open.text += text.replaceAll('\n', ' ')
    },
  }

  function openInParagraph(name: string, attribute: (name: string) => string | undefined, on: () => boolean): void {
    const open = paragraph()
    if (!open) return
    const sign = SIGNS[name]
    if (name === 'pPr') open.inProperties = true
    else if (name === 'pStyle') open.style = attribute('val') ?? null
    else if (name === 'numId') open.list.numId = attribute('val') ?? null
    else if (name === 'ilvl') open.list.level = Number(attribute('val') ?? 0)
    else if (name === 'rPr') inRunProperties = true
    else if (name === 'vanish' && inRunProperties && !open.inProperties) hidden = on()
    else if (sign !== undefined && !open.inProperties && !hidden) open.text += sign
  }
}

function markRowDeleted(table: OpenTable | undefined): void {
  if (table?.row) table.row.deleted = true
}

function spanOf(value: string | undefined, least: number): number {
  const span = Number(value)
  return Number.isInteger(span) && span >= least && span <= 63 ? span : least
}

function flatLines(table: Table): Line[] {
  return table.rows
    .map((cells) => cells.map(({ lines }) => cellText(lines)).join(' '))
    .filter((text) => text.trim() !== '')
    .map((text): Line => ({ text: foldText(text), mark: null, starts: 'paragraph' }))
}
