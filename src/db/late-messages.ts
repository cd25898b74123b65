import type { ClaimedDelivery } from '../delivery/decide.ts'
import { rawSql, type Tx } from './database.ts'

/** The next queued message of the same reason to the same person in the same municipality. */
async function nextOf(tx: Tx, late: ClaimedDelivery): Promise<{ id: number; subject: Record<string, unknown> } | null> {
  const [row] = await rawSql(tx)<{ id: string; subject: Record<string, unknown> }[]>`
    select id, subject from deliveries
     where messenger = ${late.messenger} and chat = ${late.chat} and state = 'queued' and reason = ${late.reason}
       and municipality_id = ${late.municipalityId} and id > ${late.id}
     order by id limit 1 for update`
  return row ? { id: Number(row.id), subject: row.subject } : null
}

/** Whether a newer message of the same reason waits for the same person: a digest of last week says nothing beside this week's. */
export async function isOutdated(tx: Tx, late: ClaimedDelivery): Promise<boolean> {
  return (await nextOf(tx, late)) !== null
}

/**
 * Puts what a message speaks of into the next one of its reason that waits for the same person: the ids in `lists` of its subject, those of the next one first. That one is marked as `gathered`, and counts as
 * the message of the reminders. False where nothing waits behind it.
 */
export async function handOver(tx: Tx, late: ClaimedDelivery, lists: string[]): Promise<boolean> {
  const next = await nextOf(tx, late)
  if (!next) return false
  const gathered = Object.fromEntries(
    lists.flatMap((list) => {
      const ids = [...new Set([...idsIn(next.subject[list]), ...idsIn(late.subject[list])])]
      return ids.length > 0 ? [[list, ids]] : []
    }),
  )
  const sql = rawSql(tx)
  await sql`
    update deliveries set subject = ${JSON.stringify({ ...next.subject, ...gathered, gathered: true })}::text::jsonb where id = ${next.id}`
  await sql`update reminders set delivery_id = ${next.id} where person_id = ${late.personId} and delivery_id = ${late.id}`
  return true
}

function idsIn(value: unknown): number[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'number') : []
}
