import { join } from 'node:path'
import { readConfig } from '../config.ts'
import { checkDatabase, openDatabase } from '../db/database.ts'
import { startEmbedded } from '../db/embedded.ts'
import { migrateDatabase } from '../db/migrate.ts'
import { municipalities } from '../db/schema/index.ts'
import { InputProblem } from '../kernel/problem.ts'
import type { ProductFaq } from './faq.ts'

const NETWORK_CODES = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'CONNECT_TIMEOUT',
  'ENOENT',
  '28P01',
  '3D000',
  '28000',
]

/**
 * Opens the product's own database for one command: that of DATABASE_URL, or the embedded one, shared with a bot that runs on the same DATA_DIR. Its
 * tables are brought up to date first. Throws InputProblem where a setting is to blame.
 */
export async function openProductFaq(): Promise<ProductFaq> {
  const config = readConfig()
  const server = config.databaseUrl ? null : await startEmbedded(join(config.dataDir, 'postgres'))
  const url = config.databaseUrl ?? server?.url ?? ''
  try {
    await migrateDatabase(url).catch((problem: unknown) => {
      const code = String((problem as { code?: unknown } | null)?.code)
      throw NETWORK_CODES.includes(code)
        ? new InputProblem(`DATABASE_URL: the database does not answer (${code})`)
        : problem
    })
    const database = openDatabase(url, { max: 2 })
    await checkDatabase(database)
    return {
      sql: database.sql,
      municipalityId: async (typed) => {
        const all = await database.asSystem((tx) => tx.select().from(municipalities).orderBy(municipalities.id))
        const found = all.find((one) => one.name === typed) ?? all.find((one) => String(one.id) === typed)
        if (found) return found.id
        const known = all.map((one) => `${one.id} «${one.name}»`).join(', ')
        throw new InputProblem(`--municipality: нет муниципалитета «${typed}»; есть: ${known || 'ни одного'}`)
      },
      close: async () => {
        await database.close()
        await server?.stop()
      },
    }
  } catch (problem) {
    await server?.stop()
    throw problem
  }
}
