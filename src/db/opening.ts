import type { DeliverySubject } from '../delivery/delivery.ts'
import type { KnownPerson } from '../people/people.ts'
import { rawSql, type Tx } from './database.ts'
import { type Place, type PlaceJson, placeJson, placeOf } from './places.ts'

/** Where an update came from, and the message of ours that it is about, if any. */
export type Spot = { messenger: string; account: string; chat: string; messageId: number | null }

/** The opening of `spot`, asked for before the update itself was looked at. */
export type Ahead = { spot: Spot; opening: Opening }

/** What the bot waits for in a chat, and in which municipality. */
export type Waiting = { state: { kind: string }; municipalityId: number | null }

/**
 * What has to be known of an update before anything is done with it: who wrote, what the message of ours spoke of that was tapped or replied to, and what the bot waits for in
 * that chat. Each null where there is none. `inHand`: the message is newer than all that are known in that chat, and one is being sent there, which it may be.
 */
export type Opening = {
  person: KnownPerson | null
  /** The municipalities that the person belongs to. */
  places: Place[]
  spokenOf: { municipalityId: number | null; subject: DeliverySubject } | null
  waiting: Waiting | null
  inHand: boolean
}

/** The opening of an update, in one statement: every update begins with it. Needs the program's own rights. */
export async function openingOf(tx: Tx, { messenger, account, chat, messageId }: Spot): Promise<Opening> {
  const sql = rawSql(tx)
  const [row] = await sql<[Omit<Opening, 'places'> & { places: PlaceJson[] }]>`
    select (${personJson(tx, { messenger, address: account })}) as person,
           (select coalesce(json_agg(${placeJson(tx)}), '[]') from municipalities m
             where m.id in (select b.municipality_id from accounts a join memberships b on b.person_id = a.person_id and b.ended_at is null
                             where a.messenger = ${messenger} and a.address = ${account})) as places,
           (select json_build_object('municipalityId', municipality_id, 'subject', subject) from deliveries
             where messenger = ${messenger} and chat = ${chat} and message_id = ${messageId} order by id desc limit 1) as "spokenOf",
           (select json_build_object('municipalityId', municipality_id, 'state', state) from dialogs
             where messenger = ${messenger} and chat = ${chat}) as waiting,
           ${messageId}::bigint is not null
             and exists (select from deliveries where messenger = ${messenger} and chat = ${chat} and state = 'sending')
             and ${messageId}::bigint > coalesce((select max(message_id) from deliveries where messenger = ${messenger} and chat = ${chat}), 0) as "inHand"`
  return { ...row, places: row.places.map(placeOf) }
}

/** Whoever came through an invite and writes from this account, with what they are now in all municipalities; null for a stranger. */
export async function personAt(tx: Tx, at: { messenger: string; address: string }): Promise<KnownPerson | null> {
  const [row] = await rawSql(tx)<[{ person: KnownPerson | null }]>`select (${personJson(tx, at)}) as person`
  return row.person
}

function personJson(tx: Tx, { messenger, address }: { messenger: string; address: string }) {
  return rawSql(tx)`
    select json_build_object(
             'personId', p.id, 'accountId', a.id, 'fullName', p.full_name, 'consented', p.consented_at is not null,
             'activeMunicipalityId', a.active_municipality_id, 'reachable', a.state = 'reachable',
             'memberships', coalesce((
               select json_agg(json_build_object(
                        'municipalityId', m.municipality_id, 'organizationId', m.organization_id, 'organizationName', o.short_name, 'role', m.role) order by m.id)
                 from memberships m join organizations o on o.id = m.organization_id
                where m.person_id = p.id and m.ended_at is null), '[]'))
      from accounts a join persons p on p.id = a.person_id
     where a.messenger = ${messenger} and a.address = ${address} and p.erased_at is null`
}
