import { and, asc, desc, eq, gt, inArray, sql } from 'drizzle-orm'
import type { PgUpdateSetSource } from 'drizzle-orm/pg-core'
import type { PendingQuery, Row, TransactionSql } from 'postgres'
import type { Instant } from '../kernel/clock.ts'
import type { ReportStore, TaskStore, TaskUnit } from '../tasks/ports.ts'
import type { Evidence, Report, ReportWords } from '../tasks/report.ts'
import { OPEN_STATES, type Task, type TaskState } from '../tasks/task.ts'
import { jsonText, rawSql, type Tx } from './database.ts'
import { gap, ready } from './ready.ts'
import {
  activities,
  evidence,
  municipalities,
  organizations,
  type postponements,
  reports,
  taskEvents,
  tasks,
} from './schema/index.ts'

/** Whether a task `t` is open, written out as the indexes of open tasks are. */
export const OPEN_TASK = sql.raw(`t.state in (${OPEN_STATES.map((state) => `'${state}'`).join(', ')})`)

/** The columns of a Task: its own, its activity's and its organization's. */
const taskColumns = {
  id: tasks.id,
  municipalityId: tasks.municipalityId,
  activityId: tasks.activityId,
  organizationId: tasks.organizationId,
  organizationName: organizations.shortName,
  number: activities.number,
  title: activities.title,
  section: activities.section,
  expectedResult: activities.expectedResult,
  expectedPapers: activities.expectedPapers,
  windowFrom: tasks.windowFrom,
  windowDue: tasks.windowDue,
  dueOn: tasks.dueOn,
  state: tasks.state,
  version: tasks.version,
  obstacle: tasks.obstacle,
  assigneeId: tasks.assigneeId,
  ongoing: sql<boolean>`${activities.schedule} ->> 'kind' = 'ongoing'`,
  needsEvidence: activities.needsEvidence,
  needsApproval: sql<boolean>`${activities.needsApproval} and ${organizations.kind} = 'school'`, // nobody reviews the department's own tasks
}

/** A query of Tasks, to be narrowed by the caller; its rows are Tasks. */
export function selectTasks(tx: Pick<Tx, 'select'>) {
  return tx
    .select(taskColumns)
    .from(tasks)
    .innerJoin(activities, eq(activities.id, tasks.activityId))
    .innerJoin(organizations, eq(organizations.id, tasks.organizationId))
    .$dynamic()
}

/** The tasks with these ids, in the order of the ids; those that are not of this transaction's municipality are left out. */
export async function tasksByIds(tx: Tx, ids: readonly number[]): Promise<Task[]> {
  if (ids.length === 0) return []
  const rows = await selectTasks(tx).where(sql`${tasks.id} = any(${sql.param([...ids])}::bigint[])`)
  const place = new Map(ids.map((id, index) => [id, index]))
  return rows.sort((left, right) => (place.get(left.id) ?? 0) - (place.get(right.id) ?? 0))
}

const lockTask = ready((db) =>
  selectTasks(db)
    .where(eq(tasks.id, gap('id')))
    .for('update', { of: tasks }),
)

/** What use cases of tasks need, on one transaction. */
export function taskUnit(tx: Tx, now: Instant): TaskUnit {
  return { tasks: taskStore(tx), reports: reportStore(tx), now }
}

function taskStore(tx: Tx): TaskStore {
  return {
    async lock(taskId) {
      const [row] = await lockTask(tx, { id: taskId })
      return row ?? null
    },
    async append(task, change, cause) {
      const changed = { ...task, ...change.patch, state: change.toState, version: task.version + 1 }
      const at = cause.at.toString()
      await rawSql(tx)`
        with changed as (
          update tasks set state = ${changed.state}, version = ${changed.version}, due_on = ${changed.dueOn.toString()}, obstacle = ${changed.obstacle},
                 assignee_id = ${changed.assigneeId}, updated_at = ${at}
           where id = ${task.id}
        )
        insert into task_events (municipality_id, task_id, kind, at, actor_id, from_state, to_state, version, update_id, facts)
        values (${task.municipalityId}, ${task.id}, ${change.kind}, ${at}, ${cause.personId}, ${task.state}, ${changed.state}, ${changed.version},
                ${cause.updateId}, ${jsonText(change.facts)}::jsonb)`
      return changed
    },
    async stateBeforeReport(taskId) {
      const [event] = await tx
        .select({ from: taskEvents.fromState })
        .from(taskEvents)
        .where(and(eq(taskEvents.taskId, taskId), eq(taskEvents.kind, 'task-reported')))
        .orderBy(desc(taskEvents.version))
        .limit(1)
      return (event?.from ?? 'in_progress') as TaskState
    },
    async reportedSince(taskId, version) {
      const rows = await tx
        .select({ id: taskEvents.id })
        .from(taskEvents)
        .where(
          and(eq(taskEvents.taskId, taskId), eq(taskEvents.kind, 'task-reported'), gt(taskEvents.version, version)),
        )
        .limit(1)
      return rows.length > 0
    },
  }
}

/** Everybody locks the task first and what is said of it then: a review and a withdrawal at the same moment wait for each other, and neither fails. */
export async function lockTaskOf(tx: Tx, table: typeof reports | typeof postponements, id: number): Promise<void> {
  const taskId = tx.select({ id: table.taskId }).from(table).where(eq(table.id, id))
  await tx.select({ id: tasks.id }).from(tasks).where(inArray(tasks.id, taskId)).for('update')
}

