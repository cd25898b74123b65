import type { Period, Schedule } from '../deadlines/schedule.ts'
import type { Instant, PlainDate } from '../kernel/clock.ts'
import type { TaskState } from '../tasks/task.ts'
import type { ReadDeadlines } from './reading/draft.ts'
import type { ExpectedPaper } from './reading/needs.ts'
import type { Activity, Roadmap } from './roadmap.ts'
import type { TaskChanges } from './scheduling.ts'

/** Why a document gave no roadmap: a code of the reader with its facts, kept until the coordinator has looked. */
export type ReadingRefusal = { code: string } & Record<string, unknown>

/** The reading of deadlines, as roadmaps need it. */
export type Deadlines = ReadDeadlines & {
  /** What an ambiguous phrase may mean, the likeliest first. */
  guesses(phrase: string, period: Period): Schedule[]
}

/** A school of the register as its name is compared with the names in a document. */
export type RegisteredSchool = { id: number; name: string; shortName: string }

/** What a municipality brings to an import. */
export type Register = {
  schools: RegisteredSchool[]
  /** Every activity needs evidence, whatever its expected result says. */
  evidenceRequired: boolean
  /** The word for a paper («приказ»), in the municipality's language. */
  paperName(paper: ExpectedPaper): string
}

/** An activity as it is kept for the first time. */
export type NewActivity = Omit<Activity, 'id' | 'roadmapId' | 'version'>

/** A task as the difference of two versions sees it. Days are local to the municipality. */
export type ExistingTask = {
  id: number
  activityId: number
  organizationId: number
  window: { from: PlainDate; due: PlainDate }
  dueOn: PlainDate
  state: TaskState
  version: number
  /** Somebody reported of it, or has begun to. */
  hasReport: boolean
  /** It was cancelled because the roadmap changed, not by the school. */
  cancelledByRoadmap: boolean
}

/** By whom and by which update a roadmap is changed. */
export type RoadmapCause = { personId: number | null; updateId: number | null; at: Instant }

/** Where roadmaps are kept. Every method belongs to the one transaction of its use case, in one municipality. */
export type RoadmapStore = {
  /** The roadmap, locked until the transaction ends; null where there is none in this municipality. */
  lock(roadmapId: number): Promise<Roadmap | null>
  /** The activities of a roadmap that were not removed, in the document's order. */
  activitiesOf(roadmapId: number): Promise<Activity[]>
  programmeOf(roadmapId: number): Promise<number[]>
  /** The organization that stands for the department; null where the register has none. */
  departmentId(): Promise<number | null>
  tasksOf(roadmapId: number): Promise<ExistingTask[]>
  /** Puts the tasks of old activities under the new ones, by pairs of activity ids. */
  adopt(pairs: readonly { from: number; to: number }[]): Promise<void>
  /** Makes, moves, restores and cancels tasks, each kind in one statement, with an event for each that existed. Gives how many were made. */
  apply(changes: TaskChanges, cause: RoadmapCause): Promise<number>
  markPublished(roadmap: Roadmap, at: Instant): Promise<void>
  markArchived(roadmapId: number, at: Instant): Promise<void>
  remove(roadmapId: number): Promise<void>
}
