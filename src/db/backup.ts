import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import type postgres from 'postgres'
import { z } from 'zod'
import { makeFolder } from '../files/folder.ts'
import type { FileStore } from '../files/store.ts'
import { InputProblem } from '../kernel/problem.ts'
import { RELEASE } from '../release.ts'
import type { Database } from './database.ts'

const Manifest = z.object({
  format: z.literal(2),
  /** Of the program that made it, for whoever reads the folder; what counts is `migration`. */
  release: z.string(),
  migration: z.string(),
  madeAt: z.string(),
  tables: z.array(
    z.object({
      schema: z.enum(['public', 'pgboss']),
      name: z.string().regex(/^\w+$/),
      columns: z.array(z.string()),
      rows: z.number().int(),
      sha256: z.string(),
    }),
  ),
  files: z.array(
    z.object({ municipalityId: z.number().int(), sha256: z.string().regex(/^[0-9a-f]{64}$/), size: z.number().int() }),
  ),
  /** Files that a row names but the store did not have, or not as they were: they were lost before this backup. */
  lost: z.number().int(),
})
export type Manifest = z.infer<typeof Manifest>
type Table = Pick<Manifest['tables'][number], 'schema' | 'name' | 'columns'>
type StoredFile = Manifest['files'][number]

/**
 * Writes everything into the new folder `target`: each table, and the jobs that were not done yet, as a compressed file of one and the same moment; the files that its rows name;
 * and last of all a manifest with the hash of each. The program may run meanwhile. Memory does not grow with what is kept.
 * Throws InputProblem where the folder holds something already or the disk does not take it; then nothing is left there.
 */
export async function backUp(database: Database, store: FileStore, target: string, madeAt: string): Promise<Manifest> {
  await makeEmptyFolder(target)
  try {
    const snapshot = await database.sql.begin('isolation level repeatable read read only', async (sql) => {
      await sql`set local statement_timeout = 0` // as long as the disk takes
      const tables: Manifest['tables'] = []
      for (const table of await tablesOf(sql)) tables.push(await writeTable(sql, table, target))
      return { migration: await lastMigration(sql), tables, named: await filesNamed(sql) }
    })
    const { migration, tables, named } = snapshot
    const files: StoredFile[] = []
    for (const file of named) if (await copyOut(store, file, target)) files.push(file)
    const manifest: Manifest = {
      format: 2,
      release: RELEASE,
      migration,
      madeAt,
      tables,
      files,
      lost: named.length - files.length,
    }
    await writeFile(join(target, 'manifest.json'), JSON.stringify(manifest, null, 2), { mode: 0o600 })
    return manifest
  } catch (problem) {
    for (const name of await readdir(target)) await rm(join(target, name), { recursive: true, force: true })
    throw diskProblem(problem, target)
  }
}

/**
 * Reads the folder `source` of a backup into an empty database with the tables of the same release, and its files into `store`. The backup is read and checked
 * as a whole before anything is changed; all or nothing comes back. `withJobs` makes the job engine's tables where they are not there yet.
 * Throws InputProblem where the database is not empty, the backup is damaged or of another release, or a right is missing.
 */
export async function restore(
  database: Database,
  store: FileStore,
  source: string,
  withJobs: () => Promise<void>,
): Promise<Manifest> {
  const manifest = await readManifest(source)
  await checkPlace(database, manifest)
  for (const table of manifest.tables) await checkFile(source, pathOf(source, table), table.sha256)
  for (const file of manifest.files) await checkFile(source, placeOf(source, file), file.sha256)
  await withJobs()
  try {
    await database.sql.begin(async (sql) => {
      await sql`set local statement_timeout = 0`
      await checkEmpty(sql)
      await sql`set local session_replication_role = replica` // the rows are whole as they are: no trigger, no order of foreign keys
      await sql`truncate ${sql(manifest.tables.filter(({ schema }) => schema === 'public').map(({ name }) => name))}` // what the migrations put there comes from the backup
      for (const table of manifest.tables) await readTable(sql, table, source)
      for (const table of manifest.tables) await checkRows(sql, table)
      for (const table of manifest.tables) await setSequences(sql, table)
      for (const file of manifest.files) await copyIn(store, file, source)
    })
  } catch (problem) {
    throw rightsProblem(diskProblem(problem, 'DATA_DIR'))
  }
  return manifest
}

