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
import { cellsOf, type Grid, gridsOf, type Rule, type Rules, regionAt, sharedColumns } from './rules.ts'

/** Words on a page; `x`, `y` (growing downwards) and sizes in points, `y` at the foot of the letters, `spaced` after a space. */
type Word = { text: string; x: number; y: number; width: number; height: number; spaced: boolean }
type Page = { words: Word[]; rules: Rules; height: number }

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

async function readPages(bytes: Uint8Array, limits: ReadingLimits): Promise<Page[]> {
  const { getDocumentProxy, getResolvedPDFJS } = await import('unpdf')
  const { OPS } = await getResolvedPDFJS()
  const document = await getDocumentProxy(Uint8Array.from(bytes), { verbosity: 0, maxImageSize: 1 }).catch(
    (problem: Error) => {
      throw new Unreadable({ code: problem.name === 'PasswordException' ? 'encrypted' : 'damaged' }, problem)
    },
  )
  try {
    if (document.numPages > limits.pages) throw new Unreadable({ code: 'too-many-rows', limit: limits.rows })
    const pages: Page[] = []
    for (let number = 1; number <= document.numPages; number += 1) {
      const page = await document.getPage(number)
      const viewport = page.getViewport({ scale: 1 })
      const [text, operators] = [await page.getTextContent(), await page.getOperatorList()]
      pages.push({
        height: viewport.height,
        words: wordsOf(text.items, viewport.transform as Matrix),
        rules: rulesOf(operators, OPS, viewport.transform as Matrix),
      })
      page.cleanup()
    }
    return pages
  } finally {
    await document.loadingTask.destroy()
  }
}

// -- geometry

type Matrix = [number, number, number, number, number, number]

const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0]

function multiply(a: Matrix, b: Matrix): Matrix {
  return [
    a[0] * b[0] + a[2] * b[1],
    a[1] * b[0] + a[3] * b[1],
    a[0] * b[2] + a[2] * b[3],
    a[1] * b[2] + a[3] * b[3],
    a[0] * b[4] + a[2] * b[5] + a[4],
    a[1] * b[4] + a[3] * b[5] + a[5],
  ]
}

function place([a, b, c, d, e, f]: Matrix, x: number, y: number): { x: number; y: number } {
  return { x: a * x + c * y + e, y: b * x + d * y + f }
}

type TextItem = { str: string; transform: number[]; width: number; hasEOL: boolean }

function wordsOf(items: (TextItem | object)[], view: Matrix): Word[] {
  const words: Word[] = []
  let spaced = true
  for (const item of items) {
    if (!('str' in item)) continue
    if (item.str.trim() !== '') words.push(wordOf(item, view, spaced || /^\s/.test(item.str)))
    spaced = item.hasEOL || /\s$/.test(item.str) || (spaced && item.str === '')
  }
  return words
}

function wordOf(item: TextItem, view: Matrix, spaced: boolean): Word {
  const matrix = multiply(view, item.transform as Matrix)
  const height = Math.hypot(matrix[2], matrix[3]) || 10
  return { text: item.str.trim(), x: matrix[4], y: matrix[5], width: item.width, height, spaced }
}

type Operators = { fnArray: number[]; argsArray: unknown[] }
type Codes = { save: number; restore: number; transform: number; constructPath: number; stroke: number } & Record<
  string,
  number
>

/** Rules are strokes along an axis, and filled boxes that are too thin to be anything else. */
function rulesOf({ fnArray, argsArray }: Operators, codes: Codes, view: Matrix): Rules {
  const rules: Rules = { across: [], down: [] }
  const saved: Matrix[] = []
  let matrix: Matrix = IDENTITY
  fnArray.forEach((code, at) => {
    const given = argsArray[at] as unknown[]
    if (code === codes.save || code === codes.paintFormXObjectBegin) saved.push(matrix)
    if (code === codes.restore || code === codes.paintFormXObjectEnd) matrix = saved.pop() ?? IDENTITY
    const inner = code === codes.transform ? given : code === codes.paintFormXObjectBegin ? given[0] : null
    if (Array.isArray(inner) && inner.length === 6) matrix = multiply(matrix, inner as Matrix)
    if (code === codes.constructPath) addPath(rules, given, codes, multiply(view, matrix))
  })
  return rules
}

/** How pdf.js writes the steps of a path. */
const MOVE = 0
const LINE = 1
const CURVE = 2
const QUADRATIC = 3

/** A stroke that is shorter is a letter's or a picture's; a box that is thicker is a background. */
const SHORTEST_RULE = 6
const THICKEST_RULE = 3

function addPath(rules: Rules, given: unknown[], codes: Codes, matrix: Matrix): void {
  const [paint, paths] = given
  if (paint === codes.endPath || !Array.isArray(paths)) return
  const strokes = [
    codes.stroke,
    codes.closeStroke,
    codes.fillStroke,
    codes.eoFillStroke,
    codes.closeFillStroke,
  ].includes(paint as number)
  for (const path of paths) {
    if (!(path instanceof Float32Array)) continue
    for (const points of polygonsOf(path, matrix)) addPolygon(rules, points, strokes)
  }
}

type Point = { x: number; y: number }

function polygonsOf(path: Float32Array, matrix: Matrix): Point[][] {
  const polygons: Point[][] = []
  for (let at = 0; at < path.length; ) {
    const step = path[at]
    if (step === MOVE || step === LINE) {
      const point = place(matrix, path[at + 1] ?? 0, path[at + 2] ?? 0)
      if (step === MOVE || polygons.length === 0) polygons.push([point])
      else polygons.at(-1)?.push(point)
      at += 3
    } else if (step === CURVE || step === QUADRATIC) {
      polygons.pop()
      at += step === CURVE ? 7 : 5
    } else {
      const [first] = polygons.at(-1) ?? []
      if (first) polygons.at(-1)?.push(first)
      at += 1
    }
  }
  return polygons
}

function addPolygon(rules: Rules, points: Point[], strokes: boolean): void {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)]
  const box = { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) }
  const [width, height] = [box.right - box.left, box.bottom - box.top]
  if (height <= THICKEST_RULE && width >= SHORTEST_RULE) {
    rules.across.push({ at: (box.top + box.bottom) / 2, from: box.left, to: box.right })
  } else if (width <= THICKEST_RULE && height >= SHORTEST_RULE) {
    rules.down.push({ at: (box.left + box.right) / 2, from: box.top, to: box.bottom })
  } else if (strokes) {
    for (const [at, point] of points.slice(1).entries()) addSide(rules, points[at] ?? point, point)
  }
}

function addSide(rules: Rules, a: Point, b: Point): void {
  const side = (from: number, to: number): Pick<Rule, 'from' | 'to'> => ({
    from: Math.min(from, to),
    to: Math.max(from, to),
  })
  if (Math.abs(a.y - b.y) < 1 && Math.abs(a.x - b.x) >= SHORTEST_RULE) rules.across.push({ at: a.y, ...side(a.x, b.x) })
  if (Math.abs(a.x - b.x) < 1 && Math.abs(a.y - b.y) >= SHORTEST_RULE) rules.down.push({ at: a.x, ...side(a.y, b.y) })
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
