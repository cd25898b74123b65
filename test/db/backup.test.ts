import { createHash, randomBytes } from 'node:crypto'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { PgBoss } from 'pg-boss'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { backUp, type Manifest, restore } from '../../src/db/backup.ts'
import { type Database, openDatabase } from '../../src/db/database.ts'
import { openDiskStore } from '../../src/files/disk.ts'
import type { FileStore } from '../../src/files/store.ts'
import { makeJobTables } from '../../src/jobs/queues.ts'
import { Temporal } from '../../src/kernel/clock.ts'
import { InputProblem } from '../../src/kernel/problem.ts'
import { prepareExample } from '../../src/sandbox/example/municipality.ts'
import { freshDatabase } from '../support/database.ts'

let folder: string
let url: string
let source: Database
let store: FileStore
let manifest: Manifest
const open: Database[] = []
const now = Temporal.Instant.from('2026-03-02T06:00:00Z')
const ORDER = Buffer.from('приказ')
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sovet-backup-'))
  url = await freshDatabase()
  source = openDatabase(url, { max: 3 })
  open.push(source)
  await source.asSystem((tx) => prepareExample(tx, now))
  store = await openDiskStore(join(folder, 'files'))
  await keep(ORDER)
  await oneJobWaits()
  manifest = await backUp(source, store, join(folder, 'backup'), now.toString())
})

afterAll(async () => {
  for (const database of open) await database.close()
  await rm(folder, { recursive: true, force: true })
})

/** A file of the first municipality, in the store and with its row. */
async function keep(bytes: Buffer): Promise<void> {
  const put = await store.put(1, bytes)
  if (!put.ok) throw new Error(put.refusal.code)
  await source.sql`
    insert into files (municipality_id, sha256, size, mime, created_at) values (1, ${put.value.sha256}, ${bytes.length}, 'application/pdf', now())`
}

async function oneJobWaits(): Promise<void> {
  const boss = new PgBoss({ connectionString: url, schedule: false, supervise: false })
  await boss.start()
  await boss.createQueue('publish-roadmap')
  await boss.send('publish-roadmap', { roadmapId: 7 })
  await boss.stop({ graceful: false })
}

async function emptyPlace(): Promise<{
  database: Database
  store: FileStore
  files: string
  withJobs: () => Promise<void>
}> {
  const emptyUrl = await freshDatabase()
  const database = openDatabase(emptyUrl, { max: 2 })
  open.push(database)
  const files = await mkdtemp(join(folder, 'restored-'))
  return { database, store: await openDiskStore(files), files, withJobs: () => makeJobTables(emptyUrl) }
}

/** The backup, damaged: a copy that a test may spoil. */
async function spoilt(spoil: (copy: string) => Promise<unknown>): Promise<string> {
  const copy = await mkdtemp(join(folder, 'copy-'))
  await cp(join(folder, 'backup'), copy, { recursive: true })
  await spoil(copy)
  return copy
}

async function changeByte(path: string): Promise<void> {
  const bytes = await readFile(path)
  bytes[Math.floor(bytes.length / 2)]! ^= 1
  await writeFile(path, bytes)
}

const filePath = join('files/1', sha256(ORDER).slice(0, 2), sha256(ORDER))

describe('a backup that cannot be trusted is refused in one line, and nothing is changed', () => {
  it.each<[string, (copy: string) => Promise<unknown>, RegExp]>([
    [
      'one byte of a table changed',
      (copy) => changeByte(join(copy, 'tables/persons.ndjson.gz')),
      /persons\S* is damaged/,
    ],
    ['a table is missing', (copy) => unlink(join(copy, 'tables/tasks.ndjson.gz')), /tasks\S* is missing/],
    ['one byte of a file changed', (copy) => changeByte(join(copy, filePath)), /files\S* is damaged/],
    ['a file is missing', (copy) => unlink(join(copy, filePath)), /files\S* is missing/],
    ['it was not finished', (copy) => unlink(join(copy, 'manifest.json')), /not finished/],
    [
      'the manifest is cut short',
      (copy) => writeFile(join(copy, 'manifest.json'), '{"format": 2'),
      /manifest is damaged/,
    ],
    [
      'it is of another release',
      (copy) =>
        writeFile(join(copy, 'manifest.json'), JSON.stringify({ ...manifest, release: '0.0.9', migration: 'other' })),
      /release 0\.0\.9 with other tables/,
    ],
    [
      'the manifest counts more rows than there are',
      (copy) =>
        writeFile(
          join(copy, 'manifest.json'),
          JSON.stringify({ ...manifest, tables: manifest.tables.map((table) => ({ ...table, rows: table.rows + 1 })) }),
        ),
      /rows came back/,
    ],
  ])('%s', async (_, spoil, says) => {
    const copy = await spoilt(spoil)
    const place = await emptyPlace()
    const problem = await restore(place.database, place.store, copy, place.withJobs).catch((error: unknown) => error)
    expect(problem).toBeInstanceOf(InputProblem)
    expect((problem as Error).message).toMatch(says)
    expect((problem as Error).message).not.toContain('\n')
    expect(await place.database.sql`select from persons`).toEqual([])
    expect(await readdir(place.files)).toEqual(['incoming'])
  })
})

