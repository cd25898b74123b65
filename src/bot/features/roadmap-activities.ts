import { z } from 'zod'
import { activitiesOf, changeActivity } from '../../db/roadmaps.ts'
import { findActivities } from '../../roadmaps/find-activities.ts'
import type { Executor } from '../../roadmaps/reading/executors.ts'
import {
  askTitle,
  findActivity,
  markExecutor,
  markNamed,
  openActivities,
  openActivity,
  openExecutors,
  openNamed,
  setFlag,
} from '../buttons-roadmap.ts'
import {
  ACTIVITIES_PAGE,
  activitiesScreen,
  activityScreen,
  EXECUTORS,
  executorsScreen,
  namedSchoolsScreen,
  type Origin,
} from '../screens/roadmap-rows.ts'
import { type Feature, on, type Turn, waitingFor } from '../turn.ts'
import { shortened } from '../words.ts'
import { holdActivity, reachActivity, reachRoadmap } from './roadmap-reach.ts'
import { schoolsOf } from './roadmap-schools.ts'

const Finding = z.object({ kind: z.literal('roadmap-find'), roadmapId: z.number().int() })
const Retitling = z.object({ kind: z.literal('roadmap-title'), activityId: z.number().int() })

const LONGEST_TITLE = 2000

/** A roadmap's activities: found by number or words, and changed one by one, before publishing and after. */
export const roadmapActivities: Feature = {
  taps: [
    on(openActivities, showActivities),
    on(findActivity, askWhat),
    on(openActivity, showActivity),
    on(setFlag, changeFlag),
    on(askTitle, askForTitle),
    on(openExecutors, async (turn, activityId) => {
      const reached = await reachActivity(turn, activityId)
      if (reached) turn.show(executorsScreen(turn.say, reached.activity), { roadmap: reached.roadmap.id })
    }),
    on(markExecutor, changeExecutor),
    on(openNamed, (turn, activityId, page, from) => showNamed(turn, activityId, page, originOf(from))),
    on(markNamed, changeNamed),
  ],
  dialogs: [
    waitingFor('roadmap-find', Finding, async (turn, { roadmapId }) =>
      turn.incoming.kind === 'text' ? showFound(turn, roadmapId, turn.incoming.text) : false,
    ),
    waitingFor('roadmap-title', Retitling, async (turn, { activityId }) =>
      turn.incoming.kind === 'text' ? takeTitle(turn, activityId, turn.incoming.text) : false,
    ),
  ],
}

function originOf(word: string): Origin {
  return word === 'question' ? 'question' : 'card'
}

async function showActivities(turn: Turn, roadmapId: number, page: number): Promise<void> {
  const roadmap = await reachRoadmap(turn, roadmapId)
  if (!roadmap) return
  turn.forget()
  const activities = await activitiesOf(turn.tx, roadmapId)
  turn.show(activitiesScreen(turn.say, { roadmap, activities, page }), { roadmap: roadmapId })
}

/** An activity with what can be changed of it. */
export async function showActivity(turn: Turn, activityId: number): Promise<void> {
  const reached = await reachActivity(turn, activityId)
  if (!reached) return
  const { activity, roadmap } = reached
  turn.forget()
  turn.show(
    activityScreen(turn.say, {
      activity,
      period: roadmap.period,
      editable: roadmap.state !== 'archived',
      back: openActivities(roadmap.id, pageOf(activity.position)),
    }),
    { roadmap: roadmap.id },
  )
}

/** The page of the list on which an activity stands. */
function pageOf(position: number): number {
  return Math.floor(position / ACTIVITIES_PAGE)
}

// -- search

async function askWhat(turn: Turn, roadmapId: number): Promise<void> {
  const roadmap = await reachRoadmap(turn, roadmapId)
  if (!roadmap) return
  turn.await({ kind: 'roadmap-find', roadmapId })
  turn.show({
    text: turn.say('roadmap.activities.askFind'),
    buttons: [[{ label: turn.say.plain('common.back'), action: openActivities(roadmapId, 0) }]],
  })
}

