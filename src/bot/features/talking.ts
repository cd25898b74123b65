import { z } from 'zod'
import { may } from '../../access/rights.ts'
import { kindOfWords } from '../../council/is-question.ts'
import { type AnswerKind, addAnswer, type QuestionRow, questionAttachments, questionById } from '../../db/questions.ts'
import type { Screen } from '../../delivery/screen.ts'
import { addToQuestion, closeQuestion, proposeAnswer, startAnswer, startAskingBack } from '../buttons-council.ts'
import { refreshPosts, tellAskers, tellCouncil, tellGroup } from '../council-posts.ts'
import type { Incoming } from '../incoming.ts'
import { underAnswer } from '../screens/council.ts'
import { type Feature, on, type Turn, waitingFor } from '../turn.ts'
import { shortened, type WordKey } from '../words.ts'
import { change, keepFile, spokenFor } from './asking.ts'
import { sayNo } from './coordinating.ts'
import { DOWNLOAD_LIMIT } from './evidence.ts'
import { forCouncil, mayAnswer, numberOf, sayRefusal } from './question-reach.ts'

export const LONGEST_ANSWER = 3500
const QUOTED = 300

const Saying = (kind: string) =>
  z.object({ kind: z.literal(kind), questionId: z.number().int(), album: z.string().optional() })
const Answering = Saying('answering')
const AskingBack = Saying('asking-back')
const Adding = Saying('adding')

/** What is said about a question, by the council and by those who ask it: whoever replies to a message about a question speaks of it. */
export const talking: Feature = {
  taps: [
    on(startAnswer, (turn, questionId) => startSaying(turn, questionId, 'answering')),
    on(startAskingBack, (turn, questionId) => startSaying(turn, questionId, 'asking-back')),
    on(addToQuestion, async (turn, questionId) => {
      const question = await spokenFor(turn, questionId)
      if (!question) return sayNo(turn, 'common.notFound')
      turn.await({ kind: 'adding', questionId })
      turn.send({ text: turn.say('council.own.addAsk', numberOf(question)) }, { subject: { question: questionId } })
    }),
  ],
  dialogs: [
    waitingFor('answering', Answering, (turn, state) => said(turn, state, answer)),
    waitingFor('asking-back', AskingBack, (turn, state) => said(turn, state, askBack)),
    waitingFor('adding', Adding, (turn, state) => said(turn, state, add)),
  ],
}

type Message = Extract<Incoming, { kind: 'text' | 'file' }>
type Speech = (turn: Turn, question: QuestionRow, message: Message) => Promise<void>

/** Words or a file in reply to a message about a question: the asker's are added to it, the council's answer it. False: they speak of no question. */
export async function repliedToQuestion(turn: Turn): Promise<boolean> {
  const { incoming, subject } = turn
  if ((incoming.kind !== 'text' && incoming.kind !== 'file') || subject?.question === undefined) return false
  const question = await questionById(turn.tx, subject.question)
  if (!question) return false
  const own = await spokenFor(turn, question.id)
  if (!own && !mayAnswer(turn, question)) return false
  if (incoming.edited) {
    if (incoming.chatKind === 'private') turn.send({ text: turn.say('council.member.editNotSent') })
    return true
  }
  if (own && incoming.chatKind === 'private') await add(turn, own, incoming)
  else if (!own) await answer(turn, question, incoming)
  return true
}

async function startSaying(turn: Turn, questionId: number, kind: 'answering' | 'asking-back'): Promise<void> {
  const question = await forCouncil(turn, questionId)
  if (!question) return
  if (question.takerId !== null && question.takerId !== turn.actor.personId)
    return sayRefusal(turn, questionId, { code: 'taken', takerId: question.takerId })
  turn.await({ kind, questionId })
  const key = kind === 'answering' ? 'council.member.answerAsk' : 'council.member.askBackAsk'
  turn.send({ text: turn.say(key, numberOf(question)) }, { subject: { question: questionId } })
}

/** What was waited for: words, a file, or the parts of one album. */
async function said(
  turn: Turn,
  state: { kind: string; questionId: unknown; album?: unknown },
  speak: Speech,
): Promise<boolean> {
  const { incoming } = turn
  if ((incoming.kind !== 'text' && incoming.kind !== 'file') || incoming.edited) return false
  const sameAlbum = incoming.kind === 'file' && incoming.album !== null && incoming.album === state.album
  if (state.album !== undefined && !sameAlbum) {
    turn.forget()
    return false
  }
  const question = await questionById(turn.tx, Number(state.questionId))
  const heard =
    question && (speak === add ? await spokenFor(turn, question.id) : mayAnswer(turn, question) ? question : null)
  turn.forget()
  if (!heard) {
    sayNo(turn, 'common.notFound')
    return true
  }
  await speak(turn, heard, incoming)
  if (incoming.kind === 'file' && incoming.album !== null)
    turn.await({ kind: state.kind, questionId: heard.id, album: incoming.album })
  return true
}

