import { setTimeout as pause } from 'node:timers/promises'
import { rawSql } from '../../src/db/database.ts'
import { run } from '../../src/run.ts'
import { echo, echoed } from './engine.ts'

// The program with an echo in place of the product, for tests that kill it. Words may do harm: «падение» ends the process, «сбой» throws, «долго» takes a second.
await run(() =>
  echo({
    handle: async (tx, incoming) => {
      if (incoming.kind === 'text' && incoming.text === 'падение') process.kill(process.pid, 'SIGKILL')
      if (incoming.kind === 'text' && incoming.text === 'сбой') throw new Error('as asked')
      if (incoming.kind === 'text' && incoming.text === 'долго') {
        await rawSql(tx)`select 1`
        await pause(1000)
      }
      return echoed(tx, incoming)
    },
  }),
)
