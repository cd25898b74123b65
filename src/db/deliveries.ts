import type { PendingQuery, Row, TransactionSql } from 'postgres'
import type { ClaimedDelivery, Settlement } from '../delivery/decide.ts'
import { type DeliveryContent, LANES, type Lane, type NewDelivery } from '../delivery/delivery.ts'
import {
  ANSWERS_AHEAD_SECONDS,
  BULK_AHEAD_SECONDS,
  CHAT_PACE,
  type ChatPace,
  secondsPerMessage,
} from '../delivery/pace.ts'
import { MESSAGE_LIMITS, messagesOf } from '../delivery/split.ts'
import { MOST_TRIES, TRIES_BESIDE_OTHERS } from '../kernel/tries.ts'
import { announceDeliveries, type Database, databaseOf, jsonText, rawSql, type Tx } from './database.ts'

const LANE_NAMES = Object.keys(LANES) as Lane[]
const ROWS_A_STATEMENT = 1000
/** What is noted of a delivery whose sender vanished: whether it was sent is unknown. */
const ENDED = 'the sending process ended'

type DeliveryRow = {
  municipality_id: number | null
  person_id: number | null
  messenger: string
  chat: string
  lane: number
  reason: string
  once_key: string | null
  content: DeliveryContent
  subject: object
}

/**
 * Queues messages in the transaction of the change that causes them, one statement for all: kept or lost with it. Screens of several messages become several rows.
 * Gives the id of each delivery in order; of a screen of several messages the last one's, which carries the text and the buttons; 0 where its `onceKey` was used before. Reminders and broadcasts also make a job `deliver` that wakes a sender of any replica; answers leave from this process right after the commit.
 */
export async function enqueueDeliveries(tx: Tx, deliveries: NewDelivery[]): Promise<number[]> {
  const rows = deliveries.map(rowsOf)
  const ids: number[] = []
  const flat = rows.flat()
  for (let from = 0; from < flat.length; from += ROWS_A_STATEMENT) {
    ids.push(...(await insertRows(tx, flat.slice(from, from + ROWS_A_STATEMENT))))
  }
  await hurryTargets(tx, deliveries)
  announceDeliveries(tx)
  for (const lane of new Set(deliveries.map((delivery) => delivery.lane))) await wakeSenders(tx, lane)
  let next = -1
  return rows.map((messages) => {
    next += messages.length
    return ids[next]!
  })
}

/** Whether queuing `deliveries` takes one statement and no more. */
export function isOneStatement(deliveries: NewDelivery[]): boolean {
  const rows = deliveries.reduce((sum, delivery) => sum + contentsOf(delivery).length, 0)
  return (
    rows <= ROWS_A_STATEMENT && deliveries.every(({ lane }) => lane === 'answer') && targetsOf(deliveries).length === 0
  )
}

/** A message for many people at once: `content` is sent over the line and stored once a row, by one statement. `onceKey` is made complete by each `chat`. */
export type Broadcast = Omit<NewDelivery, 'personId' | 'chat'> & { to: { personId: number | null; chat: string }[] }

/** Queues `broadcast` for everybody in `to`; gives how many rows were queued (those whose onceKey was used before are not). Screens of several messages as in `enqueueDeliveries`. */
export async function enqueueBroadcast(tx: Tx, broadcast: Broadcast): Promise<number> {
  const sql = rawSql(tx)
  let queued = 0
  for (const [part, content] of contentsOf(broadcast).entries()) {
    const once = broadcast.onceKey === undefined ? null : `${broadcast.onceKey}#${part}:`
    const inserted = await sql`
      with start as materialized (select next_turn(${broadcast.municipalityId}::bigint, ${LANES[broadcast.lane]}::int) as turn)
      insert into deliveries (municipality_id, person_id, messenger, chat, lane, turn, reason, once_key, content, subject)
      select ${broadcast.municipalityId}::bigint, p.person_id, ${broadcast.messenger}, p.chat, ${LANES[broadcast.lane]}::int, start.turn + p.place - 1,
             ${broadcast.reason}, ${once}::text || p.chat, ${jsonText(content)}::jsonb, ${jsonText(broadcast.subject ?? {})}::jsonb
        from start, unnest(${broadcast.to.map((one) => one.personId)}::bigint[], ${broadcast.to.map((one) => one.chat)}::text[]) with ordinality as p (person_id, chat, place)
          on conflict (once_key) where once_key is not null do nothing`
    queued += inserted.count
  }
  announceDeliveries(tx)
  await wakeSenders(tx, broadcast.lane)
  return queued
}

