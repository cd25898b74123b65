import { avatar, h, icon } from './dom.js'
import { nameOf, store } from './store.js'
import { richText } from './text.js'
import { dayOf, durationOf, gistOf, sizeOf, timeOf } from './words.js'

/**
 * What a chat shows, as a list of `{ key, make }`: a key that changes when the look does, and what makes the node. Parts of an
 * album are one bubble; messages of one author close together are one group, of which the last has the tail.
 */
export function blocksOf(room, view) {
  const blocks = []
  let day = ''
  const units = unitsOf(room, view)
  units.forEach((unit, index) => {
    const [first] = unit
    const date = dayOf(first.message.date * 1000, view.now)
    if (date !== day) blocks.push({ key: `day ${date}`, make: () => h('div', { class: 'day' }, h('span', {}, date)) })
    day = date
    const isLast = !continues(unit, units[index + 1])
    const isFirst = !units[index - 1] || !continues(units[index - 1], unit)
    blocks.push(blockOf(unit, { isFirst, isLast }, room, view))
  })
  return blocks
}

function unitsOf(room, view) {
  const units = []
  for (const kept of room.messages.values()) {
    if (view.topic !== null && kept.message.message_thread_id !== view.topic) continue
    const album = kept.message.media_group_id
    const last = units.at(-1)
    if (album && last?.[0].message.media_group_id === album) last.push(kept)
    else units.push([kept])
  }
  return units
}

const GROUP_WITHIN_SECONDS = 600

function continues(unit, next) {
  if (!next || isService(unit[0].message) || isService(next[0].message)) return false
  const [one, other] = [unit[0].message, next[0].message]
  return one.from.id === other.from.id && other.date - one.date < GROUP_WITHIN_SECONDS && !one.reply_markup
}

function blockOf(unit, place, room, view) {
  const [{ message }] = unit
  const versions = unit.map((kept) => kept.version).join('.')
  const pinned = unit.some((kept) => room.pinned.includes(kept.message.message_id))
  const id = message.message_id
  if (isService(message)) return { key: `service ${id} ${versions}`, id, make: () => serviceLine(message, view) }
  const key = ['message', id, versions, place.isFirst, place.isLast, pinned, view.pressed.get(id) ?? ''].join(' ')
  return { key, id, make: () => bubble(unit, { ...place, pinned }, room, view) }
}

function isService(message) {
  return Boolean(
    message.pinned_message ??
      message.forum_topic_created ??
      message.forum_topic_edited ??
      message.forum_topic_closed ??
      message.forum_topic_reopened ??
      message.migrate_to_chat_id ??
      message.migrate_from_chat_id,
  )
}

function serviceLine(message, view) {
  return h('div', { class: 'service' }, h('span', {}, serviceWords(message, view)))
}

function serviceWords(message, view) {
  const who = message.from.first_name
  if (message.pinned_message) {
    const id = message.pinned_message.message_id
    const gist = gistOf(message.pinned_message)
    const words = `«${gist.length > 60 ? `${gist.slice(0, 60)}…` : gist}»`
    return [
      `${who} закрепил: `,
      h('button', { type: 'button', class: 'text-button', onclick: () => view.on.jump(id) }, words),
    ]
  }
  if (message.forum_topic_created) return `${who} создал тему «${message.forum_topic_created.name}»`
  if (message.forum_topic_edited) return `${who} назвал тему «${message.forum_topic_edited.name ?? ''}»`
  if (message.forum_topic_closed) return `${who} закрыл тему`
  if (message.forum_topic_reopened) return `${who} снова открыл тему`
  return 'Группа стала супергруппой'
}

function bubble(unit, place, room, view) {
  const { message } = unit.at(-1)
  const [{ message: first }] = unit
  const isOwn = message.from.id === view.personId
  const classes = ['message', isOwn ? 'own' : 'other', place.isLast && 'tail', place.isFirst && 'first']
  const body = h('div', { class: `bubble ${mediaClass(unit)}` })
  body.append(...author(message, place, room, isOwn))
  body.append(...forwardLine(message), ...quotation(message, view))
  body.append(...content(unit, view))
  body.append(...reactionsOf(unit, view))
  body.append(stamp(unit, isOwn, place.pinned))
  const actions = (event, anchor) => view.on.actions(unit, event, anchor)
  const column = h('div', { class: 'message-column' }, body, inlineKeyboard(message, view))
  const more = h(
    'button',
    { type: 'button', class: 'message-more', 'aria-label': 'Действия с сообщением', title: 'Действия с сообщением' },
    icon('more'),
  )
  more.addEventListener('click', (event) => actions(event, more))
  const row = h('div', { class: classes.filter(Boolean).join(' '), 'data-ids': idsOf(unit) }, column, more)
  body.addEventListener('contextmenu', (event) => {
    if (event.target.closest('a')) return
    event.preventDefault()
    actions(event, { left: event.clientX, top: event.clientY, bottom: event.clientY })
  })
  body.addEventListener('dblclick', () => {
    getSelection().removeAllRanges()
    view.on.reply(first)
  })
  swipeToReply(row, () => view.on.reply(first))
  return row
}

