import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Sql } from 'postgres'
import { builtInSynonyms } from '../council/synonyms.ts'
import type { Instant } from '../kernel/clock.ts'
import { RELEASE } from '../release.ts'
import { type ImportReport, importFaq, keepSynonyms } from './faq-import.ts'

const STARTER = new URL('../council/starter/faq.ru.csv', import.meta.url)

/**
 * Keeps the common starter: its entries, which every municipality sees as typical until a coordinator confirms them, and the words of the field.
 * Done again after an upgrade it changes only what is new. `at`: the instant noted as the time of change.
 */
export async function keepStarterFaq(sql: Sql, at: Instant): Promise<ImportReport> {
  await keepSynonyms(sql, null, builtInSynonyms)
  return importFaq(sql, null, { name: 'faq.ru.csv', bytes: await readFile(STARTER) }, at)
}

/**
 * Keeps the common starter once a release: a start that finds it kept by this one reads no more than a mark, the comment on the table of entries. `at`: the instant noted as the time
 * of change. For whoever owns the tables.
 */
export async function refreshStarterFaq(sql: Sql, at: Instant): Promise<void> {
  const mark = await markOfStarter()
  const [kept] = await sql<{ by: string | null }[]>`select obj_description('faq_entries'::regclass, 'pg_class') as by`
  if (kept?.by === mark) return
  await keepStarterFaq(sql, at)
  await sql.unsafe(`comment on table faq_entries is '${mark}'`)
}

async function markOfStarter(): Promise<string> {
  const words = createHash('sha256')
    .update(await readFile(STARTER))
    .update(JSON.stringify(builtInSynonyms))
  return `The starter of release ${RELEASE}, ${words.digest('hex')}`
}
