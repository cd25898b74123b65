import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { backUp, type Manifest, restore } from '../../src/db/backup.ts'
import { type Database, openDatabase } from '../../src/db/database.ts'
import { openDiskStore } from '../../src/files/disk.ts'
import { Temporal } from '../../src/kernel/clock.ts'
import { prepareExample } from '../../src/sandbox/example/municipality.ts'
import { freshDatabase } from '../support/database.ts'

let source: Database
let target: Database
let folder: string
let manifest: Manifest
const now = Temporal.Instant.from('2026-03-02T06:00:00Z')

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sovet-backup-'))
  source = openDatabase(await freshDatabase(), { max: 2 })
  target = openDatabase(await freshDatabase(), { max: 2 })
  await source.asSystem((tx) => prepareExample(tx, now))
  const files = await openDiskStore(join(folder, 'files'))
  await files.put(1, Buffer.from('приказ'))
  manifest = await backUp(source, join(folder, 'files'), join(folder, 'backup'), now.toString())
})

afterAll(async () => {
  await source.close()
  await target.close()
  await rm(folder, { recursive: true, force: true })
})

it('what was damaged is not restored', async () => {
  const path = join(folder, 'backup/tables/persons.ndjson.gz')
  const whole = await readFile(path)
  await writeFile(path, whole.subarray(0, whole.length - 4))
  await expect(restore(target, join(folder, 'restored'), join(folder, 'backup'))).rejects.toThrow(
    /persons is missing or damaged/,
  )
  await writeFile(path, whole)
})

it('a restored database equals the one that was backed up, row by row, and so do the files', async () => {
  await restore(target, join(folder, 'restored'), join(folder, 'backup'))
  for (const { name, columns } of manifest.tables) {
    const rows = (database: Database) =>
      database.sql`select ${database.sql(columns)} from ${database.sql(name)} order by 1, 2`
    expect(await rows(target), name).toEqual(await rows(source))
  }
  expect(manifest.tables.find((table) => table.name === 'memberships')?.rows).toBeGreaterThan(4)
  const [[stored] = []] = [await source.sql<{ count: number }[]>`select count(*)::int as count from municipalities`]
  expect(stored?.count).toBe(1)
  const files = await openDiskStore(join(folder, 'restored'))
  const kept = await openDiskStore(join(folder, 'files'))
  const put = await kept.put(1, Buffer.from('приказ'))
  expect(put.ok && (await files.has(1, put.value.sha256))).toBe(true)
})

it('new rows get keys of their own, and a database that is not empty is left alone', async () => {
  const [row] = await target.sql<
    { id: string }[]
  >`insert into persons (full_name, created_at) values ('Новый Человек', now()) returning id`
  const [highest] = await source.sql<{ id: string }[]>`select max(id) as id from persons`
  expect(Number(row?.id)).toBeGreaterThan(Number(highest?.id))
  await expect(restore(target, join(folder, 'restored'), join(folder, 'backup'))).rejects.toThrow(/not empty/)
})
