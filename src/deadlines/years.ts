import type { NamedYear, Node, NodeOfKind, Piece } from './nodes.ts'
import { withYears } from './pieces.ts'
import { namedYears } from './rules/dates.ts'
import { isBefore } from './units.ts'

type PieceNode = NodeOfKind<'piece'>

const BETWEEN = new Set<Node['kind']>([
  'comma',
  'colon',
  'dash',
  'open',
  'and',
  'until',
  'by',
  'not-later',
  'since',
  'through',
  'every',
])

/** A year that stands before its months: «2023 год: март, май». It is handed to them and is no time by itself. */
export function leadingYears(nodes: Node[]): Node[] {
  let leading: NamedYear[] | null = null
  return nodes.flatMap((node, index) => {
    if (node.kind === 'semicolon') leading = null
    if (node.kind === 'years' && leadsUndatedPiece(nodes, index)) {
      leading = namedYears(node)
      return []
    }
    if (node.kind === 'years' || (node.kind === 'piece' && node.years.length > 0)) leading = null
    return leading && node.kind === 'piece' ? withYears(node, leading) : node
  })
}

function leadsUndatedPiece(nodes: Node[], at: number): boolean {
  if (isBoundTo(nodes[at - 1])) return false
  let next = at + 1
  while (next < nodes.length && BETWEEN.has(nodes[next]!.kind)) next++
  const dashed = nodes[at + 1]?.kind === 'dash' && nodes[at - 1]?.kind === 'piece'
  const followed = nodes[next]
  if (dashed || followed?.kind !== 'piece' || followed.years.length > 0) return false
  return !nodes
    .slice(next)
    .some((node) => node.kind === 'piece' && node.years.length > 0 && !hasYearBefore(nodes, node))
}

/** «с 2020 года, август»: the year has a word of its own. */
function isBoundTo(before: Node | undefined): boolean {
  return (
    before !== undefined &&
    ['since', 'until', 'by', 'through', 'not-later', 'after', 'within', 'edge'].includes(before.kind)
  )
}

function hasYearBefore(nodes: Node[], dated: Node): boolean {
  const at = nodes.indexOf(dated)
  return nodes.slice(0, at).some((node) => node.kind === 'semicolon')
}

/** How far apart two months of a list may lie and still run over a New Year: «декабрь, январь» do, «ноябрь, апрель» are merely out of order. */
const LONGEST_RUN_MONTHS = 3

/**
 * A year stands for the pieces before it that have none («Апрель, сентябрь, декабрь 2023»). Where the months run over a New Year, those before it
 * belong to the year before; a list merely out of order keeps the year. Both are doubtful. A piece after the last year follows the one before it.
 */
export function spreadYears(nodes: Node[], asWritten: boolean): Node[] {
  const spread = [...nodes]
  let following: PieceNode | null = null
  for (let at = nodes.length - 1; at >= 0; at--) {
    const node = spread[at]!
    if (node.kind === 'later') following = null
    if (node.kind !== 'piece') continue
    const dated: PieceNode = node.years.length === 0 && following ? withYearOf(node, following, asWritten) : node
    spread[at] = dated
    following = givesYear(dated) ? dated : null
  }
  return carryYears(spread)
}

/** A piece behind the last year is the next one of its kind: «Декабрь 2023, январь». */
function carryYears(nodes: Node[]): Node[] {
  let before: PieceNode | null = null
  return nodes.map((node) => {
    if (node.kind === 'later') before = null
    if (node.kind !== 'piece') return node
    const dated: PieceNode = before && takesYear(node) ? withYearAfter(node, before) : node
    before = givesYear(dated) ? dated : null
    return dated
  })
}

function takesYear({ years, grain, role }: Piece): boolean {
  return years.length === 0 && grain !== 'year' && grain !== 'school-year' && role !== 'since'
}

function withYearAfter(of: PieceNode, before: PieceNode): PieceNode {
  const last = before.years.at(-1)!
  if (last.school) return withYears(of, before.years)
  const earlier = isBefore(of.span(last.year, false).due, before.span(last.year, false).from)
  return { ...withYears(of, [{ ...last, year: last.year + (earlier ? 1 : 0) }]), doubt: of.doubt || earlier }
}

function givesYear({ years, grain, role }: Piece): boolean {
  const bareYear = grain === 'year' || grain === 'school-year'
  return years.length > 0 && !bareYear && role !== 'since' && role !== 'after'
}

function withYearOf(of: PieceNode, next: PieceNode, asWritten: boolean): PieceNode {
  if (of.grain === 'year' || of.grain === 'school-year') return of
  if (next.years.some(({ school }) => school)) return withYears(of, next.years)
  const [year] = next.years
  const there = next.span(year!.year, false).from
  const here = of.span(year!.year, false)
  if (here.due.year > here.from.year && here.due.month <= there.month) return shifted(of, next, -1)
  const drop = here.from.month - there.month
  if (drop <= 0) return withYears(of, next.years)
  const runsOver = 12 - drop <= LONGEST_RUN_MONTHS && !asWritten
  return shifted(of, next, runsOver ? -1 : 0)
}

function shifted(of: PieceNode, next: PieceNode, years: number): PieceNode {
  const moved = next.years.map((named) => ({ ...named, year: named.year + years }))
  return { ...withYears(of, moved), doubt: true }
}
