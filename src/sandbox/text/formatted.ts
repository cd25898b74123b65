import { badRequest } from '../refusal.ts'
import type { Entity, EntityType, User } from '../telegram.ts'
import { detectEntities, overlaps } from './detect.ts'
import { parseHtml } from './html.ts'
import { checkLink } from './links.ts'
import { parseMarkdownV2 } from './markdown.ts'
import { MarkupProblem, type Parsed } from './markup.ts'

/** How the text of a call says its style. */
export type Style = { parseMode: string | undefined; entities: Entity[] | undefined }

const MAX_ENTITIES = 100

const PARSERS: Record<string, (source: string) => Parsed> = {
  html: parseHtml,
  markdownv2: parseMarkdownV2,
}

const GIVEN_TYPES = new Set<EntityType>([
  'bold',
  'italic',
  'underline',
  'strikethrough',
  'spoiler',
  'blockquote',
  'expandable_blockquote',
  'code',
  'pre',
  'text_link',
  'text_mention',
  'custom_emoji',
])

/** Order of entities that begin and end together, outermost first. */
const RANK: EntityType[] = ['expandable_blockquote', 'blockquote', 'pre', 'code', 'text_link', 'text_mention', 'bold']

/**
 * The text as Telegram would keep it: markup read, edges trimmed, links and commands found. `userOf` gives the person of a
 * mention, undefined for an unknown one. Throws ApiRefusal with Telegram's words for wrong markup or entities.
 */
export function format(source: string, style: Style, userOf: (id: number) => User | undefined): Parsed {
  const parsed = parse(source, style)
  const trimmed = trim(clean(parsed))
  const known = withUsers(trimmed.entities, userOf)
  const shaped = withoutStyleInCode(known)
  const detected = detectEntities(trimmed.text).filter((found) => !shaped.some((given) => isOpaque(given, found)))
  const entities = [...shaped, ...detected].sort(byPlace).slice(0, MAX_ENTITIES)
  return { text: trimmed.text, entities }
}

function parse(source: string, style: Style): Parsed {
  const mode = style.parseMode?.toLowerCase()
  if (mode === undefined || mode === '' || mode === 'none') {
    return { text: source, entities: checkedEntities(source, style.entities ?? []) }
  }
  const parser = PARSERS[mode]
  if (!parser) throw badRequest(`unsupported parse_mode`)
  try {
    return parser(source)
  } catch (problem) {
    if (problem instanceof MarkupProblem) throw badRequest(`can't parse entities: ${problem.message}`)
    throw problem
  }
}

function checkedEntities(text: string, given: Entity[]): Entity[] {
  return given.filter((entity) => GIVEN_TYPES.has(entity.type)).map((entity) => checkedEntity(text, entity))
}

function checkedEntity(text: string, entity: Entity): Entity {
  const { offset, length } = entity
  const end = offset + length
  if (!Number.isInteger(offset) || offset < 0 || offset > text.length) {
    throw badRequest(`receive an entity with incorrect offset ${offset}`)
  }
  if (!Number.isInteger(length) || length < 0 || end > text.length) {
    throw badRequest(`receive an entity with incorrect length ${length}`)
  }
  if (splitsPair(text, offset)) {
    throw badRequest(`entity beginning at UTF-16 offset ${offset} begins in a middle of a UTF-16 symbol`)
  }
  if (splitsPair(text, end)) {
    throw badRequest(`entity beginning at UTF-16 offset ${offset} ends in a middle of a UTF-16 symbol`)
  }
  return entity.type === 'text_link' ? checkedLinkEntity(entity) : { ...entity }
}

function checkedLinkEntity(entity: Entity): Entity {
  const checked = checkLink(entity.url ?? '')
  if (!checked.ok) throw badRequest(`entity URL '${entity.url ?? ''}' is invalid: ${checked.problem}`)
  return { ...entity, url: checked.url }
}

function splitsPair(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1)
  const after = text.charCodeAt(at)
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff
}

/** Control characters become spaces, one for one, so that no offset moves; `\r` is such a character too. */
function clean({ text, entities }: Parsed): Parsed {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what Telegram replaces
  return { text: text.replace(/[\0-\x09\x0b-\x1f]/g, ' ').toWellFormed(), entities }
}

function trim({ text, entities }: Parsed): Parsed {
  const kept = text.trimEnd()
  const start = kept.length - kept.trimStart().length
  const end = kept.length
  const moved = entities
    .map((entity) => clipped(entity, start, end))
    .filter((entity) => entity.length > 0)
    .map((entity) => ({ ...entity, offset: entity.offset - start }))
  return { text: kept.slice(start), entities: moved }
}

function clipped(entity: Entity, start: number, end: number): Entity {
  const offset = Math.max(entity.offset, start)
  return { ...entity, offset, length: Math.min(entity.offset + entity.length, end) - offset }
}

function withUsers(entities: Entity[], userOf: (id: number) => User | undefined): Entity[] {
  return entities.flatMap((entity) => {
    if (entity.type !== 'text_mention') return [entity]
    const user = entity.user && userOf(entity.user.id)
    return user ? [{ ...entity, user }] : []
  })
}

/** Code is shown as it is: no other style reaches into it, except a quotation around it. */
function withoutStyleInCode(entities: Entity[]): Entity[] {
  const codes = entities.filter(isCode)
  if (codes.length === 0) return entities
  return entities.flatMap((entity) =>
    isCode(entity) || entity.type.endsWith('blockquote') ? [entity] : codes.reduce(cutOut, [entity]),
  )
}

function cutOut(pieces: Entity[], hole: Entity): Entity[] {
  return pieces.flatMap((piece) => {
    if (!overlaps(piece, hole)) return [piece]
    const before = { ...piece, length: hole.offset - piece.offset }
    const holeEnd = hole.offset + hole.length
    const after = { ...piece, offset: holeEnd, length: piece.offset + piece.length - holeEnd }
    return [before, after].filter((left) => left.length > 0)
  })
}

function isCode(entity: Entity): boolean {
  return entity.type === 'code' || entity.type === 'pre'
}

/** Inside code and links nothing is looked for. */
function isOpaque(given: Entity, found: Entity): boolean {
  const hides = isCode(given) || given.type === 'text_link' || given.type === 'text_mention'
  return hides && overlaps(given, found)
}

function byPlace(one: Entity, other: Entity): number {
  return one.offset - other.offset || other.length - one.length || rank(one) - rank(other)
}

function rank(entity: Entity): number {
  const place = RANK.indexOf(entity.type)
  return place < 0 ? RANK.length : place
}
