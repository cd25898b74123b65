import type { Node, NodeOfKind, Run } from '../nodes.ts'
import { type Rule, rule } from '../pattern.ts'

const DOUBTFUL: Node = { kind: 'doubtful' }

function numbers(runs: Run[], ordinal: boolean): Node {
  return { kind: 'numbers', runs, ordinal }
}

function years(runs: Run[], school = false): Node {
  return { kind: 'years', runs, school }
}

/** The runs of two neighbours as one run from the first to the last: «1–3». Null where that runs backwards. */
function ranged(one: Run[], other: Run[]): Run[] | null {
  const start = one.at(-1)!
  const end = other[0]!
  return start.first < end.last
    ? [...one.slice(0, -1), { first: start.first, last: end.last }, ...other.slice(1)]
    : null
}

function isSingle({ runs }: NodeOfKind<'numbers'>): boolean {
  return runs.length === 1 && runs[0]!.first === runs[0]!.last
}

/** «2023-2024» as school years: the one that begins in 2023. A longer run is several. */
function schoolYears(runs: Run[]): Run[] {
  return runs.map(({ first, last }) => ({ first, last: Math.max(first, last - 1) }))
}

/** Words that are read together before anything else, then numbers and years with their lists and ranges. */
export const numberRules: readonly Rule[] = [
  rule('said twice: «начиная с», «г. г.»', 'since other:since', ({ since }) => since),
  rule('«двадцать пятое»', 'tens:numbers ones:numbers', ({ tens, ones }) => {
    const ten = tens.runs[0]!.first
    const one = ones.runs[0]!.first
    const fits =
      isSingle(tens) && isSingle(ones) && !tens.ordinal && ones.ordinal && ten % 10 === 0 && ten > 0 && one < 10
    return fits ? numbers([{ first: ten + one, last: ten + one }], true) : null
  }),
  rule('the school year', 'academic unit=year other:unit=year?', () => schoolYearUnit, {
    'до конца учебного года': '2023-01-01..2023-05-31',
  }),
  rule('the school year by another name', 'academic unit=period', () => schoolYearUnit),
  rule('«г.» said twice', 'unit=year other:unit=year', ({ unit }) => unit),

  rule('a range of years', 'a:years unit=year? dash b:years', ({ a, b }) => {
    const runs = ranged(a.runs, b.runs)
    return runs && years(runs)
  }),
  rule('a range of years in words', 'since? a:years unit=year? through b:years', ({ a, b }) => {
    const runs = ranged(a.runs, b.runs)
    return runs && years(runs)
  }),
  rule('a school year with a stroke', 'a:years slash b:years school:unit=school-year?', ({ a, b }) => {
    const runs = ranged(a.runs, b.runs)
    const [run] = runs ?? []
    return run && run.last === run.first + 1 ? years(schoolYears([run]), true) : runs && years(runs)
  }),
  rule(
    'a list of years',
    'a:years unit=year? comma|and b:years',
    ({ a, b }) => (a.school === b.school ? years([...a.runs, ...b.runs], a.school) : null),
    {
      'Август 2020, 2021 и 2022 гг.': '2020-08-01..2020-08-31, 2021-08-01..2021-08-31, 2022-08-01..2022-08-31',
    },
  ),
  rule('two-digit school years', 'a:numbers slash|dash b:numbers unit=school-year', ({ a, b }) => {
    const first = a.runs[0]!.first
    const fits = isSingle(a) && isSingle(b) && b.runs[0]!.first === first + 1 && first >= 10
    return fits ? years([{ first: 2000 + first, last: 2000 + first }], true) : null
  }),
  rule('named school years', 'years unit=school-year', ({ years: said }) => {
    if (said.school) return said
    const inPairs = said.runs.every(({ first, last }) => last === first + 1)
    const named = years(schoolYears(said.runs), true)
    return inPairs ? named : [named, DOUBTFUL]
  }),
  rule('«учебный 2023-2024 год»', 'academic years unit=year?', ({ years: said }) =>
    years(schoolYears(said.runs), true),
  ),
  rule('«год» after a year says nothing more', 'years unit=year', ({ years: said }) => said),

  rule('a range of numbers', 'a:numbers dash b:numbers', ({ a, b }) => {
    const runs = ranged(a.runs, b.runs)
    return runs && numbers(runs, a.ordinal || b.ordinal)
  }),
  rule('a range of numbers in words', 'since? a:numbers day-word? through|until b:numbers', ({ a, b }) => {
    const runs = ranged(a.runs, b.runs)
    return runs && numbers(runs, a.ordinal || b.ordinal)
  }),
  rule('a list of numbers', 'a:numbers comma|and|slash b:numbers', ({ a, b }) =>
    numbers([...a.runs, ...b.runs], a.ordinal || b.ordinal),
  ),
  rule('numbers one after the other', 'a:numbers comma and b:numbers', ({ a, b }) =>
    numbers([...a.runs, ...b.runs], a.ordinal || b.ordinal),
  ),
]

const schoolYearUnit: Node = { kind: 'unit', unit: 'school-year', abbreviated: false, plural: false }
