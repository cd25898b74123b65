import { type MediaFacts, storeDocument, storePhoto, storeVideo, storeVoice } from '../media.ts'
import { forwardedContent, newAlbumId } from '../methods/sending.ts'
import type { Contact, Content, Message } from '../telegram.ts'
import { format } from '../text/formatted.ts'
import type { VisibleMessage } from '../visible.ts'
import type { SandboxPerson } from '../world.ts'
import type { AlbumPart, FileOptions, MessageRef, PersonInChat, SendOptions } from './person.ts'
import { hideOneTimeKeyboard, keptOf, placementOf, post, type Seat, see } from './seat.ts'
import { changeStanding } from './standing.ts'

const LONGEST_TEXT = 4096
const LONGEST_CAPTION = 1024

type Sending = Pick<
  PersonInChat,
  | 'send'
  | 'sendPhoto'
  | 'sendDocument'
  | 'sendVoice'
  | 'sendVideo'
  | 'sendAlbum'
  | 'shareContact'
  | 'openLink'
  | 'start'
  | 'edit'
>

/** What the person at the seat can write and send. */
export function sendingFrom(seat: Seat): Sending {
  const { files } = seat.core
  const send = async (text: string, options: SendOptions = {}) => sendText(seat, text, options)
  return {
    send,
    sendPhoto: async (bytes, caption, options = {}) =>
      sendFile(seat, await storePhoto(files, bytes), caption === undefined ? options : { ...options, caption }),
    sendDocument: async (bytes, name, options = {}) =>
      sendFile(seat, await storeDocument(files, bytes, { name, mimeType: options.mimeType }), options),
    sendVoice: async (bytes, options = {}) => sendFile(seat, await storeVoice(files, bytes, factsOf(options)), options),
    sendVideo: async (bytes, options = {}) => sendFile(seat, await storeVideo(files, bytes, factsOf(options)), options),
    sendAlbum: (parts, options = {}) => sendAlbum(seat, parts, options),
    async shareContact(other) {
      hideOneTimeKeyboard(seat)
      return post(seat, { contact: other ? foreignContact(other) : ownContact(seat.person) })
    },
    async openLink(link) {
      const payload = startPayload(link, seat.core.world.bot.username ?? '')
      if (payload === null) throw new Error(`Not a link to this bot: ${link}`)
      return restart(seat, `/start ${payload}`)
    },
    start: async () => restart(seat, '/start'),
    edit: async (ref, text) => edit(seat, ref, text),
  }
}

/** Sends a message of one seat's chat on to the chat of another. */
export function forward(from: Seat, ref: MessageRef, to: Seat): VisibleMessage {
  return post(to, forwardedContent(keptOf(from, ref).message))
}

/** The payload of a link to the bot, '' for a link without one, null for any other link. */
export function startPayload(link: string, botUsername: string): string | null {
  const address = /^(?:https?:\/\/)?(?:t\.me|telegram\.me)\/([A-Za-z0-9_]+)(?:\?(.*))?$/.exec(link.trim())
  if (address?.[1]?.toLowerCase() !== botUsername.toLowerCase()) return null
  return new URLSearchParams(address[2] ?? '').get('start') ?? ''
}

/** Whoever starts a bot that they had blocked lets it write again. */
function restart(seat: Seat, command: string): VisibleMessage {
  if (seat.room.standing === 'blocked') changeStanding(seat.core, seat.room, 'open')
  return sendText(seat, command, {})
}

function sendText(seat: Seat, text: string, options: SendOptions): VisibleMessage {
  const [first = '', ...others] = pagesOf(text)
  const place = placementOf(seat, options)
  const { reply_to_message: _reply, ...samePlace } = place
  let last = post(seat, { ...textContent(first), ...place })
  for (const page of others) last = post(seat, { ...textContent(page), ...samePlace })
  return last
}

/** Cut at the last line break or space that fits, never within a symbol. */
function pagesOf(text: string): string[] {
  const pages: string[] = []
  let rest = text.trim()
  while (rest.length > LONGEST_TEXT) {
    const head = rest.slice(0, LONGEST_TEXT)
    const breakAt = Math.max(head.lastIndexOf('\n'), head.lastIndexOf(' '))
    const whole = head.isWellFormed() ? LONGEST_TEXT : LONGEST_TEXT - 1
    const end = breakAt > LONGEST_TEXT / 2 ? breakAt : whole
    pages.push(rest.slice(0, end))
    rest = rest.slice(end).trimStart()
  }
  return [...pages, rest]
}

function textContent(text: string): Content {
  const parsed = format(text, { parseMode: undefined, entities: undefined }, () => undefined)
  if (parsed.text === '') throw new Error('A message needs a text')
  return { text: parsed.text, ...(parsed.entities.length > 0 ? { entities: parsed.entities } : {}) }
}

function captioned(caption: string | undefined): Content {
  if (caption === undefined || caption.trim() === '') return {}
  const { text, entities } = textContent(caption)
  if ((text ?? '').length > LONGEST_CAPTION) throw new Error(`Подпись длиннее ${LONGEST_CAPTION} знаков`)
  return { caption: text ?? '', ...(entities ? { caption_entities: entities } : {}) }
}

function sendFile(seat: Seat, media: Content, options: FileOptions): VisibleMessage {
  const album = options.albumId === undefined ? {} : { media_group_id: options.albumId }
  return post(seat, { ...media, ...captioned(options.caption), ...album, ...placementOf(seat, options) })
}

/** All parts are stored before the first is sent, so that no other message comes between them. */
async function sendAlbum(seat: Seat, parts: AlbumPart[], options: SendOptions): Promise<VisibleMessage[]> {
  const albumId = newAlbumId()
  const stored: { media: Content; caption: string | undefined }[] = []
  for (const part of parts) stored.push({ media: await storePart(seat, part), caption: part.caption })
  return stored.map(({ media, caption }) =>
    sendFile(seat, media, { ...options, albumId, ...(caption ? { caption } : {}) }),
  )
}

async function storePart({ core }: Seat, part: AlbumPart): Promise<Content> {
  if (part.kind === 'photo') return storePhoto(core.files, part.bytes)
  if (part.kind === 'video') return storeVideo(core.files, part.bytes, { name: part.name })
  return storeDocument(core.files, part.bytes, { name: part.name })
}

function factsOf(options: FileOptions): MediaFacts {
  return { duration: options.duration }
}

function ownContact(person: SandboxPerson): Contact {
  return {
    phone_number: person.phone,
    first_name: person.firstName,
    ...(person.lastName === undefined ? {} : { last_name: person.lastName }),
    user_id: person.id,
  }
}

function foreignContact(other: { phone: string; firstName: string; userId?: number }): Contact {
  return {
    phone_number: other.phone,
    first_name: other.firstName,
    ...(other.userId === undefined ? {} : { user_id: other.userId }),
  }
}

function edit(seat: Seat, ref: MessageRef, text: string): VisibleMessage {
  const { core, room, person } = seat
  const { message } = keptOf(seat, ref)
  if (message.from.id !== person.id) throw new Error(`The message ${message.message_id} is somebody else's`)
  const { entities: _entities, caption_entities: _captioned, ...rest } = message
  const content = message.text === undefined ? captioned(text) : textContent(text)
  const edited: Message = { ...rest, ...content, edit_date: core.world.nowSeconds() }
  core.world.replace(room, edited)
  core.updates.add({ edited_message: edited })
  return see(seat, { message: edited })
}
