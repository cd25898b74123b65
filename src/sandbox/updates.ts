import type { ChangeLog } from './log.ts'
import { ApiRefusal } from './refusal.ts'
import { chatOf, type Happening, type Update, type UpdateKind } from './telegram.ts'

/** Kinds that a bot gets only when it asks for them by name. */
const ON_REQUEST = new Set<string>(['message_reaction', 'chat_member', 'message_reaction_count'])
const KEPT_MS = 24 * 60 * 60 * 1000

export type PollRequest = { offset: number; limit: number; timeoutSeconds: number }

/** A poll that waits: `answer` gives its updates or throws the refusal; `leave` is for a caller that hung up. */
export type Poll = { answer: Promise<Update[]>; leave(): void }

/** Gets each new update while a webhook is set; `settled` is called when it was taken. */
export type Push = (update: Update, settled: () => void) => void

export interface UpdateQueue {
  /** Gives the happening a number and queues it, unless the bot does not want its kind. */
  add(happening: Happening): void
  poll(request: PollRequest): Poll
  readonly size: number
  /** Hands all waiting and new updates to `push`, until called with null. */
  pushTo(push: Push | null): void
  drop(): void
  /** Keeps new happenings back, until `release` puts them in the order that `order` gives. */
  hold(): void
  release(order: (held: Happening[]) => Happening[]): void
  /** The next `updates` new ones come `times` times each, with the same number. */
  repeat(updates: number, times: number): void
  /** Ends the waiting poll with a conflict, as when another process polls or a webhook is set. */
  conflict(words: string): void
  restore(updates: Iterable<Update>, lastId: number): void
  snapshot(): { waiting: Update[]; lastId: number }
  keepIn(log: ChangeLog): void
  close(): void
}

export type UpdateQueueOptions = {
  /** The kinds that the bot asked for; null: all but those on request. */
  wanted: () => string[] | null
  nowMs?: () => number
}

type Waiting = { update: Update; times: number; at: number }

const OTHER_POLLER = 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running'

/** The updates that wait for the bot, oldest first; kept for 24 hours at most, as Telegram keeps them. */
export function createUpdateQueue({ wanted, nowMs = Date.now }: UpdateQueueOptions): UpdateQueue {
  const waiting = new Map<number, Waiting>()
  let lastId = 100_000_000
  let log: ChangeLog | null = null
  let held: Happening[] | null = null
  let push: Push | null = null
  let repeats = { updates: 0, times: 1 }
  let current: { request: PollRequest; finish(updates: Update[]): void; fail(words: string): void } | null = null

  const wants = (happening: Happening) => {
    const kind = Object.keys(happening)[0] as UpdateKind
    const list = wanted()
    return list && list.length > 0 ? list.includes(kind) : !ON_REQUEST.has(kind)
  }
  const timesOfNext = () => {
    if (repeats.updates === 0) return 1
    repeats.updates--
    return repeats.times
  }
  const confirm = (updateId: number) => {
    if (!waiting.delete(updateId)) return
    log?.append({ is: 'confirmed', updateId })
  }
  const confirmBefore = (offset: number) => {
    for (const id of waiting.keys()) {
      if (id >= offset) break
      confirm(id)
    }
  }
  const dropStale = () => {
    for (const [id, entry] of waiting) {
      if (nowMs() - entry.at <= KEPT_MS) break
      confirm(id)
    }
  }
  const next = (limit: number) => {
    const updates: Update[] = []
    for (const { update, times } of waiting.values()) {
      if (updates.length >= limit) break
      for (let copy = 0; copy < times; copy++) updates.push(update)
    }
    return updates
  }
  const handOver = (entry: Waiting) => {
    for (let copy = 0; copy < entry.times; copy++) push?.(entry.update, () => confirm(entry.update.update_id))
  }
  const enqueue = (happening: Happening) => {
    const update: Update = { update_id: ++lastId, ...happening }
    const entry = { update, times: timesOfNext(), at: nowMs() }
    waiting.set(update.update_id, entry)
    log?.append({ is: 'update', update })
    if (push) handOver(entry)
    else current?.finish(next(current.request.limit))
  }

  return {
    get size() {
      return waiting.size
    },
    add(happening) {
      if (!wants(happening)) return
      if (held) held.push(happening)
      else enqueue(happening)
    },
    poll(request) {
      current?.fail(OTHER_POLLER)
      dropStale()
      if (request.offset < 0) confirmBefore(lastId + 1 + Math.max(request.offset, -waiting.size))
      else confirmBefore(request.offset)
      const ready = next(request.limit)
      if (ready.length > 0 || request.timeoutSeconds === 0) return { answer: Promise.resolve(ready), leave: () => {} }
      return waitingPoll(request)
    },
    pushTo(target) {
      push = target
      if (target) for (const entry of [...waiting.values()]) handOver(entry)
    },
    drop() {
      confirmBefore(lastId + 1)
    },
    hold() {
      held ??= []
    },
    release(order) {
      const kept = held ?? []
      held = null
      for (const happening of order(kept)) enqueue(happening)
    },
    repeat(updates, times) {
      repeats = { updates, times }
    },
    conflict(words) {
      current?.fail(words)
    },
    restore(updates, last) {
      lastId = Math.max(lastId, last)
      for (const update of updates) {
        waiting.set(update.update_id, { update, times: 1, at: nowMs() })
        lastId = Math.max(lastId, update.update_id)
      }
    },
    snapshot: () => ({ waiting: [...waiting.values()].map(({ update }) => update), lastId }),
    keepIn(next) {
      log = next
    },
    close() {
      current?.finish([])
    },
  }

  function waitingPoll(request: PollRequest): Poll {
    let leave = () => {}
    const answer = new Promise<Update[]>((resolve, reject) => {
      const timer = setTimeout(() => mine.finish([]), request.timeoutSeconds * 1000)
      const end = () => {
        clearTimeout(timer)
        if (current === mine) current = null
      }
      const mine = {
        request,
        finish(updates: Update[]) {
          end()
          resolve(updates)
        },
        fail(words: string) {
          end()
          reject(new ApiRefusal(409, words))
        },
      }
      current = mine
      leave = () => mine.finish([])
    })
    return { answer, leave: () => leave() }
  }
}

/** The queue of a chat in which updates must keep their order. */
export function queueOf(update: Update): number {
  return chatOf(update)
}
