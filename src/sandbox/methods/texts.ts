import { type Args, isRecord, listArg, numeric, textArg } from '../args.ts'
import { type Core, userById } from '../core.ts'
import { badRequest } from '../refusal.ts'
import type { Entity, EntityType } from '../telegram.ts'
import { format } from '../text/formatted.ts'
import type { Parsed } from '../text/markup.ts'

/** Lengths count UTF-16 code units after the markup is taken out. */
const MAX_TEXT = 4096
const MAX_CAPTION = 1024

/** The text of a message. Throws ApiRefusal when it is empty, too long or wrongly marked up. */
export function messageText(core: Core, args: Args): Parsed {
  const parsed = parsedText(core, args.values, textArg(args, 'text') ?? '', entitiesArg(args, 'entities'))
  if (parsed.text === '') throw badRequest('message text is empty')
  if (parsed.text.length > MAX_TEXT) throw badRequest('message is too long')
  return parsed
}

/** The fields of a caption, none where there is no caption. Throws ApiRefusal when it is too long or wrongly marked up. */
export function captionFields(core: Core, args: Args): { caption?: string; caption_entities?: Entity[] } {
  return captionOf(core, args.values, textArg(args, 'caption'), entitiesArg(args, 'caption_entities'))
}

/** The same for one part of an album. */
export function captionOf(
  core: Core,
  values: Record<string, unknown>,
  caption: string | undefined,
  entities: Entity[] | undefined,
): { caption?: string; caption_entities?: Entity[] } {
  if (caption === undefined) return {}
  const parsed = parsedText(core, values, caption, entities)
  if (parsed.text.length > MAX_CAPTION) throw badRequest('message caption is too long')
  if (parsed.text === '') return {}
  return {
    caption: parsed.text,
    ...(parsed.entities.length > 0 ? { caption_entities: parsed.entities } : {}),
  }
}

function parsedText(
  core: Core,
  values: Record<string, unknown>,
  source: string,
  entities: Entity[] | undefined,
): Parsed {
  const parseMode = typeof values.parse_mode === 'string' ? values.parse_mode : undefined
  return format(source, { parseMode, entities }, (id) => userById(core.world, id))
}

function entitiesArg(args: Args, name: string): Entity[] | undefined {
  const list = listArg(args, name, 'MessageEntity')
  return list && entitiesFrom(list)
}

/** Entities out of JSON: only the fields that Telegram knows. Throws ApiRefusal for what is no entity. */
export function entitiesFrom(list: unknown[]): Entity[] {
  return list.map((value) => {
    if (!isRecord(value) || typeof value.type !== 'string') throw badRequest("can't parse MessageEntity")
    const { url, language, user, custom_emoji_id: emoji } = value
    return {
      type: value.type as EntityType,
      offset: numeric(value.offset),
      length: numeric(value.length),
      ...(typeof url === 'string' ? { url } : {}),
      ...(typeof language === 'string' ? { language } : {}),
      ...(isRecord(user) ? { user: { id: numeric(user.id), is_bot: false, first_name: '' } } : {}),
      ...(typeof emoji === 'string' ? { custom_emoji_id: emoji } : {}),
    }
  })
}
