import { matchSchool } from './match-schools.ts'
import type { NewActivity, Register } from './ports.ts'
import type { ActivityDraft, RoadmapDraft } from './reading/draft.ts'
import type { Activity } from './roadmap.ts'

/** The activities of a roadmap as its document tells them, with its named schools looked up in the register. */
export function activitiesOf(draft: RoadmapDraft, register: Register): NewActivity[] {
  const wholes = new Set(draft.activities.filter(isPart).map((part) => wholeKey(part.section, part.parent ?? '')))
  return draft.activities.map((activity, position) => ({
    position,
    number: activity.number,
    section: activity.section,
    title: activity.title,
    deadlineText: activity.deadlineText,
    schedule: activity.schedule,
    responsibleText: activity.responsibleText,
    executors: activity.executors,
    ...lookedUp(activity.schools, register),
    expectedResult: activity.expectedResult,
    expectedPapers: activity.papers.map((paper) => register.paperName(paper)),
    parent: activity.parent,
    isWhole: !isPart(activity) && wholes.has(wholeKey(activity.section, activity.number)),
    warnings: [...activity.warnings, ...(namesNoSchool(activity) ? [{ code: 'schools-unnamed' as const }] : [])],
    needsEvidence: activity.needsEvidence || register.evidenceRequired,
    needsApproval: activity.needsApproval,
    confirmed: false,
    leftOut: false,
  }))
}

/** Whether an activity is one of the parts into which the reader split a list: `4.10/2` of 4.10. An unnumbered row below 4.10 is none. */
function isPart({ number, parent }: ActivityDraft): boolean {
  return parent !== null && number.startsWith(`${parent}/`)
}

function namesNoSchool({ executors, schools }: ActivityDraft): boolean {
  return executors.includes('named-schools') && schools.length === 0
}

function wholeKey(section: string, number: string): string {
  return `${section}\n${number}`
}

function lookedUp(
  names: readonly string[],
  register: Register,
): Pick<NewActivity, 'namedOrganizationIds' | 'unmatchedSchools'> {
  const found = names.map((name) => ({ name, match: matchSchool(name, register.schools) }))
  return {
    namedOrganizationIds: [...new Set(found.flatMap(({ match }) => ('certain' in match ? [match.certain] : [])))],
    unmatchedSchools: [...new Set(found.flatMap(({ name, match }) => ('certain' in match ? [] : [name])))],
  }
}

/** What the coordinator decided of an activity, to be kept when a newer version of the document comes. */
export type Decisions = Partial<
  Pick<
    NewActivity,
    | 'schedule'
    | 'confirmed'
    | 'executors'
    | 'namedOrganizationIds'
    | 'unmatchedSchools'
    | 'needsEvidence'
    | 'needsApproval'
    | 'leftOut'
  >
>

/**
 * The decisions about `before` that still hold for its newer version: about the deadline where its words are the same, about executors where
 * theirs are, about evidence where the expected result is. What the document changed is read anew.
 */
export function decisionsThatHold(before: Activity, after: NewActivity | Activity): Decisions {
  return {
    leftOut: before.leftOut,
    ...(before.deadlineText === after.deadlineText && before.confirmed
      ? { schedule: before.schedule, confirmed: true }
      : {}),
    ...(before.responsibleText === after.responsibleText
      ? {
          executors: before.executors,
          namedOrganizationIds: before.namedOrganizationIds,
          unmatchedSchools: before.unmatchedSchools,
        }
      : {}),
    ...(before.expectedResult === after.expectedResult
      ? { needsEvidence: before.needsEvidence, needsApproval: before.needsApproval }
      : {}),
  }
}
