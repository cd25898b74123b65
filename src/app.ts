import { EventEmitter } from 'node:events'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { z } from 'zod'
import type { AfterCommit, Incoming } from './bot/incoming.ts'
import { type Apology, type Intake, openIntake } from './bot/intake.ts'
import { type BotApi, type DownloadRefusal, openBotApi } from './bot/telegram/api.ts'
import { startPolling } from './bot/telegram/polling.ts'
import { telegramSender } from './bot/telegram/sender.ts'
import { ALLOWED_UPDATES, addressOf, parseUpdate } from './bot/telegram/update.ts'
import { type Config, embeddedFolder } from './config.ts'
import { reached } from './db/connection-problem.ts'
import { afterCommit, checkDatabase, connectOnce, type Database, openDatabase, type Tx } from './db/database.ts'
import { startEmbedded } from './db/embedded.ts'
import { migrateDatabase } from './db/migrate.ts'
import type { Ahead } from './db/opening.ts'
import type { Unreachable } from './db/reachability.ts'
import { readStanding } from './db/standing.ts'
import type { ClaimedDelivery, Settlement } from './delivery/decide.ts'
import type { ChatPace } from './delivery/pace.ts'
import { openDiskStore } from './files/disk.ts'
import type { FileStore } from './files/store.ts'
import { addHealth } from './http/health.ts'
import { createHttpServer, type HttpServer, type Routes } from './http/server.ts'
import { addWebhook, webhookOf } from './http/webhook.ts'
import { type BeforeSend, type Dispatcher, startDispatcher } from './jobs/dispatcher.ts'
import { defineQueue, type Jobs, type JobTry, onQueue, type QueueWorker, startJobs, WAKING } from './jobs/queues.ts'
import { inRightTime } from './jobs/right-time.ts'
import { startTicks, type Tick } from './jobs/ticks.ts'
import { type Clock, systemClock } from './kernel/clock.ts'
import { InputProblem } from './kernel/problem.ts'
import type { Result } from './kernel/result.ts'
import { type Log, openLog } from './log.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { RELEASE } from './release.ts'
import { followed, type Trail, trailFacts } from './trail.ts'

/** What the engine gives to the features. */
export type Engine = {
  config: Config
  clock: Clock
  log: Log
  database: Database
  files: FileStore
  jobs: Jobs
  /** Counts an alarm that somebody should look at; `what` is a fixed word of ours. */
  alarm(what: string): void
  /** The bot's name in the messenger, without «@». */
  botUsername: string
  /** The bytes of a file that a person sent: at most 20 MB, the stream fails where the line breaks. */
  download(messengerFileId: string): Promise<Result<Readable, DownloadRefusal>>
}

/** What the program does: the engine calls it and never the other way round. */
export type Features = {
  handle(tx: Tx, incoming: Incoming, mayWait: boolean, ahead: Ahead | null): Promise<AfterCommit>
  /** What a person is told when their update could not be worked on. */
  apology(incoming: Incoming): Apology
  /** By the reason of a delivery: makes it fresh, or cancels it, just before it is sent. */
  beforeSend?: Record<string, BeforeSend>
  queues?: QueueWorker[]
  ticks?: Tick[]
  /** A person has just been cut off: in the transaction that notes it, once. */
  onUnreachable?(tx: Tx, personId: number, why: Unreachable): Promise<void>
  routes?: Routes[]
  /** Commands of the messenger's menu, by language; '' is for all others. */
  commands?: Record<string, { command: string; description: string }[]>
}

/** Times in milliseconds, the lease in seconds. */
export type Pace = {
  leaseSeconds?: number
  chatPace?: ChatPace
  sweepEveryMs?: number
  requestTimeoutMs?: number
  callTimeoutMs?: number
  acceptTimeoutMs?: number
  probeEveryMs?: number
  /** When ticks run by themselves, a cron expression; null: only when told to. Every minute where not given. */
  beat?: string | null
}

export type AppOptions = {
  config: Config
  clock?: Clock
  features: (engine: Engine) => Features
  log?: Log
  /** Whether the messenger has nothing more for us, where that can be known: of the sandbox. `settle` waits for it. */
  upstreamIdle?: () => boolean
  /** How long the database may say nothing after it was asked, until its line is given up. */
  databaseSilenceMs?: number
  /** Shorter times for tests. */
  pace?: Pace
}

