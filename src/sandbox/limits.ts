import { tooMany } from './refusal.ts'

/** How many messages the sandbox takes; `enforce: false` takes any number. Times are real, whatever the sandbox's clock shows. */
export type LimitSettings = {
  enforce: boolean
  /** Messages to all chats in any second. */
  perSecond: number
  /** Lasting rate to one chat. */
  perChatPerSecond: number
  /** How many messages to one chat may come at once before the lasting rate holds («short bursts pass»). */
  perChatBurst: number
  /** Messages to one group in any minute; each part of an album counts. */
  perGroupPerMinute: number
}

export const telegramLimits: LimitSettings = {
  enforce: true,
  perSecond: 30,
  perChatPerSecond: 1,
  perChatBurst: 5,
  perGroupPerMinute: 20,
}

export interface Limits {
  /** Counts `messages` going to `chatId`, or throws the 429 that Telegram would answer; a refused call costs nothing. */
  take(chatId: number, isGroup: boolean, messages: number): void
}

/** A second of the overall limit is a little short, so that the jitter of a sender that keeps to the limit is not punished. */
const SECOND_MS = 950
const MINUTE_MS = 60_000
const SWEEP_AFTER_CHATS = 10_000

/** Limits by `nowMs`, a clock in milliseconds that never goes back. Each call costs the same, however many chats there are. */
export function createLimits(settings: LimitSettings, nowMs: () => number = () => performance.now()): Limits {
  const overall = createWindow(settings.perSecond, SECOND_MS)
  const buckets = new Map<number, Bucket>()
  const groups = new Map<number, Window>()
  const bucketOf = (chatId: number, now: number) => {
    if (buckets.size > SWEEP_AFTER_CHATS) sweep(buckets, now, settings)
    return remembered(buckets, chatId, () => ({ tokens: settings.perChatBurst, at: now }))
  }
  return {
    take(chatId, isGroup, messages) {
      if (!settings.enforce) return
      const now = nowMs()
      const bucket = refilled(bucketOf(chatId, now), now, settings)
      const group = isGroup
        ? remembered(groups, chatId, () => createWindow(settings.perGroupPerMinute, MINUTE_MS))
        : null
      const waitMs = Math.max(
        bucket.tokens < 1 ? ((1 - bucket.tokens) / settings.perChatPerSecond) * 1000 : 0,
        group ? group.waitMs(now, messages) : 0,
        overall.waitMs(now, 1),
      )
      if (waitMs > 0) throw tooMany(Math.max(1, Math.ceil(waitMs / 1000)))
      bucket.tokens -= 1
      overall.add(now, 1)
      group?.add(now, messages)
    },
  }
}

type Bucket = { tokens: number; at: number }

function refilled(bucket: Bucket, now: number, settings: LimitSettings): Bucket {
  const earned = ((now - bucket.at) / 1000) * settings.perChatPerSecond
  bucket.tokens = Math.min(settings.perChatBurst, bucket.tokens + earned)
  bucket.at = now
  return bucket
}

/** Forgets the chats whose bucket is full again: they are as if never written to. */
function sweep(buckets: Map<number, Bucket>, now: number, settings: LimitSettings): void {
  for (const [chatId, bucket] of buckets) {
    if (refilled(bucket, now, settings).tokens >= settings.perChatBurst) buckets.delete(chatId)
  }
}

type Window = { waitMs(now: number, count: number): number; add(now: number, count: number): void }

/** The moments of the last `size` messages in a ring: the oldest of them says how long the next must wait. */
function createWindow(size: number, lengthMs: number): Window {
  const moments = new Array<number>(size).fill(Number.NEGATIVE_INFINITY)
  let next = 0
  return {
    waitMs(now, count) {
      const decisive = moments[(next + Math.min(count, size) - 1) % size] ?? Number.NEGATIVE_INFINITY
      return Math.max(0, decisive + lengthMs - now)
    },
    add(now, count) {
      for (let taken = 0; taken < Math.min(count, size); taken++) {
        moments[next] = now
        next = (next + 1) % size
      }
    },
  }
}

function remembered<Value>(map: Map<number, Value>, key: number, make: () => Value): Value {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}
