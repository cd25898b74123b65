import { lex } from './lexer.ts'
import type { Node } from './nodes.ts'
import { type Rule, rewriter } from './pattern.ts'
import { boundRules, yearRules } from './rules/bounds.ts'
import { dateRules } from './rules/dates.ts'
import { foldEvents, resultRules } from './rules/events.ts'
import { numberRules } from './rules/numbers.ts'
import { partRules } from './rules/parts.ts'
import { repetitionRules } from './rules/repetitions.ts'
import { leadingYears, spreadYears } from './years.ts'

/** Every rule with its examples, in the order in which they are applied. */
export const rules: readonly Rule[] = [
  ...numberRules,
  ...repetitionRules,
  ...dateRules,
  ...partRules,
  ...resultRules,
  ...yearRules,
  ...boundRules,
]

const readDates = rewriter([...numberRules, ...repetitionRules, ...dateRules, ...partRules, ...resultRules])
const readYears = rewriter(yearRules)
const readBounds = rewriter(boundRules)

/** What a phrase says, boiled down to pieces, repetitions, events and remarks. `guessed` where a letter was put right; `yearsSaid` are the years as they stand there. */
export type Sentence = { nodes: Node[]; guessed: boolean; yearsSaid: number[] }

/** Reads `phrase` down to its facts. `yearAsWritten` takes «декабрь, январь 2023» for two months of 2023. */
export function parse(phrase: string, { yearAsWritten = false } = {}): Sentence {
  const { nodes, guessed } = lex(phrase)
  const dated = leadingYears(foldEvents(readDates(nodes)))
  return { nodes: spreadYears(readBounds(readYears(dated)), yearAsWritten), guessed, yearsSaid: nodes.flatMap(yearsIn) }
}

function yearsIn(node: Node): number[] {
  if (node.kind === 'years') return node.runs.map(({ first }) => first)
  return node.kind === 'date' && node.year !== undefined ? [node.year] : []
}

/**
 * Reads a text that is no deadline, such as a document's title, down to the dates in it. Words about plans and events, which in a
 * deadline keep a year from being a date («по плану на 2023 год»), are passed over.
 */
export function parseTitle(title: string): Node[] {
  return spreadYears(readBounds(readYears(leadingYears(readDates(lex(title).nodes)))), false)
}
