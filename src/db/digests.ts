import { type SQL, sql } from 'drizzle-orm'
import type { Figures, MunicipalityFigures, SchoolFigures } from '../digests/figures.ts'
import type { PlainDate } from '../kernel/clock.ts'
import type { Tx } from './database.ts'
import { OPEN_TASK } from './tasks.ts'

/** The counts of Figures over the tasks `t` of their activities `a` and organizations `o`, as of the local `day` of a week that ends on `endOfWeek`. */
function figuresAt(day: SQL, endOfWeek: SQL) {
  const reviewed = sql`a.needs_approval and o.kind = 'school'`
  const done = sql`(t.state = 'accepted' or (t.state = 'reported' and not (${reviewed})))`
  return sql`
    (count(*) filter (where ${OPEN_TASK} and t.due_on < ${day}))::int as overdue,
    (count(*) filter (where ${OPEN_TASK} and t.due_on between ${day} and ${endOfWeek}))::int as week,
    (count(*) filter (where t.state = 'reported' and ${reviewed}))::int as waiting,
    (count(*) filter (where t.state = 'blocked'))::int as blocked,
    (count(*) filter (where ${done} and t.updated_at >= ${day} - 7))::int as "doneLately",
    (count(*) filter (where ${done}))::int as done,
    (count(*) filter (where t.state <> 'cancelled'))::int as "all"`
}

/** The figures of each school that has tasks (of `organizationIds`; null: of all the municipality), as of the local day `today`. */
export async function schoolFigures(
  tx: Tx,
  municipalityId: number,
  organizationIds: number[] | null,
  today: PlainDate,
): Promise<SchoolFigures[]> {
  const rows = await tx.execute<Figures & { organization_id: string; name: string }>(sql`
    select o.id as organization_id, o.short_name as name, ${figuresAt(sql`${today.toString()}::date`, sql`${endOfWeekOf(today).toString()}::date`)}
      from tasks t join activities a on a.id = t.activity_id join organizations o on o.id = t.organization_id
     where t.municipality_id = ${municipalityId} and o.kind = 'school'
       ${organizationIds ? sql`and t.organization_id = any(${sql.param(organizationIds)}::bigint[])` : sql``}
     group by o.id`)
  return rows.map(({ organization_id, ...figures }) => ({ ...figures, organizationId: Number(organization_id) }))
}

type StandingRow = Figures & {
  municipality_id: string
  organization_id: string | null
  name: string | null
  section: string | null
}

/**
 * The figures of whole municipalities, each as of its own local day: of its schools, and of the sections of its published roadmaps in their order. One
 * statement that looks at each task once, however many municipalities there are; one without tasks is left out.
 */
export async function municipalityFigures(
  tx: Tx,
  asked: readonly { municipalityId: number; today: PlainDate }[],
): Promise<Map<number, MunicipalityFigures>> {
  const rows = await tx.execute<StandingRow>(sql`
    select m.id as municipality_id, f.*
      from json_to_recordset(${JSON.stringify(asked.map(dayRow))}::text::json) as m (id bigint, day date, week_end date)
     cross join lateral ( -- one municipality after the other: a join of all would read the country
       select o.id as organization_id, o.short_name as name, a.section, ${figuresAt(sql`m.day`, sql`m.week_end`)}
         from tasks t
         join activities a on a.id = t.activity_id
         join organizations o on o.id = t.organization_id
        where t.municipality_id = m.id and a.municipality_id = m.id and o.municipality_id = m.id
        group by grouping sets ((o.id, o.short_name, o.kind), (a.section))
       having o.id is null or o.kind = 'school'
        order by min(a.roadmap_id), min(a.position), o.id) f`)
  const byMunicipality = Map.groupBy(rows, (row) => Number(row.municipality_id))
  return new Map([...byMunicipality].map(([id, own]) => [id, standingOf(own)]))
}

const dayRow = ({ municipalityId, today }: { municipalityId: number; today: PlainDate }) => ({
  id: municipalityId,
  day: today,
  week_end: endOfWeekOf(today),
})

function endOfWeekOf(day: PlainDate): PlainDate {
  return day.add({ days: 7 - day.dayOfWeek })
}

function standingOf(rows: StandingRow[]): MunicipalityFigures {
  const figures: MunicipalityFigures = { schools: [], sections: [] }
  for (const { municipality_id, organization_id, name, section, ...counts } of rows)
    if (organization_id === null) figures.sections.push({ ...counts, section: section! })
    else figures.schools.push({ ...counts, organizationId: Number(organization_id), name: name! })
  return figures
}
