import type { NodeOfKind, Part, Unit } from '../nodes.ts'
import { type Rule, rule } from '../pattern.ts'
import type { Rhythm } from '../units.ts'

type Share = { rhythm: Rhythm; doubt?: boolean }

/** What «N раз в …» divides the unit into. A number that is not here is read as the nearest above, doubtfully. */
const SHARES: Partial<Record<Unit, Record<number, Share>>> = {
  year: {
    1: { rhythm: 'year' },
    2: { rhythm: 'half' },
    3: { rhythm: 'third', doubt: true },
    4: { rhythm: 'quarter' },
    6: { rhythm: 'two-months', doubt: true },
    12: { rhythm: 'month' },
  },
  'school-year': {
    1: { rhythm: 'school-year' },
    2: { rhythm: 'school-half' },
    3: { rhythm: 'trimester', doubt: true },
    4: { rhythm: 'term', doubt: true },
    9: { rhythm: 'school-month', doubt: true },
  },
  half: {
    1: { rhythm: 'half' },
    2: { rhythm: 'quarter', doubt: true },
    3: { rhythm: 'two-months', doubt: true },
    6: { rhythm: 'month' },
  },
  quarter: { 1: { rhythm: 'quarter' }, 2: { rhythm: 'half-quarter', doubt: true }, 3: { rhythm: 'month' } },
  term: { 1: { rhythm: 'term', doubt: true }, 2: { rhythm: 'school-month', doubt: true } },
  trimester: { 1: { rhythm: 'trimester', doubt: true }, 3: { rhythm: 'school-month', doubt: true } },
  month: {
    1: { rhythm: 'month' },
    2: { rhythm: 'half-month', doubt: true },
    3: { rhythm: 'ten-days', doubt: true },
    4: { rhythm: 'week', doubt: true },
  },
  'ten-days': { 1: { rhythm: 'ten-days', doubt: true } },
  week: { 1: { rhythm: 'week' }, 2: { rhythm: 'week', doubt: true } },
}

/** What «раз в N …» puts together, by unit. */
const GROUPS: Partial<Record<Unit, Record<number, Share>>> = {
  month: {
    2: { rhythm: 'two-months', doubt: true },
    3: { rhythm: 'quarter' },
    4: { rhythm: 'third', doubt: true },
    6: { rhythm: 'half' },
    12: { rhythm: 'year' },
  },
  week: { 2: { rhythm: 'two-weeks', doubt: true }, 4: { rhythm: 'month', doubt: true } },
  day: {
    7: { rhythm: 'week', doubt: true },
    10: { rhythm: 'ten-days', doubt: true },
    14: { rhythm: 'two-weeks', doubt: true },
    30: { rhythm: 'month', doubt: true },
  },
  quarter: { 2: { rhythm: 'half' } },
  half: { 2: { rhythm: 'year' } },
  year: { 2: { rhythm: 'two-years', doubt: true }, 3: { rhythm: 'three-years', doubt: true } },
}

type Every = NodeOfKind<'every'>

export function every({ rhythm, doubt = false }: Share, times = 1, parts: Part[] = []): Every {
  return { kind: 'every', rhythm, times, parts, adverb: false, doubt }
}

function share(unit: Unit, times: number): Every | null {
  const shares = SHARES[unit]
  if (!shares) return null
  const known = Object.keys(shares).map(Number)
  const nearest = known.find((each) => each >= times) ?? known.at(-1)!
  const { rhythm, doubt = false } = shares[nearest]!
  return every({ rhythm, doubt: doubt || nearest !== times }, times)
}

function group(unit: Unit, size: number): Every | null {
  const groups = GROUPS[unit]
  if (size === 1) return share(unit, 1)
  if (!groups) return null
  const known = Object.keys(groups).map(Number)
  const nearest = known.find((each) => each >= size) ?? known.at(-1)!
  const { rhythm, doubt = false } = groups[nearest]!
  return every({ rhythm, doubt: doubt || nearest !== size })
}

/** `each` unit: the plain repetition of it. */
export function everyUnit(unit: Unit): Every | null {
  return share(unit, 1)
}

function last(numbers: NodeOfKind<'numbers'> | undefined, otherwise: number): number {
  return numbers?.runs.at(-1)?.last ?? otherwise
}

function isRange(numbers: NodeOfKind<'numbers'> | undefined): boolean {
  return numbers?.runs.some((run) => run.first !== run.last) ?? false
}

/** Repetitions that are said with a number or with «каждый». They come before dates, so that «раз в 2 квартала» is no second quarter. */
export const repetitionRules: readonly Rule[] = [
  rule(
    'times in a unit',
    'through? count:numbers? times per|within|slash? each? size:numbers? unit',
    (found) => {
      const { count, times, size, unit } = found
      const told = times.count ?? last(count, 1)
      const read = size && !size.ordinal ? group(unit.unit, last(size, 1)) : share(unit.unit, told)
      return read && (isRange(count) ? { ...read, doubt: true } : read)
    },
    {
      '1 раз в квартал':
        'recurring 2023-01-01..2023-03-31, 2023-04-01..2023-06-30, 2023-07-01..2023-09-30, 2023-10-01..2023-12-31',
      '2 раза в год': 'recurring 2023-01-01..2023-06-30, 2023-07-01..2023-12-31',
      'не реже двух раз в год': 'recurring 2023-01-01..2023-06-30, 2023-07-01..2023-12-31',
    },
  ),
  rule('how often, without a unit, adds nothing', 'numbers? times', () => []),
  rule('every so many', 'each size:numbers unit', ({ size, unit }) =>
    size.ordinal ? null : group(unit.unit, last(size, 1)),
  ),
  rule('each unit', 'each unit', ({ unit }) => (unit.unit === 'day' ? { kind: 'daily' } : everyUnit(unit.unit)), {
    'каждое полугодие': 'recurring 2023-01-01..2023-06-30, 2023-07-01..2023-12-31',
  }),
  rule('by units', 'through unit', ({ unit }) => (unit.plural ? everyUnit(unit.unit) : null), {
    'по полугодиям': 'recurring 2023-01-01..2023-06-30, 2023-07-01..2023-12-31',
  }),
]
