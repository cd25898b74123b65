import type { Entity, EntityType } from '../telegram.ts'
import { checkLink, mentionedUserId } from './links.ts'

/** A text with its markup taken out; offsets count UTF-16 code units. */
export type Parsed = { text: string; entities: Entity[] }

/** Wrong markup, in the words that Telegram puts after «can't parse entities: ». */
export class MarkupProblem extends Error {
  override name = 'MarkupProblem'
}

/** Telegram counts the place of a mistake in bytes of UTF-8; `at` is a UTF-16 index into `source`. */
export function byteOffset(source: string, at: number): number {
  return Buffer.byteLength(source.slice(0, at))
}

/** Adds an entity unless it is empty; a link becomes a mention, a checked address, or nothing, as in Telegram. */
export function addEntity(entities: Entity[], type: EntityType, offset: number, end: number, argument: string): void {
  const length = end - offset
  if (length <= 0) return
  if (type === 'text_link') {
    addLink(entities, offset, length, argument)
    return
  }
  const entity: Entity = { type, offset, length }
  if (type === 'pre' && argument !== '') entity.language = argument
  if (type === 'custom_emoji') entity.custom_emoji_id = argument
  entities.push(entity)
}

function addLink(entities: Entity[], offset: number, length: number, link: string): void {
  const userId = mentionedUserId(link)
  if (userId !== null) {
    entities.push({ type: 'text_mention', offset, length, user: { id: userId, is_bot: false, first_name: '' } })
    return
  }
  const checked = checkLink(link)
  if (checked.ok) entities.push({ type: 'text_link', offset, length, url: checked.url })
}
