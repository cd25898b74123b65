import type { Database, Tx } from '../db/database.ts'
import {
  claimDeliveries,
  closeChat,
  closeLanes,
  isAnythingQueued,
  isSendingIdle,
  planClaimsAnew,
  reclaimOrphans,
  settleDeliveries,
} from '../db/deliveries.ts'
import { followChat, markUnreachable, type Unreachable } from '../db/reachability.ts'
import { type ClaimedDelivery, decideAfterSend, type Settlement } from '../delivery/decide.ts'
import type { DeliveryContent, Lane, SendOutcome } from '../delivery/delivery.ts'
import type { ChatPace } from '../delivery/pace.ts'
import { BULK_AHEAD_SECONDS, secondGuard } from '../delivery/pace.ts'
import { SUSPECTS_AFTER_MS } from '../kernel/tries.ts'

/** It is not the time for this message: it is looked at again after so long. */
export type NotYet = { waitSeconds: number }

/** What is made fresh just before it is sent: other content, the content as it was queued, nothing at all any more, or nothing yet. */
export type BeforeSend = (tx: Tx, delivery: ClaimedDelivery) => Promise<DeliveryContent | 'as-is' | 'cancel' | NotYet>

export type DispatcherEvents = {
  settled(
    delivery: ClaimedDelivery,
    outcome: SendOutcome['kind'] | 'cancelled',
    settlement: Pick<Settlement, 'state' | 'messageId'>,
    seconds: number,
  ): void
  /** Sending stands still for this reason, or goes on (null). */
  standing(cause: string | null): void
  orphans(found: { repeated: number; givenUp: number }): void
  failed(error: unknown): void
}

export type DispatcherOptions = {
  database: Database
  send(delivery: ClaimedDelivery): Promise<SendOutcome>
  /** A harmless question to the messenger: whether it answers again. The cause why not, else null. */
  probe(): Promise<string | null>
  beforeSend: Record<string, BeforeSend>
  /** A person has just been cut off: curator or coordinator is to hear of it. In the transaction that notes it. */
  onUnreachable(tx: Tx, personId: number, why: Unreachable): Promise<void>
  events: DispatcherEvents
  /** Messages a second over all replicas. */
  rate: number
  leaseSeconds?: number
  chatPace?: ChatPace
  /** Calls under way at most. */
  mostInFlight?: number
  probeEveryMs?: number
}

export type Dispatcher = {
  /** There is something to send: looks at once. */
  nudge(): void
  /** Stops sending, keeping the queue, until the same reason is lifted by null. */
  hold(reason: 'poller', cause: string | null): void
  /** Why sending stands still; null while it goes on. */
  standing(): string | null
  isIdle(): Promise<boolean>
  inFlight(): number
  /** Takes no more, finishes what is under way, gives back what has not begun. */
  close(): Promise<void>
}

/** What a process that was killed had in hand is taken up by another after so long. */
export const LEASE_SECONDS = 45
const IDLE_POLL_MS = 1000
const WAITING_POLL_MS = 100
/** Under load one claim serves the answers of several milliseconds. */
const BETWEEN_CLAIMS_MS = 5
/** A claim that looked at much and brought little is followed by a rest, so many times as long as it took: the database has time for the updates that queue the messages. */
const REST_AFTER_IDLE_CLAIM = { times: 4, mostMs: 100 }
/** A claim that takes longer may have been planned for a smaller table. */
const SLOW_CLAIM_MS = 250
const PLAN_ANEW_EVERY_MS = 60_000
const SWEEP_EVERY_MS = 5000
/** Calls in a row without any answer until the queue is spared further tries. */
const SILENCES_BEFORE_STANDING = 4
const BULK: Lane[] = ['reminder', 'broadcast']
const ALL: Lane[] = ['answer', ...BULK]

