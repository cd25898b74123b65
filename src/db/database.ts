import { connect, type Socket } from 'node:net'
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import type { Lane } from '../delivery/delivery.ts'
import { InputProblem } from '../kernel/problem.ts'

export type Drizzle = PostgresJsDatabase
/** An open transaction. In one made by `inMunicipality` row-level security shows the rows of that municipality alone. */
export type Tx = Parameters<Parameters<Drizzle['transaction']>[0]>[0]

export type Database = {
  sql: postgres.Sql
  drizzle: Drizzle
  /** Runs `work` in a transaction of the program itself, over all municipalities: planning, delivery, the operator's commands. */
  asSystem<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /**
   * As `asSystem`, but what `work` asks first leaves in one flight with the transaction's beginning. Should the beginning fail, what went with it stood outside any transaction: it has
   * to be such that then does nothing.
   */
  atOnce<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** Runs `work` in a transaction that sees and changes the rows of one municipality, whatever its queries forget to ask. */
  inMunicipality<T>(municipalityId: number, work: (tx: Tx) => Promise<T>): Promise<T>
  /** Calls `listener` after each commit of this process that queued messages; gives what ends that. */
  onDeliveriesQueued(listener: () => void): () => void
  /** Makes the job that wakes a sender of any replica, within the transaction; set once the job engine runs. */
  wakeSenders?: (tx: Tx, lane: Lane) => Promise<void>
  close(): Promise<void>
}

/** What is known of an open transaction: whose it is, what goes with its commit, and what is to be done once it is committed. */
type OpenTransaction = {
  database: Database
  announce: () => void
  last: Set<Promise<unknown>>
  /** What of that failed before it was sent. */
  failed?: { error: unknown }
  afterwards: Set<() => void>
}
const openTransactions = new WeakMap<object, OpenTransaction>()

/**
 * Opens a pool on `url` (postgres://…; `?host=/folder` for a unix socket). `max`: connections at most. `statementTimeoutMs` ends a query on the
 * server; a server that says nothing for `silenceMs` after we wrote to it (a half-open line) loses the connection, and its queries are rejected.
 * Throws nothing by itself: the first query does, if the server cannot be reached.
 */
export function openDatabase(
  url: string,
  options: { max?: number; statementTimeoutMs?: number; silenceMs?: number } = {},
): Database {
  const statementTimeoutMs = options.statementTimeoutMs ?? 30_000
  const line = lineOf(url)
  const client = postgres(line.url, {
    max: options.max ?? 10,
    connect_timeout: secondsToConnect(line),
    idle_timeout: 60,
    backoff: (retries: number) => Math.min(0.05 * 2 ** retries, 1),
    onnotice: () => {},
    socket: () => openLine(line, options.silenceMs ?? statementTimeoutMs + 5000),
    // Compiling a statement pays in none of ours, and costs most where a plan looks dear that is not.
    connection: { application_name: 'sovet', statement_timeout: statementTimeoutMs, TimeZone: 'UTC', jit: 'off' },
  } as postgres.Options<Record<string, never>>)
  const db = drizzle(keepingPrepared(client), { casing: 'snake_case' })
  const listeners = new Set<() => void>()
  const announce = () => {
    for (const listener of listeners) listener()
  }
  const transactionsOf =
    (of: Drizzle) =>
    async <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
      const open: OpenTransaction = { database, announce, last: new Set(), afterwards: new Set() }
      const result = await of.transaction(async (tx) => {
        openTransactions.set(tx, open)
        const done = await work(tx)
        if (open.failed) throw open.failed.error
        return done
      })
      await Promise.all(open.last)
      for (const step of open.afterwards) step()
      return result
    }
  const inTransaction = transactionsOf(db)
  const database: Database = {
    sql: client,
    drizzle: db,
    asSystem: inTransaction,
    atOnce: transactionsOf(drizzle(startingAtOnce(keepingPrepared(client)), { casing: 'snake_case' })),
    inMunicipality: (municipalityId, work) =>
      inTransaction(async (tx) => {
        await narrowToMunicipality(tx, municipalityId)
        return work(tx)
      }),
    onDeliveriesQueued: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => client.end({ timeout: 5 }),
  }
  return database
}

