import { type Actor, may } from '../access/rights.ts'
import { ok, type Result, refuse } from '../kernel/result.ts'
import { decide, type TaskChange, type TaskCommand, type TaskRefusal } from './life.ts'
import type { Cause, TaskUnit } from './ports.ts'
import { corrected, type Evidence, type Report, type ReportWords } from './report.ts'
import { isOpen, type Task, type TaskState } from './task.ts'

export type ReportRefusal =
  | TaskRefusal
  | { code: 'not-found' }
  | { code: 'not-yours' }
  | { code: 'reviewed'; state: TaskState }

/** What a report led to: `waiting` asks for evidence first; `arriving` waits for files on their way; `submitted` is a report with its receipt. */
export type Reported = {
  step: 'waiting' | 'arriving' | 'submitted'
  task: Task
  report: Report
  evidence: Evidence[]
  /** Whether there was a basket before, whose message may stand in the chat; false where the report has only just begun. */
  hadBasket: boolean
}

type ActorCommand = { actor: Actor; cause: Cause; taskId: number; version?: number }

/** Says of a task that it is done: submitted at once, or, where the activity needs evidence that is not there yet, its basket is opened. */
export async function reportTask(
  unit: TaskUnit,
  command: ActorCommand & { words?: ReportWords },
): Promise<Result<Reported, ReportRefusal>> {
  const [found, open] = await Promise.all([
    lockFor(unit, command, 'report-task'),
    unit.reports.openOf(command.taskId), // asked behind the lock, in the same flight
  ])
  if (!found.ok) return found
  const task = found.value
  const decision = decide(task, { do: 'report', ...(await stillMeant(unit, task, command)) })
  if (!decision.ok) return decision
  if (!open) return beginReport(unit, task, command, decision.value)
  return submitIfComplete(unit, task, await basketOf(unit, task, command, open), command.cause)
}

/** The first words on a task: submitted at once where nothing is wanted besides, else a basket for the evidence. */
async function beginReport(
  unit: TaskUnit,
  task: Task,
  { actor, cause, words }: ActorCommand & { words?: ReportWords },
  reported: TaskChange,
): Promise<Result<Reported, never>> {
  const submitted = !task.needsEvidence || (words?.links.length ?? 0) > 0
  const [report, changed] = await Promise.all([
    unit.reports.start(task, actor.personId, unit.now, { words, submitted }),
    submitted ? unit.tasks.append(task, reported, cause) : markStarted(unit, task, cause),
  ])
  return ok({ step: submitted ? 'submitted' : 'waiting', task: changed, report, evidence: [], hadBasket: false })
}

/** «Готово» under an older message means what it says as long as the task is open and that button has had no effect yet. */
async function stillMeant(unit: TaskUnit, task: Task, command: ActorCommand): Promise<{ version?: number }> {
  const { version } = command
  if (version === undefined || version === task.version || !isOpen(task)) return seen(command)
  return version < task.version && !(await unit.tasks.reportedSince(task.id, version)) ? {} : { version }
}

/** Puts the words of an edited message in place of what it said `before` (null: not known any more), until the report is reviewed. Null: there is no such report. */
export async function correctReport(
  unit: TaskUnit,
  command: ActorCommand & { words: ReportWords; before: ReportWords | null },
): Promise<Result<{ task: Task; report: Report } | null, ReportRefusal>> {
  const found = await lockFor(unit, command, 'report-task')
  if (!found.ok) return found
  const report = await unit.reports.openOf(command.taskId)
  if (!report) return ok(null)
  const words = corrected(report, command.before, command.words)
  return ok({ task: found.value, report: await unit.reports.replaceWords(report, words, unit.now) })
}

/** Lets go of the report of a task that was not meant: a submitted one is undone, a basket is given up. Gives the report; its evidence stays with it. */
export async function abandonReport(
  unit: TaskUnit,
  command: ActorCommand,
): Promise<Result<Report | null, ReportRefusal>> {
  const found = await lockFor(unit, command, 'report-task')
  if (!found.ok) return found
  const report = await unit.reports.openOf(command.taskId)
  if (report?.state === 'submitted') {
    const undone = await withdrawReport(unit, command)
    return undone.ok ? ok(report) : undone
  }
  if (report) await unit.reports.withdraw(report, unit.now)
  return ok(report)
}

/** «Это всё»: closes the basket of a task, if what the activity asks for is in it. */
export async function closeBasket(unit: TaskUnit, command: ActorCommand): Promise<Result<Reported, ReportRefusal>> {
  const found = await lockFor(unit, command, 'report-task')
  if (!found.ok) return found
  const report = await unit.reports.openOf(command.taskId)
  if (report?.state !== 'collecting') return refuse({ code: 'already', state: found.value.state })
  return submitIfComplete(unit, found.value, report, command.cause)
}

/** The basket of a task for new evidence: the report being collected or already submitted (until it is reviewed), or a new one. */
export async function openBasket(
  unit: TaskUnit,
  command: ActorCommand & { words?: ReportWords },
): Promise<Result<{ task: Task; report: Report }, ReportRefusal>> {
  const found = await lockFor(unit, command, 'report-task')
  if (!found.ok) return found
  if (!isOpen(found.value) && found.value.state !== 'reported')
    return refuse({ code: 'settled', state: found.value.state })
  const open = await unit.reports.openOf(command.taskId)
  return ok({ task: found.value, report: await basketOf(unit, found.value, command, open) })
}

