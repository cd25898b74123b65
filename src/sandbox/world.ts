import { EventEmitter } from 'node:events'
import type { Clock } from '../kernel/clock.ts'
import { type Change, type ChangeLog, forgetful, type KeptRoom } from './log.ts'
import type { Chat, Content, Message, ReplyKeyboard, User } from './telegram.ts'

/** Someone who talks to the bot in the sandbox. `id` is the Telegram id and the id of the private chat with the bot. */
export type SandboxPerson = {
  id: number
  firstName: string
  lastName?: string
  username?: string
  phone: string
  /** What stands under the name in the column, such as «директор школы № 3». */
  role: string
  /** CSS colour of the initials' circle. */
  colour: string
}

/** A group in which the bot is an administrator; a forum has topics. */
export type SandboxGroup = {
  id: number
  title: string
  isForum: boolean
  members: number[]
  /** Who added the bot: the bot is told so when the group is new. */
  addedBy?: number
}

/** Whether the bot may write to the person of a private chat; groups are always `open`. */
export type Standing = 'never-started' | 'open' | 'blocked' | 'deactivated'

export type Topic = { name: string; iconColor: number; isClosed: boolean }

export type KeptMessage = {
  message: Message
  /** Emoji by the id of who put it there. */
  reactions?: Record<string, string>
  /** It brought a keyboard for the bottom of the chat (or took it away): Telegram lets nobody edit such a message. */
  isFixed?: true
}

export type Room = {
  id: number
  chat: Chat
  standing: Standing
  members: Set<number>
  messages: Map<number, KeptMessage>
  /** Pinned messages, the latest last. */
  pinned: number[]
  topics: Map<number, Topic>
  keyboard: ReplyKeyboard | null
  /** The number of the last message of a supergroup; private chats and groups share one count. */
  lastMessageId: number
  migratedTo: number | null
  /** The last message that each person has seen. */
  read: Record<string, number>
}

export type BotCommand = { command: string; description: string }

export type BotSettings = {
  /** By scope and language, see `commandsKey`. */
  commands: Record<string, BotCommand[]>
  menuButtons: Record<string, unknown>
  description: string
  shortDescription: string
  webhook: Webhook | null
  allowedUpdates: string[] | null
}

export type Webhook = { url: string; secret: string | null; maxConnections: number }

/** What the page and the tests are told of. */
export type WorldEvents = {
  message: [room: Room, kept: KeptMessage, change: 'new' | 'edited' | 'marked']
  deleted: [room: Room, messageId: number]
  room: [room: Room]
  person: [person: SandboxPerson]
  bot: [settings: BotSettings]
}

export interface World {
  readonly clock: Clock
  readonly bot: User
  readonly settings: BotSettings
  readonly people: ReadonlyMap<number, SandboxPerson>
  readonly rooms: ReadonlyMap<number, Room>
  readonly events: EventEmitter<WorldEvents>
  /** Unix seconds of the sandbox's clock. */
  nowSeconds(): number
  addPerson(person: SandboxPerson): Room
  addGroup(group: SandboxGroup): Room
  /** The chat is gone for the bot. */
  forget(chatId: number): void
  /** Keeps a new message from `from` in the room and tells of it. */
  post(room: Room, from: User, content: Content, isFixed?: boolean): Message
  /** Puts `message` in the place of the one with its number. */
  replace(room: Room, message: Message): void
  react(room: Room, messageId: number, by: number, emoji: string | null): void
  remove(room: Room, messageId: number): void
  /** Keeps and tells what was changed in the room itself. */
  touch(room: Room): void
  touchBot(): void
  /** Takes a kept line in; used once for each at the start. */
  restore(change: Change): void
  /** The shortest list of changes that gives the present state, without updates and files. */
  snapshot(): Generator<Change>
  keepIn(log: ChangeLog): void
}

export type WorldOptions = { clock: Clock; bot: User; keepMessages: number }

