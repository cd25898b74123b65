import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type Database, openDatabase } from '../../src/db/database.ts'
import { startEmbedded } from '../../src/db/embedded.ts'
import { migrateDatabase } from '../../src/db/migrate.ts'

const manifest = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'))

export type Place = {
  url: string
  folder: string
  database: Database
  /** Restarts the server in haste, as an upgrade of its machine does; resolves when it answers again. */
  restart(): Promise<void>
  close(): Promise<void>
}

/** A PostgreSQL of its own with all tables, as durable as in real life. */
export async function openPlace(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'sovet-bench-'))
  let server = await startEmbedded(join(folder, 'postgres'))
  await migrateDatabase(server.url)
  const database = openDatabase(server.url)
  await database.sql`create table effects (id bigserial primary key, update_id bigint, what text, at timestamptz default clock_timestamp())`
  return {
    url: server.url,
    folder,
    database,
    restart: async () => {
      const [pid] = (await readFile(join(folder, 'postgres/data/postmaster.pid'), 'utf8')).split('\n')
      process.kill(Number(pid), 'SIGINT')
      server = await startEmbedded(join(folder, 'postgres'))
    },
    close: async () => {
      await database.close()
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export type Program = {
  address: string
  /** Seconds of processor time so far, and megabytes of memory, as the system counts them (Linux). */
  usage(): Promise<{ cpuSeconds: number; rssMb: number }>
  /** What it warned of so far: lines of its log. */
  warnings: string[]
  stop(): Promise<void>
  /** Ends it without a word (SIGKILL). */
  kill(): Promise<void>
}

/** The product, also where an echo takes the place of its features, runs as in `deploy/`; its peers, which lie here, as Node runs anything. */
function waysOf(script: string): { flags: string[]; env: NodeJS.ProcessEnv } {
  if (!script.startsWith('../../')) return { flags: [], env: {} }
  const flags = manifest.scripts.start.split(' ').filter((word: string) => word.startsWith('--'))
  return { flags, env: { MALLOC_ARENA_MAX: '2' } }
}

/** Starts a script of this folder or of `test/support` in a process of its own and waits until it says where it listens. */
export async function startProgram(script: string, env: NodeJS.ProcessEnv): Promise<Program> {
  const path = fileURLToPath(new URL(script, import.meta.url))
  const ways = waysOf(script)
  const child = spawn(process.execPath, [...ways.flags, path], {
    env: { PATH: process.env.PATH, ...ways.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const warnings: string[] = []
  const address = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = line.match(/"address":"([^"]+)"/)
      if (found) resolve(found[1]!)
      if (/"level":"(warn|error|fatal)"/.test(line)) warnings.push(line)
    })
    ended.then(() => reject(new Error(`${script} ended: ${warnings.join('\n')}`)))
  })
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal)
    await ended
  }
  return {
    address,
    usage: () => usageOf(child.pid!),
    warnings,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  }
}

const TICKS_A_SECOND = 100

async function usageOf(pid: number): Promise<{ cpuSeconds: number; rssMb: number }> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]!.split(' ')
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND,
    rssMb: (Number(fields[21]) * 4096) / 2 ** 20,
  }
}
