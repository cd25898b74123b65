import { type Args, flagArg, integerArg, listArg, objectArg, textArg } from '../args.ts'
import { type Core, postAsBot } from '../core.ts'
import type { FileKind } from '../files.ts'
import { type Markup, parseMarkup } from '../keyboards.ts'
import { badRequest } from '../refusal.ts'
import type { Content, Message, ReplyKeyboard } from '../telegram.ts'
import type { Room } from '../world.ts'
import { albumParts, attachmentOf, namedAttachment } from './attachments.ts'
import { keptOf, type Placement, placementOf, roomOf, writableRoomOf } from './targets.ts'
import { captionFields, captionOf, entitiesFrom, messageText } from './texts.ts'

const ALBUM_SIZES = { least: 2, most: 10 }
const ALBUM_KINDS = new Set<FileKind>(['photo', 'video', 'document'])

/** sendMessage. Telegram reads the markup before it looks for the chat; so does this. */
export function sendMessage(core: Core, args: Args): Message {
  const { text, entities } = messageText(core, args)
  const markup = markupArg(args)
  const room = writableRoomOf(core, args)
  const preview = objectArg(args, 'link_preview_options', 'link preview options')
  const content: Content = {
    text,
    ...(entities.length > 0 ? { entities } : {}),
    ...(preview ? { link_preview_options: preview } : {}),
  }
  return deliver(core, room, args, content, markup)
}

/** sendPhoto, sendDocument, sendVideo or sendVoice. */
export async function sendFile(core: Core, kind: FileKind, args: Args): Promise<Message> {
  const caption = captionFields(core, args)
  const markup = markupArg(args)
  const room = writableRoomOf(core, args)
  const media = await namedAttachment(core, kind, args)
  const above = flagArg(args, 'show_caption_above_media') ? { show_caption_above_media: true as const } : {}
  return deliver(core, room, args, { ...media, ...caption, ...above }, markup)
}

/** sendMediaGroup: an album of 2 to 10; documents do not mix with other kinds. */
export async function sendMediaGroup(core: Core, args: Args): Promise<Message[]> {
  const parts = albumParts(listArg(args, 'media', 'InputMedia') ?? [])
  if (parts.length < ALBUM_SIZES.least || parts.length > ALBUM_SIZES.most) {
    throw badRequest('expected 2-10 items in the album')
  }
  checkKinds(parts.map(({ type }) => type as FileKind))
  const room = writableRoomOf(core, args)
  const placement = placementOf(room, args)
  const contents: Content[] = []
  for (const part of parts) contents.push(await partContent(core, part, args))
  core.limits.take(room.id, isGroup(room), contents.length)
  const album = newAlbumId()
  return contents.map((content) => postAsBot(core, room, { media_group_id: album, ...placement, ...content }))
}

function checkKinds(kinds: FileKind[]): void {
  if (!kinds.every((kind) => ALBUM_KINDS.has(kind)))
    throw badRequest("can't parse InputMedia: type must be one of photo, video, document")
  const hasDocument = kinds.includes('document')
  if (hasDocument && kinds.some((kind) => kind !== 'document')) {
    throw badRequest("can't mix documents with other media types in an album")
  }
}

async function partContent(core: Core, part: Record<string, unknown>, args: Args): Promise<Content> {
  const media = typeof part.media === 'string' ? part.media : undefined
  const attached = await attachmentOf(core, part.type as FileKind, media, part, args)
  const entities = Array.isArray(part.caption_entities) ? entitiesFrom(part.caption_entities) : undefined
  const caption = typeof part.caption === 'string' ? part.caption : undefined
  return { ...attached, ...captionOf(core, part, caption, entities) }
}

/** copyMessage: the same content without a word of where it comes from. */
export function copyMessage(core: Core, args: Args): { message_id: number } {
  const source = sourceOf(core, args, 'message to copy not found')
  const room = writableRoomOf(core, args)
  const content = copiedContent(source)
  const isRecaptioned = textArg(args, 'caption') !== undefined && content.text === undefined
  const { caption: _caption, caption_entities: _entities, ...bare } = content
  const copied = isRecaptioned ? { ...bare, ...captionFields(core, args) } : content
  const message = deliver(core, room, args, copied, markupArg(args))
  return { message_id: message.message_id }
}

/** forwardMessage: the same content with its origin. */
export function forwardMessage(core: Core, args: Args): Message {
  const source = sourceOf(core, args, 'message to forward not found')
  const room = writableRoomOf(core, args)
  const topic = placementOf(room, args)
  core.limits.take(room.id, isGroup(room), 1)
  return postAsBot(core, room, forwardedContent(source, topic))
}

/** The content of a message sent on, with who wrote it first. */
export function forwardedContent(source: Message, placement: Placement = {}): Content {
  const origin = source.forward_origin ?? { type: 'user' as const, date: source.date, sender_user: source.from }
  return { ...copiedContent(source), ...placement, forward_origin: origin }
}

/** The same call for each id of `message_ids`. */
export async function forEachMessage<Value>(args: Args, one: (args: Args) => Value): Promise<Value[]> {
  const ids = (listArg(args, 'message_ids', 'message identifiers') ?? []).map(Number).sort((a, b) => a - b)
  if (ids.length === 0) throw badRequest('message identifiers are not specified')
  return ids.map((id) => one({ ...args, values: { ...args.values, message_id: id } }))
}

/** A number that the parts of one album share. */
export function newAlbumId(): string {
  return `${Date.now()}${Math.floor(Math.random() * 1e6)}`
}

/** Whether Telegram counts the chat as a group. */
export function isGroup(room: Room): boolean {
  return room.chat.type !== 'private'
}

function deliver(core: Core, room: Room, args: Args, content: Content, markup: Markup): Message {
  const placement = placementOf(room, args)
  core.limits.take(room.id, isGroup(room), 1)
  const inline = markup.kind === 'inline' ? { reply_markup: markup.keyboard } : {}
  return postAsBot(core, room, { ...placement, ...content, ...inline }, bottomKeyboard(markup))
}

function bottomKeyboard(markup: Markup): ReplyKeyboard | null | undefined {
  if (markup.kind === 'reply') return markup.keyboard
  return markup.kind === 'remove' ? null : undefined
}

function markupArg(args: Args): Markup {
  return parseMarkup(objectArg(args, 'reply_markup', 'reply markup'))
}

function sourceOf(core: Core, args: Args, words: string): Message {
  if (integerArg(args, 'message_id') === undefined) throw badRequest('message_id is not specified')
  return keptOf(roomOf(core, args, 'from_chat_id'), args, words).message
}

const CONTENT_FIELDS = [
  'text',
  'entities',
  'caption',
  'caption_entities',
  'photo',
  'document',
  'voice',
  'video',
  'contact',
  'link_preview_options',
] as const

function copiedContent(source: Message): Content {
  const fields = CONTENT_FIELDS.filter((field) => source[field] !== undefined)
  return Object.fromEntries(fields.map((field) => [field, source[field]]))
}
