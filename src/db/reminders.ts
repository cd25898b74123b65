import { and, sql } from 'drizzle-orm'
import type { DayOverride } from '../calendar/working-calendar.ts'
import { dayWritten, type Instant, type PlainDate, Temporal } from '../kernel/clock.ts'
import type { Municipality } from '../people/people.ts'
import type { Notice } from '../reminders/bundle.ts'
import type { DueDateEscalated, DueDateReminded } from '../reminders/policy.ts'
import type { Tx } from './database.ts'
import { calendarOverrides, municipalities, slots } from './schema/index.ts'
import { OPEN_TASK } from './tasks.ts'

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

/** The slot of one municipality on one day, local to it. */
export type SlotDay = { municipality: { id: number }; day: PlainDate }

/** Takes slots: gives those that are this transaction's to work on. Each is given to exactly one of all replicas and tries; the others find its row. */
export async function takeSlots<Slot extends SlotDay>(
  tx: Tx,
  kind: SlotKind,
  wanted: readonly Slot[],
  now: Instant,
): Promise<Slot[]> {
  if (wanted.length === 0) return []
  const inOrder = wanted.toSorted((left, right) => left.municipality.id - right.municipality.id) // two replicas wait for each other's rows in one order
  const taken = await tx
    .insert(slots)
    .values(inOrder.map(({ municipality, day }) => ({ municipalityId: municipality.id, kind, day, doneAt: now })))
    .onConflictDoNothing()
    .returning({ municipalityId: slots.municipalityId })
  const ids = new Set(taken.map((row) => row.municipalityId))
  return inOrder.filter(({ municipality }) => ids.has(municipality.id))
}

/** Notes how many notices each slot had and how many messages were made of them; a difference from what was sent is an alarm. */
export async function noteSlots(
  tx: Tx,
  kind: SlotKind,
  counts: readonly { slot: SlotDay; due: number; sent: number }[],
): Promise<void> {
  const rows = counts.map(({ slot, due, sent }) => ({
    municipality_id: slot.municipality.id,
    day: slot.day,
    due,
    sent,
  }))
  await tx.execute(sql`
    update slots s set due_count = r.due, sent_count = r.sent
      from ${recordsOf(rows, 'municipality_id bigint, day date, due int, sent int')}
     where s.municipality_id = r.municipality_id and s.kind = ${kind} and s.day = r.day`)
}

/** The days that a municipality moved by itself. */
export async function overridesOf(tx: Tx, municipalityId: number): Promise<DayOverride[]> {
  return (await overridesOfMunicipalities(tx, [municipalityId])).get(municipalityId) ?? []
}

/** The days that municipalities moved by themselves; those that moved none are left out. */
export async function overridesOfMunicipalities(
  tx: Tx,
  municipalityIds: readonly number[],
): Promise<Map<number, DayOverride[]>> {
  const rows = await tx
    .select()
    .from(calendarOverrides)
    .where(sql`${calendarOverrides.municipalityId} = any(${sql.param([...municipalityIds])}::bigint[])`)
  const byMunicipality = Map.groupBy(rows, (row) => row.municipalityId)
  return new Map(
    [...byMunicipality].map(([id, moved]) => [id, moved.map(({ day, working }) => ({ day: day.toString(), working }))]),
  )
}

/** What a municipality is to be reminded of in its slot of `day`: tasks due on these dates, and continuous work where it is asked about. */
export type SlotQuestion = {
  municipalityId: number
  day: PlainDate
  asksOngoing: boolean
  reminded: DueDateReminded[]
  escalated: DueDateEscalated[]
}

type NoticeRow = {
  municipality_id: string
  task_id: string
  person_id: string
  due_on: string
  kind: 'own' | 'escalated'
  reason: Notice['reason']
}

const CANDIDATE = sql.raw(
  "t.id, t.municipality_id, t.activity_id, t.organization_id, t.window_from, t.due_on, t.assignee_id, t.reminded or t.state = 'returned' as reminded",
)

/**
 * Who is to be told of what in these slots, by municipality: one statement over the open tasks whose due day is one of `reminded` or `escalated`.
 * A person away is replaced by their deputy, who left is not spoken to any more, a paused school by nobody, a snoozed task waits for its day. Tasks that
 * were past when they were made are passed over. It runs with the program's own rights: each of its steps is bound to the municipality of its slot.
 */
