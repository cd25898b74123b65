import { and, asc, desc, eq, inArray, isNull, sql } from 'drizzle-orm'
import { type Period, scheduleFromJson, scheduleToJson } from '../deadlines/schedule.ts'
import { type Instant, type PlainDate, Temporal } from '../kernel/clock.ts'
import type { ExistingTask, NewActivity, ReadingRefusal, RoadmapCause, RoadmapStore } from '../roadmaps/ports.ts'
import type { Activity, ReadingState, Roadmap } from '../roadmaps/roadmap.ts'
import type { TaskChanges } from '../roadmaps/scheduling.ts'
import { OPEN_STATES, type TaskState } from '../tasks/task.ts'
import type { Tx } from './database.ts'
import {
  activities,
  files,
  type MessengerFile,
  organizations,
  roadmapSchools,
  roadmaps,
  tasks,
} from './schema/index.ts'

type RoadmapRow = typeof roadmaps.$inferSelect
type ActivityRow = typeof activities.$inferSelect

/** A row as the domain knows it. */
function toRoadmap(row: RoadmapRow): Roadmap {
  const { periodFrom, periodTo, incoming: _, pastedText: __, importedById: ___, archivedAt: ____, ...roadmap } = row
  return { ...roadmap, period: periodFrom && periodTo ? { from: periodFrom, to: periodTo } : null }
}

function toActivity(row: ActivityRow): Activity {
  const { municipalityId: _, confirmedAt, removedAt: __, schedule, ...activity } = row
  return { ...activity, schedule: scheduleFromJson(schedule), confirmed: confirmedAt !== null }
}

/** What use cases of roadmaps need, on one transaction of one municipality. */
export function roadmapStore(tx: Tx, municipalityId: number): RoadmapStore {
  return {
    lock: (roadmapId) => lockRoadmap(tx, roadmapId),
    activitiesOf: (roadmapId) => activitiesOf(tx, roadmapId),
    programmeOf: (roadmapId) => programmeOf(tx, roadmapId),
    departmentId: async () => {
      const [row] = await tx
        .select({ id: organizations.id })
        .from(organizations)
        .where(
          and(
            eq(organizations.municipalityId, municipalityId),
            eq(organizations.kind, 'department'),
            isNull(organizations.archivedAt),
          ),
        )
        .orderBy(asc(organizations.id))
        .limit(1)
      return row?.id ?? null
    },
    tasksOf: (roadmapId) => existingTasks(tx, roadmapId),
    adopt: async (pairs) => {
      if (pairs.length === 0) return
      await tx.execute(sql`
        update tasks set activity_id = pair."to"
        from jsonb_to_recordset(${JSON.stringify(pairs)}::jsonb) as pair("from" bigint, "to" bigint)
        where tasks.municipality_id = ${municipalityId} and tasks.activity_id = pair."from"`)
    },
    apply: async (changes, cause) => {
      await reschedule(tx, changes.move, cause)
      await changeState(tx, changes.restore, { kind: 'task-restored', to: 'planned' }, cause)
      await changeState(tx, changes.cancel, { kind: 'task-dropped', to: 'cancelled' }, cause)
      return makeTasks(tx, municipalityId, changes.make, cause)
    },
    markPublished: async (roadmap, at) => {
      await tx
        .update(roadmaps)
        .set({ state: 'published', publishedAt: roadmap.publishedAt ?? at, publishedVersion: roadmap.version })
        .where(eq(roadmaps.id, roadmap.id))
    },
    markArchived: async (roadmapId, at) => {
      await tx.update(roadmaps).set({ state: 'archived', archivedAt: at }).where(eq(roadmaps.id, roadmapId))
    },
    remove: async (roadmapId) => {
      await tx.delete(roadmaps).where(eq(roadmaps.id, roadmapId))
    },
  }
}

// -- tasks

async function existingTasks(tx: Tx, roadmapId: number): Promise<ExistingTask[]> {
  const rows = await tx
    .select({
      id: tasks.id,
      activityId: tasks.activityId,
      organizationId: tasks.organizationId,
      windowFrom: tasks.windowFrom,
      windowDue: tasks.windowDue,
      dueOn: tasks.dueOn,
      state: tasks.state,
      version: tasks.version,
      hasReport: sql<boolean>`exists (select from reports r where r.task_id = ${tasks.id} and r.state <> 'withdrawn')`,
      cancelledByRoadmap: sql<boolean>`${tasks.state} = 'cancelled' and exists (select from task_events e where e.task_id = ${tasks.id} and e.version = ${tasks.version} and e.kind = 'task-dropped')`,
    })
    .from(tasks)
    .innerJoin(activities, eq(activities.id, tasks.activityId))
    .where(eq(activities.roadmapId, roadmapId))
    .orderBy(asc(tasks.id))
  return rows.map(({ windowFrom, windowDue, ...task }) => ({ ...task, window: { from: windowFrom, due: windowDue } }))
}

