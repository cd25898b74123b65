import type { Core } from '../core.ts'
import type { Content, User } from '../telegram.ts'
import { type VisibleMessage, visibleMessage } from '../visible.ts'
import { type KeptMessage, type Room, type SandboxPerson, userOf, withoutReply } from '../world.ts'
import type { MessageRef, SendOptions } from './person.ts'

/** One person before one chat: what each thing that they do there works on. */
export type Seat = {
  core: Core
  person: SandboxPerson
  user: User
  room: Room
  /** How far each message was given to `waitFor`: its version by its number. */
  seen: Map<number, number>
}

/** The seats' memories of what was seen, by person and chat. */
export type Seen = Map<string, Map<number, number>>

/** The seat of `personId` in the chat `chatId`. Throws for a person or chat that is not there, or not theirs. */
export function seatOf(core: Core, seenBy: Seen, personId: number, chatId: number): Seat {
  const person = core.world.people.get(personId)
  const room = core.world.rooms.get(chatId)
  if (!person) throw new Error(`The sandbox has no person ${personId}`)
  if (!room) throw new Error(`The sandbox has no chat ${chatId}`)
  if (!room.members.has(personId)) throw new Error(`${person.firstName} is not in the chat ${chatId}`)
  const key = `${personId}/${chatId}`
  const seen = seenBy.get(key) ?? new Map<number, number>()
  seenBy.set(key, seen)
  return { core, person, user: userOf(person), room, seen }
}

/** The message as the person at the seat sees it. */
export function see(seat: Seat, kept: KeptMessage): VisibleMessage {
  return visibleMessage(seat.core, kept, seat.person.id)
}

/** The message that `ref` names. Throws where the chat has none. */
export function keptOf({ room }: Seat, ref: MessageRef): KeptMessage {
  const id = idOf(ref)
  const kept = room.messages.get(id)
  if (!kept) throw new Error(`The chat ${room.id} has no message ${id}`)
  return kept
}

/** The number of a message. */
export function idOf(ref: MessageRef): number {
  return typeof ref === 'number' ? ref : ref.id
}

/** Writes into the chat and tells the bot of it. Throws where the person has blocked the bot or is gone. */
export function post(seat: Seat, content: Content): VisibleMessage {
  openForWriting(seat)
  const message = seat.core.world.post(seat.room, seat.user, content)
  seat.core.updates.add({ message })
  return see(seat, { message })
}

/** Whoever writes to the bot has started it. */
function openForWriting({ core, room }: Seat): void {
  if (room.standing === 'never-started') {
    room.standing = 'open'
    core.world.touch(room)
  }
  if (room.standing !== 'open') throw new Error(`The chat ${room.id} is ${room.standing}: nothing can be written`)
}

/** Which message is answered and which topic is written into; an answer goes where the message answered stands. */
export function placementOf(seat: Seat, { replyTo, topic }: SendOptions): Partial<Content> {
  const answered = replyTo === undefined ? undefined : keptOf(seat, replyTo).message
  const threadId = topic ?? (answered?.is_topic_message ? answered.message_thread_id : undefined)
  return {
    ...(threadId === undefined ? {} : { message_thread_id: threadId, is_topic_message: true as const }),
    ...(answered ? { reply_to_message: withoutReply(answered) } : {}),
  }
}

/** A one-time keyboard goes once it is used. */
export function hideOneTimeKeyboard({ core, room }: Seat): void {
  if (!room.keyboard?.one_time_keyboard) return
  room.keyboard = null
  core.world.touch(room)
}