export type App = {
  engine: Engine
  intake: Intake
  dispatcher: Dispatcher
  metrics: Metrics
  /** Where the HTTP server listens. */
  url: string
  /** Runs what else happens every minute. */
  tick(): Promise<void>
  /** Resolves when nothing is left to do that is due: updates, jobs, deliveries. */
  settle(): Promise<void>
  /** Takes nothing new, finishes what is in hand within 10 s, lets everything go. */
  close(): Promise<void>
}

/** Wakes senders of all replicas; the deliveries themselves are rows. */
const deliverQueue = defineQueue({
  name: WAKING,
  schema: z.object({ lane: z.string() }),
  attempts: 2,
  concurrency: 1,
})

const CLOSING_MS = 8000

/**
 * Starts the program in order: database, files, jobs, the way out, the way in; what started last stops first. Throws InputProblem where a setting is to blame.
 */
export async function startApp(options: AppOptions): Promise<App> {
  const { config } = options
  const closers: { name: string; close: () => Promise<unknown> | unknown }[] = []
  const log = options.log ?? openLog(config.logLevel)
  try {
    return await startInOrder(options, log, closers)
  } catch (problem) {
    await closeAll(closers, log)
    throw problem
  }
}

type Closers = { name: string; close: () => Promise<unknown> | unknown }[]

async function startInOrder(options: AppOptions, log: Log, closers: Closers): Promise<App> {
  const { config, clock = systemClock, pace = {} } = options
  if (config.botToken === null) throw new InputProblem('BOT_TOKEN is not set')
  const url = await openUrl(config, closers, log)
  const database = openDatabase(url, {
    max: 20,
    ...(options.databaseSilenceMs ? { silenceMs: options.databaseSilenceMs } : {}),
  })
  closers.push({ name: 'database', close: database.close })
  await reached(checkDatabase(database), embeddedFolder(config))
  const applied = await reached(migrateDatabase(url), embeddedFolder(config))
  if (applied.length > 0) log.info({ migrations: applied }, 'the tables were brought up to date')
  const files = await openDiskStore(join(config.dataDir, 'files'))
  const api = openBotApi({
    token: config.botToken,
    apiRoot: config.telegramApiRoot,
    proxy: config.telegramProxy,
    ...(pace.callTimeoutMs ? { timeoutMs: pace.callTimeoutMs } : {}),
  })
  closers.push({ name: 'api', close: api.close })
  const botUsername = await usernameOf(api, log)
  const activity = new EventEmitter()
  const late: { jobs?: Jobs; metrics?: Metrics } = {}
  const engine: Engine = {
    config,
    clock,
    log,
    database,
    files,
    botUsername,
    download: api.download,
    alarm: (what) => late.metrics?.alarms.inc({ what }),
    get jobs(): Jobs {
      if (!late.jobs) throw new Error('jobs are not started yet')
      return late.jobs
    },
  }
  const features = options.features(engine)
  const sender = telegramSender(api, (municipalityId, sha256) => files.open(municipalityId, sha256))
  const metrics = createMetrics(() => readStanding(database), RELEASE)
  late.metrics = metrics
  const jobs = await startJobs(
    database,
    url,
    [deliverQueue, ...(features.queues ?? []).map(({ queue }) => queue)],
    jobEvents(metrics, log, activity),
  )
  late.jobs = jobs
  closers.push({ name: 'jobs', close: () => jobs.close(CLOSING_MS) })
  database.wakeSenders = (tx, lane) => jobs.enqueue(tx, deliverQueue, { lane })
  const dispatcher = startDispatcher({
    database,
    send: sender.send,
    probe: () => probe(api),
    beforeSend: features.beforeSend ?? {},
    onUnreachable: features.onUnreachable ?? (async () => {}),
    events: sendEvents(metrics, log, activity),
    rate: config.telegramRate,
    ...(pace.leaseSeconds ? { leaseSeconds: pace.leaseSeconds } : {}),
    ...(pace.chatPace ? { chatPace: pace.chatPace } : {}),
    ...(pace.probeEveryMs ? { probeEveryMs: pace.probeEveryMs } : {}),
  })
  closers.push({ name: 'sending', close: dispatcher.close })
  await jobs.work([onQueue(deliverQueue, async () => dispatcher.nudge()), ...(features.queues ?? [])])
  // A clock that somebody moves is right by itself: of the sandbox, of a test.
  const checked = options.clock ? (tick: Tick) => tick : (tick: Tick) => inRightTime(tick, database, engine.alarm)
  const planned = [...(features.ticks ?? []).map(checked), housekeeping(database)]
  const ticks = startTicks(planned, clock, tickEvents(metrics, log), pace.beat)
  closers.push({ name: 'ticks', close: ticks.close })
  const intake = openIntake({
    database,
    edge: {
      messenger: 'telegram',
      addressOf,
      parse: (raw) => parseUpdate(raw, clock.now()),
      answerTap: sender.answerTap,
      showBusy: sender.showBusy,
    },
    handle: followedInLog(features.handle, log),
    apology: features.apology,
    events: intakeEvents(metrics, log, activity),
    ...(pace.sweepEveryMs ? { sweepEveryMs: pace.sweepEveryMs } : {}),
    ...(pace.acceptTimeoutMs ? { acceptTimeoutMs: pace.acceptTimeoutMs } : {}),
  })
  closers.push({ name: 'intake', close: intake.close })
  const readiness = () => readinessOf(database, dispatcher)
  const address = await listen(options, { log, metrics, intake, readiness, routes: features.routes ?? [] }, closers)
  await openWayIn(config, api, intake, dispatcher, url, log, closers)
  await announceCommands(api, features)
  log.info({ address, way: config.publicUrl ? 'webhook' : 'polling' }, 'started')
  return {
    engine,
    intake,
    dispatcher,
    metrics,
    url: address,
    tick: ticks.runNow,
    settle: () => settle(() => allIdle(engine, intake, dispatcher, options.upstreamIdle ?? (() => true)), activity),
    close: () => closeAll(closers, log),
  }
}

