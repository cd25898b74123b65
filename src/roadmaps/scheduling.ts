import type { Window } from '../deadlines/schedule.ts'
import { type PlainDate, Temporal } from '../kernel/clock.ts'
import type { ExistingTask } from './ports.ts'
import { type Activity, settledWindows } from './roadmap.ts'

/** Who carries out a roadmap: the schools of its programme, and the department for what is municipal (null where the register has none). */
export type Programme = { schoolIds: number[]; departmentId: number | null }

/** The tasks of one activity: each of its windows for each of the organizations. */
export type ActivityPlan = { activityId: number; organizationIds: number[]; windows: Window[] }

/** What is done with windows that were due before the day of publishing: `make` their tasks, which nobody is then reminded of, or `leave` them. */
export type PastWindows = 'make' | 'leave'

/** The organizations that report on an activity, each once. */
export function executingOrganizations(activity: Activity, programme: Programme): number[] {
  const of: Record<Activity['executors'][number], number[]> = {
    schools: programme.schoolIds,
    'named-schools': activity.namedOrganizationIds,
    municipal: programme.departmentId === null ? [] : [programme.departmentId],
  }
  return [...new Set(activity.executors.flatMap((executor) => of[executor]))]
}

/**
 * Which tasks a roadmap makes: for each activity its settled windows and the organizations that carry it out. Activities that make none are left
 * out: doubtful ones, those without a date, lists whose parts stand for them, and those that the coordinator left out.
 */
export function planOf(activities: readonly Activity[], programme: Programme): ActivityPlan[] {
  return activities
    .map((activity) => ({
      activityId: activity.id,
      organizationIds: executingOrganizations(activity, programme),
      windows: onceEach(settledWindows(activity)),
    }))
    .filter(({ organizationIds, windows }) => organizationIds.length > 0 && windows.length > 0)
}

function onceEach(windows: readonly Window[]): Window[] {
  return [...new Map(windows.map((window) => [windowKey(window), window])).values()]
}

/** How many tasks a plan makes. */
export function countOfTasks(plan: readonly ActivityPlan[]): number {
  return plan.reduce((sum, { organizationIds, windows }) => sum + organizationIds.length * windows.length, 0)
}

/** How many tasks of a plan fall to each organization, by its id. */
export function tasksByOrganization(plan: readonly ActivityPlan[]): Map<number, number> {
  const counts = new Map<number, number>()
  for (const { organizationIds, windows } of plan)
    for (const id of organizationIds) counts.set(id, (counts.get(id) ?? 0) + windows.length)
  return counts
}

/** Every window of a plan with the number of organizations that have a task in it. */
export function windowsOf(plan: readonly ActivityPlan[]): { window: Window; organizations: number }[] {
  return plan.flatMap(({ organizationIds, windows }) =>
    windows.map((window) => ({ window, organizations: organizationIds.length })),
  )
}

/** Whether a window was due before `today`; one that is due today is not past, the whole day is still left. */
export function isPast(window: Window, today: PlainDate): boolean {
  return Temporal.PlainDate.compare(window.due, today) < 0
}

/** `plan` without the windows that were due before `today`. */
export function withoutPast(plan: readonly ActivityPlan[], today: PlainDate): ActivityPlan[] {
  return plan
    .map((one) => ({ ...one, windows: one.windows.filter((window) => !isPast(window, today)) }))
    .filter(({ windows }) => windows.length > 0)
}

type Wanted = { activityId: number; organizationId: number; window: Window }

/** What publishing does to the tasks. `quiet` windows were past when their tasks were made: nobody is reminded of them. */
export type TaskChanges = {
  make: (ActivityPlan & { quietWindows: Window[] })[]
  move: { task: ExistingTask; to: Window }[]
  restore: ExistingTask[]
  cancel: ExistingTask[]
  kept: number
}

/**
 * The way from the tasks that exist to those that a plan wants. A task of the same window stays (or comes back, where the roadmap itself had
 * cancelled it). A changed window moves the task that nobody has reported of; one that was reported, or declined by its school, is left alone and
 * stands for the changed window, unless that lies wholly ahead: then it is new work. What nobody wants any more is cancelled unless it was reported.
 * Where `past` is `leave`, no task is made for a past window, yet those that exist stay.
 */
