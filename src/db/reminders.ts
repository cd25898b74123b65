import { and, eq, sql } from 'drizzle-orm'
import type { DayOverride } from '../calendar/working-calendar.ts'
import { type Instant, type PlainDate, Temporal } from '../kernel/clock.ts'
import type { Municipality } from '../people/people.ts'
import type { Notice } from '../reminders/bundle.ts'
import type { DueDateEscalated, DueDateReminded } from '../reminders/policy.ts'
import type { Tx } from './database.ts'
import { calendarOverrides, municipalities, reminders, slots } from './schema/index.ts'

export type SlotKind = 'reminders' | 'digest'

/** The municipalities whose slot of `kind` was not worked on yet on their own today, with the day of the last one up to today (a clock that ran ahead left later ones). Needs the program's own rights. */
export async function municipalitiesWithoutSlot(
  tx: Tx,
  kind: SlotKind,
  now: Instant,
): Promise<{ municipality: Municipality; lastDay: PlainDate | null }[]> {
  const localNow = sql`(${now.toString()}::timestamptz at time zone ${municipalities.timezone})`
  const lastDay = sql<
    string | null
  >`(select max(${slots.day})::text from ${slots} where ${slots.municipalityId} = ${municipalities.id} and ${slots.kind} = ${kind} and ${slots.day} <= ${localNow}::date)`
  const slotTime = kind === 'reminders' ? municipalities.reminderSlot : municipalities.digestSlot
  const rows = await tx
    .select({ municipality: municipalities, lastDay })
    .from(municipalities)
    .where(
      and(
        sql`${localNow}::time >= ${slotTime} and ${localNow}::time < ${municipalities.workTo}`,
        sql`not exists (select from ${slots} where ${slots.municipalityId} = ${municipalities.id} and ${slots.kind} = ${kind} and ${slots.day} = ${localNow}::date)`,
      ),
    )
  return rows.map((row) => ({
    municipality: row.municipality,
    lastDay: row.lastDay ? Temporal.PlainDate.from(row.lastDay) : null,
  }))
}

/** Takes a slot: true for exactly one of all replicas and tries; the others find the row. */
export async function takeSlot(
  tx: Tx,
  municipalityId: number,
  kind: SlotKind,
  day: PlainDate,
  now: Instant,
): Promise<boolean> {
  const taken = await tx
    .insert(slots)
    .values({ municipalityId, kind, day, doneAt: now })
    .onConflictDoNothing()
    .returning({ day: slots.day })
  return taken.length > 0
}

/** Notes how many notices a slot had and how many messages were made of them; a difference from what was sent is an alarm. */
export async function noteSlot(
  tx: Tx,
  municipalityId: number,
  kind: SlotKind,
  day: PlainDate,
  counts: { due: number; sent: number },
): Promise<void> {
  await tx
    .update(slots)
    .set({ dueCount: counts.due, sentCount: counts.sent })
    .where(and(eq(slots.municipalityId, municipalityId), eq(slots.kind, kind), eq(slots.day, day)))
}

/** The days that a municipality moved by itself. */
export async function overridesOf(tx: Tx, municipalityId: number): Promise<DayOverride[]> {
  const rows = await tx.select().from(calendarOverrides).where(eq(calendarOverrides.municipalityId, municipalityId))
  return rows.map((row) => ({ day: row.day.toString(), working: row.working }))
}

type NoticeRow = {
  task_id: string
  person_id: string
  due_on: string
  kind: 'own' | 'escalated'
  reason: Notice['reason']
}

/**
 * Who is to be told of what in the slot of `day`: one statement over the open tasks whose due day is one of `reminded` or `escalated`.
 * A person away is replaced by their deputy, who left is not spoken to any more, a paused school by nobody, a snoozed task waits for its day. Tasks that
 * were past when they were made are passed over.
 */
