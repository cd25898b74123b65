import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { IncomingFile } from '../bot/incoming.ts'
import type { Instant } from '../kernel/clock.ts'
import type { Tx } from './database.ts'
import { evidence, files, reports } from './schema/index.ts'

export type EvidenceRow = typeof evidence.$inferSelect

/** A file that somebody sent, before it is fetched: it is kept from the first moment, wherever it will belong. */
export type NewEvidence = {
  municipalityId: number
  reportId: number | null
  authorId: number
  chat: string
  messageId: number
  replyTo: number | null
  album: string | null
  caption: string
  file: IncomingFile
  at: Instant
}

/** Keeps a file's place; null where this message's file is known already (an update that came twice, an edited caption). */
export async function addArriving(tx: Tx, given: NewEvidence): Promise<EvidenceRow | null> {
  const [row] = await tx
    .insert(evidence)
    .values({
      municipalityId: given.municipalityId,
      reportId: given.reportId,
      authorId: given.authorId,
      kind: given.file.kind,
      state: 'arriving',
      chat: given.chat,
      messageId: given.messageId,
      replyToMessageId: given.replyTo,
      album: given.album,
      messengerFileId: given.file.messengerFileId,
      messengerFileKey: given.file.messengerFileKey,
      fileName: given.file.fileName,
      mime: given.file.mime,
      size: given.file.size,
      caption: given.caption || null,
      receivedAt: given.at,
    })
    .onConflictDoNothing()
    .returning()
  return row ?? null
}

/** The piece with this id, locked; null where there is none in this municipality. */
export async function lockEvidence(tx: Tx, evidenceId: number): Promise<EvidenceRow | null> {
  const [row] = await tx.select().from(evidence).where(eq(evidence.id, evidenceId)).for('update')
  return row ?? null
}

/** Marks a piece as stored, with what is known of its content now. */
export async function markStored(
  tx: Tx,
  piece: EvidenceRow,
  content: { sha256: string; size: number; mime: string; pictureHash: string | null; at: Instant },
): Promise<void> {
  await tx
    .insert(files)
    .values({
      municipalityId: piece.municipalityId,
      sha256: content.sha256,
      size: content.size,
      mime: content.mime,
      pictureHash: content.pictureHash,
      messengerFileId: piece.messengerFileId,
      createdAt: content.at,
    })
    .onConflictDoNothing()
  await tx
    .update(evidence)
    .set({ state: 'stored', sha256: content.sha256, size: content.size, mime: content.mime, failure: null })
    .where(eq(evidence.id, piece.id))
}

/** Marks a piece as one that could not be stored; `failure` is a fixed word of ours. */
export async function markFailed(tx: Tx, evidenceId: number, failure: string): Promise<void> {
  await tx.update(evidence).set({ state: 'failed', failure }).where(eq(evidence.id, evidenceId))
}

/** The report to which other parts of this album were put, where they were. */
export async function reportOfAlbum(tx: Tx, chat: string, album: string): Promise<number | null> {
  const [row] = await tx
    .select({ reportId: evidence.reportId })
    .from(evidence)
    .innerJoin(reports, and(eq(reports.id, evidence.reportId), inArray(reports.state, ['collecting', 'submitted'])))
    .where(and(eq(evidence.chat, chat), eq(evidence.album, album)))
    .limit(1)
  return row?.reportId ?? null
}

/** The report in which the file of a message lies; null where it lies in none. */
export async function reportOfMessage(tx: Tx, chat: string, messageId: number): Promise<number | null> {
  const [row] = await tx
    .select({ reportId: evidence.reportId })
    .from(evidence)
    .where(and(eq(evidence.chat, chat), eq(evidence.messageId, messageId)))
  return row?.reportId ?? null
}

/** The caption of a message was edited. Gives the one before; null: there was none. */
export async function keepCaption(tx: Tx, chat: string, messageId: number, caption: string): Promise<string | null> {
  const ofMessage = and(eq(evidence.chat, chat), eq(evidence.messageId, messageId))
  const [before] = await tx.select({ caption: evidence.caption }).from(evidence).where(ofMessage)
  await tx
    .update(evidence)
    .set({ caption: caption || null })
    .where(ofMessage)
  return before?.caption ?? null
}

/** What a person sent that belongs to no task yet, in the order in which it came. */
export async function unsortedOf(tx: Tx, authorId: number): Promise<EvidenceRow[]> {
  return tx
    .select()
    .from(evidence)
    .where(
      and(eq(evidence.authorId, authorId), isNull(evidence.reportId), inArray(evidence.state, ['arriving', 'stored'])),
    )
    .orderBy(asc(evidence.messageId))
}

/** Puts everything unsorted of a person into a report; gives how many pieces. */
export async function putUnsorted(tx: Tx, authorId: number, reportId: number): Promise<number> {
  const moved = await tx
    .update(evidence)
    .set({ reportId })
    .where(
      and(eq(evidence.authorId, authorId), isNull(evidence.reportId), inArray(evidence.state, ['arriving', 'stored'])),
    )
    .returning({ id: evidence.id })
  return moved.length
}

/** Takes the pieces of a report out again: they lie unsorted. Gives how many. */
export async function takeOut(tx: Tx, reportId: number): Promise<number> {
  const moved = await tx
    .update(evidence)
    .set({ reportId: null })
    .where(eq(evidence.reportId, reportId))
    .returning({ id: evidence.id })
  return moved.length
}

/** How many pieces of a report are in which state. */
export async function countOf(tx: Tx, reportId: number): Promise<{ stored: number; arriving: number }> {
  const [row] = await tx
    .select({
      stored: sql<number>`(count(*) filter (where ${evidence.state} = 'stored'))::int`,
      arriving: sql<number>`(count(*) filter (where ${evidence.state} = 'arriving'))::int`,
    })
    .from(evidence)
    .where(eq(evidence.reportId, reportId))
  return row ?? { stored: 0, arriving: 0 }
}

/** What a person reported, the latest first: for «Что я отправил». */
export async function sentBy(tx: Tx, authorId: number, page: { size: number; index: number }) {
  return tx
    .select({ report: reports })
    .from(reports)
    .where(
      and(
        eq(reports.authorId, authorId),
        inArray(reports.state, ['submitted', 'accepted', 'returned', 'withdrawn']),
        sql`${reports.receiptNumber} is not null`,
      ),
    )
    .orderBy(sql`${reports.id} desc`)
    .limit(page.size)
    .offset(page.size * page.index)
}
