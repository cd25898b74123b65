import { and, desc, eq } from 'drizzle-orm'
import type { Instant } from '../kernel/clock.ts'
import type { Tx } from './database.ts'
import { persons, schoolNotes } from './schema/index.ts'

/** Keeps a note on a school. */
export async function addNote(
  tx: Tx,
  note: { municipalityId: number; organizationId: number; authorId: number; words: string; at: Instant },
): Promise<void> {
  await tx.insert(schoolNotes).values(note)
}

/** The newest notes on a school, for curators and coordinators. */
export async function notesOn(tx: Tx, organizationId: number, limit: number) {
  return tx
    .select({ words: schoolNotes.words, at: schoolNotes.at, authorName: persons.fullName })
    .from(schoolNotes)
    .innerJoin(persons, eq(persons.id, schoolNotes.authorId))
    .where(and(eq(schoolNotes.organizationId, organizationId), eq(schoolNotes.removed, false)))
    .orderBy(desc(schoolNotes.id))
    .limit(limit)
}
