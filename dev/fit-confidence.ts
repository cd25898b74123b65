import { readdir, readFile } from 'node:fs/promises'
import { type Evidence, evidenceFor } from '../src/council/confidence.ts'
import { builtInSynonyms } from '../src/council/synonyms.ts'
import { findFits } from '../src/db/faq.ts'
import { importFaq, keepSynonyms } from '../src/db/faq-import.ts'
import { createFaqTables } from '../src/db/faq-tables.ts'
import { openThrowawayDatabase, type ThrowawayDatabase } from '../src/db/throwaway.ts'
import { Temporal } from '../src/kernel/clock.ts'
import { labelledQuestions } from '../test/support/measure-faq.ts'

/**
 * Finds what each piece of evidence weighs (src/council/confidence.ts), and what the rule is worth on a FAQ that it was not fitted to:
 *
 *     node dev/fit-confidence.ts
 *
 * A ridge logistic regression over the labelled questions of test/council, each FAQ counting the same: those with an answer, those without, and those with one whose answer is taken
 * away. Then each FAQ is left out once, and the rule of the others tried on it.
 */
const KINDS: (keyof Evidence)[] = ['coverage', 'named', 'same', 'echo', 'likeness', 'length', 'crowd']
const RIDGE = 2
/** Made to be hard, see test/council/measured.test.ts. */
const HARD = ['helpdesk', 'hr', 'kinder', 'music', 'pool', 'zags']
/** Of 100: questions with an answer sent to the council at most (the goal), those without let through at most (the goal is 15: a wrong answer is worse than none). */
const MOST = { refused: 8, let: 11 }

/** A question: its evidence (null where nothing was found), and whether what was found may be shown. `away`: its answer was taken away, it is no question of the FAQ itself. */
type Sample = { evidence: number[] | null; shown: boolean; away: boolean }
type Rule = { weights: number[]; enough: number }

const root = new URL('../', import.meta.url)
const database = await openThrowawayDatabase()
await createFaqTables(database.sql)
const faqs = new Map<string, Sample[]>()
for (const file of await readdir(new URL('test/council/questions/', root))) {
  const name = file.replace('.tsv', '')
  const faq = name === 'starter' ? 'src/council/starter/faq.ru.csv' : `test/council/faqs/${name}.csv`
  faqs.set(name, await samplesOf(database, new URL(faq, root), new URL(`test/council/questions/${file}`, root)))
}
await database.close()

const whole = fitRule([...faqs.values()])
const rounded = { ...whole, weights: whole.weights.map((weight) => Math.round(10 * weight) / 10) }
console.log('weights', Object.fromEntries(KINDS.map((kind, at) => [kind, rounded.weights[at]])))
for (const enough of Array.from({ length: 13 }, (_, n) => whole.enough - 0.3 + 0.05 * n)) {
  console.log(`enough ${enough.toFixed(2)}: ${told((name) => figuresOf({ ...rounded, enough }, faqs.get(name)!))}`)
}
console.log(
  `each left out once: ${told((name) => figuresOf(fitRule([...faqs].filter(([other]) => other !== name).map(([, samples]) => samples)), faqs.get(name)!))}`,
)

async function samplesOf({ sql }: ThrowawayDatabase, faq: URL, questions: URL): Promise<Sample[]> {
  await sql`truncate faq_entries, faq_versions, faq_feedback, faq_vocabulary, faq_scopes, faq_synonyms`
  await keepSynonyms(sql, null, builtInSynonyms)
  await importFaq(sql, null, { name: 'faq.csv', bytes: await readFile(faq) }, Temporal.Now.instant())
  const evidenceOf = async (question: string): Promise<number[] | null> => {
    const { terms, fits, entryCount } = await findFits(sql, null, question)
    const evidence = fits[0] ? evidenceFor(terms, fits[0], entryCount) : null
    return evidence && KINDS.map((kind) => evidence[kind])
  }
  const samples: Sample[] = []
  for (const { question, answeredBy } of labelledQuestions(questions)) {
    samples.push({ evidence: await evidenceOf(question), shown: answeredBy.length > 0, away: false })
    if (answeredBy.length === 0) continue
    await sql`update faq_entries set standing = 'withdrawn' where code = any (${answeredBy})`
    samples.push({ evidence: await evidenceOf(question), shown: false, away: true })
    await sql`update faq_entries set standing = 'typical' where code = any (${answeredBy})`
  }
  return samples
}

