import type { Cell } from '../roadmaps/reading/content.ts'

/** A straight line drawn on a page; `at` is its place across its direction, `from` and `to` are its ends, in points. */
export type Rule = { at: number; from: number; to: number }
export type Rules = { across: Rule[]; down: Rule[] }

/** A table drawn on a page: the places of its lines, and the region that each square of the grid belongs to. */
export type Grid = { columns: number[]; rows: number[]; regions: number[][] }

/** Lines that are nearer than this are one line. */
const SAME = 2.5

/** A page with more rules is a drawing or a map. */
const MOST_RULES = 8_000
const MOST_PLACES = 200

/** The tables that the rules of a page draw, from top to bottom. Rules that touch belong to one table. */
export function gridsOf(rules: Rules): Grid[] {
  if (rules.across.length + rules.down.length > MOST_RULES) return []
  const groups = touchingGroups(mergeRules(rules))
  return groups
    .flatMap(({ across, down }) => gridOf(across, down) ?? [])
    .toSorted((a, b) => (a.rows[0] ?? 0) - (b.rows[0] ?? 0))
}

/** Borders are drawn cell by cell: pieces on one line that meet are put together. */
function mergeRules({ across, down }: Rules): Rules {
  return { across: mergeAlong(across), down: mergeAlong(down) }
}

function mergeAlong(rules: Rule[]): Rule[] {
  const merged: Rule[] = []
  for (const rule of rules.toSorted((a, b) => a.at - b.at || a.from - b.from)) {
    const before = merged.findLast((known) => Math.abs(known.at - rule.at) <= SAME && meet(known, rule))
    if (before) {
      before.from = Math.min(before.from, rule.from)
      before.to = Math.max(before.to, rule.to)
    } else merged.push({ ...rule })
  }
  return merged
}

function meet(a: Rule, b: Rule): boolean {
  return a.from <= b.to + SAME && b.from <= a.to + SAME
}

function touch(across: Rule, down: Rule): boolean {
  return (
    across.from - SAME <= down.at &&
    down.at <= across.to + SAME &&
    down.from - SAME <= across.at &&
    across.at <= down.to + SAME
  )
}

function touchingGroups({ across, down }: Rules): Rules[] {
  const groups: Rules[] = []
  const left = new Set(down)
  const free = new Set(across)
  for (const first of across) {
    if (!free.delete(first)) continue
    const group: Rules = { across: [first], down: [] }
    for (let changed = true; changed; ) {
      const nextDown = [...left].filter((rule) => group.across.some((known) => touch(known, rule)))
      const nextAcross = [...free].filter((rule) => [...group.down, ...nextDown].some((known) => touch(rule, known)))
      for (const rule of nextDown) left.delete(rule)
      for (const rule of nextAcross) free.delete(rule)
      group.down.push(...nextDown)
      group.across.push(...nextAcross)
      changed = nextDown.length + nextAcross.length > 0
    }
    groups.push(group)
  }
  return groups
}

function gridOf(across: Rule[], down: Rule[]): Grid | null {
  const columns = places([...down.map(({ at }) => at), ...openEnds(across)])
  const rows = places([...across.map(({ at }) => at), ...openEnds(down)])
  if (columns.length < 3 || rows.length < 2 || columns.length > MOST_PLACES || rows.length > MOST_PLACES) return null
  return { columns, rows, regions: regionsOf(columns, rows, across, down) }
}

/**
 * Where a table has no outer line: a row cut by the end of a page, or a table without sides. Its lines all end at the same place
 * then; an end that is near a line that was drawn is that line.
 */
function openEnds(rules: Rule[]): number[] {
  const first = Math.min(...rules.map(({ from }) => from))
  const last = Math.max(...rules.map(({ to }) => to))
  const shared = (place: number, end: (rule: Rule) => number) =>
    rules.filter((rule) => Math.abs(end(rule) - place) <= SAME * 2).length >= 2
  return [...(shared(first, ({ from }) => from) ? [first] : []), ...(shared(last, ({ to }) => to) ? [last] : [])]
}

function places(values: number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted.filter((value, at) => at === 0 || value - (sorted[at - 1] ?? 0) > SAME)
}

/** Squares that no rule parts are one cell. Each square gets the number of the first square of its cell. */
function regionsOf(columns: number[], rows: number[], across: Rule[], down: Rule[]): number[][] {
  const [wide, high] = [columns.length - 1, rows.length - 1]
  const parent = Array.from({ length: Math.max(0, wide * high) }, (_, at) => at)
  const root = (start: number): number => {
    let at = start
    for (let above = parent[at]; above !== undefined && above !== at; above = parent[at]) at = above
    return at
  }
  const middle = (list: number[], at: number) => ((list[at] ?? 0) + (list[at + 1] ?? 0)) / 2
  const parted = (rules: Rule[], at: number, along: number) =>
    rules.some((rule) => Math.abs(rule.at - at) <= SAME && rule.from <= along && along <= rule.to)
  const join = (a: number, b: number) => {
    const [one, two] = [root(a), root(b)]
    parent[Math.max(one, two)] = Math.min(one, two)
  }
  for (let row = 0; row < high; row += 1) {
    for (let column = 0; column < wide; column += 1) {
      const here = row * wide + column
      if (column > 0 && !parted(down, columns[column] ?? 0, middle(rows, row))) join(here, here - 1)
      if (row > 0 && !parted(across, rows[row] ?? 0, middle(columns, column))) join(here, here - wide)
    }
  }
  return Array.from({ length: high }, (_, row) =>
    Array.from({ length: wide }, (_, column) => root(row * wide + column)),
  )
}

/** The region at a point of the page, or null outside the table. */
export function regionAt({ columns, rows, regions }: Grid, x: number, y: number): number | null {
  const column = columns.findLastIndex((place) => place <= x)
  const row = rows.findLastIndex((place) => place <= y)
  return regions[row]?.[column] ?? null
}

/** The rows of a grid as cells on the columns `shared` by all pages of the table; `linesOf` gives the text of a region. */
export function cellsOf(grid: Grid, shared: number[], linesOf: (region: number) => Cell['lines']): Cell[][] {
  const wide = grid.columns.length - 1
  return grid.regions.map((regions, row) =>
    regions.flatMap((region, column): Cell[] => {
      if (regions[column - 1] === region) return []
      const last = regions.lastIndexOf(region)
      const from = sharedColumn(shared, grid.columns[column] ?? 0)
      const to = sharedColumn(shared, grid.columns[last + 1] ?? 0)
      const mergedFromAbove = Math.floor(region / wide) < row
      return [
        {
          column: from,
          columnSpan: Math.max(1, to - from),
          mergedFromAbove,
          lines: mergedFromAbove ? [] : linesOf(region),
        },
      ]
    }),
  )
}

function sharedColumn(shared: number[], place: number): number {
  const near = shared.findIndex((known) => Math.abs(known - place) <= SAME * 2)
  return near < 0 ? 0 : near
}

/** The lines of columns of two pages put together, if one page only has fewer of the same; else null: they are two tables. */
export function sharedColumns(a: number[], b: number[]): number[] | null {
  const [more, fewer] = a.length >= b.length ? [a, b] : [b, a]
  const known = (place: number) => more.some((other) => Math.abs(other - place) <= SAME * 2)
  return fewer.every(known) ? more : null
}
