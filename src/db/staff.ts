import { and, eq, inArray, isNull, ne } from 'drizzle-orm'
import type { Role } from '../access/rights.ts'
import type { Instant } from '../kernel/clock.ts'
import { ok, type Result, refuse } from '../kernel/result.ts'
import type { Tx } from './database.ts'
import { revokeInvitesBy } from './invitations.ts'
import { lockRegister } from './register.ts'
import { memberships, organizations, persons } from './schema/index.ts'

/** What a person is in the municipality of the transaction, for the coordinator's card. */
export type StaffCard = {
  personId: number
  fullName: string
  phone: string | null
  since: Instant
  roles: { role: Role; organizationIds: number[]; organizationNames: string[] }[]
}

export type StaffRefusal = { code: 'last-coordinator' } | { code: 'not-a-member' }

/** Everybody's roles of one person in this municipality; null where they have none there. */
export async function staffCard(tx: Tx, municipalityId: number, personId: number): Promise<StaffCard | null> {
  const rows = await tx
    .select({
      personId: persons.id,
      fullName: persons.fullName,
      phone: persons.phone,
      role: memberships.role,
      since: memberships.since,
      organizationId: organizations.id,
      organizationName: organizations.shortName,
    })
    .from(memberships)
    .innerJoin(persons, eq(persons.id, memberships.personId))
    .innerJoin(organizations, eq(organizations.id, memberships.organizationId))
    .where(
      and(
        eq(memberships.municipalityId, municipalityId),
        eq(memberships.personId, personId),
        isNull(memberships.endedAt),
        isNull(persons.erasedAt),
      ),
    )
    .orderBy(memberships.role, organizations.name)
  const [first] = rows
  if (!first) return null
  const roles = [...new Set(rows.map((row) => row.role))].map((role) => {
    const own = rows.filter((row) => row.role === role)
    return {
      role,
      organizationIds: own.map((row) => row.organizationId),
      organizationNames: own.map((row) => row.organizationName),
    }
  })
  const { fullName, phone, since } = first
  return { personId, fullName, phone, since, roles }
}

/**
 * Makes `organizationIds` all the organizations in which a person has `role`: none ends the role. Takes effect with the next update. The
 * municipality keeps a coordinator; the schools keep their tasks. Gives how many memberships began and ended.
 */
export async function setRole(
  tx: Tx,
  given: { municipalityId: number; personId: number; role: Role; organizationIds: readonly number[]; now: Instant },
): Promise<Result<{ begun: number; ended: number }, StaffRefusal>> {
  await lockRegister(tx, given.municipalityId)
  const present = await openMemberships(tx, given.municipalityId, given.personId)
  if (present.length === 0) return refuse({ code: 'not-a-member' })
  const ofRole = present.filter((row) => row.role === given.role)
  const leaving = ofRole.filter((row) => !given.organizationIds.includes(row.organizationId))
  const missing = given.organizationIds.filter((id) => !ofRole.some((row) => row.organizationId === id))
  if (given.role === 'coordinator' && given.organizationIds.length === 0 && ofRole.length > 0) {
    if (!(await hasOtherCoordinator(tx, given.municipalityId, given.personId)))
      return refuse({ code: 'last-coordinator' })
  }
  if (missing.length > 0)
    await tx
      .insert(memberships)
      .values(
        missing.map((organizationId) => ({
          municipalityId: given.municipalityId,
          personId: given.personId,
          organizationId,
          role: given.role,
          since: given.now,
        })),
      )
      .onConflictDoNothing()
  await endThese(
    tx,
    leaving.map((row) => row.id),
    given.now,
  )
  if (given.role === 'head' && given.organizationIds.length === 0)
    await revokeInvitesBy(tx, { ...given, role: 'deputy' })
  return ok({ begun: missing.length, ended: leaving.length })
}

/** Lets go of a person: all they are in this municipality ends now. Their open tasks stay with the schools, a second coordinator must remain. Gives how many memberships ended. */
export async function letGo(
  tx: Tx,
  given: { municipalityId: number; personId: number; now: Instant },
): Promise<Result<{ ended: number }, StaffRefusal>> {
  await lockRegister(tx, given.municipalityId)
  const present = await openMemberships(tx, given.municipalityId, given.personId)
  if (present.length === 0) return refuse({ code: 'not-a-member' })
  const coordinates = present.some((row) => row.role === 'coordinator')
  if (coordinates && !(await hasOtherCoordinator(tx, given.municipalityId, given.personId)))
    return refuse({ code: 'last-coordinator' })
  await endThese(
    tx,
    present.map((row) => row.id),
    given.now,
  )
  await revokeInvitesBy(tx, { ...given, role: 'deputy' })
  return ok({ ended: present.length })
}

/** Whether somebody else than `personId` coordinates the municipality. */
export async function hasOtherCoordinator(tx: Tx, municipalityId: number, personId: number): Promise<boolean> {
  const rows = await tx
    .select({ id: memberships.id })
    .from(memberships)
    .where(
      and(
        eq(memberships.municipalityId, municipalityId),
        eq(memberships.role, 'coordinator'),
        isNull(memberships.endedAt),
        ne(memberships.personId, personId),
      ),
    )
    .limit(1)
  return rows.length > 0
}

async function openMemberships(tx: Tx, municipalityId: number, personId: number) {
  return tx
    .select({ id: memberships.id, role: memberships.role, organizationId: memberships.organizationId })
    .from(memberships)
    .where(
      and(
        eq(memberships.municipalityId, municipalityId),
        eq(memberships.personId, personId),
        isNull(memberships.endedAt),
      ),
    )
    .for('update')
}

async function endThese(tx: Tx, ids: readonly number[], now: Instant): Promise<void> {
  if (ids.length > 0)
    await tx
      .update(memberships)
      .set({ endedAt: now })
      .where(inArray(memberships.id, [...ids]))
}
