import { foldText, type Line, type Paragraph, paragraphLine, type Table } from '../roadmaps/reading/content.ts'
import { cellsOf, gridsOf, type Rule, type Rules, regionAt } from './rules.ts'

const ACROSS = '─━═-=┌┐└┘├┤┬┴┼╔╗╚╝╠╣╦╩╬╟╢╤╧╪╒╕╘╛╞╡+'
const DOWN = '│┃║|┌┐└┘├┤┬┴┼╔╗╚╝╠╣╦╩╬╟╢╤╧╪╒╕╘╛╞╡+'
const CORNER = /[┌└├┬┴┼╔╚╠╦╬╟╤╪]|\+[-=]{2,}/
const BAR = /[│┃║|┌┐└┘├┤┬┴┼╔╗╚╝╠╣╦╩╬╟╢╤╧╪╒╕╘╛╞╡]/

/** How far apart two places of the text are set, so that neighbours are not taken for one line. */
const STEP = 10

/** Whether `lines` draw a table with signs for its rules, a rule between rows. */
export function drawsBoxes(lines: string[]): boolean {
  return lines.filter((line) => CORNER.test(line) && /[─━═=-]{3}/.test(line)).length >= 3
}

/**
 * Reads tables that are drawn with signs («├──┼──┤», «+--+--+»), as legal databases print them. The signs are rules on a page whose
 * points are places of the text, so merged cells and headings of several lines are read as in a PDF.
 */
export function readBoxes(lines: string[]): (Paragraph | Table)[] {
  const grids = gridsOf(rulesIn(lines))
  const texts = grids.map(() => new Map<number, string[]>())
  const outside: { row: number; text: string }[] = []
  lines.forEach((line, row) => {
    const y = row * STEP
    const at = grids.findIndex(({ rows }) => (rows[0] ?? 0) <= y && y <= (rows.at(-1) ?? 0))
    const grid = grids[at]
    if (!grid) outside.push({ row: y, text: line })
    else if (!isRule(line)) {
      for (const { x, text } of segmentsOf(line)) {
        const region = regionAt(grid, x, y)
        if (region !== null) texts[at]?.set(region, [...(texts[at]?.get(region) ?? []), text])
      }
    }
  })
  const tables = grids.map((grid, at) => {
    const rows = cellsOf(grid, grid.columns, (region) => linesOf(texts[at]?.get(region) ?? []))
    const table: Table = { kind: 'table', merges: 'marked', columns: grid.columns.length - 1, rows }
    return { row: grid.rows[0] ?? 0, block: table }
  })
  const paragraphs = outside
    .filter(({ text }) => text.trim() !== '')
    .map(({ row, text }) => ({ row, block: { kind: 'paragraph', line: paragraphLine(text) } satisfies Paragraph }))
  return [...tables, ...paragraphs].toSorted((a, b) => a.row - b.row).map(({ block }) => block)
}

function isRule(line: string): boolean {
  return [...line].every((sign) => sign === ' ' || ACROSS.includes(sign))
}

function linesOf(texts: string[]): Line[] {
  return texts.map((text, at): Line => ({ text, mark: null, starts: at === 0 ? 'paragraph' : 'line' }))
}

function rulesIn(lines: string[]): Rules {
  const grid = lines.map((line) => [...line])
  const across = grid.flatMap((signs, row) => runsOf(signs, ACROSS).map((run) => ({ at: row * STEP, ...run })))
  const width = Math.min(400, Math.max(0, ...grid.map(({ length }) => length)))
  const down = Array.from({ length: width }, (_, column) =>
    runsOf(
      grid.map((signs) => signs[column] ?? ' '),
      DOWN,
    ).map((run) => ({ at: column * STEP, ...run })),
  ).flat()
  return { across: across.filter(isLong), down }
}

/** A dash inside a text is no rule. */
function isLong({ from, to }: Rule): boolean {
  return to - from >= 2 * STEP
}

function runsOf(signs: string[], wanted: string): { from: number; to: number }[] {
  const runs: { from: number; to: number }[] = []
  let from: number | null = null
  for (const [at, sign] of [...signs, ' '].entries()) {
    if (wanted.includes(sign)) from ??= at
    else if (from !== null) {
      if (at - from >= 2) runs.push({ from: from * STEP, to: (at - 1) * STEP })
      from = null
    }
  }
  return runs
}

/** The texts between the bars of a line, with a place inside their cell. */
function segmentsOf(line: string): { x: number; text: string }[] {
  const signs = [...line]
  const segments: { x: number; text: string }[] = []
  let start = 0
  for (let at = 0; at <= signs.length; at += 1) {
    const sign = signs[at]
    if (sign !== undefined && !BAR.test(sign)) continue
    const text = foldText(
      signs
        .slice(start, at)
        .join('')
        .replace(/[─━═]+/g, ' '),
    )
    if (text !== '') segments.push({ x: ((start + at - 1) / 2) * STEP, text })
    start = at + 1
  }
  return segments
}
