import { createReadStream } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { type Instant, Temporal } from '../kernel/clock.ts'
import type { Core } from './core.ts'
import { createFeed, type Feed, type FeedOptions, PAGE_HEADERS } from './page-feed.ts'
import { ClockMove, FileFields, NewPerson, PageAction } from './page-schema.ts'
import { lastMessages } from './page-state.ts'
import type { AlbumPart, PersonInChat, SendOptions } from './people.ts'
import type { SandboxPerson } from './world.ts'

export type PageOptions = FeedOptions & {
  personIn: (personId: number, chatId: number) => PersonInChat
  advance: ((to: Instant) => Promise<void>) | null
  samples: { name: string; bytes: Buffer }[]
}

const FOLDER = fileURLToPath(new URL('./page/', import.meta.url))
const MAX_FILE_BYTES = 2 * 1024 * 1024 * 1024
const MONDAY_HOUR = 10
const COLOURS = ['#e17076', '#eda86c', '#a695e7', '#7bc862', '#6ec9cb', '#65aadd', '#ee7aae']

/** What the page may show in place; anything else is only downloaded, so that no file of a chat becomes a page. */
const SHOWN_TYPES = new Set([
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/gif',
  'video/mp4',
  'audio/ogg',
  'audio/webm',
])

/** A wrong wish of the page, told to the person in its words. */
class PageProblem extends Error {
  override name = 'PageProblem'
}

/** Puts the page with the chats on `server`. */
export async function servePage(server: FastifyInstance, options: PageOptions): Promise<void> {
  const feed = createFeed(options)
  server.addHook('onClose', () => feed.close())
  await server.register(async (page) => {
    page.addHook('onSend', async (_request, reply) => {
      reply.headers(PAGE_HEADERS)
    })
    page.setErrorHandler((problem, _request, reply) => {
      reply.code(400).send({ problem: wordsFor(problem) })
    })
    await page.register(fastifyStatic, { root: FOLDER, prefix: '/page/', cacheControl: false })
    page.get('/', (_request, reply) =>
      reply.type('text/html; charset=utf-8').send(createReadStream(`${FOLDER}index.html`)),
    )
    page.get('/page/events', (request, reply) => feed.join(request, reply))
    page.get('/page/file/:id', (request, reply) => sendFile(options.core, request, reply))
    page.get('/page/earlier', (request) => earlier(options.core, request))
    page.post('/page/do', (request) => act(options, parsed(PageAction, request.body)))
    page.post('/page/files', (request) => takeFiles(options, request))
    page.post('/page/people', (request) => addPerson(options.core, parsed(NewPerson, request.body)))
    page.post('/page/clock', (request) => moveClock(options, feed, parsed(ClockMove, request.body)))
  })
}

const REFUSALS: Record<string, string> = {
  'Bad Request: IMAGE_PROCESS_FAILED': 'Это не похоже на фотографию: отправьте без сжатия, как файл',
  'Bad Request: PHOTO_INVALID_DIMENSIONS': 'Фотография слишком вытянута или велика: отправьте без сжатия, как файл',
}

function wordsFor(problem: unknown): string {
  const words = problem instanceof Error ? problem.message : String(problem)
  return REFUSALS[words] ?? words
}

function parsed<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const result = schema.safeParse(value)
  if (!result.success) throw new PageProblem('Страница и песочница не поняли друг друга: обновите страницу')
  return result.data
}

async function act(options: PageOptions, action: PageAction): Promise<Record<string, unknown>> {
  const person = options.personIn(action.person, action.chat)
  switch (action.do) {
    case 'send':
      return sent(await person.send(action.text, placeOf(action)))
    case 'tap':
      return { queryId: (await person.forgeTap(action.messageId, action.data)).queryId }
    case 'press':
      return sent(await person.press(new RegExp(`^${RegExp.escape(action.text)}$`)))
    case 'contact':
      return sent(await person.shareContact())
    case 'edit':
      return sent(await person.edit(action.messageId, action.text))
    case 'forward':
      return sent(await person.forward(action.messageId, action.to))
    case 'open':
      return sent(await person.openLink(action.link))
    case 'sample':
      return sendSample(options, person, action)
    case 'start':
      return sent(await person.start())
    case 'react':
      await person.react(action.messageId, action.emoji)
      return {}
    case 'block':
      await person.block()
      return {}
    case 'unblock':
      await person.unblock()
      return {}
    case 'read':
      markRead(options.core, action.chat, action.person, action.messageId)
      return {}
  }
}

function sent(message: { id: number }): { messageId: number } {
  return { messageId: message.id }
}

function placeOf(place: { replyTo?: number | undefined; topic?: number | undefined }): SendOptions {
  return {
    ...(place.replyTo === undefined ? {} : { replyTo: place.replyTo }),
    ...(place.topic === undefined ? {} : { topic: place.topic }),
  }
}

async function sendSample(
  { samples }: PageOptions,
  person: PersonInChat,
  action: PageAction & { do: 'sample' },
): Promise<{ messageId: number }> {
  const sample = samples.find(({ name }) => name === action.name)
  if (!sample) throw new PageProblem(`Нет примера «${action.name}»`)
  const caption = action.caption ? { caption: action.caption } : {}
  return sent(await person.sendDocument(sample.bytes, sample.name, { ...placeOf(action), ...caption }))
}

/** Reading is not told to the bot, as in Telegram; it only moves the badge. */
function markRead(core: Core, chatId: number, personId: number, messageId: number): void {
  const room = core.world.rooms.get(chatId)
  if (!room || (room.read[personId] ?? 0) >= messageId) return
  room.read[personId] = messageId
  core.world.touch(room)
}

