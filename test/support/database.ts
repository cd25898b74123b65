import { randomUUID } from 'node:crypto'
import { PgBoss } from 'pg-boss'
import postgres from 'postgres'
import { inject } from 'vitest'
import { migrateDatabase } from '../../src/db/migrate.ts'

const TEMPLATE = 'sovet_template'

/** The address of a new empty database with all tables, on the server of this run: a copy of a template that the first asker makes. */
export async function freshDatabase(): Promise<string> {
  const server = inject('postgresUrl')
  const admin = postgres(server, { max: 1, onnotice: () => {} })
  const name = `t_${randomUUID().replaceAll('-', '')}`
  try {
    await admin`select pg_advisory_lock(42)`
    await makeTemplate(admin, server)
    await admin.unsafe(`create database ${name} template ${TEMPLATE} strategy file_copy`)
  } finally {
    await admin.end()
  }
  return urlOf(server, name)
}

async function makeTemplate(admin: postgres.Sql, server: string): Promise<void> {
  const [known] = await admin`select from pg_database where datname = ${TEMPLATE}`
  if (known) return
  const making = `${TEMPLATE}_making`
  await admin.unsafe(`drop database if exists ${making}`)
  await admin.unsafe(`create database ${making}`)
  await migrateDatabase(urlOf(server, making))
  const boss = new PgBoss({ connectionString: urlOf(server, making), schedule: false, supervise: false })
  await boss.start()
  await boss.stop({ graceful: false })
  await admin.unsafe(`alter database ${making} rename to ${TEMPLATE}`)
}

function urlOf(server: string, database: string): string {
  const url = new URL(server)
  url.pathname = `/${database}`
  return url.toString()
}
