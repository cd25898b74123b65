import { store } from './store.js'

const formats = new Map()

function format(name, options) {
  const key = `${name}/${store.clock.timeZone}`
  if (!formats.has(key))
    formats.set(key, new Intl.DateTimeFormat('ru-RU', { ...options, timeZone: store.clock.timeZone }))
  return formats.get(key)
}

/** «09:00» in the page's zone. */
export function timeOf(milliseconds) {
  return format('time', { hour: '2-digit', minute: '2-digit' }).format(milliseconds)
}

/** «2 марта», with the year where it is another than the clock's. */
export function dayOf(milliseconds, now) {
  const yearOf = (at) => format('year', { year: 'numeric' }).format(at)
  const isThisYear = yearOf(milliseconds) === yearOf(now)
  if (isThisYear) return format('day', { day: 'numeric', month: 'long' }).format(milliseconds)
  return format('dayYear', { day: 'numeric', month: 'long', year: 'numeric' }).format(milliseconds).replace(' г.', '')
}

/** «понедельник, 2 марта 2026». */
export function longDateOf(milliseconds) {
  const long = format('long', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
  return long.format(milliseconds).replace(' г.', '')
}

/** «2026-03-02T09:00» in the page's zone, as a date field wants it. */
export function fieldTimeOf(milliseconds) {
  const parts = format('field', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(milliseconds)
  const part = (type) => parts.find((one) => one.type === type)?.value ?? ''
  return `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}`
}

/** «1,5 МБ». */
export function sizeOf(bytes) {
  if (bytes < 1024) return `${bytes} Б`
  const [divisor, unit] = bytes < 1024 * 1024 ? [1024, 'КБ'] : [1024 * 1024, 'МБ']
  return `${new Intl.NumberFormat('ru-RU', { maximumFractionDigits: 1 }).format(bytes / divisor)} ${unit}`
}

/** «0:07». */
export function durationOf(seconds) {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`
}

const PLURALS = new Intl.PluralRules('ru')

/** The form of a word that fits the number: `{ one, few, many }`. */
export function plural(count, forms) {
  return forms[PLURALS.select(count)] ?? forms.many
}

/** One line that stands for a message in a quotation, the pinned bar or a service line. */
export function gistOf(message) {
  const text = message.text ?? message.caption
  const kind = kindOf(message)
  if (text) return kind && !message.photo ? `${kind}, ${text}` : text
  return kind || 'Сообщение'
}

function kindOf(message) {
  if (message.photo) return 'Фотография'
  if (message.document) return message.document.file_name ?? 'Файл'
  if (message.voice) return 'Голосовое сообщение'
  if (message.video) return 'Видео'
  if (message.contact) return 'Контакт'
  return ''
}