/** The chats, people and messages of one bot, in memory; every change goes to the log that `keepIn` names. */
export function createWorld({ clock, bot, keepMessages }: WorldOptions): World {
  const people = new Map<number, SandboxPerson>()
  const rooms = new Map<number, Room>()
  const events = new EventEmitter<WorldEvents>()
  events.setMaxListeners(0)
  const settings: BotSettings = {
    commands: {},
    menuButtons: {},
    description: '',
    shortDescription: '',
    webhook: null,
    allowedUpdates: null,
  }
  let log = forgetful
  let lastMessageId = 0
  const nowSeconds = () => Math.floor(clock.now().epochMilliseconds / 1000)

  const nextMessageId = (room: Room) => {
    if (room.chat.type === 'supergroup') return ++room.lastMessageId
    return ++lastMessageId
  }
  const keep = (room: Room, kept: KeptMessage) => {
    room.messages.set(kept.message.message_id, kept)
    if (room.messages.size > keepMessages) forgetOldest(room)
  }
  const touch = (room: Room) => {
    log.append({ is: 'room', room: keptRoom(room) })
    events.emit('room', room)
  }
  const openRoom = (room: Room) => {
    rooms.set(room.id, room)
    touch(room)
    return room
  }

  return {
    clock,
    bot,
    settings,
    people,
    rooms,
    events,
    nowSeconds,
    addPerson(person) {
      people.set(person.id, person)
      log.append({ is: 'person', person })
      events.emit('person', person)
      const known = rooms.get(person.id)
      if (!known) return openRoom(emptyRoom(privateChat(person), 'never-started', [person.id]))
      known.chat = privateChat(person)
      touch(known)
      return known
    },
    addGroup(group) {
      const known = rooms.get(group.id)
      if (known) return known
      const room = openRoom(emptyRoom(groupChat(group), 'open', group.members))
      return room
    },
    forget(chatId) {
      rooms.delete(chatId)
      log.append({ is: 'forgotten', room: chatId })
    },
    post(room, from, content, isFixed = false) {
      const message: Message = {
        message_id: nextMessageId(room),
        from,
        chat: room.chat,
        date: nowSeconds(),
        ...content,
      }
      const kept: KeptMessage = isFixed ? { message, isFixed } : { message }
      keep(room, kept)
      log.append({ is: 'message', room: room.id, kept })
      events.emit('message', room, kept, 'new')
      return message
    },
    replace(room, message) {
      const kept: KeptMessage = { ...room.messages.get(message.message_id), message }
      room.messages.set(message.message_id, kept)
      log.append({ is: 'message', room: room.id, kept })
      events.emit('message', room, kept, 'edited')
    },
    react(room, messageId, by, emoji) {
      const kept = room.messages.get(messageId)
      if (!kept) return
      const { [String(by)]: _former, ...others } = kept.reactions ?? {}
      kept.reactions = emoji === null ? others : { ...others, [String(by)]: emoji }
      log.append({ is: 'message', room: room.id, kept })
      events.emit('message', room, kept, 'marked')
    },
    remove(room, messageId) {
      room.messages.delete(messageId)
      const wasPinned = room.pinned.includes(messageId)
      room.pinned = room.pinned.filter((id) => id !== messageId)
      log.append({ is: 'deleted', room: room.id, id: messageId })
      events.emit('deleted', room, messageId)
      if (wasPinned) touch(room)
    },
    touch,
    touchBot() {
      log.append({ is: 'bot', bot: settings })
      events.emit('bot', settings)
    },
    restore(change) {
      if (change.is === 'person') people.set(change.person.id, change.person)
      else if (change.is === 'bot') Object.assign(settings, change.bot)
      else if (change.is === 'number') lastMessageId = Math.max(lastMessageId, change.message)
      else if (change.is === 'room') rooms.set(change.room.id, roomFrom(change.room, rooms.get(change.room.id)))
      else if (change.is === 'forgotten') rooms.delete(change.room)
      else if (change.is === 'deleted') rooms.get(change.room)?.messages.delete(change.id)
      else if (change.is === 'message') {
        const room = rooms.get(change.room)
        if (!room) return
        keep(room, change.kept)
        const id = change.kept.message.message_id
        if (room.chat.type === 'supergroup') room.lastMessageId = Math.max(room.lastMessageId, id)
        else lastMessageId = Math.max(lastMessageId, id)
      }
    },
    *snapshot() {
      yield { is: 'number', message: lastMessageId, update: 0 }
      yield { is: 'bot', bot: settings }
      for (const person of people.values()) yield { is: 'person', person }
      for (const room of rooms.values()) {
        yield { is: 'room', room: keptRoom(room) }
        for (const kept of room.messages.values()) yield { is: 'message', room: room.id, kept }
      }
    },
    keepIn(next) {
      log = next
    },
  }
}

/** A person as the bot sees them. */
export function userOf(person: SandboxPerson): User {
  return {
    id: person.id,
    is_bot: false,
    first_name: person.firstName,
    ...(person.lastName === undefined ? {} : { last_name: person.lastName }),
    ...(person.username === undefined ? {} : { username: person.username }),
    language_code: 'ru',
  }
}

/** The message as others quote it: without the quotation inside it. */
export function withoutReply(message: Message): Message {
  const { reply_to_message: _reply, ...rest } = message
  return rest
}

function privateChat(person: SandboxPerson): Chat {
  const { is_bot: _bot, language_code: _language, ...names } = userOf(person)
  return { ...names, type: 'private' }
}

function groupChat(group: SandboxGroup): Chat {
  const type = String(group.id).startsWith('-100') ? 'supergroup' : 'group'
  return { id: group.id, type, title: group.title, ...(group.isForum ? { is_forum: true as const } : {}) }
}

function emptyRoom(chat: Chat, standing: Standing, members: number[]): Room {
  return {
    id: chat.id,
    chat,
    standing,
    members: new Set(members),
    messages: new Map(),
    pinned: [],
    topics: new Map(),
    keyboard: null,
    lastMessageId: 0,
    migratedTo: null,
    read: {},
  }
}

function keptRoom({ messages: _messages, members, topics, ...rest }: Room): KeptRoom {
  return { ...rest, members: [...members], topics: [...topics] }
}

function roomFrom(kept: KeptRoom, former: Room | undefined): Room {
  return {
    ...kept,
    members: new Set(kept.members),
    topics: new Map(kept.topics),
    messages: former?.messages ?? new Map(),
    lastMessageId: Math.max(kept.lastMessageId, former?.lastMessageId ?? 0),
  }
}

/** Memory stays bounded: the oldest message of a full room goes, without a word to anybody, as if scrolled out of reach. */
function forgetOldest(room: Room): void {
  const oldest = room.messages.keys().next().value
  if (oldest !== undefined) room.messages.delete(oldest)
}
