import { type Actor, may } from '../access/rights.ts'
import { type PlainDate, Temporal } from '../kernel/clock.ts'
import { ok, type Result, refuse } from '../kernel/result.ts'
import { compareVersions } from './compare.ts'
import type { ExistingTask, RoadmapCause, RoadmapStore } from './ports.ts'
import { type Activity, doubtsOf, type Roadmap } from './roadmap.ts'
import {
  type ActivityPlan,
  changesOf,
  countOfTasks,
  isPast,
  type PastWindows,
  planOf,
  type TaskChanges,
} from './scheduling.ts'

/**
 * `changed`: somebody changed the roadmap since the preview; `not-ready`: its document is not read; `archived`: nothing is published from
 * the archive; `base-gone`: the version that it was to replace is not published any more.
 */
export type RoadmapRefusal =
  | { code: 'not-found' }
  | { code: 'not-yours' }
  | { code: 'changed' }
  | { code: 'not-ready' }
  | { code: 'archived' }
  | { code: 'published' }
  | { code: 'base-gone' }

/** What publishing would do, and did. Numbers of tasks. */
export type Publishing = {
  roadmap: Roadmap
  plan: ActivityPlan[]
  changes: TaskChanges
  /** Tasks that are new; how many of them were due before today. */
  making: number
  past: number
  /** Activities that make no task yet because the coordinator has not settled them. */
  unsettled: Activity[]
  /** Activities without a date, by their nature or by the coordinator's word. */
  undated: Activity[]
  /** The earliest due date from today on. */
  nearestDue: PlainDate | null
  latestDue: PlainDate | null
}

/** What publishing `roadmapId` would do to the tasks if past windows were treated as `past` says. Changes nothing but takes the roadmap's lock. */
export async function previewPublishing(
  store: RoadmapStore,
  command: { actor: Actor; roadmapId: number; today: PlainDate; past: PastWindows },
): Promise<Result<Publishing, RoadmapRefusal>> {
  const found = await lockForChange(store, command)
  if (!found.ok) return found
  const roadmap = found.value
  if (roadmap.state === 'archived') return refuse({ code: 'archived' })
  if (roadmap.reading !== 'read' || !roadmap.period) return refuse({ code: 'not-ready' })
  const olderId = baseOf(roadmap)
  if (olderId !== null && (await store.lock(olderId))?.state !== 'published') return refuse({ code: 'base-gone' })
  const activities = await store.activitiesOf(roadmap.id)
  const plan = planOf(activities, {
    schoolIds: await store.programmeOf(roadmap.id),
    departmentId: await store.departmentId(),
  })
  const existing = await existingTasks(store, roadmap, activities)
  return ok(summaryOf(roadmap, activities, plan, changesOf(plan, existing, command), command.today))
}

/**
 * Publishes a roadmap: makes its tasks, or brings those of the published version to what it says now. A newer version takes over the tasks and
 * reports of the version that it replaces, which goes to the archive. Publishing twice adds nothing. `version` is the one that the coordinator saw
 * in the preview.
 */
export async function publishRoadmap(
  store: RoadmapStore,
  command: {
    actor: Actor
    cause: RoadmapCause
    roadmapId: number
    version?: number
    today: PlainDate
    past: PastWindows
  },
): Promise<Result<Publishing, RoadmapRefusal>> {
  const found = await lockForChange(store, command)
  if (!found.ok) return found
  if (command.version !== undefined && command.version !== found.value.version) return refuse({ code: 'changed' })
  const previewed = await previewPublishing(store, command)
  if (!previewed.ok) return previewed
  const { roadmap, changes } = previewed.value
  const olderId = baseOf(roadmap)
  if (olderId !== null) await store.adopt(await pairsWith(store, olderId, await store.activitiesOf(roadmap.id)))
  await store.apply(changes, command.cause)
  if (olderId !== null) await store.markArchived(olderId, command.cause.at)
  await store.markPublished(roadmap, command.cause.at)
  return previewed
}

