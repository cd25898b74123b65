import { rawSql, type Tx } from './database.ts'

/** A delivery that was given up, without its words: whose it was, why it was to be sent, and why it was not. Moments are ISO texts in UTC. */
export type DeadDelivery = {
  id: number
  municipalityId: number | null
  municipality: string | null
  personId: number | null
  lane: 'answer' | 'reminder' | 'broadcast'
  reason: string
  attempts: number
  failure: string
  /** It may have arrived all the same: its fate was unknown. */
  uncertain: boolean
  queuedAt: string
}

type DeadRow = {
  id: string
  municipality_id: string | null
  municipality: string | null
  person_id: string | null
  lane: DeadDelivery['lane']
  reason: string
  attempts: number
  failure: string | null
  uncertain: boolean
  queued_at: string
}

/** The dead list: every delivery that was given up and still is, newest first, at most `most`; of one municipality where it is given. */
export async function deadDeliveries(
  tx: Tx,
  given: { municipalityId: number | null; most: number },
): Promise<DeadDelivery[]> {
  const rows = await rawSql(tx)<DeadRow[]>`
    select d.id, d.municipality_id, m.name as municipality, d.person_id, (array['answer', 'reminder', 'broadcast'])[d.lane + 1] as lane, d.reason, d.attempts, d.failure, d.uncertain,
           to_char(d.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as queued_at
      from deliveries d left join municipalities m on m.id = d.municipality_id
     where d.state = 'dead' and (${given.municipalityId}::bigint is null or d.municipality_id = ${given.municipalityId})
     order by d.id desc limit ${given.most}`
  return rows.map((row) => ({
    id: Number(row.id),
    municipalityId: row.municipality_id === null ? null : Number(row.municipality_id),
    municipality: row.municipality,
    personId: row.person_id === null ? null : Number(row.person_id),
    lane: row.lane,
    reason: row.reason,
    attempts: row.attempts,
    failure: row.failure ?? 'unknown',
    uncertain: row.uncertain,
    queuedAt: row.queued_at,
  }))
}

/**
 * Puts dead deliveries back into the queue, with all their tries; gives the ids of those that were. The row is the message: whatever is not dead (any more) is left alone, so asking twice
 * sends once. `ids` null: all of `municipalityId`, or all there are. What is not wanted any more by now is cancelled when its turn comes, as ever.
 */
export async function resendDeliveries(
  tx: Tx,
  given: { ids: readonly number[] | null; municipalityId: number | null },
): Promise<number[]> {
  const rows = await rawSql(tx)<{ id: string }[]>`
    update deliveries set state = 'queued', attempts = 0, uncertain = false, not_before = null, claimed_until = null
     where state = 'dead'
       and (${given.ids === null}::boolean or id = any(${[...(given.ids ?? [])]}::bigint[]))
       and (${given.municipalityId}::bigint is null or municipality_id = ${given.municipalityId})
    returning id`
  return rows.map((row) => Number(row.id)).sort((left, right) => left - right)
}
