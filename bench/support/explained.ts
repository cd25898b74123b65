import { type SQL, sql } from 'drizzle-orm'
import type { Database, Tx } from '../../src/db/database.ts'

/** How PostgreSQL works on the statement of `query`, measured, as text. `query` runs one statement through `tx.execute`; what it makes of the plan is thrown away. */
export async function explained({ asSystem }: Database, query: (tx: Tx) => Promise<unknown>): Promise<string> {
  const plans: string[] = []
  await asSystem(async (tx) => {
    const execute = async (statement: SQL) => {
      const rows = await tx.execute<{ 'QUERY PLAN': string }>(sql`explain (analyze, buffers) ${statement}`)
      plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'))
      return []
    }
    await query(Object.assign(Object.create(tx), { execute })).catch(() => {}) // it finds no rows of its own
  })
  return plans.join('\n\n')
}
