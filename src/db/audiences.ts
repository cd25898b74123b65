import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import { ROLES } from '../access/rights.ts'
import { type Register, schoolKindOf } from '../announcements/audience.ts'
import type { Instant } from '../kernel/clock.ts'
import type { Tx } from './database.ts'
import { membershipsWithRoles } from './people.ts'
import { schoolsOf } from './register.ts'
import {
  accounts,
  audienceGroupMembers,
  audienceGroups,
  invites,
  memberships,
  organizations,
  persons,
} from './schema/index.ts'

export type Group = { id: number; name: string; personIds: number[] }

/** What audiences are found in, of the municipality as it is now. */
export async function audienceRegister(tx: Tx, municipalityId: number): Promise<Register> {
  const schools = await schoolsOf(tx, municipalityId)
  return {
    memberships: await membershipsWithRoles(tx, [municipalityId], ROLES),
    schools: schools.map((school) => ({ id: school.id, kind: schoolKindOf(school) })),
    groups: await groupsOf(tx, municipalityId),
  }
}

/** The named groups that coordinators keep, by name. */
export async function groupsOf(tx: Tx, municipalityId: number): Promise<Group[]> {
  const groups = await tx
    .select({ id: audienceGroups.id, name: audienceGroups.name })
    .from(audienceGroups)
    .where(eq(audienceGroups.municipalityId, municipalityId))
    .orderBy(asc(audienceGroups.name))
  const members = await tx
    .select({ groupId: audienceGroupMembers.groupId, personId: audienceGroupMembers.personId })
    .from(audienceGroupMembers)
    .where(eq(audienceGroupMembers.municipalityId, municipalityId))
  return groups.map((group) => ({
    ...group,
    personIds: members.filter(({ groupId }) => groupId === group.id).map(({ personId }) => personId),
  }))
}

/** Makes a group, or finds the one of this name; gives its id. */
export async function makeGroup(tx: Tx, municipalityId: number, name: string, now: Instant): Promise<number> {
  const [row] = await tx
    .insert(audienceGroups)
    .values({ municipalityId, name, createdAt: now })
    .onConflictDoUpdate({ target: [audienceGroups.municipalityId, audienceGroups.name], set: { name } })
    .returning({ id: audienceGroups.id })
  if (!row) throw new Error('no group was made')
  return row.id
}

/** Takes a person into a group or out of it. */
export async function setMember(
  tx: Tx,
  of: { municipalityId: number; groupId: number; personId: number },
  isMember: boolean,
): Promise<void> {
  if (isMember) await tx.insert(audienceGroupMembers).values(of).onConflictDoNothing()
  else
    await tx
      .delete(audienceGroupMembers)
      .where(and(eq(audienceGroupMembers.groupId, of.groupId), eq(audienceGroupMembers.personId, of.personId)))
}

/** Removes a group; the people stay. */
export async function removeGroup(tx: Tx, municipalityId: number, groupId: number): Promise<void> {
  await tx
    .delete(audienceGroups)
    .where(and(eq(audienceGroups.municipalityId, municipalityId), eq(audienceGroups.id, groupId)))
}

/** A person as lists of an announcement show them: `chat` null where no message reaches them. */
export type Listed = {
  personId: number
  fullName: string
  phone: string | null
  organizations: string
  chat: string | null
}

/** Everybody of the municipality, each once, by organization and name. */
export async function listedPeople(tx: Tx, municipalityId: number): Promise<Listed[]> {
  const rows = await tx
    .select({
      personId: persons.id,
      fullName: persons.fullName,
      phone: persons.phone,
      organizations: sql<string>`string_agg(distinct ${organizations.shortName}, ', ')`,
      chat: sql<
        string | null
      >`(select a.address from ${accounts} a where a.person_id = ${persons.id} and a.state = 'reachable' order by a.id limit 1)`,
    })
    .from(memberships)
    .innerJoin(persons, and(eq(persons.id, memberships.personId), isNull(persons.erasedAt)))
    .innerJoin(organizations, eq(organizations.id, memberships.organizationId))
    .where(and(eq(memberships.municipalityId, municipalityId), isNull(memberships.endedAt)))
    .groupBy(persons.id, persons.fullName, persons.phone)
  return rows.sort(
    (left, right) =>
      left.organizations.localeCompare(right.organizations, 'ru', { numeric: true }) ||
      left.fullName.localeCompare(right.fullName, 'ru'),
  )
}

/** Somebody who was invited to a role that an audience names and has not come in yet: to be rung. */
export type Absent = { name: string; phone: string | null; organizations: string }

/** The open invites to `roles` (in `organizationIds` where given), by name. */
export async function invitedOnly(
  tx: Tx,
  given: { municipalityId: number; roles: readonly string[]; organizationIds: readonly number[] | null },
): Promise<Absent[]> {
  const rows = await tx
    .select({
      name: invites.personName,
      phone: invites.phone,
      role: invites.role,
      organizationIds: invites.organizationIds,
      organizations: sql<string>`(select string_agg(o.short_name, ', ' order by o.short_name) from organizations o where o.id = any(${invites.organizationIds}))`,
    })
    .from(invites)
    .where(and(eq(invites.municipalityId, given.municipalityId), isNull(invites.usedAt), isNull(invites.revokedAt)))
    .orderBy(asc(invites.personName))
  return rows.filter(
    (row) =>
      given.roles.includes(row.role) &&
      (given.organizationIds === null || row.organizationIds.some((id) => given.organizationIds?.includes(id))),
  )
}
