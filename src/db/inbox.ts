import { MOST_TRIES, TRIES_BESIDE_OTHERS } from '../kernel/tries.ts'
import { type Database, jsonText, rawSql, type Tx } from './database.ts'

export type NewUpdate = { updateId: number; chat: string; payload: unknown }
export type WaitingUpdate = { updateId: number; payload: unknown; attempts: number; waitedSeconds: number }

/** Seconds before the second, third … try: together short enough that whoever waits in the chat is not left alone for long. */
const PAUSES_SECONDS = [0.2, 1, 4, 10]

/** The number of the lock that whoever works on a chat holds. */
const chatLock = (sql: Database['sql'] | ReturnType<typeof rawSql>, messenger: string, chat: string) =>
  sql`hashtextextended(${`${messenger}:${chat}`}, 0)`

/** Whether a try of an update ended without a word, after others that did not have their effect either. */
const isSuspect = (sql: Database['sql']) => sql`attempts >= ${TRIES_BESIDE_OTHERS} and failure is null`

/** Keeps updates, each once for all replicas and for ever after; gives the numbers of those that were new. */
export async function keepUpdates(database: Database, messenger: string, updates: NewUpdate[]): Promise<number[]> {
  const rows = updates.map(({ updateId, chat, payload }) => ({ update_id: updateId, chat, payload }))
  const kept = await database.sql<{ update_id: string }[]>`
    insert into inbox (messenger, update_id, chat, payload)
    select ${messenger}, update_id, chat, payload
      from json_to_recordset(${jsonText(rows)}::text::json) as r (update_id bigint, chat text, payload jsonb)
     order by update_id
        on conflict (messenger, update_id) do nothing
    returning update_id`
  return kept.map((row) => Number(row.update_id))
}

/**
 * Takes the oldest waiting update of a chat within `tx` and marks it done, which holds if `tx` is committed. Until then the chat is locked for all replicas.
 * `counted`: the number of the update whose try was counted before; null for one that was never tried. Null: nothing waits, the oldest waits out its failure, or it is not the one that was meant.
 */
export async function takeOldest(
  tx: Tx,
  messenger: string,
  chat: string,
  counted: number | null,
): Promise<WaitingUpdate | null> {
  const sql = rawSql(tx)
  // Two statements in one flight: the second sees what the holder of the lock before us committed.
  const [, rows] = await Promise.all([
    // The update itself is safely kept: should the server fall in this moment, its effects are made anew from it. So the commit need not wait for the disk.
    // «in_hand» lasts as long as the transaction, and the lock with it: outside any, where its beginning failed, nothing is taken.
    sql`select pg_advisory_xact_lock(${chatLock(sql, messenger, chat)}), set_config('synchronous_commit', 'off', true), set_config('app.in_hand', 'yes', true)`,
    sql<{ update_id: string; payload: unknown; attempts: number; waited: number }[]>`
      with oldest as (
        select messenger, update_id, not_before, attempts from inbox
         where messenger = ${messenger} and chat = ${chat} and state = 'waiting' order by update_id limit 1
      )
      update inbox i set state = 'done', done_at = now(),
             attempts = case when i.not_before is not null and i.failure is null then 0 else i.attempts end -- the tries of what was put back were no tries
        from oldest o
       where current_setting('app.in_hand', true) = 'yes' and i.messenger = o.messenger and i.update_id = o.update_id and (o.not_before is null or o.not_before <= now()) and case when ${counted === null} then o.attempts = 0 else o.update_id = ${counted} end
      returning i.update_id, i.payload, i.attempts, extract(epoch from now() - i.received_at)::float8 as waited`,
  ])
  const row = rows[0]
  if (!row) return null
  return { updateId: Number(row.update_id), payload: row.payload, attempts: row.attempts, waitedSeconds: row.waited }
}

/**
 * Counts a try of the chat's oldest update before it is made: should it end the process, that is known, as then no failure is noted. Sets the update aside when its tries are used up.
 * Null: there is no try to make. Nothing is due, another process has the chat in hand, or the update is a suspect and is not to be taken as what it is not (`suspect`).
 */
