import { and, eq, isNull, ne, sql } from 'drizzle-orm'
import type { Instant, PlainDate } from '../kernel/clock.ts'
import type { Tx } from './database.ts'
import { announcementNotices, announcementRecipients, announcements, deliveries } from './schema/index.ts'

/** Why a queued message of a paused or stopped announcement was taken back. */
const HELD = 'paused'

/** The words with which the sender cancels what is not wanted any more just before it leaves. */
const HELD_AT_THE_DOOR = 'not wanted any more'

/** Keeps who is to be told. Who is there already stays as they are. */
export async function addRecipients(
  tx: Tx,
  announcement: { id: number; municipalityId: number },
  people: readonly { personId: number; chat: string | null; outcome: 'unreachable' | 'capped' | null }[],
): Promise<void> {
  if (people.length === 0) return
  await tx
    .insert(announcementRecipients)
    .values(
      people.map((person) => ({
        municipalityId: announcement.municipalityId,
        announcementId: announcement.id,
        ...person,
      })),
    )
    .onConflictDoNothing()
}

/** Those who wait for the message, with their chats. */
export async function waitingRecipients(tx: Tx, announcementId: number): Promise<{ personId: number; chat: string }[]> {
  const rows = await tx
    .select({ personId: announcementRecipients.personId, chat: announcementRecipients.chat })
    .from(announcementRecipients)
    .where(
      and(
        eq(announcementRecipients.announcementId, announcementId),
        isNull(announcementRecipients.outcome),
        isNull(announcementRecipients.deliveryId),
      ),
    )
    .orderBy(announcementRecipients.personId)
  return rows.flatMap(({ personId, chat }) => (chat === null ? [] : [{ personId, chat }]))
}

