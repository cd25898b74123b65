import { z } from 'zod'
import { may } from '../../access/rights.ts'
import { kindOfWords } from '../../council/is-question.ts'
import { questionLabel } from '../../council/question.ts'
import type { QuestionRefusal } from '../../council/question-life.ts'
import { topicsOfAll } from '../../db/council-people.ts'
import { countPressed, type DeskEntry, entriesByIds, searchFaq } from '../../db/faq-desk.ts'
import { peopleWithRoles } from '../../db/people.ts'
import {
  type AnswerKind,
  addAnswer,
  answersOf,
  followersOf,
  openQuestions,
  type QuestionRow,
  questionAttachments,
  questionById,
} from '../../db/questions.ts'
import type { Screen } from '../../delivery/screen.ts'
import {
  addToQuestion,
  answerWithEntry,
  askHandOver,
  closeQuestion,
  handOverTo,
  lookInFaq,
  openQuestion,
  openQuestionList,
  proposeAnswer,
  releaseQuestion,
  reopenQuestion,
  startAnswer,
  startAskingBack,
  takeQuestion,
} from '../buttons-council.ts'
import { postToCouncil, postToMember, refreshPosts, tellAskers, tellCouncil, tellGroup } from '../council-posts.ts'
import type { Incoming } from '../incoming.ts'
import {
  chooseEntryScreen,
  entryText,
  handOverScreen,
  memberScreen,
  openListScreen,
  underAnswer,
} from '../screens/council.ts'
import { type Feature, on, type TapHandler, type Turn, waitingFor } from '../turn.ts'
import { shortened, type WordKey } from '../words.ts'
import { change, keepFile, spokenFor } from './asking.ts'
import { allowed, sayNo } from './coordinating.ts'
import { DOWNLOAD_LIMIT } from './evidence.ts'

const LONGEST_ANSWER = 3500
const QUOTED = 300

const Saying = (kind: string) =>
  z.object({ kind: z.literal(kind), questionId: z.number().int(), album: z.string().optional() })
const Answering = Saying('answering')
const AskingBack = Saying('asking-back')
const Adding = Saying('adding')

/** What members of the council may press in their group as well; everything else is pressed in private. */
export const groupTaps: TapHandler[] = [on(takeQuestion, take)]

