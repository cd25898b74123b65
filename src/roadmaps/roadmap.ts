import type { Period, Schedule, Window } from '../deadlines/schedule.ts'
import type { Instant } from '../kernel/clock.ts'
import type { ReadingRefusal } from './ports.ts'
import type { RowWarning } from './reading/draft.ts'
import type { Executor } from './reading/executors.ts'

export type RoadmapState = 'draft' | 'published' | 'archived'

/**
 * How far the reading of a document got: `undecided`, it may be no roadmap at all; `collecting`, a pasted text is still arriving in parts;
 * `waiting` for the reader; `refused`, with the original kept; `read`.
 */
export type ReadingState = 'undecided' | 'collecting' | 'waiting' | 'refused' | 'read'

/** A department's roadmap. The period is unknown until its document has been read. */
export type Roadmap = {
  id: number
  municipalityId: number
  title: string
  period: Period | null
  state: RoadmapState
  reading: ReadingState
  refusal: ReadingRefusal | null
  /** The name of the document's file, as sent. */
  sourceName: string | null
  /** The document in the file store; null until it is kept there. */
  sourceSha256: string | null
  /** The published roadmap of which this one is a newer version. */
  replacesId: number | null
  /** Grows with every change; a preview made for an earlier one is out of date. */
  version: number
  /** The version that was published; null for a draft. */
  publishedVersion: number | null
  createdAt: Instant
  publishedAt: Instant | null
}

/** What the reading left to the coordinator; `schools-unnamed`: it is for particular schools, and the document names none («школы-наставники»). */
export type ActivityWarning = RowWarning | { code: 'schools-unnamed' }

/** A row of a roadmap with what the coordinator decided of it. */
export type Activity = {
  id: number
  roadmapId: number
  /** Its place in the document, from 0. */
  position: number
  number: string
  section: string
  title: string
  deadlineText: string
  schedule: Schedule
  responsibleText: string
  executors: Executor[]
  /** The schools of the register that carry it out where `named-schools` do. */
  namedOrganizationIds: number[]
  /** Schools that the cell names and that are not in the register, as written. */
  unmatchedSchools: string[]
  expectedResult: string
  /** What the bot asks for, in words for people. */
  expectedPapers: string[]
  parent: string | null
  /** A list of parts: its parts make the tasks. */
  isWhole: boolean
  warnings: ActivityWarning[]
  needsEvidence: boolean
  needsApproval: boolean
  /** The coordinator settled what was doubtful about its deadline. */
  confirmed: boolean
  /** The coordinator wants no tasks for it. */
  leftOut: boolean
  version: number
}

/** What only the coordinator can say: when an activity is due, who reports, or which schools are meant. */
export type Doubt = 'deadline' | 'executor' | 'schools'

/** What is still doubtful about an activity; nothing where it makes no tasks anyway. */
export function doubtsOf(activity: Activity): Doubt[] {
  if (activity.leftOut || activity.isWhole) return []
  return [
    ...(isDateDoubtful(activity) ? ['deadline' as const] : []),
    ...(activity.executors.length === 0 ? ['executor' as const] : []),
    ...(namesNobody(activity) ? ['schools' as const] : []),
  ]
}

/** Whether the coordinator has to say, or to confirm, when an activity is due. */
export function isDateDoubtful(activity: Pick<Activity, 'schedule' | 'confirmed'>): boolean {
  return activity.schedule.ambiguous && !activity.confirmed
}

/**
 * Whether an activity is for particular schools, and none of them is known: «школы-наставники». Where the coordinator passed over the names that the
 * document gives, the others who carry it out are enough.
 */
function namesNobody({ executors, namedOrganizationIds, unmatchedSchools, warnings }: Activity): boolean {
  if (!executors.includes('named-schools') || namedOrganizationIds.length + unmatchedSchools.length > 0) return false
  return executors.length === 1 || warnings.some(({ code }) => code === 'schools-unnamed')
}

/** Whether an activity was asked about, settled since or not: what the walk through the questions goes by. */
export function wasDoubtful(activity: Activity): boolean {
  return !activity.isWhole && activity.warnings.some(({ code }) => ASKED.has(code))
}

const ASKED = new Set<ActivityWarning['code']>([
  'deadline-missing',
  'deadline-not-understood',
  'deadline-ambiguous',
  'executor-missing',
  'executor-unknown',
  'schools-unnamed',
])

/** The other activities whose `doubt` is about the very same words of the document as that of `answered`. */
export function sameQuestions(activities: readonly Activity[], answered: Activity, doubt: Doubt): Activity[] {
  const words = doubt === 'deadline' ? 'deadlineText' : 'responsibleText'
  if (answered[words] === '') return []
  return activities.filter(
    (activity) =>
      activity.id !== answered.id && activity[words] === answered[words] && doubtsOf(activity).includes(doubt),
  )
}

/** The windows in which an activity is to be done; none where it is doubtful, left out, or its parts stand for it. */
export function settledWindows(activity: Activity): Window[] {
  return activity.leftOut || activity.isWhole || isDateDoubtful(activity) ? [] : activity.schedule.windows
}

/** The names that the register does not know, each once, in the order of the document. */
export function unmatchedNames(activities: readonly Activity[]): string[] {
  return [...new Set(activities.filter(({ leftOut }) => !leftOut).flatMap((activity) => activity.unmatchedSchools))]
}
