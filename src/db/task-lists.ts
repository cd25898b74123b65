import { and, asc, desc, eq, inArray, ne, or, sql } from 'drizzle-orm'
import { OPEN_STATES, type Task } from '../tasks/task.ts'
import type { Tx } from './database.ts'
import { evidence, persons, reminders, reports, taskEvents, tasks } from './schema/index.ts'
import { selectTasks } from './tasks.ts'

/** Whose tasks a list shows: those of organizations, and those assigned to a person. */
export type TaskOwner = { organizationIds: number[]; personId: number }

const ownedBy = ({ organizationIds, personIds }: { organizationIds: number[]; personIds: number[] }) =>
  or(
    sql`${tasks.organizationId} = any(${sql.param(organizationIds)}::bigint[])`,
    sql`${tasks.assigneeId} = any(${sql.param(personIds)}::bigint[])`,
  )
const ownedByOne = ({ organizationIds, personId }: TaskOwner) => ownedBy({ organizationIds, personIds: [personId] })

/** The open tasks of `owner`, the earliest due first. */
export async function openTasks(tx: Tx, owner: TaskOwner): Promise<Task[]> {
  return selectTasks(tx)
    .where(and(ownedByOne(owner), inArray(tasks.state, [...OPEN_STATES])))
    .orderBy(asc(tasks.dueOn), asc(tasks.id))
}

/** The open tasks of each of `owners` in their municipality, the earliest due first. Needs the program's own rights. */
export async function openTasksOfEach<Owner extends TaskOwner & { municipalityId: number }>(
  tx: Tx,
  owners: readonly Owner[],
): Promise<Map<Owner, Task[]>> {
  const municipalityIds = [...new Set(owners.map(({ municipalityId }) => municipalityId))]
  const rows = await selectTasks(tx)
    .where(
      and(
        sql`${tasks.municipalityId} = any(${sql.param(municipalityIds)}::bigint[])`,
        inArray(tasks.state, [...OPEN_STATES]),
        ownedBy({
          organizationIds: owners.flatMap(({ organizationIds }) => organizationIds),
          personIds: owners.map(({ personId }) => personId),
        }),
      ),
    )
    .orderBy(asc(tasks.dueOn), asc(tasks.id))
  const byMunicipality = Map.groupBy(rows, (task) => task.municipalityId)
  return new Map(owners.map((owner) => [owner, (byMunicipality.get(owner.municipalityId) ?? []).filter(isOf(owner))]))
}

function isOf({ organizationIds, personId }: TaskOwner): (task: Task) => boolean {
  return (task) => organizationIds.includes(task.organizationId) || task.assigneeId === personId
}

/** The tasks of `owner` that need nothing more, the latest first. */
export async function settledTasks(tx: Tx, owner: TaskOwner, page: { size: number; index: number }): Promise<Task[]> {
  return selectTasks(tx)
    .where(and(ownedByOne(owner), inArray(tasks.state, ['reported', 'accepted', 'cancelled'])))
    .orderBy(desc(tasks.updatedAt), desc(tasks.id))
    .limit(page.size)
    .offset(page.size * page.index)
}

/** Whether any task of `owner` exists: tells «nothing left» from «nothing yet». */
export async function hasTasks(tx: Tx, owner: TaskOwner): Promise<boolean> {
  const rows = await tx.select({ id: tasks.id }).from(tasks).where(ownedByOne(owner)).limit(1)
  return rows.length > 0
}

/** The ids of the open tasks of which `personId` was reminded since `since` (a local day), the latest first: what their words are likely about. */
export async function lately(tx: Tx, personId: number, since: { toString(): string }): Promise<number[]> {
  const rows = await tx
    .select({ taskId: reminders.taskId })
    .from(reminders)
    .innerJoin(tasks, eq(tasks.id, reminders.taskId))
    .where(
      and(
        eq(reminders.personId, personId),
        ne(reminders.reason, 'escalated'),
        sql`${reminders.day} >= ${since.toString()}::date`,
        inArray(tasks.state, [...OPEN_STATES]),
      ),
    )
    .groupBy(reminders.taskId)
    .orderBy(desc(sql`max(${reminders.day})`), asc(reminders.taskId))
  return rows.map((row) => row.taskId)
}

