import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/postgres.ts'],
    // Only what hangs is to end by these: a machine that is busy with other things may be fifty times slower than ours.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 60_000 } },
    maxWorkers: 2,
    // The program keeps nothing in its modules, so files may share a process: loading it anew for each would be half of the time.
    isolate: false,
    // Files are loaded as the program loads them: by Node itself.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    reporters: ['default'],
  },
})
