import type { Actor } from '../access/rights.ts'
import { ok, type Result, refuse } from '../kernel/result.ts'
import { decide } from './life.ts'
import type { Cause, TaskUnit } from './ports.ts'
import type { Report } from './report.ts'
import { lockFor, type ReportRefusal } from './report-task.ts'
import type { Task } from './task.ts'

export type Verdict = { verdict: 'accepted' } | { verdict: 'returned'; reason: string }
export type Reviewed = { task: Task; report: Report }

/** A curator's word on a submitted report: accepted, or returned with a reason. The task is found through the report, and the right checked on it. */
export async function reviewReport(
  unit: TaskUnit,
  command: { actor: Actor; cause: Cause; reportId: number } & Verdict,
): Promise<Result<Reviewed, ReportRefusal>> {
  const report = await unit.reports.lock(command.reportId)
  if (!report) return refuse({ code: 'not-found' })
  const found = await lockFor(unit, { actor: command.actor, taskId: report.taskId }, 'review-report')
  if (!found.ok) return found
  if (report.state !== 'submitted') return refuse({ code: 'already', state: found.value.state })
  const reason = command.verdict === 'returned' ? command.reason : null
  const decision = decide(found.value, reason === null ? { do: 'accept' } : { do: 'return', reason })
  if (!decision.ok) return decision
  const task = await unit.tasks.append(found.value, decision.value, command.cause)
  return ok({
    task,
    report: await unit.reports.review(report, command.verdict, command.actor.personId, reason, unit.now),
  })
}

/** The reviewer ticks off a paper that the activity asks for, or takes the tick back. `paper` is its place in the activity's list. */
export async function tickPaper(
  unit: TaskUnit,
  command: { actor: Actor; reportId: number; paper: number },
): Promise<Result<Reviewed, ReportRefusal>> {
  const report = await unit.reports.lock(command.reportId)
  if (!report) return refuse({ code: 'not-found' })
  const found = await lockFor(unit, { actor: command.actor, taskId: report.taskId }, 'review-report')
  if (!found.ok) return found
  const paper = found.value.expectedPapers[command.paper]
  if (report.state !== 'submitted' || paper === undefined) return refuse({ code: 'already', state: found.value.state })
  return ok({ task: found.value, report: await unit.reports.tick(report, paper, !report.tickedPapers.includes(paper)) })
}

/** Takes back a review that nobody acted upon yet: the report waits for the curator again. */
export async function reopenReview(
  unit: TaskUnit,
  command: { actor: Actor; cause: Cause; reportId: number },
): Promise<Result<Reviewed, ReportRefusal>> {
  const report = await unit.reports.lock(command.reportId)
  if (!report) return refuse({ code: 'not-found' })
  const found = await lockFor(unit, { actor: command.actor, taskId: report.taskId }, 'review-report')
  if (!found.ok) return found
  const latest = await unit.reports.latestOf(report.taskId)
  if (latest?.id !== report.id) return refuse({ code: 'moved-on', state: found.value.state })
  const decision = decide(found.value, { do: 'reopen-review' })
  if (!decision.ok) return decision
  const task = await unit.tasks.append(found.value, decision.value, command.cause)
  return ok({ task, report: await unit.reports.reopen(report) })
}
