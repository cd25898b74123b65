import { EventEmitter } from 'node:events'
import { join } from 'node:path'
import multipart from '@fastify/multipart'
import fastify, { type FastifyInstance } from 'fastify'
import { type Instant, systemClock } from '../kernel/clock.ts'
import { serveApi } from './api-server.ts'
import { type CallJournal, createCallJournal } from './calls.ts'
import type { MovableClock } from './clock.ts'
import { type Core, type CoreEvents, createFileLinks, createQueryDesk } from './core.ts'
import { createFaultDesk, type Faults } from './faults.ts'
import { createFileStore } from './files.ts'
import { refuseForeign } from './guard.ts'
import { createLimits, type LimitSettings, telegramLimits } from './limits.ts'
import { type Change, openLog, readChanges } from './log.ts'
import { methodOf } from './methods/index.ts'
import { servePage } from './page-server.ts'
import { migrateGroup, openGroup, type PersonInChat, personInChat, type Seen } from './people.ts'
import { ApiRefusal, refusalBody } from './refusal.ts'
import type { User } from './telegram.ts'
import { createUpdateQueue } from './updates.ts'
import { createWebhookPusher } from './webhook.ts'
import { createWorld, type SandboxGroup, type SandboxPerson } from './world.ts'

export type { MovableClock } from './clock.ts'
export type { Faults } from './faults.ts'
export type { PersonInChat } from './people.ts'
export type { VisibleMessage } from './visible.ts'
export type { SandboxGroup, SandboxPerson } from './world.ts'

/** A file that is offered in the attach menu of the page. */
export type Sample = { name: string; bytes: Buffer }

export type SandboxOptions = {
  /** 0 (the default) takes any free port of 127.0.0.1; the sandbox listens nowhere else. */
  port?: number
  botUsername?: string
  botName?: string
  /** What the bot must use: digits, a colon and letters, as Telegram's are. */
  token?: string
  /** Where chats and files outlive the process; null: in memory only. */
  dataDir?: string | null
  people?: SandboxPerson[]
  groups?: SandboxGroup[]
  /** Dates of messages are by this clock; null: the real one, and the page cannot move it. */
  clock?: MovableClock | null
  /** How the page moves the clock; without it the clock is simply set. The page shows progress until it resolves. */
  advance?: (to: Instant) => Promise<void>
  /** The time zone in which the page shows times, an IANA name. */
  timeZone?: string
  /** More words for «С чего начать»: trusted HTML. */
  introduction?: string
  samples?: Sample[]
  log?: (message: string, facts?: Record<string, unknown>) => void
  limits?: Partial<LimitSettings>
  /** How many messages of a chat are kept. */
  keepMessages?: number
  /** How many calls the journal keeps at least. */
  keepCalls?: number
  /** How long a pressed button can be answered, in real milliseconds. */
  queryTimeoutMs?: number
  /** The first pause after a failed webhook delivery, in real milliseconds. */
  webhookPauseMs?: number
}

/** A running sandbox: Telegram for one bot, and the people who talk to it. */
export interface Sandbox {
  /** The page with the chats. */
  readonly url: string
  /** What the bot takes instead of https://api.telegram.org. */
  readonly apiRoot: string
  readonly token: string
  readonly bot: User
  readonly port: number
  /** The person with that id, in the private chat with the bot. */
  as(personId: number): PersonInChat
  addPerson(person: SandboxPerson): PersonInChat
  addGroup(group: SandboxGroup): void
  readonly faults: Faults
  readonly calls: CallJournal
  /** Updates that the bot has not taken yet. */
  readonly pendingUpdates: number
  close(): Promise<void>
}

const BOT_ID = 7000000001

