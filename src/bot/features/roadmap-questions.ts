import { z } from 'zod'
import { type ActivityPatch, activitiesOf, activityById, changeActivity } from '../../db/roadmaps.ts'
import { scheduleGuesses } from '../../deadlines/guesses.ts'
import type { Period, Schedule } from '../../deadlines/schedule.ts'
import type { Executor } from '../../roadmaps/reading/executors.ts'
import { type Activity, type Doubt, doubtsOf, sameQuestions, wasDoubtful } from '../../roadmaps/roadmap.ts'
import { typedReadings } from '../../roadmaps/typed-date.ts'
import {
  answerLater,
  answerSame,
  askDate,
  chooseExecutor,
  chooseGuess,
  chooseNoDate,
  chooseTyped,
  openQuestion,
  openQuestions,
  settleNamed,
  skipActivity,
} from '../buttons-roadmap.ts'
import {
  answerOf,
  dateQuestion,
  EXECUTORS,
  type Origin,
  questionScreen,
  sameScreen,
  typedGuesses,
} from '../screens/roadmap-rows.ts'
import { type Feature, on, type Turn, waitingFor } from '../turn.ts'
import { shortened } from '../words.ts'
import { showActivity } from './roadmap-activities.ts'
import { screenOf } from './roadmap-card.ts'
import { holdActivity, type ReachedActivity, reachActivity, reachRoadmap, tellShortly } from './roadmap-reach.ts'

const TypingDate = z.object({
  kind: z.literal('roadmap-date'),
  activityId: z.number().int(),
  origin: z.enum(['question', 'card']),
  words: z.string().optional(),
})

/** The walk through the doubtful activities, one by one, with the best guesses on buttons; dates in free words. */
export const roadmapQuestions: Feature = {
  taps: [
    on(openQuestions, (turn, roadmapId) => showNext(turn, roadmapId, -1)),
    on(openQuestion, (turn, _roadmapId, activityId) => showQuestion(turn, activityId)),
    on(chooseGuess, (turn, activityId, version, index) =>
      answer(turn, activityId, version, 'deadline', ({ activity, roadmap }) =>
        withDate(scheduleGuesses(activity.deadlineText, roadmap.period)[index]),
      ),
    ),
    on(chooseNoDate, (turn, activityId, version) =>
      answer(turn, activityId, version, 'deadline', () => withDate(UNSCHEDULED)),
    ),
    on(skipActivity, (turn, activityId, version) => answer(turn, activityId, version, null, () => ({ leftOut: true }))),
    on(chooseExecutor, (turn, activityId, version, executor) =>
      answer(turn, activityId, version, 'executor', () => withExecutor(executor)),
    ),
    on(answerLater, passOver),
    on(settleNamed, endNamed),
    on(answerSame, answerOthers),
    on(askDate, askForDate),
    on(chooseTyped, takeTypedGuess),
  ],
  dialogs: [
    waitingFor('roadmap-date', TypingDate, async (turn, state) =>
      turn.incoming.kind === 'text' ? takeTypedDate(turn, state, turn.incoming.text) : false,
    ),
  ],
}

const UNSCHEDULED: Schedule = { kind: 'unscheduled', windows: [], ambiguous: false }

function withDate(schedule: Schedule | undefined): ActivityPatch | null {
  return schedule ? { schedule: { ...schedule, ambiguous: false }, confirmed: true, leftOut: false } : null
}

function withExecutor(word: string): ActivityPatch | null {
  const executor = EXECUTORS.find((known): known is Executor => known === word)
  return executor ? { executors: [executor], leftOut: false } : null
}

/** Settles a question once: whoever comes second sees how things are now. `doubt`: what the answer may be given of others too. */
async function answer(
  turn: Turn,
  activityId: number,
  version: number,
  doubt: Doubt | null,
  decide: (reached: ReachedActivity) => ActivityPatch | null,
): Promise<void> {
  const reached = await holdActivity(turn, activityId)
  if (!reached) return
  turn.forget()
  const patch = reached.activity.version === version ? decide(reached) : null
  if (!patch) {
    turn.toast(turn.say.plain('roadmap.question.stale'))
    return showAfter(turn, reached.activity)
  }
  await changeActivity(turn.tx, reached.activity, patch, turn.now)
  await offerSame(turn, reached, doubt)
}

/** Goes on, or, where others ask the same, first offers to answer them at once. */
async function offerSame(turn: Turn, { activity, roadmap }: ReachedActivity, doubt: Doubt | null): Promise<void> {
  const answered = await activityById(turn.tx, activity.id)
  const others = answered && doubt ? sameQuestions(await activitiesOf(turn.tx, roadmap.id), answered, doubt) : []
  if (!answered || !doubt || others.length === 0) return showAfter(turn, activity)
  turn.show(sameScreen(turn.say, { answered, doubt, others, period: roadmap.period }), { roadmap: roadmap.id })
}

/** Gives the answer of an activity to all that ask the same. */
async function answerOthers(turn: Turn, activityId: number, word: string): Promise<void> {
  const reached = await holdActivity(turn, activityId)
  const doubt = DOUBTS.find((known) => known === word)
  if (!reached || !doubt) return
  const { activity, roadmap } = reached
  for (const other of sameQuestions(await activitiesOf(turn.tx, roadmap.id), activity, doubt))
    await changeActivity(turn.tx, other, sameAnswer(activity, doubt), turn.now)
  await showAfter(turn, activity)
}

const DOUBTS = ['deadline', 'executor', 'schools'] as const satisfies readonly Doubt[]

function sameAnswer({ schedule, executors, namedOrganizationIds }: Activity, doubt: Doubt): ActivityPatch {
  return doubt === 'deadline' ? { schedule, confirmed: true } : { executors, namedOrganizationIds }
}

