import { afterEach, describe, expect, it } from 'vitest'
import { startTicks, type Ticks } from '../../src/jobs/ticks.ts'
import { systemClock, Temporal } from '../../src/kernel/clock.ts'

const EVERY_SECOND = '* * * * * *'
let ticks: Ticks | undefined
const events = { done: () => {}, failed: () => {} }

afterEach(() => ticks?.close())

/** A promise and what resolves it. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

describe('what happens every minute', () => {
  it('is given the time of the injected clock', async () => {
    const now = Temporal.Instant.from('2026-09-01T04:00:00Z')
    const seen: Temporal.Instant[] = []
    ticks = startTicks([{ name: 'a', run: async (at) => void seen.push(at) }], { now: () => now }, events)
    await ticks.runNow()
    expect(seen).toEqual([now])
  })

  it('never overlaps itself, and does not hold up the others', async () => {
    const slow = gate()
    const runs = { slow: 0, quick: 0 }
    ticks = startTicks(
      [
        {
          name: 'slow',
          run: async () => {
            runs.slow += 1
            await slow.opened
          },
        },
        {
          name: 'quick',
          run: async () => {
            runs.quick += 1
          },
        },
      ],
      systemClock,
      events,
      EVERY_SECOND,
    )
    await expect.poll(() => runs.quick).toBeGreaterThanOrEqual(2)
    expect(runs.slow).toBe(1)
    slow.open()
  })

  it('goes on after a failure, which is told of', async () => {
    const failed: string[] = []
    let runs = 0
    const failing = {
      name: 'failing',
      run: async () => {
        runs += 1
        throw new Error('as always')
      },
    }
    ticks = startTicks([failing], systemClock, { ...events, failed: (name) => void failed.push(name) })
    await ticks.runNow()
    await ticks.runNow()
    expect([runs, failed]).toEqual([2, ['failing', 'failing']])
  })

  it('is still done when the process was too busy at its moment (F20)', async () => {
    let runs = 0
    ticks = startTicks(
      [
        {
          name: 'a',
          run: async () => {
            runs += 1
          },
        },
      ],
      systemClock,
      events,
      EVERY_SECOND,
    )
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3000) // nothing else runs in this process meanwhile
    const before = runs
    await expect.poll(() => runs).toBeGreaterThan(before)
  })

  it('is finished before the program stops', async () => {
    const work = gate()
    let finished = false
    const running = startTicks(
      [
        {
          name: 'a',
          run: async () => {
            await work.opened
            finished = true
          },
        },
      ],
      systemClock,
      events,
    )
    void running.runNow()
    const closed = running.close()
    work.open()
    await closed
    expect(finished).toBe(true)
  })
})