type Incoming = { bytes: Buffer; name: string; mimeType: string }

async function takeFiles(options: PageOptions, request: FastifyRequest): Promise<Record<string, unknown>> {
  const values: Record<string, unknown> = {}
  const files: Incoming[] = []
  for await (const part of request.parts({ limits: { fileSize: MAX_FILE_BYTES, files: 100 } })) {
    if (part.type === 'field') values[part.fieldname] = part.value
    else files.push({ bytes: await part.toBuffer(), name: part.filename, mimeType: part.mimetype })
  }
  const fields = parsed(FileFields, values)
  const person = options.personIn(fields.person, fields.chat)
  if (fields.kind === 'voice') return sendVoice(person, files, fields)
  const [first, ...others] = albumsOf(files, fields.kind)
  if (first) await sendGroup(person, first, fields)
  for (const group of others) await sendGroup(person, group, { ...fields, caption: undefined })
  return {}
}

async function sendVoice(person: PersonInChat, files: Incoming[], fields: FileFields): Promise<{ messageId: number }> {
  const [file] = files
  if (!file) throw new PageProblem('Запись не пришла')
  return sent(await person.sendVoice(file.bytes, { ...placeOf(fields), duration: fields.duration ?? 0 }))
}

const PHOTO_TYPES = new Set(['image/jpeg', 'image/png', 'image/webp'])
const ALBUM_SIZE = 10

/** Photos and videos go together, other files together, ten at a time, as Telegram's apps do it. */
function albumsOf(files: Incoming[], kind: FileFields['kind']): AlbumPart[][] {
  const parts = files.map((file) => ({ ...file, kind: kind === 'auto' ? partKind(file) : ('document' as const) }))
  const visual = parts.filter(({ kind }) => kind !== 'document')
  const documents = parts.filter(({ kind }) => kind === 'document')
  return [...inTens(visual), ...inTens(documents)]
}

function partKind(file: Incoming): AlbumPart['kind'] {
  if (PHOTO_TYPES.has(file.mimeType)) return 'photo'
  return file.mimeType === 'video/mp4' ? 'video' : 'document'
}

function inTens(parts: AlbumPart[]): AlbumPart[][] {
  const groups: AlbumPart[][] = []
  for (let at = 0; at < parts.length; at += ALBUM_SIZE) groups.push(parts.slice(at, at + ALBUM_SIZE))
  return groups
}

async function sendGroup(person: PersonInChat, parts: AlbumPart[], fields: FileFields): Promise<void> {
  const [first, ...others] = parts
  if (!first) return
  const captioned = fields.caption ? { ...first, caption: fields.caption } : first
  await person.sendAlbum([captioned, ...others], placeOf(fields))
}

function addPerson(core: Core, wish: NewPerson): Record<string, unknown> {
  const id = Math.max(100_000, ...core.world.people.keys()) + 1
  const person: SandboxPerson = {
    id,
    firstName: wish.firstName,
    ...(wish.lastName ? { lastName: wish.lastName } : {}),
    phone: wish.phone ?? `+7900${String(id).padStart(7, '0').slice(-7)}`,
    role: wish.role || 'новый человек',
    colour: COLOURS[id % COLOURS.length] ?? '#65aadd',
  }
  core.world.addPerson(person)
  return { id }
}

async function moveClock(options: PageOptions, feed: Feed, move: ClockMove): Promise<Record<string, unknown>> {
  const { clock, advance, timeZone } = options
  if (!clock) throw new PageProblem('Эти часы идут сами и не переводятся')
  if (feed.isAdvancing()) throw new PageProblem('Часы уже переводятся, подождите немного')
  const to = destination(clock.now(), move, timeZone)
  if (Temporal.Instant.compare(to, clock.now()) <= 0) throw new PageProblem('Часы можно перевести только вперёд')
  feed.setAdvancing(to)
  try {
    if (advance) await advance(to)
    else clock.moveTo(to)
  } finally {
    feed.setAdvancing(null)
  }
  return {}
}

/** Where a step leads, in the page's zone; a Monday is reached when the morning's messages are out. */
function destination(now: Instant, move: ClockMove, timeZone: string): Instant {
  if ('to' in move) return Temporal.PlainDateTime.from(move.to).toZonedDateTime(timeZone).toInstant()
  const local = now.toZonedDateTimeISO(timeZone)
  if (move.step === 'hour') return now.add({ hours: 1 })
  if (move.step === 'day') return local.add({ days: 1 }).toInstant()
  const monday = local.add({ days: 8 - local.dayOfWeek })
  return monday.startOfDay().with({ hour: MONDAY_HOUR }).toInstant()
}

function earlier(core: Core, request: FastifyRequest): unknown {
  const { chat, before } = request.query as { chat?: string; before?: string }
  const room = core.world.rooms.get(Number(chat))
  if (!room) throw new PageProblem('Такого чата уже нет')
  return lastMessages(room, Number(before))
}

async function sendFile(core: Core, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const file = core.files.byId((request.params as { id: string }).id)
  if (!file) return reply.code(404).send({ problem: 'Файла нет' })
  const type = file.mimeType ?? ''
  const isShown = SHOWN_TYPES.has(type) && (request.query as { download?: string }).download === undefined
  const name = encodeURIComponent(file.name ?? file.path.split('/').at(-1) ?? 'file')
  return reply
    .header('content-type', isShown ? type : 'application/octet-stream')
    .header('content-disposition', `${isShown ? 'inline' : 'attachment'}; filename*=UTF-8''${name}`)
    .header('cache-control', 'private, max-age=31536000, immutable')
    .send(await core.files.bytes(file))
}
