import { type Database, openDatabase } from '../../src/db/database.ts'
import { freshDatabase as freshUrl } from './database.ts'

/** A database of its own for a test file, copied from one that was migrated once a run. The test closes it. */
export async function freshDatabase(): Promise<Database> {
  return openDatabase(await freshUrl(), { max: 4 })
}
