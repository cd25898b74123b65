import { may } from '../../access/rights.ts'
import { expectedAnswerAt } from '../../council/waiting.ts'
import { addQuestionFile } from '../../db/question-talk.ts'
import { changeQuestion, followersOf, type QuestionRow, questionById } from '../../db/questions.ts'
import { workingWeek } from '../council-posts.ts'
import type { IncomingFile } from '../incoming.ts'
import type { Turn } from '../turn.ts'
import { sayNo } from './coordinating.ts'

/** Keeps a file with a question, or with words about it; a copy goes into our own store. */
export async function keepFile(
  turn: Turn,
  questionId: number,
  file: IncomingFile,
  answerId: number | null = null,
): Promise<boolean> {
  const municipalityId = turn.municipality.id
  const fileId = await addQuestionFile(turn.tx, { municipalityId, questionId, answerId, file, at: turn.now })
  if (fileId === null) return false
  await turn.services.startJob(turn.tx, { queue: 'keep-question-file', data: { municipalityId, fileId } })
  return true
}

/** The person's own draft; says so and gives null where it is none any more. */
export async function draftOf(turn: Turn, questionId: number): Promise<QuestionRow | null> {
  const question = await questionById(turn.tx, questionId)
  if (question && speaksFor(turn, question) && question.state === 'draft') return question
  sayNo(turn, question && speaksFor(turn, question) ? 'council.draftGone' : 'common.notFound')
  return null
}

export function speaksFor({ actor }: Turn, question: QuestionRow): boolean {
  return may(actor, 'speak-for-question', { municipalityId: question.municipalityId, assigneeId: question.askerId })
}

/** The question with this id, if the person asked it, alone or together with others; else null. */
export async function spokenFor(turn: Turn, questionId: number): Promise<QuestionRow | null> {
  const question = await questionById(turn.tx, questionId)
  if (!question || question.state === 'draft') return null
  if (speaksFor(turn, question)) return question
  const follows = (await followersOf(turn.tx, questionId)).includes(turn.actor.personId)
  const rights = { municipalityId: question.municipalityId, assigneeId: follows ? turn.actor.personId : null }
  return may(turn.actor, 'speak-for-question', rights) ? question : null
}

/** Carries out a command of the person on a question; the promise of an answer begins anew where the waiting does. */
export function change(turn: Turn, questionId: number, command: Parameters<typeof changeQuestion>[1]['command']) {
  return changeQuestion(turn.tx, {
    questionId,
    command,
    actorId: turn.actor.personId,
    updateId: turn.cause.updateId,
    now: turn.now,
    expectedAt: expectedAnswerAt(turn.now, workingWeek(turn)),
  })
}