/** The one way out: takes what may be sent next, sends it at its place in the budget, keeps what became of it. One in each process; the database keeps them in step. */
export function startDispatcher(options: DispatcherOptions): Dispatcher {
  const { database, events } = options
  const leaseSeconds = options.leaseSeconds ?? LEASE_SECONDS
  const mostInFlight = options.mostInFlight ?? inFlightFor(options.rate)
  const standing = new Map<string, string>()
  const underWay = new Set<Promise<void>>()
  const waiting = new Map<number, { delivery: ClaimedDelivery; timer: NodeJS.Timeout; done: () => void }>()
  const settle = settler(database, events)
  const guard = secondGuard(options.rate)
  const suspectsFrom = performance.now() + SUSPECTS_AFTER_MS
  let closed = false
  let silences = 0
  let plannedAnewAt = Number.NEGATIVE_INFINITY
  let suspectsWait = false
  let suspectInHand = false
  let wake: (() => void) | null = null
  let nudged = false

  const nudge = (): void => {
    nudged = true
    wake?.()
  }
  const rest = (milliseconds: number): Promise<void> => {
    if (nudged || closed) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
  const hold = (reason: string, cause: string | null): void => {
    const before = first(standing)
    if (cause === null) standing.delete(reason)
    else standing.set(reason, cause)
    const after = first(standing)
    if (before !== after) events.standing(after)
    if (cause !== null) giveBack(() => true)
    nudge()
  }

  /** Deliveries that wait for their place in the budget return to the queue. */
  function giveBack(which: (delivery: ClaimedDelivery) => boolean): void {
    for (const [id, { delivery, timer, done }] of [...waiting]) {
      if (!which(delivery)) continue
      clearTimeout(timer)
      waiting.delete(id)
      settle({ ...decideAfterSend(delivery, { kind: 'refused-by-all', cause: '' }, 0) }).then(done, done)
    }
  }

  function begin(delivery: ClaimedDelivery): Promise<void> {
    const work = new Promise<void>((resolve) => {
      const start = () => {
        waiting.delete(delivery.id)
        deliver(delivery)
          .catch(events.failed)
          .finally(() => resolve())
      }
      const startIn = (milliseconds: number, then: () => void) => {
        if (milliseconds < 1) return then()
        waiting.set(delivery.id, { delivery, timer: setTimeout(then, milliseconds), done: resolve })
      }
      startIn(delivery.waitMs, () => startIn(guard(performance.now()), start))
    })
    underWay.add(work)
    work.finally(() => {
      underWay.delete(work)
      if (delivery.lane === 'answer') nudge() // the next answer to that chat is not kept waiting
    })
    return work
  }

  async function deliver(claimed: ClaimedDelivery): Promise<void> {
    const began = performance.now()
    const fresh = await prepared(options, claimed).catch((error: unknown) => {
      events.failed(error)
      return null
    })
    if (fresh === 'cancel') {
      const settlement: Settlement = {
        ...decideAfterSend(claimed, { kind: 'sent', messageId: null }, 0),
        state: 'cancelled',
        failure: 'not wanted any more',
      }
      await settle(settlement)
      events.settled(claimed, 'cancelled', settlement, 0)
      return
    }
    if (fresh && 'waitSeconds' in fresh) {
      await settle(decideAfterSend(claimed, { kind: 'later', retryAfterSeconds: fresh.waitSeconds, scope: 'chat' }, 0))
      return
    }
    const outcome: SendOutcome = fresh
      ? await options.send(fresh)
      : { kind: 'failed', cause: 'could not be made ready', retry: true }
    if (fresh) noteSilence(outcome)
    await sideEffects(claimed, outcome)
    const settlement = decideAfterSend(claimed, outcome, Math.random())
    await settle(settlement)
    events.settled(claimed, outcome.kind, settlement, (performance.now() - began) / 1000)
  }

  function noteSilence(outcome: SendOutcome): void {
    const silent = outcome.kind === 'uncertain' || (outcome.kind === 'failed' && outcome.retry)
    silences = silent ? silences + 1 : 0
    if (silences >= SILENCES_BEFORE_STANDING) standUntilAnswered('cause' in outcome ? outcome.cause : 'silent')
    if (outcome.kind === 'refused-by-all') standUntilAnswered(outcome.cause)
  }

  function standUntilAnswered(cause: string): void {
    if (standing.has('api') || closed) return
    hold('api', cause)
    const ask = async (): Promise<void> => {
      const still = await options.probe()
      if (closed) return
      if (still !== null) {
        setTimeout(ask, options.probeEveryMs ?? 2000).unref()
        return
      }
      silences = 0
      hold('api', null)
    }
    setTimeout(ask, (options.probeEveryMs ?? 2000) / 4).unref()
  }

  async function sideEffects(delivery: ClaimedDelivery, outcome: SendOutcome): Promise<void> {
    if (outcome.kind === 'later' && outcome.scope === 'chat') {
      await closeChat(database, delivery.messenger, delivery.chat, outcome.retryAfterSeconds)
    }
    if (outcome.kind === 'later' && outcome.scope === 'all') {
      const lanes = delivery.lane === 'answer' ? ALL : BULK
      await closeLanes(database, delivery.messenger, lanes, outcome.retryAfterSeconds)
      giveBack((other) => lanes.includes(other.lane))
    }
    if (outcome.kind === 'unreachable') {
      await database.asSystem(async (tx) => {
        const cutOff = await markUnreachable(tx, delivery.messenger, delivery.chat, outcome.why)
        if (cutOff) await options.onUnreachable(tx, cutOff.personId, outcome.why)
      })
    }
    if (outcome.kind === 'moved') {
      await database.asSystem((tx) => followChat(tx, delivery.messenger, delivery.chat, outcome.chat))
    }
  }

  async function run(): Promise<void> {
    while (!closed) {
      nudged = false
      wake = null
      const began = performance.now()
      const { brought, pause } = await step().catch((error) => {
        events.failed(error)
        return { brought: 0, pause: IDLE_POLL_MS }
      })
      const { times, mostMs } = REST_AFTER_IDLE_CLAIM
      const between = Math.min(mostMs, (times * (performance.now() - began)) / (1 + brought))
      if (pause > 0) await rest(pause)
      const early = Math.max(BETWEEN_CLAIMS_MS, between) - (performance.now() - began)
      if (early > 0) await new Promise((resolve) => setTimeout(resolve, early))
    }
  }

  /** Claims once; gives how many that brought, and how long to rest before the next time, in milliseconds. */
  async function step(): Promise<{ brought: number; pause: number }> {
    const room = mostInFlight - underWay.size
    if (standing.size > 0 || room <= 0) return { brought: 0, pause: IDLE_POLL_MS }
    if (suspectsWait && !suspectInHand) await takeSuspect()
    const claimed = await claim(room, false)
    for (const delivery of claimed) begin(delivery)
    const last = claimed.at(-1)
    if (last) return { brought: claimed.length, pause: Math.max(0, last.waitMs / 2) }
    return { brought: 0, pause: (await isAnythingQueued(database)) ? WAITING_POLL_MS : IDLE_POLL_MS }
  }

  async function claim(most: number, suspects: boolean): Promise<ClaimedDelivery[]> {
    const began = performance.now()
    const claimed = await claimDeliveries(database, {
      messenger: 'telegram',
      rate: options.rate,
      most,
      leaseSeconds,
      suspects,
      ...(options.chatPace ? { chatPace: options.chatPace } : {}),
    })
    planAnewAfter(performance.now() - began)
    if (!closed && standing.size === 0) return claimed
    await Promise.all(claimed.map((one) => settle(decideAfterSend(one, { kind: 'refused-by-all', cause: '' }, 0))))
    return []
  }

  function planAnewAfter(tookMs: number): void {
    if (tookMs < SLOW_CLAIM_MS || performance.now() - plannedAnewAt < PLAN_ANEW_EVERY_MS) return
    plannedAnewAt = performance.now()
    planClaimsAnew(database).catch(events.failed)
  }

  /** One at a time: should this process end again, only that one is nearer to being given up. */
  async function takeSuspect(): Promise<void> {
    const [suspect] = await claim(1, true)
    if (!suspect) return // its chat, its lane or the budget has no room: the next step asks again
    suspectInHand = true
    begin(suspect).finally(() => {
      suspectInHand = false
      nudge()
    })
  }

  const sweep = async (): Promise<void> => {
    const found = await reclaimOrphans(database)
    suspectsWait = found.suspectsWait && performance.now() >= suspectsFrom
    if (suspectsWait) nudge()
    if (found.repeated + found.givenUp === 0) return
    events.orphans(found)
    nudge()
  }
  const sweeping = setInterval(() => sweep().catch(events.failed), Math.min(SWEEP_EVERY_MS, leaseSeconds * 500)).unref()
  sweep().catch(events.failed)
  const firstLookAtSuspects = setTimeout(() => sweep().catch(events.failed), SUSPECTS_AFTER_MS + 5).unref()
  const unsubscribe = database.onDeliveriesQueued(nudge)
  const running = run()

  return {
    nudge,
    hold,
    standing: () => first(standing),
    inFlight: () => underWay.size,
    isIdle: async () => underWay.size === 0 && (await isSendingIdle(database)),
    close: async () => {
      closed = true
      unsubscribe()
      clearInterval(sweeping)
      clearTimeout(firstLookAtSuspects)
      giveBack(() => true)
      nudge()
      await running
      await Promise.all(underWay)
    },
  }
}

/** Enough for what is booked ahead and for calls that take their time; no more, for it is what a killed process may leave to be repeated. */
function inFlightFor(rate: number): number {
  return Math.min(500, 16 + Math.ceil(rate * (BULK_AHEAD_SECONDS + 0.05)))
}

function first(standing: Map<string, string>): string | null {
  return standing.values().next().value ?? null
}

async function prepared(
  options: DispatcherOptions,
  delivery: ClaimedDelivery,
): Promise<ClaimedDelivery | 'cancel' | NotYet> {
  const hook = options.beforeSend[delivery.reason]
  if (!hook) return delivery
  const fresh = await options.database.asSystem((tx) => hook(tx, delivery))
  if (fresh === 'cancel') return 'cancel'
  if (typeof fresh === 'object' && 'waitSeconds' in fresh) return fresh
  return fresh === 'as-is' ? delivery : { ...delivery, content: fresh }
}

/** Keeps outcomes: one statement at a time, those that come meanwhile in the next one. Tries again until the database takes them. */
function settler(database: Database, events: DispatcherEvents): (settlement: Settlement) => Promise<void> {
  let gathered: Settlement[] = []
  let writing: Promise<void> = Promise.resolve()
  let next: Promise<void> | null = null
  const write = async (): Promise<void> => {
    const settlements = gathered
    gathered = []
    next = null
    for (let tries = 0; ; tries++) {
      try {
        return await settleDeliveries(database, settlements)
      } catch (error) {
        events.failed(error)
        if (tries >= 20) throw error
        await new Promise((resolve) => setTimeout(resolve, Math.min(50 * 2 ** tries, 1000)))
      }
    }
  }
  return (settlement) => {
    gathered.push(settlement)
    if (next) return next
    next = writing.catch(() => {}).then(write)
    writing = next
    return next
  }
}
