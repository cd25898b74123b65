import type { Readable } from 'node:stream'
import { cutMarkup } from '../../delivery/markup.ts'
import type { Attachment, Button, Keyboard, Screen } from '../../delivery/screen.ts'
import { MESSAGE_LIMITS } from '../../delivery/split.ts'

/** A call of the Bot API: its method and parameters, files to be uploaded among them. */
export type ApiCall = { method: string; payload: Record<string, unknown> }

/** A file as the Bot API takes it: by Telegram's own id, or as bytes to upload. */
export type Media = string | { source: Readable | Buffer; filename: string }

const LIMITS = MESSAGE_LIMITS.telegram

const STYLES = { good: 'success', bad: 'danger', main: 'primary' } as const

const METHODS = { photo: 'sendPhoto', document: 'sendDocument', video: 'sendVideo', voice: 'sendVoice' } as const

/** The call that shows `screen` as a new message in `chat`, in `topic` of a forum where given. `media`: its attachments, in their order. */
export function renderMessage(screen: Screen, chat: string, media: Media[], topic: number | null = null): ApiCall {
  const files = screen.attachments ?? []
  const common = {
    chat_id: chatId(chat),
    ...(topic === null ? {} : { message_thread_id: topic }),
    ...manners(screen),
  }
  const markup = markupOf(screen)
  if (files.length === 0) {
    return { method: 'sendMessage', payload: { ...common, ...textOf(screen), ...markup } }
  }
  if (files.length === 1) {
    const kind = files[0]!.kind
    return { method: METHODS[kind], payload: { ...common, [kind]: media[0], ...captionOf(screen), ...markup } }
  }
  return { method: 'sendMediaGroup', payload: { ...common, media: files.map((file, n) => albumPart(file, media[n]!)) } }
}

/** The call that shows `screen` in place of message `messageId`: its text, or its caption where the screen has a file. */
export function renderEdit(screen: Screen, chat: string, messageId: number): ApiCall {
  if (screen.attachments?.length) return renderCaptionEdit(screen, chat, messageId)
  const target = { chat_id: chatId(chat), message_id: messageId }
  return { method: 'editMessageText', payload: { ...target, ...textOf(screen), ...buttonsOf(screen) } }
}

/** The same for a message that is a file. */
export function renderCaptionEdit(screen: Screen, chat: string, messageId: number): ApiCall {
  const target = { chat_id: chatId(chat), message_id: messageId }
  return { method: 'editMessageCaption', payload: { ...target, ...captionOf(screen), ...buttonsOf(screen) } }
}

/** Telegram takes no longer name of a topic. */
const LONGEST_TOPIC = 128

/** The call that opens a topic in the forum `chat`; its number is that of its first message. */
export function renderTopic(chat: string, name: string): ApiCall {
  const cut = name.slice(0, LONGEST_TOPIC).toWellFormed()
  return { method: 'createForumTopic', payload: { chat_id: chatId(chat), name: cut } }
}

/** The call that removes message `messageId`. */
export function renderDelete(chat: string, messageId: number): ApiCall {
  return { method: 'deleteMessage', payload: { chat_id: chatId(chat), message_id: messageId } }
}

/** Telegram's chats are numbers in JSON. */
export function chatId(chat: string): number | string {
  return /^-?\d{1,15}$/.test(chat) ? Number(chat) : chat
}

function manners(screen: Screen): Record<string, unknown> {
  return {
    ...(screen.silent ? { disable_notification: true } : {}),
    ...(screen.replyTo === undefined
      ? {}
      : { reply_parameters: { message_id: screen.replyTo, allow_sending_without_reply: true } }),
  }
}

function textOf(screen: Screen): Record<string, unknown> {
  return {
    text: cutMarkup(screen.text, LIMITS.text),
    parse_mode: 'HTML',
    link_preview_options: { is_disabled: true },
  }
}

function captionOf(screen: Screen): Record<string, unknown> {
  return screen.text === '' ? {} : { caption: cutMarkup(screen.text, LIMITS.caption), parse_mode: 'HTML' }
}

function albumPart(file: Attachment, media: Media): Record<string, unknown> {
  return { type: file.kind, media }
}

function markupOf(screen: Screen): Record<string, unknown> {
  if (screen.buttons) return buttonsOf(screen)
  if (screen.keyboard === 'none') return { reply_markup: { remove_keyboard: true } }
  return screen.keyboard ? { reply_markup: keyboardOf(screen.keyboard) } : {}
}

function buttonsOf(screen: Screen): Record<string, unknown> {
  return screen.buttons ? { reply_markup: { inline_keyboard: screen.buttons.map((row) => row.map(buttonOf)) } } : {}
}

function buttonOf(button: Button): Record<string, unknown> {
  const does = 'url' in button ? { url: button.url } : { callback_data: button.action }
  return { text: labelOf(button.label), ...does, ...(button.tone ? { style: STYLES[button.tone] } : {}) }
}

const LONGEST_LABEL = 100

/** A label that no client shows to its end anyway, but which would make Telegram refuse the whole message; never empty. */
function labelOf(label: string): string {
  const signs = [...label.toWellFormed()]
  const short = signs.length <= LONGEST_LABEL ? signs : [...signs.slice(0, LONGEST_LABEL - 1), '…']
  return short.join('').trim() || '…'
}

function keyboardOf(keyboard: Keyboard): Record<string, unknown> {
  return {
    keyboard: keyboard.rows.map((row) =>
      row.map((key) => ({ text: labelOf(key.label), ...(key.asks === 'phone' ? { request_contact: true } : {}) })),
    ),
    resize_keyboard: true,
    is_persistent: true,
    ...(keyboard.placeholder ? { input_field_placeholder: keyboard.placeholder.slice(0, 64) } : {}),
  }
}