/** Undoes a report of the author's own organization, until it is reviewed; the task goes back to where it was. */
export async function withdrawReport(unit: TaskUnit, command: ActorCommand): Promise<Result<Task, ReportRefusal>> {
  const found = await lockFor(unit, command, 'report-task')
  if (!found.ok) return found
  if (found.value.state === 'accepted' || found.value.state === 'returned')
    return refuse({ code: 'reviewed', state: found.value.state })
  const to = await unit.tasks.stateBeforeReport(command.taskId)
  const decision = decide(found.value, { do: 'withdraw', to, ...seen(command) })
  if (!decision.ok) return decision
  const report = await unit.reports.openOf(command.taskId)
  if (report) await unit.reports.withdraw(report, unit.now)
  return ok(await unit.tasks.append(found.value, decision.value, command.cause))
}

/** Any other change that the executing side makes: in progress, blocked, cancelled, assigned. */
export async function changeTask(
  unit: TaskUnit,
  command: ActorCommand & { change: TaskCommand },
): Promise<Result<Task, ReportRefusal>> {
  const found = await lockFor(unit, command, 'report-task')
  if (!found.ok) return found
  const decision = decide(found.value, { ...command.change, ...seen(command) })
  if (!decision.ok) return decision
  return ok(await unit.tasks.append(found.value, decision.value, command.cause))
}

/** A curator or coordinator takes a task upon themselves, or gives it back to the school (`personId` null). */
export async function assignTask(
  unit: TaskUnit,
  command: ActorCommand & { personId: number | null },
): Promise<Result<Task, ReportRefusal>> {
  const found = await lockFor(unit, command, 'assign-task')
  if (!found.ok) return found
  const decision = decide(found.value, { do: 'assign', personId: command.personId, ...seen(command) })
  if (!decision.ok) return decision
  return ok(await unit.tasks.append(found.value, decision.value, command.cause))
}

/** The task, locked, if it exists and `actor` may do `action` to it. */
export async function lockFor(
  unit: TaskUnit,
  command: Pick<ActorCommand, 'actor' | 'taskId'>,
  action: Parameters<typeof may>[1],
): Promise<Result<Task, { code: 'not-found' } | { code: 'not-yours' }>> {
  const task = await unit.tasks.lock(command.taskId)
  if (!task) return refuse({ code: 'not-found' })
  return may(command.actor, action, task) ? ok(task) : refuse({ code: 'not-yours' })
}

/**
 * Evidence was stored (`kept`), or could not be. A basket that was closed while it was on its way is submitted now, in its author's name; where a
 * piece was lost it is opened again, because nothing is marked without what was sent. Null: nothing was waiting.
 */
export async function settleArrival(
  unit: TaskUnit,
  reportId: number,
  kept: boolean,
): Promise<Result<Reported, ReportRefusal> | null> {
  const report = await unit.reports.lock(reportId)
  if (report?.state !== 'collecting' || !report.closing) return null
  if (!kept) {
    await unit.reports.markClosing(report, false)
    return null
  }
  const task = await unit.tasks.lock(report.taskId)
  if (!task) return null
  return submitIfComplete(unit, task, report, { personId: report.authorId, updateId: null, at: unit.now })
}

async function basketOf(
  unit: TaskUnit,
  task: Task,
  command: { actor: Actor; words?: ReportWords },
  open: Report | null,
): Promise<Report> {
  const { words } = command
  if (!open) return unit.reports.start(task, command.actor.personId, unit.now, { words, submitted: false })
  return words ? unit.reports.addWords(open, words, unit.now) : open
}

async function submitIfComplete(
  unit: TaskUnit,
  task: Task,
  report: Report,
  cause: Cause,
): Promise<Result<Reported, ReportRefusal>> {
  const evidence = await unit.reports.evidenceOf(report.id)
  if (evidence.some((piece) => piece.state === 'arriving'))
    return ok({
      step: 'arriving',
      task,
      report: await unit.reports.markClosing(report, true),
      evidence,
      hadBasket: true,
    })
  const shown = report.links.length > 0 || evidence.some((piece) => piece.state === 'stored')
  if (task.needsEvidence && !shown)
    return ok({ step: 'waiting', task: await markStarted(unit, task, cause), report, evidence, hadBasket: true })
  const decision = decide(task, { do: 'report' })
  if (!decision.ok) return decision
  const [submitted, reported] = await Promise.all([
    unit.reports.submit(report, unit.now),
    unit.tasks.append(task, decision.value, cause),
  ])
  return ok({ step: 'submitted', task: reported, report: submitted, evidence, hadBasket: true })
}

async function markStarted(unit: TaskUnit, task: Task, cause: Cause): Promise<Task> {
  const decision = decide(task, { do: 'start' })
  return decision.ok ? unit.tasks.append(task, decision.value, cause) : task
}

function seen(command: { version?: number }): { version?: number } {
  return command.version === undefined ? {} : { version: command.version }
}
