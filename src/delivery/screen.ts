/**
 * A screen is a value: what a person is shown, free of any messenger. The messenger's edge renders it and knows its limits.
 * Text is a small HTML of `<b> <i> <u> <s> <code> <pre> <a href> <blockquote>`; everything that comes from people is escaped in it (`escapeHtml`).
 */
export type Screen = {
  text: string
  /** Rows of buttons under the message. */
  buttons?: Button[][]
  /** The keyboard in place of the person's own: the main menu, or a request for their phone number; `none` takes it away. */
  keyboard?: Keyboard | 'none'
  attachments?: Attachment[]
  /** Delivered without a sound. */
  silent?: boolean
  /** Pinned in the chat once sent. */
  pinned?: boolean
  /** The person's message that this one answers. */
  replyTo?: number
}

/** `good` is green, `bad` red, `main` blue, where the messenger can. `action` is what comes back when it is pressed: at most 64 bytes, never trusted. */
export type Button = { label: string; tone?: 'good' | 'bad' | 'main' } & ({ action: string } | { url: string })

export type Keyboard = { rows: KeyboardKey[][]; placeholder?: string }
export type KeyboardKey = { label: string; asks?: 'phone' }

/** A file that we keep: by its content, of one municipality; `messengerFileId` spares the upload where the messenger has it already. Or bytes made on the spot (a chart, an .ics), kept in the store as well. */
export type Attachment = {
  kind: 'photo' | 'document' | 'video' | 'voice'
  sha256: string
  fileName: string
  mime: string
  messengerFileId?: string
}

const HTML_ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** `words` of a person made safe for a screen's text: shown as typed. */
export function escapeHtml(words: string): string {
  return words.replace(/[&<>"]/g, (sign) => HTML_ESCAPES[sign] ?? sign)
}