/** Calls `step` once `tx` is committed, never if it is rolled back. Only for what may be lost in a crash: what must happen is a row or a job. */
export function afterCommit(tx: Tx, step: () => void): void {
  openTransactions.get(tx)?.afterwards.add(step)
}

/**
 * Lets `asked`, a single statement that has been sent, go in one flight with the commit of `tx`, instead of being waited for before. Should it fail, nothing is committed (of a transaction
 * that failed the server makes a rollback, and the patched driver tells so), and the transaction is rejected with its error. Whoever calls this asks nothing more of `tx`.
 */
export function lastOf(tx: Tx, asked: Promise<unknown>): void {
  const open = openTransactions.get(tx)
  asked.catch((error: unknown) => {
    if (open) open.failed ??= { error } // told by the transaction
  })
  if (!open) throw new Error('a savepoint has no commit of its own')
  open.last.add(asked)
}

/** The database whose transaction `tx` is; null for a savepoint within one. */
export function databaseOf(tx: Tx): Database | null {
  return openTransactions.get(tx)?.database ?? null
}

/** Wakes this process's sender once `tx` is committed. */
export function announceDeliveries(tx: Tx): void {
  const open = openTransactions.get(tx)
  open?.afterwards.add(open.announce)
}

/** Statements up to this size are prepared: a longer one is a list of rows, of another length each time. */
const LONGEST_PREPARED = 6000
const MOST_PARAMETERS = 60

/**
 * `client` for drizzle, whose statements are then parsed and planned once a connection and not each time anew, which took most of the server's work and a flight more for each.
 * A connection lives for an hour at most, so what it keeps prepared is bounded.
 */
function keepingPrepared<Client extends postgres.ISql>(client: Client): Client {
  const unsafe = client.unsafe.bind(client) as (query: string, values?: unknown[], options?: object) => unknown
  const changed: Record<string, unknown> = {
    unsafe: (query: string, values: unknown[] = [], options: object = {}) => {
      const prepare = values.length > 0 && values.length <= MOST_PARAMETERS && query.length <= LONGEST_PREPARED
      return unsafe(query, values, { ...options, prepare })
    },
  }
  for (const name of ['begin', 'savepoint'] as const) {
    const begin = (client as unknown as Record<string, unknown>)[name]
    if (typeof begin !== 'function') continue
    changed[name] = (...given: unknown[]) =>
      begin(
        ...given.map((one) =>
          typeof one === 'function' ? (inner: postgres.TransactionSql) => one(keepingPrepared(inner)) : one,
        ),
      )
  }
  return new Proxy(client, { get: (target, name) => changed[name as string] ?? Reflect.get(target, name) })
}

/** `client` whose transactions begin in one flight with what they ask first; the driver's third parameter is of our patch. */
function startingAtOnce(client: postgres.Sql): postgres.Sql {
  const begin = (work: unknown) => (client.begin as (...words: unknown[]) => unknown)('', work, true)
  return new Proxy(client, { get: (target, name) => (name === 'begin' ? begin : Reflect.get(target, name)) })
}

/** The driver's own handle of `tx`, for tagged queries: they are written down as they are sent, and cost nothing to put together. For the hottest paths alone. */
export function rawSql(tx: Tx): postgres.TransactionSql {
  return (tx as unknown as { session: { client: postgres.TransactionSql } }).session.client
}

/** `value` as JSON that the database takes whatever people typed: it refuses NUL and halves of characters, which become «�». */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value)
  if (!/\\u(?:0000|d[89a-f])/i.test(text)) return text
  return JSON.stringify(value, (_, part) =>
    typeof part === 'string' ? part.replaceAll('\0', '\ufffd').toWellFormed() : part,
  )
}

/**
 * What binds a transaction to one municipality, whose id follows as a parameter: the role `sovet_tenant` sees what row-level security shows. The rows of one municipality are few and
 * found by keys: so no table is read whole that has an index for them, also where a plan stems from the day when the table was empty.
 */
export const NARROWING = `
  set_config('role', 'sovet_tenant', true), set_config('enable_seqscan', 'off', true), set_config('app.municipality', `

