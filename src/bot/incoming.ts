import type { Instant } from '../kernel/clock.ts'

/** Where an update comes from: who pressed or wrote, and in which chat, by the messenger's own ids. */
export type IncomingSource = {
  updateId: number
  messenger: 'telegram'
  /** The person's address: their private chat with the bot. */
  account: string
  /** As the messenger shows the person; never trusted, never logged. */
  displayName: string
  languageCode: string | null
  chat: string
  chatKind: 'private' | 'group'
  /** What is known of a group: its title is shown to the coordinator alone, never logged. */
  group?: { title: string; isForum: boolean }
  /** A topic of a forum group. */
  threadId: number | null
  /** The messenger's own time of the event. */
  at: Instant
}

export type IncomingFile = {
  kind: 'photo' | 'document' | 'video' | 'voice'
  /** For downloading; and the messenger's name of the same content, equal in all its messages. */
  messengerFileId: string
  messengerFileKey: string
  fileName: string | null
  mime: string | null
  /** Bytes, where the messenger says it. */
  size: number | null
}

/** An update as the features see it, parsed once at the messenger's edge. Text is as typed, never markup; `html` keeps its formatting, escaped. */
export type Incoming = IncomingSource &
  (
    | { kind: 'start'; messageId: number; token: string | null }
    | { kind: 'command'; messageId: number; command: string; words: string }
    | {
        kind: 'text'
        messageId: number
        text: string
        html: string
        replyTo: number | null
        edited: boolean
        forwarded: boolean
        links: string[]
      }
    | {
        kind: 'file'
        messageId: number
        file: IncomingFile
        caption: string
        captionHtml: string
        album: string | null
        replyTo: number | null
        edited: boolean
        forwarded: boolean
      }
    | { kind: 'contact'; messageId: number; phone: string; own: boolean }
    | { kind: 'tap'; tapId: string; messageId: number; data: string }
    | { kind: 'reachable'; reachable: boolean }
    /** The group has another id from now on. */
    | { kind: 'moved'; to: string }
    | { kind: 'other'; messageId: number; what: string }
  )

/** An update about a message of ours that is in hand: the messenger has shown it, and its number is not noted yet. To be looked at again in a moment. */
export class TooEarly extends Error {}

/** What is done after the commit, at once and without a row: the answer to a tap (within about 15 seconds, once), and «печатает…». */
export type AfterCommit = {
  tapAnswer?: { tapId: string; words?: string; alert?: boolean }
  busy?: boolean
}
