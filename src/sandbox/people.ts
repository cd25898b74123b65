import type { CallbackAnswer, Core } from './core.ts'
import { postAsBot } from './core.ts'
import { type MediaFacts, storeDocument, storePhoto, storeVideo, storeVoice } from './media.ts'
import { forwardedContent, newAlbumId } from './methods/sending.ts'
import type { Content, Message } from './telegram.ts'
import { format } from './text/formatted.ts'
import { type VisibleButton, type VisibleMessage, visibleMessage } from './visible.ts'
import { type KeptMessage, type Room, type SandboxPerson, type Standing, userOf, withoutReply } from './world.ts'

/** A message by its number or as it was seen. */
export type MessageRef = number | Pick<VisibleMessage, 'id'>

export type SendOptions = {
  replyTo?: MessageRef
  /** The topic of a forum to write into. */
  topic?: number
}

export type FileOptions = SendOptions & {
  caption?: string
  /** Files sent with the same id are parts of one album. */
  albumId?: string
  /** Seconds, of a voice note or video. */
  duration?: number
}

export type AlbumPart = { kind: 'photo' | 'document' | 'video'; bytes: Buffer; name?: string; caption?: string }

/** A pressed button. */
export type Tap = {
  queryId: string
  /** What the bot answered; null when it did not in time. Rejects after `timeoutMs` of real time. */
  answered(timeoutMs?: number): Promise<CallbackAnswer | null>
}

/** What waitFor looks for: words in the text, a pattern, or any question about the message. */
export type Wanted = string | RegExp | ((message: VisibleMessage) => boolean)

/** One person at their phone, in one chat: the private chat with the bot, or a group. */
export interface PersonInChat {
  readonly person: SandboxPerson
  readonly chatId: number
  /** The same person in another chat. */
  in(chatId: number): PersonInChat
  /** A text longer than Telegram takes goes out as several messages, as its apps do it; gives the last one. */
  send(text: string, options?: SendOptions): Promise<VisibleMessage>
  sendPhoto(bytes: Buffer, caption?: string, options?: FileOptions): Promise<VisibleMessage>
  sendDocument(bytes: Buffer, name: string, options?: FileOptions & { mimeType?: string }): Promise<VisibleMessage>
  sendVoice(bytes: Buffer, options?: FileOptions): Promise<VisibleMessage>
  sendVideo(bytes: Buffer, options?: FileOptions): Promise<VisibleMessage>
  /** Several files as one album; the parts come to the bot as messages of their own, as in Telegram. */
  sendAlbum(parts: AlbumPart[], options?: SendOptions): Promise<VisibleMessage[]>
  /** The person's own number, or another contact: then it carries no or another user id. */
  shareContact(other?: { phone: string; firstName: string; userId?: number }): Promise<VisibleMessage>
  /** Presses the inline button with that label, or that data. Throws where the message has none. */
  tap(message: MessageRef, labelOrData: string | RegExp): Promise<Tap>
  /** Sends button data that the message may not have: what a forged client can do. */
  forgeTap(message: MessageRef, data: string): Promise<Tap>
  /** Presses a button of the keyboard at the bottom. Throws where there is none. */
  press(label: string | RegExp): Promise<VisibleMessage>
  /** Opens `t.me/<bot>?start=…` or `https://t.me/…` and presses «Start». */
  openLink(link: string): Promise<VisibleMessage>
  start(): Promise<VisibleMessage>
  block(): Promise<void>
  unblock(): Promise<void>
  edit(message: MessageRef, text: string): Promise<VisibleMessage>
  /** Sends a message of this chat on: to the bot, or to the chat `to`. */
  forward(message: MessageRef, to?: number): Promise<VisibleMessage>
  /** Puts an emoji under a message; null takes it away. */
  react(message: MessageRef, emoji: string | null): Promise<void>
  /** The messages of the chat, oldest first. */
  messages(): VisibleMessage[]
  /** The last message of the bot. Throws where there is none. */
  last(): VisibleMessage
  message(ref: MessageRef): VisibleMessage | undefined
  /** Labels of the keyboard at the bottom, row by row. */
  keyboard(): string[][]
  readonly standing: Standing
  /**
   * The first message of the bot, there already or coming, that fits and that no earlier `waitFor` of this person in this chat
   * has given; an edit makes a message new again. Rejects after `timeoutMs` of real time and says what was there.
   */
  waitFor(wanted: Wanted, timeoutMs?: number): Promise<VisibleMessage>
  /** Takes all that is there for seen, so that `waitFor` looks only at what comes. */
  skipSeen(): void
}