/** One statement for all tasks of a roadmap; those that exist stay as they are. Gives how many are new. */
async function makeTasks(
  tx: Tx,
  municipalityId: number,
  make: TaskChanges['make'],
  cause: RoadmapCause,
): Promise<number> {
  if (make.length === 0) return 0
  const plan = make.map(({ activityId, organizationIds, windows, quietWindows }) => ({
    activity: activityId,
    organizations: organizationIds,
    windows: windows.map((window) => ({
      from: window.from.toString(),
      due: window.due.toString(),
      reminded: !quietWindows.includes(window),
    })),
  }))
  const made = await tx.execute(sql`
    insert into tasks (municipality_id, activity_id, organization_id, window_from, window_due, due_on, reminded, updated_at)
    select ${municipalityId}::bigint, plan.activity, organization.id, w."from", w.due, w.due, w.reminded, ${cause.at.toString()}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(plan)}::jsonb) as plan(activity bigint, organizations bigint[], windows jsonb)
    cross join lateral unnest(plan.organizations) as organization(id)
    cross join lateral jsonb_to_recordset(plan.windows) as w("from" date, due date, reminded boolean)
    on conflict on constraint tasks_once do nothing`)
  return made.count
}

/** Moves tasks to changed windows. A later day that a curator granted stays; a task that changed meanwhile is left alone. */
async function reschedule(tx: Tx, moves: TaskChanges['move'], cause: RoadmapCause): Promise<void> {
  if (moves.length === 0) return
  const rows = moves.map(({ task, to }) => ({
    id: task.id,
    version: task.version,
    from: to.from.toString(),
    due: to.due.toString(),
    before: task.dueOn.toString(),
    after: postponedDue(task, to.due).toString(),
  }))
  await tx.execute(sql`
    with move as (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        as m(id bigint, version int, "from" date, due date, before date, after date)
    ), moved as (
      update tasks set window_from = move."from", window_due = move.due, due_on = move.after, reminded = true,
        version = tasks.version + 1, updated_at = ${cause.at.toString()}::timestamptz
      from move where tasks.id = move.id and tasks.version = move.version
      returning tasks.id, tasks.municipality_id, tasks.state, tasks.version, move.before, move.after
    )
    insert into task_events (municipality_id, task_id, kind, at, actor_id, from_state, to_state, version, update_id, facts)
    select municipality_id, id, 'task-rescheduled', ${cause.at.toString()}::timestamptz, ${cause.personId}::bigint, state, state, version,
      ${cause.updateId}::bigint, jsonb_build_object('dueBefore', before::text, 'dueAfter', after::text)
    from moved`)
}

function postponedDue(task: ExistingTask, due: ExistingTask['dueOn']): ExistingTask['dueOn'] {
  const postponed = Temporal.PlainDate.compare(task.dueOn, task.window.due) > 0
  return postponed && Temporal.PlainDate.compare(task.dueOn, due) > 0 ? task.dueOn : due
}

async function changeState(
  tx: Tx,
  changed: readonly ExistingTask[],
  event: { kind: 'task-restored' | 'task-dropped'; to: TaskState },
  cause: RoadmapCause,
): Promise<void> {
  if (changed.length === 0) return
  const rows = changed.map(({ id, version, state }) => ({ id, version, state }))
  await tx.execute(sql`
    with change as (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as c(id bigint, version int, state text)
    ), changed as (
      update tasks set state = ${event.to}, version = tasks.version + 1, updated_at = ${cause.at.toString()}::timestamptz
      from change where tasks.id = change.id and tasks.version = change.version
      returning tasks.id, tasks.municipality_id, tasks.version, change.state as before
    )
    insert into task_events (municipality_id, task_id, kind, at, actor_id, from_state, to_state, version, update_id)
    select municipality_id, id, ${event.kind}, ${cause.at.toString()}::timestamptz, ${cause.personId}::bigint, before, ${event.to}, version,
      ${cause.updateId}::bigint
    from changed`)
}

