import type { CallbackAnswer } from '../core.ts'
import type { VisibleMessage } from '../visible.ts'
import type { SandboxPerson, Standing } from '../world.ts'

/** A message by its number or as it was seen. */
export type MessageRef = number | Pick<VisibleMessage, 'id'>

export type SendOptions = {
  replyTo?: MessageRef
  /** The topic of a forum to write into. */
  topic?: number
}

export type FileOptions = SendOptions & {
  caption?: string
  /** Files sent with the same id are parts of one album. */
  albumId?: string
  /** Seconds, of a voice note or video. */
  duration?: number
}

export type AlbumPart = { kind: 'photo' | 'document' | 'video'; bytes: Buffer; name?: string; caption?: string }

/** A pressed button. */
export type Tap = {
  queryId: string
  /** What the bot answered; null when it did not in time. Rejects after `timeoutMs` of real time. */
  answered(timeoutMs?: number): Promise<CallbackAnswer | null>
}

/** What waitFor looks for: words in the text, a pattern, or any question about the message. */
export type Wanted = string | RegExp | ((message: VisibleMessage) => boolean)

/** One person at their phone, in one chat: the private chat with the bot, or a group. */
export interface PersonInChat {
  readonly person: SandboxPerson
  readonly chatId: number
  /** The same person in another chat. */
  in(chatId: number): PersonInChat
  /** A text longer than Telegram takes goes out as several messages, as its apps do it; gives the last one. */
  send(text: string, options?: SendOptions): Promise<VisibleMessage>
  sendPhoto(bytes: Buffer, caption?: string, options?: FileOptions): Promise<VisibleMessage>
  sendDocument(bytes: Buffer, name: string, options?: FileOptions & { mimeType?: string }): Promise<VisibleMessage>
  sendVoice(bytes: Buffer, options?: FileOptions): Promise<VisibleMessage>
  sendVideo(bytes: Buffer, options?: FileOptions): Promise<VisibleMessage>
  /** Several files as one album; the parts come to the bot as messages of their own, as in Telegram. */
  sendAlbum(parts: AlbumPart[], options?: SendOptions): Promise<VisibleMessage[]>
  /** The person's own number, or another contact: then it carries no or another user id. */
  shareContact(other?: { phone: string; firstName: string; userId?: number }): Promise<VisibleMessage>
  /** Presses the inline button with that label, or that data. Throws where the message has none. */
  tap(message: MessageRef, labelOrData: string | RegExp): Promise<Tap>
  /** Sends button data that the message may not have: what a forged client can do. */
  forgeTap(message: MessageRef, data: string): Promise<Tap>
  /** Presses a button of the keyboard at the bottom. Throws where there is none. */
  press(label: string | RegExp): Promise<VisibleMessage>
  /** Opens `t.me/<bot>?start=…` or `https://t.me/…` and presses «Start». */
  openLink(link: string): Promise<VisibleMessage>
  start(): Promise<VisibleMessage>
  block(): Promise<void>
  unblock(): Promise<void>
  edit(message: MessageRef, text: string): Promise<VisibleMessage>
  /** Sends a message of this chat on: to the bot, or to the chat `to`. */
  forward(message: MessageRef, to?: number): Promise<VisibleMessage>
  /** Puts an emoji under a message; null takes it away. */
  react(message: MessageRef, emoji: string | null): Promise<void>
  /** The messages of the chat, oldest first. */
  messages(): VisibleMessage[]
  /** The last message of the bot. Throws where there is none. */
  last(): VisibleMessage
  message(ref: MessageRef): VisibleMessage | undefined
  /** Labels of the keyboard at the bottom, row by row. */
  keyboard(): string[][]
  readonly standing: Standing
  /**
   * The first message of the bot, there already or coming, that fits and that no earlier `waitFor` of this person in this chat
   * has given; an edit makes a message new again. Rejects after `timeoutMs` of real time and says what was there.
   */
  waitFor(wanted: Wanted, timeoutMs?: number): Promise<VisibleMessage>
  /** Takes all that is there for seen, so that `waitFor` looks only at what comes. */
  skipSeen(): void
}
