import { type ReadingLimits, Unreadable } from './limits.ts'
import type { Rule, Rules } from './rules.ts'

/** Words on a page; `x`, `y` (growing downwards) and sizes in points, `y` at the foot of the letters, `spaced` after a space. */
export type Word = { text: string; x: number; y: number; width: number; height: number; spaced: boolean }
export type Page = { words: Word[]; rules: Rules; height: number }

/** The words and the drawn lines of every page of a PDF. Throws `Unreadable`. */
export async function readPages(bytes: Uint8Array, limits: ReadingLimits): Promise<Page[]> {
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