function idsOf(unit) {
  return unit.map((kept) => kept.message.message_id).join(' ')
}

function mediaClass(unit) {
  const [{ message }] = unit
  const isVisual = message.photo || message.video
  const hasWords = unit.some((kept) => kept.message.caption)
  const plain = !message.reply_to_message && !message.forward_origin
  return isVisual ? `visual${hasWords ? '' : ' bare'}${plain ? ' flush' : ''}` : ''
}

function author(message, place, room, isOwn) {
  if (room.chat.type === 'private' || isOwn || !place.isFirst) return []
  const person = store.people.get(message.from.id)
  const name = h('div', { class: 'author' }, person ? nameOf(person) : message.from.first_name)
  name.style.setProperty('--colour', person?.colour ?? '#3390ec')
  return [name]
}

function forwardLine(message) {
  const origin = message.forward_origin?.sender_user
  if (!origin) return []
  const name = [origin.first_name, origin.last_name].filter(Boolean).join(' ')
  return [h('div', { class: 'forwarded' }, 'Переслано от ', h('b', {}, name))]
}

function quotation(message, view) {
  const quoted = message.reply_to_message
  if (!quoted || quoted.forum_topic_created) return []
  const name = quoted.from.first_name
  const jump = () => view.on.jump(quoted.message_id)
  const thumb = quoted.photo?.[0]
  return [
    h(
      'button',
      { type: 'button', class: 'quotation', onclick: jump, 'aria-label': `Ответ на сообщение: ${gistOf(quoted)}` },
      thumb && h('img', { src: fileUrl(thumb.file_id), alt: '' }),
      h('span', {}, h('b', {}, name), h('span', {}, gistOf(quoted))),
    ),
  ]
}

function content(unit, view) {
  const parts = []
  const visual = unit.filter(({ message }) => message.photo || message.video)
  if (visual.length > 0)
    parts.push(
      grid(
        visual.map(({ message }) => message),
        view,
      ),
    )
  for (const { message } of unit) {
    if (message.document) parts.push(documentCard(message.document))
    if (message.voice) parts.push(voiceNote(message.voice))
    if (message.contact) parts.push(contactCard(message.contact))
  }
  for (const { message } of unit) {
    const text = shownText(message)
    const entities = message.entities ?? message.caption_entities
    if (text) parts.push(h('div', { class: 'text', dir: 'auto' }, richText(text, entities, view.on)))
  }
  return parts
}

/** Telegram shows `/start` and hides what the link brought along. */
function shownText(message) {
  const text = message.text ?? message.caption ?? ''
  return message.text?.startsWith('/start ') ? '/start' : text
}

function grid(messages, view) {
  const items = messages.map((message) => (message.photo ? photo(message, view) : video(message.video)))
  return h('div', { class: `grid grid-${Math.min(items.length, 4)}` }, items)
}

function photo(message, view) {
  const size = message.photo.at(-1)
  const image = h('img', { src: fileUrl(size.file_id), alt: message.caption ?? 'Фотография', loading: 'lazy' })
  const button = h('button', { type: 'button', class: 'photo', 'aria-label': 'Открыть фотографию' }, image)
  button.style.setProperty('--ratio', `${size.width} / ${size.height}`)
  button.style.setProperty('--width', `${Math.max(120, Math.min(size.width, 300))}px`)
  button.addEventListener('click', () => view.on.photo(fileUrl(size.file_id)))
  return button
}

function video(file) {
  return h('video', { src: fileUrl(file.file_id), controls: true, preload: 'metadata', class: 'video' })
}

function documentCard(file) {
  const name = file.file_name ?? 'Файл'
  const extension = name.includes('.') ? name.split('.').at(-1).slice(0, 4) : ''
  const colour = { doc: 'blue', xls: 'green', csv: 'green', pdf: 'red', ppt: 'orange', ics: 'red', zip: 'orange' }
  const kind = colour[extension.slice(0, 3).toLowerCase()] ?? 'blue'
  return h(
    'a',
    { class: 'document', href: `${fileUrl(file.file_id)}?download`, download: name },
    h('span', { class: `document-icon ${kind}`, 'aria-hidden': 'true' }, extension || icon('file')),
    h('span', { class: 'document-facts' }, h('b', {}, name), h('span', {}, sizeOf(file.file_size))),
  )
}

