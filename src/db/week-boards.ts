import { sql } from 'drizzle-orm'
import { type Instant, type PlainDate, Temporal } from '../kernel/clock.ts'
import type { Tx } from './database.ts'
import { OPEN_TASK } from './tasks.ts'

/** A change may be committed so long after the moment it bears: a board hardly newer than it is looked at again. */
const LATE_COMMIT_SECONDS = 120

/** The municipalities whose hours of reminding hold `now`, each with its own day. Needs the program's own rights. */
export async function municipalitiesInHours(tx: Tx, now: Instant): Promise<{ id: number; day: PlainDate }[]> {
  const rows = await tx.execute<{ id: string; day: string }>(sql`
    select m.id, at.local::date::text as day
      from municipalities m, lateral (select ${now.toString()}::timestamptz at time zone m.timezone as local) at
     where at.local::time >= m.reminder_slot and at.local::time < m.work_to`)
  return rows.map((row) => ({ id: Number(row.id), day: Temporal.PlainDate.from(row.day) }))
}

/** Whose board of the week is to be shown anew. */
export type WeekReader = { municipalityId: number; personId: number; address: string; organizationIds: number[] }

/**
 * The heads and deputies whose board is missing, hardly newer than a change of their tasks, or of an earlier day (by then a task may be late). Looked at
 * are all of the municipalities `woken`, and whoever's tasks changed or who came in since `since`: the rest of the country is not. Needs the program's own rights.
 */
export async function staleWeekReaders(
  tx: Tx,
  given: { woken: readonly number[]; since: Instant; now: Instant },
): Promise<WeekReader[]> {
  const since = sql`${given.since.subtract({ seconds: LATE_COMMIT_SECONDS }).toString()}::timestamptz`
  const rows = await tx.execute<
    Record<'municipality_id' | 'person_id' | 'address', string> & { schools: string[] }
  >(sql`
    with looked_at as (
      select id from memberships where municipality_id = any(${sql.param([...given.woken])}::bigint[]) and ended_at is null
      union
      select m.id from (select distinct organization_id from tasks where updated_at > ${since}) changed
        join memberships m on m.organization_id = changed.organization_id and m.ended_at is null
      union
      select id from memberships where since > ${since} and ended_at is null
    )
    select m.municipality_id, m.person_id, a.address, array_agg(distinct m.organization_id)::text[] as schools
      from looked_at l
      join memberships m on m.id = l.id and m.role in ('head', 'deputy')
      join municipalities c on c.id = m.municipality_id
      join accounts a on a.person_id = m.person_id and a.state = 'reachable'
      left join boards b on b.person_id = m.person_id and b.municipality_id = m.municipality_id and b.kind = 'week' and b.chat = a.address
     where case when b.id is null
             then exists (select from tasks t where t.organization_id = m.organization_id and ${OPEN_TASK})
             else b.updated_at < (${given.now.toString()}::timestamptz at time zone c.timezone)::date::timestamp at time zone c.timezone
               or exists (select from tasks t where t.organization_id = m.organization_id and t.updated_at > b.updated_at - ${LATE_COMMIT_SECONDS} * interval '1 second') end
     group by m.municipality_id, m.person_id, a.address`)
  return rows.map((row) => ({
    municipalityId: Number(row.municipality_id),
    personId: Number(row.person_id),
    address: row.address,
    organizationIds: row.schools.map(Number),
  }))
}
