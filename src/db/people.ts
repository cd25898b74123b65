import { and, asc, eq, gt, inArray, isNull, ne, sql } from 'drizzle-orm'
import type { PendingQuery, Row } from 'postgres'
import type { Role } from '../access/rights.ts'
import type { Instant, PlainDate } from '../kernel/clock.ts'
import { INVITE_DAYS, newInviteToken } from '../people/invite.ts'
import type { Invite, Municipality, Organization, OrganizationKind } from '../people/people.ts'
import { rawSql, type Tx } from './database.ts'
import { personAt } from './opening.ts'
import {
  accounts,
  consents,
  inviteAttempts,
  invites,
  memberships,
  municipalities,
  organizations,
  persons,
} from './schema/index.ts'

/** Where a messenger reaches somebody. */
export type Address = { messenger: string; address: string }

/** The municipality with this id. Throws where there is none: ids come from our own rows. */
export async function municipalityById(tx: Tx, municipalityId: number): Promise<Municipality> {
  const [row] = await tx.select().from(municipalities).where(eq(municipalities.id, municipalityId))
  if (!row) throw new Error(`there is no municipality ${municipalityId}`)
  return row
}

/** The municipalities with these ids. */
export async function municipalitiesByIds(tx: Tx, ids: readonly number[]): Promise<Municipality[]> {
  return tx
    .select()
    .from(municipalities)
    .where(sql`${municipalities.id} = any(${sql.param([...ids])}::bigint[])`)
}

/** The municipality with this name, or null. */
export async function municipalityByName(tx: Tx, name: string): Promise<Municipality | null> {
  const [row] = await tx.select().from(municipalities).where(eq(municipalities.name, name))
  return row ?? null
}

/** Makes a municipality with its department. The zone is an IANA name that the caller has checked. */
export async function createMunicipality(
  tx: Tx,
  given: { name: string; timezone: string; departmentName: string; now: Instant },
): Promise<{ municipality: Municipality; departmentId: number }> {
  const [municipality] = await tx
    .insert(municipalities)
    .values({ name: given.name, timezone: given.timezone, createdAt: given.now })
    .returning()
  if (!municipality) throw new Error('no municipality was made')
  const departmentId = await addOrganization(tx, {
    municipalityId: municipality.id,
    kind: 'department',
    name: given.departmentName,
    shortName: given.departmentName,
    now: given.now,
  })
  return { municipality, departmentId }
}

/** Adds an organization to the register; one of the same name is found instead. Gives its id. */
export async function addOrganization(
  tx: Tx,
  given: { municipalityId: number; kind: OrganizationKind; name: string; shortName: string; now: Instant },
): Promise<number> {
  const [row] = await tx
    .insert(organizations)
    .values({
      municipalityId: given.municipalityId,
      kind: given.kind,
      name: given.name,
      shortName: given.shortName,
      createdAt: given.now,
    })
    .onConflictDoUpdate({ target: [organizations.municipalityId, organizations.name], set: { archivedAt: null } })
    .returning({ id: organizations.id })
  if (!row) throw new Error('no organization was made')
  return row.id
}

/** The organizations of the register that are not archived: schools by name, or those of the given ids. */
export async function organizationsOfMunicipality(
  tx: Tx,
  municipalityId: number,
  filter: { kind?: OrganizationKind; ids?: number[] } = {},
): Promise<Organization[]> {
  return tx
    .select()
    .from(organizations)
    .where(
      and(
        eq(organizations.municipalityId, municipalityId),
        isNull(organizations.archivedAt),
        filter.kind ? eq(organizations.kind, filter.kind) : undefined,
        filter.ids ? inArray(organizations.id, filter.ids) : undefined,
      ),
    )
    .orderBy(asc(organizations.name))
}

/** Somebody who is told something: where each of their messengers reaches them. */
export type Recipient = {
  personId: number
  fullName: string
  accounts: { messenger: 'telegram'; address: string; reachable: boolean }[]
}

/** The people with one of `roles` in an organization (in any of the municipality where none is given), each once, by name. */
export async function peopleWithRoles(
  tx: Tx,
  municipalityId: number,
  roles: readonly Role[],
  organizationId?: number,
): Promise<Recipient[]> {
  const sql = rawSql(tx)
  // The roles each by itself: for a list, whose length it does not know, PostgreSQL would plan anew each time, which takes longer than to find the people.
  return recipientsWhere(
    tx,
    sql`p.id in (
      select person_id from memberships
       where municipality_id = ${municipalityId} and ended_at is null and role in ${sql([...roles])}
         ${organizationId === undefined ? sql`` : sql`and organization_id = ${organizationId}`})`,
  )
}

