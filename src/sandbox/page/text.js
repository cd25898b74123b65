import { h } from './dom.js'

const TAGS = {
  bold: 'strong',
  italic: 'em',
  underline: 'u',
  strikethrough: 's',
  code: 'code',
  pre: 'pre',
  blockquote: 'blockquote',
  expandable_blockquote: 'blockquote',
}

/** They stand on lines of their own, so the line break after them is not shown. */
const BLOCKS = new Set(['pre', 'blockquote', 'expandable_blockquote'])

const SAFE_LINK = /^(?:https?|mailto|tel):/i

/**
 * The text of a message with its entities as nodes. `on` says what a press on a link, command or hashtag does:
 * `{ link(url, event), command(text) }`. Nothing in it is ever read as HTML.
 */
export function richText(text, entities, on) {
  const sorted = [...(entities ?? [])].sort((one, other) => one.offset - other.offset || other.length - one.length)
  const fragment = document.createDocumentFragment()
  fragment.append(...nodes(text, sorted, 0, text.length, on))
  return fragment
}

function nodes(text, entities, from, to, on) {
  const made = []
  let at = from
  let index = 0
  while (index < entities.length) {
    const entity = entities[index]
    const end = Math.min(entity.offset + entity.length, to)
    if (entity.offset < at) {
      index++
      continue
    }
    const inner = []
    let next = index + 1
    while (next < entities.length && entities[next].offset < end) inner.push(entities[next++])
    if (entity.offset > at) made.push(text.slice(at, entity.offset))
    made.push(wrapped(entity, text.slice(entity.offset, end), nodes(text, inner, entity.offset, end, on), on))
    at = BLOCKS.has(entity.type) && text[end] === '\n' ? end + 1 : end
    index = next
  }
  if (at < to) made.push(text.slice(at, to))
  return made
}

function wrapped(entity, words, children, on) {
  if (Object.hasOwn(TAGS, entity.type)) return h(TAGS[entity.type], {}, children)
  if (entity.type === 'spoiler') return spoiler(children)
  if (entity.type === 'bot_command') return button(children, () => on.command(words))
  if (entity.type === 'text_link') return link(entity.url, children, on)
  if (entity.type === 'url') return link(/^[a-z]+:\/\//i.test(words) ? words : `https://${words}`, children, on)
  if (entity.type === 'email') return link(`mailto:${words}`, children, on)
  return h('span', { class: 'mention' }, children)
}

function link(url, children, on) {
  if (!SAFE_LINK.test(url)) return h('span', { class: 'mention' }, children)
  const facts = { href: url, target: '_blank', rel: 'noopener noreferrer nofollow', title: url }
  return h('a', { ...facts, onclick: (event) => on.link(url, event) }, children)
}

function button(children, onclick) {
  return h('button', { type: 'button', class: 'text-button', onclick }, children)
}

function spoiler(children) {
  const cover = h('button', { type: 'button', class: 'spoiler', 'aria-label': 'Показать скрытый текст' }, children)
  cover.addEventListener('click', () => cover.classList.add('open'))
  return cover
}
