import { and, desc, eq } from 'drizzle-orm'
import type { Tx } from '../db/database.ts'
import { deliveries } from '../db/schema/index.ts'
import { changedByMessage } from '../db/task-lists.ts'
import type { DeliverySubject } from '../delivery/delivery.ts'
import type { KnownPerson } from '../people/people.ts'
import type { Incoming } from './incoming.ts'

/** The delivery whose message was tapped or replied to: its municipality is the one that the answer belongs to. */
export async function messageSpokenOf(
  tx: Tx,
  incoming: Incoming,
): Promise<{ municipalityId: number | null; subject: DeliverySubject } | null> {
  const caused = await causedByEdited(tx, incoming)
  if (caused) return caused
  const messageId =
    incoming.kind === 'tap'
      ? incoming.messageId
      : incoming.kind === 'text' || incoming.kind === 'file'
        ? incoming.replyTo
        : null
  if (messageId === null) return null
  const [row] = await tx
    .select({ municipalityId: deliveries.municipalityId, subject: deliveries.subject })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.messenger, incoming.messenger),
        eq(deliveries.chat, incoming.chat),
        eq(deliveries.messageId, messageId),
      ),
    )
    .orderBy(desc(deliveries.id))
    .limit(1)
  return row ?? null
}

/** An edited message is about the tasks that it changed when it came. */
async function causedByEdited(tx: Tx, incoming: Incoming) {
  if (incoming.kind !== 'text' || !incoming.edited) return null
  const changed = await changedByMessage(tx, incoming)
  if (!changed) return null
  const { municipalityId, taskIds, said } = changed
  return { municipalityId, subject: { tasks: taskIds, caused: true, said } }
}

/** The municipality that an update belongs to: that of the message, else the one that the person chose, else their first. */
export function municipalityOf(person: KnownPerson, ofMessage: number | null): number {
  const own = person.memberships.map((membership) => membership.municipalityId)
  const wanted = [ofMessage, person.activeMunicipalityId].find(
    (candidate) => candidate !== null && own.includes(candidate),
  )
  const municipalityId = wanted ?? own[0]
  if (municipalityId === undefined) throw new Error(`person ${person.personId} has no membership`)
  return municipalityId
}