// -- roadmaps

/** The roadmap, locked until the transaction ends; null where there is none in this municipality. */
export async function lockRoadmap(tx: Tx, roadmapId: number): Promise<Roadmap | null> {
  const [row] = await tx.select().from(roadmaps).where(eq(roadmaps.id, roadmapId)).for('update')
  return row ? toRoadmap(row) : null
}

/** The roadmap with this id, or null. */
export async function roadmapById(tx: Tx, roadmapId: number): Promise<Roadmap | null> {
  const [row] = await tx.select().from(roadmaps).where(eq(roadmaps.id, roadmapId))
  return row ? toRoadmap(row) : null
}

/** The roadmaps of the municipality: drafts and published ones, newest first, then the archive. */
export async function roadmapsOf(tx: Tx, municipalityId: number): Promise<Roadmap[]> {
  const rows = await tx
    .select()
    .from(roadmaps)
    .where(eq(roadmaps.municipalityId, municipalityId))
    .orderBy(sql`${roadmaps.state} = 'archived'`, desc(roadmaps.id))
  return rows.map(toRoadmap)
}

/** Where the document of a draft comes from. */
export type Source = { name: string } & ({ incoming: MessengerFile } | { pastedText: string } | { sha256: string })

/** Keeps a draft whose document is not read yet. Gives its id. */
export async function createDraft(
  tx: Tx,
  given: { municipalityId: number; source: Source; reading: ReadingState; importedById: number | null; now: Instant },
): Promise<number> {
  const { source } = given
  const [row] = await tx
    .insert(roadmaps)
    .values({
      municipalityId: given.municipalityId,
      reading: given.reading,
      sourceName: source.name,
      incoming: 'incoming' in source ? source.incoming : null,
      pastedText: 'pastedText' in source ? source.pastedText : null,
      sourceSha256: 'sha256' in source ? source.sha256 : null,
      importedById: given.importedById,
      createdAt: given.now,
    })
    .returning({ id: roadmaps.id })
  if (!row) throw new Error('no roadmap was made')
  return row.id
}

/** The document of a draft as it was sent, until it is in the file store. */
export async function sourceOf(
  tx: Tx,
  roadmapId: number,
): Promise<{ incoming: MessengerFile | null; pastedText: string | null } | null> {
  const [row] = await tx
    .select({ incoming: roadmaps.incoming, pastedText: roadmaps.pastedText })
    .from(roadmaps)
    .where(eq(roadmaps.id, roadmapId))
  return row ?? null
}

/** The newest roadmap whose document is the same file of the messenger, the archive left out; null where there is none. */
export async function roadmapOfFile(tx: Tx, municipalityId: number, fileKey: string): Promise<Roadmap | null> {
  const [row] = await tx
    .select()
    .from(roadmaps)
    .where(
      and(
        eq(roadmaps.municipalityId, municipalityId),
        inArray(roadmaps.state, ['draft', 'published']),
        sql`${roadmaps.incoming} ->> 'messengerFileKey' = ${fileKey}`,
      ),
    )
    .orderBy(desc(roadmaps.id))
    .limit(1)
  return row ? toRoadmap(row) : null
}

/** Says how far the reading is; a refusal goes with `refused` alone. */
export async function markReading(
  tx: Tx,
  roadmapId: number,
  reading: ReadingState,
  refusal: ReadingRefusal | null = null,
): Promise<void> {
  await tx.update(roadmaps).set({ reading, refusal }).where(eq(roadmaps.id, roadmapId))
}

/** Adds a part to a pasted text that is still arriving; gives all of it. */
export async function addPasted(tx: Tx, roadmapId: number, words: string): Promise<string> {
  const [row] = await tx
    .update(roadmaps)
    .set({ pastedText: sql`coalesce(${roadmaps.pastedText} || E'\n', '') || ${words}` })
    .where(eq(roadmaps.id, roadmapId))
    .returning({ pastedText: roadmaps.pastedText })
  return row?.pastedText ?? ''
}

/** Remembers that the original document is in the file store. */
export async function markKept(
  tx: Tx,
  roadmap: Pick<Roadmap, 'id' | 'municipalityId'>,
  file: { sha256: string; size: number; mime: string; messengerFileId: string | null; at: Instant },
): Promise<void> {
  await tx
    .insert(files)
    .values({
      municipalityId: roadmap.municipalityId,
      sha256: file.sha256,
      size: file.size,
      mime: file.mime,
      messengerFileId: file.messengerFileId,
      createdAt: file.at,
    })
    .onConflictDoNothing()
  await tx.update(roadmaps).set({ sourceSha256: file.sha256 }).where(eq(roadmaps.id, roadmap.id))
}

