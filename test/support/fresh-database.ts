import { randomBytes } from 'node:crypto'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate } from 'drizzle-orm/postgres-js/migrator'
import postgres from 'postgres'
import { inject } from 'vitest'
import { type Database, openDatabase } from '../../src/db/database.ts'

const TEMPLATE = 'sovet_template'

/** A database of its own for a test file, copied from one that was migrated once a run. The test closes it. */
export async function freshDatabase(): Promise<Database> {
  const server = postgres(inject('postgresUrl'), { max: 1, onnotice: () => {} })
  const name = `sovet_${randomBytes(6).toString('hex')}`
  try {
    await server`select pg_advisory_lock(77)` // two test files at once make one template
    const [known] = await server`select from pg_database where datname = ${TEMPLATE}`
    if (!known) await makeTemplate(server)
    await server.unsafe(`create database ${name} template ${TEMPLATE}`)
  } finally {
    await server.end()
  }
  return openDatabase(urlOf(name), { max: 4 })
}

async function makeTemplate(server: postgres.Sql): Promise<void> {
  await server.unsafe(`create database ${TEMPLATE}`)
  const client = postgres(urlOf(TEMPLATE), { max: 1, onnotice: () => {} })
  try {
    await migrate(drizzle(client), { migrationsFolder: 'migrations' })
  } catch (problem) {
    await client.end()
    await server.unsafe(`drop database ${TEMPLATE}`)
    throw problem
  }
  await client.end()
}

function urlOf(name: string): string {
  const url = new URL(inject('postgresUrl'))
  url.pathname = `/${name}`
  return url.toString()
}