export async function noticesFor(tx: Tx, asked: readonly SlotQuestion[]): Promise<Map<number, Notice[]>> {
  const asking = asked.filter(({ asksOngoing }) => asksOngoing).map(({ municipalityId }) => municipalityId)
  const rows = await tx.execute<NoticeRow>(sql`
    with slot as materialized (
      select * from ${recordsOf(asked.map(slotRow), 'municipality_id bigint, day date')}
    ), reminded_of as materialized (
      select * from ${recordsOf(asked.flatMap(remindedRows), 'municipality_id bigint, due_on date, reason text')}
    ), late as materialized (
      select * from ${recordsOf(asked.flatMap(lateRows), 'municipality_id bigint, due_on date, role text')}
    ), staff as materialized ( -- one municipality after the other: a join would read the country
      select m.*
        from slot s
       cross join lateral (
         select municipality_id, organization_id, person_id, role from memberships
          where municipality_id = s.municipality_id and ended_at is null offset 0
       ) m
    ), people as materialized ( -- who is away is replaced by their deputy
      select p.municipality_id, p.person_id, coalesce(a.deputy_id, p.person_id) as told_id
        from (select distinct s.day, m.municipality_id, m.person_id from staff m join slot s on s.municipality_id = m.municipality_id) p
        left join lateral (
          select deputy_id from absences b
           where b.person_id = p.person_id and b.municipality_id = p.municipality_id and p.day between b.from_day and b.until_day
             and exists (select from memberships d where d.person_id = b.deputy_id and d.municipality_id = b.municipality_id and d.ended_at is null)
           order by b.id desc limit 1
        ) a on true
    ), answering as materialized ( -- who answers for an organization's tasks: its head, its coordinator, its deputies where there is no head
      select organization_id, person_id from staff
       where role in ('head', 'coordinator')
          or role = 'deputy' and organization_id not in (select organization_id from staff where role = 'head')
    ), candidates as (
      select ${CANDIDATE}
        from (select municipality_id, due_on from reminded_of union select municipality_id, due_on from late) d
        join tasks t on t.municipality_id = d.municipality_id and t.due_on = d.due_on and ${OPEN_TASK}
      union all
      select ${CANDIDATE}
        from slot s join snoozes n on n.municipality_id = s.municipality_id and n.remind_on <= s.day join tasks t on t.id = n.task_id and ${OPEN_TASK}
      union all
      select ${CANDIDATE}
        from activities a join tasks t on t.activity_id = a.id and ${OPEN_TASK}
       where a.municipality_id = any(${sql.param(asking)}::bigint[]) and a.schedule ->> 'kind' = 'ongoing'
    ), open_tasks as materialized (
      select t.id, t.municipality_id, t.activity_id, t.organization_id, t.window_from, t.due_on, t.reminded, s.day, p.person_id as assignee_id
        from candidates t
        join slot s on s.municipality_id = t.municipality_id
        join organizations o on o.id = t.organization_id and o.archived_at is null and (o.paused_until is null or o.paused_until <= s.day)
        left join people p on p.municipality_id = t.municipality_id and p.person_id = t.assignee_id
    ), doers as (
      select t.*, coalesce(t.assignee_id, m.person_id) as person_id
        from open_tasks t
        left join answering m on m.organization_id = t.organization_id and t.assignee_id is null
       where coalesce(t.assignee_id, m.person_id) is not null
    ), told as (
      select d.municipality_id, d.id as task_id, d.person_id, d.due_on, d.day, r.reason
        from doers d
        join reminded_of r on r.municipality_id = d.municipality_id and r.due_on = d.due_on
       where d.reminded
         and not exists (select from snoozes n where n.task_id = d.id and n.person_id = d.person_id and n.remind_on > d.day)
      union all
      select d.municipality_id, d.id, d.person_id, d.due_on, d.day, 'asked'
        from doers d
        join activities a on a.id = d.activity_id and a.schedule ->> 'kind' = 'ongoing'
       where d.reminded and d.window_from <= d.day and d.municipality_id = any(${sql.param(asking)}::bigint[])
      union all
      select d.municipality_id, d.id, d.person_id, d.due_on, d.day, 'snoozed'
        from snoozes n
        join doers d on d.id = n.task_id and d.person_id = n.person_id
       where n.remind_on <= d.day
    ), own as (
      select t.municipality_id, t.task_id, p.told_id as person_id, t.due_on, t.day, t.reason
        from told t join people p on p.municipality_id = t.municipality_id and p.person_id = t.person_id
    ), late_tasks as materialized ( -- few: only then those who are to hear of them
      select t.*, e.role from open_tasks t join late e on e.municipality_id = t.municipality_id and e.due_on = t.due_on where t.reminded
    ), escalated as (
      select t.municipality_id, t.id as task_id, m.person_id, t.due_on, t.day
        from late_tasks t
        join staff m on m.organization_id = t.organization_id and m.role = t.role
       where t.role <> 'coordinator'
      union all
      select t.municipality_id, t.id, m.person_id, t.due_on, t.day
        from late_tasks t
        join staff m on m.municipality_id = t.municipality_id and m.role = 'coordinator'
       where t.role = 'coordinator'
          or t.role = 'curator' -- a school without a curator: the coordinator hears at once
             and t.organization_id not in (select organization_id from staff where role = 'curator')
    )
    select distinct on (n.task_id, n.person_id) n.municipality_id, n.task_id, n.person_id, n.due_on::text, n.kind, n.reason from (
      select municipality_id, task_id, person_id, due_on, day, 'own' as kind, reason from own
      union all
      select municipality_id, task_id, person_id, due_on, day, 'escalated', 'escalated' from escalated
    ) n
    where not exists (select from reminders done where done.task_id = n.task_id and done.person_id = n.person_id and done.day = n.day)
    order by n.task_id, n.person_id, n.kind desc, n.reason`)
  return noticesByMunicipality(rows)
}

