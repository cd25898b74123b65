import { configDefaults, defineConfig } from 'vitest/config'

/** Whole days played through the local messenger, killed processes, browsers, thousands of questions: half of the time of a run. */
const LONG = [
  'test/app.test.ts',
  'test/faults.test.ts',
  'test/faults/**',
  'test/kills.test.ts',
  'test/bot/{announcement-rights,consultation-rights,every-button,forged-buttons,intake,my-data,people-and-schools}.test.ts',
  'test/cli/{backup,deliveries,doctor,faq,people}.test.ts',
  'test/council/measured.test.ts',
  'test/db/{backup,faq,migrate,personal-data,restart}.test.ts',
  'test/sandbox/{fuzz,page}.test.ts',
  'test/scenarios/{announcement-to-many,announcements,evidence,faq-desk,in-the-browser,reminders,replies,review,roadmap}.test.ts',
  'test/scenarios/consultation*.test.ts',
]

/** What takes a twentieth of a second elsewhere takes this long on a machine that a whole run would keep busy for hours. In milliseconds. */
const TOO_SLOW_MS = 500

const leftOut = process.env.SOVET_TESTS !== 'all' && workMs() > TOO_SLOW_MS ? LONG : []
if (leftOut.length > 0) {
  console.warn(
    'This machine is ten times slower than usual or more: long tests are left out. SOVET_TESTS=all runs them.',
  )
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...leftOut],
    globalSetup: ['test/support/postgres.ts'],
    // Only what hangs is to end by these: a machine that is busy with other things may be fifty times slower than ours.
    testTimeout: 300_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 60_000 } },
    maxWorkers: 2,
    // The program keeps nothing in its modules, so files may share a process: loading it anew for each would be half of the time.
    isolate: false,
    reporters: ['default'],
  },
})

/** How long some calculating and some new memory take. */
function workMs(): number {
  const began = performance.now()
  let sum = 0
  for (let n = 0; n < 2e7; n++) sum = (sum + n * 7) | 0
  const blocks = Array.from({ length: 50 }, () => Buffer.alloc(1e6, sum & 1))
  return blocks.length > 0 ? performance.now() - began : 0
}
