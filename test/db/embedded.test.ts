import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkDatabase, openDatabase } from '../../src/db/database.ts'
import { type EmbeddedServer, startEmbedded } from '../../src/db/embedded.ts'
import { InputProblem } from '../../src/kernel/problem.ts'

let folder: string
let servers: EmbeddedServer[]

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'sovet-embedded-')), 'postgres') // mode 0700: a closed folder
  servers = []
})
afterEach(async () => {
  for (const server of servers) await server.stop()
  await rm(join(folder, '..'), { recursive: true, force: true })
})

async function start(): Promise<EmbeddedServer> {
  const server = await startEmbedded(folder)
  servers.push(server)
  return server
}
const pidOf = async () => Number((await readFile(join(folder, 'data', 'postmaster.pid'), 'utf8')).split('\n')[0])
const lives = (pid: number) => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
async function ask<T>(
  server: EmbeddedServer,
  question: (database: ReturnType<typeof openDatabase>) => Promise<T>,
): Promise<T> {
  const database = openDatabase(server.url)
  try {
    return await question(database)
  } finally {
    await database.close()
  }
}

describe('the embedded PostgreSQL', () => {
  it('is made at the first start, knows Russian letters, keeps its password to itself, and its data over a stop', async () => {
    const first = await start()
    await ask(first, async (database) => {
      await checkDatabase(database)
      await database.sql`create table kept as select 1 as one`
    })
    await first.stop()
    expect((await stat(join(folder, 'password'))).mode & 0o077).toBe(0)
    const second = await start()
    expect(await ask(second, (database) => database.sql`select one from kept`)).toMatchObject([{ one: 1 }])
  })

  it('is shared by a second process, and stopped by the last one that uses it', async () => {
    const first = await start()
    const second = await startEmbedded(folder)
    expect([first.shared, second.shared, second.url === first.url]).toEqual([false, true, true])
    const pid = await pidOf()
    const database = openDatabase(second.url)
    await database.sql`select 1`
    await first.stop()
    expect(lives(pid)).toBe(true)
    await database.close()
    await second.stop()
    await expect.poll(() => lives(pid)).toBe(false)
  })

  it('that was killed is started again', async () => {
    await start()
    process.kill(await pidOf(), 'SIGKILL')
    const again = await start()
    expect(again.shared).toBe(false)
    expect(await ask(again, (database) => database.sql`select 1 as one`)).toHaveLength(1)
  })

  it('is not mistaken for another program that has its number now', async () => {
    await (await start()).stop()
    await writeFile(
      join(folder, 'data', 'postmaster.pid'),
      `${process.pid}\n${folder}/data\n1\n5432\n${folder}/run\n\n1 1\nready\n`,
    )
    expect((await start()).shared).toBe(false)
  })

  it('started by several at once is one server', async () => {
    const together = await Promise.all([1, 2, 3].map(() => startEmbedded(folder)))
    servers.push(together[0]!)
    expect(together.filter((server) => !server.shared)).toHaveLength(1)
    expect(new Set(together.map((server) => server.url)).size).toBe(1)
  })

  it('that says nothing is waited for, then told of as what it is', async () => {
    await start()
    const pid = await pidOf()
    process.kill(pid, 'SIGSTOP')
    try {
      const problem = await startEmbedded(folder, 1500).catch((error: unknown) => error)
      expect(problem).toBeInstanceOf(InputProblem)
      expect((problem as Error).message).toMatch(
        /^The embedded PostgreSQL runs but does not answer [^\n]+postgres\.log$/,
      )
      const slow = startEmbedded(folder)
      await new Promise((resolve) => setTimeout(resolve, 500))
      process.kill(pid, 'SIGCONT')
      expect((await slow).shared).toBe(true)
    } finally {
      process.kill(pid, 'SIGCONT')
    }
  })

  it('says in one line what keeps it from starting', async () => {
    const place = join(folder, '..', 'file')
    await writeFile(place, '')
    await chmod(place, 0o600)
    const problem = await startEmbedded(join(place, 'postgres')).catch((error: unknown) => error)
    expect(problem).toBeInstanceOf(InputProblem)
    expect((problem as Error).message).toMatch(/^DATA_DIR: [^\n]+$/)
  })
})
