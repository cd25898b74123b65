import { sql } from 'drizzle-orm'
import type { SchoolFigures, SectionFigures } from '../digests/figures.ts'
import type { PlainDate } from '../kernel/clock.ts'
import type { Tx } from './database.ts'

/** The counts of Figures over the tasks `t` of their activities `a` and organizations `o`, as of the local day `today`. */
function figuresAt(today: PlainDate) {
  const day = sql`${today.toString()}::date`
  const endOfWeek = sql`${today.add({ days: 7 - today.dayOfWeek }).toString()}::date`
  const open = sql`t.state in ('planned', 'in_progress', 'blocked', 'returned')`
  const reviewed = sql`a.needs_approval and o.kind = 'school'`
  const done = sql`(t.state = 'accepted' or (t.state = 'reported' and not (${reviewed})))`
  return sql`
    (count(*) filter (where ${open} and t.due_on < ${day}))::int as overdue,
    (count(*) filter (where ${open} and t.due_on between ${day} and ${endOfWeek}))::int as week,
    (count(*) filter (where t.state = 'reported' and ${reviewed}))::int as waiting,
    (count(*) filter (where t.state = 'blocked'))::int as blocked,
    (count(*) filter (where ${done} and t.updated_at >= ${day} - 7))::int as "doneLately",
    (count(*) filter (where ${done}))::int as done,
    (count(*) filter (where t.state <> 'cancelled'))::int as "all"`
}

const FROM_TASKS = sql`from tasks t join activities a on a.id = t.activity_id join organizations o on o.id = t.organization_id`

/** The figures of each school that has tasks (of `organizationIds`; null: of all the municipality), as of the local day `today`. */
export async function schoolFigures(
  tx: Tx,
  municipalityId: number,
  organizationIds: number[] | null,
  today: PlainDate,
): Promise<SchoolFigures[]> {
  const rows = await tx.execute<SchoolFigures & { organization_id: string }>(sql`
    select o.id as organization_id, o.short_name as name, ${figuresAt(today)} ${FROM_TASKS}
     where t.municipality_id = ${municipalityId} and o.kind = 'school'
       ${organizationIds ? sql`and o.id = any(${sql.param(organizationIds)}::bigint[])` : sql``}
     group by o.id, o.short_name`)
  return rows.map(({ organization_id, ...figures }) => ({ ...figures, organizationId: Number(organization_id) }))
}

/** The figures of each section of the published roadmaps, in the roadmap's order, as of the local day `today`. */
export async function sectionFigures(tx: Tx, municipalityId: number, today: PlainDate): Promise<SectionFigures[]> {
  const rows = await tx.execute<SectionFigures>(sql`
    select a.section, ${figuresAt(today)} ${FROM_TASKS}
     where t.municipality_id = ${municipalityId}
     group by a.section order by min(a.roadmap_id), min(a.position)`)
  return [...rows]
}
