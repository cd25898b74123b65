import { and, asc, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm'
import type { Instant, PlainDate } from '../kernel/clock.ts'
import { ok, type Result, refuse } from '../kernel/result.ts'
import { organizationKey } from '../people/school-names.ts'
import type { Tx } from './database.ts'
import { invites, organizations } from './schema/index.ts'

/** A school as the coordinator's card shows it. */
export type School = typeof organizations.$inferSelect

export type RegisterRefusal = { code: 'name-taken'; name: string }

/** Makes all others wait who add to or rename in the register of `municipalityId`, or invite into it, until this transaction ends. */
export async function lockRegister(tx: Tx, municipalityId: number): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`register:${municipalityId}`}, 0))`)
}

/** The organization with this id in the transaction's municipality, archived ones too; null where there is none. */
export async function organizationById(tx: Tx, organizationId: number): Promise<School | null> {
  const [row] = await tx.select().from(organizations).where(eq(organizations.id, organizationId))
  return row ?? null
}

/** The schools of the register by name: those that work, or the archived ones. */
export async function schoolsOf(tx: Tx, municipalityId: number, archived = false): Promise<School[]> {
  return tx
    .select()
    .from(organizations)
    .where(
      and(
        eq(organizations.municipalityId, municipalityId),
        eq(organizations.kind, 'school'),
        archived ? isNotNull(organizations.archivedAt) : isNull(organizations.archivedAt),
      ),
    )
    .orderBy(asc(organizations.name))
}

/** Adds schools by their names. One whose name is there already, in any spelling, is not added again; an archived one of that name comes back. Gives what became of each. */
export async function addSchools(
  tx: Tx,
  municipalityId: number,
  wanted: { name: string; shortName: string }[],
  now: Instant,
): Promise<{ added: School[]; restored: School[]; known: School[] }> {
  await lockRegister(tx, municipalityId)
  const present = [...(await schoolsOf(tx, municipalityId)), ...(await schoolsOf(tx, municipalityId, true))]
  const result = { added: [] as School[], restored: [] as School[], known: [] as School[] }
  for (const { name, shortName } of wanted) {
    const same = present.find((school) => organizationKey(school.name) === organizationKey(name))
    if (same && !same.archivedAt) result.known.push(same)
    else if (same) result.restored.push(await change(tx, same.id, { archivedAt: null }))
    else {
      const [row] = await tx
        .insert(organizations)
        .values({ municipalityId, kind: 'school', name, shortName, createdAt: now })
        .returning()
      if (!row) throw new Error('no school was made')
      present.push(row)
      result.added.push(row)
    }
  }
  return result
}

/** Gives a school another full or short name. A full name that another organization has is refused. */
export async function renameSchool(
  tx: Tx,
  school: School,
  names: { name?: string; shortName?: string },
): Promise<Result<School, RegisterRefusal>> {
  await lockRegister(tx, school.municipalityId)
  if (names.name !== undefined) {
    const key = organizationKey(names.name)
    const others = await tx
      .select({ id: organizations.id, name: organizations.name })
      .from(organizations)
      .where(eq(organizations.municipalityId, school.municipalityId))
    if (others.some((other) => other.id !== school.id && organizationKey(other.name) === key))
      return refuse({ code: 'name-taken', name: names.name })
  }
  return ok(await change(tx, school.id, names))
}

/** Nobody is reminded of the school's tasks until `until` (that day included); null: at once again. */
export async function pauseSchool(tx: Tx, school: School, until: PlainDate | null): Promise<School> {
  return change(tx, school.id, { pausedUntil: until })
}

/** Puts a school away, or takes it back. Its invites that nobody used end with it; its people and tasks stay as they are. */
export async function archiveSchool(tx: Tx, school: School, at: Instant | null): Promise<School> {
  if (at)
    await tx
      .update(invites)
      .set({ revokedAt: at })
      .where(
        and(
          eq(invites.municipalityId, school.municipalityId),
          isNull(invites.usedAt),
          isNull(invites.revokedAt),
          sql`${invites.organizationIds} = array[${school.id}::bigint]`,
        ),
      )
  return change(tx, school.id, { archivedAt: at })
}

/** Keeps what coordinators want to remember of a school; null takes it away. */
export async function noteSchool(tx: Tx, school: School, note: string | null): Promise<School> {
  return change(tx, school.id, { note })
}

/** The short names of `ids`, for a list of roles. */
export async function organizationNames(tx: Tx, ids: readonly number[]): Promise<string[]> {
  if (ids.length === 0) return []
  const rows = await tx
    .select({ id: organizations.id, name: organizations.shortName })
    .from(organizations)
    .where(inArray(organizations.id, [...ids]))
    .orderBy(asc(organizations.name))
  return rows.map((row) => row.name)
}

async function change(tx: Tx, id: number, values: Partial<typeof organizations.$inferInsert>): Promise<School> {
  const [row] = await tx.update(organizations).set(values).where(eq(organizations.id, id)).returning()
  if (!row) throw new Error(`organization ${id} vanished within its transaction`)
  return row
}