/** Per person and chat: how far each message was given to `waitFor`. */
export type Seen = Map<string, Map<number, number>>

/** `personId` in the chat `chatId`. Throws for a person or chat that the sandbox does not have. */
export function personInChat(core: Core, seenBy: Seen, personId: number, chatId: number): PersonInChat {
  const person = core.world.people.get(personId)
  const found = core.world.rooms.get(chatId)
  if (!person) throw new Error(`The sandbox has no person ${personId}`)
  if (!found) throw new Error(`The sandbox has no chat ${chatId}`)
  if (!found.members.has(personId)) throw new Error(`${person.firstName} is not in the chat ${chatId}`)
  const room: Room = found
  const user = userOf(person)
  const key = `${personId}/${chatId}`
  const seen = seenBy.get(key) ?? new Map<number, number>()
  seenBy.set(key, seen)

  const see = (kept: KeptMessage) => visibleMessage(core, kept, personId)
  const keptOf = (ref: MessageRef): KeptMessage => {
    const kept = room.messages.get(idOf(ref))
    if (!kept) throw new Error(`The chat ${chatId} has no message ${idOf(ref)}`)
    return kept
  }
  const placement = ({ replyTo, topic }: SendOptions): Partial<Content> => ({
    ...(topic === undefined ? {} : { message_thread_id: topic, is_topic_message: true as const }),
    ...(replyTo === undefined ? {} : { reply_to_message: withoutReply(keptOf(replyTo).message) }),
  })
  const post = (content: Content): VisibleMessage => {
    openForWriting(core, room)
    const message = core.world.post(room, user, content)
    core.updates.add({ message })
    return see({ message })
  }
  const file = async (media: Content, options: FileOptions) =>
    post({ ...media, ...captioned(options.caption), ...album(options.albumId), ...placement(options) })
  const openQuery = (message: Message, data: string): Tap => {
    const query = core.queries.open(user, message, data)
    const answer = nextAnswer(core, query.id)
    core.updates.add({ callback_query: query })
    return { queryId: query.id, answered: answer }
  }

  const self: PersonInChat = {
    person,
    chatId,
    in: (other) => personInChat(core, seenBy, personId, other),
    async send(text, options = {}) {
      const [first = '', ...others] = pagesOf(text)
      let last = post({ ...textContent(first), ...placement(options) })
      for (const page of others) last = post({ ...textContent(page), ...placement(inSameTopic(options)) })
      return last
    },
    sendPhoto: async (bytes, caption, options = {}) =>
      file(await storePhoto(core.files, bytes), caption === undefined ? options : { ...options, caption }),
    sendDocument: async (bytes, name, options = {}) =>
      file(await storeDocument(core.files, bytes, { name, mimeType: options.mimeType }), options),
    sendVoice: async (bytes, options = {}) => file(await storeVoice(core.files, bytes, facts(options)), options),
    sendVideo: async (bytes, options = {}) => file(await storeVideo(core.files, bytes, facts(options)), options),
    async sendAlbum(parts, options = {}) {
      const albumId = newAlbumId()
      const stored: { media: Content; caption: string | undefined }[] = []
      for (const part of parts) stored.push({ media: await storePart(core, part), caption: part.caption })
      return Promise.all(
        stored.map(({ media, caption }) => file(media, { ...options, albumId, ...(caption ? { caption } : {}) })),
      )
    },
    async shareContact(other) {
      hideOneTimeKeyboard(core, room)
      if (other) return post({ contact: foreignContact(other) })
      return post({
        contact: {
          phone_number: person.phone,
          first_name: person.firstName,
          ...(person.lastName === undefined ? {} : { last_name: person.lastName }),
          user_id: person.id,
        },
      })
    },
    async tap(ref, labelOrData) {
      const { message } = keptOf(ref)
      const data = buttonOf(see({ message }), labelOrData).data
      if (data === null) throw new Error(`The button «${labelOrData}» opens a link and sends nothing to the bot`)
      return openQuery(message, data)
    },
    forgeTap: async (ref, data) => openQuery(keptOf(ref).message, data),
    async press(label) {
      const button = room.keyboard?.keyboard.flat().find(({ text }) => fits(text, label))
      if (!button) throw new Error(`No button «${label}» at the bottom: ${JSON.stringify(self.keyboard())}`)
      if (button.request_contact) return self.shareContact()
      hideOneTimeKeyboard(core, room)
      return self.send(button.text)
    },
    async openLink(link) {
      const payload = startPayload(link, core.world.bot.username ?? '')
      if (payload === null) throw new Error(`Not a link to this bot: ${link}`)
      return self.send(payload === '' ? '/start' : `/start ${payload}`)
    },
    start: () => self.send('/start'),
    async block() {
      if (room.standing === 'blocked') return
      changeStanding(core, room, 'blocked')
    },
    async unblock() {
      if (room.standing !== 'blocked') return
      changeStanding(core, room, 'open')
    },
    async edit(ref, text) {
      const { message } = keptOf(ref)
      if (message.from.id !== personId) throw new Error(`The message ${message.message_id} is somebody else's`)
      const { entities: _entities, caption_entities: _captioned, ...rest } = message
      const content = message.text === undefined ? captioned(text) : textContent(text)
      const edited: Message = { ...rest, ...content, edit_date: core.world.nowSeconds() }
      core.world.replace(room, edited)
      core.updates.add({ edited_message: edited })
      return see({ message: edited })
    },
    async forward(ref, to = personId) {
      const target = to === chatId ? self : personInChat(core, seenBy, personId, to)
      return forwardInto(core, target, keptOf(ref).message)
    },
    async react(ref, emoji) {
      const kept = keptOf(ref)
      const former = kept.reactions?.[String(personId)]
      core.world.react(room, kept.message.message_id, personId, emoji)
      core.updates.add({
        message_reaction: {
          chat: room.chat,
          message_id: kept.message.message_id,
          user,
          date: core.world.nowSeconds(),
          old_reaction: former === undefined ? [] : [{ type: 'emoji', emoji: former }],
          new_reaction: emoji === null ? [] : [{ type: 'emoji', emoji }],
        },
      })
    },
    messages: () => [...room.messages.values()].map(see),
    last() {
      const own = self.messages().findLast(({ from }) => from === 'bot')
      if (!own) throw new Error('The bot has written nothing yet')
      return own
    },
    message(ref) {
      const kept = room.messages.get(idOf(ref))
      return kept && see(kept)
    },
    keyboard: () => (room.keyboard?.keyboard ?? []).map((row) => row.map(({ text }) => text)),
    get standing() {
      return room.standing
    },
    async waitFor(wanted, timeoutMs = 10_000) {
      const endsAt = performance.now() + timeoutMs
      const isNew = (kept: KeptMessage) => seen.get(kept.message.message_id) !== versionOf(kept)
      const isWanted = (kept: KeptMessage) =>
        kept.message.from.id === core.world.bot.id && isNew(kept) && fitsMessage(see(kept), wanted)
      const take = (kept: KeptMessage) => {
        seen.set(kept.message.message_id, versionOf(kept))
        return see(kept)
      }
      while (true) {
        for (const kept of room.messages.values()) if (isWanted(kept)) return take(kept)
        await nextChange(core, room, endsAt - performance.now(), () => missing(self, wanted, timeoutMs))
      }
    },
    skipSeen() {
      for (const kept of room.messages.values()) seen.set(kept.message.message_id, versionOf(kept))
    },
  }
  return self
}

