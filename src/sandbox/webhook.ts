import type { Update } from './telegram.ts'
import { queueOf, type UpdateQueue } from './updates.ts'
import type { Webhook } from './world.ts'

/** What getWebhookInfo tells of the deliveries. */
export type WebhookHealth = { lastErrorAtSeconds: number | null; lastError: string | null }

export type WebhookOptions = {
  updates: UpdateQueue
  /** The pause before a failed delivery is tried again; it doubles each time, up to a minute. */
  firstPauseMs: number
  /** Carries out the Bot API call that a bot may put in its answer. */
  onReply: (method: string, args: Record<string, unknown>) => Promise<void>
}

export interface WebhookPusher {
  start(webhook: Webhook): void
  stop(): void
  readonly health: WebhookHealth
}

type Delivery = { update: Update; settled: () => void }

const LONGEST_PAUSE_MS = 60_000
const ANSWER_WITHIN_MS = 60_000

/**
 * Posts updates to the bot's own address. The updates of one chat keep their order: while one fails, those behind it wait;
 * other chats go on, `maxConnections` at a time. Copies of the same update go out at the same moment.
 */
export function createWebhookPusher({ updates, firstPauseMs, onReply }: WebhookOptions): WebhookPusher {
  const health: WebhookHealth = { lastErrorAtSeconds: null, lastError: null }
  let stopCurrent: (() => void) | null = null

  const start = (webhook: Webhook) => {
    stopCurrent?.()
    const chats = new Map<number, Delivery[]>()
    const ready: number[] = []
    const pauses = new Map<number, number>()
    const timers = new Set<NodeJS.Timeout>()
    const inFlight = new Set<AbortController>()
    let isEnded = false
    let open = 0

    const pump = () => {
      while (open < webhook.maxConnections && ready.length > 0 && !isEnded) {
        void serve(ready.shift() as number)
      }
    }
    const serve = async (chatId: number) => {
      const group = copiesAtHead(chats.get(chatId) ?? [])
      open += group.length
      const results = await Promise.all(group.map((delivery) => attempt(webhook, delivery.update, inFlight)))
      open -= group.length
      if (isEnded) return
      const failure = results.find((result) => !result.ok)
      if (failure && !failure.ok) putOff(chatId, failure)
      else await finish(chatId, group, results)
      pump()
    }
    const finish = async (chatId: number, group: Delivery[], results: Attempt[]) => {
      for (const { settled } of group) settled()
      chats.get(chatId)?.splice(0, group.length)
      pauses.delete(chatId)
      if (chats.get(chatId)?.length === 0) chats.delete(chatId)
      else ready.push(chatId)
      for (const result of results) if (result.ok && result.call) await onReply(result.call.method, result.call.args)
    }
    const putOff = (chatId: number, failure: Failed) => {
      health.lastErrorAtSeconds = Math.floor(Date.now() / 1000)
      health.lastError = failure.why
      const pauseMs = pauses.get(chatId) ?? firstPauseMs
      pauses.set(chatId, Math.min(LONGEST_PAUSE_MS, pauseMs * 2))
      const timer = setTimeout(
        () => {
          timers.delete(timer)
          ready.push(chatId)
          pump()
        },
        Math.max(pauseMs, failure.retryAfterMs),
      )
      timers.add(timer)
    }
    stopCurrent = () => {
      updates.pushTo(null)
      isEnded = true
      for (const timer of timers) clearTimeout(timer)
      for (const request of inFlight) request.abort()
    }
    updates.pushTo((update, settled) => {
      const chatId = queueOf(update)
      const queue = chats.get(chatId)
      if (queue) queue.push({ update, settled })
      else {
        chats.set(chatId, [{ update, settled }])
        ready.push(chatId)
      }
      queueMicrotask(pump)
    })
  }
  return {
    start,
    stop() {
      stopCurrent?.()
      stopCurrent = null
    },
    health,
  }
}

type Failed = { ok: false; why: string; retryAfterMs: number }
type Attempt = { ok: true; call: { method: string; args: Record<string, unknown> } | null } | Failed

function copiesAtHead(queue: Delivery[]): Delivery[] {
  const head = queue[0]
  const end = queue.findIndex(({ update }) => update.update_id !== head?.update.update_id)
  return queue.slice(0, end < 0 ? queue.length : end)
}

async function attempt(webhook: Webhook, update: Update, inFlight: Set<AbortController>): Promise<Attempt> {
  const request = new AbortController()
  const timer = setTimeout(() => request.abort(), ANSWER_WITHIN_MS)
  inFlight.add(request)
  try {
    const response = await fetch(webhook.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(webhook.secret === null ? {} : { 'x-telegram-bot-api-secret-token': webhook.secret }),
      },
      body: JSON.stringify(update),
      redirect: 'manual',
      signal: request.signal,
    })
    const body = await response.text()
    if (response.ok) return { ok: true, call: callIn(body) }
    const retryAfterMs = Number(response.headers.get('retry-after') ?? 0) * 1000 || 0
    return {
      ok: false,
      why: `Wrong response from the webhook: ${response.status} ${response.statusText}`,
      retryAfterMs,
    }
  } catch {
    return { ok: false, why: 'Connection failed or timed out', retryAfterMs: 0 }
  } finally {
    clearTimeout(timer)
    inFlight.delete(request)
  }
}

/** A bot may answer an update with one call of the Bot API, `{"method": "sendMessage", …}`. */
function callIn(body: string): { method: string; args: Record<string, unknown> } | null {
  if (!body.startsWith('{')) return null
  try {
    const { method, ...args } = JSON.parse(body) as Record<string, unknown>
    return typeof method === 'string' ? { method, args } : null
  } catch {
    return null
  }
}
