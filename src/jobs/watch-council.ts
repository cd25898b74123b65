import {
  type Desk,
  deskOf,
  postToCouncil,
  refreshPosts,
  tellAskers,
  tellCouncil,
  workingWeek,
} from '../bot/council-posts.ts'
import { underAskedBack } from '../bot/screens/council.ts'
import { memberScreen } from '../bot/screens/council-member.ts'
import { reviewScreen } from '../bot/screens/faq.ts'
import type { Services } from '../bot/services.ts'
import { messagesTo } from '../bot/turn.ts'
import { shortened } from '../bot/words.ts'
import { questionLabel } from '../council/question.ts'
import type { QuestionCommand } from '../council/question-life.ts'
import {
  dueAfterMove,
  dueReminder,
  expectedAnswerAt,
  isWorkingTime,
  QUIET_DAYS,
  remindsCouncilStill,
} from '../council/waiting.ts'
import { answerersOf, boundGroup, isReachable, membersFor } from '../db/council-people.ts'
import type { Database } from '../db/database.ts'
import { entriesByIds, entriesToReview, municipalitiesToReview, takeReview } from '../db/faq-desk.ts'
import { peopleWithRoles } from '../db/people.ts'
import { answersOf } from '../db/question-talk.ts'
import {
  lastMoves,
  municipalitiesWithQuestions,
  questionsOfForgotten,
  quietQuestions,
  takeReminder,
  unseenQuestions,
} from '../db/question-watch.ts'
import { changeQuestion, lockQuestion, openQuestions, type QuestionRow, questionById } from '../db/questions.ts'
import { Temporal } from '../kernel/clock.ts'
import { eachApart } from './each-apart.ts'

/**
 * The tick of the council: questions whose expert is gone, or that nobody has, are brought to those who are there; those that wait are reminded of
 * after 4 and 8 working hours, told to the coordinator after 16; answers that nobody objected to close their questions; entries of the FAQ whose
 * review date has come go back to their experts. What is due is asked of the database. One municipality's failure does not keep the others waiting.
 */
export async function watchCouncil(database: Database, services: Services): Promise<void> {
  const now = services.now()
  const waiting = await database.asSystem(async (tx) => [
    ...(await municipalitiesWithQuestions(tx)),
    ...(await municipalitiesToReview(tx, now)),
  ])
  await eachApart([...new Set(waiting)], (municipalityId) =>
    database.inMunicipality(municipalityId, async (tx) => {
      const desk = await deskOf(tx, services, municipalityId)
      if (!isWorkingTime(desk.now, workingWeek(desk))) return
      await closeForgotten(desk)
      await takeFromGone(desk)
      await bringUnseen(desk)
      await remindOfQuestions(desk)
      await remindAfterMoves(desk)
      await closeQuiet(desk)
      await sendBackForReview(desk)
    }),
  )
}

/** What the program itself does with a question; null where it has become another meanwhile. */
async function change(desk: Desk, questionId: number, command: QuestionCommand): Promise<QuestionRow | null> {
  const expectedAt = expectedAnswerAt(desk.now, workingWeek(desk))
  const by = { actorId: null, updateId: null, now: desk.now, expectedAt }
  const result = await changeQuestion(desk.tx, { questionId, command, ...by })
  return result.ok ? result.value : null
}

/** Nobody waits for the answer of somebody who asked to be forgotten. */
async function closeForgotten(desk: Desk): Promise<void> {
  for (const questionId of await questionsOfForgotten(desk.tx, desk.municipality.id)) {
    const closed = await change(desk, questionId, { do: 'close' })
    if (closed) await refreshPosts(desk, closed)
  }
}

/** A question in the hands of somebody who left the council, or whom no message reaches in person nor in a group, is free for the others. */
async function takeFromGone(desk: Desk): Promise<void> {
  const hasGroup = (await boundGroup(desk.tx, desk.municipality.id)) !== null
  const answerers = (await answerersOf(desk.tx, desk.municipality.id)).filter(
    (person) => hasGroup || isReachable(person),
  )
  for (const question of await openQuestions(desk.tx, desk.municipality.id)) {
    if (question.takerId === null || answerers.some(({ personId }) => personId === question.takerId)) continue
    const freed = await change(desk, question.id, { do: 'release' })
    if (!freed) continue
    await refreshPosts(desk, freed)
    await postToCouncil(desk, freed, { anew: true })
  }
}

/** A question that nobody has (the group is gone, its members left, the council was empty) comes to those who are there now. */
async function bringUnseen(desk: Desk): Promise<void> {
  for (const questionId of await unseenQuestions(desk.tx, desk.municipality.id)) {
    const question = await lockQuestion(desk.tx, questionId)
    if (question?.state === 'asked') await postToCouncil(desk, question)
  }
}

async function remindOfQuestions(desk: Desk): Promise<void> {
  for (const question of await openQuestions(desk.tx, desk.municipality.id)) {
    const due = dueReminder(question, desk.now, workingWeek(desk))
    if (!due || !(await takeReminder(desk.tx, question, due.step))) continue
    const onceKey = `question-waits:${question.id}:${question.waitsSince?.epochMilliseconds}:${due.step}`
    await remindCouncil(desk, question, onceKey)
    if (due.tells === 'coordinator') await escalate(desk, question, onceKey)
  }
}

/** Moves older than this were reminded of long ago; what was sent then is not kept for ever. */
const MOVES_REMINDED_DAYS = 21

