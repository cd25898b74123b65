import { createHash } from 'node:crypto'
import { ALLOWED, type Announcement, ROOM_FOR_ANSWER } from '../../announcements/announcement.ts'
import {
  addRecipients,
  cappedOf,
  holdDeliveries,
  releaseHeld,
  sameSentSince,
  settleOutcomes,
  tieDeliveries,
  waitingRecipients,
} from '../../db/announcement-sending.ts'
import { announcementById, changeAnnouncement, lockAnnouncement } from '../../db/announcements.ts'
import type { Listed } from '../../db/audiences.ts'
import { announceDeliveries } from '../../db/database.ts'
import { enqueueBroadcast } from '../../db/deliveries.ts'
import { visibleLength } from '../../delivery/markup.ts'
import { MESSAGE_LIMITS } from '../../delivery/split.ts'
import type { Instant } from '../../kernel/clock.ts'
import { attachmentsOf, messageScreen, messageText } from '../screens/announcement.ts'
import { type Desk, refreshCards, refreshSoon } from './desk.ts'

/** The same text to the same people within this time is asked about. Minutes. */
const SAME_TEXT_MINUTES = 10

/** What the messages of an announcement are queued as: a pause finds them by it, and looks once more just before each leaves. */
export const ANNOUNCEMENT = 'announcement'

/** The fingerprint of what people are told. */
export function contentKeyOf(announcement: Announcement): string {
  const { title, html, place, meetings, files } = announcement
  const facts = [
    title,
    html,
    place,
    meetings.map(({ startsAt }) => startsAt.toString()),
    files.map((file) => file.fileName),
  ]
  return createHash('sha256').update(JSON.stringify(facts)).digest('base64url')
}

/** When the same went to some of `people` a short while ago; null where it did not. */
export async function sentAlready(
  desk: Desk,
  announcement: Announcement,
  people: readonly Listed[],
): Promise<Instant | null> {
  return sameSentSince(desk.tx, {
    municipalityId: desk.municipality.id,
    contentKey: contentKeyOf(announcement),
    since: desk.now.subtract({ minutes: SAME_TEXT_MINUTES }),
    personIds: people.map(({ personId }) => personId),
    except: announcement.id,
  })
}

/** The ids of those whom the daily cap holds back. */
export async function cappedAmong(
  desk: Desk,
  announcement: Announcement,
  people: readonly Listed[],
): Promise<number[]> {
  return cappedOf(desk.tx, {
    personIds: people.map(({ personId }) => personId),
    today: desk.today,
    zone: desk.municipality.timezone,
    cap: desk.municipality.announcementsPerDay,
    except: announcement.id,
  })
}

/** Begins the sending of a locked draft to `people`: its state, its recipients and their messages in one transaction. */
export async function beginSending(
  desk: Desk,
  announcement: Announcement,
  people: readonly Listed[],
  allowed: number,
): Promise<void> {
  const capped = (allowed & ALLOWED.overCap) > 0 ? [] : await cappedAmong(desk, announcement, people)
  const length = visibleLength(messageText(desk.say, announcement, desk.municipality.timezone))
  await changeAnnouncement(
    desk.tx,
    announcement.id,
    {
      state: 'sending',
      sentAt: desk.now,
      sendAt: null,
      allowed,
      contentKey: contentKeyOf(announcement),
      asCaption: announcement.files.length === 1 && length + ROOM_FOR_ANSWER <= MESSAGE_LIMITS.telegram.caption,
    },
    desk.now,
  )
  await addRecipients(
    desk.tx,
    announcement,
    people.map(({ personId, chat }) => ({
      personId,
      chat,
      outcome: chat === null ? 'unreachable' : capped.includes(personId) ? 'capped' : null,
    })),
  )
  await sendToWaiting(desk, announcement.id)
}

/** Queues the message for every recipient who waits for one. Each round has keys of its own, so that a round twice is a round once. */
export async function sendToWaiting(desk: Desk, announcementId: number): Promise<void> {
  const announcement = await announcementById(desk.tx, announcementId)
  if (!announcement) return
  const round = announcement.round + 1
  await changeAnnouncement(desk.tx, announcementId, { round }, desk.now)
  const to = await waitingRecipients(desk.tx, announcementId)
  const onceKey = `announcement:${announcementId}:${round}`
  const common = {
    municipalityId: desk.municipality.id,
    messenger: 'telegram' as const,
    lane: 'broadcast' as const,
    reason: ANNOUNCEMENT,
    subject: { announcement: announcementId },
    to,
  }
  const screen = messageScreen(desk.say, announcement, desk.municipality.timezone)
  const attachments = attachmentsOf(announcement.files)
  if (to.length > 0) {
    if (attachments.length > 0 && !announcement.asCaption)
      await enqueueBroadcast(desk.tx, {
        ...common,
        content: { do: 'send', screen: { text: '', attachments } },
        onceKey: `${onceKey}:files`,
      })
    await enqueueBroadcast(desk.tx, {
      ...common,
      content: { do: 'send', screen: announcement.asCaption ? { ...screen, attachments } : screen },
      onceKey,
    })
    await tieDeliveries(desk.tx, announcementId, onceKey)
  }
  await refreshSoon(desk, announcementId)
}

/** Takes back what has not left yet; a message in hand is looked at once more before it leaves. */
export async function holdBack(desk: Desk, announcement: Announcement): Promise<void> {
  await holdDeliveries(desk.tx, desk.municipality.id, announcement.id)
  await settleOutcomes(desk.tx, announcement.id)
}

/** Sends on to those whom a pause kept back, or whom the cap kept back and the coordinator allows now. */
export async function sendOn(desk: Desk, announcement: Announcement, whom: 'held' | 'capped'): Promise<number> {
  const released = await releaseHeld(desk.tx, announcement.id, whom)
  await changeAnnouncement(desk.tx, announcement.id, { state: 'sending' }, desk.now)
  await sendToWaiting(desk, announcement.id)
  return released
}

/**
 * Looks how far a sending is: what was held back by mistake of timing goes on, a finished one is closed, the cards are brought up to date. Gives whether messages
 * are still under way.
 */
export async function followSending(desk: Desk, announcementId: number): Promise<boolean> {
  const announcement = await lockAnnouncement(desk.tx, announcementId)
  if (!announcement) return false
  const { waiting, held } = await settleOutcomes(desk.tx, announcementId)
  if (announcement.state === 'sending' && held > 0) await sendOn(desk, announcement, 'held')
  if (announcement.state === 'sending' && held === 0 && waiting === 0)
    await changeAnnouncement(desk.tx, announcementId, { state: 'sent' }, desk.now)
  await refreshCards(desk, announcementId)
  announceDeliveries(desk.tx)
  return waiting > 0
}
