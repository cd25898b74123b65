import type { PlainDate } from '../kernel/clock.ts'
import { ok, type Result, refuse } from '../kernel/result.ts'
import { isOpen, OPEN_STATES, type Task, type TaskState } from './task.ts'

/** What a person asks of a task. `version`: the task's version that the person saw; a button carries it. */
export type TaskCommand = { version?: number } & (
  | { do: 'start' }
  | { do: 'report' }
  | { do: 'withdraw'; to: TaskState }
  | { do: 'accept' }
  | { do: 'reopen-review' }
  | { do: 'return'; reason: string }
  | { do: 'block'; obstacle: string }
  | { do: 'cancel'; reason: string }
  | { do: 'restore' }
  | { do: 'postpone'; to: PlainDate }
  | { do: 'assign'; personId: number | null }
)

export type TaskEventKind =
  | 'task-started'
  | 'task-reported'
  | 'report-withdrawn'
  | 'task-accepted'
  | 'review-reopened'
  | 'task-returned'
  | 'task-blocked'
  | 'task-cancelled'
  | 'task-restored'
  | 'task-postponed'
  /** The roadmap itself changed: another window, or none any more. */
  | 'task-rescheduled'
  | 'task-dropped'
  | 'task-assigned'

/** What changes: an event to be appended, and the task's new facts. */
export type TaskChange = {
  kind: TaskEventKind
  toState: TaskState
  patch: { dueOn?: PlainDate; obstacle?: string | null; assigneeId?: number | null }
  facts: Record<string, string | number | null>
}

/** `moved-on`: the button was made for an earlier version; `already`: it is so; `settled`: nothing more is to be done; `not-reported`: there is nothing to review. */
export type TaskRefusal =
  | { code: 'moved-on'; state: TaskState }
  | { code: 'already'; state: TaskState }
  | { code: 'settled'; state: TaskState }
  | { code: 'not-reported'; state: TaskState }

/** From which states each command leads, and where to; design.md, «A task's life». */
const MOVES: Record<TaskCommand['do'], { from: readonly TaskState[]; to: TaskState | 'same'; kind: TaskEventKind }> = {
  start: { from: ['planned', 'blocked', 'returned'], to: 'in_progress', kind: 'task-started' },
  report: { from: OPEN_STATES, to: 'reported', kind: 'task-reported' },
  withdraw: { from: ['reported'], to: 'in_progress', kind: 'report-withdrawn' },
  accept: { from: ['reported'], to: 'accepted', kind: 'task-accepted' },
  'reopen-review': { from: ['accepted', 'returned'], to: 'reported', kind: 'review-reopened' },
  return: { from: ['reported'], to: 'returned', kind: 'task-returned' },
  block: { from: OPEN_STATES, to: 'blocked', kind: 'task-blocked' },
  cancel: { from: OPEN_STATES, to: 'cancelled', kind: 'task-cancelled' },
  restore: { from: ['cancelled'], to: 'planned', kind: 'task-restored' },
  postpone: { from: OPEN_STATES, to: 'same', kind: 'task-postponed' },
  assign: { from: OPEN_STATES, to: 'same', kind: 'task-assigned' },
}

/** Decides what `command` does to `task`: a change, or why not. */
export function decide(task: Task, command: TaskCommand): Result<TaskChange, TaskRefusal> {
  const move = MOVES[command.do]
  const toState = command.do === 'withdraw' ? command.to : move.to === 'same' ? task.state : move.to
  if (command.version !== undefined && command.version !== task.version) return refuse(staleness(task, toState))
  if (!move.from.includes(task.state)) return refuse(whyNot(task, command.do, toState))
  return ok({ kind: move.kind, toState, ...consequences(task, command) })
}

function staleness(task: Task, wanted: TaskState): TaskRefusal {
  return { code: task.state === wanted ? 'already' : 'moved-on', state: task.state }
}

function whyNot(task: Task, asked: TaskCommand['do'], wanted: TaskState): TaskRefusal {
  if (task.state === wanted) return { code: 'already', state: task.state }
  if (isOpen(task) && ['accept', 'return', 'withdraw', 'reopen-review'].includes(asked))
    return { code: 'not-reported', state: task.state }
  return { code: 'settled', state: task.state }
}

function consequences(task: Task, command: TaskCommand): Pick<TaskChange, 'patch' | 'facts'> {
  switch (command.do) {
    case 'block':
      return { patch: { obstacle: command.obstacle }, facts: { obstacle: command.obstacle } }
    case 'return':
    case 'cancel':
      return { patch: {}, facts: { reason: command.reason } }
    case 'postpone':
      return {
        patch: { dueOn: command.to },
        facts: { dueBefore: task.dueOn.toString(), dueAfter: command.to.toString() },
      }
    case 'assign':
      return { patch: { assigneeId: command.personId }, facts: { assignee: command.personId } }
    case 'start':
    case 'report':
      return { patch: { obstacle: null }, facts: {} }
    default:
      return { patch: {}, facts: {} }
  }
}
