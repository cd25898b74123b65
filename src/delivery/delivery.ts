import type { Screen } from './screen.ts'

/** Lanes by urgency: answers to people go before reminders, reminders before broadcasts. */
export const LANES = { answer: 0, reminder: 1, broadcast: 2 } as const
export type Lane = keyof typeof LANES

/**
 * What a delivery does, one call of the messenger each: a new message, an edit of an earlier one in place, its removal, or a new topic of a forum.
 * A message with a `target` goes into the topic that it names; where that is gone, into the group itself.
 * An edit names the message by its messenger's id, or by the delivery that sent it (whose id is not known yet while it waits).
 */
export type DeliveryContent =
  | { do: 'send'; screen: Screen; target?: MessageTarget }
  | { do: 'edit'; target: MessageTarget; screen: Screen; sendAnewIfGone?: boolean }
  | { do: 'delete'; target: MessageTarget }
  | { do: 'open-topic'; name: string }

export type MessageTarget = { messageId: number } | { deliveryId: number }

/** The objects that a message speaks of, in its order: a reply to it is about them. */
export type DeliverySubject = {
  tasks?: number[]
  report?: number
  postponement?: number
  announcement?: number
  question?: number
  [other: string]: unknown
}

/** One outgoing message to one chat, to be queued in the transaction of the change that causes it. */
export type NewDelivery = {
  municipalityId: number | null
  personId: number | null
  messenger: 'telegram'
  chat: string
  lane: Lane
  /** Why it is sent, a fixed word of ours: `reminder`, `receipt`, `review-asked`, `answer` … */
  reason: string
  content: DeliveryContent
  subject?: DeliverySubject
  /** Two deliveries with the same key are one: the second is not queued. */
  onceKey?: string
}

/** What became of one call of the messenger. The adapter alone knows the messenger's codes. */
export type SendOutcome =
  | { kind: 'sent'; messageId: number | null }
  | { kind: 'later'; retryAfterSeconds: number; scope: 'chat' | 'all' }
  | { kind: 'unreachable'; why: 'blocked' | 'deactivated' | 'not-found' }
  | { kind: 'moved'; chat: string }
  | { kind: 'uncertain'; cause: string }
  | { kind: 'failed'; cause: string; retry: boolean }
  | { kind: 'refused-by-all'; cause: string }