/** What happened to a task, the newest first, with the name of who did it. */
export async function historyOf(tx: Tx, taskId: number, limit: number) {
  return tx
    .select({ kind: taskEvents.kind, at: taskEvents.at, facts: taskEvents.facts, actorName: persons.fullName })
    .from(taskEvents)
    .leftJoin(persons, eq(persons.id, taskEvents.actorId))
    .where(eq(taskEvents.taskId, taskId))
    .orderBy(desc(taskEvents.version))
    .limit(limit)
}

/** The newest report of a task with the number of its stored files, or null. */
export async function latestReport(tx: Tx, taskId: number) {
  const [row] = await tx
    .select({
      report: reports,
      stored: sql<number>`(select count(*)::int from ${evidence} where ${evidence.reportId} = ${reports.id} and ${evidence.state} = 'stored')`,
    })
    .from(reports)
    .where(and(eq(reports.taskId, taskId), inArray(reports.state, ['collecting', 'submitted', 'accepted', 'returned'])))
    .orderBy(desc(reports.id))
    .limit(1)
  return row ?? null
}

/** The tasks of an organization that are open or wait for review, the earliest due first. */
export async function tasksOfOrganization(tx: Tx, organizationId: number): Promise<Task[]> {
  const rows = await selectTasks(tx)
    .where(and(eq(tasks.organizationId, organizationId), inArray(tasks.state, [...OPEN_STATES, 'reported'])))
    .orderBy(asc(tasks.dueOn), asc(tasks.id))
  return rows.filter((task) => task.state !== 'reported' || task.needsApproval)
}

/** All tasks of some schools (null: of the municipality) for a table, by school and due day. */
export async function tasksForTable(tx: Tx, municipalityId: number, organizationIds: number[] | null): Promise<Task[]> {
  if (organizationIds?.length === 0) return []
  return selectTasks(tx)
    .where(
      and(
        eq(tasks.municipalityId, municipalityId),
        organizationIds ? inArray(tasks.organizationId, organizationIds) : undefined,
      ),
    )
    .orderBy(asc(tasks.organizationId), asc(tasks.dueOn), asc(tasks.id))
}

/** The tasks of one municipality that a message changed when it came or was edited, and what it last said before this update (`said`); null: none, or it is too long ago. Needs the program's own rights. */
export async function changedByMessage(
  tx: Tx,
  message: { messenger: string; chat: string; messageId: number; updateId: number },
): Promise<{ municipalityId: number; taskIds: number[]; said: string | null } | null> {
  const rows = await tx.execute<{ municipality_id: string; task_id: string }>(sql`
    select distinct e.municipality_id, e.task_id
      from inbox i
      join task_events e on e.update_id = i.update_id
     where i.messenger = ${message.messenger} and i.chat = ${message.chat}
       and coalesce(i.payload #>> '{message,message_id}', i.payload #>> '{edited_message,message_id}') = ${String(message.messageId)}
     order by e.task_id`)
  const [first] = rows
  if (!first) return null
  const ofOne = rows.filter((row) => row.municipality_id === first.municipality_id)
  const [earlier] = await tx.execute<{ said: string | null }>(sql`
    select coalesce(payload #>> '{edited_message,text}', payload #>> '{message,text}') as said from inbox
     where messenger = ${message.messenger} and chat = ${message.chat} and update_id < ${message.updateId}
       and coalesce(payload #>> '{message,message_id}', payload #>> '{edited_message,message_id}') = ${String(message.messageId)}
     order by update_id desc limit 1`)
  const taskIds = ofOne.map((row) => Number(row.task_id))
  return { municipalityId: Number(first.municipality_id), taskIds, said: earlier?.said ?? null }
}
