import { ALLOWED, type Announcement, answersUntil, openMeetings } from '../announcements/announcement.ts'
import { comingOf } from '../announcements/rsvp.ts'
import { dayBefore, isQuiet, silentReminderAt } from '../announcements/times.ts'
import { audiencePeople, type Desk, deskOf, draftProblems, hoursOf, ownAnswers } from '../bot/announcing/desk.ts'
import { beginSending, followSending } from '../bot/announcing/sending.ts'
import { remindSilent } from '../bot/announcing/telling.ts'
import { reminderOf } from '../bot/screens/announcement.ts'
import type { Services } from '../bot/services.ts'
import { messagesTo } from '../bot/turn.ts'
import { secondsOfNightLeft } from '../calendar/night.ts'
import { answeredAt, rsvpsOf } from '../db/announcement-answers.ts'
import { announcementsAhead, announcementsAtWork, noteOnce } from '../db/announcement-sending.ts'
import {
  announcementById,
  changeAnnouncement,
  fileToFetch,
  lockAnnouncement,
  markFileKept,
} from '../db/announcements.ts'
import type { Database } from '../db/database.ts'
import { keepFileRow } from '../db/files.ts'
import { municipalityById } from '../db/people.ts'
import { Temporal } from '../kernel/clock.ts'
import { byDay } from './by-day.ts'
import type { BeforeSend } from './dispatcher.ts'
import type { EvidenceEdge } from './fetch-evidence.ts'

type AnnouncementJob = { municipalityId: number; announcementId: number }

/** Runs `work` at the desk of a municipality, in a transaction of its own. */
async function atDesk<Result>(
  database: Database,
  services: Services,
  municipalityId: number,
  work: (desk: Desk) => Promise<Result>,
): Promise<Result> {
  return database.inMunicipality(municipalityId, async (tx) =>
    work(await deskOf(tx, services, await municipalityById(tx, municipalityId))),
  )
}

/** Brings the cards of one announcement up to date, and comes again while its messages leave. */
export async function followAnnouncement(database: Database, services: Services, job: AnnouncementJob): Promise<void> {
  await atDesk(database, services, job.municipalityId, async (desk) => {
    const goesOn = await followSending(desk, job.announcementId)
    if (goesOn) await services.startJob(desk.tx, { queue: 'announcement-card', data: job })
  })
}

/**
 * A message of an announcement leaves only while its sending goes on: a pause, a stop or a cancellation holds for what is in hand as well. What an outage has carried into the
 * night waits for the morning, unless the coordinator had said that the hour does not matter.
 */
export function onlyWhileSending(services: Pick<Services, 'now'>): BeforeSend {
  const waitForMorning = byDay(services, async () => 'as-is')
  return async (tx, delivery) => {
    const id = delivery.subject.announcement
    if (id === undefined) return 'as-is'
    const announcement = await announcementById(tx, id)
    if (!announcement || !['sending', 'sent'].includes(announcement.state)) return 'cancel'
    return (announcement.allowed & ALLOWED.quiet) > 0 ? 'as-is' : waitForMorning(tx, delivery)
  }
}

/** Fetches a file of an announcement into the store, so that it outlives the messenger's. One that is gone stays as it was sent. */
export async function fetchAnnouncementFile(
  database: Database,
  services: Services,
  edge: EvidenceEdge,
  job: { municipalityId: number; fileId: number },
): Promise<void> {
  const { municipalityId, fileId } = job
  const file = await database.inMunicipality(municipalityId, (tx) => fileToFetch(tx, fileId))
  if (!file) return
  const fetched = await edge.fetch({ municipalityId, messengerFileId: file.messengerFileId, fileName: file.fileName })
  if (fetched.kind !== 'kept') return
  await database.inMunicipality(municipalityId, async (tx) => {
    await keepFileRow(tx, { municipalityId, ...fetched, at: services.now() })
    await markFileKept(tx, fileId, fetched.sha256)
  })
}

/**
 * The minute's tick: sends what is due, follows what is under way, reminds those who come and those who are silent. Each announcement in a transaction of its own:
 * one that fails keeps nobody else from hearing, and the failure is thrown when all are done.
 */
export async function workOnAnnouncements(database: Database, services: Services): Promise<void> {
  const now = services.now()
  const failures: unknown[] = []
  const apart = async (municipalityId: number, work: (desk: Desk) => Promise<unknown>): Promise<void> => {
    await atDesk(database, services, municipalityId, work).catch((failure: unknown) => failures.push(failure))
  }
  for (const { id, state, municipalityId } of await database.asSystem((tx) => announcementsAtWork(tx, now)))
    await apart(municipalityId, (desk) => (state === 'scheduled' ? sendScheduled(desk, id) : followSending(desk, id)))
  for (const { id, municipalityId } of await database.asSystem((tx) => announcementsAhead(tx, now)))
    await apart(municipalityId, (desk) => remindOf(desk, id))
  if (failures.length > 0) throw failures[0]
}

