import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { cp, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import type postgres from 'postgres'
import { z } from 'zod'
import { InputProblem } from '../kernel/problem.ts'
import type { Database } from './database.ts'

const Manifest = z.object({
  format: z.literal(1),
  migration: z.string(),
  madeAt: z.string(),
  tables: z.array(
    z.object({ name: z.string(), columns: z.array(z.string()), rows: z.number().int(), sha256: z.string() }),
  ),
})
export type Manifest = z.infer<typeof Manifest>

type Table = { name: string; columns: string[] }

/**
 * Writes everything into the new folder `target`: each table as a compressed file of one and the same moment, the evidence beside it, and a
 * manifest. The program may run meanwhile. Throws InputProblem where the folder exists already.
 */
export async function backUp(
  database: Database,
  filesFolder: string,
  target: string,
  madeAt: string,
): Promise<Manifest> {
  await mkdir(join(target, 'tables'), { recursive: false }).catch(async (problem: NodeJS.ErrnoException) => {
    if (problem.code === 'ENOENT') return mkdir(join(target, 'tables'), { recursive: true })
    throw new InputProblem(`${target} exists already: name a new folder`)
  })
  const tables = await database.sql.begin('isolation level repeatable read read only', async (sql) => {
    const written: Manifest['tables'] = []
    for (const table of await tablesOf(sql)) written.push(await writeTable(sql, table, target))
    return { migration: await lastMigration(sql), written }
  })
  if (await exists(filesFolder)) await cp(filesFolder, join(target, 'files'), { recursive: true })
  const manifest: Manifest = { format: 1, migration: tables.migration, madeAt, tables: tables.written }
  await writeFile(join(target, 'manifest.json'), JSON.stringify(manifest, null, 2))
  return manifest
}

/**
 * Reads the folder `source` of a backup into an empty database with the tables of the same release, and the evidence into `filesFolder`.
 * All or nothing. Throws InputProblem where the database is not empty, the backup is damaged or of another release.
 */
export async function restore(database: Database, filesFolder: string, source: string): Promise<Manifest> {
  const manifest = await readManifest(source)
  for (const table of manifest.tables) await checkTable(source, table)
  await database.sql.begin(async (sql) => {
    if ((await lastMigration(sql)) !== manifest.migration)
      throw new InputProblem('The backup was made by another release: restore it with that one, then upgrade')
    const [full] = await sql`select from municipalities limit 1`
    if (full) throw new InputProblem('The database is not empty: restore into a new one')
    await sql`set local session_replication_role = replica` // the rows are whole as they are: no trigger, no order of foreign keys
    await sql`truncate ${sql(manifest.tables.map((table) => table.name))}` // what the migrations put there comes from the backup
    for (const table of manifest.tables) await readTable(sql, table, source)
    for (const table of manifest.tables) await checkRows(sql, table)
    for (const table of manifest.tables) await setSequences(sql, table.name)
  })
  if (await exists(join(source, 'files'))) await cp(join(source, 'files'), filesFolder, { recursive: true })
  return manifest
}

/** The tables of the product with the columns that are stored as given (not computed by the database), in a fixed order. */
async function tablesOf(sql: postgres.TransactionSql): Promise<Table[]> {
  return sql<Table[]>`
    select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
     group by c.relname order by c.relname`
}

async function lastMigration(sql: postgres.TransactionSql): Promise<string> {
  const [row] = await sql<
    { hash: string }[]
  >`select hash from drizzle.__drizzle_migrations order by created_at desc, id desc limit 1`
  return row?.hash ?? ''
}

/** Rows of a table that are fetched, and put back, at a time. */
const ROWS_AT_ONCE = 500

async function writeTable(
  sql: postgres.TransactionSql,
  table: Table,
  target: string,
): Promise<Manifest['tables'][number]> {
  const path = pathOf(target, table.name)
  let rows = 0
  const lines = async function* () {
    const cursor = sql<
      { row: string }[]
    >`select row_to_json(t)::text as row from (select ${sql(table.columns)} from ${sql(table.name)}) t`
    for await (const batch of cursor.cursor(ROWS_AT_ONCE)) {
      rows += batch.length
      yield batch.map(({ row }) => `${row}\n`).join('')
    }
  }
  await pipeline(lines, createGzip(), createWriteStream(path))
  return { ...table, rows, sha256: await hashOf(path) }
}

async function readTable(
  sql: postgres.TransactionSql,
  table: Manifest['tables'][number],
  source: string,
): Promise<void> {
  const lines = createInterface({ input: createReadStream(pathOf(source, table.name)).pipe(createGunzip()) })
  let batch: string[] = []
  const put = async (): Promise<void> => {
    if (batch.length === 0) return
    await sql`
      insert into ${sql(table.name)} (${sql(table.columns)}) overriding system value
      select ${sql(table.columns)} from jsonb_populate_recordset(null::${sql(table.name)}, ${`[${batch.join(',')}]`}::text::jsonb)`
    batch = []
  }
  for await (const line of lines) {
    batch.push(line)
    if (batch.length === ROWS_AT_ONCE) await put()
  }
  await put()
}

/** Once all is in: every row of the manifest is there. */
async function checkRows(sql: postgres.TransactionSql, table: Manifest['tables'][number]): Promise<void> {
  const [count] = await sql<{ rows: number }[]>`select count(*)::int as rows from ${sql(table.name)}`
  if (count?.rows !== table.rows) throw new Error(`${table.name}: ${count?.rows} rows came back of ${table.rows}`)
}

/** Keys go on after the highest one that came back. */
async function setSequences(sql: postgres.TransactionSql, table: string): Promise<void> {
  const columns = await sql<{ name: string; sequence: string }[]>`
    select a.attname as name, pg_get_serial_sequence(quote_ident(${table}), a.attname) as sequence
      from pg_attribute a where a.attrelid = ${table}::regclass and a.attidentity <> ''`
  for (const column of columns)
    await sql`select setval(${column.sequence}, greatest(1, coalesce((select max(${sql(column.name)}) from ${sql(table)}), 0) + 1), false)`
}

async function readManifest(source: string): Promise<Manifest> {
  const text = await readFile(join(source, 'manifest.json'), 'utf8').catch(() => {
    throw new InputProblem(`${source}: there is no manifest.json; this is no backup, or it was not finished`)
  })
  const read = Manifest.safeParse(JSON.parse(text))
  if (!read.success) throw new InputProblem(`${source}: the manifest is not one of a backup`)
  return read.data
}

async function checkTable(source: string, table: Manifest['tables'][number]): Promise<void> {
  const found = await hashOf(pathOf(source, table.name)).catch(() => null)
  if (found !== table.sha256) throw new InputProblem(`${source}: the file of ${table.name} is missing or damaged`)
}

function pathOf(folder: string, table: string): string {
  return join(folder, 'tables', `${table}.ndjson.gz`)
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

async function exists(folder: string): Promise<boolean> {
  return stat(folder).then(
    () => readdir(folder).then((entries) => entries.length > 0),
    () => false,
  )
}