async function openUrl(config: Config, closers: Closers, log: Log): Promise<string> {
  const folder = embeddedFolder(config)
  if (folder === null) return config.databaseUrl!
  const server = await startEmbedded(folder)
  closers.push({ name: 'embedded PostgreSQL', close: server.stop })
  log.info({ shared: server.shared }, 'the embedded PostgreSQL runs')
  return server.url
}

/** The bot's name, as Telegram knows it. Waits for a line that is down; a token that Telegram refuses is the operator's matter. */
async function usernameOf(api: BotApi, log: Log): Promise<string> {
  for (let pauseMs = 500; ; pauseMs = Math.min(pauseMs * 2, 10_000)) {
    const me = await api.call('getMe', {})
    if (me.ok) return (me.result as { username?: string }).username ?? ''
    if (me.failure.kind === 'refused' && [401, 404].includes(me.failure.code)) {
      throw new InputProblem('BOT_TOKEN: Telegram does not know this token')
    }
    log.warn({ failure: me.failure.kind }, 'Telegram does not answer; trying again')
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}

/** Why the messenger cannot be used; null where it answers. */
async function probe(api: BotApi): Promise<string | null> {
  const me = await api.call('getMe', {})
  if (me.ok) return null
  return me.failure.kind === 'refused' ? String(me.failure.code) : me.failure.cause
}

async function readinessOf(database: Database, dispatcher: Dispatcher): Promise<string[]> {
  const standing = dispatcher.standing()
  const answer = await Promise.race([
    database.sql`select 1`.then(() => true).catch(() => false),
    new Promise<false>((resolve) => setTimeout(() => resolve(false), 2000).unref()),
  ])
  return [...(answer ? [] : ['database']), ...(standing === null ? [] : [`sending: ${standing}`])]
}

type WebParts = { log: Log; metrics: Metrics; intake: Intake; readiness: () => Promise<string[]>; routes: Routes[] }

async function listen(options: AppOptions, parts: WebParts, closers: Closers): Promise<string> {
  const { config, pace } = options
  const server = createHttpServer({
    log: parts.log,
    ...(pace?.requestTimeoutMs ? { requestTimeoutMs: pace.requestTimeoutMs } : {}),
  })
  addHealth(server, parts.metrics, parts.readiness)
  if (config.publicUrl) await addWebhook(server, webhookOf(config.botToken!, config.webhookSecret), parts.intake.accept)
  for (const routes of parts.routes) await server.register(async (scope) => routes(scope))
  closers.push({ name: 'http', close: () => closeServer(server) })
  try {
    return await server.listen({ host: config.host, port: config.port })
  } catch (problem) {
    const { code } = problem as NodeJS.ErrnoException
    if (code === 'EADDRINUSE') throw new InputProblem(`PORT: ${config.port} is taken by another program`)
    if (code === 'EACCES') throw new InputProblem(`PORT: ${config.port} may not be used by this user`)
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new InputProblem(`HOST: ${config.host} is no address of this machine`)
    throw problem
  }
}

const LAST_REQUESTS_MS = 2000

/** Lets the requests under way come to their end, but not a client that never does. */
async function closeServer(server: HttpServer): Promise<void> {
  const patience = setTimeout(() => server.server.closeAllConnections(), LAST_REQUESTS_MS)
  await server.close()
  clearTimeout(patience)
}

/** Webhook where the outside world reaches us, else long polling. */
async function openWayIn(
  config: Config,
  api: BotApi,
  intake: Intake,
  dispatcher: Dispatcher,
  url: string,
  log: Log,
  closers: Closers,
): Promise<void> {
  if (config.publicUrl) {
    const { path, secret } = webhookOf(config.botToken!, config.webhookSecret)
    const set = await api.call('setWebhook', {
      url: config.publicUrl + path,
      secret_token: secret,
      allowed_updates: ALLOWED_UPDATES,
      max_connections: 40,
    })
    if (!set.ok) log.error({ failure: set.failure.kind }, 'the webhook could not be set')
    return
  }
  await api.call('deleteWebhook', {})
  const turns = pollingTurns(url)
  const polling = startPolling({
    api,
    accept: intake.accept,
    myTurn: turns.mine,
    onRefused: (cause) => dispatcher.hold('poller', cause),
  })
  closers.push({ name: 'polling', close: () => polling.stop().finally(turns.close) })
}

/** Tells in the log, once it is committed, what an update has caused: by these numbers the log goes on telling of it. */
function followedInLog(handle: Features['handle'], log: Log): Features['handle'] {
  return (tx, incoming, mayWait, ahead) =>
    followed(async (trail) => {
      const began = performance.now()
      const after = await handle(tx, incoming, mayWait, ahead)
      afterCommit(tx, () => {
        const ms = Math.round(performance.now() - began)
        log.info({ update: incoming.updateId, kind: incoming.kind, ms, ...trailFacts(trail) }, 'an update is worked on')
      })
      return after
    })
}

/** Any fixed number: the same in every replica. */
const POLLING_LOCK = 7_305_511_002n

/** One replica polls for all; when it goes, its connection's lock goes with it and another takes over. */
function pollingTurns(url: string): { mine(): Promise<boolean>; close(): Promise<void> } {
  const client = connectOnce(url)
  return {
    mine: async () => {
      const [row] = await client<{ mine: boolean }[]>`
        select case when exists (select from pg_locks where locktype = 'advisory' and pid = pg_backend_pid() and granted) then true
                    else pg_try_advisory_lock(${POLLING_LOCK.toString()}::bigint) end as mine`
      return row?.mine ?? false
    },
    close: () => client.end({ timeout: 1 }),
  }
}

async function announceCommands(api: BotApi, features: Features): Promise<void> {
  const perLanguage = Object.entries(features.commands ?? {}).map(([language, commands]) =>
    api.call('setMyCommands', { commands, ...(language ? { language_code: language } : {}) }),
  )
  await Promise.all([...perLanguage, api.call('setChatMenuButton', { menu_button: { type: 'commands' } })])
}

function housekeeping(database: Database): Tick {
  let last = Number.NEGATIVE_INFINITY
  return {
    name: 'housekeeping',
    run: async () => {
      if (performance.now() - last < 3_600_000) return
      last = performance.now()
      await database.sql`delete from chat_paces where free_at < now() - interval '1 hour' and (closed_until is null or closed_until < now())`
    },
  }
}

/** Asks again after every bit of work that was done, until nothing is due twice in a row. */
async function settle(isIdle: () => Promise<boolean>, activity: EventEmitter): Promise<void> {
  for (;;) {
    if ((await isIdle()) && (await isIdle())) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, 50)
      function done(): void {
        clearTimeout(timer)
        activity.off('done', done)
        resolve()
      }
      activity.once('done', done)
    })
  }
}