describe('a backup that was put back', () => {
  it('equals what was backed up: row by row, file by hash, and the jobs that were not done yet', async () => {
    const place = await emptyPlace()
    await restore(place.database, place.store, join(folder, 'backup'), place.withJobs)
    for (const { schema, name, columns } of manifest.tables.filter((table) => table.schema === 'public')) {
      const rows = ({ sql }: Database) => sql`select ${sql(columns)} from ${sql(schema)}.${sql(name)} order by 1, 2`
      expect(await rows(place.database), name).toEqual(await rows(source))
    }
    expect(manifest.tables.find((table) => table.name === 'memberships')?.rows).toBeGreaterThan(4)
    expect(await readFile(join(place.files, '1', sha256(ORDER).slice(0, 2), sha256(ORDER)))).toEqual(ORDER)
    expect(await place.database.sql`select name, state, data from pgboss.job`).toEqual([
      { name: 'publish-roadmap', state: 'created', data: { roadmapId: 7 } },
    ])
    expect(manifest.lost).toBe(0)
  })

  it('goes on with keys of its own, and another one does not fit over it', async () => {
    const place = await emptyPlace()
    await restore(place.database, place.store, join(folder, 'backup'), place.withJobs)
    const [row] = await place.database.sql<
      { id: string }[]
    >`insert into persons (full_name, created_at) values ('Новый Человек', now()) returning id`
    const [highest] = await source.sql<{ id: string }[]>`select max(id) as id from persons`
    expect(Number(row?.id)).toBeGreaterThan(Number(highest?.id))
    await expect(restore(place.database, place.store, join(folder, 'backup'), place.withJobs)).rejects.toThrow(
      /not empty/,
    )
  })
})

describe('backing up', () => {
  it('is of one moment, though people go on working', async () => {
    let working = true
    const work = (async () => {
      for (let n = 0; working; n++)
        await source.sql.begin(async (sql) => {
          const [person] =
            await sql`insert into persons (full_name, created_at) values (${`Пришедший ${n}`}, now()) returning id`
          await sql`insert into consents (municipality_id, person_id, version, given_at) values (1, ${person!.id}, 'test', now())`
        })
    })()
    await expect
      .poll(async () => (await source.sql`select from consents where version = 'test'`).length)
      .toBeGreaterThan(3)
    const target = join(folder, 'while-working')
    await backUp(source, store, target, now.toString())
    working = false
    await work
    const place = await emptyPlace()
    await restore(place.database, place.store, target, place.withJobs)
    const [odd] = await place.database.sql<{ count: number }[]>`
      select count(*)::int as count from persons p full join consents c on c.person_id = p.id and c.version = 'test'
       where p.full_name like 'Пришедший%' and c.id is null or c.version = 'test' and p.id is null`
    expect(odd?.count).toBe(0)
  })

  it('tells which files rows name that the store has lost, and takes the others', async () => {
    const gone = Buffer.from('пропавший')
    await keep(gone)
    await store.remove(1, sha256(gone))
    const target = join(folder, 'one-lost')
    expect(await backUp(source, store, target, now.toString())).toMatchObject({
      lost: 1,
      files: [{ sha256: sha256(ORDER) }],
    })
    await source.sql`delete from files where sha256 = ${sha256(gone)}`
  })

  it('leaves a folder alone that holds something, and what it writes is for its user alone', async () => {
    const taken = join(folder, 'taken')
    await mkdir(taken)
    await writeFile(join(taken, 'letter.txt'), 'мой')
    await expect(backUp(source, store, taken, now.toString())).rejects.toThrow(/not empty/)
    expect(await readdir(taken)).toEqual(['letter.txt'])
    await expect(backUp(source, store, join(taken, 'letter.txt'), now.toString())).rejects.toThrow(/is a file/)
    expect((await stat(join(folder, 'backup'))).mode & 0o77).toBe(0)
    expect((await stat(join(folder, 'backup/tables/persons.ndjson.gz'))).mode & 0o77).toBe(0)
  })

  it('keeps a hundred thousand rows and large files, with memory that does not grow with them', async () => {
    for (let part = 0; part < 10; part++) {
      await source.sql`
        insert into deliveries (chat, lane, reason, content, state, created_at)
        select 'c' || n, 2, 'announcement', jsonb_build_object('do', 'send', 'screen', jsonb_build_object('text', repeat('слово ', 40))), 'sent', now()
          from generate_series(1, 10000) n`
    }
    for (let n = 0; n < 3; n++) await keep(randomBytes(20 * 2 ** 20))
    const target = join(folder, 'large')
    const place = await emptyPlace()
    const peak = await peakMemoryMb(async () => {
      await backUp(source, store, target, now.toString())
      await restore(place.database, place.store, target, place.withJobs)
    })
    const [count] = await place.database.sql<{ count: number }[]>`select count(*)::int as count from deliveries`
    expect(count?.count).toBeGreaterThanOrEqual(100_000)
    expect(peak).toBeLessThan(150) // the rows alone are 50 MB as text, the files 60
  })
})

/** Megabytes by which the process grew at most while `work` ran. */
setFlagsFromString('--expose-gc')
const clearAway = runInNewContext('gc') as () => void

async function peakMemoryMb(work: () => Promise<void>): Promise<number> {
  clearAway()
  const before = process.memoryUsage().rss
  let most = before
  const watch = setInterval(() => {
    clearAway() // garbage that nobody needed to clear away yet says nothing
    most = Math.max(most, process.memoryUsage().rss)
  }, 200)
  await work().finally(() => clearInterval(watch))
  return (most - before) / 2 ** 20
}