function voiceNote(voice) {
  const audio = new Audio(fileUrl(voice.file_id))
  audio.preload = 'none'
  const bars = h('span', { class: 'wave', 'aria-hidden': 'true' })
  for (let bar = 0; bar < 32; bar++) bars.append(waveBar(voice.file_unique_id, bar))
  const sign = h('button', { type: 'button', class: 'round', 'aria-label': 'Прослушать' }, icon('play'))
  sign.addEventListener('click', () => (audio.paused ? audio.play().catch(() => {}) : audio.pause()))
  audio.addEventListener('play', () => sign.replaceChildren(icon('pause')))
  for (const end of ['pause', 'ended']) audio.addEventListener(end, () => sign.replaceChildren(icon('play')))
  const facts = h('span', {}, bars, h('span', { class: 'muted' }, durationOf(voice.duration)))
  return h('div', { class: 'voice' }, sign, facts)
}

function waveBar(seed, index) {
  const bar = h('i')
  const height = 20 + ((seed.charCodeAt(index % seed.length) * (index + 7)) % 80)
  bar.style.setProperty('--height', `${height}%`)
  return bar
}

function contactCard(contact) {
  const name = [contact.first_name, contact.last_name].filter(Boolean).join(' ')
  return h(
    'div',
    { class: 'contact' },
    avatar(name, '#65aadd'),
    h('span', {}, h('b', {}, name), h('span', { class: 'muted' }, contact.phone_number)),
  )
}

function reactionsOf(unit, view) {
  const counts = new Map()
  for (const { reactions } of unit) {
    for (const [who, emoji] of Object.entries(reactions ?? {}))
      counts.set(emoji, [...(counts.get(emoji) ?? []), Number(who)])
  }
  if (counts.size === 0) return []
  const chips = [...counts].map(([emoji, who]) => {
    const isOwn = who.includes(view.personId)
    const press = () => view.on.react(unit.at(-1).message, isOwn ? null : emoji)
    const facts = {
      type: 'button',
      class: `reaction${isOwn ? ' own' : ''}`,
      onclick: press,
      'aria-pressed': `${isOwn}`,
    }
    return h('button', facts, emoji, who.length > 1 ? ` ${who.length}` : null)
  })
  return [h('div', { class: 'reactions' }, chips)]
}

function stamp(unit, isOwn, pinned) {
  const { message } = unit.at(-1)
  const isEdited = unit.some((kept) => kept.message.edit_date) && !message.reply_markup
  return h(
    'span',
    { class: 'stamp' },
    pinned && icon('pin'),
    isEdited && h('span', {}, 'изменено'),
    h('time', {}, timeOf(message.date * 1000)),
    isOwn && h('span', { role: 'img', 'aria-label': 'доставлено', class: 'ticks' }, icon('ticks')),
  )
}

function inlineKeyboard(message, view) {
  const rows = message.reply_markup?.inline_keyboard
  if (!rows) return null
  return h(
    'div',
    { class: 'inline-keyboard', role: 'group', 'aria-label': 'Кнопки под сообщением' },
    rows.map((row) =>
      h(
        'div',
        { class: 'inline-row' },
        row.map((button) => inlineButton(message, button, view)),
      ),
    ),
  )
}

function inlineButton(message, button, view) {
  const isPressed = view.pressed.get(message.message_id) === button.callback_data && button.callback_data !== undefined
  const classes = ['inline-button', button.style, isPressed && 'pressed'].filter(Boolean).join(' ')
  if (button.url) {
    const facts = {
      class: classes,
      href: button.url,
      target: '_blank',
      rel: 'noopener noreferrer nofollow',
      title: button.url,
    }
    const isSafe = /^https?:/i.test(button.url)
    if (isSafe)
      return h('a', { ...facts, onclick: (event) => view.on.link(button.url, event) }, button.text, icon('link'))
  }
  const press = () => view.on.press(message, button)
  return h('button', { type: 'button', class: classes, onclick: press, 'aria-busy': `${isPressed}` }, button.text)
}

const SWIPE_PX = 56

/** On a touch screen a message is drawn to the left to answer it. */
function swipeToReply(row, reply) {
  let start = null
  row.addEventListener(
    'touchstart',
    (event) => {
      const [touch] = event.touches
      start = { x: touch.clientX, y: touch.clientY }
    },
    { passive: true },
  )
  row.addEventListener(
    'touchmove',
    (event) => {
      if (!start) return
      const [touch] = event.touches
      const drawn = Math.min(0, Math.max(-SWIPE_PX * 1.3, touch.clientX - start.x))
      if (Math.abs(touch.clientY - start.y) > 24) start = null
      row.style.transform = start && drawn < -8 ? `translateX(${drawn}px)` : ''
    },
    { passive: true },
  )
  row.addEventListener('touchend', (event) => {
    const [touch] = event.changedTouches
    row.style.transform = ''
    if (start && touch.clientX - start.x < -SWIPE_PX) reply()
    start = null
  })
}

/** Where the page gets a file of a chat. */
export function fileUrl(id) {
  return `/page/file/${encodeURIComponent(id)}`
}
