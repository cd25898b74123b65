import type { Database } from '../db/database.ts'
import type { Tick } from './ticks.ts'

/** How far this machine's clock may be from the database's; more than the two of them and a slow answer ever differ by. Milliseconds. */
const TOLERANCE_MS = 5 * 60_000

/**
 * `tick`, left out while this machine's clock is wrong: a replica that runs an hour ahead would remind everybody an hour too early, and all replicas share the database's clock.
 * `alarm` is told each time.
 */
export function inRightTime(tick: Tick, database: Pick<Database, 'sql'>, alarm: (what: string) => void): Tick {
  return {
    name: tick.name,
    run: async (now) => {
      const [row] = await database.sql<{ ms: number }[]>`
        select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`
      if (Math.abs(now.epochMilliseconds - row!.ms) <= TOLERANCE_MS) return tick.run(now)
      alarm('clock-differs')
    },
  }
}