async function wakeSenders(tx: Tx, lane: Lane): Promise<void> {
  if (lane !== 'answer') await databaseOf(tx)?.wakeSenders?.(tx, lane)
}

function contentsOf(delivery: Pick<NewDelivery, 'content' | 'messenger'>): DeliveryContent[] {
  const { content } = delivery
  if (content.do !== 'send') return [content]
  return messagesOf(content.screen, MESSAGE_LIMITS[delivery.messenger]).map((screen) => ({ ...content, screen }))
}

function rowsOf(delivery: NewDelivery): DeliveryRow[] {
  const contents = contentsOf(delivery)
  return contents.map((content, part) => ({
    municipality_id: delivery.municipalityId,
    person_id: delivery.personId,
    messenger: delivery.messenger,
    chat: delivery.chat,
    lane: LANES[delivery.lane],
    reason: delivery.reason,
    once_key: onceKeyOf(delivery.onceKey, part === contents.length - 1 ? null : part),
    content,
    subject: delivery.subject ?? {},
  }))
}

/** The last message has the key itself, the files before it the key and their place. */
function onceKeyOf(key: string | undefined, part: number | null): string | null {
  if (key === undefined) return null
  return part === null ? key : `${key}#${part}`
}

async function insertRows(tx: Tx, rows: DeliveryRow[]): Promise<number[]> {
  const sql = rawSql(tx)
  const given = sql`
    json_to_recordset(${jsonText(rows)}::text::json) as (municipality_id bigint, person_id bigint, messenger text, chat text, lane int, reason text, once_key text, content jsonb, subject jsonb)`
  const inserted = await sql<{ id: string; once_key: string | null }[]>`
    ${rows.every((row) => row.lane === LANES.answer) ? withoutTurns(sql, given) : withTurns(sql, given)}
        on conflict (once_key) where once_key is not null do nothing
    returning id, once_key`
  const keyed = new Map(inserted.flatMap((row) => (row.once_key === null ? [] : [[row.once_key, Number(row.id)]])))
  const unkeyed = inserted.filter((row) => row.once_key === null).values()
  return rows.map((row) => (row.once_key === null ? Number(unkeyed.next().value!.id) : (keyed.get(row.once_key) ?? 0)))
}

/** Answers are sent in the order in which they come. */
function withoutTurns(sql: TransactionSql, given: PendingQuery<Row[]>): PendingQuery<Row[]> {
  return sql`
    insert into deliveries (municipality_id, person_id, messenger, chat, lane, turn, reason, once_key, content, subject)
    select municipality_id, person_id, messenger, chat, lane, 0, reason, once_key, content, subject from ${given}`
}

/** Of other messages each municipality takes its turns. */
function withTurns(sql: TransactionSql, given: PendingQuery<Row[]>): PendingQuery<Row[]> {
  return sql`
    with r as (
      select * from rows from (${given}) with ordinality
    ), starts as materialized (
      select municipality_id, lane, next_turn(municipality_id, lane) as turn from r where lane > 0 group by 1, 2
    )
    insert into deliveries (municipality_id, person_id, messenger, chat, lane, turn, reason, once_key, content, subject)
    select r.municipality_id, r.person_id, r.messenger, r.chat, r.lane,
           coalesce(s.turn + row_number() over (partition by r.municipality_id, r.lane order by r.ordinality) - 1, 0), r.reason, r.once_key, r.content, r.subject
      from r left join starts s on s.municipality_id is not distinct from r.municipality_id and s.lane = r.lane
     order by r.ordinality`
}

/** An edit of a message that is still queued waits for it; the message becomes as urgent as its edit, so that nothing behind the edit waits for a broadcast's end. */
async function hurryTargets(tx: Tx, deliveries: NewDelivery[]): Promise<void> {
  const targets = targetsOf(deliveries)
  if (targets.length === 0) return
  const sql = rawSql(tx)
  await sql`
    update deliveries d set lane = t.lane, turn = 0
      from json_to_recordset(${jsonText(targets)}::text::json) as t (id bigint, lane int)
     where d.id = t.id and d.state = 'queued' and d.lane > t.lane`
}