/** Ties each recipient to the message that was queued for them under `onceKey`. */
export async function tieDeliveries(tx: Tx, announcementId: number, onceKey: string): Promise<void> {
  await tx.execute(sql`
    update ${announcementRecipients} r set delivery_id = d.id
      from ${deliveries} d
     where r.announcement_id = ${announcementId} and r.outcome is null and r.delivery_id is null
       and d.once_key = ${`${onceKey}#0:`} || r.chat`)
}

/** Keeps what became of the messages: afterwards the counts need them no more. Gives whether some still wait. */
export async function settleOutcomes(tx: Tx, announcementId: number): Promise<{ waiting: number; held: number }> {
  await tx.execute(sql`
    update ${announcementRecipients} r
       set outcome = case when d.state = 'sent' then 'sent'
                          when d.state = 'cancelled' and d.failure in (${HELD}, ${HELD_AT_THE_DOOR}) then 'held'
                          else 'failed' end
      from ${deliveries} d
     where r.announcement_id = ${announcementId} and r.outcome is null and d.id = r.delivery_id
       and d.state in ('sent', 'dead', 'cancelled')`)
  const [row] = await tx
    .select({
      waiting: sql<number>`(count(*) filter (where ${announcementRecipients.outcome} is null))::int`,
      held: sql<number>`(count(*) filter (where ${announcementRecipients.outcome} = 'held'))::int`,
    })
    .from(announcementRecipients)
    .where(eq(announcementRecipients.announcementId, announcementId))
  return row ?? { waiting: 0, held: 0 }
}

/** Takes back what is queued and has not left yet. */
export async function holdDeliveries(tx: Tx, municipalityId: number, announcementId: number): Promise<void> {
  await tx
    .update(deliveries)
    .set({ state: 'cancelled', failure: HELD })
    .where(
      and(
        eq(deliveries.municipalityId, municipalityId),
        eq(deliveries.state, 'queued'),
        eq(deliveries.reason, 'announcement'),
        sql`(${deliveries.subject} ->> 'announcement')::bigint = ${announcementId}`,
      ),
    )
}

/** Makes those wait again whom a pause kept back; `capped` too where the coordinator said so. */
export async function releaseHeld(tx: Tx, announcementId: number, outcome: 'held' | 'capped'): Promise<number> {
  const released = await tx
    .update(announcementRecipients)
    .set({ outcome: null, deliveryId: null })
    .where(and(eq(announcementRecipients.announcementId, announcementId), eq(announcementRecipients.outcome, outcome)))
    .returning({ personId: announcementRecipients.personId })
  return released.length
}

/** How far a sending is. `unreached`: failed, or without any way to be written to. */
export type Progress = { all: number; sent: number; unreached: number; held: number; capped: number; waiting: number }

/** Counts by the outcomes kept so far. */
export async function progressOf(tx: Tx, announcementId: number): Promise<Progress> {
  const { outcome } = announcementRecipients
  const [row] = await tx
    .select({
      all: sql<number>`(count(*) filter (where ${outcome} is distinct from 'capped'))::int`,
      sent: sql<number>`(count(*) filter (where ${outcome} = 'sent'))::int`,
      unreached: sql<number>`(count(*) filter (where ${outcome} in ('failed', 'unreachable')))::int`,
      held: sql<number>`(count(*) filter (where ${outcome} = 'held'))::int`,
      capped: sql<number>`(count(*) filter (where ${outcome} = 'capped'))::int`,
      waiting: sql<number>`(count(*) filter (where ${outcome} is null))::int`,
    })
    .from(announcementRecipients)
    .where(eq(announcementRecipients.announcementId, announcementId))
  return row ?? { all: 0, sent: 0, unreached: 0, held: 0, capped: 0, waiting: 0 }
}

/** Somebody who was told, or is about to be: where their message is. */
export type Told = { personId: number; chat: string; deliveryId: number | null }

/** Everybody whose message has left or is leaving. */
export async function toldOf(tx: Tx, announcementId: number): Promise<Told[]> {
  const rows = await tx.execute<{ person_id: string; chat: string; delivery_id: string | null }>(sql`
    select r.person_id, r.chat, r.delivery_id from ${announcementRecipients} r
      left join ${deliveries} d on d.id = r.delivery_id
     where r.announcement_id = ${announcementId} and r.chat is not null
       and (r.outcome = 'sent' or (r.outcome is null and d.state in ('sending', 'sent')))
     order by r.person_id`)
  return rows.map((row) => ({
    personId: Number(row.person_id),
    chat: row.chat,
    deliveryId: row.delivery_id === null ? null : Number(row.delivery_id),
  }))
}

/** Whether the message of an announcement was sent to this person, or is on its way. */
export async function wasTold(tx: Tx, announcementId: number, personId: number): Promise<boolean> {
  const rows = await tx
    .select({ personId: announcementRecipients.personId })
    .from(announcementRecipients)
    .where(
      and(
        eq(announcementRecipients.announcementId, announcementId),
        eq(announcementRecipients.personId, personId),
        sql`(${announcementRecipients.outcome} = 'sent' or (${announcementRecipients.outcome} is null and ${announcementRecipients.deliveryId} is not null))`,
      ),
    )
  return rows.length > 0
}

/** The ids of recipients by what became of their message. */
export async function recipientsBy(
  tx: Tx,
  announcementId: number,
  outcomes: readonly ('sent' | 'failed' | 'unreachable' | 'capped' | 'held')[],
): Promise<number[]> {
  const rows = await tx.execute<{ person_id: string }>(sql`
    select person_id from ${announcementRecipients}
     where announcement_id = ${announcementId} and outcome = any(${sql.param([...outcomes])}::text[]) order by person_id`)
  return rows.map((row) => Number(row.person_id))
}

/** Who of `personIds` has got as many announcements on the local `today` as the cap allows. */
export async function cappedOf(
  tx: Tx,
  given: { personIds: readonly number[]; today: PlainDate; zone: string; cap: number; except: number },
): Promise<number[]> {
  if (given.cap <= 0) return [...given.personIds]
  const from = given.today.toZonedDateTime(given.zone).toInstant().toString()
  const rows = await tx.execute<{ person_id: string }>(sql`
    select r.person_id from ${announcementRecipients} r join ${announcements} a on a.id = r.announcement_id
     where r.person_id = any(${sql.param([...given.personIds])}::bigint[]) and a.id <> ${given.except}
       and a.sent_at >= ${from}::timestamptz and (r.outcome is null or r.outcome in ('sent', 'held'))
     group by r.person_id having count(*) >= ${given.cap}`)
  return rows.map((row) => Number(row.person_id))
}

/** When the same text was last sent since `since` to somebody of `personIds`; null where it was not. */
export async function sameSentSince(
  tx: Tx,
  given: { municipalityId: number; contentKey: string; since: Instant; personIds: readonly number[]; except: number },
): Promise<Instant | null> {
  const [row] = await tx
    .select({ sentAt: announcements.sentAt })
    .from(announcements)
    .where(
      and(
        eq(announcements.municipalityId, given.municipalityId),
        eq(announcements.contentKey, given.contentKey),
        ne(announcements.id, given.except),
        sql`${announcements.sentAt} >= ${given.since.toString()}::timestamptz`,
        sql`exists (select from ${announcementRecipients} r where r.announcement_id = ${announcements.id} and r.person_id = any(${sql.param([...given.personIds])}::bigint[]))`,
      ),
    )
    .limit(1)
  return row?.sentAt ?? null
}

/** Notes that people are told of `what`; gives those who had not been, in the order given. */
export async function noteOnce(
  tx: Tx,
  announcement: { id: number; municipalityId: number },
  personIds: readonly number[],
  what: string,
  at: Instant,
): Promise<number[]> {
  if (personIds.length === 0) return []
  const fresh = await tx
    .insert(announcementNotices)
    .values(
      personIds.map((personId) => ({
        municipalityId: announcement.municipalityId,
        announcementId: announcement.id,
        personId,
        what,
        at,
      })),
    )
    .onConflictDoNothing()
    .returning({ personId: announcementNotices.personId })
  const noted = new Set(fresh.map(({ personId }) => personId))
  return personIds.filter((personId) => noted.has(personId))
}

/** Whether a person was told of `what`. */
export async function wasAsked(tx: Tx, announcementId: number, personId: number, what: string): Promise<boolean> {
  const rows = await tx
    .select({ personId: announcementNotices.personId })
    .from(announcementNotices)
    .where(
      and(
        eq(announcementNotices.announcementId, announcementId),
        eq(announcementNotices.personId, personId),
        eq(announcementNotices.what, what),
      ),
    )
  return rows.length > 0
}

/** Where the coordinators' cards of an announcement are kept up to date. */
export async function cardsOf(
  tx: Tx,
  municipalityId: number,
  kind: string,
): Promise<{ personId: number; chat: string }[]> {
  const rows = await tx.execute<{ person_id: string; chat: string }>(
    sql`select person_id, chat from boards where municipality_id = ${municipalityId} and kind = ${kind}`,
  )
  return rows.map((row) => ({ personId: Number(row.person_id), chat: row.chat }))
}

/** Announcements that the minute's tick looks at: those whose time has come, and those whose sending is under way. Needs the program's own rights. */
export async function announcementsAtWork(
  tx: Tx,
  now: Instant,
): Promise<{ id: number; municipalityId: number; state: string }[]> {
  return tx
    .select({ id: announcements.id, municipalityId: announcements.municipalityId, state: announcements.state })
    .from(announcements)
    .where(
      sql`${announcements.state} = 'sending' or (${announcements.state} = 'scheduled' and ${announcements.sendAt} <= ${now.toString()}::timestamptz)`,
    )
}

/** Announcements that were sent, want answers and have a date or a deadline that is still to come at `now`. Needs the program's own rights. */
export async function announcementsAhead(tx: Tx, now: Instant): Promise<{ id: number; municipalityId: number }[]> {
  return tx
    .select({ id: announcements.id, municipalityId: announcements.municipalityId })
    .from(announcements)
    .where(
      sql`${announcements.sentAt} is not null and ${announcements.state} <> 'cancelled' and ${announcements.wantsAnswer}
        and (${announcements.answerUntil} > ${now.toString()}::timestamptz
          or exists (select from announcement_meetings m
                      where m.announcement_id = ${announcements.id} and not m.cancelled and m.starts_at > ${now.toString()}::timestamptz))`,
    )
    .orderBy(announcements.id)
}

/** What became of the message of each recipient; null while it waits. */
export async function recipientOutcomes(tx: Tx, announcementId: number): Promise<Map<number, string | null>> {
  const rows = await tx
    .select({ personId: announcementRecipients.personId, outcome: announcementRecipients.outcome })
    .from(announcementRecipients)
    .where(eq(announcementRecipients.announcementId, announcementId))
  return new Map(rows.map(({ personId, outcome }) => [personId, outcome]))
}