/** Starts the sandbox and resolves when it listens. Rejects when the port is taken or the data folder cannot be read. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const token = options.token ?? `${BOT_ID}:SANDBOX-sandbox-SANDBOX-sandbox-000`
  const core = createCore(options, token)
  const closeLog = keepInFolder(core, options.dataDir ?? null)
  for (const person of options.people ?? []) core.world.addPerson(person)
  for (const group of options.groups ?? []) openGroup(core, group)
  const calls = createCallJournal(options.keepCalls ?? 10_000)
  const desk = createFaultDesk({
    world: core.world,
    updates: core.updates,
    expireQueries: core.queries.expireAll,
    expireFileLinks: core.links.expireAll,
    migrate: (groupId) => migrateGroup(core, groupId),
    forget: core.world.forget,
  })
  const server = await createServer(options.log)
  const seen: Seen = new Map()
  serveApi(server, { core, token, calls, desk })
  await servePage(server, {
    core,
    personIn: (personId, chatId) => personInChat(core, seen, personId, chatId),
    clock: options.clock ?? null,
    advance: options.advance ?? null,
    timeZone: options.timeZone ?? 'Europe/Moscow',
    introduction: options.introduction ?? '',
    samples: options.samples ?? [],
  })
  await server.listen({ host: '127.0.0.1', port: options.port ?? 0 })
  if (core.world.settings.webhook) core.webhook.start(core.world.settings.webhook)
  const port = portOf(server)
  const apiRoot = `http://127.0.0.1:${port}`
  options.log?.('sandbox listens', { port })
  return {
    url: `${apiRoot}/`,
    apiRoot,
    token,
    bot: core.world.bot,
    port,
    as: (personId) => personInChat(core, seen, personId, personId),
    addPerson(person) {
      core.world.addPerson(person)
      return personInChat(core, seen, person.id, person.id)
    },
    addGroup: (group) => openGroup(core, group),
    faults: desk.faults,
    calls,
    get pendingUpdates() {
      return core.updates.size
    },
    async close() {
      core.webhook.stop()
      core.updates.close()
      core.queries.expireAll()
      await server.close()
      closeLog()
    },
  }
}

function createCore(options: SandboxOptions, token: string): Core {
  const bot: User = {
    id: Number(token.split(':')[0]),
    is_bot: true,
    first_name: options.botName ?? 'Совет',
    username: options.botUsername ?? 'sovet_sandbox_bot',
  }
  const events = new EventEmitter<CoreEvents>()
  events.setMaxListeners(0)
  const world = createWorld({ clock: options.clock ?? systemClock, bot, keepMessages: options.keepMessages ?? 2000 })
  const updates = createUpdateQueue({ wanted: () => world.settings.allowedUpdates })
  const core: Core = {
    world,
    files: createFileStore(options.dataDir ? join(options.dataDir, 'files') : null),
    updates,
    limits: createLimits({ ...telegramLimits, ...options.limits }),
    webhook: createWebhookPusher({
      updates,
      firstPauseMs: options.webhookPauseMs ?? 1000,
      onReply: (method, values) => performReply(core, method, values),
    }),
    queries: createQueryDesk(events, options.queryTimeoutMs ?? 15_000),
    links: createFileLinks(),
    events,
  }
  return core
}

/** A call in the answer of a webhook: its result is told to nobody, nor is its refusal. */
async function performReply(core: Core, method: string, values: Record<string, unknown>): Promise<void> {
  try {
    await methodOf(method)?.(core, { values, uploads: new Map() })
  } catch (problem) {
    if (!(problem instanceof ApiRefusal)) throw problem
  }
}

/** Takes in what the folder keeps and goes on keeping it there; gives what closes the log. */
function keepInFolder(core: Core, dataDir: string | null): () => void {
  if (dataDir === null) return () => {}
  const file = join(dataDir, 'chats.jsonl')
  restore(core, readChanges(file))
  const log = openLog(file, () => snapshot(core))
  core.world.keepIn(log)
  core.updates.keepIn(log)
  core.files.keepIn(log)
  return () => log.close()
}

function restore(core: Core, changes: Change[]): void {
  const waiting = new Map<number, Change & { is: 'update' }>()
  let lastUpdate = 0
  for (const change of changes) {
    if (change.is === 'update') waiting.set(change.update.update_id, change)
    else if (change.is === 'confirmed') waiting.delete(change.updateId)
    else if (change.is === 'file' || change.is === 'media') core.files.restore(change)
    else core.world.restore(change)
    if (change.is === 'number') lastUpdate = Math.max(lastUpdate, change.update)
    if (change.is === 'update') lastUpdate = Math.max(lastUpdate, change.update.update_id)
  }
  core.updates.restore(
    [...waiting.values()].map(({ update }) => update),
    lastUpdate,
  )
}

function* snapshot(core: Core): Generator<Change> {
  const { waiting, lastId } = core.updates.snapshot()
  yield* core.world.snapshot()
  yield* core.files.snapshot()
  yield { is: 'number', message: 0, update: lastId }
  for (const update of waiting) yield { is: 'update', update }
}

async function createServer(log: SandboxOptions['log']): Promise<FastifyInstance> {
  const server = fastify({ forceCloseConnections: true, bodyLimit: 60 * 1024 * 1024, exposeHeadRoutes: false })
  server.addHook('onRequest', refuseForeign)
  server.removeContentTypeParser(['application/json'])
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, body === '' ? {} : JSON.parse(body as string))
    } catch {
      done(new ApiRefusal(400, "Bad Request: can't parse JSON object"))
    }
  })
  server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    done(null, Object.fromEntries(new URLSearchParams(body as string)))
  })
  server.setErrorHandler((problem, _request, reply) => {
    const refusal = problem instanceof ApiRefusal ? problem : refusalOf(problem)
    if (refusal.status === 500) log?.('sandbox failed in a call', { problem: String(problem) })
    reply.code(refusal.status).header('content-type', 'application/json').send(refusalBody(refusal))
  })
  server.setNotFoundHandler((_request, reply) => {
    reply
      .code(404)
      .header('content-type', 'application/json')
      .send(refusalBody(new ApiRefusal(404, 'Not Found')))
  })
  await server.register(multipart, { limits: { fieldSize: 1024 * 1024 } })
  return server
}

function refusalOf(problem: unknown): ApiRefusal {
  const status = (problem as { statusCode?: number }).statusCode ?? 500
  if (status === 413) return new ApiRefusal(413, 'Request Entity Too Large')
  if (status >= 400 && status < 500) return new ApiRefusal(400, 'Bad Request: the request cannot be read')
  return new ApiRefusal(500, 'Internal Server Error')
}

function portOf(server: FastifyInstance): number {
  const address = server.server.address()
  if (typeof address !== 'object' || address === null) throw new Error('The sandbox has no port')
  return address.port
}
