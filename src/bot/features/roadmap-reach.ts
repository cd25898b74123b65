import { may } from '../../access/rights.ts'
import { activityById, lockRoadmap, roadmapById } from '../../db/roadmaps.ts'
import type { RoadmapRefusal } from '../../roadmaps/publish-roadmap.ts'
import type { Activity, Roadmap } from '../../roadmaps/roadmap.ts'
import type { Turn } from '../turn.ts'
import type { WordKey } from '../words.ts'

const REFUSALS = {
  'not-found': 'common.notFound',
  'not-yours': 'common.notYours',
  changed: 'roadmap.refusal.changed',
  'not-ready': 'roadmap.refusal.not-ready',
  archived: 'roadmap.refusal.archived',
  published: 'roadmap.refusal.published',
  'base-gone': 'roadmap.refusal.base-gone',
} as const satisfies Record<RoadmapRefusal['code'], WordKey>

/** Says why nothing changed: on the tapped button, or as a message to words. */
export function refuseRoadmap(turn: Turn, code: RoadmapRefusal['code']): void {
  tellShortly(turn, REFUSALS[code])
}

/** A short line: in a box over the tapped message, or as a message to words. */
export function tellShortly(turn: Turn, key: WordKey): void {
  if (turn.incoming.kind === 'tap') turn.toast(turn.say.plain(key), true)
  else turn.send({ text: turn.say(key) })
}

/** The roadmap to be shown, if the person may see it; else says why not and gives null. */
export async function reachRoadmap(turn: Turn, roadmapId: number): Promise<Roadmap | null> {
  return allowed(turn, await roadmapById(turn.tx, roadmapId))
}

/** The roadmap to be changed, locked: two coordinators take turns. Null where that may not be, which is then said. */
export async function holdRoadmap(turn: Turn, roadmapId: number): Promise<Roadmap | null> {
  const roadmap = allowed(turn, await lockRoadmap(turn.tx, roadmapId))
  if (roadmap?.state !== 'archived') return roadmap
  refuseRoadmap(turn, 'archived')
  return null
}

function allowed(turn: Turn, roadmap: Roadmap | null): Roadmap | null {
  const code = !roadmap ? 'not-found' : may(turn.actor, 'manage-roadmaps', roadmap) ? null : 'not-yours'
  if (code) refuseRoadmap(turn, code)
  return code ? null : roadmap
}

export type ReachedActivity = { roadmap: Roadmap & { period: NonNullable<Roadmap['period']> }; activity: Activity }

/** The activity to be shown with its roadmap, if the person may see it; else says why not and gives null. */
export async function reachActivity(turn: Turn, activityId: number): Promise<ReachedActivity | null> {
  const activity = await activityById(turn.tx, activityId)
  const roadmap = activity ? await reachRoadmap(turn, activity.roadmapId) : allowed(turn, null)
  return withPeriod(activity, roadmap)
}

/** The activity to be changed, under its roadmap's lock. Null where that may not be, which is then said. */
export async function holdActivity(turn: Turn, activityId: number): Promise<ReachedActivity | null> {
  const seen = await activityById(turn.tx, activityId)
  const roadmap = seen ? await holdRoadmap(turn, seen.roadmapId) : allowed(turn, null)
  return withPeriod(roadmap && (await activityById(turn.tx, activityId)), roadmap)
}

function withPeriod(activity: Activity | null, roadmap: Roadmap | null): ReachedActivity | null {
  if (!activity || !roadmap?.period) return null
  return { activity, roadmap: { ...roadmap, period: roadmap.period } }
}