/** The council's side of a question, and the asker's further words: whoever replies to a message about a question speaks of it. */
export const answering: Feature = {
  taps: [
    ...groupTaps,
    on(openQuestionList, showOpen),
    on(openQuestion, showQuestion),
    on(startAnswer, (turn, questionId) => startSaying(turn, questionId, 'answering')),
    on(startAskingBack, (turn, questionId) => startSaying(turn, questionId, 'asking-back')),
    on(addToQuestion, async (turn, questionId) => {
      const question = await spokenFor(turn, questionId)
      if (!question) return sayNo(turn, 'common.notFound')
      turn.await({ kind: 'adding', questionId })
      turn.send({ text: turn.say('council.own.addAsk', numberOf(question)) }, { subject: { question: questionId } })
    }),
    on(releaseQuestion, release),
    on(askHandOver, chooseHeir),
    on(handOverTo, handOver),
    on(closeQuestion, close),
    on(reopenQuestion, reopen),
    on(lookInFaq, chooseFromFaq),
    on(answerWithEntry, (turn, questionId, entryId) => answerFromFaq(turn, questionId, entryId)),
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

function mayAnswer({ actor }: Turn, question: QuestionRow): boolean {
  return (
    question.askerId !== actor.personId && may(actor, 'answer-questions', { municipalityId: question.municipalityId })
  )
}

/** Whether the person may decide what becomes of a question: who took it, and the coordinator; `asker` where they ask, too. */
function mayDecide({ actor }: Turn, question: QuestionRow): boolean {
  const deciders = [question.askerId, question.takerId]
  const assigneeId = deciders.includes(actor.personId) ? actor.personId : null
  return may(actor, 'close-question', { municipalityId: question.municipalityId, assigneeId })
}

function numberOf(question: QuestionRow) {
  return { number: questionLabel(question) }
}

/** The question that the council may see; says so and gives null if there is none. */
async function forCouncil(turn: Turn, questionId: number): Promise<QuestionRow | null> {
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

async function take(turn: Turn, questionId: number): Promise<void> {
  const question = await forCouncil(turn, questionId)
  if (!question) return
  const result = await change(turn, questionId, { do: 'take' })
  if (!result.ok) {
    await refreshPosts(turn, question)
    return sayRefusal(turn, questionId, result.refusal)
  }
  const inPerson = turn.incoming.chatKind === 'private'
  if (inPerson) turn.await({ kind: 'answering', questionId })
  else await postToMember(turn, result.value, turn.actor.personId)
  turn.toast(turn.say.plain('council.member.takenByYou').slice(0, 190))
  await refreshPosts(turn, result.value)
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

async function release(turn: Turn, questionId: number): Promise<void> {
  const question = await decided(turn, questionId)
  if (!question) return
  const result = await change(turn, questionId, { do: 'release' })
  if (!result.ok) return sayRefusal(turn, questionId, result.refusal)
  turn.toast(turn.say.plain('council.member.released', numberOf(question)))
  turn.forget()
  await refreshPosts(turn, result.value)
  await postToCouncil(turn, result.value, { anew: true, exceptId: turn.actor.personId })
  await showCard(turn, result.value)
}

/** The question, if the person of the council may decide on it; says so and gives null if not. */
async function decided(turn: Turn, questionId: number): Promise<QuestionRow | null> {
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

/** Those who may take over a question: members of the council and coordinators, but for its asker and who has it. */
async function heirsOf(turn: Turn, question: QuestionRow) {
  const people = await peopleWithRoles(turn.tx, turn.municipality.id, ['council', 'coordinator'])
  const topics = await topicsOfAll(turn.tx, turn.municipality.id)
  const fits = (personId: number): number => (topics.get(personId)?.includes(question.topic) ? 0 : 1)
  return people
    .filter(({ personId }) => personId !== question.askerId && personId !== question.takerId)
    .sort((left, right) => fits(left.personId) - fits(right.personId))
}

async function chooseHeir(turn: Turn, questionId: number): Promise<void> {
  const question = await decided(turn, questionId)
  if (!question) return
  const heirs = await heirsOf(turn, question)
  if (heirs.length === 0 && question.takerId === null) return sayNo(turn, 'council.member.nobody')
  turn.show(handOverScreen(turn.say, question, heirs), { question: questionId })
}

async function handOver(turn: Turn, questionId: number, personId: number): Promise<void> {
  const question = await decided(turn, questionId)
  if (!question) return
  const heir = (await heirsOf(turn, question)).find((person) => person.personId === personId)
  if (!heir) return sayNo(turn, question.takerId === personId ? 'council.refusal.already' : 'common.notFound')
  const result = await change(turn, questionId, { do: 'hand-over', to: personId })
  if (!result.ok) return sayRefusal(turn, questionId, result.refusal)
  turn.forget()
  turn.toast(turn.say.plain('council.member.handedOver', { who: heir.fullName }))
  await refreshPosts(turn, result.value)
  await showCard(turn, result.value)
  if (personId === turn.actor.personId) return
  const text = turn.say('council.member.handedToYou', { ...numberOf(question), by: turn.person.fullName })
  await turn.tell([personId], { text }, { reason: 'question-handed-over', subject: { question: questionId } })
  await postToMember(turn, result.value, personId)
}

async function close(turn: Turn, questionId: number): Promise<void> {
  const question = await questionById(turn.tx, questionId)
  if (!question || question.state === 'draft') return sayNo(turn, 'common.notFound')
  if (!mayDecide(turn, question)) return sayNo(turn, 'common.notYours')
  const result = await change(turn, questionId, { do: 'close' })
  if (!result.ok) return sayRefusal(turn, questionId, result.refusal)
  turn.forget()
  turn.toast(turn.say.plain('council.member.closed'))
  await refreshPosts(turn, result.value)
  if (question.askerId === turn.actor.personId) return
  if (question.state === 'answered') return // the answer is there; its message shows that it is closed
  const text = turn.say('council.own.closedTold', { ...numberOf(question), who: turn.person.fullName })
  await tellAskers(turn, result.value, 'question-closed', () => ({ text }))
}

async function reopen(turn: Turn, questionId: number): Promise<void> {
  const question = await decided(turn, questionId)
  if (!question) return
  const result = await change(turn, questionId, { do: 'reopen' })
  if (!result.ok) return sayRefusal(turn, questionId, result.refusal)
  await refreshPosts(turn, result.value)
  await showCard(turn, result.value)
}

async function showOpen(turn: Turn, page: number): Promise<void> {
  if (!allowed(turn, 'answer-questions')) return
  turn.show(openListScreen(turn.say, await openFor(turn), page))
}

/** The open questions that concern the person: all for the coordinator, those of their topics and their own for a member. */
export async function openFor(turn: Turn): Promise<QuestionRow[]> {
  const { actor, municipality, tx } = turn
  const all = await openQuestions(tx, municipality.id, { notOf: actor.personId })
  if (may(actor, 'manage-faq', municipalityOf(turn))) return all
  const topics = (await topicsOfAll(tx, municipality.id)).get(actor.personId)
  return topics ? all.filter((question) => topics.includes(question.topic) || question.takerId === actor.personId) : all
}

function municipalityOf(turn: Turn) {
  return { municipalityId: turn.municipality.id }
}

async function showQuestion(turn: Turn, questionId: number): Promise<void> {
  const question = await forCouncil(turn, questionId)
  if (question) await showCard(turn, question)
}

async function showCard(turn: Turn, question: QuestionRow): Promise<void> {
  const viewer = { personId: turn.actor.personId, coordinates: may(turn.actor, 'manage-faq', municipalityOf(turn)) }
  const talk = (await answersOf(turn.tx, question.id)).slice(-6)
  const files = (await questionAttachments(turn.tx, question.id)).length
  const together = (await followersOf(turn.tx, question.id)).length
  turn.show(memberScreen(turn.say, { question, viewer, files, together, talk }), { question: question.id })
}

async function chooseFromFaq(turn: Turn, questionId: number): Promise<void> {
  const question = await forCouncil(turn, questionId)
  if (!question) return
  const { answers } = await searchFaq(turn.tx, turn.municipality.id, question.words)
  const ids = answers.slice(0, 3).map(({ entryId }) => entryId)
  const entries = await entriesByIds(turn.tx, turn.municipality.id, ids)
  if (entries.length === 0) return sayNo(turn, 'council.member.notFoundInFaq')
  turn.show(chooseEntryScreen(turn.say, question, entries), { question: questionId })
}

async function answerFromFaq(turn: Turn, questionId: number, entryId: number): Promise<void> {
  const question = await forCouncil(turn, questionId)
  const [entry] = await entriesByIds(turn.tx, turn.municipality.id, [entryId])
  if (!question) return
  if (!entry || entry.standing === 'withdrawn') return sayNo(turn, 'common.notFound')
  if (question.takerId !== null && !mayDecide(turn, question))
    return sayRefusal(turn, questionId, { code: 'taken', takerId: question.takerId })
  if (!(await answerWith(turn, question, entry))) return
  turn.toast(turn.say.plain('council.member.answerSent', numberOf(question)))
  const after = await questionById(turn.tx, questionId)
  if (after) await showCard(turn, after)
}

/** Answers a question with an entry of the FAQ; false, with a word why, where it cannot be answered any more or was by this very entry. */
export async function answerWith(turn: Turn, question: QuestionRow, entry: DeskEntry): Promise<boolean> {
  if (question.entryId === entry.id && question.state === 'answered') {
    sayNo(turn, 'council.refusal.already')
    return false
  }
  const result = await change(turn, question.id, { do: 'answer', entryId: entry.id })
  if (!result.ok) {
    await sayRefusal(turn, question.id, result.refusal)
    return false
  }
  await addAnswer(turn.tx, {
    municipalityId: question.municipalityId,
    questionId: question.id,
    authorId: turn.actor.personId,
    kind: 'answer',
    words: entry.answer.slice(0, LONGEST_ANSWER),
    chat: 'faq',
    messageId: entry.id,
    at: turn.now,
  })
  await countPressed(turn.tx, question.municipalityId, [entry.id], 'shown')
  const text = `${turn.say('council.own.answerFromFaq', numberOf(question))}\n\n${entryText(turn.say, entry)}`
  await tellAskers(turn, result.value, 'question-answer', (follows) => ({
    text,
    buttons: underAnswer(turn.say, question, follows),
  }))
  await refreshPosts(turn, result.value)
  return true
}