async function allIdle(
  engine: Engine,
  intake: Intake,
  dispatcher: Dispatcher,
  upstreamIdle: () => boolean,
): Promise<boolean> {
  if (!upstreamIdle() || !(await intake.isIdle())) return false
  return (await engine.jobs.isIdle()) && (await dispatcher.isIdle()) && upstreamIdle()
}

async function closeAll(closers: Closers, log: Log): Promise<void> {
  for (const { name, close } of closers.splice(0).toReversed()) {
    try {
      await close()
    } catch (error) {
      log.error({ error, part: name }, 'a part did not stop well')
    }
  }
}

// --- what the parts tell, written down once

function jobEvents(metrics: Metrics, log: Log, activity: EventEmitter) {
  return {
    done: (tried: JobTry, seconds: number, trail: Trail) => {
      const { queue } = tried
      metrics.jobs.inc({ queue, outcome: 'done' })
      if (queue !== WAKING)
        log.info({ ...tried, ms: Math.round(seconds * 1000), ...trailFacts(trail) }, 'a job is done')
      activity.emit('done')
    },
    failed: (tried: JobTry, error: unknown, final: boolean) => {
      metrics.jobs.inc({ queue: tried.queue, outcome: 'failed' })
      if (final) metrics.alarms.inc({ what: 'job-set-aside' })
      log[final ? 'error' : 'warn']({ error, ...tried, final }, 'a job failed')
      activity.emit('done')
    },
    engine: (error: unknown) => log.warn({ error }, 'the job engine reports'),
  }
}

