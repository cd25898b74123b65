import { type Actor, may } from '../access/rights.ts'
import { type PlainDate, Temporal } from '../kernel/clock.ts'
import { ok, type Result, refuse } from '../kernel/result.ts'
import { decide } from './life.ts'
import type { Cause, TaskUnit } from './ports.ts'
import { lockFor, type ReportRefusal } from './report-task.ts'
import { isOpen, type Task } from './task.ts'

/** A head's wish for a later day. `dueBefore`, `dueAfter`: local calendar days. */
export type Postponement = {
  id: number
  municipalityId: number
  taskId: number
  askedById: number
  dueBefore: PlainDate
  dueAfter: PlainDate
  reason: string | null
  state: 'asked' | 'granted' | 'refused' | 'withdrawn'
}

/** Where wishes for a later day are kept; at most one of a task is open. */
export type PostponementStore = {
  lock(id: number): Promise<Postponement | null>
  /** Keeps a wish in place of an open one of the same task. */
  ask(
    task: Task,
    wish: { askedById: number; to: PlainDate; reason: string | null },
    cause: Cause,
  ): Promise<Postponement>
  answer(wish: Postponement, state: 'granted' | 'refused', cause: Cause): Promise<Postponement>
}

export type PostponeRefusal = ReportRefusal | { code: 'not-later'; dueOn: PlainDate } | { code: 'answered' }

export type PostponeUnit = TaskUnit & { postponements: PostponementStore }

/** Asked for: the curator answers. Granted: nobody has to be asked, because the person reviews the task themselves. */
export type Postponed = { step: 'asked' | 'granted'; task: Task; wish: Postponement }

/** Asks for a later due day. `today` is local; a day that is not after both today and the present due day is refused. */
export async function askPostponement(
  unit: PostponeUnit,
  command: { actor: Actor; cause: Cause; taskId: number; to: PlainDate; reason: string | null; today: PlainDate },
): Promise<Result<Postponed, PostponeRefusal>> {
  const found = await lockFor(unit, command, 'report-task')
  if (!found.ok) return found
  const task = found.value
  if (!isOpen(task)) return refuse({ code: 'settled', state: task.state })
  if (!isAfter(command.to, task.dueOn) || !isAfter(command.to, command.today))
    return refuse({ code: 'not-later', dueOn: task.dueOn })
  const wish = await unit.postponements.ask(
    task,
    { askedById: command.actor.personId, to: command.to, reason: command.reason },
    command.cause,
  )
  if (!may(command.actor, 'answer-postponement', task)) return ok({ step: 'asked', task, wish })
  return grant(unit, task, wish, command.cause)
}

/** The curator's answer to a wish: the task has a new due day, with the old one in its history, or stays as it was. */
export async function answerPostponement(
  unit: PostponeUnit,
  command: { actor: Actor; cause: Cause; postponementId: number; granted: boolean },
): Promise<Result<Postponed & { granted: boolean }, PostponeRefusal>> {
  const wish = await unit.postponements.lock(command.postponementId)
  if (!wish) return refuse({ code: 'not-found' })
  const found = await lockFor(unit, { actor: command.actor, taskId: wish.taskId }, 'answer-postponement')
  if (!found.ok) return found
  if (wish.state !== 'asked') return refuse({ code: 'answered' })
  if (command.granted) {
    const granted = await grant(unit, found.value, wish, command.cause)
    return granted.ok ? ok({ ...granted.value, granted: true }) : granted
  }
  return ok({
    step: 'asked',
    task: found.value,
    wish: await unit.postponements.answer(wish, 'refused', command.cause),
    granted: false,
  })
}

async function grant(
  unit: PostponeUnit,
  task: Task,
  wish: Postponement,
  cause: Cause,
): Promise<Result<Postponed, PostponeRefusal>> {
  const decision = decide(task, { do: 'postpone', to: wish.dueAfter })
  if (!decision.ok) return decision
  const moved = await unit.tasks.append(task, decision.value, cause)
  return ok({ step: 'granted', task: moved, wish: await unit.postponements.answer(wish, 'granted', cause) })
}

function isAfter(day: PlainDate, other: PlainDate): boolean {
  return Temporal.PlainDate.compare(day, other) > 0
}
