import { readFile } from 'node:fs/promises'
import type { Sql } from 'postgres'
import { builtInSynonyms } from '../council/synonyms.ts'
import type { Instant } from '../kernel/clock.ts'
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
