import type { TaskState } from '../../src/tasks/task.ts'

/** What a school head's button does to a task. */
export type Press = 'done' | 'start' | 'undo'

/** A task as the rules of the product say it must be, told in the plainest way: what a run with faults is compared with. */
export type ModelTask = {
  state: TaskState
  version: number
  /** The versions that reports made, with the state before. */
  reports: { version: number; from: TaskState }[]
}

export const NEW_TASK: ModelTask = { state: 'planned', version: 1, reports: [] }

const OPEN: TaskState[] = ['planned', 'in_progress', 'blocked', 'returned']

/**
 * The task after a button made for `version` was pressed, the same object where nothing changes. «Готово» still means what it says under an older message, as long as that
 * button had no effect yet; the others only for the version that was seen.
 */
export function pressed(task: ModelTask, press: Press, version: number): ModelTask {
  const next = task.version + 1
  if (press === 'done') {
    const hadEffect = task.reports.some((report) => report.version > version)
    if (!OPEN.includes(task.state) || version > task.version || (version < task.version && hadEffect)) return task
    return { state: 'reported', version: next, reports: [...task.reports, { version: next, from: task.state }] }
  }
  if (version !== task.version) return task
  if (press === 'start')
    return ['planned', 'blocked', 'returned'].includes(task.state)
      ? { ...task, state: 'in_progress', version: next }
      : task
  const last = task.reports.at(-1)
  return task.state === 'reported' && last ? { ...task, state: last.from, version: next } : task
}
