import { setTimeout as pause } from 'node:timers/promises'
import type { BotApi } from './api.ts'
import { ALLOWED_UPDATES } from './update.ts'

const LONG_POLL_SECONDS = 25
const GRACE_MS = 15_000
const LONGEST_PAUSE_MS = 15_000
const UPDATES_A_CALL = 100

export type PollingOptions = {
  api: BotApi
  /** Keeps updates; only when it is done Telegram is told that we have them. */
  accept(updates: unknown[]): Promise<void>
  /** Whether it is this process's turn to ask: one asks for all replicas. */
  myTurn(): Promise<boolean>
  /** The API refuses us altogether (401: the token was revoked, 409: another program asks with the same token), or does so no longer (null). */
  onRefused(cause: string | null): void
}

/** Asks Telegram for updates again and again until `stop` is called, which ends the open question at once. */
export function startPolling(options: PollingOptions): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const done = poll(options, stopping.signal)
  return {
    stop: async () => {
      stopping.abort()
      await done
    },
  }
}

async function poll(options: PollingOptions, stopped: AbortSignal): Promise<void> {
  let offset: number | undefined
  let failures = 0
  while (!stopped.aborted) {
    try {
      const next = await step(options, offset, stopped)
      offset = next.offset
      failures = next.failed ? failures + 1 : 0
    } catch {
      failures += 1 // the database: what Telegram gave is not confirmed and comes again
    }
    if (failures > 0) await rest(Math.min(250 * 2 ** failures, LONGEST_PAUSE_MS), stopped)
  }
}

async function step(
  { api, accept, myTurn, onRefused }: PollingOptions,
  offset: number | undefined,
  stopped: AbortSignal,
): Promise<{ offset: number | undefined; failed: boolean }> {
  if (!(await myTurn())) {
    await rest(2000, stopped)
    return { offset: undefined, failed: false }
  }
  const question = { offset, limit: UPDATES_A_CALL, timeout: LONG_POLL_SECONDS, allowed_updates: ALLOWED_UPDATES }
  const call = api.call('getUpdates', question, { timeoutMs: LONG_POLL_SECONDS * 1000 + GRACE_MS, signal: stopped })
  const result = await call
  if (stopped.aborted) return { offset, failed: false }
  if (!result.ok) {
    const refused = result.failure.kind === 'refused' && [401, 404, 409].includes(result.failure.code)
    if (refused && result.failure.kind === 'refused') onRefused(String(result.failure.code))
    return { offset, failed: true }
  }
  onRefused(null)
  const updates = Array.isArray(result.result) ? result.result : []
  if (updates.length === 0) return { offset, failed: false }
  await accept(updates)
  const last = Math.max(...updates.map((update) => Number((update as { update_id?: unknown }).update_id)))
  return { offset: last + 1, failed: false }
}

async function rest(milliseconds: number, stopped: AbortSignal): Promise<void> {
  await pause(milliseconds, undefined, { signal: stopped }).catch(() => {})
}
