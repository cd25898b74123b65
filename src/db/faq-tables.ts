import { readdir, readFile } from 'node:fs/promises'
import type { Sql } from 'postgres'

const migrations = new URL('../../migrations/', import.meta.url)

/** Makes the tables, functions and text-search configuration of the FAQ in an empty database (C.UTF-8): those of the migration `search_the_faq`, without any municipality's. For tests and measurements. */
export async function createFaqTables(sql: Sql): Promise<void> {
  const name = (await readdir(migrations)).find((file) => file.endsWith('_search_the_faq.sql'))
  if (!name) throw new Error('there is no migration search_the_faq')
  await sql.unsafe(await readFile(new URL(name, migrations), 'utf8')).simple()
}