function targetsOf(deliveries: NewDelivery[]): { id: number; lane: number }[] {
  return deliveries.flatMap(({ content, lane }) =>
    content.do !== 'open-topic' && content.target && 'deliveryId' in content.target
      ? [{ id: content.target.deliveryId, lane: LANES[lane] }]
      : [],
  )
}

// --- the sender's side: what is due, and what became of it

export type ClaimOptions = {
  messenger: 'telegram'
  /** Messages a second over all replicas. */
  rate: number
  /** Deliveries at most. */
  most: number
  /** How long this process may keep them; afterwards their fate counts as unknown. */
  leaseSeconds: number
  /** Takes suspects (see kernel/tries.ts), those with the fewest tries first, instead of all others. */
  suspects?: boolean
  /** Telegram's own unless a test plays against a messenger without limits. */
  chatPace?: ChatPace
}

type ClaimedRow = {
  id: string
  municipality_id: string | null
  person_id: string | null
  chat: string
  lane: number
  reason: string
  content: DeliveryContent
  subject: ClaimedDelivery['subject']
  attempts: number
  uncertain: boolean
  target_message_id: string | null
  wait_ms: number
}

/**
 * Takes what may be sent next, most urgent first, in one statement that all replicas run one after the other: it books their places in the shared budget (`waitMs`) and in
 * the paces of their chats. A chat's deliveries come one at a time, in the order in which they were queued, an answer before what is less urgent; municipalities take turns.
 */
export async function claimDeliveries(database: Database, options: ClaimOptions): Promise<ClaimedDelivery[]> {
  const every = secondsPerMessage(options.rate)
  const { private: person, group } = options.chatPace ?? CHAT_PACE
  const suspects = options.suspects ?? false
  const { sql } = database
  const isSuspect = sql`q.uncertain and q.attempts >= ${TRIES_BESIDE_OTHERS} and q.failure = ${ENDED}`
  const rows = await sql<ClaimedRow[]>`
    with budget as materialized (
      select clock_timestamp() as at, greatest(free_at, clock_timestamp()) as free_at,
             set_config('synchronous_commit', 'off', true) -- what became of it is written through to the disk, and this before it
        from send_budgets where messenger = ${options.messenger} and lane = -1 for update
    ), lanes as materialized (
      select l.lane, least(${options.most}, floor(extract(epoch from b.at - b.free_at + l.ahead * interval '1 second') / ${every}::float8))::int as room
        from budget b, (values (0, ${ANSWERS_AHEAD_SECONDS}::float8), (1, ${BULK_AHEAD_SECONDS}::float8), (2, ${BULK_AHEAD_SECONDS}::float8)) as l (lane, ahead)
       where not exists (select from send_budgets w where w.messenger = ${options.messenger} and w.lane = l.lane and w.free_at > b.at)
    ), due as materialized (
      select d.id, d.lane, d.turn, l.room, d.weight
        from lanes l cross join lateral (
          select q.id, q.lane, q.turn, greatest(1, coalesce(jsonb_array_length(q.content #> '{screen,attachments}'), 1)) as weight
            from deliveries q
           where q.state = 'queued' and q.lane = l.lane and q.messenger = ${options.messenger}
             and ${suspects ? isSuspect : sql`(${isSuspect}) is not true`}
             and (q.not_before is null or q.not_before <= clock_timestamp())
             -- No joins from here on, also not by «exists»: each row's chat is looked up by its key, however few rows the planner takes a table for that has just been filled.
             and coalesce((
               select (p.closed_until is null or p.closed_until <= clock_timestamp()) and
                      p.free_at <= clock_timestamp() + interval '1 second' *
                        case when q.lane > 0 then 0 when q.chat like '-%' then ${group.answersAheadSeconds}::float8 else ${person.answersAheadSeconds}::float8 end
                 from chat_paces p where p.messenger = q.messenger and p.chat = q.chat), true)
             and (select true from deliveries e
                   where e.messenger = q.messenger and e.chat = q.chat and e.id <> q.id
                     and e.state in ('queued', 'sending') and (e.state = 'sending' or (e.lane, e.id) < (q.lane, q.id)) limit 1) is null
             and (select true from deliveries t
                   where q.content ? 'target' and t.id = (q.content #>> '{target,deliveryId}')::bigint and t.state in ('queued', 'sending')) is null
           order by ${suspects ? sql`q.attempts,` : sql``} q.turn, q.id
           limit l.room
             for update of q skip locked) d
       where l.room > 0
    ), placed as (
      select id, room, weight, sum(weight) over (order by lane, turn, id) - weight as place from due
    ), taken as materialized (
      select id, weight, place from placed where place < room
    ), claimed as (
      update deliveries d
         set state = 'sending', attempts = d.attempts + 1, claimed_until = clock_timestamp() + ${options.leaseSeconds}::float8 * interval '1 second'
       where d.id = any(array(select id from taken)) -- not a join: by their keys, and never by reading all that waits
      returning d.*
    ), spent as (
      update send_budgets s set free_at = b.free_at + (select sum(weight) from taken) * ${every}::float8 * interval '1 second'
        from budget b where s.messenger = ${options.messenger} and s.lane = -1 and exists (select from taken)
    ), paced as (
      insert into chat_paces (messenger, chat, free_at)
      select messenger, chat, clock_timestamp() + weight * interval '1 second' *
             case when chat like '-%' then ${group.everySeconds}::float8 else ${person.everySeconds}::float8 end
        from claimed join taken using (id)
          on conflict (messenger, chat) do update
         set free_at = greatest(chat_paces.free_at, clock_timestamp()) + (excluded.free_at - clock_timestamp())
    )
    select c.id, c.municipality_id, c.person_id, c.chat, c.lane, c.reason, c.content, c.subject, c.attempts, c.uncertain,
           coalesce((c.content #>> '{target,messageId}')::bigint, t.message_id) as target_message_id,
           (extract(epoch from b.free_at - b.at) * 1000 + p.place * ${every * 1000}::float8)::float8 as wait_ms
      from budget b, claimed c join taken p using (id) left join deliveries t on t.id = (c.content #>> '{target,deliveryId}')::bigint
     order by p.place`
  return rows.map((row) => toClaimed(row, options.messenger))
}

