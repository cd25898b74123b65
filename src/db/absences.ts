import { and, asc, eq, gte, inArray, isNull, lte } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { type Actor, organizationsOf, type Role } from '../access/rights.ts'
import type { Instant, PlainDate } from '../kernel/clock.ts'
import { ok, type Result, refuse } from '../kernel/result.ts'
import type { Tx } from './database.ts'
import { absences, memberships, persons } from './schema/index.ts'

export type Absence = {
  id: number
  personId: number
  fromDay: PlainDate
  untilDay: PlainDate
  deputyId: number | null
  deputyName: string | null
}

export type AbsenceRefusal = { code: 'overlaps'; fromDay: PlainDate; untilDay: PlainDate }

/** The absences of a person that are not over on `today`, the earliest first. */
export async function absencesOf(
  tx: Tx,
  municipalityId: number,
  personId: number,
  today: PlainDate,
): Promise<Absence[]> {
  const deputy = alias(persons, 'deputy')
  return tx
    .select({
      id: absences.id,
      personId: absences.personId,
      fromDay: absences.fromDay,
      untilDay: absences.untilDay,
      deputyId: absences.deputyId,
      deputyName: deputy.fullName,
    })
    .from(absences)
    .leftJoin(deputy, eq(deputy.id, absences.deputyId))
    .where(
      and(eq(absences.municipalityId, municipalityId), eq(absences.personId, personId), gte(absences.untilDay, today)),
    )
    .orderBy(asc(absences.fromDay))
}

/** Notes that a person is away on the days given, both included; an absence that overlaps another is refused. Gives its id. */
export async function addAbsence(
  tx: Tx,
  given: {
    municipalityId: number
    personId: number
    fromDay: PlainDate
    untilDay: PlainDate
    deputyId: number | null
    now: Instant
  },
): Promise<Result<number, AbsenceRefusal>> {
  await tx.select({ id: persons.id }).from(persons).where(eq(persons.id, given.personId)).for('update')
  const [other] = await tx
    .select({ fromDay: absences.fromDay, untilDay: absences.untilDay })
    .from(absences)
    .where(
      and(
        eq(absences.municipalityId, given.municipalityId),
        eq(absences.personId, given.personId),
        lte(absences.fromDay, given.untilDay),
        gte(absences.untilDay, given.fromDay),
      ),
    )
  if (other) return refuse({ code: 'overlaps', ...other })
  const { now, ...row } = given
  const [made] = await tx
    .insert(absences)
    .values({ ...row, createdAt: now })
    .returning({ id: absences.id })
  if (!made) throw new Error('no absence was made')
  return ok(made.id)
}

/** Takes an absence of `personId` back; false where there is none of theirs with this id. */
export async function removeAbsence(tx: Tx, absenceId: number, personId: number): Promise<boolean> {
  const removed = await tx
    .delete(absences)
    .where(and(eq(absences.id, absenceId), eq(absences.personId, personId)))
    .returning({ id: absences.id })
  return removed.length > 0
}

/**
 * Who may stand in for `actor`, by name: whoever may do the same work. For a head or deputy those of the same schools, for a curator whoever
 * curates all of their schools, and for anybody the coordinators.
 */
export async function standInsFor(tx: Tx, actor: Actor): Promise<{ personId: number; fullName: string }[]> {
  const rows = await tx
    .select({
      personId: persons.id,
      fullName: persons.fullName,
      role: memberships.role,
      organizationId: memberships.organizationId,
    })
    .from(memberships)
    .innerJoin(persons, and(eq(persons.id, memberships.personId), isNull(persons.erasedAt)))
    .where(
      and(
        eq(memberships.municipalityId, actor.municipalityId),
        isNull(memberships.endedAt),
        inArray(memberships.role, ['head', 'deputy', 'curator', 'coordinator']),
      ),
    )
    .orderBy(asc(persons.fullName))
  const others = rows.filter((row) => row.personId !== actor.personId)
  const covers = (personId: number, roles: readonly Role[], needed: readonly number[]): boolean =>
    needed.length > 0 &&
    needed.every((id) =>
      others.some((row) => row.personId === personId && roles.includes(row.role) && row.organizationId === id),
    )
  const fits = (personId: number): boolean =>
    others.some((row) => row.personId === personId && row.role === 'coordinator') ||
    covers(personId, ['head', 'deputy'], organizationsOf(actor, ['head', 'deputy'])) ||
    covers(personId, ['curator'], organizationsOf(actor, ['curator']))
  const found = new Map(others.filter((row) => fits(row.personId)).map((row) => [row.personId, row.fullName]))
  return [...found].map(([personId, fullName]) => ({ personId, fullName }))
}
