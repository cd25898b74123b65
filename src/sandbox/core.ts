import { randomInt } from 'node:crypto'
import type { EventEmitter } from 'node:events'
import type { FileStore, StoredFile } from './files.ts'
import type { Limits } from './limits.ts'
import { badRequest } from './refusal.ts'
import type { CallbackQuery, Content, Message, ReplyKeyboard, User } from './telegram.ts'
import type { UpdateQueue } from './updates.ts'
import type { WebhookPusher } from './webhook.ts'
import { type Room, userOf, type World } from './world.ts'

/** What the bot answered to a pressed button. */
export type CallbackAnswer = { text: string | null; showAlert: boolean; url: string | null }

export type CoreEvents = {
  answer: [queryId: string, personId: number, answer: CallbackAnswer | null]
  action: [room: Room, action: string]
}

/** The pieces that the methods of the Bot API and the people work on. */
export type Core = {
  world: World
  files: FileStore
  updates: UpdateQueue
  limits: Limits
  webhook: WebhookPusher
  queries: QueryDesk
  links: FileLinks
  events: EventEmitter<CoreEvents>
}

/** A query on its way; `answered` gives null when the bot is too late. */
export type OpenQuery = { query: CallbackQuery; answered: Promise<CallbackAnswer | null> }

export interface QueryDesk {
  /** A new query of `from` about `message`; it can be answered once, for as long as Telegram waits. */
  open(from: User, message: Message, data: string): OpenQuery
  /** Throws the refusal for a query unknown, answered or too old. */
  answer(id: string, answer: CallbackAnswer): void
  expireAll(): void
}

type Waiting = { personId: number; timer: NodeJS.Timeout; settle(answer: CallbackAnswer | null): void }

const TOO_OLD = 'query is too old and response timeout expired or query ID is invalid'

/** `timeoutMs` is real time. An unanswered query ends with the answer null. */
export function createQueryDesk(events: EventEmitter<CoreEvents>, timeoutMs: number): QueryDesk {
  const open = new Map<string, Waiting>()
  const close = (id: string, answer: CallbackAnswer | null) => {
    const query = open.get(id)
    if (!query) return false
    clearTimeout(query.timer)
    open.delete(id)
    query.settle(answer)
    events.emit('answer', id, query.personId, answer)
    return true
  }
  return {
    open(from, message, data) {
      const id = `${randomInt(1e9, 1e10)}${randomInt(1e8, 1e9)}`
      const timer = setTimeout(() => close(id, null), timeoutMs)
      timer.unref()
      const { promise: answered, resolve: settle } = Promise.withResolvers<CallbackAnswer | null>()
      open.set(id, { personId: from.id, timer, settle })
      return { query: { id, from, message, chat_instance: String(message.chat.id), data }, answered }
    },
    answer(id, answer) {
      if (!close(id, answer)) throw badRequest(TOO_OLD)
    },
    expireAll() {
      for (const id of [...open.keys()]) close(id, null)
    },
  }
}

export interface FileLinks {
  /** Makes the file's path work for downloads. */
  grant(file: StoredFile): string
  isGranted(path: string): boolean
  expireAll(): void
}

/** Which download addresses work: those of files that getFile was asked for. */
export function createFileLinks(): FileLinks {
  const granted = new Set<string>()
  return {
    grant(file) {
      granted.add(file.path)
      return file.path
    },
    isGranted: (path) => granted.has(path),
    expireAll: () => granted.clear(),
  }
}

/** The person as a user; undefined for an unknown one. The bot itself is one too. */
export function userById(world: World, id: number): User | undefined {
  if (id === world.bot.id) return world.bot
  const person = world.people.get(id)
  return person && userOf(person)
}

/** Keeps what the bot sends; a reply keyboard is shown at the bottom of the chat until another one takes its place. */
export function postAsBot(core: Core, room: Room, content: Content, keyboard?: ReplyKeyboard | null): Message {
  const message = core.world.post(room, core.world.bot, content, keyboard !== undefined)
  if (keyboard !== undefined && keyboard !== room.keyboard) {
    room.keyboard = keyboard
    core.world.touch(room)
  }
  return message
}
