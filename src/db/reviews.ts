import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm'
import type { Tx } from './database.ts'
import { persons, reports, tasks } from './schema/index.ts'
import { selectTasks } from './tasks.ts'

/** The reports that wait for review in some schools (`null`: all of the municipality), the oldest first. */
export async function waitingReports(tx: Tx, municipalityId: number, organizationIds: number[] | null, afterId = 0) {
  if (organizationIds?.length === 0) return []
  return tx
    .select({ report: reports, authorName: persons.fullName })
    .from(reports)
    .innerJoin(tasks, eq(tasks.id, reports.taskId))
    .innerJoin(persons, eq(persons.id, reports.authorId))
    .where(
      and(
        eq(reports.municipalityId, municipalityId),
        eq(reports.state, 'submitted'),
        gt(reports.id, afterId),
        organizationIds ? inArray(tasks.organizationId, organizationIds) : undefined,
        sql`exists (select from activities a join organizations o on o.id = ${tasks.organizationId} where a.id = ${tasks.activityId} and a.needs_approval and o.kind = 'school')`,
      ),
    )
    .orderBy(asc(reports.id))
}

/** A report with its task and the name of its author; null where there is none in this municipality. */
export async function reportById(tx: Tx, reportId: number) {
  const [row] = await tx
    .select({ report: reports, authorName: persons.fullName })
    .from(reports)
    .innerJoin(persons, eq(persons.id, reports.authorId))
    .where(eq(reports.id, reportId))
  if (!row) return null
  const [task] = await selectTasks(tx).where(eq(tasks.id, row.report.taskId))
  return task ? { ...row, task } : null
}
