import { type Instant, Temporal } from '../kernel/clock.ts'
import type { Core } from './core.ts'
import type { FileKind } from './files.ts'
import { mediaOf } from './media.ts'
import type { ButtonStyle, Message } from './telegram.ts'
import type { KeptMessage } from './world.ts'

export type VisibleButton = { label: string; data: string | null; url: string | null; style: ButtonStyle | null }

export type VisibleFile = {
  kind: FileKind
  name: string | null
  mimeType: string | null
  size: number
  bytes(): Promise<Buffer>
}

/** A message as a person sees it in the chat. */
export type VisibleMessage = {
  id: number
  /** Who wrote it: the bot, the person who looks, or somebody else of the group. */
  from: 'bot' | 'me' | 'other'
  /** The text, or the caption of a file; '' where there is neither. */
  text: string
  date: Instant
  isEdited: boolean
  isPinned: boolean
  /** Rows of inline buttons. */
  buttons: VisibleButton[][]
  file: VisibleFile | null
  albumId: string | null
  replyTo: number | null
  topic: number | null
  reactions: string[]
  /** The Bot API's own object. */
  raw: Message
}

/** The message as `personId` sees it. */
export function visibleMessage(core: Core, kept: KeptMessage, personId: number): VisibleMessage {
  const { message } = kept
  const room = core.world.rooms.get(message.chat.id)
  return {
    id: message.message_id,
    from: message.from.id === core.world.bot.id ? 'bot' : message.from.id === personId ? 'me' : 'other',
    text: message.text ?? message.caption ?? '',
    date: Temporal.Instant.fromEpochMilliseconds(message.date * 1000),
    isEdited: message.edit_date !== undefined,
    isPinned: room?.pinned.includes(message.message_id) ?? false,
    buttons: buttonsOf(message),
    file: fileOf(core, message),
    albumId: message.media_group_id ?? null,
    replyTo: message.reply_to_message?.message_id ?? null,
    topic: message.message_thread_id ?? null,
    reactions: Object.values(kept.reactions ?? {}),
    raw: message,
  }
}

function buttonsOf(message: Message): VisibleButton[][] {
  const rows = message.reply_markup?.inline_keyboard ?? []
  return rows.map((row) =>
    row.map(({ text, callback_data: data, url, style }) => ({
      label: text,
      data: data ?? null,
      url: url ?? null,
      style: style ?? null,
    })),
  )
}

function fileOf(core: Core, message: Message): VisibleFile | null {
  const media = mediaOf(message)
  const file = media && core.files.byId(media.fileId)
  if (!media || !file) return null
  const { name, mimeType, size } = file
  const shown = message.document?.file_name ?? name
  return {
    kind: media.kind,
    name: media.kind === 'photo' ? null : shown,
    mimeType,
    size,
    bytes: () => core.files.bytes(file),
  }
}