async function makeEmptyFolder(folder: string): Promise<void> {
  try {
    await makeFolder(folder, 0o700)
    if ((await readdir(folder)).length > 0) throw new InputProblem(`${folder} is not empty: name a new folder`)
    await mkdir(join(folder, 'tables'), { mode: 0o700 })
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code === 'EEXIST')
      throw new InputProblem(`${folder} is a file: name a new folder`)
    throw diskProblem(problem, folder)
  }
}

const DISK_WORDS: Record<string, string> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'files of that size are not allowed there',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the disk is read-only',
  ENOTDIR: 'a part of the path is a file',
}

/** What the operator can mend is told in words; all else is passed on. */
function diskProblem(problem: unknown, where: string): unknown {
  const words = DISK_WORDS[String((problem as NodeJS.ErrnoException | null)?.code)]
  return words ? new InputProblem(`${where}: ${words}; nothing was left there`) : problem
}

function rightsProblem(problem: unknown): unknown {
  if ((problem as { code?: unknown } | null)?.code !== '42501') return problem
  return new InputProblem(
    'DATABASE_URL: this user may not restore; as the administrator of the database: grant set on parameter session_replication_role to … (its user)',
  )
}

// --- files

async function filesNamed(sql: postgres.TransactionSql): Promise<StoredFile[]> {
  const rows = await sql<{ municipality_id: string; sha256: string; size: string }[]>`
    select municipality_id, sha256, size from files order by municipality_id, sha256`
  return rows.map((row) => ({
    municipalityId: Number(row.municipality_id),
    sha256: row.sha256,
    size: Number(row.size),
  }))
}

/** Whether the store had the file, whole. */
async function copyOut(store: FileStore, file: StoredFile, target: string): Promise<boolean> {
  const bytes = /^[0-9a-f]{64}$/.test(file.sha256) ? await store.open(file.municipalityId, file.sha256) : null
  if (!bytes) return false
  const place = placeOf(target, file)
  await makeFolder(dirname(place), 0o700)
  const found = await writeHashed(bytes, place)
  if (found !== file.sha256) await rm(place)
  return found === file.sha256
}

async function copyIn(store: FileStore, file: StoredFile, source: string): Promise<void> {
  const put = await store.put(file.municipalityId, createReadStream(placeOf(source, file)))
  if (!put.ok && put.refusal.code === 'no-room')
    throw new InputProblem('DATA_DIR: the disk is full; the database was left empty')
  if (!put.ok || put.value.sha256 !== file.sha256)
    throw new InputProblem(`${source}: a file of the evidence changed while it was read; the database was left empty`)
}

/** Writes the bytes into a new file; gives their hash. */
async function writeHashed(bytes: Readable, path: string): Promise<string> {
  const hash = createHash('sha256')
  const hashing = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      hash.update(chunk)
      yield chunk
    }
  }
  await pipeline(bytes, hashing, createWriteStream(path, { mode: 0o600 }))
  return hash.digest('hex')
}

function placeOf(folder: string, file: Pick<StoredFile, 'municipalityId' | 'sha256'>): string {
  return join(folder, 'files', String(file.municipalityId), file.sha256.slice(0, 2), file.sha256)
}

// --- tables

/** The tables of the product and of what is left of the jobs, with the columns that are stored as given (not computed by the database), in a fixed order. */
async function tablesOf(sql: postgres.TransactionSql): Promise<Table[]> {
  return sql<Table[]>`
    select n.nspname as schema, c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     where n.nspname = 'public' and c.relkind = 'r' or n.nspname = 'pgboss' and c.relname in ('queue', 'job')
     group by 1, 2 order by 1 desc, 2 desc` // a job names its queue
}

async function lastMigration(sql: postgres.Sql | postgres.TransactionSql): Promise<string> {
  const [row] = await sql<
    { hash: string }[]
  >`select hash from drizzle.__drizzle_migrations order by created_at desc, id desc limit 1`
  return row?.hash ?? ''
}

/** Rows of a table that are fetched, and put back, at a time. */
const ROWS_AT_ONCE = 500

/** Of the jobs those that are to be done yet: one under way begins anew. */
function rowsOf(sql: postgres.TransactionSql, { schema, name, columns }: Table) {
  if (schema === 'public') return sql`select ${sql(columns)} from ${sql(name)}`
  if (name === 'queue') return sql`select ${sql(columns)} from pgboss.queue where name not like '\\_\\_%'`
  const again = columns.filter((column) => column !== 'state')
  return sql`select ${sql(again)}, 'created' as state from pgboss.job where state < 'completed' and name not like '\\_\\_%'`
}