/** The curators of the school whose task this is, with their accounts. */
export async function curatorsOfTask(tx: Tx, taskId: number): Promise<Recipient[]> {
  return recipientsWhere(
    tx,
    rawSql(tx)`p.id in (
      select m.person_id from tasks t join memberships m on m.organization_id = t.organization_id and m.role = 'curator' and m.ended_at is null
       where t.id = ${taskId})`,
  )
}

/** The people with these ids, with their accounts. */
export async function recipientsByIds(tx: Tx, personIds: readonly number[]): Promise<Recipient[]> {
  if (personIds.length === 0) return []
  return recipientsWhere(tx, rawSql(tx)`p.id = any(${[...personIds]}::bigint[])`)
}

async function recipientsWhere(tx: Tx, condition: PendingQuery<Row[]>): Promise<Recipient[]> {
  const rows = await rawSql(tx)<(Omit<Recipient, 'personId'> & { id: string })[]>`
    select p.id, p.full_name as "fullName",
           (select coalesce(json_agg(json_build_object('messenger', a.messenger, 'address', a.address, 'reachable', a.state = 'reachable')), '[]')
              from accounts a where a.person_id = p.id) as accounts
      from persons p where p.erased_at is null and ${condition}
     order by p.full_name`
  return rows.map(({ id, ...recipient }) => ({ ...recipient, personId: Number(id) }))
}

/** Keeps an invite and gives its token, which is nowhere else: only its hash is stored. */
export async function createInvite(
  tx: Tx,
  given: {
    municipalityId: number
    organizationIds: number[]
    role: Role
    personName: string
    phone: string | null
    invitedById: number | null
    now: Instant
  },
): Promise<{ inviteId: number; token: string }> {
  const { token, hash } = newInviteToken()
  const [row] = await tx
    .insert(invites)
    .values({
      municipalityId: given.municipalityId,
      organizationIds: given.organizationIds,
      role: given.role,
      personName: given.personName,
      phone: given.phone,
      invitedById: given.invitedById,
      tokenHash: hash,
      expiresAt: given.now.add({ hours: 24 * INVITE_DAYS }),
      createdAt: given.now,
    })
    .returning({ id: invites.id })
  if (!row) throw new Error('no invite was made')
  return { inviteId: row.id, token }
}

/** The invite with this token's hash, or this id, or null; locked until the transaction ends. Needs the program's own rights. */
export async function findInvite(tx: Tx, by: { tokenHash: Uint8Array } | { id: number }): Promise<Invite | null> {
  const [row] = await tx
    .select({
      invite: invites,
      municipalityName: municipalities.name,
      inviterName: persons.fullName,
    })
    .from(invites)
    .innerJoin(municipalities, eq(municipalities.id, invites.municipalityId))
    .leftJoin(persons, eq(persons.id, invites.invitedById))
    .where('id' in by ? eq(invites.id, by.id) : eq(invites.tokenHash, by.tokenHash))
    .for('update', { of: invites })
  if (!row) return null
  const names = await tx
    .select({ id: organizations.id, name: organizations.shortName })
    .from(organizations)
    .where(inArray(organizations.id, row.invite.organizationIds))
  return {
    ...row.invite,
    municipalityName: row.municipalityName,
    inviterName: row.inviterName,
    organizationNames: names.map((organization) => organization.name),
  }
}

/** The ids of usable invites for this phone number, newest first. Needs the program's own rights. */
export async function invitesForPhone(tx: Tx, phone: string, now: Instant): Promise<number[]> {
  const rows = await tx
    .select({ id: invites.id })
    .from(invites)
    .where(and(eq(invites.phone, phone), isNull(invites.usedAt), isNull(invites.revokedAt), gt(invites.expiresAt, now)))
    .orderBy(sql`${invites.id} desc`)
  return rows.map((row) => row.id)
}

