import type { Spot } from '../../db/opening.ts'
import { type Instant, Temporal } from '../../kernel/clock.ts'
import type { Incoming, IncomingFile, IncomingSource } from '../incoming.ts'
import { htmlOf, linksOf } from './entities.ts'
import { type File, type Message, Update } from './schema.ts'

/** The kinds of updates that are asked for. */
export const ALLOWED_UPDATES = ['message', 'edited_message', 'callback_query', 'my_chat_member'] as const

type RawMessage = { chat?: { id?: unknown }; from?: RawUser; message_id?: unknown; reply_to_message?: RawMessage }
type RawUser = { id?: unknown }
type RawUpdate = {
  update_id?: unknown
  message?: RawMessage
  edited_message?: RawMessage
  callback_query?: { from?: RawUser; message?: RawMessage }
  my_chat_member?: { chat?: { id?: unknown } }
}

/**
 * The number and the chat of a raw update, and the spot of a tap or a message, without looking further; null for what is no update at all. Updates of no chat form chats of their own.
 */
export function addressOf(raw: unknown): { updateId: number; chat: string; spot: Spot | null } | null {
  if (typeof raw !== 'object' || raw === null) return null
  const { update_id: updateId, message, edited_message, callback_query, my_chat_member } = raw as RawUpdate
  if (!isNumber(updateId)) return null
  const said = message ?? edited_message
  const chat = (said ?? callback_query?.message ?? my_chat_member)?.chat?.id
  if (!isNumber(chat)) return { updateId, chat: `none:${updateId}`, spot: null }
  const account = (said ?? callback_query)?.from?.id
  const about = (said ? said.reply_to_message : callback_query?.message)?.message_id
  const spot = isNumber(account) && {
    messenger: 'telegram',
    account: String(account),
    chat: String(chat),
    messageId: isNumber(about) ? about : null,
  }
  return { updateId, chat: String(chat), spot: spot || null }
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value)
}

/**
 * An update as the features see it; null for what does not concern them (channels, kinds we did not ask for) and for what is not of Telegram's shape.
 * `now` is the time of a tap, for which Telegram gives none.
 */
export function parseUpdate(raw: unknown, now: Instant): Incoming | null {
  const read = Update.safeParse(raw)
  if (!read.success) return null
  const { update_id, message, edited_message, callback_query, my_chat_member } = read.data
  if (message) return messageIncoming(update_id, message, false)
  if (edited_message) return messageIncoming(update_id, edited_message, true)
  if (callback_query?.message) {
    const { message: under, from, id, data } = callback_query
    const source = sourceOf(update_id, from, under.chat, under.message_thread_id, now)
    return source && { ...source, kind: 'tap', tapId: id, messageId: under.message_id, data }
  }
  if (my_chat_member) {
    const { from, chat, date, new_chat_member } = my_chat_member
    const source = sourceOf(update_id, from, chat, undefined, at(date))
    return source && { ...source, kind: 'reachable', reachable: !['kicked', 'left'].includes(new_chat_member.status) }
  }
  return null
}

function at(unixSeconds: number): Instant {
  return Temporal.Instant.fromEpochMilliseconds(Math.min(Math.max(unixSeconds, 0), 8e12) * 1000)
}

type Sender = NonNullable<Message['from']>

function sourceOf(
  updateId: number,
  from: Sender,
  chat: Message['chat'],
  thread: number | undefined,
  when: Instant,
): IncomingSource | null {
  if (chat.type === 'channel') return null
  return {
    updateId,
    messenger: 'telegram',
    account: String(from.id),
    displayName: [from.first_name, from.last_name].filter(Boolean).join(' '),
    languageCode: from.language_code ?? null,
    chat: String(chat.id),
    chatKind: chat.type === 'private' ? 'private' : 'group',
    ...(chat.type === 'private' ? {} : { group: { title: chat.title ?? '', isForum: chat.is_forum ?? false } }),
    threadId: thread ?? null,
    at: when,
  }
}

function messageIncoming(updateId: number, message: Message, edited: boolean): Incoming | null {
  if (!message.from) return null
  const thread = message.is_topic_message ? message.message_thread_id : undefined
  const source = sourceOf(updateId, message.from, message.chat, thread, at(message.edit_date ?? message.date))
  if (!source) return null
  const { message_id: messageId, migrate_to_chat_id: movedTo } = message
  if (movedTo !== undefined) return { ...source, kind: 'moved', to: String(movedTo) }
  const command = edited ? null : commandOf(message)
  if (command?.name === 'start') return { ...source, kind: 'start', messageId, token: command.words || null }
  if (command) return { ...source, kind: 'command', messageId, command: command.name, words: command.words }
  const common = {
    messageId,
    replyTo: message.reply_to_message?.message_id ?? null,
    edited,
    forwarded: message.forward_origin !== undefined || message.forward_date !== undefined,
  }
  if (message.text !== undefined) {
    const { text, entities } = message
    return { ...source, kind: 'text', ...common, text, html: htmlOf(text, entities), links: linksOf(text, entities) }
  }
  if (message.contact) {
    const { phone_number: phone, user_id } = message.contact
    return { ...source, kind: 'contact', messageId, phone, own: user_id === message.from.id }
  }
  const file = fileOf(message)
  if (file) {
    const caption = message.caption ?? ''
    const captionHtml = htmlOf(caption, message.caption_entities)
    return { ...source, kind: 'file', ...common, file, caption, captionHtml, album: message.media_group_id ?? null }
  }
  return { ...source, kind: 'other', messageId, what: 'other' }
}

function commandOf(message: Message): { name: string; words: string } | null {
  const entity = message.entities?.find((one) => one.type === 'bot_command' && one.offset === 0)
  if (!entity || message.text === undefined) return null
  const name = message.text.slice(1, entity.length).split('@')[0]!.toLowerCase()
  return { name, words: message.text.slice(entity.length).trim() }
}

function fileOf(message: Message): IncomingFile | null {
  const { photo, document, video, video_note, voice, audio } = message
  if (photo)
    return described(
      'photo',
      photo.reduce((best, size) => (area(size) > area(best) ? size : best)),
    )
  if (document) return described('document', document)
  if (video) return described('video', video)
  if (video_note) return described('video', video_note)
  if (voice) return described('voice', voice)
  return audio ? described('document', audio) : null
}

function area(size: { width: number; height: number }): number {
  return size.width * size.height
}

function described(kind: IncomingFile['kind'], file: File): IncomingFile {
  return {
    kind,
    messengerFileId: file.file_id,
    messengerFileKey: file.file_unique_id,
    fileName: file.file_name ?? null,
    mime: file.mime_type ?? null,
    size: file.file_size ?? null,
  }
}
