import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Standing } from './db/standing.ts'

export type Metrics = ReturnType<typeof createMetrics>

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 15]

/**
 * What an operator can watch, in Prometheus' format. Labels are kinds and codes, never people or chats. What waits is asked of the database by `readStanding` when somebody
 * looks; a database that does not answer in time leaves those figures out and `sovet_database_answers` at 0. The event loop's lag and the memory are among `nodejs_…` and `process_…`.
 */
export function createMetrics(readStanding: () => Promise<Standing>, version: string) {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const told = figuresOfThisProcess(registry)
  const standing = figuresOfAll(registry)
  told.build.set({ version, node: process.versions.node }, 1)
  return {
    ...told,
    contentType: registry.contentType,
    /** All figures as a page; takes no longer than `readStanding` does. */
    page: async (): Promise<string> => {
      show(standing, await readStanding().catch(() => null))
      return registry.metrics()
    },
  }
}

/** What this process counts as it happens. */
function figuresOfThisProcess(registry: Registry) {
  const registers = [registry]
  return {
    updates: new Counter({
      name: 'sovet_updates_total',
      help: 'Updates by what became of them',
      labelNames: ['outcome'],
      registers,
    }),
    handling: new Histogram({
      name: 'sovet_update_seconds',
      help: 'From taking up an update to its commit',
      labelNames: ['kind'],
      buckets: SECONDS,
      registers,
    }),
    sends: new Counter({
      name: 'sovet_sends_total',
      help: 'Calls of the messenger by lane and outcome',
      labelNames: ['lane', 'outcome'],
      registers,
    }),
    sending: new Histogram({
      name: 'sovet_send_seconds',
      help: 'How long a delivery was in hand',
      labelNames: ['lane'],
      buckets: SECONDS,
      registers,
    }),
    deaths: new Counter({
      name: 'sovet_deliveries_dead_total',
      help: 'Deliveries given up, by what they were sent for and the outcome of the last try',
      labelNames: ['reason', 'outcome'],
      registers,
    }),
    orphans: new Counter({
      name: 'sovet_deliveries_orphaned_total',
      help: 'Deliveries whose sender vanished: repeated once, or given up',
      labelNames: ['fate'],
      registers,
    }),
    jobs: new Counter({
      name: 'sovet_jobs_total',
      help: 'Tries of jobs by queue and outcome',
      labelNames: ['queue', 'outcome'],
      registers,
    }),
    ticks: new Counter({
      name: 'sovet_ticks_total',
      help: 'Runs of what happens every minute',
      labelNames: ['tick', 'outcome'],
      registers,
    }),
    tickSucceeded: new Gauge({
      name: 'sovet_tick_last_success_timestamp_seconds',
      help: 'When a tick last came to its end without a failure, as seconds since 1970',
      labelNames: ['tick'],
      registers,
    }),
    alarms: new Counter({
      name: 'sovet_alarms_total',
      help: 'What somebody has to look at: updates and jobs set aside, sending refused',
      labelNames: ['what'],
      registers,
    }),
    standing: new Gauge({
      name: 'sovet_sending_stands',
      help: '1 while sending stands still',
      registers,
    }),
    build: new Gauge({
      name: 'sovet_build_info',
      help: 'Always 1; the labels tell which release runs on which Node.js',
      labelNames: ['version', 'node'],
      registers,
    }),
  }
}

type Figures = ReturnType<typeof figuresOfAll>

/** What the database knows of all replicas together: every one of them shows the same. */
function figuresOfAll(registry: Registry) {
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name, help, labelNames, registers: [registry] })
  return {
    answers: gauge('sovet_database_answers', '1 where the database answered this look in time, else 0'),
    inbox: gauge('sovet_inbox', 'Updates in the inbox by state', ['state']),
    inboxLag: gauge('sovet_inbox_lag_seconds', 'Age of the oldest waiting update'),
    deliveries: gauge('sovet_deliveries', 'Deliveries not yet sent, by lane and state', ['lane', 'state']),
    deliveryLag: gauge('sovet_delivery_lag_seconds', 'Age of the oldest queued delivery that is due, by lane', [
      'lane',
    ]),
    laneClosed: gauge('sovet_lane_closed_seconds', 'For how long the messenger told a lane to wait (429); 0: open', [
      'lane',
    ]),
    closedChats: gauge('sovet_chats_closed', 'Chats that the messenger told us to leave alone for now (429)'),
    deadOfDay: gauge('sovet_deliveries_dead_of_day', 'Deliveries of the last 24 hours that were given up'),
    jobs: gauge('sovet_jobs', 'Jobs by queue and state', ['queue', 'state']),
    jobLag: gauge('sovet_job_lag_seconds', 'How long the oldest waiting job of a queue has been due', ['queue']),
    connections: gauge(
      'sovet_database_connections',
      'Connections of Sovet to its database, over all replicas, by state',
      ['state'],
    ),
    mostConnections: gauge('sovet_database_connections_limit', 'Connections that the database server allows in all'),
  }
}

/** Puts what was read into the figures; where nothing was read (null) none but `answers` is left. */
function show(figures: Figures, standing: Standing | null): void {
  for (const figure of Object.values(figures)) {
    figure.reset()
    figure.remove({}) // one without labels would stay, as 0
  }
  figures.answers.set(standing ? 1 : 0)
  if (!standing) return
  figures.inbox.set({ state: 'waiting' }, standing.inbox.waiting)
  figures.inbox.set({ state: 'set-aside' }, standing.inbox.setAside)
  figures.inboxLag.set(standing.inbox.oldestSeconds ?? 0)
  for (const { lane, queued, sending, oldestSeconds, closedSeconds } of standing.lanes) {
    figures.deliveries.set({ lane, state: 'queued' }, queued)
    figures.deliveries.set({ lane, state: 'sending' }, sending)
    figures.deliveryLag.set({ lane }, oldestSeconds ?? 0)
    figures.laneClosed.set({ lane }, closedSeconds)
  }
  figures.closedChats.set(standing.closedChats)
  figures.deadOfDay.set(standing.deadOfDay)
  for (const { queue, queued, active, failed, oldestSeconds } of standing.jobs) {
    for (const [state, count] of Object.entries({ queued, active, failed })) figures.jobs.set({ queue, state }, count)
    figures.jobLag.set({ queue }, oldestSeconds ?? 0)
  }
  for (const { state, count } of standing.connections) figures.connections.set({ state }, count)
  figures.mostConnections.set(standing.mostConnections)
}
