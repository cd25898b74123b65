import type { Period, Schedule } from '../../deadlines/schedule.ts'
import type { Executor } from './executors.ts'
import type { ExpectedPaper } from './needs.ts'

/** What the reading of an activity leaves to the coordinator, with the facts that the question needs. */
export type RowWarning =
  | { code: 'deadline-missing' }
  | { code: 'deadline-not-understood'; text: string }
  | { code: 'deadline-ambiguous'; text: string }
  | { code: 'executor-missing' }
  | { code: 'executor-unknown'; text: string }
  | { code: 'title-missing' }
  | { code: 'text-long'; characters: number }

/** One activity as the document tells it. Texts are as written, white space folded. */
export type ActivityDraft = {
  /** As printed, a final full stop dropped; empty where the row has none; `4.10/2` for the second part of 4.10. */
  number: string
  section: string
  title: string
  deadlineText: string
  schedule: Schedule
  responsibleText: string
  executors: Executor[]
  /** Schools that the executor's cell names, as written. */
  schools: string[]
  expectedResult: string
  /** The papers that the expected result names, and what follows for the report. */
  papers: ExpectedPaper[]
  needsEvidence: boolean
  needsApproval: boolean
  /** The number of the activity that this one is a part of. */
  parent: string | null
  warnings: RowWarning[]
}

/** A roadmap as read from a document, before the coordinator has looked at it. */
export type RoadmapDraft = { title: string; period: Period; activities: ActivityDraft[] }

/** Why a readable document gives no roadmap: it has no table of activities, or nothing says which years it speaks of. */
export type RoadmapRefusal = { code: 'no-roadmap' } | { code: 'no-period' }

/** The reading of deadlines, as the reading of a roadmap needs it. */
export type ReadDeadlines = {
  schedule(phrase: string, period: Period): Schedule
  periodOfTitle(title: string): Period | null
  periodOf(phrases: string[]): Period | null
}

/** Whether the coordinator has to look at `activity` before it may be published. */
export function isDoubtful(activity: ActivityDraft): boolean {
  return activity.schedule.ambiguous || activity.executors.length === 0 || activity.title === ''
}