/** From here on `tx` sees the rows of `municipalityId` alone. Sent before whatever is asked after this call, awaited or not. */
export async function narrowToMunicipality(tx: Tx, municipalityId: number): Promise<void> {
  const sql = rawSql(tx)
  await sql`select ${sql.unsafe(NARROWING)} ${String(municipalityId)}, true)`.execute()
}

/** Back to the program's own rights within the same transaction. Sent before whatever is asked after this call, awaited or not. */
export async function widenToSystem(tx: Tx): Promise<void> {
  const sql = rawSql(tx)
  await sql`
    select set_config('role', 'none', true), set_config('app.municipality', '', true),
           set_config('enable_seqscan', 'on', true)`.execute()
}

/**
 * Looks at what the program cannot work with: a database whose locale does not know Russian letters finds nothing and says no word about it.
 * Throws InputProblem with what to do; any error of the connection passes through.
 */
export async function checkDatabase(database: Database): Promise<void> {
  const [server] = await database.sql<{ encoding: string; version: number }[]>`
    select current_setting('server_encoding') as encoding, current_setting('server_version_num')::int as version`
  if (!server) throw new Error('the database answered nothing')
  if (server.version < 150_000) throw new InputProblem('DATABASE_URL: the server is older than PostgreSQL 15')
  if (server.encoding !== 'UTF8')
    throw new InputProblem(`DATABASE_URL: the database is encoded in ${server.encoding}; expected UTF8`)
  const [found] = await database.sql<{ letters: boolean }[]>`
    select lower('ЖУК') = 'жук' and 'ж' ~ '[[:alpha:]]' as letters`
  if (!found?.letters)
    throw new InputProblem(
      "DATABASE_URL: the database's LC_CTYPE does not know Russian letters (probably «C»); create it anew: create database sovet template template0 lc_ctype 'C.UTF-8' lc_collate 'C.UTF-8'",
    )
}

/** One connection without a limit on how long a statement takes: for migrations and the like. `connectSeconds`: how long it may take to connect. The caller ends it. */
export function connectOnce(url: string, connectSeconds = secondsToConnect(lineOf(url))): postgres.Sql {
  const line = lineOf(url)
  return postgres(line.url, {
    max: 1,
    connect_timeout: connectSeconds,
    onnotice: () => {},
    ...('path' in line ? { path: line.path } : {}),
    connection: { application_name: 'sovet' },
  } as postgres.Options<Record<string, never>>)
}

/** A socket of this machine cannot go astray: who does not answer there is busy. */
function secondsToConnect(line: Line): number {
  return 'path' in line ? 30 : 5
}

type Line = { url: string } & ({ path: string } | { host: string; port: number })

function lineOf(url: string): Line {
  const parsed = new URL(url)
  const folder = parsed.searchParams.get('host')
  const port = Number(parsed.port || 5432)
  if (!folder) return { url, host: parsed.hostname.replace(/^\[|\]$/g, '') || 'localhost', port }
  parsed.searchParams.delete('host')
  return { url: parsed.toString(), path: `${folder}/.s.PGSQL.${port}` }
}

/**
 * A line to the server that is cut when nothing comes back for `silenceMs` after something was written to it.
 * Given out before it is connected: the driver then sees a refusal as it sees any other loss of the line.
 */
function openLine(line: Line, silenceMs: number): Socket {
  const socket = 'path' in line ? connect(line.path) : connect(line.port, line.host)
  if ('host' in line) Object.assign(socket, { host: line.host, port: line.port }) // the driver takes the name for TLS from here
  socket.setNoDelay(true)
  let silence: NodeJS.Timeout | undefined
  const listen = (): void => {
    clearTimeout(silence)
    silence = setTimeout(() => socket.destroy(new Error('the database fell silent')), silenceMs).unref()
  }
  const write = socket.write
  socket.write = ((...words: Parameters<Socket['write']>) => {
    listen()
    return write.apply(socket, words)
  }) as Socket['write']
  socket.on('data', () => clearTimeout(silence))
  socket.on('asked', listen) // the driver, by our patch: something was answered, and more is still to come
  socket.on('close', () => clearTimeout(silence))
  return socket
}
