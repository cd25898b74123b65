import type { Happening } from './telegram.ts'
import type { UpdateQueue } from './updates.ts'
import type { Room, World } from './world.ts'

/**
 * Which calls a fault meets. Without a method: every call but getUpdates and downloads, so that a bot that polls does not use
 * the fault up; `download` is the method of a file download.
 */
export type FaultTarget = { chat?: number; method?: string }

/** What happens to a call that meets a fault. */
export type Fault =
  | { kind: 'answer'; status: number; body: string; contentType: string }
  | { kind: 'hang' }
  | { kind: 'reset' }
  | { kind: 'take-and-hang' }
  | { kind: 'take-and-cut' }

export interface Faults {
  /** The next `times` calls are answered 429 and asked to wait. */
  next429(retryAfterSeconds: number, target?: FaultTarget, times?: number): void
  /** For `seconds` of real time every call is answered 429 with the seconds that are left, as in a real flood wait. */
  flood(seconds: number, target?: FaultTarget): void
  /** The next `times` calls get this answer: a string as it is (HTML of a proxy), an object as JSON. Nothing is done. */
  next(status: number, body: string | object, target?: FaultTarget, times?: number): void
  /** The next `times` calls are never answered and nothing is done. */
  hang(times?: number, target?: FaultTarget): void
  /** The next `times` calls lose their connection before anything is done. */
  reset(times?: number, target?: FaultTarget): void
  /** The next `times` calls are carried out, then the connection is cut without an answer. */
  cutAfterTaking(times?: number, target?: FaultTarget): void
  /** The next `times` calls are carried out and never answered. */
  hangAfterTaking(times?: number, target?: FaultTarget): void
  /** Every call takes this much longer, in real milliseconds; 0 ends it. */
  delay(milliseconds: number): void
  /** Every call is answered 401, as after a revoked token. */
  revokeToken(): void
  /** The next `times` getUpdates, the one that waits included, are answered 409: somebody else polls. */
  conflict(times?: number): void
  /** The next `updates` updates come `times` times each with the same update_id; to a webhook at the same moment. */
  repeatUpdates(updates: number, times: number): void
  /** Keeps updates back until `releaseUpdates`. */
  holdUpdates(): void
  /** Lets the updates go that were kept back, in the order that `order` gives; they are numbered in that order. */
  releaseUpdates(order?: (held: Happening[]) => Happening[]): void
  /** No callback query that is open now can be answered any more. */
  expireQueries(): void
  /** Download addresses given so far answer 404, until getFile is asked again. */
  expireFileLinks(): void
  /** The person's account is gone: «user is deactivated». */
  deactivate(personId: number): void
  /** The chat disappears for the bot: «chat not found». */
  forget(chatId: number): void
  /** Makes a supergroup of a group; calls to the old id are told the new one, which is returned. */
  migrate(groupId: number): number
  /** Ends all faults that last or wait, and lets go of held updates; deactivated people and moved groups stay so. */
  clear(): void
}

/** What the server asks before and after it carries out a call. */
export interface FaultDesk {
  readonly faults: Faults
  readonly delayMs: number
  readonly isTokenRevoked: boolean
  take(method: string, chatId: number | null): Fault | null
}

export type FaultWorld = {
  world: World
  updates: UpdateQueue
  expireQueries(): void
  expireFileLinks(): void
  migrate(groupId: number): number
  forget(chatId: number): void
}

type Planned = { fault: (nowMs: number) => Fault; target: FaultTarget; left: number; untilMs: number }

const UNASKED = new Set(['getupdates', 'download'])

export function createFaultDesk(touched: FaultWorld, nowMs: () => number = Date.now): FaultDesk {
  let planned: Planned[] = []
  let delayMs = 0
  let isTokenRevoked = false
  const plan = (
    fault: Planned['fault'],
    times: number,
    target: FaultTarget = {},
    untilMs = Number.POSITIVE_INFINITY,
  ) => {
    planned.push({ fault, target, left: times, untilMs })
  }
  const faults: Faults = {
    next429: (seconds, target, times = 1) => plan(() => floodAnswer(seconds), times, target),
    flood(seconds, target) {
      const until = nowMs() + seconds * 1000
      plan((now) => floodAnswer(Math.ceil((until - now) / 1000)), Number.POSITIVE_INFINITY, target, until)
    },
    next: (status, body, target, times = 1) => plan(() => answer(status, body), times, target),
    hang: (times = 1, target) => plan(() => ({ kind: 'hang' }), times, target),
    reset: (times = 1, target) => plan(() => ({ kind: 'reset' }), times, target),
    cutAfterTaking: (times = 1, target) => plan(() => ({ kind: 'take-and-cut' }), times, target),
    hangAfterTaking: (times = 1, target) => plan(() => ({ kind: 'take-and-hang' }), times, target),
    delay(milliseconds) {
      delayMs = milliseconds
    },
    revokeToken() {
      isTokenRevoked = true
    },
    conflict(times = 1) {
      plan(() => answer(409, conflictBody), times, { method: 'getUpdates' })
      touched.updates.conflict(CONFLICT)
    },
    repeatUpdates: (updates, times) => touched.updates.repeat(updates, times),
    holdUpdates: () => touched.updates.hold(),
    releaseUpdates: (order = (held) => held) => touched.updates.release(order),
    expireQueries: touched.expireQueries,
    expireFileLinks: touched.expireFileLinks,
    deactivate(personId) {
      const room = roomOf(touched.world, personId)
      room.standing = 'deactivated'
      touched.world.touch(room)
    },
    forget: touched.forget,
    migrate: touched.migrate,
    clear() {
      planned = []
      delayMs = 0
      isTokenRevoked = false
      touched.updates.repeat(0, 1)
      touched.updates.release((held) => held)
    },
  }
  return {
    faults,
    get delayMs() {
      return delayMs
    },
    get isTokenRevoked() {
      return isTokenRevoked
    },
    take(method, chatId) {
      if (planned.length === 0) return null
      const now = nowMs()
      planned = planned.filter(({ left, untilMs }) => left > 0 && untilMs > now)
      const met = planned.find(({ target }) => meets(target, method, chatId))
      if (!met) return null
      met.left--
      return met.fault(now)
    },
  }
}

const CONFLICT = 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running'
const conflictBody = { ok: false, error_code: 409, description: CONFLICT }

function meets(target: FaultTarget, method: string, chatId: number | null): boolean {
  const called = method.toLowerCase()
  const isMethod = target.method === undefined ? !UNASKED.has(called) : target.method.toLowerCase() === called
  return isMethod && (target.chat === undefined || target.chat === chatId)
}

function floodAnswer(seconds: number): Fault {
  const description = `Too Many Requests: retry after ${seconds}`
  return answer(429, { ok: false, error_code: 429, description, parameters: { retry_after: seconds } })
}

function answer(status: number, body: string | object): Fault {
  const isText = typeof body === 'string'
  return {
    kind: 'answer',
    status,
    body: isText ? body : JSON.stringify(body),
    contentType: isText ? 'text/html; charset=utf-8' : 'application/json',
  }
}

function roomOf(world: World, id: number): Room {
  const room = world.rooms.get(id)
  if (!room) throw new Error(`The sandbox has no chat ${id}`)
  return room
}