/** The stored document of a roadmap, to be sent back; null while there is none. */
export async function documentOf(tx: Tx, roadmap: Pick<Roadmap, 'municipalityId' | 'sourceSha256'>) {
  if (!roadmap.sourceSha256) return null
  const [row] = await tx
    .select({ sha256: files.sha256, mime: files.mime, messengerFileId: files.messengerFileId })
    .from(files)
    .where(and(eq(files.municipalityId, roadmap.municipalityId), eq(files.sha256, roadmap.sourceSha256)))
  return row ?? null
}

/** Keeps what the reader found: the draft's activities are replaced as a whole. */
export async function keepReading(
  tx: Tx,
  roadmap: Pick<Roadmap, 'id' | 'municipalityId'>,
  read: { title: string; period: Period; activities: readonly NewActivity[]; now: Instant },
): Promise<void> {
  await tx.delete(activities).where(eq(activities.roadmapId, roadmap.id))
  const rows = read.activities.map((activity) => activityRow(roadmap, activity, read.now))
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE)
    await tx.insert(activities).values(rows.slice(at, at + ROWS_AT_ONCE))
  await tx
    .update(roadmaps)
    .set({
      title: read.title,
      periodFrom: read.period.from,
      periodTo: read.period.to,
      reading: 'read',
      refusal: null,
      version: sql`${roadmaps.version} + 1`,
    })
    .where(eq(roadmaps.id, roadmap.id))
}

/** PostgreSQL takes 65,535 parameters in a statement; an activity has some twenty. */
const ROWS_AT_ONCE = 1_000

function activityRow(
  roadmap: Pick<Roadmap, 'id' | 'municipalityId'>,
  { confirmed, schedule, ...activity }: NewActivity,
  now: Instant,
): typeof activities.$inferInsert {
  return {
    ...activity,
    municipalityId: roadmap.municipalityId,
    roadmapId: roadmap.id,
    schedule: scheduleToJson(schedule),
    confirmedAt: confirmed ? now : null,
  }
}

/** Notes that a roadmap changed: a preview made before is out of date. */
export async function touchRoadmap(tx: Tx, roadmapId: number): Promise<void> {
  await tx
    .update(roadmaps)
    .set({ version: sql`${roadmaps.version} + 1` })
    .where(eq(roadmaps.id, roadmapId))
}

/** Changes what is said of a roadmap as a whole. */
export async function changeRoadmap(
  tx: Tx,
  roadmapId: number,
  patch: { title?: string; replacesId?: number | null },
): Promise<void> {
  await tx
    .update(roadmaps)
    .set({ ...patch, version: sql`${roadmaps.version} + 1` })
    .where(eq(roadmaps.id, roadmapId))
}

// -- activities

/** The activities of a roadmap that were not removed, in the document's order. */
export async function activitiesOf(tx: Tx, roadmapId: number): Promise<Activity[]> {
  const rows = await tx
    .select()
    .from(activities)
    .where(and(eq(activities.roadmapId, roadmapId), isNull(activities.removedAt)))
    .orderBy(asc(activities.position))
  return rows.map(toActivity)
}

/** The activity with this id, or null. */
export async function activityById(tx: Tx, activityId: number): Promise<Activity | null> {
  const [row] = await tx
    .select()
    .from(activities)
    .where(and(eq(activities.id, activityId), isNull(activities.removedAt)))
  return row ? toActivity(row) : null
}

export type ActivityPatch = Partial<
  Pick<
    Activity,
    | 'title'
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

/** Changes an activity, and with it its roadmap's version. */
export async function changeActivity(
  tx: Tx,
  activity: Pick<Activity, 'id' | 'roadmapId'>,
  { confirmed, schedule, ...patch }: ActivityPatch,
  now: Instant,
): Promise<void> {
  await tx
    .update(activities)
    .set({
      ...patch,
      ...(schedule ? { schedule: scheduleToJson(schedule) } : {}),
      ...(confirmed === undefined ? {} : { confirmedAt: confirmed ? now : null }),
      version: sql`${activities.version} + 1`,
    })
    .where(eq(activities.id, activity.id))
  await touchRoadmap(tx, activity.roadmapId)
}

