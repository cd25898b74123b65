import { type Instant, Temporal } from '../kernel/clock.ts'
import type { Audience } from './audience.ts'

export const ANNOUNCEMENT_STATES = [
  'draft',
  'scheduled',
  'sending',
  'paused',
  'sent',
  'stopped',
  'cancelled',
  'discarded',
] as const
/** `paused` and `stopped` are sendings that did not reach everybody; `cancelled` is an event that will not take place. */
export type AnnouncementState = (typeof ANNOUNCEMENT_STATES)[number]

/** One date of an announced event. `uid` is its name in people's calendars, `sequence` grows with each change that they are told of. */
export type Meeting = {
  id: number
  position: number
  startsAt: Instant
  endsAt: Instant
  uid: string
  sequence: number
  cancelled: boolean
  /** Shown in the hall, typed by those who came. */
  code: string | null
}

export type AnnouncementFile = {
  id: number
  purpose: 'body' | 'materials'
  kind: 'photo' | 'document' | 'video' | 'voice'
  messengerFileId: string
  fileName: string | null
  mime: string | null
  sha256: string | null
}

/** What a coordinator tells people of. `html` is their text with its formatting; `revision` grows when everybody is asked again. */
export type Announcement = {
  id: number
  municipalityId: number
  authorId: number
  state: AnnouncementState
  title: string
  html: string
  place: string | null
  /** Null: the text does not say, and the coordinator was not asked yet. */
  wantsAnswer: boolean | null
  answerUntil: Instant | null
  places: number | null
  activityId: number | null
  audience: Audience
  revision: number
  sendAt: Instant | null
  /** What the coordinator allowed with an explicit word, see `ALLOWED`. */
  allowed: number
  /** Counts the sendings, each going on after a pause among them. */
  round: number
  asCaption: boolean
  sentAt: Instant | null
  cancelReason: string | null
  meetings: Meeting[]
  files: AnnouncementFile[]
}

/** The explicit words of a coordinator, as bits: the same text again, more than the daily cap, outside working hours; `withoutCapped` leaves out whom the cap holds back. */
export const ALLOWED = { again: 1, overCap: 2, quiet: 4, withoutCapped: 8 } as const

/** The dates that are still on, in their order. */
export function openMeetings(announcement: Pick<Announcement, 'meetings'>): Meeting[] {
  return announcement.meetings
    .filter((meeting) => !meeting.cancelled)
    .sort((left, right) => Temporal.Instant.compare(left.startsAt, right.startsAt))
}

/** Until when answers are taken: the deadline, else the beginning of the first date; null: as long as people like. */
export function answersUntil(announcement: Pick<Announcement, 'meetings' | 'answerUntil'>): Instant | null {
  return announcement.answerUntil ?? openMeetings(announcement)[0]?.startsAt ?? null
}

/** Whether people have been told of it. */
export function wasSent(announcement: Pick<Announcement, 'sentAt'>): boolean {
  return announcement.sentAt !== null
}

export type DraftProblem =
  | { code: 'no-text' }
  | { code: 'no-title' }
  | { code: 'too-long'; cut: number }
  | { code: 'past' }
  | { code: 'deadline-past' }
  | { code: 'deadline-late' }
  | { code: 'answer-unasked' }
  | { code: 'nobody' }

/** UTF-16 units that a recipient's own answer may add to the text of the message. */
export const ROOM_FOR_ANSWER = 200

/**
 * What keeps a draft from being sent, in the order in which a coordinator would mend it. `length` is that of the message as recipients see it, `limit` the
 * messenger's, both in UTF-16 units without markup.
 */
export function problemsOf(
  announcement: Announcement,
  given: { now: Instant; recipients: number; length: number; limit: number },
): DraftProblem[] {
  const { now, recipients, length, limit } = given
  const [first] = openMeetings(announcement)
  const until = announcement.answerUntil
  const cut = length + ROOM_FOR_ANSWER - limit
  const found: (DraftProblem | false)[] = [
    announcement.html.trim() === '' && announcement.files.length === 0 && { code: 'no-text' },
    announcement.title.trim() === '' && { code: 'no-title' },
    cut > 0 && { code: 'too-long', cut },
    first !== undefined && Temporal.Instant.compare(first.startsAt, now) <= 0 && { code: 'past' },
    announcement.wantsAnswer === null && { code: 'answer-unasked' },
    until !== null && Temporal.Instant.compare(until, now) <= 0 && { code: 'deadline-past' },
    until !== null &&
      first !== undefined &&
      Temporal.Instant.compare(until, first.startsAt) > 0 && { code: 'deadline-late' },
    recipients === 0 && { code: 'nobody' },
  ]
  return found.filter((problem): problem is DraftProblem => problem !== false)
}
