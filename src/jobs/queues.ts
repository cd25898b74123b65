import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { sql } from 'drizzle-orm'
import { fromDrizzle, type JobWithMetadata, PgBoss } from 'pg-boss'
import type { z } from 'zod'
import type { Database, Tx } from '../db/database.ts'
import { followed, noteJob, type Trail } from '../trail.ts'

/** A kind of job: its name, the shape of its data, and how stubbornly it is tried. */
export type JobQueue<Data extends z.ZodType<object> = z.ZodType<object>> = {
  name: string
  schema: Data
  /** Tries in all; afterwards the job is set aside, for somebody to look at. */
  attempts: number
  /** Seconds before the second try; doubled, with some chance in it, for each one after. */
  pauseSeconds: number
  /** Jobs that one process works on at the same time. */
  concurrency: number
}

/** Declares a queue, with sensible stubbornness: five tries, from one second on. */
export function defineQueue<Data extends z.ZodType<object>>(
  queue: Pick<JobQueue<Data>, 'name' | 'schema'> & Partial<JobQueue<Data>>,
): JobQueue<Data> {
  return { attempts: 5, pauseSeconds: 1, concurrency: 4, ...queue }
}

/** What a queue's handler is given: data that its schema has read, the job's id, and which try this is (1, 2 …). */
export type JobContext = { jobId: string; attempt: number; signal: AbortSignal }

/** A queue with what works on it. */
export type QueueWorker = {
  queue: JobQueue
  work: (data: never, context: JobContext) => Promise<void>
}

/** Binds `work` to `queue`, so that its data has the queue's type. A job may be worked on more than once: its effect must be there once. */
export function onQueue<Data extends z.ZodType<object>>(
  queue: JobQueue<Data>,
  work: (data: z.infer<Data>, context: JobContext) => Promise<void>,
): QueueWorker {
  return { queue, work }
}

/** A try of a job, as the log names it. */
export type JobTry = { queue: string; job: string; attempt: number }

export type JobEvents = {
  /** `trail`: what it queued. */
  done(tried: JobTry, seconds: number, trail: Trail): void
  failed(tried: JobTry, error: unknown, final: boolean): void
  engine(error: unknown): void
}

export type Jobs = {
  /**
   * Queues a job in the transaction `tx`: kept or lost with it. `startAfter`: seconds from now, or a moment of the database's clock.
   * With a `singletonKey` there is one job of the queue with that key that has not begun; a second one is not queued.
   */
  enqueue<Data extends z.ZodType<object>>(
    tx: Tx,
    queue: JobQueue<Data>,
    data: z.input<Data>,
    options?: { startAfter?: number | Date; singletonKey?: string },
  ): Promise<void>
  /** Starts working on queues. */
  work(workers: QueueWorker[]): Promise<void>
  /** Whether no job is due and none is under way, in any process. */
  isIdle(): Promise<boolean>
  /** Takes no more jobs and waits for those under way; what is not done in `graceMs` goes back to the queue. */
  close(graceMs: number): Promise<void>
}

/** A worker that shows no life for this long has lost its job: another takes it (within as long again). */
const HEARTBEAT_SECONDS = 20
const LONGEST_JOB_SECONDS = 600
const DONE_KEPT_SECONDS = 24 * 3600
const WAKE_EVERY_MS = 1000
/** How often a worker looks for jobs that it was not woken for. */
const OWN_LOOK_SECONDS = 30

/** Handed on to the driver: a query that a silent server never answers gives its connection up. Milliseconds. */
const QUIET_LINE = { query_timeout: 35_000, connectionTimeoutMillis: 5000, keepAlive: true }

/**
 * Starts the job engine on the database at `url`, on connections of its own, with these queues. Its tables lie in the schema `pgboss`; transactions narrowed to a municipality may
 * queue jobs as well. Any number of processes may start at once.
 */
export async function startJobs(database: Database, url: string, queues: JobQueue[], events: JobEvents): Promise<Jobs> {
  const boss = new PgBoss({
    ...QUIET_LINE,
    connectionString: url,
    application_name: 'sovet-jobs',
    max: 4,
    useListenNotify: true,
    superviseIntervalSeconds: 10,
    monitorIntervalSeconds: 10,
    schedule: false,
  })
  boss.on('error', events.engine)
  await boss.start()
  await makeQueues(boss, queues)
  await letTenantsQueue(database)
  const known = new Set(queues.map((queue) => queue.name))
  const handsOf = new Map<string, string[]>()
  const waking = setInterval(wakingOne(boss, database, handsOf, events), WAKE_EVERY_MS)
  return {
    enqueue: async (tx, queue, data, options = {}) => {
      if (!known.has(queue.name)) throw new Error(`nobody works on the queue ${queue.name}`)
      const id = await boss.send(queue.name, queue.schema.parse(data), {
        db: fromDrizzle(tx, sql),
        ...(options.startAfter === undefined ? {} : { startAfter: options.startAfter }),
        singletonKey: options.singletonKey ?? randomUUID(), // the queue's policy: one waiting job a key
      })
      if (id !== null && queue.name !== WAKING) noteJob(id)
    },
    work: async (workers) => {
      for (const worker of workers) {
        const hands = handsOf.get(worker.queue.name) ?? []
        handsOf.set(worker.queue.name, [...hands, ...(await workOn(boss, worker, events))])
      }
    },
    isIdle: () => isIdle(database),
    close: (graceMs) => {
      clearInterval(waking)
      return boss.stop({ graceful: true, timeout: graceMs, close: true })
    },
  }
}

