import { type ScheduledTask, schedule } from 'node-cron'
import type { Clock, Instant } from '../kernel/clock.ts'
import { followed, type Trail } from '../trail.ts'

/**
 * What is looked after every minute, in every process. A tick asks the database «what is due and not yet done», so a missed one loses nothing and two at once do it once.
 * `now` is the injected clock's.
 */
export type Tick = { name: string; run(now: Instant): Promise<void> }

export type TickEvents = {
  /** `trail`: what it queued. */
  done(name: string, trail: Trail): void
  failed(name: string, error: unknown): void
}

export type Ticks = {
  /** Runs all ticks at once; resolves when they are done, those already running included. */
  runNow(): Promise<void>
  /** Schedules no more; resolves when the running ones are done. */
  close(): Promise<void>
}

const EVERY_MINUTE = '* * * * *'

/**
 * Starts the minute's beat. A tick never overlaps itself in this process; one that fails is told of and comes again with the next beat.
 * `beat`: a cron expression; null where only `runNow` is to run them.
 */
export function startTicks(ticks: Tick[], clock: Clock, events: TickEvents, beat: string | null = EVERY_MINUTE): Ticks {
  const running = new Map<string, Promise<void>>()

  const run = (tick: Tick): Promise<void> => {
    const current = running.get(tick.name)
    if (current) return current
    const work = (async () => {
      try {
        await followed(async (trail) => {
          await tick.run(clock.now())
          events.done(tick.name, trail)
        })
      } catch (error) {
        events.failed(tick.name, error)
      } finally {
        running.delete(tick.name)
      }
    })()
    running.set(tick.name, work)
    return work
  }
  const runAll = async (): Promise<void> => {
    await Promise.all(ticks.map(run))
  }
  const task: ScheduledTask | null = beat === null ? null : schedule(beat, runAll, { name: 'ticks' })
  return {
    runNow: async () => {
      await Promise.all(running.values())
      await runAll()
    },
    close: async () => {
      await task?.destroy()
      await Promise.all(running.values())
    },
  }
}