/** Keeps a message about a question, its file with it; null where it was kept before, or is too large. */
async function keepWords(turn: Turn, question: QuestionRow, message: Message, kind: AnswerKind) {
  if (message.kind === 'file' && (message.file.size ?? 0) > DOWNLOAD_LIMIT) {
    sayNo(turn, 'council.fileTooLarge')
    return null
  }
  const words = (message.kind === 'text' ? message.text : message.caption).trim().slice(0, LONGEST_ANSWER)
  const answerId = await addAnswer(turn.tx, {
    municipalityId: question.municipalityId,
    questionId: question.id,
    authorId: turn.actor.personId,
    kind,
    words,
    chat: message.chat,
    messageId: message.messageId,
    at: turn.now,
  })
  if (answerId === null) return null
  if (message.kind === 'file') await keepFile(turn, question.id, message.file, answerId)
  return { answerId, words }
}

async function answer(turn: Turn, question: QuestionRow, message: Message): Promise<void> {
  const inGroup = message.chatKind === 'group'
  const othersHaveIt = question.takerId !== null && question.takerId !== turn.actor.personId
  if (othersHaveIt && !may(turn.actor, 'close-question', municipalityOf(turn))) {
    if (inGroup) return // colleagues talk it over under the question; who took it answers
    return sayRefusal(turn, question.id, { code: 'taken', takerId: question.takerId ?? 0 })
  }
  const result = await change(turn, question.id, { do: 'answer' })
  if (!result.ok) return sayRefusal(turn, question.id, result.refusal)
  const kept = await keepWords(turn, question, message, 'answer')
  if (!kept) return
  const told = await sendAnswer(turn, result.value, { words: kept.words, answerId: kept.answerId })
  await confirmAnswer(turn, result.value, message, told)
  await refreshPosts(turn, result.value)
}

/** Brings an answer to the asker and all who ask together. Gives to how many. */
async function sendAnswer(
  turn: Turn,
  question: QuestionRow,
  given: { words: string; answerId: number | null },
): Promise<number> {
  const { say } = turn
  const attachments = given.answerId === null ? [] : await questionAttachments(turn.tx, question.id, given.answerId)
  const text =
    given.words === ''
      ? say('council.own.answerFile', numberOf(question))
      : say('council.own.answer', {
          ...numberOf(question),
          words: shortened(question.words, QUOTED),
          answer: given.words,
          who: turn.person.fullName,
        })
  const screenOf = (follows: boolean): Screen => ({ text, attachments, buttons: underAnswer(say, question, follows) })
  return tellAskers(turn, question, 'question-answer', screenOf)
}

async function confirmAnswer(turn: Turn, question: QuestionRow, message: Message, told: number): Promise<void> {
  const gaps = { ...numberOf(question), count: told }
  const text = turn.say(sentKey(told), gaps)
  if (message.chatKind === 'group')
    return tellGroup(turn, question.id, message.chat, { text, replyTo: message.messageId })
  if (message.kind === 'file' && message.caption === '')
    return turn.send({ text }, { subject: { question: question.id } })
  turn.send(
    {
      text,
      buttons: [
        [
          { label: turn.say.plain('council.member.toFaq'), action: proposeAnswer(question.id) },
          { label: turn.say.plain('council.member.close'), action: closeQuestion(question.id) },
        ],
      ],
    },
    { subject: { question: question.id } },
  )
}

function sentKey(told: number): WordKey {
  if (told === 0) return 'council.member.answerKept'
  return told > 1 ? 'council.member.answerSentMany' : 'council.member.answerSent'
}

async function askBack(turn: Turn, question: QuestionRow, message: Message): Promise<void> {
  const result = await change(turn, question.id, { do: 'ask-back' })
  if (!result.ok) return sayRefusal(turn, question.id, result.refusal)
  const kept = await keepWords(turn, question, message, 'asked-back')
  if (!kept) return
  const attachments = await questionAttachments(turn.tx, question.id, kept.answerId)
  const text = turn.say('council.own.askedBackTold', {
    ...numberOf(question),
    words: shortened(question.words, QUOTED),
    question: kept.words,
    who: turn.person.fullName,
  })
  await tellAskers(turn, result.value, 'question-asked-back', () => ({ text, attachments }))
  turn.send({ text: turn.say('council.member.askBackSent') })
  await refreshPosts(turn, result.value)
}

/** Further words of who asks: they reach who took the question, and open it again where it was answered. A mere «спасибо» opens nothing. */
async function add(turn: Turn, question: QuestionRow, message: Message): Promise<void> {
  const settled = question.state === 'answered' || question.state === 'closed'
  if (settled && message.kind === 'text' && kindOfWords(message.text, turn.today) === 'courtesy')
    return turn.send({ text: turn.say('council.own.thanks') }, { subject: { question: question.id } })
  const result = await change(turn, question.id, { do: 'add' })
  if (!result.ok) return sayRefusal(turn, question.id, result.refusal)
  const kept = await keepWords(turn, question, message, 'added')
  if (!kept) return
  const attachments = await questionAttachments(turn.tx, question.id, kept.answerId)
  const gaps = { ...numberOf(question), words: kept.words }
  const text = turn.say(kept.words === '' ? 'council.member.addedFile' : 'council.member.addedTold', gaps)
  const buttons = [[{ label: turn.say.plain('council.member.answer'), action: startAnswer(question.id) }]]
  await tellCouncil(turn, result.value, { text, attachments, buttons }, { reason: 'question-added' })
  turn.send({ text: turn.say('council.own.added') }, { subject: { question: question.id } })
  await refreshPosts(turn, result.value)
}
