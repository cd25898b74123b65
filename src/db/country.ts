import { sql } from 'drizzle-orm'
import { type Instant, Temporal } from '../kernel/clock.ts'
import type { TaskState } from '../tasks/task.ts'
import type { Tx } from './database.ts'

/** How the work of all municipalities together stands; nobody and no place is named. `overdue` by the local day of each; `lastChangeAt` null where there is no task. */
export type CountrySummary = {
  municipalities: number
  schools: number
  tasks: Record<TaskState, number>
  overdue: number
  waiting: number
  done: number
  lastChangeAt: Instant | null
}

type SummaryRow = Omit<CountrySummary, 'tasks' | 'lastChangeAt'> & Record<TaskState, number> & { last: string | null }

const FIGURES = sql`
  coalesce(sum(k.tasks) filter (where k.state = 'planned'), 0)::int as planned,
  coalesce(sum(k.tasks) filter (where k.state = 'in_progress'), 0)::int as in_progress,
  coalesce(sum(k.tasks) filter (where k.state = 'blocked'), 0)::int as blocked,
  coalesce(sum(k.tasks) filter (where k.state = 'reported'), 0)::int as reported,
  coalesce(sum(k.tasks) filter (where k.state = 'returned'), 0)::int as returned,
  coalesce(sum(k.tasks) filter (where k.state = 'accepted'), 0)::int as accepted,
  coalesce(sum(k.tasks) filter (where k.state = 'cancelled'), 0)::int as cancelled,
  coalesce(sum(k.tasks) filter (where k.due_on < d.today), 0)::int as overdue,
  coalesce(sum(k.tasks) filter (where k.state = 'reported' and k.reviewed), 0)::int as waiting,
  coalesce(sum(k.tasks) filter (where k.state = 'accepted' or k.state = 'reported' and not k.reviewed), 0)::int as done,
  to_char(max(k.changed_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as last`

/** The tallies of all tasks, as they were kept while the tasks changed. */
const KEPT = sql`task_tallies`
/** The same, counted anew from the tasks themselves. */
const COUNTED = sql`(
  select t.municipality_id, t.state, a.needs_approval and o.kind = 'school' as reviewed, tallied_day(t.state, t.due_on) as due_on, count(*) as tasks, max(t.updated_at) as changed_at
    from tasks t join activities a on a.id = t.activity_id join organizations o on o.id = t.organization_id group by 1, 2, 3, 4)`

/** How the country stands at `now`, from the tallies: it reads some rows of each municipality, however many tasks there are. Needs the program's own rights. */
export function countrySummary(tx: Tx, now: Instant): Promise<CountrySummary> {
  return summaryFrom(tx, KEPT, now)
}

/** The same by a count of all tasks: what the summary must equal. */
export function recountedSummary(tx: Tx, now: Instant): Promise<CountrySummary> {
  return summaryFrom(tx, COUNTED, now)
}

async function summaryFrom(tx: Tx, tallies: typeof KEPT, now: Instant): Promise<CountrySummary> {
  const [row] = await tx.execute<SummaryRow>(sql`
    select (select count(*)::int from municipalities) as municipalities,
           (select count(*)::int from organizations where kind = 'school' and archived_at is null) as schools,
           ${FIGURES}
      from ${tallies} k
      join (select id, (${now.toString()}::timestamptz at time zone timezone)::date as today from municipalities) d on d.id = k.municipality_id`)
  if (!row) throw new Error('a count gave no row')
  const { municipalities, schools, overdue, waiting, done, last, ...tasks } = row
  const lastChangeAt = last === null ? null : Temporal.Instant.from(last)
  return { municipalities, schools, tasks, overdue, waiting, done, lastChangeAt }
}

/**
 * Makes one row of the many that changes added to a tally; what adds up to nothing goes. The sums stay as they are at every moment, whoever folds or
 * changes tasks meanwhile: a row is taken away and added up by one statement. Needs the program's own rights.
 */
export async function foldTallies(tx: Tx): Promise<void> {
  await tx.execute(sql`
    with loose as (
      select distinct municipality_id, state, reviewed, due_on from task_tallies where not folded
    ), taken as (
      delete from task_tallies k using loose l
       where k.municipality_id = l.municipality_id and k.state = l.state and k.reviewed = l.reviewed and k.due_on is not distinct from l.due_on
      returning k.*
    )
    insert into task_tallies (municipality_id, state, reviewed, due_on, tasks, changed_at, folded)
    select municipality_id, state, reviewed, due_on, sum(tasks), max(changed_at), true from taken group by 1, 2, 3, 4 having sum(tasks) <> 0`)
}
