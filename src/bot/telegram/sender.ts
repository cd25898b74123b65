import type { Readable } from 'node:stream'
import type { ClaimedDelivery } from '../../delivery/decide.ts'
import type { DeliveryContent, SendOutcome } from '../../delivery/delivery.ts'
import type { Attachment, Screen } from '../../delivery/screen.ts'
import type { BotApi, CallResult } from './api.ts'
import { type CallFailure, isCaption, isGone, isTopicGone, outcomeOf } from './outcome.ts'
import {
  type ApiCall,
  chatId,
  type Media,
  renderCaptionEdit,
  renderDelete,
  renderEdit,
  renderMessage,
  renderTopic,
} from './render.ts'

/** Gives the bytes of a kept file; null where it is not there (any more). */
export type OpenFile = (municipalityId: number, sha256: string) => Promise<Readable | null>

export type Sender = {
  /** Carries out one delivery. Every failure is a value; at most a few calls, each of at most 15 s. */
  send(delivery: ClaimedDelivery): Promise<SendOutcome>
  /** Ends the waiting of whoever pressed a button, with a line or an alert. What goes wrong is of no consequence. */
  answerTap(tapId: string, words?: string, alert?: boolean): Promise<void>
  /** «печатает…» */
  showBusy(chat: string): Promise<void>
}

const LONGEST_TAP_ANSWER = 200
/** What a cut leaves of a character beyond the basic plane: Telegram refuses the whole answer for it. */
const HALF_A_SIGN = /[\ud800-\udbff]$/

/** The way out to Telegram over `api`; `openFile` finds what a screen attaches. */
export function telegramSender(api: BotApi, openFile: OpenFile): Sender {
  const widen = widerRefusals()
  return {
    send: async (delivery) => widen(delivery.chat, await carryOut(api, openFile, delivery)),
    answerTap: async (tapId, words, alert) => {
      const text =
        words && [...words].slice(0, LONGEST_TAP_ANSWER).join('').slice(0, LONGEST_TAP_ANSWER).replace(HALF_A_SIGN, '')
      await api.call('answerCallbackQuery', {
        callback_query_id: tapId,
        ...(text ? { text } : {}),
        ...(alert ? { show_alert: true } : {}),
      })
    },
    showBusy: async (chat) => {
      await api.call('sendChatAction', { chat_id: chatId(chat), action: 'typing' })
    },
  }
}

async function carryOut(api: BotApi, openFile: OpenFile, delivery: ClaimedDelivery): Promise<SendOutcome> {
  const { content, chat, targetMessageId } = delivery
  if (content.do === 'send') return sendNew(api, openFile, delivery, content.screen, targetMessageId)
  if (content.do === 'open-topic') return toOutcome(await callOf(api, renderTopic(chat, content.name)), null)
  if (content.do === 'delete') {
    if (targetMessageId === null) return { kind: 'sent', messageId: null }
    return toOutcome(await callOf(api, renderDelete(chat, targetMessageId)), targetMessageId)
  }
  return edit(api, openFile, delivery, content)
}

async function sendNew(
  api: BotApi,
  openFile: OpenFile,
  delivery: ClaimedDelivery,
  screen: Screen,
  topic: number | null = null,
): Promise<SendOutcome> {
  const media = await mediaOf(openFile, delivery.municipalityId, screen.attachments ?? [])
  if (media === null) return { kind: 'failed', cause: 'an attached file is not in the store', retry: false }
  const result = await callOf(api, renderMessage(screen, delivery.chat, media, topic))
  if (topic !== null && !result.ok && isTopicGone(result.failure)) return sendNew(api, openFile, delivery, screen, null)
  const outcome = toOutcome(result, null)
  if (screen.pinned && outcome.kind === 'sent' && outcome.messageId !== null) {
    const pin = { chat_id: chatId(delivery.chat), message_id: outcome.messageId, disable_notification: true }
    await api.call('pinChatMessage', pin)
  }
  return outcome
}

async function edit(
  api: BotApi,
  openFile: OpenFile,
  delivery: ClaimedDelivery,
  content: DeliveryContent & { do: 'edit' },
): Promise<SendOutcome> {
  const { chat, targetMessageId } = delivery
  const anew = () => sendNew(api, openFile, delivery, content.screen)
  if (targetMessageId === null) {
    return content.sendAnewIfGone
      ? anew()
      : { kind: 'failed', cause: 'the message to edit was never sent', retry: false }
  }
  let result = await callOf(api, renderEdit(content.screen, chat, targetMessageId))
  if (!result.ok && isCaption(result.failure)) {
    result = await callOf(api, renderCaptionEdit(content.screen, chat, targetMessageId))
  }
  if (!result.ok && isGone(result.failure) && content.sendAnewIfGone) return anew()
  return toOutcome(result, targetMessageId)
}

function callOf(api: BotApi, { method, payload }: ApiCall): Promise<CallResult> {
  return api.call(method, payload)
}

async function mediaOf(
  openFile: OpenFile,
  municipalityId: number | null,
  files: Attachment[],
): Promise<Media[] | null> {
  const media: Media[] = []
  for (const file of files) {
    if (file.messengerFileId) {
      media.push(file.messengerFileId)
      continue
    }
    const source = municipalityId === null ? null : await openFile(municipalityId, file.sha256)
    if (!source) return null
    media.push({ source, filename: file.fileName })
  }
  return media
}

/** Every method that sends gives the message, or the album's messages; edits give it or `true`; a topic is known by its first message. */
function toOutcome(result: CallResult, messageId: number | null): SendOutcome {
  if (!result.ok) return outcomeOf(result.failure satisfies CallFailure, messageId)
  const first = (Array.isArray(result.result) ? result.result[0] : result.result) as {
    message_id?: number
    message_thread_id?: number
  } | null
  const id = first?.message_id ?? first?.message_thread_id
  return { kind: 'sent', messageId: id ?? messageId }
}

/**
 * Telegram does not say whether «Too Many Requests» is meant for one chat or for the whole bot. Refusals of two chats whose waiting times overlap
 * are taken for the whole bot.
 */
function widerRefusals(): (chat: string, outcome: SendOutcome) => SendOutcome {
  let last: { chat: string; until: number } | null = null
  return (chat, outcome) => {
    if (outcome.kind !== 'later') return outcome
    const now = performance.now()
    const wider = last !== null && last.chat !== chat && last.until > now
    last = { chat, until: now + outcome.retryAfterSeconds * 1000 }
    return wider ? { ...outcome, scope: 'all' } : outcome
  }
}
