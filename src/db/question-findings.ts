import { and, asc, desc, eq, inArray, ne, sql } from 'drizzle-orm'
import type { StemmedQuestion } from '../council/similar.ts'
import type { Tx } from './database.ts'
import { OPEN } from './questions.ts'
import { questionFindings, questions } from './schema/index.ts'

/** The stems of `words`, and the questions of others that wait with theirs: what is alike is decided outside. */
export async function stemsBeside(
  tx: Tx,
  given: { municipalityId: number; words: string; notOf?: number },
): Promise<{ asked: string[]; open: StemmedQuestion[] }> {
  const [own] = await tx.execute<{ stems: string[] }>(sql`select faq_lexemes(${given.words}) as stems`)
  const rows = await tx
    .select({ id: questions.id, stems: sql<string[]>`faq_lexemes(${questions.words})` })
    .from(questions)
    .where(
      and(
        eq(questions.municipalityId, given.municipalityId),
        inArray(questions.state, ['asked', 'taken', 'asked-back']),
        given.notOf === undefined ? undefined : ne(questions.askerId, given.notOf),
      ),
    )
    .orderBy(desc(questions.id))
    .limit(300)
  return { asked: own?.stems ?? [], open: rows }
}

/** The stems of `words`, and the lately asked questions of a person that are not settled, with theirs. */
export async function ownStems(
  tx: Tx,
  given: { personId: number; words: string },
): Promise<{ asked: string[]; own: StemmedQuestion[] }> {
  const [stems] = await tx.execute<{ stems: string[] }>(sql`select faq_lexemes(${given.words}) as stems`)
  const own = await tx
    .select({ id: questions.id, stems: sql<string[]>`faq_lexemes(${questions.words})` })
    .from(questions)
    .where(and(eq(questions.askerId, given.personId), inArray(questions.state, ['draft', ...OPEN])))
    .orderBy(desc(questions.id))
    .limit(5)
  return { asked: stems?.stems ?? [], own }
}

/** Notes which entries were shown for a question; gives those that were not yet. */
export async function noteFindings(
  tx: Tx,
  given: { municipalityId: number; questionId: number; entryIds: number[] },
): Promise<number[]> {
  if (given.entryIds.length === 0) return []
  const rows = await tx
    .insert(questionFindings)
    .values(
      given.entryIds.map((entryId, place) => ({
        municipalityId: given.municipalityId,
        questionId: given.questionId,
        entryId,
        place,
      })),
    )
    .onConflictDoNothing()
    .returning({ entryId: questionFindings.entryId })
  return rows.map((row) => row.entryId)
}

/** The entries that were shown for a question, in their order, with what was said of them. */
export async function findingsOf(tx: Tx, questionId: number) {
  return tx
    .select({ entryId: questionFindings.entryId, verdict: questionFindings.verdict })
    .from(questionFindings)
    .where(eq(questionFindings.questionId, questionId))
    .orderBy(asc(questionFindings.place))
}

/** Keeps what a person said of an entry, once; false where they had said something of it before. */
export async function noteVerdict(
  tx: Tx,
  given: { questionId: number; entryId: number; verdict: 'helped' | 'not-it' },
): Promise<boolean> {
  const rows = await tx
    .update(questionFindings)
    .set({ verdict: given.verdict })
    .where(
      and(
        eq(questionFindings.questionId, given.questionId),
        eq(questionFindings.entryId, given.entryId),
        eq(questionFindings.verdict, 'shown'),
      ),
    )
    .returning({ entryId: questionFindings.entryId })
  return rows.length > 0
}