export function changesOf(
  plan: readonly ActivityPlan[],
  existing: readonly ExistingTask[],
  options: { today: PlainDate; past: PastWindows },
): TaskChanges {
  if (existing.length === 0) return { ...nothing(), make: newTasks(plan, options) }
  const changes = nothing()
  const missing: Wanted[] = []
  const byExecutor = Map.groupBy(existing, executorKey)
  for (const wanted of wantedByExecutor(plan)) {
    const key = executorKey(wanted[0]!)
    missing.push(...settleExecutor(wanted, byExecutor.get(key) ?? [], options.today, changes))
    byExecutor.delete(key)
  }
  for (const unwanted of byExecutor.values()) dropAll(unwanted, changes)
  return { ...changes, make: newTasks(missing.map(planOfOne), options) }
}

function nothing(): TaskChanges {
  return { make: [], move: [], restore: [], cancel: [], kept: 0 }
}

function wantedByExecutor(plan: readonly ActivityPlan[]): Wanted[][] {
  return plan.flatMap(({ activityId, organizationIds, windows }) =>
    organizationIds.map((organizationId) => windows.map((window) => ({ activityId, organizationId, window }))),
  )
}

/** Settles the tasks of one activity for one organization; gives the windows for which there is none yet. */
function settleExecutor(
  wanted: readonly Wanted[],
  existing: readonly ExistingTask[],
  today: PlainDate,
  changes: TaskChanges,
): Wanted[] {
  const exact = new Map(existing.map((task) => [windowKey(task.window), task]))
  const wantedKeys = new Set(wanted.map(({ window }) => windowKey(window)))
  for (const key of wantedKeys) keepOrRestore(exact.get(key), changes)
  const obsolete = existing.filter((task) => !wantedKeys.has(windowKey(task.window))).toSorted(byDue)
  const [answered, unanswered] = parted(obsolete, isAnswered)
  const movable = unanswered.filter(({ state }) => state !== 'cancelled')
  changes.kept += answered.length
  const [begun, ahead] = parted(
    wanted.filter(({ window }) => !exact.has(windowKey(window))),
    ({ window }) => Temporal.PlainDate.compare(window.from, today) <= 0,
  )
  const missing = [...begun.slice(answered.length), ...ahead]
  changes.move.push(...movable.slice(0, missing.length).map((task, at) => ({ task, to: missing[at]!.window })))
  dropAll(movable.slice(missing.length), changes)
  return missing.slice(movable.length)
}

function parted<Value>(values: readonly Value[], test: (value: Value) => boolean): [Value[], Value[]] {
  return [values.filter(test), values.filter((value) => !test(value))]
}

function keepOrRestore(task: ExistingTask | undefined, changes: TaskChanges): void {
  if (task?.cancelledByRoadmap) changes.restore.push(task)
  else if (task) changes.kept += 1
}

function dropAll(tasks: readonly ExistingTask[], changes: TaskChanges): void {
  for (const task of tasks) {
    if (isAnswered(task)) changes.kept += 1
    else if (task.state !== 'cancelled') changes.cancel.push(task)
  }
}

/** Whether the school has said its word: a report was made or begun, or the task was declined as not applicable. */
function isAnswered(task: ExistingTask): boolean {
  return (
    task.hasReport ||
    ['reported', 'accepted', 'returned'].includes(task.state) ||
    (task.state === 'cancelled' && !task.cancelledByRoadmap)
  )
}

function newTasks(
  plan: readonly ActivityPlan[],
  { today, past }: { today: PlainDate; past: PastWindows },
): TaskChanges['make'] {
  const made = past === 'leave' ? withoutPast(plan, today) : plan
  return made.map((one) => ({ ...one, quietWindows: one.windows.filter((window) => isPast(window, today)) }))
}

function planOfOne({ activityId, organizationId, window }: Wanted): ActivityPlan {
  return { activityId, organizationIds: [organizationId], windows: [window] }
}

function windowKey({ from, due }: Window): string {
  return `${from}/${due}`
}

function executorKey({ activityId, organizationId }: { activityId: number; organizationId: number }): string {
  return `${activityId}/${organizationId}`
}

function byDue(left: ExistingTask, right: ExistingTask): number {
  return Temporal.PlainDate.compare(left.window.due, right.window.due)
}
