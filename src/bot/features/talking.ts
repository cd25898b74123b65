import { z } from 'zod'
import { may } from '../../access/rights.ts'
import { kindOfWords } from '../../council/is-question.ts'
import { withoutPersonalData } from '../../council/personal-data.ts'
import {
  type AnswerKind,
  addAnswer,
  answerOfMessage,
  changeAnswer,
  questionAttachments,
} from '../../db/question-talk.ts'
import { type QuestionRow, questionById } from '../../db/questions.ts'
import type { Screen } from '../../delivery/screen.ts'
import { addToQuestion, closeQuestion, proposeAnswer, startAnswer, startAskingBack } from '../buttons-council.ts'
import { refreshPosts, tellAskers, tellCouncil, tellGroup, withoutNames } from '../council-posts.ts'
import type { Incoming } from '../incoming.ts'
import { inPieces } from '../pieces.ts'
import { underAnswer, underAskedBack } from '../screens/council.ts'
import { type Feature, on, type Turn, waitingFor } from '../turn.ts'
import { shortened, type WordKey } from '../words.ts'
import { sayNo } from './coordinating.ts'
import { DOWNLOAD_LIMIT } from './evidence.ts'
import { change, keepFile, spokenFor } from './question-own.ts'
import { forCouncil, mayAnswer, numberOf, sayRefusal } from './question-reach.ts'

/** Longer than a message of the messenger no words can be. */
export const LONGEST_ANSWER = 4096
const QUOTED = 300

const Saying = <Kind extends 'answering' | 'asking-back' | 'adding'>(kind: Kind) =>
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
/** `further`: another part of an album, of which the first was confirmed already. */
type Speech = (turn: Turn, question: QuestionRow, message: Message, further: boolean) => Promise<void>

/** Words or a file in reply to a message about a question: the asker's are added to it, the council's answer it. False: they speak of no question. */
export async function repliedToQuestion(turn: Turn): Promise<boolean> {
  const { incoming, subject } = turn
  if (incoming.kind !== 'text' && incoming.kind !== 'file') return false
  if (incoming.edited && (await corrected(turn, incoming))) return true
  if (subject?.question === undefined) return false
  const question = await questionById(turn.tx, subject.question)
  if (!question) return false
  const own = await spokenFor(turn, question.id)
  if (!own && !mayAnswer(turn, question)) return false
  if (incoming.edited) {
    if (incoming.chatKind === 'private') turn.send({ text: turn.say('council.member.editNotSent') })
    return true
  }
  if (own && incoming.chatKind === 'private') await sayPart(turn, own, incoming, 'adding', add)
  else if (!own) await sayPart(turn, question, incoming, 'answering', answer)
  return true
}

/** Says something that may be a part of an album: its other parts, which come apart, are said of the same question. */
async function sayPart(
  turn: Turn,
  question: QuestionRow,
  message: Message,
  kind: 'answering' | 'asking-back' | 'adding',
  speak: Speech,
): Promise<void> {
  if (message.kind === 'file' && (message.file.size ?? 0) > DOWNLOAD_LIMIT) return sayNo(turn, 'council.fileTooLarge')
  const album = message.kind === 'file' ? message.album : null
  await speak(turn, question, message, album !== null && turn.dialog?.album === album)
  if (album !== null) turn.await({ kind, questionId: question.id, album })
}

/** An edited message that was said about a question is told anew to whom it was told. False: it was none. */
async function corrected(turn: Turn, message: Message): Promise<boolean> {
  const said = await answerOfMessage(turn.tx, { authorId: turn.actor.personId, ...message })
  const question = said && (await questionById(turn.tx, said.questionId))
  if (!said || !question) return false
  const words = wordsOf(message)
  const isTheirs = said.kind === 'added' ? (await spokenFor(turn, question.id)) !== null : mayAnswer(turn, question)
  if (!isTheirs || words === '' || words === said.words) return true
  await changeAnswer(turn.tx, said.id, words)
  const gaps = { ...numberOf(question), who: turn.person.fullName }
  if (said.kind === 'added') await tellCorrected(turn, question, words)
  else {
    const key = said.kind === 'answer' ? 'council.own.answerCorrected' : 'council.own.askedBackCorrected'
    const [start = ''] = inPieces(words)
    const text = turn.say(key, { ...gaps, answer: start, question: start })
    const buttons = said.kind === 'answer' ? [] : underAskedBack(turn.say, question.id)
    await tellAskers(turn, question, 'question-corrected', () => ({ text, buttons }), { rest: words })
  }
  if (message.chatKind === 'private') turn.send({ text: turn.say('council.member.corrected') })
  return true
}

