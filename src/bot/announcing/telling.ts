import { type Announcement, type Meeting, openMeetings } from '../../announcements/announcement.ts'
import { rsvpsOf } from '../../db/announcement-answers.ts'
import { holdDeliveries, noteOnce, releaseHeld, settleOutcomes, toldOf } from '../../db/announcement-sending.ts'
import type { Attachment, Screen } from '../../delivery/screen.ts'
import { messageScreen, silentScreen } from '../screens/announcement.ts'
import { messagesTo } from '../turn.ts'
import { type Desk, ownAnswers } from './desk.ts'
import { sendToWaiting } from './sending.ts'

/** Sends a screen to people about an announcement; to many behind all answers. */
export async function tellAbout(
  desk: Desk,
  announcement: Announcement,
  personIds: readonly number[],
  screen: Screen,
  reason: string,
): Promise<void> {
  const lane = personIds.length > 1 ? ('broadcast' as const) : ('answer' as const)
  const options = { reason, lane, subject: { announcement: announcement.id } }
  await desk.services.enqueue(desk.tx, await messagesTo(desk.tx, desk.municipality.id, personIds, screen, options))
}

/** Asks again, once for each `what`, everybody who was told and has not answered; gives how many. */
export async function remindSilent(desk: Desk, announcement: Announcement, what: string): Promise<number> {
  const silent = await silentOf(desk, announcement)
  const byHand = `nudge:${desk.today}`
  const fresh = await noteOnce(desk.tx, announcement, silent, byHand, desk.now)
  const asked = what === byHand ? fresh : await noteOnce(desk.tx, announcement, fresh, what, desk.now)
  await tellAbout(
    desk,
    announcement,
    asked,
    silentScreen(desk.say, announcement, desk.municipality.timezone),
    'announcement-silent',
  )
  return asked.length
}

/** Those who were told and have not answered. */
export async function silentOf(desk: Desk, announcement: Announcement): Promise<number[]> {
  const answered = new Set((await rsvpsOf(desk.tx, announcement.id)).map(({ personId }) => personId))
  const told = await toldOf(desk.tx, announcement.id)
  return told.map(({ personId }) => personId).filter((personId) => !answered.has(personId))
}

/** Puts the announcement as it is now into the messages that were sent, and sends what had not left yet with the new words. Gives how many messages were mended. */
export async function mendMessages(desk: Desk, announcement: Announcement): Promise<number> {
  const { tx, say, municipality } = desk
  if (announcement.state === 'sending') {
    await holdDeliveries(tx, municipality.id, announcement.id)
    await settleOutcomes(tx, announcement.id)
    await releaseHeld(tx, announcement.id, 'held')
  }
  const own = await ownAnswers(tx, announcement)
  const told = (await toldOf(tx, announcement.id)).filter(({ deliveryId }) => deliveryId !== null)
  await desk.services.enqueue(
    tx,
    told.map(({ personId, chat, deliveryId }) => ({
      municipalityId: municipality.id,
      personId,
      messenger: 'telegram' as const,
      chat,
      lane: 'broadcast' as const,
      reason: 'announcement-edit',
      content: {
        do: 'edit' as const,
        target: { deliveryId: deliveryId ?? 0 },
        screen: messageScreen(say, announcement, municipality.timezone, own(personId)),
      },
      subject: { announcement: announcement.id },
    })),
  )
  if (announcement.state === 'sending') await sendToWaiting(desk, announcement.id)
  return told.length
}

/** The .ics file of an announced event, kept as a file of the municipality: its dates, or that `meetings` are off. */
export async function calendarFile(
  desk: Desk,
  announcement: Announcement,
  given: { method: 'PUBLISH' | 'CANCEL'; meetings: readonly Meeting[] },
): Promise<Attachment> {
  const { eventCalendar } = await import('../../documents/write/event-calendar.ts')
  const { title, place } = announcement
  const several = openMeetings(announcement).length > 1
  const events = given.meetings.map((meeting) => ({
    uid: meeting.uid,
    sequence: meeting.sequence,
    title: several ? `${title} (${meeting.position + 1})` : title,
    starts: meeting.startsAt,
    ends: meeting.endsAt,
    changedAt: desk.now,
    ...(place ? { place } : {}),
    ...(given.method === 'PUBLISH' ? { remindMinutesBefore: [60] } : {}),
  }))
  return desk.services.keepFile(desk.tx, {
    municipalityId: desk.municipality.id,
    bytes: Buffer.from(eventCalendar(events, given.method), 'utf8'),
    fileName: `${desk.say.plain('announcement.reply.icsName')}.ics`,
    mime: 'text/calendar',
    kind: 'document',
  })
}

type CalendarWords = 'announcement.reply.ics' | 'announcement.change.icsMoved'

/** Sends the calendar file to those who come, once for each change of the dates. */
export async function sendCalendarTo(
  desk: Desk,
  announcement: Announcement,
  personIds: readonly number[],
  words: CalendarWords = 'announcement.reply.ics',
): Promise<void> {
  const meetings = openMeetings(announcement)
  if (meetings.length === 0) return
  const version = meetings.map(({ id, sequence }) => `${id}.${sequence}`).join(',')
  const fresh = await noteOnce(desk.tx, announcement, personIds, `ics:${version}`, desk.now)
  if (fresh.length === 0) return
  const attachment = await calendarFile(desk, announcement, { method: 'PUBLISH', meetings })
  const text = desk.say(words, { title: announcement.title })
  await tellAbout(desk, announcement, fresh, { text, attachments: [attachment] }, 'announcement-ics')
}
