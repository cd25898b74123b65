import { may } from '../../access/rights.ts'
import { topicsOfAll } from '../../db/council-people.ts'
import { countPressed, type DeskEntry, entriesByIds, searchFaq } from '../../db/faq-desk.ts'
import { peopleWithRoles } from '../../db/people.ts'
import { addAnswer, answersOf, questionAttachments } from '../../db/question-talk.ts'
import { followersOf, openQuestions, type QuestionRow, questionById } from '../../db/questions.ts'
import {
  answerWithEntry,
  askHandOver,
  closeQuestion,
  handOverTo,
  lookInFaq,
  openQuestion,
  openQuestionList,
  releaseQuestion,
  reopenQuestion,
  takeQuestion,
} from '../buttons-council.ts'
import { postToCouncil, postToMember, refreshPosts, tellAskers } from '../council-posts.ts'
import { entryText, underAnswer } from '../screens/council.ts'
import { chooseEntryScreen, handOverScreen, memberScreen, openListScreen } from '../screens/council-member.ts'
import { type Feature, on, type TapHandler, type Turn } from '../turn.ts'
import { allowed, sayNo } from './coordinating.ts'
import { change } from './question-own.ts'
import { decided, forCouncil, mayDecide, numberOf, sayRefusal } from './question-reach.ts'
import { LONGEST_ANSWER } from './talking.ts'

/** What members of the council may press in their group as well; everything else is pressed in private. */
export const groupTaps: TapHandler[] = [on(takeQuestion, take)]

/** What becomes of a question: who takes it, hands it over, closes it, answers it from the FAQ. What is said about it is in talking.ts. */
export const answering: Feature = {
  taps: [
    ...groupTaps,
    on(openQuestionList, showOpen),
    on(openQuestion, showQuestion),
    on(releaseQuestion, release),
    on(askHandOver, chooseHeir),
    on(handOverTo, handOver),
    on(closeQuestion, close),
    on(reopenQuestion, reopen),
    on(lookInFaq, chooseFromFaq),
    on(answerWithEntry, (turn, questionId, entryId) => answerFromFaq(turn, questionId, entryId)),
  ],
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
  const screenOf = (follows: boolean) => ({ text, buttons: underAnswer(turn.say, question, follows) })
  await tellAskers(turn, result.value, 'question-answer', screenOf, { rest: entry.answer })
  await refreshPosts(turn, result.value)
  return true
}
