import { readFile } from 'node:fs/promises'
import type { Sql } from 'postgres'

/** Makes the tables, functions and text-search configuration of the FAQ in an empty database (C.UTF-8). For tests and measurements. */
export async function createFaqTables(sql: Sql): Promise<void> {
  await sql.unsafe(await readFile(new URL('./schema/council.sql', import.meta.url), 'utf8')).simple()
}
