import { MOST_TRIES } from '../kernel/tries.ts'
import type { DeliveryContent, DeliverySubject, Lane, SendOutcome } from './delivery.ts'

/** A delivery in the hands of this process. `attempts` counts this one; `targetMessageId` is the message that an edit or a removal is about, null where there is none. */
export type ClaimedDelivery = {
  id: number
  municipalityId: number | null
  personId: number | null
  messenger: 'telegram'
  chat: string
  lane: Lane
  reason: string
  content: DeliveryContent
  subject: DeliverySubject
  attempts: number
  /** It was in flight once when its fate became unknown: this is the one repeat. */
  uncertain: boolean
  targetMessageId: number | null
  /** Milliseconds from the claim to its place in the rate budget. */
  waitMs: number
}

/** What is kept of an attempt. `notBeforeSeconds`: from now, by the database's clock; `counts`: it was an attempt that failed by itself. */
export type Settlement = {
  id: number
  attempts: number
  state: 'sent' | 'queued' | 'dead' | 'cancelled'
  messageId: number | null
  failure: string | null
  uncertain: boolean
  notBeforeSeconds: number | null
  counts: boolean
}

const FIRST_PAUSE_SECONDS = 1
const LONGEST_PAUSE_SECONDS = 60
/** A message whose fate is unknown waits a little before its one repeat, so that a flickering line has settled. */
const UNCERTAIN_PAUSE_SECONDS = 2

/**
 * What an outcome means for the delivery. Rules: a refusal of the moment (429, revoked token, moved chat) costs no attempt; a failure is repeated with growing,
 * scattered pauses, at most five tries in all; a message whose fate is unknown is repeated once, since a repeat is seen and a loss is not; the rest is final.
 * `chance`: 0 to 1, scatters the pauses.
 */
export function decideAfterSend(delivery: ClaimedDelivery, outcome: SendOutcome, chance: number): Settlement {
  const kept = {
    id: delivery.id,
    attempts: delivery.attempts,
    messageId: null,
    uncertain: delivery.uncertain,
    notBeforeSeconds: null,
    failure: null,
    counts: true,
  }
  switch (outcome.kind) {
    case 'sent':
      return { ...kept, state: 'sent', messageId: outcome.messageId }
    case 'later':
      return { ...kept, state: 'queued', notBeforeSeconds: outcome.retryAfterSeconds, counts: false }
    case 'moved':
    case 'refused-by-all':
      return { ...kept, state: 'queued', counts: false }
    case 'unreachable':
      return { ...kept, state: 'dead', failure: outcome.why }
    case 'uncertain':
      if (delivery.uncertain) return { ...kept, state: 'dead', failure: `fate unknown twice: ${outcome.cause}` }
      return {
        ...kept,
        state: 'queued',
        uncertain: true,
        notBeforeSeconds: UNCERTAIN_PAUSE_SECONDS,
        failure: outcome.cause,
      }
    case 'failed':
      if (!outcome.retry || delivery.attempts >= MOST_TRIES) return { ...kept, state: 'dead', failure: outcome.cause }
      return {
        ...kept,
        state: 'queued',
        notBeforeSeconds: pauseAfter(delivery.attempts, chance),
        failure: outcome.cause,
      }
  }
}

/** Seconds to wait after attempt number `attempts` failed: 1, 2, 4, 8 … up to a minute, each shortened by up to a half. */
export function pauseAfter(attempts: number, chance: number): number {
  const whole = Math.min(FIRST_PAUSE_SECONDS * 2 ** (attempts - 1), LONGEST_PAUSE_SECONDS)
  return whole * (0.5 + chance / 2)
}
