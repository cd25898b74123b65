import { visibleLength } from './markup.ts'
import type { Attachment, Screen } from './screen.ts'

/** What one message of a messenger holds: UTF-16 units of text and of a caption after entities, files of an album. */
export type MessageLimits = { text: number; caption: number; album: number }

export const MESSAGE_LIMITS: Record<'telegram', MessageLimits> = { telegram: { text: 4096, caption: 1024, album: 10 } }

/**
 * The messages that show `screen`, in their order: files first, then the text with its buttons, which is always in the last.
 * One file with a text that fits its caption is a single message.
 */
export function messagesOf(screen: Screen, limits: MessageLimits): Screen[] {
  const files = screen.attachments ?? []
  if (files.length === 0) return [screen]
  if (files.length === 1 && visibleLength(screen.text) <= limits.caption) return [screen]
  const { attachments: _, pinned: __, ...words } = screen
  const albums = albumsOf(files, limits.album).map((attachments) => ({ text: '', attachments, ...manners(screen) }))
  if (screen.text === '' && !screen.buttons && !screen.keyboard) return albums
  return [...albums, screen.pinned ? { ...words, pinned: true } : words]
}

/** How a message of `screen` arrives, whatever it holds. */
function manners(screen: Screen): Pick<Screen, 'silent' | 'replyTo'> {
  return {
    ...(screen.silent === undefined ? {} : { silent: screen.silent }),
    ...(screen.replyTo === undefined ? {} : { replyTo: screen.replyTo }),
  }
}

/** Photos and videos go together, documents among themselves, voice notes alone. */
const FAMILY: Record<Attachment['kind'], string> = { photo: 'seen', video: 'seen', document: 'read', voice: 'heard' }

function albumsOf(files: Attachment[], most: number): Attachment[][] {
  const albums: Attachment[][] = []
  for (const file of files) {
    const last = albums.at(-1)
    const joins = last && last.length < most && FAMILY[last[0]!.kind] === FAMILY[file.kind] && file.kind !== 'voice'
    if (joins) last.push(file)
    else albums.push([file])
  }
  return albums
}
