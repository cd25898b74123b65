import type postgres from 'postgres'
import { LANES, type Lane } from '../delivery/delivery.ts'
import type { Database } from './database.ts'

/** What waits, stands or was given up, over all replicas, by the database's clock. Ages in seconds; null where nothing waits. */
export type Standing = {
  inbox: { waiting: number; oldestSeconds: number | null; setAside: number }
  lanes: { lane: Lane; queued: number; sending: number; oldestSeconds: number | null; closedSeconds: number }[]
  /** Chats that the messenger told us to leave alone for now. */
  closedChats: number
  /** Deliveries of the last day that were given up. */
  deadOfDay: number
  /** `active` and `failed` as the job engine counted them a few seconds ago. */
  jobs: { queue: string; queued: number; oldestSeconds: number | null; active: number; failed: number }[]
  connections: { state: string; count: number }[]
  mostConnections: number
}

const LANE_NAMES = Object.keys(LANES) as Lane[]

/**
 * Reads the standing in a few statements, each of them on a partial index of what is open: their cost grows with what waits, not with what is kept.
 * Rejects where the server needs longer than `withinMs`, or says nothing.
 */
export async function readStanding(database: Pick<Database, 'sql'>, withinMs = 3000): Promise<Standing> {
  const reading = database.sql.begin('read only', async (sql) => {
    await sql`select set_config('statement_timeout', ${String(withinMs)}, true)`
    const [counts, lanes, connections] = await Promise.all([countsOf(sql), lanesOf(sql), connectionsOf(sql)])
    return { ...counts, lanes, connections, jobs: counts.withJobs ? await jobsOf(sql) : [] }
  })
  const { waiting, oldestSeconds, setAside, withJobs: _, ...rest } = await within(reading, withinMs + 500)
  return { inbox: { waiting, oldestSeconds, setAside }, ...rest }
}

type Counts = {
  waiting: number
  oldestSeconds: number | null
  setAside: number
  closedChats: number
  deadOfDay: number
  mostConnections: number
  /** Whether the job engine has made its tables yet. */
  withJobs: boolean
}

async function countsOf(sql: postgres.TransactionSql): Promise<Counts> {
  const [row] = await sql<[Counts]>`
    select i.waiting, i."oldestSeconds",
           (select count(*)::int from inbox where state = 'set-aside' and payload <> '{}') as "setAside",
           (select count(*)::int from chat_paces where closed_until > now()) as "closedChats",
           (select count(*)::int from deliveries where state = 'dead' and created_at > now() - interval '1 day') as "deadOfDay",
           current_setting('max_connections')::int as "mostConnections",
           to_regclass('pgboss.queue') is not null as "withJobs"
      from (select count(*)::int as waiting, extract(epoch from now() - min(received_at))::float8 as "oldestSeconds"
              from inbox where state = 'waiting') i`
  return row
}

async function lanesOf(sql: postgres.TransactionSql): Promise<Standing['lanes']> {
  const rows = await sql<(Omit<Standing['lanes'][number], 'lane'> & { lane: number })[]>`
    select l.lane, coalesce(q.count, 0) as queued, coalesce(s.count, 0) as sending, q.oldest as "oldestSeconds",
           coalesce(greatest(extract(epoch from b.free_at - now()), 0), 0)::float8 as "closedSeconds"
      from unnest(${Object.values(LANES)}::int[]) as l (lane)
      left join (
        select lane, count(*)::int as count,
               extract(epoch from now() - min(created_at) filter (where not_before is null or not_before <= now()))::float8 as oldest
          from deliveries where state = 'queued' group by lane) q on q.lane = l.lane
      left join (select lane, count(*)::int as count from deliveries where state = 'sending' group by lane) s on s.lane = l.lane
      left join send_budgets b on b.messenger = 'telegram' and b.lane = l.lane
     order by l.lane`
  return rows.map((row) => ({ ...row, lane: LANE_NAMES[row.lane]! }))
}

async function connectionsOf(sql: postgres.TransactionSql): Promise<Standing['connections']> {
  const rows = await sql<Standing['connections']>`
    select coalesce(state, 'other') as state, count(*)::int as count from pg_stat_activity
     where application_name like 'sovet%' and datname = current_database() group by 1`
  return [...rows]
}

/** Only what waits is counted here; the job engine counts the rest by itself every few seconds. */
async function jobsOf(sql: postgres.TransactionSql): Promise<Standing['jobs']> {
  const rows = await sql<{ queue: string; queued: number; oldest: number | null; active: number; failed: number }[]>`
    select q.name as queue, coalesce(w.queued, 0) as queued, w.oldest, q.active_count as active, q.failed_count as failed
      from pgboss.queue q
      left join (
        select name, count(*)::int as queued, extract(epoch from now() - min(start_after) filter (where start_after <= now()))::float8 as oldest
          from pgboss.job where state < 'active' and not blocked group by name) w on w.name = q.name
     where q.name not like '\\_\\_%' order by q.name`
  return rows.map(({ oldest, ...row }) => ({ ...row, oldestSeconds: oldest }))
}

/** A database that says nothing must not hold up whoever asks how things stand. */
async function within<Value>(work: Promise<Value>, milliseconds: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined
  work.catch(() => {}) // may fail after nobody waits for it any more
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the database did not answer in time')), milliseconds)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