export async function countTry(
  database: Database,
  messenger: string,
  chat: string,
  suspect: boolean,
): Promise<{ updateId: number; setAside: false } | { updateId: number; setAside: true; payload: unknown } | null> {
  const [row] = await database.sql<{ update_id: string; state: string; payload: unknown }[]>`
    update inbox set attempts = greatest(attempts, 1) + 1, -- the first try is not counted beforehand
           state = case when attempts >= ${MOST_TRIES} then 'set-aside' else state end,
           failure = case when attempts >= ${MOST_TRIES} then coalesce(failure, 'the process ended') end
     where (messenger, update_id) = (
             select messenger, update_id from inbox where messenger = ${messenger} and chat = ${chat} and state = 'waiting' order by update_id limit 1)
       and state = 'waiting' and (not_before is null or not_before <= now()) and (${isSuspect(database.sql)}) = ${suspect}
       and (select pg_try_advisory_xact_lock(${chatLock(database.sql, messenger, chat)}))
    returning update_id, state, case when state = 'set-aside' then payload end as payload`
  if (!row) return null
  const updateId = Number(row.update_id)
  return row.state === 'set-aside' ? { updateId, setAside: true, payload: row.payload } : { updateId, setAside: false }
}

export type FailedTry = { attempts: number; setAside: boolean; pauseSeconds: number }

/**
 * Notes that a try failed: the update is tried again after a pause, or set aside after the last. `counted`: the try was counted before it was made. Null: it is done all the same, because its
 * commit was not heard of (the line broke), or another process has worked on it since; to try it again would have its effects twice.
 */
export async function noteFailure(
  database: Pick<Database, 'sql'>,
  messenger: string,
  updateId: number,
  failure: string,
  counted: boolean,
): Promise<FailedTry | null> {
  const [row] = await database.sql<{ attempts: number; state: string; pause: number }[]>`
    update inbox i set attempts = t.attempts, failure = ${failure}, not_before = now() + t.pause * interval '1 second',
           state = case when t.attempts >= ${MOST_TRIES} then 'set-aside' else 'waiting' end
      from (select messenger, update_id, attempts + ${counted ? 0 : 1}::int as attempts,
                   (${PAUSES_SECONDS}::float8[])[least(attempts + ${counted ? 0 : 1}::int, ${PAUSES_SECONDS.length}::int)] as pause
              from inbox where messenger = ${messenger} and update_id = ${updateId}) t
     where i.messenger = t.messenger and i.update_id = t.update_id and i.state = 'waiting'
    returning i.attempts, i.state, t.pause`
  return row ? { attempts: row.attempts, setAside: row.state === 'set-aside', pauseSeconds: row.pause } : null
}

/** Leaves an update that came too early for `seconds`. That is no failed try: one that was counted beforehand (`counted`) is taken off again. */
export async function putBack(
  database: Pick<Database, 'sql'>,
  messenger: string,
  updateId: number,
  { seconds, counted }: { seconds: number; counted: boolean },
): Promise<void> {
  await database.sql`
    update inbox set not_before = now() + ${seconds}::float8 * interval '1 second', attempts = attempts - ${counted ? 1 : 0}::int
     where messenger = ${messenger} and update_id = ${updateId} and state = 'waiting'`
}

/** A chat whose oldest update waits and is due; `suspect`: see kernel/tries.ts. */
export type LeftWaiting = { chat: string; suspect: boolean }

/** Of each kind at most; the next look finds the others. */
const MOST_CHATS_A_LOOK = 200

/** What waits of this process's failures, or of a process that ended: by how long it has waited; suspects last, those with the fewest tries first. */
export function chatsLeftWaiting(
  database: Pick<Database, 'sql'>,
  messenger: string,
  olderThanSeconds: number,
): Promise<LeftWaiting[]> {
  return database.sql<LeftWaiting[]>`
    select chat, suspect from (
      select chat, suspect, row_number() over (partition by suspect order by case when suspect then attempts end, received_at) as place from (
        select distinct on (chat) chat, not_before, received_at, attempts, ${isSuspect(database.sql)} as suspect from inbox
         where messenger = ${messenger} and state = 'waiting' order by chat, update_id
      ) oldest
       where coalesce(not_before, received_at + ${olderThanSeconds}::float8 * interval '1 second') <= now()
    ) due
     where place <= ${MOST_CHATS_A_LOOK} order by suspect, place`
}

/** Keeps of an update in hand no more than its number: it is of somebody who has not agreed to anything. */
export async function forgetUpdate(
  tx: Tx,
  { messenger, updateId }: { messenger: string; updateId: number },
): Promise<void> {
  await rawSql(tx)`
    update inbox set payload = '{}', chat = 'forgotten', failure = null where messenger = ${messenger} and update_id = ${updateId} and state = 'done'`
}

/** Whether no update waits but those that wait out a failure. */
export async function isInboxIdle(database: Pick<Database, 'sql'>): Promise<boolean> {
  const [row] = await database.sql<{ busy: boolean }[]>`
    select exists (select from inbox where state = 'waiting' and (failure is null or not_before <= now())) as busy`
  return !row?.busy
}
