import type { Instant } from '../kernel/clock.ts'
import type { TaskChange } from './life.ts'
import type { Evidence, Report, ReportWords } from './report.ts'
import type { Task, TaskState } from './task.ts'

/** By whom and by which update a change came. `personId` null: by a rule of ours. */
export type Cause = { personId: number | null; updateId: number | null; at: Instant }

/** Where tasks and what is said of them are kept. Every method belongs to the one transaction of its use case. */
export type TaskStore = {
  /** The task, locked until the transaction ends; null where there is none in this municipality. */
  lock(taskId: number): Promise<Task | null>
  /** Keeps `change` as an event and applies it; gives the task as it is now. */
  append(task: Task, change: TaskChange, cause: Cause): Promise<Task>
  /** The state from which the newest report was made: where an undone report leads back to. */
  stateBeforeReport(taskId: number): Promise<TaskState>
  /** Whether the task was reported by an event after `version`: a button made for that version has then had its effect. */
  reportedSince(taskId: number, version: number): Promise<boolean>
}

export type ReportStore = {
  /** The basket or the submitted report of a task: at most one is open. */
  openOf(taskId: number): Promise<Report | null>
  lock(reportId: number): Promise<Report | null>
  latestOf(taskId: number): Promise<Report | null>
  /** Begins a report with what was said: a basket, or, where all is there, `submitted` at once and with its receipt number. */
  start(
    task: Task,
    authorId: number,
    at: Instant,
    given: { words?: ReportWords | undefined; submitted: boolean },
  ): Promise<Report>
  /** Adds what was said; what is null or empty leaves what is there. */
  addWords(report: Report, words: ReportWords, at: Instant): Promise<Report>
  /** Puts `words` in place of all that was said. */
  replaceWords(report: Report, words: ReportWords, at: Instant): Promise<Report>
  /** Marks as submitted and gives the receipt number, counted per municipality; a report keeps its number. */
  submit(report: Report, at: Instant): Promise<Report>
  /** Remembers that the person said «Это всё» while evidence was still on its way. */
  markClosing(report: Report, closing: boolean): Promise<Report>
  withdraw(report: Report, at: Instant): Promise<void>
  review(
    report: Report,
    verdict: 'accepted' | 'returned',
    reviewerId: number,
    reason: string | null,
    at: Instant,
  ): Promise<Report>
  reopen(report: Report): Promise<Report>
  /** Marks a paper that the activity asks for as seen, or not. */
  tick(report: Report, paper: string, seen: boolean): Promise<Report>
  evidenceOf(reportId: number): Promise<Evidence[]>
}

/** What use cases of tasks need of the world, within one transaction. */
export type TaskUnit = { tasks: TaskStore; reports: ReportStore; now: Instant }
