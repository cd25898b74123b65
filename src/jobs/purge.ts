import type { Engine } from '../app.ts'
import { purge } from '../db/purge.ts'
import type { Instant } from '../kernel/clock.ts'

const DAY_MS = 24 * 3_600_000

/**
 * The tick that destroys what has outlived its term: with the first beat after the start, then once a day of the injected clock. Several replicas may do
 * it: whoever comes second finds nothing.
 */
export function purgeDaily({ database, files, log }: Pick<Engine, 'database' | 'files' | 'log'>) {
  let last = Number.NEGATIVE_INFINITY
  return async (now: Instant): Promise<void> => {
    if (now.epochMilliseconds - last < DAY_MS) return
    const purged = await database.asSystem((tx) => purge(tx, now))
    for (const { municipalityId, sha256 } of purged.files) await files.remove(municipalityId, sha256)
    last = now.epochMilliseconds
    log.info({ counts: purged.counts }, 'what had outlived its term was destroyed')
  }
}
