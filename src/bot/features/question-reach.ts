import { may } from '../../access/rights.ts'
import { questionLabel } from '../../council/question.ts'
import type { QuestionRefusal } from '../../council/question-life.ts'
import { type QuestionRow, questionById } from '../../db/questions.ts'
import type { Turn } from '../turn.ts'
import { allowed, sayNo } from './coordinating.ts'

/** Whether the person may answer a question: of the council, and not its asker. */
export function mayAnswer({ actor }: Turn, question: QuestionRow): boolean {
  return (
    question.askerId !== actor.personId && may(actor, 'answer-questions', { municipalityId: question.municipalityId })
  )
}

/** Whether the person may decide what becomes of a question: who took it, and the coordinator; `asker` where they ask, too. */
export function mayDecide({ actor }: Turn, question: QuestionRow): boolean {
  const deciders = [question.askerId, question.takerId]
  const assigneeId = deciders.includes(actor.personId) ? actor.personId : null
  return may(actor, 'close-question', { municipalityId: question.municipalityId, assigneeId })
}

/** The gap for a question's number. */
export function numberOf(question: QuestionRow) {
  return { number: questionLabel(question) }
}

/** The question that the council may see; says so and gives null if there is none. */
export async function forCouncil(turn: Turn, questionId: number): Promise<QuestionRow | null> {
  if (!allowed(turn, 'answer-questions')) return null
  const question = await questionById(turn.tx, questionId)
  if (question && question.state !== 'draft' && mayAnswer(turn, question)) return question
  sayNo(turn, question ? 'common.notYours' : 'common.notFound')
  return null
}

/** Says why nothing changed. */
export async function sayRefusal(
  turn: Turn,
  questionId: number,
  refusal: QuestionRefusal | { code: 'not-found' },
): Promise<void> {
  if (refusal.code === 'not-found') return sayNo(turn, 'common.notFound')
  if (refusal.code === 'taken') {
    const question = await questionById(turn.tx, questionId)
    return sayNo(turn, 'council.refusal.taken', { who: question?.takerName ?? '' })
  }
  const keys = {
    already: 'council.refusal.already',
    'not-sent': 'council.refusal.notSent',
    closed: 'council.refusal.closed',
  } as const
  sayNo(turn, keys[refusal.code])
}

/** The question, if the person of the council may decide on it; says so and gives null if not. */
export async function decided(turn: Turn, questionId: number): Promise<QuestionRow | null> {
  const question = await forCouncil(turn, questionId)
  if (!question) return null
  if (mayDecide(turn, question)) return question
  await sayRefusal(
    turn,
    questionId,
    question.takerId ? { code: 'taken', takerId: question.takerId } : { code: 'closed' },
  )
  return null
}