function sendEvents(metrics: Metrics, log: Log, activity: EventEmitter) {
  return {
    settled: (
      delivery: ClaimedDelivery,
      outcome: string,
      { state, messageId }: Pick<Settlement, 'state' | 'messageId'>,
      seconds: number,
    ) => {
      metrics.sends.inc({ lane: delivery.lane, outcome })
      metrics.sending.observe({ lane: delivery.lane }, seconds)
      if (state === 'dead') metrics.deaths.inc({ reason: delivery.reason, outcome })
      const { id, personId, reason, lane, attempts } = delivery
      const facts = { delivery: id, person: personId, reason, lane, outcome, state, attempt: attempts, messageId }
      log[outcome === 'sent' || outcome === 'cancelled' ? 'info' : 'warn'](facts, 'a delivery is settled')
      activity.emit('done')
    },
    standing: (cause: string | null) => {
      metrics.standing.set(cause === null ? 0 : 1)
      if (cause === null) log.info('sending goes on')
      else {
        metrics.alarms.inc({ what: 'sending-stands' })
        log.error({ cause }, 'sending stands still; the queue is kept')
      }
    },
    orphans: (found: { repeated: number; givenUp: number }) => {
      metrics.orphans.inc({ fate: 'repeated' }, found.repeated)
      metrics.orphans.inc({ fate: 'given-up' }, found.givenUp)
      log.warn(found, 'deliveries of a process that ended were taken back')
    },
    failed: (error: unknown) => log.error({ error }, 'sending met a failure of ours'),
  }
}

function tickEvents(metrics: Metrics, log: Log) {
  return {
    done: (tick: string, trail: Trail) => {
      metrics.ticks.inc({ tick, outcome: 'done' })
      metrics.tickSucceeded.set({ tick }, Date.now() / 1000)
      const made = trailFacts(trail)
      if (Object.keys(made).length > 0) log.info({ tick, ...made }, 'a tick queued something')
    },
    failed: (tick: string, error: unknown) => {
      metrics.ticks.inc({ tick, outcome: 'failed' })
      log.error({ error, tick }, 'a tick failed')
    },
  }
}

function intakeEvents(metrics: Metrics, log: Log, activity: EventEmitter) {
  return {
    handled: (kind: string, seconds: number) => {
      metrics.updates.inc({ outcome: 'done' })
      metrics.handling.observe({ kind }, seconds)
      activity.emit('done')
    },
    failed: (updateId: number, tried: { attempts: number; setAside: boolean }, error: unknown) => {
      metrics.updates.inc({ outcome: 'failed' })
      log.error({ error, update: updateId, attempt: tried.attempts }, 'an update could not be worked on')
      activity.emit('done')
    },
    setAside: (updateId: number) => {
      metrics.updates.inc({ outcome: 'set-aside' })
      metrics.alarms.inc({ what: 'update-set-aside' })
      log.error({ update: updateId }, 'an update was set aside')
      activity.emit('done')
    },
  }
}