/** The published version that publishing a draft would replace. */
function baseOf(roadmap: Roadmap): number | null {
  return roadmap.state === 'draft' ? roadmap.replacesId : null
}

/** The tasks as they will lie under the activities of a roadmap: those of the version that it replaces are seen under the newer activities. */
async function existingTasks(
  store: RoadmapStore,
  roadmap: Roadmap,
  activities: readonly Activity[],
): Promise<ExistingTask[]> {
  const olderId = baseOf(roadmap)
  if (olderId === null) return store.tasksOf(roadmap.id)
  const newer = new Map((await pairsWith(store, olderId, activities)).map(({ from, to }) => [from, to]))
  const inherited = await store.tasksOf(olderId)
  return inherited.map((task) => ({ ...task, activityId: newer.get(task.activityId) ?? task.activityId }))
}

async function pairsWith(store: RoadmapStore, olderId: number, activities: readonly Activity[]) {
  const { same, changed } = compareVersions(await store.activitiesOf(olderId), activities)
  return [...same, ...changed].map(({ before, after }) => ({ from: before.id, to: after.id }))
}

function summaryOf(
  roadmap: Roadmap,
  activities: readonly Activity[],
  plan: ActivityPlan[],
  changes: TaskChanges,
  today: PlainDate,
): Publishing {
  const dues = plan.flatMap(({ windows }) => windows.map(({ due }) => due)).toSorted(Temporal.PlainDate.compare)
  const unsettled = activities.filter((activity) => doubtsOf(activity).length > 0)
  return {
    roadmap,
    plan,
    changes,
    making: countOfTasks(changes.make),
    past: countOfTasks(changes.make.map((one) => ({ ...one, windows: one.quietWindows }))),
    unsettled,
    undated: activities.filter(
      (activity) =>
        !activity.isWhole &&
        !activity.leftOut &&
        activity.schedule.windows.length === 0 &&
        !unsettled.includes(activity),
    ),
    nearestDue: dues.find((due) => !isPast({ from: due, due }, today)) ?? null,
    latestDue: dues.at(-1) ?? null,
  }
}

/** Puts a published roadmap into the archive: what nobody has reported of yet is cancelled, reports stay. */
export async function archiveRoadmap(
  store: RoadmapStore,
  command: { actor: Actor; cause: RoadmapCause; roadmapId: number; today: PlainDate },
): Promise<Result<{ roadmap: Roadmap; cancelled: number }, RoadmapRefusal>> {
  const found = await lockForChange(store, command)
  if (!found.ok) return found
  if (found.value.state !== 'published')
    return refuse({ code: found.value.state === 'archived' ? 'archived' : 'not-ready' })
  const existing = await store.tasksOf(command.roadmapId)
  const changes = changesOf([], existing, { today: command.today, past: 'leave' })
  await store.apply(changes, command.cause)
  await store.markArchived(command.roadmapId, command.cause.at)
  return ok({ roadmap: found.value, cancelled: changes.cancel.length })
}

/** Deletes a draft for good. A published roadmap is never deleted: reports belong to it. */
export async function deleteDraft(
  store: RoadmapStore,
  command: { actor: Actor; roadmapId: number },
): Promise<Result<Roadmap, RoadmapRefusal>> {
  const found = await lockForChange(store, command)
  if (!found.ok) return found
  if (found.value.state !== 'draft') return refuse({ code: 'published' })
  await store.remove(command.roadmapId)
  return found
}

/** The roadmap, locked, if it exists and `actor` may change it. */
export async function lockForChange(
  store: Pick<RoadmapStore, 'lock'>,
  command: { actor: Actor; roadmapId: number },
): Promise<Result<Roadmap, RoadmapRefusal>> {
  const roadmap = await store.lock(command.roadmapId)
  if (!roadmap) return refuse({ code: 'not-found' })
  return may(command.actor, 'manage-roadmaps', roadmap) ? ok(roadmap) : refuse({ code: 'not-yours' })
}
