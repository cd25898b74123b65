import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm'
import type { Announcement, AnnouncementFile, Meeting } from '../announcements/announcement.ts'
import type { Audience } from '../announcements/audience.ts'
import type { MeetingSpan } from '../announcements/corrections.ts'
import type { Instant } from '../kernel/clock.ts'
import type { Tx } from './database.ts'
import { announcementFiles, announcementMeetings, announcementRecipients, announcements } from './schema/index.ts'

type Row = typeof announcements.$inferSelect

/** A new draft; gives its id. */
export async function createAnnouncement(
  tx: Tx,
  given: Pick<Row, 'municipalityId' | 'authorId' | 'title' | 'html' | 'place' | 'wantsAnswer' | 'answerUntil'> & {
    places: number | null
    audience: Audience
    activityId: number | null
    album: string | null
    now: Instant
  },
): Promise<number> {
  const { now, ...values } = given
  const [row] = await tx
    .insert(announcements)
    .values({ ...values, createdAt: now, updatedAt: now })
    .returning({ id: announcements.id })
  if (!row) throw new Error('no announcement was made')
  return row.id
}

/** The announcement with this id, in the transaction's municipality; null where there is none. */
export async function announcementById(tx: Tx, id: number): Promise<Announcement | null> {
  const [row] = await tx.select().from(announcements).where(eq(announcements.id, id))
  return row ? withParts(tx, row) : null
}

/** The same, locked until the transaction ends: what changes it takes turns. */
export async function lockAnnouncement(tx: Tx, id: number): Promise<Announcement | null> {
  const [row] = await tx.select().from(announcements).where(eq(announcements.id, id)).for('update')
  return row ? withParts(tx, row) : null
}

async function withParts(tx: Tx, row: Row): Promise<Announcement> {
  return { ...row, meetings: await meetingsOf(tx, row.id), files: await filesOf(tx, row.id) }
}

async function meetingsOf(tx: Tx, id: number): Promise<Meeting[]> {
  return tx
    .select()
    .from(announcementMeetings)
    .where(eq(announcementMeetings.announcementId, id))
    .orderBy(asc(announcementMeetings.startsAt))
}

async function filesOf(tx: Tx, id: number): Promise<AnnouncementFile[]> {
  return tx
    .select()
    .from(announcementFiles)
    .where(and(eq(announcementFiles.announcementId, id), eq(announcementFiles.purpose, 'body')))
    .orderBy(asc(announcementFiles.id))
}

export type AnnouncementPatch = Partial<Omit<typeof announcements.$inferInsert, 'id' | 'municipalityId'>>

/** Changes columns of an announcement. */
export async function changeAnnouncement(tx: Tx, id: number, patch: AnnouncementPatch, now: Instant): Promise<void> {
  await tx
    .update(announcements)
    .set({ ...patch, updatedAt: now })
    .where(eq(announcements.id, id))
}

/** A line of the list. */
export type AnnouncementLine = Pick<Row, 'id' | 'title' | 'state' | 'sentAt' | 'sendAt' | 'updatedAt'> & {
  startsAt: Instant | null
}

/** The municipality's announcements, the latest changed first; drafts or those that were sent. */
export async function announcementsOf(
  tx: Tx,
  municipalityId: number,
  states: Row['state'][],
  most: number,
): Promise<AnnouncementLine[]> {
  return tx
    .select({
      id: announcements.id,
      title: announcements.title,
      state: announcements.state,
      sentAt: announcements.sentAt,
      sendAt: announcements.sendAt,
      updatedAt: announcements.updatedAt,
      startsAt:
        sql<Instant | null>`(select min(m.starts_at) from announcement_meetings m where m.announcement_id = ${announcements.id} and not m.cancelled)`.mapWith(
          announcementMeetings.startsAt,
        ),
    })
    .from(announcements)
    .where(and(eq(announcements.municipalityId, municipalityId), inArray(announcements.state, states)))
    .orderBy(desc(announcements.updatedAt), desc(announcements.id))
    .limit(most)
}

/** Makes `spans` the dates of an announcement that nobody was told of yet. */
export async function setMeetings(
  tx: Tx,
  announcement: Pick<Announcement, 'id' | 'municipalityId'>,
  spans: readonly MeetingSpan[],
): Promise<void> {
  await tx.delete(announcementMeetings).where(eq(announcementMeetings.announcementId, announcement.id))
  await addMeetings(tx, announcement, spans, 0)
}

