import { readFileSync } from 'node:fs'
import type { FaqSearch } from '../../src/council/ports.ts'

/** A question with the ids of the entries that answer it; none: the FAQ does not answer it. */
export type LabelledQuestion = { question: string; answeredBy: string[] }

/** Shares of 100. `top1`, `top3`: the right entry is first, among the first three. */
export type FaqFigures = {
  answerable: number
  unanswerable: number
  top1: number
  top3: number
  /** Of the unanswerable, those sent to the council. */
  refused: number
  /** Of the answerable, those sent to the council all the same. */
  wronglyRefused: number
  misses: string[]
}

/** Reads «id<tab>question» lines; several ids are separated by commas, `-` stands for none. */
export function labelledQuestions(url: URL): LabelledQuestion[] {
  return readFileSync(url, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [ids = '', question = ''] = line.split('\t')
      return { question, answeredBy: ids === '-' ? [] : ids.split(',') }
    })
}

/** Asks every question of the common starter in `search` and counts. */
export async function measureFaq(search: FaqSearch, questions: LabelledQuestion[]): Promise<FaqFigures> {
  const count = { answerable: 0, unanswerable: 0, top1: 0, top3: 0, refused: 0, wronglyRefused: 0 }
  const misses: string[] = []
  for (const { question, answeredBy } of questions) {
    const { answers, confident } = await search.find(null, question)
    const rank = answers.findIndex(({ code }) => answeredBy.includes(code))
    if (answeredBy.length === 0) {
      count.unanswerable++
      if (!confident) count.refused++
      else misses.push(`answered though nothing fits: ${question} (${answers[0]?.code})`)
      continue
    }
    count.answerable++
    if (rank === 0) count.top1++
    if (rank >= 0 && rank < 3) count.top3++
    else misses.push(`not among three: ${question} (${answeredBy})`)
    if (!confident) {
      count.wronglyRefused++
      misses.push(`sent to the council: ${question} (${answeredBy})`)
    }
  }
  const of = (part: number, whole: number) => Math.round((1000 * part) / Math.max(whole, 1)) / 10
  return {
    answerable: count.answerable,
    unanswerable: count.unanswerable,
    top1: of(count.top1, count.answerable),
    top3: of(count.top3, count.answerable),
    refused: of(count.refused, count.unanswerable),
    wronglyRefused: of(count.wronglyRefused, count.answerable),
    misses,
  }
}
