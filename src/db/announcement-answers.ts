import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import type { Meeting } from '../announcements/announcement.ts'
import type { Rsvp } from '../announcements/rsvp.ts'
import type { Instant } from '../kernel/clock.ts'
import type { Tx } from './database.ts'
import { announcementMeetings, attendances, feedbacks, rsvpEvents, rsvps } from './schema/index.ts'

/** The answers as they stand, in the order in which places were asked for. */
export async function rsvpsOf(tx: Tx, announcementId: number): Promise<Rsvp[]> {
  const rows = await tx
    .select()
    .from(rsvps)
    .where(eq(rsvps.announcementId, announcementId))
    .orderBy(asc(rsvps.wantedOrder), asc(rsvps.personId))
  return rows.map(({ personId, answer, deputyName, wantedOrder }) => ({
    personId,
    answer,
    deputyName,
    order: wantedOrder,
  }))
}

/** When each answer was given. */
export async function answeredAt(tx: Tx, announcementId: number): Promise<Map<number, Instant>> {
  const rows = await tx
    .select({ personId: rsvps.personId, at: rsvps.answeredAt })
    .from(rsvps)
    .where(eq(rsvps.announcementId, announcementId))
  return new Map(rows.map(({ personId, at }) => [personId, at]))
}

/** Keeps an answer, and that it was given. */
export async function keepRsvp(
  tx: Tx,
  announcement: { id: number; municipalityId: number; revision: number },
  rsvp: Rsvp,
  at: Instant,
): Promise<void> {
  const row = {
    municipalityId: announcement.municipalityId,
    announcementId: announcement.id,
    personId: rsvp.personId,
    answer: rsvp.answer,
    deputyName: rsvp.deputyName,
    wantedOrder: rsvp.order,
    answeredAt: at,
  }
  await tx
    .insert(rsvps)
    .values(row)
    .onConflictDoUpdate({ target: [rsvps.announcementId, rsvps.personId], set: row })
  await tx.insert(rsvpEvents).values({
    municipalityId: announcement.municipalityId,
    announcementId: announcement.id,
    personId: rsvp.personId,
    revision: announcement.revision,
    answer: rsvp.answer,
    deputyName: rsvp.deputyName,
    at,
  })
}

/** Everybody is asked again: the answers given stay as events. */
export async function forgetRsvps(tx: Tx, announcementId: number): Promise<void> {
  await tx.delete(rsvps).where(eq(rsvps.announcementId, announcementId))
}

/** Who was at which date, by person: the ids of the dates. */
export async function attendanceOf(tx: Tx, announcementId: number): Promise<Map<number, Set<number>>> {
  const rows = await tx
    .select({ meetingId: attendances.meetingId, personId: attendances.personId })
    .from(attendances)
    .where(eq(attendances.announcementId, announcementId))
  const byPerson = Map.groupBy(rows, ({ personId }) => personId)
  return new Map([...byPerson].map(([personId, own]) => [personId, new Set(own.map(({ meetingId }) => meetingId))]))
}

/** Notes that people were at a date; gives how many were not noted before. */
export async function attend(
  tx: Tx,
  of: { municipalityId: number; announcementId: number; meetingId: number },
  personIds: readonly number[],
  how: 'mark' | 'code',
  at: Instant,
): Promise<number> {
  if (personIds.length === 0) return 0
  const fresh = await tx
    .insert(attendances)
    .values(personIds.map((personId) => ({ ...of, personId, how, at })))
    .onConflictDoNothing()
    .returning({ personId: attendances.personId })
  return fresh.length
}

/** Takes a check mark away again. */
export async function unattend(tx: Tx, meetingId: number, personId: number): Promise<void> {
  await tx.delete(attendances).where(and(eq(attendances.meetingId, meetingId), eq(attendances.personId, personId)))
}

/** The dates whose code is open between `from` and `to`, of announcements that this person was told of. */
export async function openCodes(
  tx: Tx,
  personId: number,
  from: Instant,
  to: Instant,
): Promise<(Meeting & { announcementId: number; municipalityId: number })[]> {
  return tx
    .select()
    .from(announcementMeetings)
    .where(
      and(
        sql`${announcementMeetings.code} is not null and not ${announcementMeetings.cancelled}`,
        sql`${announcementMeetings.startsAt} <= ${to.toString()}::timestamptz and ${announcementMeetings.endsAt} >= ${from.toString()}::timestamptz`,
        sql`exists (select from announcement_recipients r where r.announcement_id = ${announcementMeetings.announcementId} and r.person_id = ${personId})`,
      ),
    )
}

/** Whether a code is free in the municipality of the transaction. */
export async function isCodeFree(tx: Tx, code: string): Promise<boolean> {
  const rows = await tx
    .select({ id: announcementMeetings.id })
    .from(announcementMeetings)
    .where(eq(announcementMeetings.code, code))
  return rows.length === 0
}

export type Feedback = { personId: number; score: number; words: string | null }

/** What people think of it. */
export async function feedbackOf(tx: Tx, announcementId: number): Promise<Feedback[]> {
  return tx
    .select({ personId: feedbacks.personId, score: feedbacks.score, words: feedbacks.words })
    .from(feedbacks)
    .where(eq(feedbacks.announcementId, announcementId))
    .orderBy(asc(feedbacks.personId))
}

/** Keeps a person's mark; a later one takes its place. */
export async function keepScore(
  tx: Tx,
  of: { municipalityId: number; announcementId: number; personId: number },
  score: number,
  at: Instant,
): Promise<void> {
  await tx
    .insert(feedbacks)
    .values({ ...of, score, at })
    .onConflictDoUpdate({ target: [feedbacks.announcementId, feedbacks.personId], set: { score, at } })
}

/** Keeps the words of whoever gave a mark. */
export async function keepFeedbackWords(
  tx: Tx,
  of: { announcementId: number; personId: number },
  words: string,
): Promise<void> {
  await tx
    .update(feedbacks)
    .set({ words })
    .where(and(eq(feedbacks.announcementId, of.announcementId), eq(feedbacks.personId, of.personId)))
}

/** How many different people were at one of the dates. */
export async function attendedBy(tx: Tx, meetingIds: readonly number[]): Promise<number[]> {
  if (meetingIds.length === 0) return []
  const rows = await tx
    .selectDistinct({ personId: attendances.personId })
    .from(attendances)
    .where(inArray(attendances.meetingId, [...meetingIds]))
    .orderBy(asc(attendances.personId))
  return rows.map(({ personId }) => personId)
}

/** Every answer that was given, in its order. */
export async function rsvpHistory(tx: Tx, announcementId: number) {
  return tx
    .select({
      personId: rsvpEvents.personId,
      answer: rsvpEvents.answer,
      deputyName: rsvpEvents.deputyName,
      at: rsvpEvents.at,
    })
    .from(rsvpEvents)
    .where(eq(rsvpEvents.announcementId, announcementId))
    .orderBy(asc(rsvpEvents.id))
}
