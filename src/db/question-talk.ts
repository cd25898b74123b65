import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import type { IncomingFile } from '../bot/incoming.ts'
import type { Attachment } from '../delivery/screen.ts'
import type { Instant } from '../kernel/clock.ts'
import type { Tx } from './database.ts'
import { answers, persons, questionFiles } from './schema/index.ts'

export type AnswerKind = (typeof answers.$inferSelect)['kind']

/** Keeps words about a question; gives their id, null where this message was kept already. */
export async function addAnswer(tx: Tx, given: typeof answers.$inferInsert): Promise<number | null> {
  const [row] = await tx.insert(answers).values(given).onConflictDoNothing().returning({ id: answers.id })
  return row?.id ?? null
}

/** The words about a question that a message of `authorId` was when it came; null where it was none. */
export async function answerOfMessage(
  tx: Tx,
  { authorId, chat, messageId }: { authorId: number; chat: string; messageId: number },
): Promise<{ id: number; questionId: number; kind: AnswerKind; words: string } | null> {
  const [row] = await tx
    .select({ id: answers.id, questionId: answers.questionId, kind: answers.kind, words: answers.words })
    .from(answers)
    .where(and(eq(answers.authorId, authorId), eq(answers.chat, chat), eq(answers.messageId, messageId)))
  return row ?? null
}

/** Puts words about a question right. */
export async function changeAnswer(tx: Tx, id: number, words: string): Promise<void> {
  await tx.update(answers).set({ words }).where(eq(answers.id, id))
}

/** What was said about a question, in its order. */
export async function answersOf(tx: Tx, questionId: number) {
  return tx
    .select({
      id: answers.id,
      kind: answers.kind,
      words: answers.words,
      at: answers.at,
      authorId: answers.authorId,
      authorName: persons.fullName,
    })
    .from(answers)
    .innerJoin(persons, eq(persons.id, answers.authorId))
    .where(eq(answers.questionId, questionId))
    .orderBy(asc(answers.id))
}

/** Keeps that a file belongs to a question or to words about it; gives its id, null where it is kept already. */
export async function addQuestionFile(
  tx: Tx,
  given: { municipalityId: number; questionId: number; answerId: number | null; file: IncomingFile; at: Instant },
): Promise<number | null> {
  const { file, ...of } = given
  const [row] = await tx
    .insert(questionFiles)
    .values({
      ...of,
      kind: file.kind,
      messengerFileId: file.messengerFileId,
      messengerFileKey: file.messengerFileKey,
      fileName: file.fileName,
      mime: file.mime,
    })
    .onConflictDoNothing()
    .returning({ id: questionFiles.id })
  return row?.id ?? null
}

/** The file row with this id, or null. */
export async function questionFile(tx: Tx, id: number) {
  const [row] = await tx.select().from(questionFiles).where(eq(questionFiles.id, id))
  return row ?? null
}

/** Notes that a file is in our own store; false where that was noted before. */
export async function noteStored(tx: Tx, id: number, sha256: string): Promise<boolean> {
  const noted = await tx
    .update(questionFiles)
    .set({ sha256 })
    .where(and(eq(questionFiles.id, id), isNull(questionFiles.sha256)))
    .returning({ id: questionFiles.id })
  return noted.length > 0
}

/** Whether a file came with a question or with further words of those who ask it, and not with the council's. */
export async function isOfAsker(tx: Tx, file: { answerId: number | null }): Promise<boolean> {
  if (file.answerId === null) return true
  const [row] = await tx.select({ kind: answers.kind }).from(answers).where(eq(answers.id, file.answerId))
  return row?.kind === 'added'
}

/** The files of a question itself, or of `answerId`, ready to be attached. */
export async function questionAttachments(
  tx: Tx,
  questionId: number,
  answerId: number | null = null,
): Promise<Attachment[]> {
  const rows = await tx
    .select()
    .from(questionFiles)
    .where(
      and(
        eq(questionFiles.questionId, questionId),
        answerId === null ? sql`${questionFiles.answerId} is null` : eq(questionFiles.answerId, answerId),
      ),
    )
    .orderBy(asc(questionFiles.id))
  return rows.map((row) => ({
    kind: row.kind,
    sha256: row.sha256 ?? '',
    fileName: row.fileName ?? '',
    mime: row.mime ?? '',
    messengerFileId: row.messengerFileId,
  }))
}
