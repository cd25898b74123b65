import { type WorkingHours, workingHoursBetween } from '../calendar/working-hours.ts'
import type { Instant } from '../kernel/clock.ts'
import type { QuestionState } from './question.ts'

/** A question as the report counts it. `schoolKind` null: not known, or withheld. */
export type CountedQuestion = {
  topic: string
  schoolKind: string | null
  state: QuestionState
  found: boolean
  askedAt: Instant | null
  firstAnswerAt: Instant | null
}

/** The figures of a group of questions. `hours`: the median of working hours to the first answer, null where nothing was answered. */
export type CouncilFigures = {
  /** Searched in all. */
  searched: number
  /** Settled by the FAQ, without the council. */
  settled: number
  sent: number
  answered: number
  open: number
  hours: number | null
}

/** The figures of `all`. */
export function councilFigures(all: readonly CountedQuestion[], week: WorkingHours): CouncilFigures {
  const sent = all.filter((question) => question.askedAt !== null)
  const hours = sent.flatMap(({ askedAt, firstAnswerAt }) =>
    askedAt && firstAnswerAt ? [workingHoursBetween(askedAt, firstAnswerAt, week)] : [],
  )
  return {
    searched: all.length,
    settled: all.filter((question) => question.askedAt === null && question.state === 'closed').length,
    sent: sent.length,
    answered: sent.filter((question) => question.firstAnswerAt !== null).length,
    open: sent.filter((question) => ['asked', 'taken', 'asked-back'].includes(question.state)).length,
    hours: median(hours),
  }
}

/** The figures of each group that `keyOf` makes, the largest first. */
export function figuresBy(
  all: readonly CountedQuestion[],
  keyOf: (question: CountedQuestion) => string,
  week: WorkingHours,
): { key: string; figures: CouncilFigures }[] {
  return [...Map.groupBy(all, keyOf)]
    .map(([key, group]) => ({ key, figures: councilFigures(group, week) }))
    .sort((left, right) => right.figures.searched - left.figures.searched || left.key.localeCompare(right.key, 'ru'))
}

function median(numbers: readonly number[]): number | null {
  if (numbers.length === 0) return null
  const sorted = numbers.toSorted((left, right) => left - right)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2
}
