import { rawSql } from '../../src/db/database.ts'
import { run } from '../../src/run.ts'
import { echo, echoed } from './engine.ts'

/** The lock that «долго» waits for: whoever holds it decides how long. */
const SLOW_LOCK = 77

// The program with an echo in place of the product, for tests that kill it. Words may do harm: «падение» ends the process, «долго» waits for a lock.
await run(
  async () => () =>
    echo({
      handle: async (tx, incoming) => {
        if (incoming.kind === 'text' && incoming.text === 'падение') process.kill(process.pid, 'SIGKILL')
        if (incoming.kind === 'text' && incoming.text === 'долго')
          await rawSql(tx)`select pg_advisory_xact_lock(${SLOW_LOCK})`
        return echoed(tx, incoming)
      },
    }),
  process.env.LEASE_SECONDS ? { leaseSeconds: Number(process.env.LEASE_SECONDS) } : {},
)
