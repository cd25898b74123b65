import { ok, type Result, refuse } from '../kernel/result.ts'
import type { Question, QuestionState } from './question.ts'

/** What somebody does with a question. `by`: the person who does it. */
export type QuestionCommand =
  | { do: 'send' }
  | { do: 'settle'; entryId: number }
  | { do: 'take' }
  | { do: 'release' }
  | { do: 'hand-over'; to: number }
  | { do: 'answer'; entryId?: number }
  | { do: 'ask-back' }
  | { do: 'add' }
  | { do: 'close' }
  | { do: 'reopen' }
  | { do: 'change-topic'; topic: string }

export type QuestionEventKind =
  | 'question-asked'
  | 'question-settled'
  | 'question-taken'
  | 'question-released'
  | 'question-handed-over'
  | 'question-answered'
  | 'asker-asked-back'
  | 'question-added'
  | 'question-reopened'
  | 'question-closed'
  | 'topic-changed'

/** What changes. `waitsAnew`: the working hours of the waiting are counted from now. */
export type QuestionChange = {
  kind: QuestionEventKind
  toState: QuestionState
  waitsAnew: boolean
  patch: { takerId?: number | null; entryId?: number; topic?: string }
  facts: Record<string, string | number | null>
}

/** `already`: it is so; `taken`: somebody else has it; `not-sent`: it is still a draft; `closed`: nothing more is to be done. */
export type QuestionRefusal =
  | { code: 'already'; state: QuestionState }
  | { code: 'taken'; takerId: number }
  | { code: 'not-sent' }
  | { code: 'closed' }

type Move = {
  from: QuestionState[]
  to: QuestionState | 'same' | 'to-its-taker'
  kind: QuestionEventKind
  by: 'taker' | 'anybody'
}

const SENT: QuestionState[] = ['asked', 'taken', 'asked-back', 'answered']

/**
 * From which states each command leads, and where to. `to-its-taker`: `taken` where somebody has it, else `asked`. `by: taker`: where somebody
 * has it, nobody else may.
 */
const MOVES: Record<QuestionCommand['do'], Move> = {
  send: { from: ['draft'], to: 'asked', kind: 'question-asked', by: 'anybody' },
  settle: { from: ['draft'], to: 'closed', kind: 'question-settled', by: 'anybody' },
  take: { from: ['asked'], to: 'taken', kind: 'question-taken', by: 'anybody' },
  release: { from: ['taken', 'asked-back'], to: 'asked', kind: 'question-released', by: 'anybody' },
  'hand-over': { from: ['asked', 'taken', 'asked-back'], to: 'taken', kind: 'question-handed-over', by: 'anybody' },
  answer: { from: SENT, to: 'answered', kind: 'question-answered', by: 'anybody' },
  'ask-back': { from: ['asked', 'taken', 'asked-back'], to: 'asked-back', kind: 'asker-asked-back', by: 'taker' },
  add: { from: [...SENT, 'closed'], to: 'to-its-taker', kind: 'question-added', by: 'anybody' },
  close: { from: SENT, to: 'closed', kind: 'question-closed', by: 'anybody' },
  reopen: { from: ['answered', 'closed'], to: 'to-its-taker', kind: 'question-reopened', by: 'anybody' },
  'change-topic': { from: ['draft', ...SENT], to: 'same', kind: 'topic-changed', by: 'anybody' },
}

/** Decides what `command` of person `by` does to `question`: a change, or why not. Rights are not asked here. */
export function decideQuestion(
  question: Pick<Question, 'state' | 'takerId' | 'topic'>,
  command: QuestionCommand,
  by: number | null,
): Result<QuestionChange, QuestionRefusal> {
  const move = MOVES[command.do]
  const toState = stateAfter(question, move)
  if (!move.from.includes(question.state)) return refuse(whyNot(question, command, toState))
  if (move.by === 'taker' && question.takerId !== null && question.takerId !== by)
    return refuse({ code: 'taken', takerId: question.takerId })
  if (isSoAlready(question, command)) return refuse({ code: 'already', state: question.state })
  const waitsAnew =
    command.do === 'send' ||
    ((command.do === 'add' || command.do === 'reopen') && ['asked-back', 'answered', 'closed'].includes(question.state))
  return ok({ kind: move.kind, toState, waitsAnew, ...consequences(question, command, by) })
}

function stateAfter(question: Pick<Question, 'state' | 'takerId'>, { to }: Move): QuestionState {
  if (to === 'same') return question.state
  if (to === 'to-its-taker') return question.takerId === null ? 'asked' : 'taken'
  return to
}

function isSoAlready(question: Pick<Question, 'takerId' | 'topic'>, command: QuestionCommand): boolean {
  if (command.do === 'hand-over') return question.takerId === command.to
  return command.do === 'change-topic' && question.topic === command.topic
}

function whyNot(
  question: Pick<Question, 'state' | 'takerId'>,
  command: QuestionCommand,
  wanted: QuestionState,
): QuestionRefusal {
  if (question.state === 'draft') return { code: 'not-sent' }
  if (command.do === 'take' && question.takerId !== null && question.state !== 'closed')
    return { code: 'taken', takerId: question.takerId }
  if (command.do === 'send' || question.state === wanted) return { code: 'already', state: question.state }
  return question.state === 'closed' ? { code: 'closed' } : { code: 'already', state: question.state }
}

function consequences(
  question: Pick<Question, 'takerId' | 'topic'>,
  command: QuestionCommand,
  by: number | null,
): Pick<QuestionChange, 'patch' | 'facts'> {
  switch (command.do) {
    case 'take':
      return { patch: { takerId: by }, facts: {} }
    case 'ask-back':
      return { patch: { takerId: question.takerId ?? by }, facts: {} }
    case 'answer': {
      const entry = command.entryId === undefined ? {} : { entryId: command.entryId }
      return { patch: { takerId: question.takerId ?? by, ...entry }, facts: entry }
    }
    case 'release':
      return { patch: { takerId: null }, facts: { taker: question.takerId } }
    case 'hand-over':
      return { patch: { takerId: command.to }, facts: { from: question.takerId, to: command.to } }
    case 'settle':
      return { patch: { entryId: command.entryId }, facts: { entryId: command.entryId } }
    case 'change-topic':
      return { patch: { topic: command.topic }, facts: { before: question.topic, after: command.topic } }
    default:
      return { patch: {}, facts: {} }
  }
}
