import { type Database, openDatabase } from '../../src/db/database.ts'
import { migrateDatabase } from '../../src/db/migrate.ts'
import { Temporal } from '../../src/kernel/clock.ts'
import type { Place } from './programs.ts'

/** The Monday before, on which the week's digest is due. */
export const MONDAY = Temporal.Instant.from('2026-06-15T09:00:00Z')
/** A Tuesday noon in Moscow, within working hours, on which no continuous work is asked about. */
export const NOW = Temporal.Instant.from('2026-06-16T09:00:00Z')
export const TODAY = Temporal.PlainDate.from('2026-06-16')

const TASKS_A_MUNICIPALITY = 1000
const SCHOOLS = 10
const PEOPLE = 17
/** The municipalities whose slot has come: as many at every scale, so that only what lies beside them grows. */
export const WITH_SLOT = 23
export const DUE = 2000

/** A country of its own: every municipality has 10 schools, 17 people and 1,000 tasks. Municipality `m` has the coordinator `17(m-1)+1` and the curators after that. */
export type Country = { tasks: number; municipalities: number; url: string; folder: string; database: Database }

/** An empty database with all tables on the server of `place`. The caller closes it. */
export async function emptyDatabase(place: Place, name: string): Promise<{ url: string; database: Database }> {
  const url = new URL(place.url)
  url.pathname = `/${name}`
  await place.database.sql.unsafe(`create database ${name}`)
  await migrateDatabase(url.toString())
  return { url: url.toString(), database: openDatabase(url.toString(), { statementTimeoutMs: 600_000 }) }
}

/** Makes a country of so many tasks. The caller closes its database. */
export async function makeCountry(place: Place, tasks: number): Promise<Country> {
  const opened = await emptyDatabase(place, `country_${tasks}`)
  const municipalities = tasks / TASKS_A_MUNICIPALITY
  await opened.database.sql.begin(async (sql) => {
    await sql`set local session_replication_role = replica` // rows that fit by how they are made: no checks of references
    for (const statement of statements(municipalities)) await sql.unsafe(statement)
  })
  await opened.database.sql`vacuum analyze`
  return { tasks, municipalities, folder: place.folder, ...opened }
}

/** Makes so many of the country's planned tasks due today, everywhere, and the slot of today open again in all municipalities. */
export async function makeMuchDue({ database, tasks }: Country, due: number): Promise<void> {
  const everyFew = Math.floor((tasks * 0.4) / due)
  await database.sql.unsafe(`
    update tasks set due_on = '${TODAY.add({ days: 90 })}' where due_on = '${TODAY}';
    update tasks set due_on = '${TODAY}' where id in (
      select id from (select id, row_number() over (order by id) as place from tasks where state = 'planned') planned
       where place % ${everyFew} = 0 order by id limit ${due});
    delete from slots where day = '${TODAY}'`)
  await database.sql`vacuum analyze tasks, slots`
}

export const coordinatorOf = (municipality: number) => PEOPLE * (municipality - 1) + 1
/** The first or second curator (`which` 0 or 1), and the five schools that are theirs. */
export const curatorOf = (municipality: number, which: 0 | 1) => ({
  personId: PEOPLE * (municipality - 1) + 2 + which,
  schoolIds: Array.from({ length: SCHOOLS / 2 }, (_, n) => departmentOf(municipality) + 1 + which * 5 + n),
})
export const departmentOf = (municipality: number) => (SCHOOLS + 1) * (municipality - 1) + 1

