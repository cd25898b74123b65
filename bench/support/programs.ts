import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Database, openDatabase } from '../../src/db/database.ts'
import { startEmbedded } from '../../src/db/embedded.ts'
import { migrateDatabase } from '../../src/db/migrate.ts'

export type Place = { url: string; folder: string; database: Database; close(): Promise<void> }

/** A PostgreSQL of its own with all tables, as durable as in real life. */
export async function openPlace(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'sovet-bench-'))
  const server = await startEmbedded(join(folder, 'postgres'))
  await migrateDatabase(server.url)
  const database = openDatabase(server.url)
  await database.sql`create table effects (id bigserial primary key, update_id bigint, what text, at timestamptz default clock_timestamp())`
  return {
    url: server.url,
    folder,
    database,
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
  stop(): Promise<void>
}

/** Starts a script of this folder or of `test/support` in a process of its own and waits until it says where it listens. */
export async function startProgram(script: string, env: NodeJS.ProcessEnv): Promise<Program> {
  const path = fileURLToPath(new URL(script, import.meta.url))
  const child = spawn(process.execPath, [path], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const address = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.stdout.on('data', (chunk) => {
      said += chunk
      const found = said.match(/"address":"([^"]+)"/)
      if (found) resolve(found[1]!)
    })
    ended.then(() => reject(new Error(`${script} ended: ${said}`)))
  })
  return {
    address,
    usage: () => usageOf(child.pid!),
    stop: async () => {
      child.kill('SIGTERM')
      await ended
    },
  }
}

const TICKS_A_SECOND = 100

async function usageOf(pid: number): Promise<{ cpuSeconds: number; rssMb: number }> {
  const { readFile } = await import('node:fs/promises')
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]!.split(' ')
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND,
    rssMb: (Number(fields[21]) * 4096) / 2 ** 20,
  }
}
