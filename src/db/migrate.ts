import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate } from 'drizzle-orm/postgres-js/migrator'
import { systemClock } from '../kernel/clock.ts'
import { connectOnce } from './database.ts'
import { keepStarterFaq } from './starter-faq.ts'

/** Any fixed number: the same in every replica. */
const MIGRATION_LOCK = 7_305_511_001n

const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url))

/**
 * Brings the database at `url` to this release's tables and to its common starter of the FAQ. Any number of processes may call it at once: one works, the others wait and find it done.
 * Throws what the database throws, with nothing half done: all open migrations are one transaction.
 */
export async function migrateDatabase(url: string): Promise<void> {
  const client = connectOnce(url)
  try {
    await client`select pg_advisory_lock(${MIGRATION_LOCK.toString()}::bigint)`
    await migrate(drizzle(client), { migrationsFolder })
    await keepStarterFaq(client, systemClock.now())
  } finally {
    await client.end({ timeout: 5 }) // the lock goes with the connection
  }
}
