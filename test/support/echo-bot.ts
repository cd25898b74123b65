import { rawSql } from '../../src/db/database.ts'
import { run } from '../../src/run.ts'
import { echo, echoed } from './engine.ts'

/** The lock that «долго» waits for: whoever holds it decides how long. */
const SLOW_LOCK = 77

// The program with an echo in place of the product, for tests that kill it. Words may do harm: «падение» ends the process, «долго» waits for a lock. So does a message of the reason «падение».
const end = () => process.kill(process.pid, 'SIGKILL')
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

await run(
  async () => () =>
    echo({
      handle: async (tx, incoming) => {
        if (incoming.kind === 'text' && incoming.text === 'падение') {
          await pause(200) // so that what is beside it is in hand
          end()
        }
        if (incoming.kind === 'text' && incoming.text === 'долго')
          await rawSql(tx)`select pg_advisory_xact_lock(${SLOW_LOCK})`
        return echoed(tx, incoming)
      },
      beforeSend: {
        падение: async () => {
          end()
          return 'as-is'
        },
      },
    }),
  process.env.LEASE_SECONDS ? { leaseSeconds: Number(process.env.LEASE_SECONDS) } : {},
)