async function endNamed(turn: Turn, activityId: number): Promise<void> {
  const reached = await reachActivity(turn, activityId)
  if (!reached) return
  if (reached.activity.namedOrganizationIds.length === 0) return showQuestion(turn, activityId)
  await offerSame(turn, reached, 'schools')
}

/** The same activity while something of it is still doubtful, else the next question. */
async function showAfter(turn: Turn, { id, roadmapId, position }: Activity): Promise<void> {
  const now = await activityById(turn.tx, id)
  if (now && doubtsOf(now).length > 0) return showQuestion(turn, id)
  await showNext(turn, roadmapId, position)
}

async function passOver(turn: Turn, activityId: number): Promise<void> {
  const reached = await reachActivity(turn, activityId)
  if (!reached) return
  turn.forget()
  await showNext(turn, reached.roadmap.id, reached.activity.position)
}

/** The first open question after `position`; at the end those passed over come again, and where there is none the card. */
async function showNext(turn: Turn, roadmapId: number, position: number): Promise<void> {
  const roadmap = await reachRoadmap(turn, roadmapId)
  if (!roadmap) return
  const open = (await activitiesOf(turn.tx, roadmapId)).filter((activity) => doubtsOf(activity).length > 0)
  const next = open.find((activity) => activity.position > position)
  if (next) return showQuestion(turn, next.id)
  if (open.length === 0 && position >= 0) turn.toast(turn.say.plain('roadmap.question.allDone'))
  turn.show(await screenOf(turn, roadmap), { roadmap: roadmapId })
}

/** One question, whether it is open or was answered before. */
export async function showQuestion(turn: Turn, activityId: number): Promise<void> {
  const reached = await reachActivity(turn, activityId)
  if (!reached) return
  const { activity, roadmap } = reached
  const asked = (await activitiesOf(turn.tx, roadmap.id)).filter(wasDoubtful)
  const position = asked.findIndex(({ id }) => id === activityId)
  turn.show(
    questionScreen(turn.say, {
      activity,
      period: roadmap.period,
      position: Math.max(1, position + 1),
      count: Math.max(1, asked.length),
      guesses: guessesFor(activity, roadmap.period),
      previousId: asked[position - 1]?.id ?? null,
    }),
    { roadmap: roadmap.id },
  )
}

function guessesFor({ deadlineText }: Activity, period: Period): Schedule[] {
  return deadlineText === '' ? [] : scheduleGuesses(deadlineText, period)
}

// -- a date in words

async function askForDate(turn: Turn, activityId: number, version: number, from: string): Promise<void> {
  const reached = await holdActivity(turn, activityId)
  if (!reached) return
  const origin: Origin = from === 'card' ? 'card' : 'question'
  if (reached.activity.version !== version) {
    turn.toast(turn.say.plain('roadmap.question.stale'))
    return showOrigin(turn, activityId, origin)
  }
  turn.await({ kind: 'roadmap-date', activityId, origin })
  turn.show(dateQuestion(turn.say, reached.activity, origin), { roadmap: reached.roadmap.id })
}

async function showOrigin(turn: Turn, activityId: number, origin: Origin): Promise<void> {
  if (origin === 'card') await showActivity(turn, activityId)
  else await showQuestion(turn, activityId)
}

async function takeTypedDate(turn: Turn, state: z.infer<typeof TypingDate>, typed: string): Promise<boolean> {
  const reached = await holdActivity(turn, state.activityId)
  if (!reached) {
    turn.forget()
    return true
  }
  const words = shortened(typed, 300)
  const { activity, roadmap } = reached
  const [only, ...others] = typedReadings(words, activity, roadmap.period)
  if (!only) {
    turn.send({ ...dateQuestion(turn.say, activity, state.origin), text: turn.say('roadmap.question.notUnderstood') })
    return true
  }
  if (others.length === 0) {
    await settleTyped(turn, reached, only, state.origin)
    return true
  }
  turn.await({ kind: 'roadmap-date', activityId: activity.id, origin: state.origin, words })
  const guesses = [only, ...others]
  turn.send(typedGuesses(turn.say, { activity, words, guesses, period: roadmap.period, origin: state.origin }), {
    subject: { roadmap: roadmap.id },
  })
  return true
}

async function takeTypedGuess(turn: Turn, activityId: number, version: number, index: number): Promise<void> {
  const reached = await holdActivity(turn, activityId)
  if (!reached) return
  const typed = TypingDate.safeParse(turn.dialog)
  const words = typed.success && typed.data.activityId === activityId ? typed.data.words : undefined
  const guess = words === undefined ? undefined : typedReadings(words, reached.activity, reached.roadmap.period)[index]
  if (!guess || reached.activity.version !== version) return tellShortly(turn, 'roadmap.question.stale')
  await settleTyped(turn, reached, guess, typed.success ? typed.data.origin : 'card')
}

async function settleTyped(turn: Turn, reached: ReachedActivity, schedule: Schedule, origin: Origin): Promise<void> {
  const patch = withDate(schedule)
  if (patch) await changeActivity(turn.tx, reached.activity, patch, turn.now)
  turn.forget()
  const now = await activityById(turn.tx, reached.activity.id)
  if (now) confirmTyped(turn, now, reached.roadmap)
  if (origin === 'card') await showActivity(turn, reached.activity.id)
  else await offerSame(turn, reached, 'deadline')
}

function confirmTyped(turn: Turn, activity: Activity, roadmap: ReachedActivity['roadmap']): void {
  const answer = answerOf(turn.say, activity, roadmap.period)
  if (turn.incoming.kind === 'tap') turn.toast(turn.say.plain('roadmap.question.typedDone', { answer }))
  else turn.send({ text: turn.say('roadmap.question.typedDone', { answer }) })
}
