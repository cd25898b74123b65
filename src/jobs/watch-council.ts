import { type Desk, refreshPosts, tellAskers, tellCouncil, workingWeek } from '../bot/council-posts.ts'
import { memberScreen } from '../bot/screens/council.ts'
import { reviewScreen } from '../bot/screens/faq.ts'
import type { Services } from '../bot/services.ts'
import { messagesTo } from '../bot/turn.ts'
import { shortened, wordsOf } from '../bot/words.ts'
import { workingCalendar } from '../calendar/working-calendar.ts'
import { questionLabel } from '../council/question.ts'
import { dueReminder, isWorkingTime, QUIET_DAYS } from '../council/waiting.ts'
import { membersFor } from '../db/council-people.ts'
import type { Database } from '../db/database.ts'
import { entriesByIds, entriesToReview, municipalitiesToReview, takeReview } from '../db/faq-desk.ts'
import { municipalityById, peopleWithRoles } from '../db/people.ts'
import {
  changeQuestion,
  municipalitiesWithQuestions,
  openQuestions,
  type QuestionRow,
  questionById,
  quietQuestions,
  takeReminder,
} from '../db/questions.ts'
import { overridesOf } from '../db/reminders.ts'
import { localDate, type PlainDate } from '../kernel/clock.ts'

type Watch = Desk & { today: PlainDate }

/**
 * The tick of the council: questions that wait are reminded of after 4 and 8 working hours, told to the coordinator after 16; answers that nobody
 * objected to close their questions; entries of the FAQ whose review date has come go back to their experts. What is due is asked of the database.
 */
export async function watchCouncil(database: Database, services: Services): Promise<void> {
  const now = services.now()
  const waiting = await database.asSystem(async (tx) => [
    ...(await municipalitiesWithQuestions(tx)),
    ...(await municipalitiesToReview(tx, now)),
  ])
  for (const municipalityId of new Set(waiting)) {
    await database.inMunicipality(municipalityId, async (tx) => {
      const municipality = await municipalityById(tx, municipalityId)
      const today = localDate(now, municipality.timezone)
      const calendar = workingCalendar(await overridesOf(tx, municipalityId))
      const say = wordsOf(municipality.locale, today, municipality.timezone)
      const desk: Watch = { tx, services, municipality, calendar, say, now, today }
      if (!isWorkingTime(now, workingWeek(desk))) return
      await remindOfQuestions(desk)
      await closeQuiet(desk)
      await sendBackForReview(desk)
    })
  }
}

async function remindOfQuestions(desk: Watch): Promise<void> {
  for (const question of await openQuestions(desk.tx, desk.municipality.id)) {
    const due = dueReminder(question, desk.now, workingWeek(desk))
    if (!due || !(await takeReminder(desk.tx, question, due.step))) continue
    const onceKey = `question-waits:${question.id}:${question.waitsSince?.epochMilliseconds}:${due.step}`
    await tellCouncil(desk, question, reminderScreen(desk, question), { reason: 'question-waits', onceKey })
    if (due.tells === 'coordinator') await escalate(desk, question, onceKey)
  }
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
  await tellAskers(desk, question, 'question-late', () => ({ text: late }))
}

async function closeQuiet(desk: Watch): Promise<void> {
  const before = desk.now.subtract({ hours: 24 * QUIET_DAYS })
  for (const questionId of await quietQuestions(desk.tx, desk.municipality.id, before)) {
    const present = await questionById(desk.tx, questionId)
    if (present?.state !== 'answered') continue
    const command = { do: 'close' } as const
    const result = await changeQuestion(desk.tx, { questionId, command, actorId: null, updateId: null, now: desk.now })
    if (result.ok) await refreshPosts(desk, result.value)
  }
}

/** On its review date an entry goes back to who answers for it, else to the members of its topic. */
async function sendBackForReview(desk: Watch): Promise<void> {
  const { tx, municipality, say, today } = desk
  for (const { entryId, reviewOn, keeperId } of await entriesToReview(tx, municipality.id, today)) {
    const [entry] = await entriesByIds(tx, municipality.id, [entryId])
    if (!entry || !(await takeReview(tx, { municipalityId: municipality.id, entryId, reviewOn }))) continue
    const told = (await keeperStays(desk, keeperId))
      ? [keeperId ?? 0]
      : (await membersFor(tx, municipality.id, entry.topic, 0)).map(({ personId }) => personId)
    const options = { reason: 'entry-review', onceKey: `entry-review:${entryId}:${reviewOn}` }
    await desk.services.enqueue(tx, await messagesTo(tx, municipality.id, told, reviewScreen(say, entry), options))
  }
}

async function keeperStays({ tx, municipality }: Desk, keeperId: number | null): Promise<boolean> {
  const council = await peopleWithRoles(tx, municipality.id, ['council', 'coordinator'])
  return council.some(({ personId }) => personId === keeperId)
}
