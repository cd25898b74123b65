/** How often a chat may be written to, and how far answers may run ahead of that. Seconds. */
export type ChatPace = Record<'private' | 'group', { everySeconds: number; answersAheadSeconds: number }>

/**
 * The limits that all replicas keep together. A chat's are Telegram's: one message a second to a person, twenty a minute to a group. Answers may come in a short burst,
 * as Telegram lets pass; reminders and broadcasts never do. Seconds.
 */
export const CHAT_PACE = {
  private: { everySeconds: 1, answersAheadSeconds: 2.5 },
  /** 60 / 3.5 and a burst of three: at most 20 in any minute. */
  group: { everySeconds: 3.5, answersAheadSeconds: 7 },
} satisfies ChatPace

/** Share of the rate that is used: what is left over takes up the jitter between our clock and the messenger's. */
const USED_SHARE = 0.99

/** How far ahead of now bulk messages may book the shared budget: what an answer has to wait at most. */
export const BULK_AHEAD_SECONDS = 0.25
/** How far ahead answers may. */
export const ANSWERS_AHEAD_SECONDS = 1

/** Seconds between two messages at `rate` messages a second. */
export function secondsPerMessage(rate: number): number {
  return 1 / (rate * USED_SHARE)
}

/** A second of the messenger's clock, with what a message takes on its way there. */
const WINDOW_MS = 1020

/**
 * Sees to it that one process never begins more than `rate` messages in a second, however late its timers are: places that were booked evenly are not used up in a heap.
 * Gives the milliseconds to wait before the next one may begin, by a clock that never goes back.
 */
export function secondGuard(rate: number): (nowMs: number) => number {
  const begun = new Array<number>(rate).fill(Number.NEGATIVE_INFINITY)
  let next = 0
  return (nowMs) => {
    const at = Math.max(nowMs, begun[next]! + WINDOW_MS)
    begun[next] = at
    next = (next + 1) % rate
    return at - nowMs
  }
}
