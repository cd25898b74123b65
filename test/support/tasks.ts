import { rawSql } from '../../src/db/database.ts'
import type { World } from './people.ts'

export type GivenTasks = {
  dueOn: string
  /** How many; one where not given. */
  count?: number
  municipalityId?: number
  schoolId?: number
  assigneeId?: number
}

/** Planned tasks of the first school of the world, or as given; gives their ids. */
export async function givenTasks(world: World, given: GivenTasks): Promise<number[]> {
  const { municipalityId = world.municipalityId, schoolId = world.schools.first, count = 1, assigneeId = null } = given
  const ids = await world.database.asSystem(async (tx) => {
    const sql = rawSql(tx)
    const [roadmap] = await sql`
      insert into roadmaps (municipality_id, title, period_from, period_to, state, created_at)
      values (${municipalityId}, 'Карта', '2026-01-01', '2026-12-31', 'published', now()) returning id`
    const rows = await sql`
      with made as (
        insert into activities (municipality_id, roadmap_id, position, number, section, title, deadline_text, schedule, responsible_text, executors, expected_result)
        select ${municipalityId}, ${roadmap!.id}, n, '1.' || n, 'Раздел', 'Провести совет ' || n, '', '{"kind":"fixed","windows":[],"ambiguous":false}', '', '{schools}', 'Протокол'
          from generate_series(1, ${count}::int) n returning id
      )
      insert into tasks (municipality_id, activity_id, organization_id, window_from, window_due, due_on, assignee_id, updated_at)
      select ${municipalityId}, id, ${schoolId}, ${given.dueOn}::date, ${given.dueOn}::date, ${given.dueOn}::date, ${assigneeId}, now() from made
      returning id`
    return rows.map((row) => Number(row.id)).sort((left, right) => left - right)
  })
  await world.database.sql`analyze tasks, activities`
  return ids
}
