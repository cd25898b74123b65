import type { Kind, Node } from '../nodes.ts'
import { type Rule, rule } from '../pattern.ts'
import { as } from '../pieces.ts'
import { everyUnit } from './repetitions.ts'

/** Results of a stretch of time are ready when it ends: «по итогам четверти» is a date, not an event; but which day is not said. */
export const resultRules: readonly Rule[] = [
  rule(
    'what a date sums up',
    'piece open? through opener result:piece|years close?',
    ({ piece: of, opener }) => (opener.adds ? null : of),
    { 'Январь 2023 года (по итогам 2022 года)': '2023-01-01..2023-01-31' },
  ),
  rule(
    'what a date sums up, without a year',
    'piece comma? open? through opener unit close?',
    ({ piece: of, opener }) => (opener.adds ? null : of),
    { 'май 2023 г., по итогам учебного года': '2023-05-01..2023-05-31' },
  ),
  rule(
    'results of each unit',
    'through? opener each? unit',
    ({ unit }) => {
      const every = everyUnit(unit.unit)
      return every && { ...every, doubt: true }
    },
    {
      'по итогам квартала':
        'recurring 2023-01-01..2023-03-31, 2023-04-01..2023-06-30, 2023-07-01..2023-09-30, 2023-10-01..2023-12-31 ?',
    },
  ),
  rule('results of a repeated unit', 'through opener every', ({ every }) => ({ ...every, doubt: true })),
  rule('results of a stretch', 'through opener piece', ({ opener, piece }) =>
    opener.adds ? null : as('at', piece, { doubt: true }),
  ),
  rule('results of a named year', 'through opener years', ({ opener, years }) =>
    opener.adds ? null : [years, { kind: 'doubtful' }],
  ),
  rule('which of the events', 'numbers event-word', ({ 'event-word': word }) => word, {
    '1 этап: март, 2 этап: октябрь': '2023-03-01..2023-03-31, 2023-10-01..2023-10-31',
  }),
  rule('a clause about holidays', 'unit=period piece? event-word', ({ 'event-word': word }) => word),
  rule('a season of holidays', 'piece event-word', ({ piece, 'event-word': word }) =>
    word.holidays && piece.grain === 'season' ? word : null,
  ),
  rule('two seasons of holidays', 'piece comma|and event-word', ({ piece, 'event-word': word }) =>
    word.holidays && piece.grain === 'season' ? word : null,
  ),
  rule('three seasons of holidays', 'piece comma event-word', ({ piece, 'event-word': word }) =>
    word.holidays && piece.grain === 'season' ? word : null,
  ),
]

/** Words that lead into a clause about an event when such a word follows: «до ГИА», «с момента», «по запросу». */
const LEADS = new Set<Kind>([
  'until',
  'by',
  'since',
  'through',
  'after',
  'per',
  'not-later',
  'not-before',
  'within',
  'edge',
  'academic',
])
const EVENTS = new Set<Kind>(['opener', 'event-word', 'word'])
/** What a clause about an event goes on with. */
const GOES_ON = new Set<Kind>([
  ...LEADS,
  ...EVENTS,
  'years',
  'unit',
  'realization',
  'academic',
  'last',
  'next',
  'reporting',
  'whole',
  'report',
])
const JOINS = new Set<Kind>(['and', 'dash', 'slash'])

/** Folds every clause about an event into one node, so that «по плану на 2023 год» names no year. */
export function foldEvents(nodes: Node[]): Node[] {
  const folded: Node[] = []
  for (let at = 0; at < nodes.length; ) {
    const start = eventStart(nodes, at)
    if (start === null) folded.push(nodes[at++]!)
    else {
      const end = eventEnd(nodes, start)
      folded.push(eventOf(nodes.slice(at, end)))
      at = end
    }
  }
  return folded
}

/** Where the clause that begins at `at` has named its event, or null where no such clause begins. */
function eventStart(nodes: Node[], at: number): number | null {
  let index = at
  while (index < nodes.length && LEADS.has(nodes[index]!.kind)) index++
  if (index > at && isCount(nodes, index)) return index + 2
  if (index > at && isOneUnit(nodes, index)) return index + 1
  const node = nodes[index]
  if (!node || !EVENTS.has(node.kind)) return null
  return node.kind === 'word' && index === at ? null : index + 1
}

/** «за месяц до…», «в течение месяца»: one such unit, before or after something. */
function isOneUnit(nodes: Node[], index: number): boolean {
  const [lead, unit, next] = [nodes[index - 1], nodes[index], nodes[index + 1]]
  if (unit?.kind !== 'unit') return false
  const short = unit.unit === 'month' || unit.unit === 'week' || unit.unit === 'day'
  return (lead?.kind === 'per' && next?.kind === 'until') || (lead?.kind === 'within' && short)
}

/** «10 дней», «2 недели»: so long before or after something. */
function isCount(nodes: Node[], index: number): boolean {
  const unit = nodes[index + 1]
  return nodes[index]?.kind === 'numbers' && unit?.kind === 'unit' && ['day', 'week', 'month'].includes(unit.unit)
}

function eventEnd(nodes: Node[], start: number): number {
  let end = start
  while (end < nodes.length) {
    const kind = nodes[end]!.kind
    const next = nodes[end + 1]?.kind
    const joins = JOINS.has(kind) && next !== undefined && (next === 'event-word' || next === 'word')
    const orderDate = kind === 'piece' && nodes[end - 1]?.kind === 'since'
    if (!GOES_ON.has(kind) && !joins && !orderDate) break
    end++
  }
  return withoutLead(nodes, start, end)
}

/** A lead at the clause's end belongs to what follows: «по плану, до 1 мая», «согласно графику с 1 марта». */
function withoutLead(nodes: Node[], start: number, end: number): number {
  let last = end
  while (last > start && LEADS.has(nodes[last - 1]!.kind)) last--
  return last
}

function eventOf(clause: Node[]): Node {
  const named = clause.filter((node) => node.kind === 'event-word' || node.kind === 'opener')
  const says = (kind: Kind) => clause.some((node) => node.kind === kind)
  const abbreviated = clause.some((node) => node.kind === 'word' && node.capitals)
  const counted = says('numbers') || (says('unit') && says('word')) // «за неделю до педсовета»
  const known = named.length > 0 || abbreviated || counted
  const holidays = named.some((node) => node.kind === 'event-word' && node.holidays)
  return { kind: 'event', adds: named.some(({ adds }) => adds), holidays, doubt: holidays || !known }
}
