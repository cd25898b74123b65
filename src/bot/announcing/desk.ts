import type { Announcement, DraftProblem } from '../../announcements/announcement.ts'
import { openMeetings, problemsOf } from '../../announcements/announcement.ts'
import { audienceOf } from '../../announcements/audience.ts'
import { seatsOf, tallyOf } from '../../announcements/rsvp.ts'
import { workingCalendar } from '../../calendar/working-calendar.ts'
import type { WorkingHours } from '../../calendar/working-hours.ts'
import { attendedBy, rsvpsOf } from '../../db/announcement-answers.ts'
import { cardsOf, progressOf, recipientsBy } from '../../db/announcement-sending.ts'
import { announcementById } from '../../db/announcements.ts'
import { audienceRegister, groupsOf, type Listed, listedPeople } from '../../db/audiences.ts'
import { type Board, showBoard } from '../../db/boards.ts'
import type { Tx } from '../../db/database.ts'
import { overridesOf } from '../../db/reminders.ts'
import { activityById } from '../../db/roadmaps.ts'
import { visibleLength } from '../../delivery/markup.ts'
import type { Screen } from '../../delivery/screen.ts'
import { MESSAGE_LIMITS } from '../../delivery/split.ts'
import { localDate, Temporal } from '../../kernel/clock.ts'
import type { Municipality } from '../../people/people.ts'
import { messageText, type OwnAnswer } from '../screens/announcement.ts'
import { audienceWords, draftCard, sentCard } from '../screens/announcement-card.ts'
import type { Services } from '../services.ts'
import type { Turn } from '../turn.ts'
import { wordsOf } from '../words.ts'

/** What of a turn the work on announcements needs; a job has it without a person. */
export type Desk = Pick<Turn, 'tx' | 'services' | 'municipality' | 'calendar' | 'now' | 'today' | 'say'>

/** The desk of a job, within a transaction of that municipality. */
export async function deskOf(tx: Tx, services: Services, municipality: Municipality): Promise<Desk> {
  const now = services.now()
  const today = localDate(now, municipality.timezone)
  return {
    tx,
    services,
    municipality,
    now,
    today,
    calendar: workingCalendar(await overridesOf(tx, municipality.id)),
    say: wordsOf(municipality.locale, today, municipality.timezone),
  }
}

/** The hours in which people are written to. */
export function hoursOf({ municipality, calendar }: Desk): WorkingHours {
  return { zone: municipality.timezone, from: municipality.workFrom, to: municipality.workTo, calendar }
}

/** The people whom an announcement's audience names now, as lists show them. */
export async function audiencePeople(desk: Desk, announcement: Announcement): Promise<Listed[]> {
  const register = await audienceRegister(desk.tx, desk.municipality.id)
  const wanted = new Set(audienceOf(announcement.audience, register))
  const people = await listedPeople(desk.tx, desk.municipality.id)
  return people.filter(({ personId }) => wanted.has(personId))
}

/** What keeps a draft from being sent now. */
export function draftProblems(desk: Desk, announcement: Announcement, recipients: number): DraftProblem[] {
  return problemsOf(announcement, {
    now: desk.now,
    recipients,
    length: visibleLength(messageText(desk.say, announcement, desk.municipality.timezone)),
    limit: MESSAGE_LIMITS.telegram.text,
  })
}

/** The card of an announcement as it stands. */
export async function cardOf(desk: Desk, announcement: Announcement): Promise<Screen> {
  return announcement.sentAt === null && announcement.state !== 'cancelled'
    ? draftCardOf(desk, announcement)
    : sentCardOf(desk, announcement)
}

async function draftCardOf(desk: Desk, announcement: Announcement): Promise<Screen> {
  const people = await audiencePeople(desk, announcement)
  const activity = announcement.activityId === null ? null : await activityById(desk.tx, announcement.activityId)
  const groups = await groupsOf(desk.tx, desk.municipality.id)
  return draftCard(desk.say, {
    announcement,
    audience: audienceWords(desk.say, announcement.audience, { groups }),
    recipients: people.length,
    problems: draftProblems(desk, announcement, people.length),
    activityTitle: activity?.title ?? null,
    zone: desk.municipality.timezone,
  })
}

async function sentCardOf(desk: Desk, announcement: Announcement): Promise<Screen> {
  const { tx, now } = desk
  const rsvps = await rsvpsOf(tx, announcement.id)
  const told = await recipientsBy(tx, announcement.id, ['sent'])
  const meetings = openMeetings(announcement)
  const [first] = meetings
  return sentCard(desk.say, {
    announcement,
    progress: await progressOf(tx, announcement.id),
    tally: tallyOf(rsvps, announcement.places, told.length),
    came: (
      await attendedBy(
        tx,
        meetings.map(({ id }) => id),
      )
    ).length,
    started: first !== undefined && Temporal.Instant.compare(first.startsAt, now) <= 0,
    zone: desk.municipality.timezone,
  })
}

/** Where the card of an announcement is kept up to date in a coordinator's chat. */
export function cardBoard(desk: Desk, announcementId: number, reader: { personId: number; chat: string }): Board {
  return {
    municipalityId: desk.municipality.id,
    kind: `announcement:${announcementId}`,
    messenger: 'telegram',
    ...reader,
  }
}

/** Shows the card on its board: edits it in place, or sends a first one. */
export async function showCard(
  desk: Desk,
  announcement: Announcement,
  reader: { personId: number; chat: string },
): Promise<void> {
  await showBoard(desk.tx, desk.services.enqueue, cardBoard(desk, announcement.id, reader), {
    screen: await cardOf(desk, announcement),
    subject: { announcement: announcement.id, live: true },
    lane: 'answer',
    now: desk.now,
  })
}

/** Brings the cards of an announcement up to date wherever coordinators look at them. */
export async function refreshCards(desk: Desk, announcementId: number): Promise<void> {
  const announcement = await announcementById(desk.tx, announcementId)
  if (!announcement) return
  for (const reader of await cardsOf(desk.tx, desk.municipality.id, `announcement:${announcementId}`))
    await showCard(desk, announcement, reader)
}

/** Has the cards brought up to date soon: many changes at once make one edit. */
export async function refreshSoon(desk: Desk, announcementId: number): Promise<void> {
  await desk.services.startJob(desk.tx, {
    queue: 'announcement-card',
    data: { municipalityId: desk.municipality.id, announcementId },
  })
}

/** How a person answered, and where they stand. */
export async function ownAnswer(tx: Tx, announcement: Announcement, personId: number): Promise<OwnAnswer> {
  return (await ownAnswers(tx, announcement))(personId)
}

/** The same for many people at once. */
export async function ownAnswers(tx: Tx, announcement: Announcement): Promise<(personId: number) => OwnAnswer> {
  const rsvps = await rsvpsOf(tx, announcement.id)
  const seats = seatsOf(rsvps, announcement.places)
  return (personId) => {
    const rsvp = rsvps.find((one) => one.personId === personId)
    return rsvp ? { rsvp, seat: seats.get(personId) ?? null } : null
  }
}
