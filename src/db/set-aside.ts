import { rawSql, type Tx } from './database.ts'

/** An update that was set aside, without anybody's words: what kind of update, from whom, how often it was tried, and why it failed. Moments are ISO texts in UTC. */
export type SetAsideUpdate = {
  messenger: string
  updateId: number
  /** As the messenger calls it: `message`, `callback_query` … */
  kind: string
  personId: number | null
  attempts: number
  failure: string
  receivedAt: string
}

/** The updates that were set aside after their last try and still are, newest first, at most `most`; without those of people who were forgotten, of which nothing is left. */
export async function setAsideUpdates(tx: Tx, most: number): Promise<SetAsideUpdate[]> {
  const rows = await rawSql(tx)<
    (Omit<SetAsideUpdate, 'updateId' | 'personId'> & { id: string; person: string | null })[]
  >`
    select i.messenger, i.update_id as id, a.person_id as person, i.attempts, coalesce(i.failure, 'unknown') as failure,
           coalesce((select min(key) from jsonb_object_keys(i.payload) key where key <> 'update_id'), 'unknown') as kind,
           to_char(i.received_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "receivedAt"
      from inbox i left join accounts a on a.messenger = i.messenger and a.address = i.chat
     where i.state = 'set-aside' and i.payload <> '{}' order by i.received_at desc, i.update_id desc limit ${most}`
  return rows.map(({ id, person, ...update }) => ({
    ...update,
    updateId: Number(id),
    personId: person === null ? null : Number(person),
  }))
}

/**
 * Has updates tried again that were set aside, as often as one that was left behind (four times); gives the numbers of those that will be. What is not set aside (any more) is left alone, so
 * asking twice has an update worked on once. `ids` null: all there are.
 */
export async function retrySetAside(tx: Tx, ids: readonly number[] | null): Promise<number[]> {
  const rows = await rawSql(tx)<{ id: string }[]>`
    update inbox set state = 'waiting', attempts = 0, failure = null, not_before = null
     where state = 'set-aside' and payload <> '{}' and (${ids === null}::boolean or update_id = any(${[...(ids ?? [])]}::bigint[]))
    returning update_id as id`
  return rows.map((row) => Number(row.id)).sort((left, right) => left - right)
}
