import {
  type Cell,
  type DocumentContent,
  foldText,
  type Line,
  type Paragraph,
  paragraphLine,
  type Table,
} from '../roadmaps/reading/content.ts'
import { type Fragment, readLayout, type TextLine } from './layout.ts'
import { type ReadingLimits, Unreadable } from './limits.ts'
import { type Page, readPages, type Word } from './pdf-pages.ts'
import { cellsOf, type Grid, gridsOf, regionAt, sharedColumns } from './rules.ts'

/**
 * Reads the text layer of a PDF. Tables are those that the page draws with rules, which also tell merged cells; a PDF without
 * rules is read by its white gaps. Merged cells are lost at the end of a page, so they count as unmarked.
 */
export async function readPdf(bytes: Uint8Array, limits: ReadingLimits): Promise<DocumentContent> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (!file.subarray(-2_048).includes('%%EOF')) throw new Unreadable({ code: 'truncated' })
  const pages = await readPages(bytes, limits)
  const isWord = vocabularyOf(pages)
  const ruled = ruledBlocks(pages, isWord)
  const blocks = ruled.some(({ kind }) => kind === 'table')
    ? ruled
    : readLayout(pages.map(({ words }) => spacedLines(words)))
  return { format: 'pdf', blocks }
}

// -- words into lines

/** Words on one line, from left to right; lines from top to bottom. */
function linesOf(words: Word[]): Word[][] {
  const lines: Word[][] = []
  for (const word of words.toSorted((a, b) => a.y - b.y || a.x - b.x)) {
    const line = lines.at(-1)
    const [first] = line ?? []
    if (line && first && Math.abs(first.y - word.y) <= Math.max(first.height, word.height) * 0.4) line.push(word)
    else lines.push([word])
  }
  return lines.map((line) => line.toSorted((a, b) => a.x - b.x))
}

/** Words as they were set: a gap is a space, letters that touch are one word. */
function lineText(line: Word[]): string {
  return line.reduce((text, word, at) => {
    const before = line[at - 1]
    return text + (before && isParted(before, word) ? ' ' : '') + word.text
  }, '')
}

/** Letters of one word may be set apart a little; after a space of the text, or a wide gap, a new word begins. */
function isParted(before: Word, word: Word): boolean {
  const gap = word.x - before.x - before.width
  return gap > word.height * (word.spaced ? 0.08 : 0.3)
}

/** Whether the document writes `text` in one piece elsewhere. */
type IsWord = (text: string) => boolean

/** Lines of a cell; a word parted at the end of a line is put together. */
function cellLines(words: Word[], isWord: IsWord): Line[] {
  const texts: string[] = []
  for (const line of linesOf(words)) {
    const text = foldText(lineText(line))
    const before = texts.at(-1)
    const parted = before === undefined ? null : /(\p{L}+)-$/u.exec(before)
    const goesOn = /^\p{Ll}+/u.exec(text)
    if (before !== undefined && parted && goesOn) {
      const whole = isWord(`${parted[1]}${goesOn[0]}`.toLowerCase())
      texts[texts.length - 1] = (whole ? before.slice(0, -1) : before) + text
    } else if (before?.endsWith('№') && text.startsWith('№')) texts[texts.length - 1] = before + text
    else texts.push(text)
  }
  return texts.map((text, at): Line => ({ text, mark: null, starts: at === 0 ? 'paragraph' : 'line' }))
}

/** The words that the document writes in one piece: they tell a hyphen of a word from one that only ends a line. */
function vocabularyOf(pages: Page[]): IsWord {
  const words = new Set<string>()
  for (const { words: found } of pages) {
    for (const { text } of found) for (const [word] of text.toLowerCase().matchAll(/\p{L}+/gu)) words.add(word)
  }
  return (text) => words.has(text)
}

// -- ruled tables

type Placed = { y: number; block: Paragraph | PageTable }
type PageTable = { kind: 'grid'; grid: Grid; lines: Map<number, Line[]> }

function ruledBlocks(pages: Page[], isWord: IsWord): (Paragraph | Table)[] {
  const placed = pages.flatMap((page) => pageBlocks(page, isWord)).map(({ block }) => block)
  const blocks: (Paragraph | Table)[] = []
  let run: PageTable[] = []
  let shared: number[] = []
  const close = () => {
    if (run.length > 0) blocks.push(tableOf(run, shared))
    run = []
  }
  for (const block of placed) {
    if (block.kind === 'paragraph') {
      close()
      blocks.push(block)
      continue
    }
    const together = run.length > 0 ? sharedColumns(shared, block.grid.columns) : null
    if (!together) close()
    shared = together ?? block.grid.columns
    run.push(block)
  }
  close()
  return blocks
}

function tableOf(run: PageTable[], shared: number[]): Table {
  const rows: Cell[][] = run.flatMap(({ grid, lines }) => cellsOf(grid, shared, (region) => lines.get(region) ?? []))
  return { kind: 'table', merges: 'unmarked', columns: shared.length - 1, rows }
}

/** The tables of a page and the lines around them, from top to bottom; numbers of pages are left out. */
function pageBlocks({ words, rules, height }: Page, isWord: IsWord): Placed[] {
  const grids = gridsOf(rules)
  const inside = grids.map(() => new Map<number, Word[]>())
  const outside: Word[] = []
  for (const word of words) {
    const [x, y] = [word.x + word.width / 2, word.y - word.height * 0.3]
    const at = grids.findIndex((grid) => regionAt(grid, x, y) !== null)
    const grid = grids[at]
    const region = grid ? regionAt(grid, x, y) : null
    if (region === null) outside.push(word)
    else inside[at]?.set(region, [...(inside[at]?.get(region) ?? []), word])
  }
  const tables = grids.map((grid, at): Placed => {
    const lines = new Map([...(inside[at] ?? [])].map(([region, found]) => [region, cellLines(found, isWord)]))
    return { y: grid.rows[0] ?? 0, block: { kind: 'grid', grid, lines } }
  })
  const paragraphs = linesOf(outside)
    .filter((line) => !isPageNumber(line, height))
    .map((line): Placed => ({ y: line[0]?.y ?? 0, block: { kind: 'paragraph', line: paragraphLine(lineText(line)) } }))
  return [...tables, ...paragraphs].toSorted((a, b) => a.y - b.y)
}

function isPageNumber(line: Word[], height: number): boolean {
  const y = line[0]?.y ?? 0
  return /^[-–—\s]*(?:стр\.?\s*)?\d{1,3}[-–—\s]*$/i.test(lineText(line)) && (y < height * 0.1 || y > height * 0.9)
}

// -- tables without rules

/** Gaps wider than the letters are high part columns. A gap between lines that is wider than a line is an empty line. */
function spacedLines(words: Word[]): TextLine[] {
  const lines: TextLine[] = []
  for (const line of linesOf(words)) {
    const [first] = line
    const before = lines.at(-1)
    if (!first) continue
    if (before && first.y - before.y > first.height * 2.2) lines.push({ y: before.y, fragments: [] })
    lines.push({ y: first.y, fragments: fragmentsOf(line) })
  }
  return lines
}

function fragmentsOf(line: Word[]): Fragment[] {
  const fragments: Fragment[] = []
  for (const word of line) {
    const before = fragments.at(-1)
    const gap = before ? word.x - before.x - before.width : 0
    if (before && gap <= word.height) {
      before.text += (gap > word.height * (word.spaced ? 0.08 : 0.3) ? ' ' : '') + word.text
      before.width = word.x + word.width - before.x
    } else fragments.push({ x: word.x, width: word.width, text: word.text })
  }
  return fragments
}