async function writeTable(
  sql: postgres.TransactionSql,
  table: Table,
  target: string,
): Promise<Manifest['tables'][number]> {
  let rows = 0
  const lines = async function* () {
    const cursor = sql<{ row: string }[]>`select row_to_json(t)::text as row from (${rowsOf(sql, table)}) t`
    for await (const batch of cursor.cursor(ROWS_AT_ONCE)) {
      rows += batch.length
      yield batch.map(({ row }) => `${row}\n`).join('')
    }
  }
  const path = pathOf(target, table)
  await pipeline(lines, createGzip(), createWriteStream(path, { mode: 0o600 }))
  return { ...table, rows, sha256: await hashOf(path) }
}

async function readTable(
  sql: postgres.TransactionSql,
  table: Manifest['tables'][number],
  source: string,
): Promise<void> {
  const lines = createInterface({ input: createReadStream(pathOf(source, table)).pipe(createGunzip()) })
  let batch: string[] = []
  const put = async (): Promise<void> => {
    if (batch.length === 0) return
    await sql`
      insert into ${nameOf(sql, table)} (${sql(table.columns)}) overriding system value
      select ${sql(table.columns)} from jsonb_populate_recordset(null::${nameOf(sql, table)}, ${`[${batch.join(',')}]`}::text::jsonb)
      ${table.schema === 'public' ? sql`` : sql`on conflict do nothing`}`
    batch = []
  }
  for await (const line of lines) {
    batch.push(line)
    if (batch.length === ROWS_AT_ONCE) await put()
  }
  await put()
}

function nameOf(sql: postgres.TransactionSql, { schema, name }: Pick<Table, 'schema' | 'name'>) {
  return sql`${sql(schema)}.${sql(name)}`
}

/** Once all is in: every row of the manifest is there. */
async function checkRows(sql: postgres.TransactionSql, table: Manifest['tables'][number]): Promise<void> {
  const [count] = await sql<{ rows: number }[]>`select count(*)::int as rows from ${nameOf(sql, table)}`
  if (table.schema === 'public' ? count?.rows === table.rows : (count?.rows ?? 0) >= table.rows) return
  throw new InputProblem(`${table.name}: ${count?.rows} rows came back of ${table.rows}; the database was left empty`)
}

/** Keys go on after the highest one that came back. */
async function setSequences(sql: postgres.TransactionSql, table: Table): Promise<void> {
  if (table.schema !== 'public') return
  const columns = await sql<{ name: string; sequence: string }[]>`
    select a.attname as name, pg_get_serial_sequence(quote_ident(${table.name}), a.attname) as sequence
      from pg_attribute a where a.attrelid = ${table.name}::regclass and a.attidentity <> ''`
  for (const column of columns)
    await sql`select setval(${column.sequence}, greatest(1, coalesce((select max(${sql(column.name)}) from ${sql(table.name)}), 0) + 1), false)`
}

// --- what is refused

async function checkPlace({ sql }: Database, manifest: Manifest): Promise<void> {
  if ((await lastMigration(sql)) !== manifest.migration)
    throw new InputProblem(
      `The backup was made by release ${manifest.release} with other tables: restore it with that one, then upgrade`,
    )
  await checkEmpty(sql)
}

async function checkEmpty(sql: postgres.Sql | postgres.TransactionSql): Promise<void> {
  const [full] = await sql`select from municipalities limit 1`
  if (full) throw new InputProblem('The database is not empty: restore into a new one')
}

async function readManifest(source: string): Promise<Manifest> {
  const text = await readFile(join(source, 'manifest.json'), 'utf8').catch(() => {
    throw new InputProblem(`${source}: there is no manifest.json; this is no backup, or it was not finished`)
  })
  try {
    return Manifest.parse(JSON.parse(text))
  } catch {
    throw new InputProblem(`${source}: the manifest is damaged, or of another release`)
  }
}

async function checkFile(source: string, path: string, sha256: string): Promise<void> {
  const found = await hashOf(path).catch(() => null)
  if (found === sha256) return
  const name = path.slice(source.length + 1)
  throw new InputProblem(`${source}: ${name} is ${found === null ? 'missing' : 'damaged'}; nothing was changed`)
}

function pathOf(folder: string, { schema, name }: Pick<Table, 'schema' | 'name'>): string {
  return join(folder, 'tables', `${schema === 'public' ? '' : `${schema}.`}${name}.ndjson.gz`)
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