/** Ids follow from the number of the municipality `m`: organizations 11(m-1)+1 (the department) and on, people 17(m-1)+1 and on, tasks 1000(m-1)+1 and on. */
function statements(municipalities: number): string[] {
  const each = `generate_series(1, ${municipalities}) m`
  const at = `'2026-01-12T09:00:00Z'::timestamptz`
  const today = `'${TODAY}'::date`
  const into = (table: string, columns: string) => `insert into ${table} (${columns}) overriding system value`
  return [
    `${into('municipalities', 'id, name, timezone, created_at')} select m, 'Район ' || m, 'Europe/Moscow', ${at} from ${each}`,
    `${into('organizations', 'id, municipality_id, kind, name, short_name, created_at')}
     select 11 * (m - 1) + 1 + n, m, case n when 0 then 'department' else 'school' end, name, name, ${at}
       from ${each}, generate_series(0, 10) n, lateral (select case n when 0 then 'Управление образования' else 'Школа № ' || n end as name) named`,
    `${into('persons', 'id, full_name, created_at')} select p, 'Петрова Анна Ивановна ' || p, ${at} from generate_series(1, ${municipalities * PEOPLE}) p`,
    `insert into accounts (address, person_id, active_municipality_id, created_at)
     select 100000000 + p, p, (p - 1) / ${PEOPLE} + 1, ${at} from generate_series(1, ${municipalities * PEOPLE}) p`,
    `insert into memberships (municipality_id, person_id, organization_id, role, since)
     select m, ${PEOPLE} * (m - 1) + 1 + n, 11 * (m - 1) + 1 + case when n < 3 then 0 when n < 13 then n - 2 else n - 12 end,
            case when n = 0 then 'coordinator' when n < 3 then 'curator' when n < 13 then 'head' else 'deputy' end, ${at}
       from ${each}, generate_series(0, ${PEOPLE - 1}) n where n not in (1, 2)`,
    `insert into memberships (municipality_id, person_id, organization_id, role, since)
     select m, ${PEOPLE} * (m - 1) + 2 + (n - 1) / 5, 11 * (m - 1) + 1 + n, 'curator', ${at} from ${each}, generate_series(1, 10) n`,
    `${into('roadmaps', 'id, municipality_id, title, period_from, period_to, state, created_at, published_at')}
     select m, m, 'Развитие образования', '2026-01-01', '2026-12-31', 'published', ${at}, ${at} from ${each}`,
    `${into('activities', 'id, municipality_id, roadmap_id, position, number, section, title, deadline_text, schedule, responsible_text, executors, expected_result')}
     select 100 * (m - 1) + n, m, m, n, '1.' || n, 'Раздел ' || n / 20, 'Провести мероприятие с учителями школы ' || n, 'в течение года',
            '{"kind":"fixed","windows":[],"ambiguous":false}', 'Школы', '{schools}', 'Справка'
       from ${each}, generate_series(1, 100) n`,
    // Six of ten are accepted, two are long overdue, two lie ahead: of none is anybody reminded today.
    `${into('tasks', 'id, municipality_id, activity_id, organization_id, window_from, window_due, due_on, state, updated_at')}
     select 1000 * (m - 1) + 100 * (s - 1) + n, m, 100 * (m - 1) + n, 11 * (m - 1) + 1 + s, '2026-01-12', due, due,
            case when n % 10 < 6 then 'accepted' else 'planned' end, ${at} + n * interval '1 day'
       from ${each}, generate_series(1, 10) s, generate_series(1, 100) n,
            lateral (select ${today} + case when n % 10 < 8 then -80 - n % 60 else 30 + n end as due) at`,
    `update tasks set due_on = ${today} where id in (
       select id from tasks where municipality_id <= ${WITH_SLOT} and state = 'planned' order by activity_id % 100, id limit ${DUE})`,
    `insert into slots (municipality_id, kind, day, done_at)
     select m, 'reminders', ${today} - d, ${at} from ${each}, generate_series(0, 100) d where d > 0 or m > ${WITH_SLOT}`,
    `insert into task_tallies (municipality_id, state, reviewed, due_on, tasks, changed_at, folded)
     select t.municipality_id, t.state, a.needs_approval and o.kind = 'school', tallied_day(t.state, t.due_on), count(*), max(t.updated_at), true
       from tasks t join activities a on a.id = t.activity_id join organizations o on o.id = t.organization_id group by 1, 2, 3, 4`,
    `insert into boards (municipality_id, person_id, kind, messenger, chat, content_hash, updated_at)
     select m.municipality_id, m.person_id, 'week', 'telegram', a.address, '', '${NOW}'::timestamptz
       from memberships m join accounts a on a.person_id = m.person_id where m.role in ('head', 'deputy')`,
  ]
}