async function showFound(turn: Turn, roadmapId: number, typed: string): Promise<boolean> {
  const roadmap = await reachRoadmap(turn, roadmapId)
  if (!roadmap) return true
  const words = shortened(typed, 200)
  const found = findActivities(await activitiesOf(turn.tx, roadmapId), words)
  const [only, ...others] = found
  if (!only) {
    turn.send({
      text: turn.say('roadmap.activities.notFound', { words: shortened(words, 60) }),
      buttons: [[{ label: turn.say.plain('roadmap.button.toActivities'), action: openActivities(roadmapId, 0) }]],
    })
  } else if (others.length === 0) await showActivity(turn, only.id)
  else turn.send(activitiesScreen(turn.say, { roadmap, activities: found.slice(0, ACTIVITIES_PAGE), page: 0, words }))
  return true
}

// -- changes

async function changeFlag(turn: Turn, activityId: number, flag: string, on: number): Promise<void> {
  const reached = await holdActivity(turn, activityId)
  if (!reached) return
  const patches: Record<string, Parameters<typeof changeActivity>[2]> = {
    evidence: { needsEvidence: on === 1 },
    approval: { needsApproval: on === 1 },
    'left-out': { leftOut: on === 1 },
  }
  const patch = patches[flag]
  if (patch) await changeActivity(turn.tx, reached.activity, patch, turn.now)
  await showActivity(turn, activityId)
}

async function askForTitle(turn: Turn, activityId: number): Promise<void> {
  const reached = await holdActivity(turn, activityId)
  if (!reached) return
  turn.await({ kind: 'roadmap-title', activityId })
  turn.show({
    text: turn.say('roadmap.activity.askTitle', {
      number: reached.activity.number,
      title: shortened(reached.activity.title, 1500),
    }),
    buttons: [[{ label: turn.say.plain('common.back'), action: openActivity(activityId) }]],
  })
}

async function takeTitle(turn: Turn, activityId: number, typed: string): Promise<boolean> {
  const reached = await holdActivity(turn, activityId)
  if (!reached) return true
  await changeActivity(turn.tx, reached.activity, { title: shortened(typed, LONGEST_TITLE) }, turn.now)
  turn.send({ text: turn.say('roadmap.activity.titleDone') })
  await showActivity(turn, activityId)
  return true
}

async function changeExecutor(turn: Turn, activityId: number, word: string, wanted: number): Promise<void> {
  const reached = await holdActivity(turn, activityId)
  const executor = EXECUTORS.find((known): known is Executor => known === word)
  if (!reached || !executor) return
  const executors = EXECUTORS.filter((known) =>
    known === executor ? wanted === 1 : reached.activity.executors.includes(known),
  )
  await changeActivity(turn.tx, reached.activity, { executors }, turn.now)
  turn.show(executorsScreen(turn.say, { ...reached.activity, executors }), { roadmap: reached.roadmap.id })
}

async function showNamed(turn: Turn, activityId: number, page: number, origin: Origin): Promise<void> {
  const reached = await reachActivity(turn, activityId)
  if (!reached) return
  const schools = await schoolsOf(turn)
  turn.show(namedSchoolsScreen(turn.say, { activity: reached.activity, schools, page, origin }), {
    roadmap: reached.roadmap.id,
  })
}

async function changeNamed(
  turn: Turn,
  activityId: number,
  schoolId: number,
  wanted: number,
  page: number,
  from: string,
): Promise<void> {
  const reached = await holdActivity(turn, activityId)
  if (!reached || !(await schoolsOf(turn)).some(({ id }) => id === schoolId)) return
  const others = reached.activity.namedOrganizationIds.filter((id) => id !== schoolId)
  const namedOrganizationIds = wanted === 1 ? [...others, schoolId] : others
  await changeActivity(turn.tx, reached.activity, { namedOrganizationIds }, turn.now)
  await showNamed(turn, activityId, page, originOf(from))
}