function fitRule(some: Sample[][]): Rule {
  const rows = some.flatMap((samples) =>
    samples.map(({ evidence, shown }) => ({
      x: [...(evidence ?? KINDS.map(() => 0)), 1],
      y: Number(shown),
      weight: 150 / samples.length,
    })),
  )
  let beta = [...KINDS, 'constant'].map(() => 0)
  for (let round = 0; round < 30; round++) {
    const gradient = beta.map((b, at) => (at < KINDS.length ? RIDGE * b : 0))
    const curve = beta.map((_, row) => beta.map((_, column) => (row === column && row < KINDS.length ? RIDGE : 0)))
    for (const { x, y, weight } of rows) {
      const p = 1 / (1 + Math.exp(-dot(x, beta)))
      for (const [row, value] of x.entries()) {
        gradient[row]! += weight * (p - y) * value
        for (const [column, other] of x.entries()) curve[row]![column]! += weight * p * (1 - p) * value * other
      }
    }
    const step = solve(curve, gradient)
    beta = beta.map((b, at) => b - step[at]!)
  }
  const weights = beta.slice(0, -1)
  return { weights, enough: bestThreshold(weights, some) }
}

/** Where the worse of the two goals is missed least, each as a part of what it allows. */
function bestThreshold(weights: number[], some: Sample[][]): number {
  const missed = (enough: number) => {
    const figures = some.map((samples) => figuresOf({ weights, enough }, samples))
    return Math.max(
      mean(figures.map(({ let: through }) => through)) / MOST.let,
      mean(figures.map(({ refused }) => refused)) / MOST.refused,
    )
  }
  const scores = some.flat().flatMap(({ evidence }) => (evidence ? [dot(evidence, weights)] : []))
  return scores.reduce((best, score) => (missed(score) < missed(best) ? score : best))
}

function figuresOf({ weights, enough }: Rule, samples: Sample[]): { let: number; refused: number } {
  const isShown = ({ evidence }: Sample) => evidence !== null && dot(evidence, weights) >= enough
  const own = samples.filter(({ away }) => !away)
  const [answerable, others] = [own.filter(({ shown }) => shown), own.filter(({ shown }) => !shown)]
  return {
    let: (100 * others.filter(isShown).length) / others.length,
    refused: (100 * answerable.filter((one) => !isShown(one)).length) / answerable.length,
  }
}

function told(figures: (name: string) => { let: number; refused: number }): string {
  const group = (what: string, names: string[]) => {
    const all = names.map(figures)
    const without = 100 - mean(all.map(({ let: through }) => through))
    return `${what}: ${without.toFixed(1)} of 100 without an answer sent to the council, ${mean(all.map(({ refused }) => refused)).toFixed(1)} of those with one`
  }
  return `${group(
    'nine',
    [...faqs.keys()].filter((name) => !HARD.includes(name)),
  )}; ${group('hard six', HARD)}`
}

function solve(matrix: number[][], right: number[]): number[] {
  const rows = matrix.map((row, at) => [...row, right[at]!])
  for (const [at, row] of rows.entries()) {
    const pivot = row[at]!
    for (let column = at; column < row.length; column++) row[column]! /= pivot
    for (const [other, below] of rows.entries()) {
      if (other === at) continue
      const times = below[at]!
      for (let column = at; column < below.length; column++) below[column]! -= times * row[column]!
    }
  }
  return rows.map((row) => row.at(-1)!)
}

function dot(a: number[], b: number[]): number {
  return a.reduce((sum, value, at) => sum + value * b[at]!, 0)
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