/** Sends an announcement whose time has come, in working hours; one that cannot be sent any more goes back to the drafts, and its author hears of it. */
async function sendScheduled(desk: Desk, id: number): Promise<void> {
  const announcement = await lockAnnouncement(desk.tx, id)
  if (announcement?.state !== 'scheduled' || isQuiet(desk.now, hoursOf(desk))) return
  const people = await audiencePeople(desk, announcement)
  if (draftProblems(desk, announcement, people.length).length === 0)
    return beginSending(desk, announcement, people, announcement.allowed)
  await changeAnnouncement(desk.tx, id, { state: 'draft', sendAt: null }, desk.now)
  const text = desk.say('announcement.card.missed', { title: announcement.title })
  await desk.services.enqueue(
    desk.tx,
    await messagesTo(
      desk.tx,
      desk.municipality.id,
      [announcement.authorId],
      { text },
      { reason: 'announcement-missed' },
    ),
  )
}

async function remindOf(desk: Desk, id: number): Promise<void> {
  const announcement = await lockAnnouncement(desk.tx, id)
  if (!announcement || announcement.state === 'cancelled') return
  await remindComing(desk, announcement)
  await remindSilentInTime(desk, announcement)
}

type Kind = 'dayBefore' | 'hourBefore'

/** The day before and an hour before, to those who have a place and had it when the reminder was due. One that was missed by day does not come by night. */
async function remindComing(desk: Desk, announcement: Announcement): Promise<void> {
  const coming = comingOf(await rsvpsOf(desk.tx, announcement.id), announcement.places)
  if (coming.length === 0) return
  for (const meeting of openMeetings(announcement)) {
    const dues: Record<Kind, Temporal.Instant> = {
      dayBefore: dayBefore(meeting.startsAt, desk.municipality.reminderSlot, hoursOf(desk)),
      hourBefore: meeting.startsAt.subtract({ hours: 1 }),
    }
    const isOver = Temporal.Instant.compare(desk.now, meeting.startsAt) >= 0
    const kind: Kind = Temporal.Instant.compare(desk.now, dues.hourBefore) >= 0 ? 'hourBefore' : 'dayBefore'
    if (isOver || Temporal.Instant.compare(desk.now, dues[kind]) < 0) continue
    if (kind === 'dayBefore' && secondsOfNightLeft(desk.now, desk.municipality.timezone) > 0) continue
    await remindOfMeeting(desk, announcement, { kind, meeting, due: dues[kind], coming })
  }
}

async function remindOfMeeting(
  desk: Desk,
  announcement: Announcement,
  given: { kind: Kind; meeting: Announcement['meetings'][number]; due: Temporal.Instant; coming: number[] },
): Promise<void> {
  const { kind, meeting, due, coming } = given
  const since = await answeredAt(desk.tx, announcement.id)
  const knew = coming.filter((personId) => Temporal.Instant.compare(since.get(personId) ?? due, due) <= 0)
  const what = `${kind}:${meeting.id}:${meeting.sequence}`
  const own = await ownAnswers(desk.tx, announcement)
  for (const personId of await noteOnce(desk.tx, announcement, knew, what, desk.now)) {
    const screen = reminderOf(desk.say, announcement, {
      kind,
      meeting,
      own: own(personId),
      today: desk.today,
      zone: desk.municipality.timezone,
    })
    const options = {
      reason: 'announcement-reminder',
      lane: 'reminder' as const,
      subject: { announcement: announcement.id },
    }
    await desk.services.enqueue(desk.tx, await messagesTo(desk.tx, desk.municipality.id, [personId], screen, options))
  }
}

/** By itself, two working days before the deadline, where the announcement had been out by then. */
async function remindSilentInTime(desk: Desk, announcement: Announcement): Promise<void> {
  const until = answersUntil(announcement)
  if (!until || !announcement.sentAt || isQuiet(desk.now, hoursOf(desk))) return
  const due = silentReminderAt(until, desk.municipality.reminderSlot, hoursOf(desk))
  const isDue = Temporal.Instant.compare(desk.now, due) >= 0 && Temporal.Instant.compare(desk.now, until) < 0
  if (!isDue || Temporal.Instant.compare(announcement.sentAt, due) >= 0) return
  await remindSilent(desk, announcement, `auto:${announcement.revision}`)
}
