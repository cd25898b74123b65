import { and, eq, inArray, isNotNull, lt, or, sql } from 'drizzle-orm'
import type { Question, QuestionState } from '../council/question.ts'
import { type Instant, Temporal } from '../kernel/clock.ts'
import type { Tx } from './database.ts'
import { OPEN } from './questions.ts'
import { persons, questions } from './schema/index.ts'

/** The questions of the municipality that wait for somebody to take them and that nobody has: not its group, and no member who can be reached. */
export async function unseenQuestions(tx: Tx, municipalityId: number): Promise<number[]> {
  const rows = await tx.execute<{ id: string }>(sql`
    select q.id from questions q
     where q.municipality_id = ${municipalityId} and q.state = 'asked'
       and not exists (
         select from question_posts p join deliveries d on d.id = p.delivery_id
           left join council_groups g on g.chat = p.chat and g.messenger = p.messenger and g.state = 'bound'
          where p.question_id = q.id and d.state <> 'dead' and (
            (p.audience = 'group' and g.municipality_id = q.municipality_id)
            or (p.audience = 'member'
                and exists (select from memberships m where m.person_id = p.person_id and m.municipality_id = q.municipality_id
                            and m.ended_at is null and m.role in ('council', 'coordinator'))
                and exists (select from accounts a where a.person_id = p.person_id and a.state = 'reachable'))))
     order by q.id limit 200`)
  return rows.map((row) => Number(row.id))
}

/** A move by which a question that waits came to whom it waits for now: handed over, given back, or asked back. */
export type LastMove = {
  eventId: number
  questionId: number
  kind: 'question-handed-over' | 'question-released' | 'asker-asked-back'
  at: Instant
}

/** The latest such move of each open question of the municipality, where nothing else began its waiting anew since. */
export async function lastMoves(tx: Tx, municipalityId: number): Promise<LastMove[]> {
  const rows = await tx.execute<{ id: string; question_id: string; kind: LastMove['kind']; at: string }>(sql`
    select distinct on (e.question_id) e.id, e.question_id, e.kind, to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at
      from question_events e join questions q on q.id = e.question_id
     where q.municipality_id = ${municipalityId} and q.state in ('asked', 'taken', 'asked-back')
       and e.kind in ('question-handed-over', 'question-released', 'asker-asked-back') and e.at >= q.waits_since
     order by e.question_id, e.id desc`)
  return rows.map(({ id, question_id, kind, at }) => ({
    eventId: Number(id),
    questionId: Number(question_id),
    kind,
    at: Temporal.Instant.from(at),
  }))
}

/** The open questions whose asker asked to be forgotten and that nobody asks together with them. */
export async function questionsOfForgotten(tx: Tx, municipalityId: number): Promise<number[]> {
  const rows = await tx
    .select({ id: questions.id })
    .from(questions)
    .innerJoin(persons, and(eq(persons.id, questions.askerId), isNotNull(persons.erasedAt)))
    .where(
      and(
        eq(questions.municipalityId, municipalityId),
        inArray(questions.state, OPEN),
        sql`not exists (select from question_followers f where f.question_id = ${questions.id})`,
      ),
    )
  return rows.map(({ id }) => id)
}

/** The municipalities that have a question somebody may have to be reminded of. Needs the program's own rights. */
export async function municipalitiesWithQuestions(tx: Tx): Promise<number[]> {
  const rows = await tx
    .selectDistinct({ municipalityId: questions.municipalityId })
    .from(questions)
    .where(inArray(questions.state, ['asked', 'taken', 'asked-back', 'answered']))
  return rows.map((row) => row.municipalityId)
}

/** Notes that reminder `step` of a question is being sent; false where another process was first, or the waiting is another one by now. */
export async function takeReminder(tx: Tx, question: Question, step: number): Promise<boolean> {
  const taken = await tx
    .update(questions)
    .set({ remindedStep: step })
    .where(
      and(
        eq(questions.id, question.id),
        eq(questions.state, question.state),
        lt(questions.remindedStep, step),
        question.waitsSince ? eq(questions.waitsSince, question.waitsSince) : undefined,
      ),
    )
    .returning({ id: questions.id })
  return taken.length > 0
}

/** The questions that were answered, or asked back, before `before` and of which nothing was heard since. */
export async function quietQuestions(
  tx: Tx,
  municipalityId: number,
  before: Instant,
): Promise<{ id: number; state: QuestionState }[]> {
  const heldSince = sql`(select max(e.at) from question_events e where e.question_id = ${questions.id})`
  return tx
    .select({ id: questions.id, state: questions.state })
    .from(questions)
    .where(
      and(
        eq(questions.municipalityId, municipalityId),
        or(
          and(eq(questions.state, 'answered'), lt(questions.answeredAt, before)),
          and(eq(questions.state, 'asked-back'), sql`${heldSince} < ${before.toString()}::timestamptz`),
        ),
      ),
    )
}
