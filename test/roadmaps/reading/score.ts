import { readDocument } from '../../../src/documents/read-document.ts'
import { deadlineReader } from '../../../src/roadmaps/reading/deadline-reader.ts'
import { type ActivityDraft, isDoubtful } from '../../../src/roadmaps/reading/draft.ts'
import { readRoadmap } from '../../../src/roadmaps/reading/read-roadmap.ts'
import type { Label, Plan } from './plans.ts'

/** What was read otherwise than a person labelled it; empty where all is right. Also how many facts were compared. */
export async function differences(plan: Plan): Promise<{ facts: number; wrong: string[] }> {
  const document = await readDocument(plan.bytes())
  if (!document.ok) return { facts: 1, wrong: [`refused: ${document.refusal.code}`] }
  const roadmap = readRoadmap(document.value, deadlineReader)
  if (!roadmap.ok) return { facts: 1, wrong: [`refused: ${roadmap.refusal.code}`] }
  const { title, period, activities } = roadmap.value
  const comparisons: [what: string, read: string, labelled: string][] = [
    ['title', title, plan.title],
    ['period', `${period.from}..${period.to}`, plan.period],
    ['count', String(activities.length), String(plan.labels.length)],
    ...plan.labels.flatMap((labelled, at) => factsOf(labelled, activities[at])),
  ]
  const wrong = comparisons.filter(([, read, labelled]) => read !== labelled)
  return {
    facts: comparisons.length,
    wrong: wrong.map(([what, read, labelled]) => `${what}: «${read}», not «${labelled}»`),
  }
}

function factsOf(labelled: Label, read: ActivityDraft | undefined): [string, string, string][] {
  const at = labelled.number
  return [
    [`${at} number`, read?.number ?? '', labelled.number],
    [`${at} section`, read?.section ?? '', labelled.section],
    [`${at} title`, (read?.title ?? '').slice(0, labelled.title.length), labelled.title],
    [`${at} deadline`, read?.deadlineText ?? '', labelled.deadline],
    [`${at} kind`, read?.schedule.kind ?? '', labelled.kind],
    [
      `${at} windows`,
      (read?.schedule.windows ?? []).map(({ from, due }) => `${from}..${due}`).join(' '),
      labelled.windows.join(' '),
    ],
    [`${at} who`, (read?.executors ?? []).join(' '), labelled.who],
    [`${at} parent`, read?.parent ?? '', labelled.parent ?? ''],
    [`${at} doubtful`, String(read !== undefined && isDoubtful(read)), String(labelled.doubtful ?? false)],
  ]
}