/** Writes a forwarded message and tells the bot of it. */
function forwardInto(core: Core, target: PersonInChat, source: Message): VisibleMessage {
  const room = core.world.rooms.get(target.chatId)
  if (!room) throw new Error(`The sandbox has no chat ${target.chatId}`)
  openForWriting(core, room)
  const message = core.world.post(room, userOf(target.person), forwardedContent(source))
  core.updates.add({ message })
  return visibleMessage(core, { message }, target.person.id)
}

/** Whoever writes to the bot has started it. Throws where the person has blocked it or is gone. */
function openForWriting(core: Core, room: Room): void {
  if (room.standing === 'never-started') {
    room.standing = 'open'
    core.world.touch(room)
  }
  if (room.standing !== 'open') throw new Error(`The chat ${room.id} is ${room.standing}: nothing can be written`)
}

/** Blocks or unblocks the bot and tells it so. */
export function changeStanding(core: Core, room: Room, standing: 'open' | 'blocked'): void {
  const person = core.world.people.get(room.id)
  if (!person) throw new Error('Only a private chat can be blocked')
  const status = { open: 'member', blocked: 'kicked' } as const
  const [before, after] = standing === 'blocked' ? (['open', 'blocked'] as const) : (['blocked', 'open'] as const)
  room.standing = standing
  core.world.touch(room)
  core.updates.add({
    my_chat_member: {
      chat: room.chat,
      from: userOf(person),
      date: core.world.nowSeconds(),
      old_chat_member: { user: core.world.bot, status: status[before] },
      new_chat_member: { user: core.world.bot, status: status[after] },
    },
  })
}

