import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLimits, telegramLimits } from '../../src/sandbox/limits.ts'
import { ApiRefusal } from '../../src/sandbox/refusal.ts'
import { aSandbox, call, coordinator, head } from './people.ts'

/** Limits by a clock that stands still until it is moved; `send` gives 0, or the seconds to wait. */
function aDesk(settings = telegramLimits) {
  let now = 0
  const limits = createLimits(settings, () => now)
  return {
    wait(milliseconds: number) {
      now += milliseconds
    },
    now: () => now,
    send(chat: number, { group = false, messages = 1 } = {}): number {
      try {
        limits.take(chat, group, messages)
        return 0
      } catch (problem) {
        if (!(problem instanceof ApiRefusal)) throw problem
        expect(problem.status).toBe(429)
        return problem.parameters?.retry_after ?? -1
      }
    },
  }
}

describe('limits of Telegram', () => {
  it('30 messages go out in a second, the next has to wait one', () => {
    const desk = aDesk()
    for (let chat = 1; chat <= 30; chat++) expect(desk.send(chat)).toBe(0)
    expect(desk.send(31)).toBe(1)
    desk.wait(1000)
    expect(desk.send(31)).toBe(0)
  })

  it('to one chat a short burst passes, then one a second', () => {
    const desk = aDesk()
    for (let sent = 0; sent < telegramLimits.perChatBurst; sent++) expect(desk.send(1)).toBe(0)
    expect(desk.send(1)).toBe(1)
    expect(desk.send(2)).toBe(0)
    desk.wait(1000)
    expect(desk.send(1)).toBe(0)
    expect(desk.send(1)).toBe(1)
  })

  it('to one group 20 a minute; each part of an album counts', () => {
    const desk = aDesk()
    expect(desk.send(-1, { group: true, messages: 10 })).toBe(0)
    desk.wait(10_000)
    expect(desk.send(-1, { group: true, messages: 9 })).toBe(0)
    desk.wait(10_000)
    expect(desk.send(-1, { group: true, messages: 2 })).toBe(40)
    expect(desk.send(-1, { group: true })).toBe(0)
    expect(desk.send(-1, { group: true })).toBe(40)
    desk.wait(40_000)
    expect(desk.send(-1, { group: true })).toBe(0)
  })

  it('whoever waits as long as told gets through, and no window is ever exceeded', () => {
    const steps = fc.array(
      fc.record({ chat: fc.integer({ min: 1, max: 40 }), pause: fc.integer({ min: 0, max: 120 }) }),
      {
        maxLength: 300,
      },
    )
    fc.assert(
      fc.property(steps, (plan) => {
        const desk = aDesk()
        const taken: { at: number; chat: number }[] = []
        for (const { chat, pause } of plan) {
          desk.wait(pause)
          const seconds = desk.send(chat)
          if (seconds > 0) {
            desk.wait(seconds * 1000)
            expect(desk.send(chat)).toBe(0)
          }
          taken.push({ at: desk.now(), chat })
        }
        for (const { at } of taken) {
          expect(taken.filter((other) => other.at >= at && other.at < at + 950).length).toBeLessThanOrEqual(30)
        }
      }),
      { numRuns: 50 },
    )
  })

  it('are answered over HTTP as Telegram answers them, and a refused call costs nothing', async () => {
    const sandbox = await aSandbox({ limits: { enforce: true, perChatBurst: 2 } })
    await sandbox.as(head.id).start()
    await sandbox.as(coordinator.id).start()
    const send = (chat: number) => call(sandbox, 'sendMessage', { chat_id: chat, text: 'а' })
    await send(head.id)
    await send(head.id)
    expect(await send(head.id)).toEqual({
      ok: false,
      error_code: 429,
      description: 'Too Many Requests: retry after 1',
      parameters: { retry_after: 1 },
    })
    expect((await send(coordinator.id)).ok).toBe(true)
    expect(
      sandbox
        .as(head.id)
        .messages()
        .filter(({ from }) => from === 'bot'),
    ).toHaveLength(2)
    await sandbox.close()
  })
})
