import { type Args, integerArg, listArg, textArg } from '../args.ts'
import { type Core, postAsBot, userById } from '../core.ts'
import { badRequest } from '../refusal.ts'
import type { ChatMember, Message, Reaction } from '../telegram.ts'
import { type Room, withoutReply } from '../world.ts'
import { keptOf, roomOf, writableRoomOf } from './targets.ts'

const TOPIC_COLOURS = [0x6fb9f0, 0xffd67e, 0xcb86db, 0x8eee98, 0xff93b2, 0xfb6f5f]
const MAX_TOPIC_NAME = 128

/** getChat. */
export function getChat(core: Core, args: Args): unknown {
  const room = roomOf(core, args)
  if (room.standing === 'never-started') throw badRequest('chat not found')
  const pinned = room.messages.get(room.pinned.at(-1) ?? 0)
  return {
    ...room.chat,
    accent_color_id: 0,
    max_reaction_count: 11,
    ...(pinned ? { pinned_message: withoutReply(pinned.message) } : {}),
  }
}

/** getChatMember: the bot is an administrator of its groups. */
export function getChatMember(core: Core, args: Args): ChatMember {
  const room = roomOf(core, args)
  const user = userById(core.world, integerArg(args, 'user_id') ?? 0)
  if (!user) throw badRequest('user not found')
  if (user.is_bot) return { user, status: 'administrator' }
  return { user, status: room.members.has(user.id) ? 'member' : 'left' }
}

/** getChatAdministrators: the bot alone. */
export function getChatAdministrators(core: Core, args: Args): ChatMember[] {
  if (roomOf(core, args).chat.type === 'private') throw badRequest('there are no administrators in the private chat')
  return [{ user: core.world.bot, status: 'administrator' }]
}

/** getChatMemberCount, the bot included. */
export function getChatMemberCount(core: Core, args: Args): number {
  return roomOf(core, args).members.size + 1
}

/** pinChatMessage; the pin is told of in the chat unless it is silent. */
export function pinChatMessage(core: Core, args: Args): true {
  const room = writableRoomOf(core, args)
  const { message } = keptOf(room, args, 'message to pin not found')
  if (room.pinned.at(-1) === message.message_id) return true
  room.pinned = [...room.pinned.filter((id) => id !== message.message_id), message.message_id]
  postAsBot(core, room, { pinned_message: withoutReply(message) })
  core.world.touch(room)
  return true
}

/** unpinChatMessage: the named one, or the last. */
export function unpinChatMessage(core: Core, args: Args): true {
  const room = writableRoomOf(core, args)
  const id = integerArg(args, 'message_id') ?? room.pinned.at(-1)
  if (id === undefined || !room.pinned.includes(id)) throw badRequest('message to unpin not found')
  room.pinned = room.pinned.filter((pinned) => pinned !== id)
  core.world.touch(room)
  return true
}

/** unpinAllChatMessages. */
export function unpinAllChatMessages(core: Core, args: Args): true {
  const room = writableRoomOf(core, args)
  room.pinned = []
  core.world.touch(room)
  return true
}

/** sendChatAction: «печатает…» in the chat for some seconds. */
export function sendChatAction(core: Core, args: Args): true {
  const room = writableRoomOf(core, args)
  const action = textArg(args, 'action')
  if (!action) throw badRequest('wrong parameter action in request')
  core.events.emit('action', room, action)
  return true
}

/** setMessageReaction: one emoji of the bot, or none. */
export function setMessageReaction(core: Core, args: Args): true {
  const room = writableRoomOf(core, args)
  const { message } = keptOf(room, args, 'message to react not found')
  const [reaction] = (listArg(args, 'reaction', 'ReactionType') ?? []) as Reaction[]
  if (reaction && (reaction.type !== 'emoji' || typeof reaction.emoji !== 'string'))
    throw badRequest('REACTION_INVALID')
  core.world.react(room, message.message_id, core.world.bot.id, reaction?.emoji ?? null)
  return true
}

type TopicFacts = { message_thread_id: number; name: string; icon_color: number }

/** createForumTopic; the number of its first message is the number of the topic. */
export function createForumTopic(core: Core, args: Args): TopicFacts {
  const room = forumOf(core, args)
  const name = topicName(args)
  const color = integerArg(args, 'icon_color') ?? TOPIC_COLOURS[room.topics.size % TOPIC_COLOURS.length] ?? 0
  const created = postAsBot(core, room, { forum_topic_created: { name, icon_color: color } })
  room.topics.set(created.message_id, { name, iconColor: color, isClosed: false })
  core.world.replace(room, { ...created, message_thread_id: created.message_id, is_topic_message: true })
  core.world.touch(room)
  return { message_thread_id: created.message_id, name, icon_color: color }
}

/** editForumTopic: another name. */
export function editForumTopic(core: Core, args: Args): true {
  const name = topicName(args)
  return changeTopic(core, args, { name }, { forum_topic_edited: { name } })
}

/** closeForumTopic. */
export function closeForumTopic(core: Core, args: Args): true {
  return changeTopic(core, args, { isClosed: true }, { forum_topic_closed: {} })
}

/** reopenForumTopic. */
export function reopenForumTopic(core: Core, args: Args): true {
  return changeTopic(core, args, { isClosed: false }, { forum_topic_reopened: {} })
}

/** deleteForumTopic, with its messages. */
export function deleteForumTopic(core: Core, args: Args): true {
  const room = forumOf(core, args)
  const id = topicId(room, args)
  room.topics.delete(id)
  for (const { message } of [...room.messages.values()]) {
    if (message.message_thread_id === id) core.world.remove(room, message.message_id)
  }
  core.world.touch(room)
  return true
}

function changeTopic(
  core: Core,
  args: Args,
  change: { name?: string; isClosed?: boolean },
  told: Pick<Message, 'forum_topic_edited' | 'forum_topic_closed' | 'forum_topic_reopened'>,
): true {
  const room = forumOf(core, args)
  const id = topicId(room, args)
  const topic = room.topics.get(id)
  if (!topic || Object.entries(change).every(([key, value]) => topic[key as keyof typeof topic] === value)) {
    throw badRequest('TOPIC_NOT_MODIFIED')
  }
  room.topics.set(id, { ...topic, ...change })
  core.world.touch(room)
  postAsBot(core, room, { ...told, message_thread_id: id, is_topic_message: true })
  return true
}

function forumOf(core: Core, args: Args): Room {
  const room = writableRoomOf(core, args)
  if (!room.chat.is_forum) throw badRequest('the chat is not a forum')
  return room
}

function topicName(args: Args): string {
  const name = (textArg(args, 'name') ?? '').trim()
  if (name === '' || name.length > MAX_TOPIC_NAME) throw badRequest('TOPIC_TITLE_EMPTY')
  return name
}

function topicId(room: Room, args: Args): number {
  const id = integerArg(args, 'message_thread_id') ?? 0
  if (!room.topics.has(id)) throw badRequest('message thread not found')
  return id
}