const lockOpenReport = ready((db) =>
  db
    .select()
    .from(reports)
    .where(and(eq(reports.taskId, gap('taskId')), inArray(reports.state, ['collecting', 'submitted'])))
    .for('update'),
)

const NOTHING_SAID: ReportWords = { comment: null, doneOn: null, numbers: [], links: [] }

/** Gives a municipality's next receipt number; two at the same moment go one after the other. */
function nextReceipt(sql: TransactionSql, municipalityId: number): PendingQuery<Row[]> {
  return sql`update municipalities set last_receipt_number = last_receipt_number + 1 where id = ${municipalityId} returning last_receipt_number as number`
}

function reportStore(tx: Tx): ReportStore {
  const change = async (report: Report, values: PgUpdateSetSource<typeof reports>): Promise<Report> => {
    const [row] = await tx.update(reports).set(values).where(eq(reports.id, report.id)).returning()
    if (!row) throw new Error(`report ${report.id} vanished within its transaction`)
    return row
  }
  return {
    async openOf(taskId) {
      const [row] = await lockOpenReport(tx, { taskId })
      return row ?? null
    },
    async lock(reportId) {
      await lockTaskOf(tx, reports, reportId)
      const [row] = await tx.select().from(reports).where(eq(reports.id, reportId)).for('update')
      return row ?? null
    },
    async latestOf(taskId) {
      const [row] = await tx.select().from(reports).where(eq(reports.taskId, taskId)).orderBy(desc(reports.id)).limit(1)
      return row ?? null
    },
    async start(task, authorId, at, { words = NOTHING_SAID, submitted }) {
      const report = {
        municipalityId: task.municipalityId,
        taskId: task.id,
        authorId,
        state: submitted ? 'submitted' : 'collecting',
        closing: false,
        ...words,
        comment: words.comment || null,
        links: [...new Set(words.links)],
        submittedAt: submitted ? at : null,
        reviewerId: null,
        returnReason: null,
        tickedPapers: [],
      } satisfies Omit<Report, 'id' | 'receiptNumber'>
      const begun = at.toString()
      const sql = rawSql(tx)
      const [row] = await sql<{ id: string; receiptNumber: number | null }[]>`
        ${submitted ? sql`with next as (${nextReceipt(sql, task.municipalityId)})` : sql``}
        insert into reports (municipality_id, task_id, author_id, state, comment, done_on, numbers, links, started_at, touched_at, submitted_at, receipt_number)
        select ${report.municipalityId}, ${report.taskId}, ${authorId}, ${report.state}, ${report.comment}, ${report.doneOn?.toString() ?? null}::date, ${jsonText(report.numbers)}::jsonb,
               ${report.links}::text[], ${begun}::timestamptz, ${begun}::timestamptz, ${submitted ? begun : null}::timestamptz, ${submitted ? sql`(select number from next)` : sql`null::int`}
        returning id, receipt_number as "receiptNumber"`
      if (!row || (submitted && row.receiptNumber === null)) throw new Error(`no report was made for task ${task.id}`)
      return { id: Number(row.id), ...report, receiptNumber: row.receiptNumber }
    },
    addWords: (report, words, at) =>
      change(report, {
        comment: joined(report.comment, words.comment),
        doneOn: words.doneOn ?? report.doneOn,
        numbers: [...report.numbers, ...words.numbers],
        links: [...new Set([...report.links, ...words.links])],
        touchedAt: at,
      }),
    replaceWords: (report, words, at) => change(report, { ...words, touchedAt: at }),
    async submit(report, at) {
      const submitted = { state: 'submitted', closing: false, submittedAt: at, touchedAt: at } as const
      const { receiptNumber, municipalityId } = report
      if (receiptNumber !== null) return change(report, submitted)
      const newest = sql`(select ${municipalities.lastReceiptNumber} from ${municipalities} where ${municipalities.id} = ${municipalityId})`
      const [, numbered] = await Promise.all([
        nextReceipt(rawSql(tx), municipalityId), // in the same flight, and before it
        change(report, { ...submitted, receiptNumber: newest }),
      ])
      if (numbered.receiptNumber === null) throw new Error(`municipality ${municipalityId} gave no receipt number`)
      return numbered
    },
    markClosing: (report, closing) => change(report, { closing }),
    withdraw: async (report, at) => {
      await change(report, { state: 'withdrawn', touchedAt: at })
    },
    review: (report, verdict, reviewerId, reason, at) =>
      change(report, { state: verdict, reviewerId, reviewedAt: at, returnReason: reason }),
    reopen: (report) => change(report, { state: 'submitted', reviewerId: null, reviewedAt: null, returnReason: null }),
    tick: (report, paper, seen) => {
      const others = report.tickedPapers.filter((ticked) => ticked !== paper)
      return change(report, { tickedPapers: seen ? [...others, paper] : others })
    },
    evidenceOf: (reportId) => evidenceOf(tx, reportId),
  }
}

/** The pieces of a report that were not removed, in the order in which they came. */
export async function evidenceOf(tx: Tx, reportId: number): Promise<Evidence[]> {
  return tx
    .select()
    .from(evidence)
    .where(and(eq(evidence.reportId, reportId), inArray(evidence.state, ['arriving', 'stored', 'failed'])))
    .orderBy(asc(evidence.messageId), asc(evidence.id))
}

function joined(before: string | null, added: string | null): string | null {
  if (!added) return before
  return before ? `${before}\n${added}` : added
}