async function tellCorrected(turn: Turn, question: QuestionRow, words: string): Promise<void> {
  const text = turn.say('council.member.addedTold', { ...numberOf(question), words: inPieces(words)[0] ?? '' })
  await tellCouncil(turn, question, { text }, { reason: 'question-added', rest: words })
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
  state: { kind: 'answering' | 'asking-back' | 'adding'; questionId: number; album?: string | undefined },
  speak: Speech,
): Promise<boolean> {
  const { incoming } = turn
  if ((incoming.kind !== 'text' && incoming.kind !== 'file') || incoming.edited) return false
  const sameAlbum = incoming.kind === 'file' && incoming.album !== null && incoming.album === state.album
  if (state.album !== undefined && !sameAlbum) {
    turn.forget()
    return false
  }
  const question = await questionById(turn.tx, state.questionId)
  const heard =
    question && (speak === add ? await spokenFor(turn, question.id) : mayAnswer(turn, question) ? question : null)
  turn.forget()
  if (!heard) {
    sayNo(turn, 'common.notFound')
    return true
  }
  await sayPart(turn, heard, incoming, state.kind, speak)
  return true
}

function wordsOf(message: Message): string {
  return (message.kind === 'text' ? message.text : message.caption).trim().slice(0, LONGEST_ANSWER)
}

/** Keeps a message about a question, its file with it; null where it was kept before. */
async function keepWords(turn: Turn, question: QuestionRow, message: Message, kind: AnswerKind) {
  const words = wordsOf(message)
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

async function answer(turn: Turn, question: QuestionRow, message: Message, further: boolean): Promise<void> {
  const inGroup = message.chatKind === 'group'
  const othersHaveIt = question.takerId !== null && question.takerId !== turn.actor.personId
  if (othersHaveIt && !may(turn.actor, 'close-question', { municipalityId: turn.municipality.id })) {
    if (inGroup) return // colleagues talk it over under the question; who took it answers
    return sayRefusal(turn, question.id, { code: 'taken', takerId: question.takerId ?? 0 })
  }
  const result = await change(turn, question.id, { do: 'answer' })
  if (!result.ok) return sayRefusal(turn, question.id, result.refusal)
  const kept = await keepWords(turn, question, message, 'answer')
  if (!kept) return
  const told = await sendAnswer(turn, result.value, { words: kept.words, answerId: kept.answerId })
  if (further) return
  await confirmAnswer(turn, result.value, message, told)
  await refreshPosts(turn, result.value)
}

/** The question in short, as everybody who asks it may read it: those who ask together are of other schools. */
function quoted(question: QuestionRow): string {
  return shortened(withoutPersonalData(question.words), QUOTED)
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
          words: quoted(question),
          answer: inPieces(given.words)[0] ?? '',
          who: turn.person.fullName,
        })
  const screenOf = (follows: boolean): Screen => ({ text, attachments, buttons: underAnswer(say, question, follows) })
  return tellAskers(turn, question, 'question-answer', screenOf, { rest: given.words })
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

async function askBack(turn: Turn, question: QuestionRow, message: Message, further: boolean): Promise<void> {
  const result = await change(turn, question.id, { do: 'ask-back' })
  if (!result.ok) return sayRefusal(turn, question.id, result.refusal)
  const kept = await keepWords(turn, question, message, 'asked-back')
  if (!kept) return
  const attachments = await questionAttachments(turn.tx, question.id, kept.answerId)
  const text = turn.say('council.own.askedBackTold', {
    ...numberOf(question),
    words: quoted(question),
    question: inPieces(kept.words)[0] ?? '',
    who: turn.person.fullName,
  })
  const buttons = underAskedBack(turn.say, question.id)
  await tellAskers(turn, result.value, 'question-asked-back', () => ({ text, attachments, buttons }), {
    rest: kept.words,
  })
  if (further) return
  turn.send({ text: turn.say('council.member.askBackSent') })
  await refreshPosts(turn, result.value)
}

/** Further words of who asks: they reach who took the question, and open it again where it was answered. A mere «спасибо» opens nothing. */
async function add(turn: Turn, question: QuestionRow, message: Message, further: boolean): Promise<void> {
  const settled = question.state === 'answered' || question.state === 'closed'
  if (settled && message.kind === 'text' && kindOfWords(message.text, turn.today) === 'courtesy')
    return turn.send({ text: turn.say('council.own.thanks') }, { subject: { question: question.id } })
  const result = await change(turn, question.id, { do: 'add' })
  if (!result.ok) return sayRefusal(turn, question.id, result.refusal)
  const kept = await keepWords(turn, question, message, 'added')
  if (!kept) return
  const attachments = withoutNames(question, await questionAttachments(turn.tx, question.id, kept.answerId))
  const gaps = { ...numberOf(question), words: inPieces(kept.words)[0] ?? '' }
  const text = turn.say(kept.words === '' ? 'council.member.addedFile' : 'council.member.addedTold', gaps)
  const buttons = [[{ label: turn.say.plain('council.member.answer'), action: startAnswer(question.id) }]]
  const screen = { text, attachments, buttons }
  const comesFromStore = kept.words === '' && attachments.length === 0 // see passOnStored
  if (!comesFromStore) await tellCouncil(turn, result.value, screen, { reason: 'question-added', rest: kept.words })
  if (further) return
  turn.send({ text: turn.say('council.own.added') }, { subject: { question: question.id } })
  await refreshPosts(turn, result.value)
}
