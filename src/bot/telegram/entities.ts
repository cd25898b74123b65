import { escapeHtml } from '../../delivery/screen.ts'
import type { Entity } from './schema.ts'

const TAGS: Record<string, string> = {
  bold: 'b',
  italic: 'i',
  underline: 'u',
  strikethrough: 's',
  code: 'code',
  pre: 'pre',
  blockquote: 'blockquote',
  expandable_blockquote: 'blockquote',
}

type Span = { from: number; to: number; opening: string; closing: string }

/** `text` with its formatting as our small HTML, the words escaped. Well-formed whatever the entities are: crossing, out of range, or in the middle of a sign. */
export function htmlOf(text: string, entities: readonly Entity[] = []): string {
  const spans = entities.flatMap((entity) => spanOf(text, entity))
  const borders = [...new Set([0, text.length, ...spans.flatMap(({ from, to }) => [from, to])])].sort((a, b) => a - b)
  let html = ''
  let open: Span[] = []
  for (const [place, from] of borders.entries()) {
    const now = spans.filter((span) => span.from <= from && from < span.to).sort(outerFirst)
    const same = now.findIndex((span, depth) => open[depth] !== span)
    const depth = same === -1 ? Math.min(now.length, open.length) : same
    html += open
      .slice(depth)
      .toReversed()
      .map((span) => span.closing)
      .join('')
    html += now
      .slice(depth)
      .map((span) => span.opening)
      .join('')
    html += escapeHtml(text.slice(from, borders[place + 1] ?? from))
    open = now
  }
  return html
}

/** The addresses in `text`, as typed or behind words, each once. */
export function linksOf(text: string, entities: readonly Entity[] = []): string[] {
  const links = entities.flatMap((entity) => {
    if (entity.type === 'text_link' && entity.url) return [entity.url]
    return entity.type === 'url' ? [text.slice(entity.offset, entity.offset + entity.length)] : []
  })
  return [...new Set(links)]
}

function spanOf(text: string, entity: Entity): Span[] {
  const from = wholeSign(text, entity.offset)
  const to = wholeSign(text, entity.offset + entity.length)
  if (from >= to) return []
  if (entity.type === 'text_link' && entity.url && /^https?:/i.test(entity.url)) {
    return [{ from, to, opening: `<a href="${escapeHtml(entity.url)}">`, closing: '</a>' }]
  }
  const tag = TAGS[entity.type]
  return tag ? [{ from, to, opening: `<${tag}>`, closing: `</${tag}>` }] : []
}

/** `place` within `text`, moved behind a character that it would cut in two. */
function wholeSign(text: string, place: number): number {
  const within = Math.min(Math.max(place, 0), text.length)
  const before = text.charCodeAt(within - 1)
  const after = text.charCodeAt(within)
  const cuts = before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff
  return cuts ? within + 1 : within
}

function outerFirst(left: Span, right: Span): number {
  return left.from - right.from || right.to - left.to
}
