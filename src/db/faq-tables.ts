import { readdir, readFile } from 'node:fs/promises'
import type { Sql } from 'postgres'

const migrations = new URL('../../migrations/', import.meta.url)

/** The migrations that make what the search needs, and nothing besides. */
const OF_THE_SEARCH = ['search_the_faq', 'plan_near_words_once']

/** Makes the tables, functions and text-search configuration of the FAQ in an empty database (C.UTF-8), without any municipality's. For tests and measurements. */
export async function createFaqTables(sql: Sql): Promise<void> {
  const files = await readdir(migrations)
  for (const what of OF_THE_SEARCH) {
    const name = files.find((file) => file.endsWith(`_${what}.sql`))
    if (!name) throw new Error(`there is no migration ${what}`)
    await sql.unsafe(await readFile(new URL(name, migrations), 'utf8')).simple()
  }
}
