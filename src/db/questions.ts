import { and, asc, desc, eq, inArray, isNotNull, ne, or, sql } from 'drizzle-orm'
import type { Question, QuestionState } from '../council/question.ts'
import { decideQuestion, type QuestionCommand, type QuestionRefusal } from '../council/question-life.ts'
import type { Instant } from '../kernel/clock.ts'
import { ok, type Result, refuse } from '../kernel/result.ts'
import type { Tx } from './database.ts'
import {
  deliveries,
  organizations,
  persons,
  questionEvents,
  questionFollowers,
  questionPosts,
  questions,
} from './schema/index.ts'

/** A question with the names that screens need; whoever shows them asks `withheld` first. */
export type QuestionRow = Question & { askerName: string; schoolName: string | null; takerName: string | null }

export type QuestionPost = typeof questionPosts.$inferSelect

const taker = sql<string | null>`(select p.full_name from persons p where p.id = ${questions.takerId})`

/** The questions with these ids, in the order of the ids. Rows of the transaction's municipality only. */
export async function questionsByIds(tx: Tx, ids: readonly number[]): Promise<QuestionRow[]> {
  if (ids.length === 0) return []
  const rows = await withNames(tx).where(inArray(questions.id, [...ids]))
  const found = rows.map(toRow)
  return ids.flatMap((id) => found.find((question) => question.id === id) ?? [])
}

/** The question with this id; null where there is none in the transaction's municipality. */
export async function questionById(tx: Tx, id: number): Promise<QuestionRow | null> {
  return (await questionsByIds(tx, [id]))[0] ?? null
}

/** The same, locked until the transaction ends. */
export async function lockQuestion(tx: Tx, id: number): Promise<QuestionRow | null> {
  await tx.select({ id: questions.id }).from(questions).where(eq(questions.id, id)).for('update')
  return questionById(tx, id)
}

function withNames(tx: Tx) {
  return tx
    .select({ question: questions, askerName: persons.fullName, schoolName: organizations.shortName, takerName: taker })
    .from(questions)
    .innerJoin(persons, eq(persons.id, questions.askerId))
    .leftJoin(organizations, eq(organizations.id, questions.organizationId))
}

function toRow(row: {
  question: typeof questions.$inferSelect
  askerName: string
  schoolName: string | null
  takerName: string | null
}): QuestionRow {
  const { question, ...names } = row
  return { ...question, ...names }
}

/** Keeps a question that was only searched so far; gives its id. */
export async function makeDraft(
  tx: Tx,
  given: Pick<Question, 'municipalityId' | 'askerId' | 'organizationId' | 'words' | 'topic' | 'found' | 'createdAt'>,
): Promise<number> {
  const [row] = await tx.insert(questions).values(given).returning({ id: questions.id })
  if (!row) throw new Error('no question was made')
  return row.id
}

/** Changes a draft before it is sent. */
export async function changeDraft(
  tx: Tx,
  id: number,
  patch: { withheld?: boolean; topic?: string; words?: string },
): Promise<void> {
  await tx
    .update(questions)
    .set(patch)
    .where(and(eq(questions.id, id), eq(questions.state, 'draft')))
}

/** Throws a draft away, where it is still one. */
export async function dropDraft(tx: Tx, id: number): Promise<void> {
  await tx.delete(questions).where(and(eq(questions.id, id), eq(questions.state, 'draft')))
}

/**
 * Carries out `command` on a question, locked until the transaction ends: its new state and an event, or why not. `expectedAt`: what the asker is
 * promised where the waiting begins anew. The caller has checked the right of `actorId`.
 */
export async function changeQuestion(
  tx: Tx,
  given: {
    questionId: number
    command: QuestionCommand
    actorId: number | null
    updateId: number | null
    now: Instant
    expectedAt?: Instant
  },
): Promise<Result<QuestionRow, QuestionRefusal | { code: 'not-found' }>> {
  const { questionId, command, actorId, now } = given
  const [locked] = await tx.select().from(questions).where(eq(questions.id, questionId)).for('update')
  if (!locked) return refuse({ code: 'not-found' })
  const decision = decideQuestion(locked, command, actorId)
  if (!decision.ok) return decision
  const { kind, toState, waitsAnew, patch, facts } = decision.value
  const number = locked.number ?? (command.do === 'send' ? await nextNumber(tx, locked.municipalityId) : null)
  await tx
    .update(questions)
    .set({
      ...patch,
      state: toState,
      number,
      ...(command.do === 'send' ? { askedAt: now } : {}),
      ...(waitsAnew ? { waitsSince: now, remindedStep: 0, expectedAt: given.expectedAt ?? null, closedAt: null } : {}),
      ...(toState === 'answered' ? { answeredAt: now } : {}),
      ...(toState === 'closed' ? { closedAt: now } : {}),
    })
    .where(eq(questions.id, questionId))
  await tx.insert(questionEvents).values({
    municipalityId: locked.municipalityId,
    questionId,
    kind,
    fromState: locked.state,
    toState,
    actorId,
    facts,
    updateId: given.updateId,
    at: now,
  })
  const after = await questionById(tx, questionId)
  return after ? ok(after) : refuse({ code: 'not-found' })
}

