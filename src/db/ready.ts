import { type Placeholder, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/postgres-js'
import { rawSql, type Tx } from './database.ts'

const builder = drizzle.mock({ casing: 'snake_case' })

type Buildable<Result> = { prepare(name: string): { execute(gaps?: Record<string, unknown>): Promise<Result> } }

/**
 * Makes a statement ready: drizzle puts it together once, and not for each use, which took a sixth of what a pressed button costs. For what every update asks; its gaps are made
 * by `gap` and filled when it is run within a transaction.
 */
export function ready<Gaps extends Record<string, unknown>, Result>(
  build: (db: typeof builder) => Buildable<Result>,
): (tx: Tx, gaps: Gaps) => Promise<Result> {
  const statement = build(builder).prepare('ready')
  return (tx, gaps) => {
    // drizzle binds a statement to the client it was made with: here to the transaction's.
    const within = Object.create(statement, { client: { value: rawSql(tx) } }) as typeof statement
    return within.execute(gaps)
  }
}

/** The place of a value in a ready statement. */
export const gap = (name: string): Placeholder => sql.placeholder(name)
