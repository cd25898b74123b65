import { randomBytes } from 'node:crypto'
import postgres, { type Sql } from 'postgres'
import { inject, onTestFinished } from 'vitest'
import { createFaqTables } from '../../src/db/faq-tables.ts'

export type FaqDatabase = { sql: Sql; drop(): Promise<void> }

/** A database of its own with the FAQ's tables, on the PostgreSQL of the run. */
export async function aFaqDatabase(): Promise<FaqDatabase> {
  const name = `faq_${randomBytes(6).toString('hex')}`
  const server = postgres(inject('postgresUrl'), { max: 1, onnotice: () => {} })
  await server.unsafe(`create database ${name} template template0`)
  const sql = postgres(inject('postgresUrl').replace(/\/postgres$/, `/${name}`), { max: 4, onnotice: () => {} })
  await createFaqTables(sql)
  return {
    sql,
    async drop() {
      await sql.end({ timeout: 5 })
      await server.unsafe(`drop database ${name} with (force)`)
      await server.end({ timeout: 5 })
    },
  }
}

/** As aFaqDatabase, dropped when the test that asked for it has finished. */
export async function aFaqDatabaseForThisTest(): Promise<Sql> {
  const { sql, drop } = await aFaqDatabase()
  onTestFinished(drop)
  return sql
}
