import { type PlainDate, Temporal } from '../kernel/clock.ts'

export const TASK_STATES = [
  'planned',
  'in_progress',
  'blocked',
  'reported',
  'returned',
  'accepted',
  'cancelled',
] as const
export type TaskState = (typeof TASK_STATES)[number]

/** States in which somebody still has to act for the school: it is reminded of, and can be overdue. */
export const OPEN_STATES = ['planned', 'in_progress', 'blocked', 'returned'] as const satisfies readonly TaskState[]

/** One Window of one activity for one executing organization, with what its activity says of it. Days are local to the municipality. */
export type Task = {
  id: number
  municipalityId: number
  activityId: number
  organizationId: number
  organizationName: string
  number: string
  title: string
  section: string
  expectedResult: string
  expectedPapers: string[]
  windowFrom: PlainDate
  windowDue: PlainDate
  dueOn: PlainDate
  state: TaskState
  version: number
  obstacle: string | null
  assigneeId: number | null
  /** Continuous work: asked about once a quarter. */
  ongoing: boolean
  needsEvidence: boolean
  /** False for the department's own tasks too: nobody reviews the coordinator. */
  needsApproval: boolean
}

/** Whether somebody still has to act. */
export function isOpen(task: Pick<Task, 'state'>): boolean {
  return (OPEN_STATES as readonly TaskState[]).includes(task.state)
}

/** Whether `task` is overdue on `today`: its due day has passed and nobody reported. Not a state (design.md, «A task's life»). */
export function isOverdue(task: Pick<Task, 'state' | 'dueOn'>, today: PlainDate): boolean {
  return isOpen(task) && Temporal.PlainDate.compare(task.dueOn, today) < 0
}
