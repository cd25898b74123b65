import { sql } from 'drizzle-orm'
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import * as schema from './schema/index.ts'

export type Schema = typeof schema
export type Drizzle = PostgresJsDatabase<Schema>
/** An open transaction. In one made by `inMunicipality` row-level security shows the rows of that municipality alone. */
export type Tx = Parameters<Parameters<Drizzle['transaction']>[0]>[0]

export type Database = {
  sql: postgres.Sql
  drizzle: Drizzle
  /** Runs `work` in a transaction of the program itself, over all municipalities: planning, delivery, the operator's commands. */
  asSystem<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** Runs `work` in a transaction that sees and changes the rows of one municipality, whatever its queries forget to ask. */
  inMunicipality<T>(municipalityId: number, work: (tx: Tx) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/**
 * Opens a pool on `url` (postgres://…). `max`: connections at most. `statementTimeoutMs` ends a query of a silent or stuck server.
 * Throws nothing by itself: the first query does, if the server cannot be reached.
 */
export function openDatabase(url: string, options: { max?: number; statementTimeoutMs?: number } = {}): Database {
  const client = postgres(url, {
    max: options.max ?? 10,
    connect_timeout: 5,
    idle_timeout: 60,
    onnotice: () => {},
    connection: { application_name: 'sovet', statement_timeout: options.statementTimeoutMs ?? 30_000, TimeZone: 'UTC' },
  })
  const db = drizzle(client, { schema, casing: 'snake_case' })
  return {
    sql: client,
    drizzle: db,
    asSystem: (work) => db.transaction(work),
    inMunicipality: (municipalityId, work) =>
      db.transaction(async (tx) => {
        await narrowToMunicipality(tx, municipalityId)
        return work(tx)
      }),
    close: () => client.end({ timeout: 5 }),
  }
}

/** From here on `tx` sees the rows of `municipalityId` alone: the role `sovet_tenant` is bound by row-level security. */
export async function narrowToMunicipality(tx: Tx, municipalityId: number): Promise<void> {
  await tx.execute(
    sql`select set_config('role', 'sovet_tenant', true), set_config('app.municipality', ${String(municipalityId)}, true)`,
  )
}

/** Back to the program's own rights within the same transaction. */
export async function widenToSystem(tx: Tx): Promise<void> {
  await tx.execute(sql`select set_config('role', 'none', true), set_config('app.municipality', '', true)`)
}
