import type { Instant } from '../kernel/clock.ts'

/**
 * `draft`: searched, not sent to the council; `asked`: waits for somebody to take it; `taken`; `asked-back`: the expert waits for the asker's
 * words; `answered`; `closed`.
 */
export const QUESTION_STATES = ['draft', 'asked', 'taken', 'asked-back', 'answered', 'closed'] as const
export type QuestionState = (typeof QUESTION_STATES)[number]

/** A question to the council. `withheld`: the council sees neither the asker's school nor their name. */
export type Question = {
  id: number
  municipalityId: number
  /** Given when it is sent, counted by municipality. */
  number: number | null
  askerId: number
  organizationId: number | null
  withheld: boolean
  words: string
  topic: string
  state: QuestionState
  takerId: number | null
  /** The FAQ entry that answered it. */
  entryId: number | null
  found: boolean
  /** How many reminders of the present waiting were sent. */
  remindedStep: number
  createdAt: Instant
  askedAt: Instant | null
  /** From when its working hours are counted. */
  waitsSince: Instant | null
  expectedAt: Instant | null
  answeredAt: Instant | null
  closedAt: Instant | null
}

/** What follows the number sign of a question: «12». */
export function questionLabel(question: Pick<Question, 'number'>): string {
  return String(question.number ?? '')
}

/** Whether the council still has something to do with it. */
export function isWaiting(question: Pick<Question, 'state'>): boolean {
  return question.state === 'asked' || question.state === 'taken' || question.state === 'asked-back'
}