/** Numbers are counted by municipality; whoever takes one makes the others wait until the transaction ends. */
async function nextNumber(tx: Tx, municipalityId: number): Promise<number> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`question-number:${municipalityId}`}, 0))`)
  const [row] = await tx
    .select({ next: sql<number>`coalesce(max(${questions.number}), 0) + 1` })
    .from(questions)
    .where(eq(questions.municipalityId, municipalityId))
  return Number(row?.next ?? 1)
}

/** Makes `personId` one of those who get the answers of a question; gives whether they were not yet. */
export async function follow(
  tx: Tx,
  given: { municipalityId: number; questionId: number; personId: number; at: Instant },
): Promise<boolean> {
  const added = await tx.insert(questionFollowers).values(given).onConflictDoNothing().returning()
  return added.length > 0
}

/** Who asked the same as a question, its asker not among them. */
export async function followersOf(tx: Tx, questionId: number): Promise<number[]> {
  const rows = await tx
    .select({ personId: questionFollowers.personId })
    .from(questionFollowers)
    .where(eq(questionFollowers.questionId, questionId))
    .orderBy(asc(questionFollowers.at))
  return rows.map((row) => row.personId)
}

/** The message of a question in a chat is from now on the one of delivery `deliveryId`. */
export async function notePost(tx: Tx, post: Omit<QuestionPost, 'id'>): Promise<void> {
  await tx
    .insert(questionPosts)
    .values(post)
    .onConflictDoUpdate({
      target: [questionPosts.questionId, questionPosts.audience, questionPosts.chat],
      set: { deliveryId: post.deliveryId },
    })
}

/** The messages that show a question. */
export async function postsOf(tx: Tx, questionId: number): Promise<QuestionPost[]> {
  return tx.select().from(questionPosts).where(eq(questionPosts.questionId, questionId)).orderBy(asc(questionPosts.id))
}

/** The states in which the council or the asker still has something to do. */
export const OPEN: QuestionState[] = ['asked', 'taken', 'asked-back']

/** The open questions of the municipality, those that wait longest first; of some topics only, or not those of one asker. */
export async function openQuestions(
  tx: Tx,
  municipalityId: number,
  filter: { topics?: string[] | null; notOf?: number } = {},
): Promise<QuestionRow[]> {
  const rows = await withNames(tx)
    .where(
      and(
        eq(questions.municipalityId, municipalityId),
        inArray(questions.state, OPEN),
        filter.topics ? inArray(questions.topic, filter.topics) : undefined,
        filter.notOf === undefined ? undefined : ne(questions.askerId, filter.notOf),
      ),
    )
    .orderBy(asc(questions.waitsSince), asc(questions.id))
    .limit(500)
  return rows.map(toRow)
}

/** Whether a message that shows a question could not be delivered for good. */
export async function isLost(tx: Tx, post: QuestionPost): Promise<boolean> {
  const [row] = await tx.select({ state: deliveries.state }).from(deliveries).where(eq(deliveries.id, post.deliveryId))
  return row?.state === 'dead'
}

/** What a person asked, and asked together with others, the latest first. */
export async function questionsOf(tx: Tx, municipalityId: number, personId: number): Promise<QuestionRow[]> {
  const rows = await withNames(tx)
    .where(
      and(
        eq(questions.municipalityId, municipalityId),
        isNotNull(questions.number),
        or(
          eq(questions.askerId, personId),
          sql`exists (select from question_followers f where f.question_id = ${questions.id} and f.person_id = ${personId})`,
        ),
      ),
    )
    .orderBy(desc(questions.id))
    .limit(200)
  return rows.map(toRow)
}

/** Which of these municipalities ever asked anything. Needs the program's own rights. */
export async function municipalitiesThatAsked(tx: Tx, municipalityIds: readonly number[]): Promise<Set<number>> {
  const rows = await tx.execute<{ id: string }>(sql`
    select m.id from unnest(${sql.param([...municipalityIds])}::bigint[]) as m (id)
     where exists (select from ${questions} where ${questions.municipalityId} = m.id)`)
  return new Set(rows.map((row) => Number(row.id)))
}

/** What the report counts: every question of the municipality since `since`, with its first answer. Names of nobody. */
export async function countedQuestions(tx: Tx, municipalityId: number, since: Instant) {
  return tx
    .select({
      id: questions.id,
      number: questions.number,
      words: questions.words,
      topic: questions.topic,
      state: questions.state,
      found: questions.found,
      withheld: questions.withheld,
      createdAt: questions.createdAt,
      askedAt: questions.askedAt,
      entryId: questions.entryId,
      schoolName: sql<string | null>`case when ${questions.withheld} then null else ${organizations.shortName} end`,
      schoolKind: sql<
        string | null
      >`case when ${questions.withheld} then null else coalesce(${organizations.schoolKind}, ${organizations.kind}) end`,
      firstAnswerAt: sql<
        string | null
      >`(select to_char(min(a.at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') from answers a where a.question_id = ${questions.id} and a.kind = 'answer')`,
    })
    .from(questions)
    .leftJoin(organizations, eq(organizations.id, questions.organizationId))
    .where(and(eq(questions.municipalityId, municipalityId), sql`${questions.createdAt} >= ${since.toString()}`))
    .orderBy(desc(questions.id))
    .limit(5000)
}