/**
 * Has all connections plan anew what they ask of the deliveries. A plan is kept; one that was made while the table was small reads all of it, and would go on doing so
 * when much is queued, until the server's own look at the statistics a minute or two later.
 */
export async function planClaimsAnew(database: Pick<Database, 'sql'>): Promise<void> {
  await database.sql`analyze deliveries`
}

function toClaimed(row: ClaimedRow, messenger: 'telegram'): ClaimedDelivery {
  return {
    id: Number(row.id),
    municipalityId: row.municipality_id === null ? null : Number(row.municipality_id),
    personId: row.person_id === null ? null : Number(row.person_id),
    messenger,
    chat: row.chat,
    lane: LANE_NAMES[row.lane]!,
    reason: row.reason,
    content: row.content,
    subject: row.subject,
    attempts: row.attempts,
    uncertain: row.uncertain,
    targetMessageId: row.target_message_id === null ? null : Number(row.target_message_id),
    waitMs: row.wait_ms,
  }
}

/**
 * Keeps what became of deliveries, one statement for all. A delivery that meanwhile was taken from this process (its lease ran out) is left alone.
 * An edit that had to be sent anew moves the delivery it was about to the new message.
 */
export async function settleDeliveries(database: Pick<Database, 'sql'>, settlements: Settlement[]): Promise<void> {
  if (settlements.length === 0) return
  const rows = settlements.map((one) => ({
    id: one.id,
    attempts: one.attempts,
    state: one.state,
    message_id: one.messageId,
    failure: one.failure,
    uncertain: one.uncertain,
    pause: one.notBeforeSeconds,
    counts: one.counts,
  }))
  await database.sql`
    with settled as (
      update deliveries d
         set state = s.state, claimed_until = null, uncertain = s.uncertain, failure = s.failure,
             attempts = case when s.counts then d.attempts else d.attempts - 1 end,
             message_id = coalesce(s.message_id, d.message_id),
             not_before = clock_timestamp() + s.pause * interval '1 second',
             sent_at = case when s.state = 'sent' then clock_timestamp() end
        from json_to_recordset(${jsonText(rows)}::text::json)
          as s (id bigint, attempts int, state text, message_id bigint, failure text, uncertain boolean, pause float8, counts boolean)
       where d.id = any(${settlements.map(({ id }) => id)}::bigint[]) -- said twice, so that nothing else is read
         and d.id = s.id and d.attempts = s.attempts and d.state = 'sending'
      returning d.content, d.message_id, d.state
    )
    update deliveries t set message_id = s.message_id
      from settled s
     where s.state = 'sent' and s.content ->> 'do' = 'edit' and t.id = (s.content #>> '{target,deliveryId}')::bigint
       and s.message_id is not null and t.message_id is distinct from s.message_id`
}

