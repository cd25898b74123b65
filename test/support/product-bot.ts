import { readFileSync } from 'node:fs'
import { startApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { Temporal } from '../../src/kernel/clock.ts'
import { product } from '../../src/product.ts'

/** How often the file with the time is looked at, in milliseconds. */
const LOOK_EVERY_MS = 25

// The product itself, with a clock that stands where a file says: whoever kills it plays many days in minutes. It says when it plans, so that a kill can be told by what it met.
let shown = readFileSync(process.env.CLOCK_FILE!, 'utf8')
const app = await startApp({
  config: readConfig(),
  features: product,
  clock: { now: () => Temporal.Instant.from(shown) },
  pace: { leaseSeconds: Number(process.env.LEASE_SECONDS ?? 45) },
})

async function plan(): Promise<void> {
  process.stdout.write('plans\n')
  await app.tick()
  process.stdout.write('planned\n')
}

let planning = plan()
setInterval(() => {
  const shows = readFileSync(process.env.CLOCK_FILE!, 'utf8')
  if (shows === shown || shows === '') return
  shown = shows
  planning = planning.then(plan)
}, LOOK_EVERY_MS)
process.on('SIGTERM', async () => {
  await app.close()
  process.exit(0)
})