/** Whoever a question came to by a hand or a question back is reminded as well: the hours of the asker's own waiting may be over by then. */
async function remindAfterMoves(desk: Desk): Promise<void> {
  const oldest = desk.now.subtract({ hours: 24 * MOVES_REMINDED_DAYS })
  for (const move of await lastMoves(desk.tx, desk.municipality.id)) {
    const due = Temporal.Instant.compare(move.at, oldest) > 0 && dueAfterMove(move, desk.now, workingWeek(desk))
    const question = due ? await questionById(desk.tx, move.questionId) : null
    if (!due || !question || (due.tells === 'council' && remindsCouncilStill(question))) continue
    const onceKey = `question-moved:${move.eventId}:${due.afterHours}`
    if (due.tells === 'asker') await remindAsker(desk, question, onceKey)
    else await remindCouncil(desk, question, onceKey)
    if (due.tells === 'coordinator') await escalate(desk, question, onceKey)
  }
}

async function remindCouncil(desk: Desk, question: QuestionRow, onceKey: string): Promise<void> {
  await tellCouncil(desk, question, reminderScreen(desk, question), { reason: 'question-waits', onceKey })
}

/** The expert's question back, once more. */
async function remindAsker(desk: Desk, question: QuestionRow, onceKey: string): Promise<void> {
  const back = (await answersOf(desk.tx, question.id)).findLast(({ kind }) => kind === 'asked-back')
  const gaps = { number: questionLabel(question), question: shortened(back?.words ?? '', 600) }
  const screen = {
    text: desk.say('council.own.remindAskedBack', gaps),
    buttons: underAskedBack(desk.say, question.id),
  }
  await tellAskers(desk, question, 'question-waits-for-asker', () => screen, { onceKey })
}

function gapsOf({ say }: Desk, question: QuestionRow) {
  return {
    number: questionLabel(question),
    since: question.waitsSince ? say.moment(question.waitsSince) : '',
    words: shortened(question.words, 400),
  }
}

function reminderScreen(desk: Desk, question: QuestionRow) {
  const viewer = { personId: question.takerId ?? 0, coordinates: false }
  const { buttons = [] } = memberScreen(desk.say, { question, viewer, files: 0, together: 0 })
  return { text: desk.say('council.member.remind', gapsOf(desk, question)), buttons }
}

/** The coordinator hears of it, and whoever asks hears that they were not forgotten. */
async function escalate(desk: Desk, question: QuestionRow, onceKey: string): Promise<void> {
  const { tx, say, municipality } = desk
  const who = question.takerName
    ? say('council.member.remindTaker', { who: question.takerName })
    : say('council.member.remindNobody')
  const viewer = { personId: 0, coordinates: true }
  const { buttons = [] } = memberScreen(say, { question, viewer, files: 0, together: 0 })
  const coordinators = await peopleWithRoles(tx, municipality.id, ['coordinator'])
  const told = coordinators.map(({ personId }) => personId).filter((personId) => personId !== question.askerId)
  const screen = { text: say('council.member.remindCoordinator', { ...gapsOf(desk, question), who }), buttons }
  await desk.services.enqueue(
    tx,
    await messagesTo(tx, municipality.id, told, screen, {
      reason: 'question-escalated',
      subject: { question: question.id },
      onceKey: `${onceKey}:coordinator`,
    }),
  )
  const late = say('council.own.late', { number: questionLabel(question) })
  await tellAskers(desk, question, 'question-late', () => ({ text: late }), { onceKey: `${onceKey}:asker` })
}

/** An answer that nobody objected to for a week closes its question; so does a question back that nobody answered, with a word to both. */
async function closeQuiet(desk: Desk): Promise<void> {
  const before = desk.now.subtract({ hours: 24 * QUIET_DAYS })
  for (const { id, state } of await quietQuestions(desk.tx, desk.municipality.id, before)) {
    const present = await lockQuestion(desk.tx, id)
    if (present?.state !== state) continue
    const closed = await change(desk, id, { do: 'close' })
    if (!closed) continue
    await refreshPosts(desk, closed)
    if (state === 'asked-back') await tellOfSilence(desk, closed)
  }
}

async function tellOfSilence(desk: Desk, question: QuestionRow): Promise<void> {
  const number = questionLabel(question)
  const own = { text: desk.say('council.own.closedUnexplained', { number }) }
  await tellAskers(desk, question, 'question-closed', () => own)
  const text = desk.say('council.member.closedUnexplained', { number })
  await tellCouncil(desk, question, { text }, { reason: 'question-closed' })
}

/** On its review date an entry goes back to who answers for it, else to the members of its topic. */
async function sendBackForReview(desk: Desk): Promise<void> {
  const { tx, municipality, say, today } = desk
  for (const { entryId, reviewOn, keeperId } of await entriesToReview(tx, municipality.id, today)) {
    const [entry] = await entriesByIds(tx, municipality.id, [entryId])
    if (!entry || !(await takeReview(tx, { municipalityId: municipality.id, entryId, reviewOn }))) continue
    const told = (await keeperStays(desk, keeperId))
      ? [keeperId ?? 0]
      : (await membersFor(tx, municipality.id, entry.topic, { exceptId: null, today })).map(({ personId }) => personId)
    const options = { reason: 'entry-review', onceKey: `entry-review:${entryId}:${reviewOn}` }
    await desk.services.enqueue(tx, await messagesTo(tx, municipality.id, told, reviewScreen(say, entry), options))
  }
}

async function keeperStays({ tx, municipality }: Desk, keeperId: number | null): Promise<boolean> {
  const answerers = (await answerersOf(tx, municipality.id)).filter(isReachable)
  return answerers.some(({ personId }) => personId === keeperId)
}
