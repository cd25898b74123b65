import { type Args, isRecord, objectArg } from '../args.ts'
import type { Core } from '../core.ts'
import type { FileKind } from '../files.ts'
import { parseInlineOnly } from '../keyboards.ts'
import { badRequest } from '../refusal.ts'
import type { InlineKeyboard, Message } from '../telegram.ts'
import { attachmentOf } from './attachments.ts'
import { keptOf, roomOf } from './targets.ts'
import { captionFields, captionOf, entitiesFrom, messageText } from './texts.ts'

const DELETE_WITHIN_SECONDS = 48 * 60 * 60

const UNCHANGED =
  'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message'

/** editMessageText; without a reply_markup the buttons go, as in Telegram. */
export function editMessageText(core: Core, args: Args): Message {
  const { text, entities } = messageText(core, args)
  const keyboard = keyboardArg(args)
  const message = ownMessage(core, args)
  if (message.text === undefined) throw badRequest('there is no text in the message to edit')
  const { entities: _entities, ...rest } = message
  return replace(core, message, { ...rest, text, ...(entities.length > 0 ? { entities } : {}) }, keyboard)
}

/** editMessageCaption; without a caption it is taken away. */
export function editMessageCaption(core: Core, args: Args): Message {
  const caption = captionFields(core, args)
  const keyboard = keyboardArg(args)
  const message = ownMessage(core, args)
  if (!hasMedia(message)) throw badRequest('there is no caption in the message to edit')
  const { caption: _caption, caption_entities: _entities, ...rest } = message
  return replace(core, message, { ...rest, ...caption }, keyboard)
}

/** editMessageReplyMarkup. */
export function editMessageReplyMarkup(core: Core, args: Args): Message {
  const keyboard = keyboardArg(args)
  const message = ownMessage(core, args)
  return replace(core, message, message, keyboard)
}

/** editMessageMedia: another file and caption in the place of the old ones. */
export async function editMessageMedia(core: Core, args: Args): Promise<Message> {
  const input = objectArg(args, 'media', 'input media')
  if (!isRecord(input)) throw badRequest('media is not specified')
  const keyboard = keyboardArg(args)
  const message = ownMessage(core, args)
  const reference = typeof input.media === 'string' ? input.media : undefined
  const media = await attachmentOf(core, input.type as FileKind, reference, input, args)
  const entities = Array.isArray(input.caption_entities) ? entitiesFrom(input.caption_entities) : undefined
  const caption = captionOf(core, input, typeof input.caption === 'string' ? input.caption : undefined, entities)
  return replace(core, message, { ...withoutContent(message), ...media, ...caption }, keyboard)
}

/** deleteMessage: the bot's own and, in private chats and groups it runs, others'; not older than 48 hours. */
export function deleteMessage(core: Core, args: Args): true {
  const room = roomOf(core, args)
  const { message } = keptOf(room, args, 'message to delete not found')
  if (core.world.nowSeconds() - message.date > DELETE_WITHIN_SECONDS) {
    throw badRequest("message can't be deleted for everyone")
  }
  core.world.remove(room, message.message_id)
  return true
}

function ownMessage(core: Core, args: Args): Message {
  const { message, isFixed } = keptOf(roomOf(core, args), args, 'message to edit not found')
  const isOwn = message.from.id === core.world.bot.id && message.forward_origin === undefined
  if (!isOwn || isFixed) throw badRequest("message can't be edited")
  return message
}

function keyboardArg(args: Args): InlineKeyboard | undefined {
  return parseInlineOnly(objectArg(args, 'reply_markup', 'reply markup'))
}

function replace(core: Core, former: Message, next: Message, keyboard: InlineKeyboard | undefined): Message {
  const room = core.world.rooms.get(former.chat.id)
  if (!room) throw badRequest('chat not found')
  const { reply_markup: _markup, ...bare } = next
  const edited: Message = keyboard ? { ...bare, reply_markup: keyboard } : bare
  if (visible(edited) === visible(former)) throw badRequest(UNCHANGED)
  const dated = { ...edited, edit_date: core.world.nowSeconds() }
  core.world.replace(room, dated)
  return dated
}

function visible(message: Message): string {
  const { text, entities, caption, caption_entities: captioned, reply_markup: markup } = message
  const files = [
    message.photo?.at(-1)?.file_id,
    message.document?.file_id,
    message.video?.file_id,
    message.voice?.file_id,
  ]
  return JSON.stringify([text, entities, caption, captioned, markup, files])
}

function hasMedia(message: Message): boolean {
  return Boolean(message.photo ?? message.document ?? message.video ?? message.voice)
}

function withoutContent(message: Message): Message {
  const { text, entities, caption, caption_entities, photo, document, video, voice, ...rest } = message
  return rest
}
