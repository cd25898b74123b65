import { type Args, integerArg, numeric, objectArg, textArg } from '../args.ts'
import type { Core } from '../core.ts'
import { ApiRefusal, badRequest, forbidden } from '../refusal.ts'
import type { Message } from '../telegram.ts'
import { type KeptMessage, type Room, withoutReply } from '../world.ts'

/** The chat that a call names in `field`. Throws ApiRefusal as Telegram does for none, an unknown or a moved one. */
export function roomOf(core: Core, args: Args, field = 'chat_id'): Room {
  const raw = textArg(args, field)
  if (raw === undefined || raw === '') throw badRequest(`${field} is empty`)
  const room = core.world.rooms.get(Number(raw))
  if (!room) throw badRequest('chat not found')
  if (room.migratedTo !== null) {
    throw new ApiRefusal(400, 'Bad Request: group chat was upgraded to a supergroup chat', {
      migrate_to_chat_id: room.migratedTo,
    })
  }
  return room
}

const NOT_WRITABLE = {
  blocked: 'bot was blocked by the user',
  deactivated: 'user is deactivated',
  'never-started': "bot can't initiate conversation with a user",
}

/** The chat that a call writes to. Throws ApiRefusal 403 where the bot may not write. */
export function writableRoomOf(core: Core, args: Args): Room {
  const room = roomOf(core, args)
  if (room.standing !== 'open') throw forbidden(NOT_WRITABLE[room.standing])
  return room
}

/** The message that a call names; `words` is what Telegram says when there is none. */
export function keptOf(room: Room, args: Args, words: string, field = 'message_id'): KeptMessage {
  const kept = room.messages.get(integerArg(args, field) ?? Number.NaN)
  if (!kept) throw badRequest(words)
  return kept
}

export type Placement = Pick<Message, 'reply_to_message' | 'message_thread_id' | 'is_topic_message'>

/** Which message is answered and which topic is written into. Throws ApiRefusal where either is not there. */
export function placementOf(room: Room, args: Args): Placement {
  const reply = replyOf(room, args)
  const threadId = integerArg(args, 'message_thread_id') ?? topicOfReply(reply)
  return { ...topicOf(room, threadId), ...reply }
}

/** An answer goes where the message answered stands. */
function topicOfReply({ reply_to_message: answered }: Placement): number | undefined {
  return answered?.is_topic_message ? answered.message_thread_id : undefined
}

/** The fields of a message in a topic; none outside topics. */
export function topicOf(room: Room, threadId: number | undefined): Placement {
  if (threadId === undefined || threadId === 0) return {}
  const topic = room.topics.get(threadId)
  if (!topic) throw badRequest('message thread not found')
  if (topic.isClosed) throw badRequest('TOPIC_CLOSED')
  return { message_thread_id: threadId, is_topic_message: true }
}

function replyOf(room: Room, args: Args): Placement {
  const parameters = objectArg(args, 'reply_parameters', 'reply parameters') ?? {}
  const id = numeric(parameters.message_id ?? integerArg(args, 'reply_to_message_id') ?? 0)
  if (id === 0) return {}
  const kept = room.messages.get(id)
  if (kept) return { reply_to_message: withoutReply(kept.message) }
  const isLenient = parameters.allow_sending_without_reply ?? args.values.allow_sending_without_reply
  if (isLenient === true || isLenient === 'true') return {}
  throw badRequest('message to be replied not found')
}