export async function noticesFor(
  tx: Tx,
  given: {
    municipalityId: number
    day: PlainDate
    askOngoing: boolean
    reminded: DueDateReminded[]
    escalated: DueDateEscalated[]
  },
): Promise<Notice[]> {
  const dates = given.reminded.map((due) => due.dueOn.toString())
  const reasons = given.reminded.map((due) => due.reason)
  const late = given.escalated.map((due) => due.dueOn.toString())
  const lateRoles = given.escalated.map((due) => due.role)
  const day = given.day.toString()
  const rows = await tx.execute<NoticeRow>(sql`
    with candidates as (
      select t.id from tasks t
       where t.municipality_id = ${given.municipalityId} and t.due_on = any(${sql.param([...new Set([...dates, ...late])])}::text[]::date[])
         and t.state in ('planned', 'in_progress', 'blocked', 'returned')
      union
      select s.task_id from snoozes s where s.municipality_id = ${given.municipalityId} and s.remind_on <= ${day}::date
      union
      select t.id from activities a join tasks t on t.activity_id = a.id
       where ${given.askOngoing}::boolean and a.municipality_id = ${given.municipalityId} and a.schedule ->> 'kind' = 'ongoing'
    ), open_tasks as (
      select t.id, t.organization_id, t.due_on, t.reminded or t.state = 'returned' as reminded,
             case when exists (
               select from memberships m where m.person_id = t.assignee_id and m.municipality_id = t.municipality_id and m.ended_at is null
             ) then t.assignee_id end as assignee_id
        from tasks t
        join organizations o on o.id = t.organization_id
       where t.id = any(array(select id from candidates)) and t.municipality_id = ${given.municipalityId}
         and t.state in ('planned', 'in_progress', 'blocked', 'returned')
         and o.archived_at is null and (o.paused_until is null or o.paused_until <= ${day}::date)
    ), doers as (
      select t.id as task_id, t.due_on, t.reminded, m.person_id
        from open_tasks t
        join memberships m on m.organization_id = t.organization_id and m.ended_at is null and m.role in ('head', 'deputy', 'coordinator')
       where t.assignee_id is null
         and (m.role <> 'deputy' or not exists (select from memberships h where h.organization_id = m.organization_id and h.role = 'head' and h.ended_at is null))
      union
      select t.id, t.due_on, t.reminded, t.assignee_id from open_tasks t where t.assignee_id is not null
    ), reminded as (
      select d.task_id, d.person_id, d.due_on, r.reason
        from doers d
        join unnest(${sql.param(dates)}::text[]::date[], ${sql.param(reasons)}::text[]) as r(due_on, reason) on r.due_on = d.due_on
       where d.reminded
         and not exists (select from snoozes s where s.task_id = d.task_id and s.person_id = d.person_id and s.remind_on > ${day}::date)
      union
      select d.task_id, d.person_id, d.due_on, 'asked'
        from doers d
        join tasks t on t.id = d.task_id and t.window_from <= ${day}::date
        join activities a on a.id = t.activity_id and a.schedule ->> 'kind' = 'ongoing'
       where ${given.askOngoing}::boolean and d.reminded
      union
      select d.task_id, d.person_id, d.due_on, 'snoozed'
        from snoozes s
        join doers d on d.task_id = s.task_id and d.person_id = s.person_id
       where s.municipality_id = ${given.municipalityId} and s.remind_on <= ${day}::date
    ), own as (
      select r.task_id, coalesce(a.deputy_id, r.person_id) as person_id, r.due_on, r.reason
        from reminded r
        left join lateral (
          select deputy_id from absences b
           where b.person_id = r.person_id and b.municipality_id = ${given.municipalityId} and ${day}::date between b.from_day and b.until_day
             and exists (select from memberships m where m.person_id = b.deputy_id and m.municipality_id = b.municipality_id and m.ended_at is null)
           order by b.id desc limit 1
        ) a on true
    ), escalated as (
      select t.id as task_id, m.person_id, t.due_on
        from open_tasks t
        join unnest(${sql.param(late)}::text[]::date[], ${sql.param(lateRoles)}::text[]) as e(due_on, role) on e.due_on = t.due_on
        join memberships m on m.ended_at is null and m.municipality_id = ${given.municipalityId}
         and (m.role = e.role and (m.role = 'coordinator' or m.organization_id = t.organization_id)
              or e.role = 'curator' and m.role = 'coordinator' -- a school without a curator: the coordinator hears at once
                 and not exists (select from memberships c where c.organization_id = t.organization_id and c.role = 'curator' and c.ended_at is null))
       where t.reminded
    )
    select distinct on (n.task_id, n.person_id) n.* from (
      select task_id, person_id, due_on::text, 'own' as kind, reason from own
      union all
      select task_id, person_id, due_on::text, 'escalated', 'escalated' from escalated
    ) n
    where not exists (select from reminders done where done.task_id = n.task_id and done.person_id = n.person_id and done.day = ${day}::date)
    order by n.task_id, n.person_id, n.kind desc`)
  return rows.map((row) => ({
    taskId: Number(row.task_id),
    personId: Number(row.person_id),
    dueOn: Temporal.PlainDate.from(row.due_on),
    kind: row.kind,
    reason: row.reason,
  }))
}

/** Keeps that people were told on `day`, by which delivery (0: none could be made); a snooze that came due is used up. */
export async function noteReminders(
  tx: Tx,
  municipalityId: number,
  day: PlainDate,
  told: { notice: Notice; deliveryId: number | null }[],
): Promise<void> {
  if (told.length === 0) return
  const rows = told.map(({ notice, deliveryId }) => ({
    task_id: notice.taskId,
    person_id: notice.personId,
    reason: notice.reason,
    delivery_id: deliveryId || null,
  }))
  await tx.execute(sql`
    insert into reminders (municipality_id, task_id, person_id, day, reason, delivery_id)
    select ${municipalityId}::bigint, task_id, person_id, ${day.toString()}::date, reason, delivery_id
      from json_to_recordset(${JSON.stringify(rows)}::text::json) as r (task_id bigint, person_id bigint, reason text, delivery_id bigint)
        on conflict do nothing`)
  await tx.execute(
    sql`delete from snoozes where municipality_id = ${municipalityId} and remind_on <= ${day.toString()}::date`,
  )
}

/** The slots of `day` in which fewer messages were made than people were due, or whose messages are neither sent nor waiting: an alarm each. */
export async function slotAlarms(
  tx: Tx,
  since: PlainDate,
): Promise<{ municipalityId: number; day: string; missing: number }[]> {
  const rows = await tx.execute<{ municipality_id: string; day: string; missing: string }>(sql`
    select s.municipality_id, s.day::text, s.due_count - count(r.task_id) filter (where r.delivery_id is not null) as missing
      from ${slots} s
      left join ${reminders} r on r.municipality_id = s.municipality_id and r.day = s.day
     where s.kind = 'reminders' and s.day >= ${since.toString()}::date
     group by s.municipality_id, s.day, s.due_count
    having s.due_count > count(r.task_id) filter (where r.delivery_id is not null)`)
  return rows.map((row) => ({
    municipalityId: Number(row.municipality_id),
    day: row.day,
    missing: Number(row.missing),
  }))
}
