import type { SendOutcome } from '../../delivery/delivery.ts'

/** Why a call of the Bot API gave no result: Telegram's refusal, or the line. `cause` names no address and no token. */
export type CallFailure =
  | {
      kind: 'refused'
      code: number
      description: string
      retryAfterSeconds: number | null
      movedTo: string | null
    }
  /** The request cannot have reached Telegram. */
  | { kind: 'not-sent'; cause: string }
  /** The request may have been carried out: the line broke or nothing came back in time. */
  | { kind: 'unknown'; cause: string }
  /** Something answered that is not the Bot API: a proxy's page, cut JSON. */
  | { kind: 'garbled'; cause: string }

const UNREACHABLE: readonly [RegExp, 'blocked' | 'deactivated' | 'not-found'][] = [
  [/user is deactivated/i, 'deactivated'],
  [
    /bot was blocked|bot can't initiate|bot was kicked|not a member|have no rights to send|CHAT_WRITE_FORBIDDEN/i,
    'blocked',
  ],
  [/chat not found|PEER_ID_INVALID|user not found|group chat was deleted/i, 'not-found'],
]

/** Edits that change nothing, removals of what is gone: what was wanted is so already. */
const ALREADY_SO = /message is not modified|message to delete not found/i

const GONE = /message to edit not found|message can't be edited|MESSAGE_ID_INVALID|message to be replied/i

/** Whether an edit failed because its message is no more. */
export function isGone(failure: CallFailure): boolean {
  return failure.kind === 'refused' && GONE.test(failure.description)
}

/** Whether a message could not be sent because its topic of the forum is closed or gone. */
export function isTopicGone(failure: CallFailure): boolean {
  return (
    failure.kind === 'refused' &&
    /thread not found|TOPIC_CLOSED|TOPIC_DELETED|TOPIC_ID_INVALID/i.test(failure.description)
  )
}

/** Whether an edit of the text failed because the message is a file with a caption. */
export function isCaption(failure: CallFailure): boolean {
  return failure.kind === 'refused' && /there is no text in the message to edit/i.test(failure.description)
}

/**
 * What a failed call means for its delivery. 429 is given for the chat; who sees several chats refused at once widens it to all.
 * 5xx is repeated: Telegram answers so before it has done anything, as far as is known.
 */
export function outcomeOf(failure: CallFailure, messageId: number | null): SendOutcome {
  switch (failure.kind) {
    case 'not-sent':
      return { kind: 'failed', cause: failure.cause, retry: true }
    case 'garbled':
      return { kind: 'failed', cause: failure.cause, retry: true }
    case 'unknown':
      return { kind: 'uncertain', cause: failure.cause }
    case 'refused':
      return outcomeOfRefusal(failure, messageId)
  }
}

function outcomeOfRefusal(refusal: CallFailure & { kind: 'refused' }, messageId: number | null): SendOutcome {
  const { code, description, retryAfterSeconds, movedTo } = refusal
  if (movedTo !== null) return { kind: 'moved', chat: movedTo }
  if (code === 429) return { kind: 'later', retryAfterSeconds: retryAfterSeconds ?? 1, scope: 'chat' }
  if (code === 401 || code === 409) return { kind: 'refused-by-all', cause: `${code}` }
  if (ALREADY_SO.test(description)) return { kind: 'sent', messageId }
  const unreachable = UNREACHABLE.find(([words]) => words.test(description))
  if (unreachable) return { kind: 'unreachable', why: unreachable[1] }
  if (code === 403) return { kind: 'unreachable', why: 'blocked' }
  if (code === 404) return { kind: 'refused-by-all', cause: '404' } // Telegram's answer to a token that never was
  return { kind: 'failed', cause: `${code} ${plain(description)}`, retry: code >= 500 }
}

/** Telegram's own words, short enough for a log; they name no person. */
function plain(description: string): string {
  return description.replace(/\s+/g, ' ').slice(0, 120)
}
