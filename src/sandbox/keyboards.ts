import { isRecord, written } from './args.ts'
import { badRequest } from './refusal.ts'
import type { ButtonStyle, InlineButton, InlineKeyboard, ReplyButton, ReplyKeyboard } from './telegram.ts'
import { checkLink } from './text/links.ts'

/** What a reply_markup asks for. */
export type Markup =
  | { kind: 'inline'; keyboard: InlineKeyboard }
  | { kind: 'reply'; keyboard: ReplyKeyboard }
  | { kind: 'remove' }
  | { kind: 'none' }

const STYLES = new Set<unknown>(['primary', 'success', 'danger'])
const MAX_BUTTONS = 100
const MAX_DATA_BYTES = 64

/** Reads a reply_markup as strictly as Telegram. Throws ApiRefusal with Telegram's words. */
export function parseMarkup(value: Record<string, unknown> | undefined): Markup {
  if (value === undefined || Object.keys(value).length === 0) return { kind: 'none' }
  if (value.inline_keyboard !== undefined) {
    const rows = rowsOf(value.inline_keyboard, 'inline_keyboard').map((row) => row.map(inlineButton))
    const filled = rows.filter((row) => row.length > 0)
    return filled.length === 0 ? { kind: 'none' } : { kind: 'inline', keyboard: { inline_keyboard: filled } }
  }
  if (value.keyboard !== undefined) return { kind: 'reply', keyboard: replyKeyboard(value) }
  if (value.remove_keyboard !== undefined) return { kind: 'remove' }
  return { kind: 'none' }
}

/** The inline keyboard of an edit; undefined takes the keyboard away. Throws ApiRefusal for another kind of keyboard. */
export function parseInlineOnly(value: Record<string, unknown> | undefined): InlineKeyboard | undefined {
  const markup = parseMarkup(value)
  if (markup.kind === 'inline') return markup.keyboard
  if (markup.kind !== 'none') throw badRequest('inline keyboard expected')
  return undefined
}

function rowsOf(value: unknown, field: string): unknown[][] {
  if (!Array.isArray(value)) throw badRequest(`field "${field}" must be of type Array`)
  if (!value.every((row) => Array.isArray(row))) throw badRequest(`field "${field}" must be an Array of Arrays`)
  const rows = value as unknown[][]
  if (rows.reduce((sum, row) => sum + row.length, 0) > MAX_BUTTONS) throw badRequest('REPLY_MARKUP_TOO_LONG')
  return rows
}

function inlineButton(value: unknown): InlineButton {
  const wrong = (words: string) => badRequest(`can't parse inline keyboard button: ${words}`)
  if (!isRecord(value)) throw wrong('InlineKeyboardButton must be an Object')
  if (value.text === undefined) throw wrong('Can\'t find field "text"')
  if (typeof value.text !== 'string') throw wrong('Field "text" must be of type String')
  if (value.text.trim() === '') throw wrong('Text of the button must be non-empty')
  const button: InlineButton = { text: value.text, ...styleOf(value) }
  if (typeof value.url === 'string' && value.url !== '') return { ...button, url: checkedUrl(value.url) }
  if (typeof value.callback_data === 'string' && value.callback_data !== '') {
    if (Buffer.byteLength(value.callback_data) > MAX_DATA_BYTES) throw badRequest('BUTTON_DATA_INVALID')
    return { ...button, callback_data: value.callback_data }
  }
  if (isRecord(value.web_app)) return { ...button, web_app: { url: checkedUrl(written(value.web_app.url)) } }
  if (isRecord(value.copy_text)) return { ...button, copy_text: { text: written(value.copy_text.text) } }
  throw wrong('Text buttons are unallowed in the inline keyboard')
}

function checkedUrl(url: string): string {
  const checked = checkLink(url)
  if (!checked.ok) throw badRequest(`inline keyboard button URL '${url}' is invalid: ${checked.problem}`)
  return checked.url
}

function styleOf(value: Record<string, unknown>): { style?: ButtonStyle } {
  if (value.style === undefined || value.style === null) return {}
  if (!STYLES.has(value.style)) throw badRequest('BUTTON_STYLE_INVALID')
  return { style: value.style as ButtonStyle }
}

function replyKeyboard(value: Record<string, unknown>): ReplyKeyboard {
  const keyboard = rowsOf(value.keyboard, 'keyboard')
    .map((row) => row.map(replyButton))
    .filter((row) => row.length > 0)
  if (keyboard.length === 0) throw badRequest('reply keyboard must be non-empty')
  const placeholder = value.input_field_placeholder
  if (typeof placeholder === 'string' && placeholder.length > 64) throw badRequest('placeholder is too long')
  return {
    keyboard,
    ...(value.resize_keyboard === true ? { resize_keyboard: true } : {}),
    ...(value.one_time_keyboard === true ? { one_time_keyboard: true } : {}),
    ...(value.is_persistent === true ? { is_persistent: true } : {}),
    ...(typeof placeholder === 'string' ? { input_field_placeholder: placeholder } : {}),
  }
}

function replyButton(value: unknown): ReplyButton {
  if (typeof value === 'string') return { text: value }
  const wrong = (words: string) => badRequest(`can't parse keyboard button: ${words}`)
  if (!isRecord(value)) throw wrong('KeyboardButton must be an Object')
  if (typeof value.text !== 'string') throw wrong('Can\'t find field "text"')
  if (value.text.trim() === '') throw wrong('Text of the button must be non-empty')
  const asksContact = value.request_contact === true ? { request_contact: true as const } : {}
  return { text: value.text, ...asksContact, ...styleOf(value) }
}
