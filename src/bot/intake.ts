import type { Database, Tx } from '../db/database.ts'
import { enqueueDeliveries } from '../db/deliveries.ts'
import {
  chatsLeftWaiting,
  countTry,
  type FailedTry,
  isInboxIdle,
  keepUpdates,
  type NewUpdate,
  noteFailure,
  putBack,
  takeOldest,
} from '../db/inbox.ts'
import { type Ahead, openingOf, type Spot } from '../db/opening.ts'
import type { NewDelivery } from '../delivery/delivery.ts'
import { SUSPECTS_AFTER_MS } from '../kernel/tries.ts'
import { type AfterCommit, type Incoming, TooEarly } from './incoming.ts'

/** The messenger's edge as the intake sees it. */
export type IntakeEdge = {
  messenger: 'telegram'
  /** Number and chat of a raw update, and its spot as far as that can be told without a closer look; null for what is no update. */
  addressOf(raw: unknown): { updateId: number; chat: string; spot: Spot | null } | null
  parse(raw: unknown): Incoming | null
  answerTap(tapId: string, words?: string, alert?: boolean): Promise<void>
  showBusy(chat: string): Promise<void>
}

/** What a person is told when their words or their tap could not be worked on. */
export type Apology = { tapWords: string; delivery: NewDelivery | null }

export type IntakeEvents = {
  /** A try failed. `failure` names no person and no words of theirs. */
  failed(updateId: number, tried: FailedTry, error: unknown): void
  /** An update was set aside: somebody has to look. */
  setAside(updateId: number): void
  handled(kind: Incoming['kind'] | 'ignored', seconds: number): void
}

export type IntakeOptions = {
  database: Database
  edge: IntakeEdge
  /**
   * Carries out what an update means within `tx`, and gives what is to be done at once after the commit. Calls no API. Where it `mayWait`, it may throw TooEarly: then it is
   * called again in a moment, until the update has waited long enough. `ahead`: its opening, where that was asked for already.
   */
  handle(tx: Tx, incoming: Incoming, mayWait: boolean, ahead: Ahead | null): Promise<AfterCommit>
  apology(incoming: Incoming): Apology
  events: IntakeEvents
  /** Chats worked on at the same time. */
  concurrency?: number
  /** A commit that takes longer counts as failed: whoever gave the updates keeps them. */
  acceptTimeoutMs?: number
  sweepEveryMs?: number
}

export type Intake = {
  /**
   * Keeps updates, in one statement with those that came at the same moment; done when they are committed, and only then worked on. Updates known already are passed over.
   * Rejects when they could not be kept.
   */
  accept(updates: unknown[]): Promise<void>
  /** Whether nothing waits, here or left behind by another process. */
  isIdle(): Promise<boolean>
  /** Stops taking up; done when what is in hand is finished. */
  close(): Promise<void>
}

/** Whoever brings an update hears within five seconds that it could not be kept. */
const ACCEPT_MS = 4500
/** Updates of another replica are left to it this long. */
const LEFT_BEHIND_SECONDS = 3
/** An update that came too early is looked at again after this pause, as long as it is younger than that. */
const TOO_EARLY = { pauseSeconds: 0.25, mostSeconds: 10 }
/** How long the database is left alone after it failed us. */
const AFTER_FAILURE_MS = 300
/** What is in hand is finished within this time when the program stops; the rest is taken up at the next start. */
const CLOSING_MS = 5000

/**
 * The way of an update: kept, then worked on one after the other in its chat, its effects and its mark in one transaction. A failure is tried again with pauses, five times at
 * most, then set aside while the chat goes on. Whoever pressed a button gets an answer in any case.
 */
export function openIntake(options: IntakeOptions): Intake {
  const { database, edge } = options
  const batch = batcher((updates: Addressed[]) => keepUpdates(database, edge.messenger, updates))
  const chats = chatQueue(options.concurrency ?? 12, (chat, takenUp) => workOn(options, chat, takenUp, sweepIn))
  const suspectsFrom = performance.now() + SUSPECTS_AFTER_MS
  let closed = false

  const accept = async (raws: unknown[]): Promise<void> => {
    if (closed) throw new Error('the intake is closed')
    const updates = raws.flatMap((payload) => {
      const address = edge.addressOf(payload)
      return address ? [{ ...address, payload }] : []
    })
    if (updates.length === 0) return
    const kept = batch(updates).then((fresh) => {
      for (const { updateId, chat, spot } of updates) {
        if (fresh.delete(updateId)) chats.add(chat, { how: 'fresh', spot }) // also where it comes too late for whoever waits
      }
    })
    await within(kept, options.acceptTimeoutMs ?? ACCEPT_MS)
  }

  const sweep = async (olderThanSeconds: number): Promise<void> => {
    for (const { chat, suspect } of await chatsLeftWaiting(database, edge.messenger, olderThanSeconds)) {
      if (closed || chats.has(chat) || (suspect && performance.now() < suspectsFrom)) continue
      chats.add(chat, { how: suspect ? 'suspect' : 'again' })
    }
  }
  const quietSweep = (olderThanSeconds = LEFT_BEHIND_SECONDS): void => {
    if (!closed) sweep(olderThanSeconds).catch(() => {}) // the database: the next sweep finds the same
  }
  function sweepIn(seconds: number): void {
    setTimeout(quietSweep, seconds * 1000 + 5).unref()
  }
  const sweeping = setInterval(quietSweep, options.sweepEveryMs ?? 1000).unref()
  quietSweep(0) // whoever starts may be the successor of one that has just ended
  return {
    accept,
    isIdle: async () => chats.isIdle() && (await isInboxIdle(database)),
    close: async () => {
      closed = true
      clearInterval(sweeping)
      await chats.close()
    },
  }
}

