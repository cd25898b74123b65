import { and, eq, gt, isNull, sql } from 'drizzle-orm'
import type { Role } from '../access/rights.ts'
import type { Instant } from '../kernel/clock.ts'
import { INVITE_DAYS, newInviteToken } from '../people/invite.ts'
import { nameKey } from '../people/names.ts'
import { type ListedPerson, sameInvite } from '../people/person-list.ts'
import type { Tx } from './database.ts'
import { createInvite, peopleOfMunicipality } from './people.ts'
import { lockRegister } from './register.ts'
import { invites } from './schema/index.ts'

export type InviteRow = typeof invites.$inferSelect

/** Who is to be invited to what. */
export type Wanted = Omit<ListedPerson, 'line'>

/** What became of a wish to invite: a new invite with its token, or what makes it needless. */
export type Invited =
  | { kind: 'invited'; inviteId: number; token: string; expiresAt: Instant }
  | { kind: 'open'; inviteId: number }
  | { kind: 'inside'; personId: number }

/**
 * Invites people, each once: whoever has an open invite to the same role and place, or is there already under that name, gets no second one.
 * Two lists sent at the same moment wait for each other. Gives what became of each, in order. `despiteInside`: the coordinator knows of the namesake.
 */
export async function invitePeople(
  tx: Tx,
  given: {
    municipalityId: number
    invitedById: number | null
    wanted: readonly Wanted[]
    now: Instant
    despiteInside?: boolean
  },
): Promise<Invited[]> {
  const { municipalityId, invitedById, now } = given
  await lockRegister(tx, municipalityId)
  const open = new Map(
    (await openInviteRows(tx, municipalityId, now)).map((row) => [
      sameInvite(row.personName, row.role, row.organizationIds),
      row.id,
    ]),
  )
  const inside = await peopleOfMunicipality(tx, municipalityId)
  const results: Invited[] = []
  for (const one of given.wanted) {
    const key = sameInvite(one.name, one.role, one.organizationIds)
    const openId = open.get(key)
    const there = one.organizationIds.map((organizationId) =>
      inside.find(
        (row) =>
          row.role === one.role && row.organizationId === organizationId && nameKey(row.fullName) === nameKey(one.name),
      ),
    )
    if (openId !== undefined) results.push({ kind: 'open', inviteId: openId })
    else if (!given.despiteInside && there[0] && there.every((row) => row !== undefined))
      results.push({ kind: 'inside', personId: there[0].personId })
    else {
      const made = await createInvite(tx, {
        municipalityId,
        organizationIds: one.organizationIds,
        role: one.role,
        personName: one.name,
        phone: one.phone,
        invitedById,
        now,
      })
      open.set(key, made.inviteId)
      results.push({ kind: 'invited', ...made, expiresAt: now.add({ hours: 24 * INVITE_DAYS }) })
    }
  }
  return results
}

/** The invites of `municipalityId` that can still be used, newest first. */
export async function openInviteRows(tx: Tx, municipalityId: number, now: Instant): Promise<InviteRow[]> {
  return tx
    .select()
    .from(invites)
    .where(and(eq(invites.municipalityId, municipalityId), isOpen(), gt(invites.expiresAt, now)))
    .orderBy(sql`${invites.id} desc`)
}

/** The invite with this id in the transaction's municipality, locked; null where there is none. */
export async function lockInvite(tx: Tx, inviteId: number): Promise<InviteRow | null> {
  const [row] = await tx.select().from(invites).where(eq(invites.id, inviteId)).for('update')
  return row ?? null
}

/** Gives an unused invite a new link and a new term: the old link ends. Null where it was used or revoked. */
export async function renewInvite(
  tx: Tx,
  invite: InviteRow,
  now: Instant,
): Promise<{ token: string; expiresAt: Instant } | null> {
  const { token, hash } = newInviteToken()
  const expiresAt = now.add({ hours: 24 * INVITE_DAYS })
  const renewed = await tx
    .update(invites)
    .set({ tokenHash: hash, expiresAt })
    .where(and(eq(invites.id, invite.id), isOpen()))
    .returning({ id: invites.id })
  return renewed.length > 0 ? { token, expiresAt } : null
}

/** Ends an unused invite; false where it was used or ended already. */
export async function revokeInvite(tx: Tx, invite: InviteRow, now: Instant): Promise<boolean> {
  const revoked = await tx
    .update(invites)
    .set({ revokedAt: now })
    .where(and(eq(invites.id, invite.id), isOpen()))
    .returning({ id: invites.id })
  return revoked.length > 0
}

/** Ends the unused invites that `personId` made to `role`: a head who leaves takes nobody along. Gives how many. */
export async function revokeInvitesBy(
  tx: Tx,
  given: { municipalityId: number; personId: number; role: Role; now: Instant },
): Promise<number> {
  const revoked = await tx
    .update(invites)
    .set({ revokedAt: given.now })
    .where(
      and(
        eq(invites.municipalityId, given.municipalityId),
        eq(invites.invitedById, given.personId),
        eq(invites.role, given.role),
        isOpen(),
      ),
    )
    .returning({ id: invites.id })
  return revoked.length
}

const isOpen = () => and(isNull(invites.usedAt), isNull(invites.revokedAt))
