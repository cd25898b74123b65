import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Clock, type Instant, systemClock, Temporal } from '../kernel/clock.ts'

/** A clock that runs on by itself and that one can move: how the sandbox and the tests let days pass. */
export interface MovableClock extends Clock {
  /** Sets the clock so that it shows `instant` now and runs on from there. */
  moveTo(instant: Instant): void
  /** How far the clock is from the clock it was built on; negative when it was moved back. */
  readonly offset: Temporal.Duration
  /** Calls `listener` with the new time after each move; the function returned stops that. */
  onMove(listener: (now: Instant) => void): () => void
}

/**
 * A movable clock. Its offset is kept in `clock.json` in `dataDir` and is there again after a restart; with null it lives in
 * memory only. `base` is the clock that runs underneath, the machine's own unless a test gives another.
 * Throws SyntaxError when the file is not one of its own.
 */
export function openMovableClock(dataDir: string | null, base: Clock = systemClock): MovableClock {
  const file = dataDir === null ? null : join(dataDir, 'clock.json')
  const listeners = new Set<(now: Instant) => void>()
  let offsetMilliseconds = file === null ? 0 : readOffset(file)
  const now = () => base.now().add({ milliseconds: offsetMilliseconds })
  return {
    now,
    get offset() {
      return Temporal.Duration.from({ milliseconds: offsetMilliseconds })
    },
    moveTo(instant) {
      offsetMilliseconds = instant.epochMilliseconds - base.now().epochMilliseconds
      if (file !== null) keepOffset(file, offsetMilliseconds)
      for (const listener of listeners) listener(now())
    },
    onMove(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** Whether `clock` can be moved. */
export function isMovable(clock: Clock): clock is MovableClock {
  return 'moveTo' in clock
}

function readOffset(file: string): number {
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as { offsetMilliseconds?: unknown }
    return typeof kept.offsetMilliseconds === 'number' ? kept.offsetMilliseconds : 0
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code === 'ENOENT') return 0
    throw problem
  }
}

/** Written beside and renamed, so that a crash leaves the old offset or the new one. */
function keepOffset(file: string, offsetMilliseconds: number): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.new`, JSON.stringify({ offsetMilliseconds }))
  renameSync(`${file}.new`, file)
}
