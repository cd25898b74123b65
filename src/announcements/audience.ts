import type { Role } from '../access/rights.ts'

export const SCHOOL_KINDS = ['lyceum', 'gymnasium', 'secondary', 'basic', 'primary', 'boarding', 'other'] as const
export type SchoolKind = (typeof SCHOOL_KINDS)[number]

/**
 * For whom an announcement is. The roles say who; schools, kinds of schools and curators' schools say where (none of them: everywhere); the groups come on top;
 * `except` leaves out persons, whatever else they are.
 */
export type Audience = {
  roles: Role[]
  organizationIds: number[]
  schoolKinds: SchoolKind[]
  curatorIds: number[]
  groupIds: number[]
  except: number[]
}

export const NOBODY: Audience = {
  roles: [],
  organizationIds: [],
  schoolKinds: [],
  curatorIds: [],
  groupIds: [],
  except: [],
}

/** What an audience is found in: who is what where, the kind of each school, and who belongs to which group. */
export type Register = {
  memberships: readonly { personId: number; role: Role; organizationId: number }[]
  schools: readonly { id: number; kind: SchoolKind }[]
  groups: readonly { id: number; personIds: readonly number[] }[]
}

/** The ids of the persons whom `audience` names in `register`, each once. */
export function audienceOf(audience: Audience, register: Register): number[] {
  const places = placesOf(audience, register)
  const byRole = register.memberships.filter(
    ({ role, organizationId }) => audience.roles.includes(role) && (places === null || places.has(organizationId)),
  )
  const members = new Set(register.memberships.map(({ personId }) => personId))
  const byGroup = register.groups
    .filter(({ id }) => audience.groupIds.includes(id))
    .flatMap(({ personIds }) => personIds)
  const all = new Set([...byRole.map(({ personId }) => personId), ...byGroup.filter((id) => members.has(id))])
  return [...all].filter((personId) => !audience.except.includes(personId))
}

/** The organizations to which the roles are narrowed; null: all of the municipality. */
export function placesOf(audience: Audience, { memberships, schools }: Register): Set<number> | null {
  const { organizationIds, schoolKinds, curatorIds } = audience
  if (organizationIds.length + schoolKinds.length + curatorIds.length === 0) return null
  return new Set([
    ...organizationIds,
    ...schools.filter(({ kind }) => schoolKinds.includes(kind)).map(({ id }) => id),
    ...memberships
      .filter(({ role, personId }) => role === 'curator' && curatorIds.includes(personId))
      .map(({ organizationId }) => organizationId),
  ])
}

const KIND_BY_NAME: readonly (readonly [RegExp, SchoolKind])[] = [
  [/лице[йя]/iu, 'lyceum'],
  [/гимнази/iu, 'gymnasium'],
  [/интернат/iu, 'boarding'],
  [/(?<!\p{L})ООШ|основн/iu, 'basic'],
  [/(?<!\p{L})НОШ|начальн/iu, 'primary'],
  [/СОШ|средн|школ/iu, 'secondary'],
]

/** The kind of a school: as the register says, else as its name does. */
export function schoolKindOf(school: { name: string; schoolKind: string | null }): SchoolKind {
  const said = SCHOOL_KINDS.find((kind) => kind === school.schoolKind)
  const text = `${school.schoolKind ?? ''} ${school.name}`
  return said ?? KIND_BY_NAME.find(([pattern]) => pattern.test(text))?.[1] ?? 'other'
}

/** `audience` with one value of a list put in or taken out. */
export function toggled<List extends keyof Audience>(
  audience: Audience,
  list: List,
  value: Audience[List][number],
): Audience {
  const values = audience[list] as Audience[List][number][]
  const next = values.includes(value) ? values.filter((one) => one !== value) : [...values, value]
  return { ...audience, [list]: next }
}