type Addressed = NewUpdate & { spot: Spot | null }

/** How an update is taken up: just kept; tried before, or left behind by another process, so that the try is counted first; or a suspect, which is worked on beside no other suspect. */
type TakenUp = { how: 'fresh'; spot: Spot | null } | { how: 'again' | 'suspect' }

/** Works on the oldest update of `chat`. Gives whether there was one to be worked on here and now. */
async function workOn(
  options: IntakeOptions,
  chat: string,
  takenUp: TakenUp,
  sweepIn: (seconds: number) => void,
): Promise<boolean> {
  const { database, edge, events } = options
  const { how } = takenUp
  const spot = takenUp.how === 'fresh' ? takenUp.spot : null
  const tried = how === 'fresh' ? null : await countTry(database, edge.messenger, chat, how === 'suspect')
  const counted = tried !== null
  if (!counted && how !== 'fresh') return false // whoever has it in hand goes on, or a sweep finds it
  if (tried?.setAside) {
    events.setAside(tried.updateId)
    const incoming = edge.parse(tried.payload)
    if (incoming) await apologize(options, incoming)
    return true
  }
  const began = performance.now()
  const hand: { updateId?: number; incoming?: Incoming | null } = {}
  try {
    const after = await database.atOnce(async (tx) => {
      const [update, opening] = await Promise.all([
        takeOldest(tx, edge.messenger, chat, tried?.updateId ?? null),
        spot && openingOf(tx, spot), // in the same flight
      ])
      if (!update) return null
      hand.updateId = update.updateId
      hand.incoming = edge.parse(update.payload)
      const mayWait = update.waitedSeconds < TOO_EARLY.mostSeconds
      const ahead = spot && opening && { spot, opening }
      return hand.incoming ? options.handle(tx, hand.incoming, mayWait, ahead) : {}
    })
    if (!after) return false
    finish(edge, hand.incoming ?? null, after)
    events.handled(hand.incoming?.kind ?? 'ignored', (performance.now() - began) / 1000)
    return true
  } catch (error) {
    if (hand.updateId === undefined) throw error
    if (error instanceof TooEarly) {
      await putBack(database, edge.messenger, hand.updateId, { seconds: TOO_EARLY.pauseSeconds, counted })
      sweepIn(TOO_EARLY.pauseSeconds)
      return true
    }
    const tried = await fail(options, hand.updateId, hand.incoming ?? null, counted, error)
    if (tried && !tried.setAside) sweepIn(tried.pauseSeconds)
    return true
  }
}

function finish(edge: IntakeEdge, incoming: Incoming | null, after: AfterCommit): void {
  if (incoming?.kind === 'tap') {
    const { words, alert } = after.tapAnswer ?? {}
    void edge.answerTap(incoming.tapId, words, alert)
  }
  if (after.busy && incoming) void edge.showBusy(incoming.chat)
}

async function fail(
  options: IntakeOptions,
  updateId: number,
  incoming: Incoming | null,
  counted: boolean,
  error: unknown,
): Promise<FailedTry | null> {
  const { database, edge, events } = options
  const tried = await noteFailure(database, edge.messenger, updateId, causeOf(error), counted)
  if (!tried) return null
  events.failed(updateId, tried, error)
  if (tried.setAside) events.setAside(updateId)
  if (incoming?.kind === 'tap' && tried.attempts === 2) answerInVain(options, incoming)
  if (incoming && tried.setAside) await apologize(options, incoming)
  return tried
}

/** From the second failure on a pressed button is not kept waiting. */
function answerInVain(options: IntakeOptions, tap: Incoming & { kind: 'tap' }): void {
  void options.edge.answerTap(tap.tapId, options.apology(tap).tapWords, true)
}