/** The payload of a link to the bot, '' for a link without one, null for any other link. */
export function startPayload(link: string, botUsername: string): string | null {
  const address = /^(?:https?:\/\/)?(?:t\.me|telegram\.me)\/([A-Za-z0-9_]+)(?:\?(.*))?$/.exec(link.trim())
  if (address?.[1]?.toLowerCase() !== botUsername.toLowerCase()) return null
  return new URLSearchParams(address[2] ?? '').get('start') ?? ''
}

/** The picture of a group that the bot moved: its new id, and the word of it in both chats. */
export function migrateGroup(core: Core, groupId: number): number {
  const former = core.world.rooms.get(groupId)
  if (former?.chat.type !== 'group') throw new Error(`The chat ${groupId} is no basic group`)
  const title = former.chat.title ?? ''
  const id = Number(`-100${Math.abs(groupId)}`)
  const room = core.world.addGroup({ id, title, isForum: false, members: [...former.members] })
  core.updates.add({ message: postAsBot(core, former, { migrate_to_chat_id: id }) })
  core.updates.add({ message: postAsBot(core, room, { migrate_from_chat_id: groupId }) })
  former.migratedTo = id
  core.world.touch(former)
  return id
}

function idOf(ref: MessageRef): number {
  return typeof ref === 'number' ? ref : ref.id
}

function textContent(text: string): Content {
  const parsed = format(text, { parseMode: undefined, entities: undefined }, () => undefined)
  if (parsed.text === '') throw new Error('A message needs a text')
  return { text: parsed.text, ...(parsed.entities.length > 0 ? { entities: parsed.entities } : {}) }
}

const LONGEST_TEXT = 4096
const LONGEST_CAPTION = 1024

/** Cut at the last line break or space that fits, never within a symbol. */
function pagesOf(text: string): string[] {
  const pages: string[] = []
  let rest = text.trim()
  while (rest.length > LONGEST_TEXT) {
    const head = rest.slice(0, LONGEST_TEXT)
    const breakAt = Math.max(head.lastIndexOf('\n'), head.lastIndexOf(' '))
    const whole = head.isWellFormed() ? LONGEST_TEXT : LONGEST_TEXT - 1
    const end = breakAt > LONGEST_TEXT / 2 ? breakAt : whole
    pages.push(rest.slice(0, end))
    rest = rest.slice(end).trimStart()
  }
  return [...pages, rest]
}

function inSameTopic({ topic }: SendOptions): SendOptions {
  return topic === undefined ? {} : { topic }
}