const slotRow = ({ municipalityId, day }: SlotQuestion) => ({ municipality_id: municipalityId, day })
const remindedRows = ({ municipalityId, reminded }: SlotQuestion) =>
  reminded.map(({ dueOn, reason }) => ({ municipality_id: municipalityId, due_on: dueOn, reason }))
const lateRows = ({ municipalityId, escalated }: SlotQuestion) =>
  escalated.map(({ dueOn, role }) => ({ municipality_id: municipalityId, due_on: dueOn, role }))

/** `rows` as a table within a statement, with the columns that `columns` declares. */
function recordsOf(rows: readonly object[], columns: string) {
  return sql`json_to_recordset(${JSON.stringify(rows)}::text::json) as r (${sql.raw(columns)})`
}

function noticesByMunicipality(rows: Iterable<NoticeRow>): Map<number, Notice[]> {
  const byMunicipality = new Map<number, Notice[]>()
  for (const { municipality_id, task_id, person_id, due_on, kind, reason } of rows) {
    const municipalityId = Number(municipality_id)
    const notice = { taskId: Number(task_id), personId: Number(person_id), dueOn: dayWritten(due_on), kind, reason }
    const own = byMunicipality.get(municipalityId)
    if (own) own.push(notice)
    else byMunicipality.set(municipalityId, [notice])
  }
  return byMunicipality
}

/** Keeps that people were told in these slots, by which delivery (0 or null: none could be made); snoozes that came due are used up. */
export async function noteReminders(
  tx: Tx,
  told: readonly { slot: SlotDay; notice: Notice; deliveryId: number | null }[],
): Promise<void> {
  if (told.length === 0) return
  const rows = told.map(({ slot, notice, deliveryId }) => ({
    municipality_id: slot.municipality.id,
    day: slot.day,
    task_id: notice.taskId,
    person_id: notice.personId,
    reason: notice.reason,
    delivery_id: deliveryId || null,
  }))
  await tx.execute(sql`
    insert into reminders (municipality_id, task_id, person_id, day, reason, delivery_id)
    select municipality_id, task_id, person_id, day, reason, delivery_id
      from ${recordsOf(rows, 'municipality_id bigint, task_id bigint, person_id bigint, day date, reason text, delivery_id bigint')}
        on conflict do nothing`)
  await tx.execute(sql`
    delete from snoozes n using ${recordsOf(slotsOf(told), 'municipality_id bigint, day date')}
     where n.municipality_id = r.municipality_id and n.remind_on <= r.day`)
}

function slotsOf(told: readonly { slot: SlotDay }[]): { municipality_id: number; day: PlainDate }[] {
  const slots = new Set(told.map(({ slot }) => slot))
  return [...slots].map(({ municipality, day }) => ({ municipality_id: municipality.id, day }))
}

/** The slots worked on since `since` in which fewer messages were made than people were due, or whose messages are neither sent nor waiting: an alarm each. */
export async function slotAlarms(
  tx: Tx,
  since: Instant,
): Promise<{ municipalityId: number; day: string; missing: number }[]> {
  const rows = await tx.execute<{ municipality_id: string; day: string; missing: string }>(sql`
    select s.municipality_id, s.day::text, s.due_count - r.told as missing
      from slots s, lateral (
        select count(delivery_id) as told from reminders where municipality_id = s.municipality_id and day = s.day) r
     where s.kind = 'reminders' and s.done_at > ${since.toString()}::timestamptz and s.due_count > r.told`)
  return rows.map((row) => ({
    municipalityId: Number(row.municipality_id),
    day: row.day,
    missing: Number(row.missing),
  }))
}