/** Closes a chat for `seconds`: the messenger said so. */
export async function closeChat(
  database: Pick<Database, 'sql'>,
  messenger: string,
  chat: string,
  seconds: number,
): Promise<void> {
  await database.sql`
    insert into chat_paces (messenger, chat, free_at, closed_until) values (${messenger}, ${chat}, now(), clock_timestamp() + ${seconds}::float8 * interval '1 second')
        on conflict (messenger, chat) do update set closed_until = greatest(chat_paces.closed_until, excluded.closed_until)`
}

/** Closes the lanes for `seconds`, over all replicas. */
export async function closeLanes(
  database: Pick<Database, 'sql'>,
  messenger: string,
  lanes: Lane[],
  seconds: number,
): Promise<void> {
  await database.sql`
    insert into send_budgets (messenger, lane, free_at)
    select ${messenger}, lane, clock_timestamp() + ${seconds}::float8 * interval '1 second' from unnest(${lanes.map((lane) => LANES[lane])}::int[]) lane
        on conflict (messenger, lane) do update set free_at = greatest(send_budgets.free_at, excluded.free_at)`
}

/** What the sweep found: deliveries of a process that vanished, to be repeated, or given up because it happened too often; and whether any suspects wait. */
export type Orphans = { repeated: number; givenUp: number; suspectsWait: boolean }

/**
 * Takes back deliveries whose lease ran out: whether they were sent is unknown, so they are repeated, once for each process that vanished. One that was in hand of as many as
 * there are tries goes to the dead list: it may be what ended them.
 */
export async function reclaimOrphans(database: Pick<Database, 'sql'>): Promise<Orphans> {
  const [found] = await database.sql<[Orphans]>`
    with orphans as (
      update deliveries
         set state = case when attempts >= ${MOST_TRIES} then 'dead' else 'queued' end, uncertain = true, claimed_until = null,
             failure = ${ENDED}
       where id in (select id from deliveries where state = 'sending' and claimed_until < clock_timestamp() for update skip locked)
      returning state, attempts
    )
    select count(*) filter (where state = 'queued')::int as repeated, count(*) filter (where state = 'dead')::int as "givenUp",
           coalesce(bool_or(state = 'queued' and attempts >= ${TRIES_BESIDE_OTHERS}), false)
             or exists (select from deliveries where state = 'queued' and uncertain and attempts >= ${TRIES_BESIDE_OTHERS} and failure = ${ENDED}) as "suspectsWait"
      from orphans`
  return found
}

/** Whether nothing is queued that is due already, or in hand of any replica. What waits out a failure is not due, nor is what stands behind it in its chat. */
export async function isSendingIdle(database: Pick<Database, 'sql'>): Promise<boolean> {
  const [row] = await database.sql<{ busy: boolean }[]>`
    select exists (select from deliveries where state = 'sending') or
           exists (select from deliveries q
                    where q.state = 'queued' and (q.not_before is null or q.not_before <= clock_timestamp())
                      and not exists (select from deliveries e
                                       where e.messenger = q.messenger and e.chat = q.chat and e.state = 'queued'
                                         and e.not_before > clock_timestamp() and (e.lane, e.id) < (q.lane, q.id))) as busy`
  return !row?.busy
}

/** Whether anything is queued at all. */
export async function isAnythingQueued(database: Pick<Database, 'sql'>): Promise<boolean> {
  const [row] = await database.sql<
    { any: boolean }[]
  >`select exists (select from deliveries where state = 'queued') as any`
  return row?.any ?? false
}