function captioned(caption: string | undefined): Content {
  if (caption === undefined || caption.trim() === '') return {}
  const { text, entities } = textContent(caption)
  if ((text ?? '').length > LONGEST_CAPTION) throw new Error(`Подпись длиннее ${LONGEST_CAPTION} знаков`)
  return { caption: text ?? '', ...(entities ? { caption_entities: entities } : {}) }
}

function album(albumId: string | undefined): Content {
  return albumId === undefined ? {} : { media_group_id: albumId }
}

function facts(options: FileOptions): MediaFacts {
  return { duration: options.duration }
}

async function storePart(core: Core, part: AlbumPart): Promise<Content> {
  if (part.kind === 'photo') return storePhoto(core.files, part.bytes)
  if (part.kind === 'video') return storeVideo(core.files, part.bytes, { name: part.name })
  return storeDocument(core.files, part.bytes, { name: part.name })
}

function foreignContact(other: { phone: string; firstName: string; userId?: number }): Content['contact'] & object {
  return {
    phone_number: other.phone,
    first_name: other.firstName,
    ...(other.userId === undefined ? {} : { user_id: other.userId }),
  }
}

function buttonOf(message: VisibleMessage, labelOrData: string | RegExp): VisibleButton {
  const all = message.buttons.flat()
  const found =
    all.find(({ label, data }) => label === labelOrData || data === labelOrData) ??
    all.find(({ label }) => fits(label, labelOrData))
  if (found) return found
  throw new Error(`No button «${labelOrData}» under «${message.text}»: ${all.map(({ label }) => label).join(' · ')}`)
}

function fits(text: string, wanted: string | RegExp): boolean {
  return typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text)
}

function fitsMessage(message: VisibleMessage, wanted: Wanted): boolean {
  return typeof wanted === 'function' ? wanted(message) : fits(message.text, wanted)
}

const versions = new WeakMap<Message, number>()
let lastVersion = 0

/** Each edit makes a new object of the message: its version. */
function versionOf({ message }: KeptMessage): number {
  const known = versions.get(message)
  if (known !== undefined) return known
  versions.set(message, ++lastVersion)
  return lastVersion
}

/** One listener for the whole wait: several messages may come at the same moment. */
function nextChange(core: Core, room: Room, milliseconds: number, why: () => Error): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer)
      core.world.events.off('message', listen)
    }
    const listen = (changed: Room) => {
      if (changed !== room) return
      end()
      resolve()
    }
    const timer = setTimeout(() => {
      end()
      reject(why())
    }, milliseconds)
    core.world.events.on('message', listen)
  })
}

function missing(self: PersonInChat, wanted: Wanted, timeoutMs: number): Error {
  const there = self.messages().slice(-8)
  const lines = there.map(({ id, from, text }) => `  ${id} ${from}: ${JSON.stringify(text.slice(0, 200))}`)
  const what = typeof wanted === 'function' ? wanted.toString() : String(wanted)
  return new Error(
    `${self.person.firstName} saw no message that fits ${what} within ${timeoutMs} ms; the last ones:\n${lines.join('\n')}`,
  )
}

function hideOneTimeKeyboard(core: Core, room: Room): void {
  if (!room.keyboard?.one_time_keyboard) return
  room.keyboard = null
  core.world.touch(room)
}

/** Listens from the moment of the press, so that no answer is missed. */
function nextAnswer(core: Core, queryId: string): Tap['answered'] {
  let settle: (answer: CallbackAnswer | null) => void = () => {}
  const answer = new Promise<CallbackAnswer | null>((resolve) => {
    settle = resolve
  })
  const listen = (id: string, _person: number, given: CallbackAnswer | null) => {
    if (id !== queryId) return
    core.events.off('answer', listen)
    settle(given)
  }
  core.events.on('answer', listen)
  return (timeoutMs = 20_000) => withTimeout(answer, timeoutMs, 'The bot did not answer the pressed button')
}

function withTimeout<Value>(promise: Promise<Value>, milliseconds: number, words: string): Promise<Value> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${words} within ${milliseconds} ms`)), milliseconds)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}