/** Lets the person of `invite` in: the person (found again by the account), the account, the consent to this municipality and the memberships. Gives the person's id. */
export async function acceptInvite(
  tx: Tx,
  invite: Invite,
  given: Address & { consentVersion: string; phone: string | null; now: Instant },
): Promise<number> {
  const known = await personAt(tx, given)
  const personId = known?.personId ?? (await createPerson(tx, invite, given))
  await tx
    .insert(memberships)
    .values(
      invite.organizationIds.map((organizationId) => ({
        municipalityId: invite.municipalityId,
        personId,
        organizationId,
        role: invite.role,
        since: given.now,
      })),
    )
    .onConflictDoNothing()
  await tx
    .insert(consents)
    .values({ municipalityId: invite.municipalityId, personId, version: given.consentVersion, givenAt: given.now })
    .onConflictDoNothing()
  await tx.update(accounts).set({ activeMunicipalityId: invite.municipalityId }).where(eq(accounts.personId, personId))
  await useUpInvite(tx, invite.id, personId, given.now)
  return personId
}

/** Marks an invite as used by `personId`. */
export async function useUpInvite(tx: Tx, inviteId: number, personId: number, now: Instant): Promise<void> {
  await tx.update(invites).set({ usedAt: now, usedById: personId }).where(eq(invites.id, inviteId))
}

async function createPerson(
  tx: Tx,
  invite: Invite,
  given: Address & { consentVersion: string; phone: string | null; now: Instant },
): Promise<number> {
  const [person] = await tx
    .insert(persons)
    .values({
      fullName: invite.personName,
      phone: given.phone,
      consentedAt: given.now,
      consentVersion: given.consentVersion,
      createdAt: given.now,
    })
    .returning({ id: persons.id })
  if (!person) throw new Error('no person was made')
  await tx.insert(accounts).values({
    messenger: given.messenger,
    address: given.address,
    personId: person.id,
    activeMunicipalityId: invite.municipalityId,
    createdAt: given.now,
  })
  return person.id
}

/** Notes a wrong token and gives how many there were lately, from this account and from all. Needs the program's own rights. */
export async function countWrongTokens(
  tx: Tx,
  { messenger, address }: Address,
  since: Instant,
): Promise<{ ofAccount: number; overall: number }> {
  const [row] = await tx
    .select({
      ofAccount: sql<number>`(count(*) filter (where ${inviteAttempts.messenger} = ${messenger} and ${inviteAttempts.address} = ${address}))::int`,
      overall: sql<number>`count(*)::int`,
    })
    .from(inviteAttempts)
    .where(gt(inviteAttempts.at, since))
  return row ?? { ofAccount: 0, overall: 0 }
}

/** Remembers that `address` tried a wrong token at `at`. */
export async function noteWrongToken(tx: Tx, { messenger, address }: Address, at: Instant): Promise<void> {
  await tx.insert(inviteAttempts).values({ messenger, address, at })
}

/** Ends what a person is in an organization (or in all of the municipality). Takes effect with the next update. */
export async function endMembership(
  tx: Tx,
  given: { municipalityId: number; personId: number; organizationId?: number; role?: Role; now: Instant },
): Promise<number> {
  const ended = await tx
    .update(memberships)
    .set({ endedAt: given.now })
    .where(
      and(
        eq(memberships.municipalityId, given.municipalityId),
        eq(memberships.personId, given.personId),
        isNull(memberships.endedAt),
        given.organizationId ? eq(memberships.organizationId, given.organizationId) : undefined,
        given.role ? eq(memberships.role, given.role) : undefined,
      ),
    )
    .returning({ id: memberships.id })
  return ended.length
}

/** A person's row in the coordinator's list: who, what, where, and whether the bot reaches them. */
export type PersonRow = {
  personId: number
  fullName: string
  role: Role
  organizationId: number
  organizationName: string
  reach: 'reachable' | 'blocked' | 'deactivated' | 'not-found' | 'none'
}

/** Everybody of the municipality by organization and name; of one organization where given. */
export async function peopleOfMunicipality(
  tx: Tx,
  municipalityId: number,
  organizationId?: number,
): Promise<PersonRow[]> {
  return tx
    .select({
      personId: persons.id,
      fullName: persons.fullName,
      role: memberships.role,
      organizationId: organizations.id,
      organizationName: organizations.shortName,
      reach: sql<
        PersonRow['reach']
      >`coalesce((select a.state from accounts a where a.person_id = ${persons.id} order by a.state = 'reachable' desc limit 1), 'none')`,
    })
    .from(memberships)
    .innerJoin(persons, eq(persons.id, memberships.personId))
    .innerJoin(organizations, eq(organizations.id, memberships.organizationId))
    .where(
      and(
        eq(memberships.municipalityId, municipalityId),
        isNull(memberships.endedAt),
        organizationId ? eq(memberships.organizationId, organizationId) : undefined,
      ),
    )
    .orderBy(asc(organizations.name), asc(persons.fullName))
}

