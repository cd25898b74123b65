import type { Period } from '../../deadlines/schedule.ts'
import { ok, type Result, refuse } from '../../kernel/result.ts'
import { type ActivityRow, gatherActivities } from './activities.ts'
import { cellText, type DocumentContent, paragraphsText } from './content.ts'
import type { ActivityDraft, ReadDeadlines, RoadmapDraft, RoadmapRefusal, RowWarning } from './draft.ts'
import { executorsOf } from './executors.ts'
import { needsOf } from './needs.ts'
import { partsOf } from './parts.ts'
import { findPlan } from './plan.ts'

/** More characters in one cell than a person writes there. */
const LONG_TEXT = 4_000

/**
 * Reads the activities of a roadmap out of a document. `deadlines` reads phrases; `period` wins over what the title and the
 * deadlines say. Refuses a document without a table of activities.
 */
export function readRoadmap(
  content: DocumentContent,
  deadlines: ReadDeadlines,
  options: { period?: Period } = {},
): Result<RoadmapDraft, RoadmapRefusal> {
  const plan = findPlan(content, deadlines)
  const rows = gatherActivities(plan.rows)
  if (rows.length === 0) return refuse({ code: 'no-roadmap' })
  const period =
    options.period ??
    deadlines.periodOfTitle(plan.title) ??
    deadlines.periodOf(rows.map(({ pieces }) => cellText(pieces.deadline.lines)).filter((text) => text !== ''))
  if (!period) return refuse({ code: 'no-period' })
  return ok({ title: plan.title, period, activities: rows.flatMap((row) => draftsOf(row, period, deadlines)) })
}

/** The activity of a row, followed by its parts where its title is a list with a date for each item. */
function draftsOf(row: ActivityRow, period: Period, deadlines: ReadDeadlines): ActivityDraft[] {
  const whole = draftOf(row, period, deadlines)
  const { title, deadline } = row.pieces
  const parts = partsOf(title.lines, deadline.lines, whole.schedule, period, deadlines.schedule)
  const children = parts.map(
    (part, at): ActivityDraft => ({
      ...whole,
      ...part,
      number: `${whole.number}/${at + 1}`,
      parent: whole.number,
      warnings: [...deadlineWarnings(part), ...executorWarnings(whole)],
    }),
  )
  return [whole, ...children]
}

function draftOf(row: ActivityRow, period: Period, deadlines: ReadDeadlines): ActivityDraft {
  const { title, deadline, responsible, result } = row.pieces
  const deadlineText = cellText(deadline.lines)
  const responsibleText = cellText(responsible.lines)
  const expectedResult = cellText(result.lines)
  const read = {
    number: row.number,
    section: row.section,
    title: cellText(title.lines),
    deadlineText,
    schedule: deadlines.schedule(deadlineText, period),
    responsibleText,
    ...executorsOf(paragraphsText(responsible.lines)),
    expectedResult,
    ...needsOf(expectedResult),
    parent: row.parent,
  }
  return {
    ...read,
    warnings: [...titleWarnings(read), ...deadlineWarnings(read), ...executorWarnings(read)],
  }
}

type Told = Pick<ActivityDraft, 'title' | 'deadlineText' | 'schedule' | 'responsibleText' | 'executors'>

function titleWarnings({ title }: Pick<Told, 'title'>): RowWarning[] {
  if (title === '') return [{ code: 'title-missing' }]
  return title.length > LONG_TEXT ? [{ code: 'text-long', characters: title.length }] : []
}

function deadlineWarnings({ deadlineText, schedule }: Pick<Told, 'deadlineText' | 'schedule'>): RowWarning[] {
  if (deadlineText === '') return [{ code: 'deadline-missing' }]
  if (schedule.kind === 'unspecified') return [{ code: 'deadline-not-understood', text: deadlineText }]
  return schedule.ambiguous ? [{ code: 'deadline-ambiguous', text: deadlineText }] : []
}

function executorWarnings({ responsibleText, executors }: Pick<Told, 'responsibleText' | 'executors'>): RowWarning[] {
  if (responsibleText === '') return [{ code: 'executor-missing' }]
  return executors.length === 0 ? [{ code: 'executor-unknown', text: responsibleText }] : []
}