/** Adds dates behind the others. */
export async function addMeetings(
  tx: Tx,
  announcement: Pick<Announcement, 'id' | 'municipalityId'>,
  spans: readonly MeetingSpan[],
  from: number,
): Promise<void> {
  if (spans.length === 0) return
  await tx.insert(announcementMeetings).values(
    spans.map((span, index) => ({
      municipalityId: announcement.municipalityId,
      announcementId: announcement.id,
      position: from + index,
      ...span,
      uid: `${globalThis.crypto.randomUUID()}@sovet`,
    })),
  )
}

/** Keeps a date as it is now. */
export async function keepMeeting(tx: Tx, meeting: Meeting): Promise<void> {
  const { startsAt, endsAt, sequence, cancelled, code } = meeting
  await tx
    .update(announcementMeetings)
    .set({ startsAt, endsAt, sequence, cancelled, code })
    .where(eq(announcementMeetings.id, meeting.id))
}

export type NewAnnouncementFile = Omit<typeof announcementFiles.$inferInsert, 'id' | 'sha256'>

/** Adds a file; null where this one is there already. */
export async function addAnnouncementFile(tx: Tx, file: NewAnnouncementFile): Promise<number | null> {
  const [row] = await tx
    .insert(announcementFiles)
    .values(file)
    .onConflictDoNothing()
    .returning({ id: announcementFiles.id })
  return row?.id ?? null
}

/** Takes all files of the text out again. */
export async function removeFiles(tx: Tx, announcementId: number): Promise<void> {
  await tx
    .delete(announcementFiles)
    .where(and(eq(announcementFiles.announcementId, announcementId), eq(announcementFiles.purpose, 'body')))
}

/** The materials gathered for one sending. */
export async function materialsOf(tx: Tx, announcementId: number, batch: number): Promise<AnnouncementFile[]> {
  return tx
    .select()
    .from(announcementFiles)
    .where(
      and(
        eq(announcementFiles.announcementId, announcementId),
        eq(announcementFiles.purpose, 'materials'),
        eq(announcementFiles.batch, batch),
      ),
    )
    .orderBy(asc(announcementFiles.id))
}

/** The number under which the next materials are gathered. */
export async function nextBatch(tx: Tx, announcementId: number): Promise<number> {
  const [row] = await tx
    .select({ last: sql<number>`coalesce(max(${announcementFiles.batch}), 0)::int` })
    .from(announcementFiles)
    .where(eq(announcementFiles.announcementId, announcementId))
  return (row?.last ?? 0) + 1
}

/** A file that is to be fetched into the store; null where there is none, or it is there already. */
export async function fileToFetch(tx: Tx, fileId: number): Promise<AnnouncementFile | null> {
  const [row] = await tx.select().from(announcementFiles).where(eq(announcementFiles.id, fileId))
  return row && row.sha256 === null ? row : null
}

/** Notes that a file lies in the store. */
export async function markFileKept(tx: Tx, fileId: number, sha256: string): Promise<void> {
  await tx.update(announcementFiles).set({ sha256 }).where(eq(announcementFiles.id, fileId))
}

/** What a person was told of, what is still to come first; `since` leaves out what was over before. */
export async function announcedTo(tx: Tx, personId: number, since: Instant): Promise<number[]> {
  const rows = await tx.execute<{ id: string }>(sql`
    select a.id from ${announcements} a
      join ${announcementRecipients} r on r.announcement_id = a.id and r.person_id = ${personId} and (r.outcome = 'sent' or r.delivery_id is not null)
      join lateral (
        select min(m.starts_at) filter (where m.ends_at > ${since.toString()}::timestamptz) as next
          from ${announcementMeetings} m where m.announcement_id = a.id and not m.cancelled) m on m.next is not null
     where a.sent_at is not null and a.state <> 'cancelled' and a.wants_answer
     order by m.next, a.id limit 30`)
  return rows.map((row) => Number(row.id))
}

/** The draft that was made of the first part of this album; null where there is none. */
export async function draftOfAlbum(tx: Tx, authorId: number, album: string): Promise<number | null> {
  const [row] = await tx
    .select({ id: announcements.id })
    .from(announcements)
    .where(and(eq(announcements.authorId, authorId), eq(announcements.album, album), eq(announcements.state, 'draft')))
    .limit(1)
  return row?.id ?? null
}

/** A date with the announcement that it belongs to; null where there is none in the transaction's municipality. */
export async function meetingById(tx: Tx, meetingId: number): Promise<(Meeting & { announcementId: number }) | null> {
  const [row] = await tx.select().from(announcementMeetings).where(eq(announcementMeetings.id, meetingId))
  return row ?? null
}
