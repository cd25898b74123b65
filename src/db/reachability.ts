import { rawSql, type Tx } from './database.ts'

export type Unreachable = 'blocked' | 'deactivated' | 'not-found'

/**
 * Notes that a chat cannot be written to and cancels what is still queued for it. Gives the person whom this cut off, where it was not known before:
 * null for a group, a stranger, or a person already known to be out of reach.
 */
export async function markUnreachable(
  tx: Tx,
  messenger: string,
  chat: string,
  why: Unreachable,
): Promise<{ personId: number } | null> {
  const sql = rawSql(tx)
  await sql`
    update deliveries set state = 'cancelled', failure = ${why}
     where messenger = ${messenger} and chat = ${chat} and state = 'queued'`
  await sql`update council_groups set state = 'left' where messenger = ${messenger} and chat = ${chat} and state = 'bound'`
  const [cutOff] = await sql<{ person_id: string }[]>`
    update accounts set state = ${why}, state_since = now()
     where messenger = ${messenger} and address = ${chat} and state = 'reachable'
    returning person_id`
  return cutOff ? { personId: Number(cutOff.person_id) } : null
}

/** Notes that a chat can be written to again. */
export async function markReachable(tx: Tx, messenger: string, chat: string): Promise<void> {
  await rawSql(tx)`
    update accounts set state = 'reachable', state_since = now()
     where messenger = ${messenger} and address = ${chat} and state <> 'reachable'`
}

/** A chat has got another id: everything that is to be sent there goes to the new one. */
export async function followChat(tx: Tx, messenger: string, from: string, to: string): Promise<void> {
  const sql = rawSql(tx)
  await sql`update deliveries set chat = ${to} where messenger = ${messenger} and chat = ${from} and state in ('queued', 'sending')`
  await sql`update boards set chat = ${to} where messenger = ${messenger} and chat = ${from}`
  await sql`update council_groups set chat = ${to} where messenger = ${messenger} and chat = ${from}`
  await sql`delete from dialogs where messenger = ${messenger} and chat = ${from}`
  await sql`
    update accounts set address = ${to} where messenger = ${messenger} and address = ${from}
       and not exists (select from accounts where messenger = ${messenger} and address = ${to})`
}