/** Says which school a name of the document means (null: none of them reports), in all activities that name it. */
export async function settleSchoolName(
  tx: Tx,
  roadmapId: number,
  name: string,
  organizationId: number | null,
): Promise<void> {
  await tx
    .update(activities)
    .set({
      unmatchedSchools: sql`array_remove(${activities.unmatchedSchools}, ${name})`,
      ...(organizationId === null
        ? {}
        : {
            namedOrganizationIds: sql`array_append(array_remove(${activities.namedOrganizationIds}, ${organizationId}::bigint), ${organizationId}::bigint)`,
          }),
      version: sql`${activities.version} + 1`,
    })
    .where(and(eq(activities.roadmapId, roadmapId), sql`${name} = any(${activities.unmatchedSchools})`))
  await touchRoadmap(tx, roadmapId)
}

// -- the programme's schools

/** The schools of a roadmap's programme that are not archived. */
export async function programmeOf(tx: Tx, roadmapId: number): Promise<number[]> {
  const rows = await tx
    .select({ id: roadmapSchools.organizationId })
    .from(roadmapSchools)
    .innerJoin(
      organizations,
      and(eq(organizations.id, roadmapSchools.organizationId), isNull(organizations.archivedAt)),
    )
    .where(eq(roadmapSchools.roadmapId, roadmapId))
    .orderBy(asc(roadmapSchools.organizationId))
  return rows.map((row) => row.id)
}

/** Puts schools into the programme, or takes them out. */
export async function changeProgramme(
  tx: Tx,
  roadmap: Pick<Roadmap, 'id' | 'municipalityId'>,
  organizationIds: readonly number[],
  included: boolean,
): Promise<void> {
  if (organizationIds.length > 0 && included)
    await tx
      .insert(roadmapSchools)
      .values(
        organizationIds.map((organizationId) => ({
          municipalityId: roadmap.municipalityId,
          roadmapId: roadmap.id,
          organizationId,
        })),
      )
      .onConflictDoNothing()
  if (organizationIds.length > 0 && !included)
    await tx
      .delete(roadmapSchools)
      .where(
        and(eq(roadmapSchools.roadmapId, roadmap.id), inArray(roadmapSchools.organizationId, [...organizationIds])),
      )
  await touchRoadmap(tx, roadmap.id)
}

/** How the tasks of a roadmap stand; `overdue` as of `today`, a local day. */
export async function taskFigures(
  tx: Tx,
  roadmapId: number,
  today: PlainDate,
): Promise<{ all: number; done: number; overdue: number; open: number }> {
  const isOpen = inArray(tasks.state, [...OPEN_STATES])
  const [row] = await tx
    .select({
      all: sql<number>`(count(*) filter (where ${tasks.state} <> 'cancelled'))::int`,
      done: sql<number>`(count(*) filter (where ${tasks.state} in ('reported', 'accepted')))::int`,
      overdue: sql<number>`(count(*) filter (where ${isOpen} and ${tasks.dueOn} < ${today.toString()}::date))::int`,
      open: sql<number>`(count(*) filter (where ${isOpen}))::int`,
    })
    .from(tasks)
    .innerJoin(activities, eq(activities.id, tasks.activityId))
    .where(eq(activities.roadmapId, roadmapId))
  return row ?? { all: 0, done: 0, overdue: 0, open: 0 }
}

/** Sets the period that the coordinator named; the document is to be read again in it. */
export async function setPeriod(tx: Tx, roadmapId: number, period: Period): Promise<void> {
  await tx
    .update(roadmaps)
    .set({ periodFrom: period.from, periodTo: period.to, reading: 'waiting', refusal: null })
    .where(eq(roadmaps.id, roadmapId))
}

/** The schools among `organizationIds` in which nobody hears of tasks, by name. */
export async function schoolsWithoutHead(tx: Tx, organizationIds: readonly number[]): Promise<string[]> {
  if (organizationIds.length === 0) return []
  const rows = await tx
    .select({ name: organizations.shortName })
    .from(organizations)
    .where(
      and(
        inArray(organizations.id, [...organizationIds]),
        eq(organizations.kind, 'school'),
        sql`not exists (select from memberships m where m.organization_id = ${organizations.id} and m.ended_at is null and m.role in ('head', 'deputy'))`,
      ),
    )
    .orderBy(asc(organizations.shortName))
  return rows.map((row) => row.name)
}