/** Makes the job engine's tables in the database at `url` where they are not there yet: for a backup to be put back into. */
export async function makeJobTables(url: string): Promise<void> {
  const boss = new PgBoss({ ...QUIET_LINE, connectionString: url, max: 1, schedule: false, supervise: false })
  boss.on('error', () => {})
  await boss.start()
  await boss.stop({ graceful: false, close: true })
}

/** Queues that are there with these settings are left alone: a start asks the database once. */
async function makeQueues(boss: PgBoss, queues: JobQueue[]): Promise<void> {
  const known = new Map((await boss.getQueues()).map((queue) => [queue.name, queue]))
  for (const queue of queues) {
    const settings = settingsOf(queue)
    const there = known.get(queue.name)
    if (!there) await boss.createQueue(queue.name, { ...settings, policy: 'short' })
    else if (!isDeepStrictEqual({ ...there, ...settings }, there)) await boss.updateQueue(queue.name, settings)
  }
}

function settingsOf(queue: JobQueue) {
  return {
    retryLimit: queue.attempts - 1,
    retryDelay: queue.pauseSeconds,
    retryBackoff: true,
    retryDelayMax: 300,
    expireInSeconds: LONGEST_JOB_SECONDS,
    heartbeatSeconds: HEARTBEAT_SECONDS,
    deleteAfterSeconds: DONE_KEPT_SECONDS,
    notify: true,
  }
}

async function letTenantsQueue(database: Database): Promise<void> {
  await database.sql.unsafe(`
    grant usage on schema pgboss to sovet_tenant;
    grant select, insert on all tables in schema pgboss to sovet_tenant;
    grant execute on all functions in schema pgboss to sovet_tenant;`)
}

/** Starts as many workers as the queue may have jobs at a time; gives their ids. A worker that had a job looks for the next one at once. */
async function workOn(boss: PgBoss, { queue, work }: QueueWorker, events: JobEvents): Promise<string[]> {
  const options = {
    includeMetadata: true as const,
    batchSize: 1,
    pollingIntervalSeconds: OWN_LOOK_SECONDS,
    notifyPollingIntervalSeconds: OWN_LOOK_SECONDS,
  }
  const hand = async ([job]: JobWithMetadata<object>[]) => {
    if (!job) return
    const began = performance.now()
    const tried: JobTry = { queue: queue.name, job: job.id, attempt: job.retryCount + 1 }
    try {
      await followed(async (trail) => {
        const data = queue.schema.parse(job.data) as never
        await work(data, { jobId: job.id, attempt: tried.attempt, signal: job.signal })
        events.done(tried, (performance.now() - began) / 1000, trail)
      })
    } catch (error) {
      events.failed(tried, error, tried.attempt >= queue.attempts)
      throw error
    }
  }
  const startOne = async (): Promise<string> => {
    const own: { id?: string } = {}
    own.id = await boss.work<object, void, typeof options>(queue.name, options, (jobs) =>
      hand(jobs).finally(() => own.id && boss.notifyWorker(own.id)),
    )
    return own.id
  }
  return Promise.all(Array.from({ length: queue.concurrency }, startOne))
}

/** What wakes, each time it is called, the workers of the queues that have a job due. A call is passed over while the one before is still asking. */
function wakingOne(boss: PgBoss, database: Database, handsOf: Map<string, string[]>, events: JobEvents): () => void {
  let asking = false
  return () => {
    if (asking) return
    asking = true
    wakeForDue(boss, database, handsOf)
      .catch(events.engine)
      .finally(() => {
        asking = false
      })
  }
}

/**
 * A job that is due at once wakes workers by a notification; one that waits (a repeat, an hour) does not, nor one whose notification was missed. One query a second for all workers,
 * instead of one for each; it looks into the index once a queue, however many jobs there are.
 */
async function wakeForDue(boss: PgBoss, database: Database, handsOf: Map<string, string[]>): Promise<void> {
  const due = await database.sql<{ name: string }[]>`
    select name from unnest(${[...handsOf.keys()]}::text[]) name
     where exists (select from pgboss.job where job.name = name.name and state < 'active' and not blocked and start_after <= now())`
  for (const { name } of due) for (const id of handsOf.get(name) ?? []) boss.notifyWorker(id)
}

/** The queue whose jobs only wake senders: whether anything is to be sent, the deliveries say. */
export const WAKING = 'deliver'

async function isIdle(database: Database): Promise<boolean> {
  const [row] = await database.sql<{ busy: boolean }[]>`
    select exists (
      select from pgboss.job
       where name not like '\\_\\_%' and name <> ${WAKING}
         and (state = 'active' or state in ('created', 'retry') and start_after <= now())) as busy`
  return !row?.busy
}