/** Invites that nobody used yet and that are still good, newest first. */
export async function openInvites(tx: Tx, municipalityId: number, now: Instant) {
  return tx
    .select({
      id: invites.id,
      personName: invites.personName,
      role: invites.role,
      organizationIds: invites.organizationIds,
      expiresAt: invites.expiresAt,
    })
    .from(invites)
    .where(
      and(
        eq(invites.municipalityId, municipalityId),
        isNull(invites.usedAt),
        isNull(invites.revokedAt),
        gt(invites.expiresAt, now),
      ),
    )
    .orderBy(sql`${invites.id} desc`)
}

/** The name of the curators of a school, for the head's card; empty where it has none. */
export async function curatorNames(tx: Tx, organizationId: number): Promise<string[]> {
  const rows = await tx
    .select({ name: persons.fullName })
    .from(memberships)
    .innerJoin(persons, eq(persons.id, memberships.personId))
    .where(
      and(eq(memberships.organizationId, organizationId), eq(memberships.role, 'curator'), isNull(memberships.endedAt)),
    )
    .orderBy(asc(persons.fullName))
  return rows.map((row) => row.name)
}

/** Whether `personId` is away on `day`, and who stands in. */
export async function absenceOn(
  tx: Tx,
  municipalityId: number,
  personId: number,
  day: PlainDate,
): Promise<{ deputyId: number | null } | null> {
  const rows = await tx.execute<{ deputy_id: string | null }>(
    sql`select deputy_id from absences where municipality_id = ${municipalityId} and person_id = ${personId} and ${day.toString()}::date between from_day and until_day order by id desc limit 1`,
  )
  const [row] = rows
  return row ? { deputyId: row.deputy_id === null ? null : Number(row.deputy_id) } : null
}

/** The chats of other people than `personId` that hold one of `roles` in `organizationId`: who hears of what one of them did. */
export async function colleagues(
  tx: Tx,
  organizationId: number,
  roles: readonly Role[],
  personId: number,
): Promise<number[]> {
  const rows = await tx
    .selectDistinct({ personId: memberships.personId })
    .from(memberships)
    .where(
      and(
        eq(memberships.organizationId, organizationId),
        inArray(memberships.role, [...roles]),
        isNull(memberships.endedAt),
        ne(memberships.personId, personId),
      ),
    )
  return rows.map((row) => row.personId)
}

/** Who holds one of `roles` where in these municipalities: a row for each membership. */
export async function membershipsWithRoles(
  tx: Tx,
  municipalityIds: readonly number[],
  roles: readonly Role[],
): Promise<{ municipalityId: number; personId: number; role: Role; organizationId: number }[]> {
  return tx
    .select({
      municipalityId: memberships.municipalityId,
      personId: memberships.personId,
      role: memberships.role,
      organizationId: memberships.organizationId,
    })
    .from(memberships)
    .where(
      and(
        sql`${memberships.municipalityId} = any(${sql.param([...municipalityIds])}::bigint[])`,
        isNull(memberships.endedAt),
        inArray(memberships.role, [...roles]),
      ),
    )
}

/** Where a person belongs, one line a municipality. Needs the program's own rights. */
export async function rolesOfPerson(
  tx: Tx,
  personId: number,
): Promise<{ municipalityId: number; fullName: string; organizationName: string }[]> {
  return tx
    .selectDistinctOn([memberships.municipalityId], {
      municipalityId: memberships.municipalityId,
      fullName: persons.fullName,
      organizationName: organizations.shortName,
    })
    .from(memberships)
    .innerJoin(persons, eq(persons.id, memberships.personId))
    .innerJoin(organizations, eq(organizations.id, memberships.organizationId))
    .where(and(eq(memberships.personId, personId), isNull(memberships.endedAt)))
    .orderBy(memberships.municipalityId, memberships.id)
}
