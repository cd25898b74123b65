import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ISql } from 'postgres'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Database, lastOf, openDatabase, rawSql } from '../../src/db/database.ts'
import { type EmbeddedServer, startEmbedded } from '../../src/db/embedded.ts'

let folder: string
let server: EmbeddedServer
let database: Database

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sovet-restart-'))
  server = await startEmbedded(join(folder, 'postgres'))
  database = openDatabase(server.url, { max: 4 })
  await database.sql`create table kept (writer int, n int)`
})
afterEach(async () => {
  await database.close()
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

// Without `patches/postgres+*.patch` a query is left hanging for ever, or the process ends, in most runs of this.
it('no query is left hanging when the server is restarted again and again, and nothing acknowledged is lost', async () => {
  const acknowledged: string[] = []
  let going = true
  const write = async (writer: number): Promise<void> => {
    for (let n = 0; going; n++) {
      const kept = await keep(writer, n).then(
        () => true,
        () => false,
      )
      if (kept) acknowledged.push(`${writer}:${n}`)
      else await new Promise((resolve) => setImmediate(resolve))
    }
  }
  const keep = (writer: number, n: number): Promise<unknown> => {
    const insert = (sql: ISql) => sql`insert into kept values (${writer}, ${n})`
    if (writer % 3 === 0) return insert(database.sql)
    if (writer % 3 === 1) {
      return database.sql.begin(async (sql) => {
        await sql`select 1`
        await insert(sql)
      })
    }
    return database.atOnce(async (tx) => {
      await rawSql(tx)`select 1`
      lastOf(tx, insert(rawSql(tx)))
    })
  }
  const writers = [1, 2, 3, 4, 5, 6].map(write)
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGINT', 'SIGQUIT'] as const) {
    const before = acknowledged.length
    await expect.poll(() => acknowledged.length).toBeGreaterThan(before + 20)
    const pidFile = await readFile(join(folder, 'postgres', 'data', 'postmaster.pid'), 'utf8')
    process.kill(Number(pidFile.split('\n')[0]), signal)
    server = await startEmbedded(join(folder, 'postgres'))
  }
  const before = acknowledged.length
  await expect.poll(() => acknowledged.length).toBeGreaterThan(before + 20)
  going = false
  await Promise.all(writers)
  const rows = new Set((await database.sql`select writer, n from kept`).map((row) => `${row.writer}:${row.n}`))
  expect(acknowledged.filter((one) => !rows.has(one))).toEqual([])
})

// The driver would run what is left of a lost transaction, its ROLLBACK too, in whatever its connection does next.
it('a transaction that lost its connection does nothing more, least of all in another that has the connection now', async () => {
  const one = openDatabase(server.url, { max: 1 })
  const another = Promise.withResolvers<void>()
  const lost = Promise.withResolvers<void>()
  const first = one.sql.begin(async (sql) => {
    const [row] = await sql<[{ pid: number }]>`select pg_backend_pid() as pid`
    await database.sql`select pg_terminate_backend(${row.pid})`
    await sql`select 1`.catch(() => {})
    await another.promise
    await sql`insert into kept values (1, 1)`.finally(lost.resolve)
  })
  const second = one.sql.begin(async (sql) => {
    await sql`insert into kept values (2, 1)`
    another.resolve()
    await lost.promise
    await sql`insert into kept values (2, 2)`
    throw new Error('thought better of it')
  })
  await expect(first).rejects.toThrow()
  await expect(second).rejects.toThrow('thought better of it')
  expect(await one.sql`select * from kept`).toEqual([])
  await one.close()
})

// The driver would leave its own first question to the server unhandled, which ends the process.
it.each(['end', 'resetAndDestroy'] as const)(
  'a line that breaks (%s) while the driver gets to know the server is an error of the query that waited, and of nothing else',
  async (breaks) => {
    const behind = new URL(server.url)
    let broken = 0
    const line = createServer((client) => {
      const to = connect(`${behind.searchParams.get('host')}/.s.PGSQL.${behind.port}`)
      client.on('error', () => {}).on('close', () => to.destroy())
      to.on('error', () => {}).on('close', () => client.destroy())
      client.on('data', (bytes) => {
        if (broken < 3 && bytes.includes('typarray')) {
          broken += 1
          client[breaks]()
        } else to.write(bytes)
      })
      to.pipe(client)
    })
    line.listen(0, '127.0.0.1')
    await once(line, 'listening')
    const through = openDatabase(
      `postgres://${behind.username}:${behind.password}@127.0.0.1:${(line.address() as AddressInfo).port}/sovet`,
    )
    const ask = () => through.sql`select 1 as one`.then(([row]) => row!.one as number).catch(() => 0)
    await expect.poll(ask).toBe(1)
    expect(broken).toBeGreaterThan(0)
    await through.close()
    line.close()
  },
)
