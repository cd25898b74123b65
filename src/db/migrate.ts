import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate } from 'drizzle-orm/postgres-js/migrator'
import type postgres from 'postgres'
import { systemClock } from '../kernel/clock.ts'
import { InputProblem } from '../kernel/problem.ts'
import { connectionProblem } from './connection-problem.ts'
import { connectOnce } from './database.ts'
import { keepStarterFaq } from './starter-faq.ts'

/** Any fixed number: the same in every replica. */
const MIGRATION_LOCK = 7_305_511_001n

/**
 * A migration waits no longer than this for a table that is in use: everybody who comes after it would wait as well. Less than the second after which PostgreSQL looks for
 * deadlocks: it is the migration that gives way and tries again, never a press that is being worked on.
 */
const LOCK_TIMEOUT_MS = 800
const TRIES = 12
const LOCK_NOT_AVAILABLE = '55P03'

/** The migrations of this release. */
export const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url))

type Options = {
  folder?: string
  lockTimeoutMs?: number
}

/**
 * Brings the database at `url` to this release's tables and to its common starter of the FAQ; gives the names of the migrations that were applied. Any number of processes may call
 * it at once: one works, the others wait and find it done. Where a table is in use for long, it lets the others pass and tries again.
 * All open migrations are one transaction: where one fails, nothing was done, and the release before serves on. Throws InputProblem that names the one
 * that failed and why; what the connection throws passes through.
 */
export async function migrateDatabase(url: string, options: Options = {}): Promise<string[]> {
  const { folder = MIGRATIONS, lockTimeoutMs = LOCK_TIMEOUT_MS } = options
  const client = connectOnce(url)
  try {
    await client`select pg_advisory_lock(${MIGRATION_LOCK.toString()}::bigint)`
    await client`select set_config('lock_timeout', ${String(lockTimeoutMs)}, false)`
    const open = await openMigrations(client, folder)
    if (open.length > 0) await applyAll(client, folder, open)
    await keepStarterFaq(client, systemClock.now())
    return open
  } finally {
    await client.end({ timeout: 5 }) // the lock goes with the connection
  }
}

/** The names of the migrations of this release that the database has not seen yet. Works on an empty database as well. */
export async function openMigrations(sql: postgres.Sql, folder: string = MIGRATIONS): Promise<string[]> {
  const [known] = await sql<{ here: boolean }[]>`select to_regclass('drizzle.__drizzle_migrations') is not null as here`
  const [last] = known?.here
    ? await sql<{ at: string | null }[]>`select max(created_at) as at from drizzle.__drizzle_migrations`
    : []
  return journalOf(folder)
    .filter(({ when }) => when > Number(last?.at ?? 0))
    .map(({ tag }) => tag)
}

function journalOf(folder: string): { when: number; tag: string }[] {
  const journal = JSON.parse(readFileSync(join(folder, 'meta/_journal.json'), 'utf8')) as {
    entries: { when: number; tag: string }[]
  }
  return journal.entries
}

async function applyAll(client: postgres.Sql, migrationsFolder: string, open: string[]): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await migrate(drizzle(client), { migrationsFolder })
    } catch (problem) {
      if (codeOf(problem) !== LOCK_NOT_AVAILABLE || tries === TRIES) throw refusal(problem, migrationsFolder, open)
      await pause(1000 * Math.random() + 200)
    }
  }
}

/** Which migration failed and what to do: it stands in the log of whoever upgrades, and the database holds nothing of it. */
function refusal(problem: unknown, folder: string, open: string[]): unknown {
  if (connectionProblem(problem) !== null) return problem
  const statement = String((problem as { query?: unknown }).query ?? '').trim()
  const name = open.find((tag) => statement && readFileSync(join(folder, `${tag}.sql`), 'utf8').includes(statement))
  const why =
    codeOf(problem) === LOCK_NOT_AVAILABLE
      ? 'a table was in use all the time; try again at a quieter hour'
      : `${messageOf(problem)}; tell the developers`
  return new InputProblem(
    `The tables could not be brought up to date (${name ?? open.join(', ')}): ${why}. Nothing was changed: the release before works on.`,
    { cause: problem },
  )
}

function codeOf(problem: unknown): string {
  const { code, cause } = problem as { code?: unknown; cause?: unknown }
  return typeof code === 'string' ? code : cause ? codeOf(cause) : ''
}

function messageOf(problem: unknown): string {
  const { cause } = problem as { cause?: unknown }
  return cause instanceof Error ? messageOf(cause) : (problem as Error).message.split('\n')[0]!
}