/** Who wrote is told when we give up. */
async function apologize(options: IntakeOptions, incoming: Incoming): Promise<void> {
  const { delivery } = options.apology(incoming)
  if (delivery && incoming.kind !== 'tap') await options.database.asSystem((tx) => enqueueDeliveries(tx, [delivery]))
}

/** What kept an update from being worked on, without anybody's words: the error's name, its code, and where it was thrown. */
export function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const code = (error as { code?: unknown }).code
  const place = error.stack
    ?.split('\n')
    .find((line) => /^\s+at /.test(line) && line.includes('/src/') && !line.includes('/node_modules/'))
  return [
    error.name,
    code,
    place
      ?.trim()
      .replace(/.*\/src\//, 'src/')
      .replace(/\)$/, ''),
  ]
    .filter(Boolean)
    .join(' ')
}

/** Gathers what comes while a statement is under way into the next one: under load one commit serves many. Each hears of all that were new, and takes its own out of them. */
function batcher<Kept>(keep: (updates: Kept[]) => Promise<number[]>): (updates: Kept[]) => Promise<Set<number>> {
  type Waiting = { updates: Kept[]; resolve(fresh: Set<number>): void; reject(error: unknown): void }
  let waiting: Waiting[] = []
  let busy = 0
  const run = async (): Promise<void> => {
    const taken = waiting
    waiting = []
    busy += 1
    try {
      const fresh = new Set(await keep(taken.flatMap((one) => one.updates)))
      for (const one of taken) one.resolve(fresh)
    } catch (error) {
      for (const one of taken) one.reject(error)
    } finally {
      busy -= 1
      if (waiting.length > 0) void run()
    }
  }
  return (updates) =>
    new Promise((resolve, reject) => {
      waiting.push({ updates, resolve, reject })
      if (busy < 2) void run()
    })
}

async function within<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  work.catch(() => {}) // may fail after nobody waits for it any more
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the database did not answer in time')), milliseconds)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

type ChatQueue = {
  add(chat: string, takenUp: TakenUp): void
  has(chat: string): boolean
  isIdle(): boolean
  close(): Promise<void>
}

/** One worker a chat, so many chats at a time, and one more for a suspect; each entry stands for one update that waits. */
function chatQueue(concurrency: number, work: (chat: string, takenUp: TakenUp) => Promise<boolean>): ChatQueue {
  const entries = new Map<string, TakenUp[]>()
  const ready: string[] = []
  const suspects: string[] = []
  const running = new Set<string>()
  let suspectRuns = false
  let open = true
  let finished: (() => void) | undefined

  const begin = (chat: string): Promise<void> => {
    running.add(chat)
    return run(chat)
  }
  const run = async (chat: string): Promise<void> => {
    const left = entries.get(chat) ?? []
    const takenUp: TakenUp = left.shift() ?? { how: 'again' }
    const taken = await work(chat, takenUp).catch(() => 'failed' as const)
    running.delete(chat)
    if (takenUp.how === 'suspect') suspectRuns = false
    if (taken === 'failed') retry(chat, left)
    else goOn(chat, left, taken, takenUp)
    next()
  }
  const goOn = (chat: string, left: TakenUp[], taken: boolean, { how }: TakenUp): void => {
    if (taken && how !== 'fresh' && left.length === 0) left.push({ how: 'again' }) // what was left behind may have more behind it
    const goesOn = taken || how !== 'fresh' // a fresh one that may not be taken stands behind one that waits out its failure
    if (goesOn && left.length > 0) ready.push(chat)
    else entries.delete(chat)
  }
  /** The database failed: its update is there still, and is a repeated try from now on. */
  const retry = (chat: string, left: TakenUp[]): void => {
    left.unshift({ how: 'again' })
    setTimeout(() => {
      ready.push(chat)
      next()
    }, AFTER_FAILURE_MS).unref()
  }
  const next = (): void => {
    while (open && running.size < concurrency && ready.length > 0) void begin(ready.shift()!)
    if (open && !suspectRuns && suspects.length > 0) {
      suspectRuns = true
      void begin(suspects.shift()!)
    }
    if (running.size === 0 && (!open || ready.length === 0)) finished?.()
  }
  return {
    add: (chat, takenUp) => {
      const known = entries.get(chat)
      if (known) known.push(takenUp)
      else {
        entries.set(chat, [takenUp])
        if (takenUp.how === 'suspect') suspects.push(chat)
        else ready.push(chat)
      }
      next()
    },
    has: (chat) => entries.has(chat),
    isIdle: () => entries.size === 0,
    close: () =>
      new Promise((resolve) => {
        finished = resolve
        setTimeout(() => {
          open = false
          next()
        }, CLOSING_MS).unref()
        next()
      }),
  }
}
