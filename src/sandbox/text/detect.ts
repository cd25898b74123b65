import type { Entity, EntityType } from '../telegram.ts'

const DOMAIN_END =
  'ru|рф|su|com|org|net|info|edu|gov|me|io|online|site|space|moscow|tatar|дети|москва|онлайн|сайт|by|kz|eu|de|uk'

/** In the order of precedence: where two of them meet, the earlier one stays. */
const KINDS: { type: EntityType; hint: RegExp; pattern: RegExp }[] = [
  {
    type: 'email',
    hint: /@/,
    pattern: /(?<![\p{L}\p{N}._%+-])[a-z0-9._%+-]{1,64}@(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}(?![\p{L}\p{N}_-])/giu,
  },
  {
    type: 'url',
    hint: /:\/\//,
    pattern: /(?<![\p{L}\p{N}_])(?:https?|tg|ftp):\/\/[^\s<>"«»]{1,2048}/giu,
  },
  {
    type: 'url',
    hint: new RegExp(`\\.(?:${DOMAIN_END})`, 'iu'),
    pattern: new RegExp(
      `(?<![\\p{L}\\p{N}_@.-])(?:[\\p{L}\\p{N}][\\p{L}\\p{N}-]{0,62}\\.){1,8}(?:${DOMAIN_END})(?![\\p{L}\\p{N}_-])(?::\\d{1,5})?(?:[/?#][^\\s<>"«»]{0,2048})?`,
      'giu',
    ),
  },
  { type: 'mention', hint: /@/, pattern: /(?<![\p{L}\p{N}_@/.])@[a-z][a-z0-9_]{2,31}(?![\p{L}\p{N}_@])/giu },
  {
    type: 'bot_command',
    hint: /\//,
    pattern: /(?<![\p{L}\p{N}_/<>])\/[a-z0-9_]{1,64}(?:@[a-z][a-z0-9_]{2,31})?(?![\p{L}\p{N}_/<>])/giu,
  },
  { type: 'hashtag', hint: /#/, pattern: /(?<![\p{L}\p{N}_#])#[\p{L}\p{N}_]{0,255}\p{L}[\p{L}\p{N}_]{0,255}/giu },
]

/** Links, addresses, mentions, commands and hashtags that Telegram finds in a plain text by itself, sorted by place. */
export function detectEntities(text: string): Entity[] {
  const found: Entity[] = []
  for (const { type, hint, pattern } of KINDS) {
    if (!hint.test(text)) continue
    for (const match of text.matchAll(pattern)) {
      const word = type === 'url' ? withoutTail(match[0]) : match[0]
      const entity: Entity = { type, offset: match.index, length: word.length }
      if (!found.some((other) => overlaps(other, entity))) found.push(entity)
    }
  }
  return found.sort((one, other) => one.offset - other.offset)
}

/** Whether two stretches share a character. */
export function overlaps(one: Entity, other: Entity): boolean {
  return one.offset < other.offset + other.length && other.offset < one.offset + one.length
}

/** Punctuation that ends the sentence is not part of the address; a closing bracket is when it has its opening one. */
function withoutTail(url: string): string {
  let end = url.length
  while (end > 0) {
    const last = url.charAt(end - 1)
    if ('.,;:!?\'"…'.includes(last) || (last === ')' && !url.slice(0, end).includes('('))) end--
    else break
  }
  return url.slice(0, end)
}
