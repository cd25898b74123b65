import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Database } from './db/database.ts'

export type Metrics = ReturnType<typeof createMetrics>

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 15]

/** What an operator can watch, in Prometheus' format. Labels are kinds and codes, never people or chats. Queue lengths are asked of the database when somebody looks. */
export function createMetrics(
  database: Database,
  jobCounts: () => Promise<{ queue: string; state: string; count: number }[]>,
) {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const made = {
    updates: new Counter({
      name: 'sovet_updates_total',
      help: 'Updates by what became of them',
      labelNames: ['outcome'],
      registers: [registry],
    }),
    handling: new Histogram({
      name: 'sovet_update_seconds',
      help: 'From taking up an update to its commit',
      labelNames: ['kind'],
      buckets: SECONDS,
      registers: [registry],
    }),
    sends: new Counter({
      name: 'sovet_sends_total',
      help: 'Calls of the messenger by lane and outcome',
      labelNames: ['lane', 'outcome'],
      registers: [registry],
    }),
    sending: new Histogram({
      name: 'sovet_send_seconds',
      help: 'How long a delivery was in hand',
      labelNames: ['lane'],
      buckets: SECONDS,
      registers: [registry],
    }),
    deaths: new Counter({
      name: 'sovet_deliveries_dead_total',
      help: 'Deliveries given up, by outcome',
      labelNames: ['outcome'],
      registers: [registry],
    }),
    orphans: new Counter({
      name: 'sovet_deliveries_orphaned_total',
      help: 'Deliveries whose sender vanished: repeated once, or given up',
      labelNames: ['fate'],
      registers: [registry],
    }),
    jobs: new Counter({
      name: 'sovet_jobs_total',
      help: 'Tries of jobs by queue and outcome',
      labelNames: ['queue', 'outcome'],
      registers: [registry],
    }),
    ticks: new Counter({
      name: 'sovet_ticks_total',
      help: 'Runs of what happens every minute',
      labelNames: ['tick', 'outcome'],
      registers: [registry],
    }),
    alarms: new Counter({
      name: 'sovet_alarms_total',
      help: 'What somebody has to look at: updates and jobs set aside, sending refused',
      labelNames: ['what'],
      registers: [registry],
    }),
    standing: new Gauge({
      name: 'sovet_sending_stands',
      help: '1 while sending stands still',
      registers: [registry],
    }),
  }
  new Gauge({
    name: 'sovet_inbox',
    help: 'Updates in the inbox by state',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      this.reset()
      const rows = await database.sql<{ state: string; count: number }[]>`
        select state, count(*)::int as count from inbox where state <> 'done' group by state`
      for (const state of ['waiting', 'set-aside'])
        this.set({ state }, rows.find((row) => row.state === state)?.count ?? 0)
    },
  })
  new Gauge({
    name: 'sovet_inbox_lag_seconds',
    help: 'Age of the oldest waiting update',
    registers: [registry],
    async collect() {
      const [row] = await database.sql<{ lag: number }[]>`
        select coalesce(extract(epoch from now() - min(received_at)), 0)::float8 as lag from inbox where state = 'waiting'`
      this.set(row?.lag ?? 0)
    },
  })
  new Gauge({
    name: 'sovet_deliveries',
    help: 'Deliveries not yet sent, by lane and state',
    labelNames: ['lane', 'state'],
    registers: [registry],
    async collect() {
      this.reset()
      const rows = await database.sql<{ lane: number; state: string; count: number }[]>`
        select lane, state, count(*)::int as count from deliveries where state in ('queued', 'sending') group by 1, 2`
      for (const { lane, state, count } of rows) this.set({ lane, state }, count)
    },
  })
  new Gauge({
    name: 'sovet_delivery_lag_seconds',
    help: 'Age of the oldest queued delivery that is due, by lane',
    labelNames: ['lane'],
    registers: [registry],
    async collect() {
      this.reset()
      const rows = await database.sql<{ lane: number; lag: number }[]>`
        select lane, extract(epoch from now() - min(created_at))::float8 as lag
          from deliveries where state = 'queued' and (not_before is null or not_before <= now()) group by lane`
      for (const { lane, lag } of rows) this.set({ lane }, lag)
    },
  })
  new Gauge({
    name: 'sovet_jobs',
    help: 'Jobs by queue and state',
    labelNames: ['queue', 'state'],
    registers: [registry],
    async collect() {
      this.reset()
      for (const { queue, state, count } of await jobCounts()) this.set({ queue, state }, count)
    },
  })
  new Gauge({
    name: 'sovet_database_connections',
    help: 'Connections of Sovet to its database, over all replicas, by state',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      this.reset()
      const rows = await database.sql<{ state: string; count: number }[]>`
        select coalesce(state, 'other') as state, count(*)::int as count from pg_stat_activity
         where application_name like 'sovet%' and datname = current_database() group by 1`
      for (const { state, count } of rows) this.set({ state }, count)
    },
  })
  return { ...made, registry }
}
