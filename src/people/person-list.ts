import type { Role } from '../access/rights.ts'
import { ok, type Result, refuse } from '../kernel/result.ts'
import { foldedPhone } from './invite.ts'
import { cleanName, nameKey } from './names.ts'
import { findOrganizations, type Named, type UnknownOrganization } from './school-names.ts'

/** A person of a list, ready to be invited. `line` counts from 1, as the spreadsheet does. */
export type ListedPerson = {
  line: number
  name: string
  role: Role
  organizationIds: number[]
  phone: string | null
}

export type RowRefusal =
  | { code: 'no-name'; found: string }
  | { code: 'unknown-role'; found: string }
  | { code: 'no-school'; found: string }
  | { code: 'bad-phone'; found: string }
  | { code: 'twice'; found: string; firstLine: number }
  | UnknownOrganization

/** Why a row of a list cannot be used. */
export type RowProblem = { line: number; refusal: RowRefusal }

export type PersonList = { people: ListedPerson[]; problems: RowProblem[]; rowsLeftOut: number }

/** A list larger than any municipality's is a mistake. */
export const LONGEST_LIST = 500

/** Titles of the template, in its order. */
export const LIST_TITLES = ['ФИО', 'Роль', 'Школа (школы)', 'Телефон'] as const

type Place = 'name' | 'role' | 'schools' | 'phone'
const TITLES: readonly (readonly [Place, RegExp])[] = [
  ['name', /^(ф\.?\s?и\.?\s?о|фамилия|имя|сотрудник|участник)/iu],
  ['role', /^(роль|должность)/iu],
  ['schools', /^(школ|организаци|место работы|оу$)/iu],
  ['phone', /^(телефон|номер|моб|тел\.?)/iu],
]

/** The most particular word first: «заместитель директора» is no director. */
const ROLE_WORDS: readonly (readonly [Role, RegExp])[] = [
  ['deputy', /зам(ест|\.|\s|$)|завуч/iu],
  ['curator', /куратор|методист/iu],
  ['coordinator', /координатор/iu],
  ['council', /совет|эксперт|наставник/iu],
  ['head', /директор|руководител|заведующ|начальник школы/iu],
]

/** The roles whose organizations are schools; the others belong to the department. */
export const SCHOOL_ROLES: readonly Role[] = ['head', 'deputy', 'curator']

/** The role that words name: «директор», «и.о. заместителя директора по УВР», «методист»; null where they name none. */
export function roleInWords(words: string): Role | null {
  return ROLE_WORDS.find(([, pattern]) => pattern.test(words))?.[0] ?? null
}

/**
 * Reads a list of people: rows of cells, the titles in any order within the first five rows, or without titles in the template's order. Every row
 * is either a person or a problem with its line; empty rows are passed over. `register`: the municipality's organizations; `departmentId` is
 * where coordinators and members of the council belong.
 */
export function readPersonList(
  rows: readonly (readonly string[])[],
  register: Named[],
  departmentId: number,
): PersonList {
  const { places, first } = placesOf(rows)
  const filled = rows
    .map((cells, index) => ({ cells, line: index + 1 }))
    .slice(first)
    .filter(({ cells }) => cells.some((cell) => cell.trim() !== ''))
  const list: PersonList = { people: [], problems: [], rowsLeftOut: Math.max(0, filled.length - LONGEST_LIST) }
  const seen = new Map<string, number>()
  for (const { cells, line } of filled.slice(0, LONGEST_LIST)) {
    const read = readRow((place) => cells[places[place]]?.trim() ?? '', register, departmentId)
    const refusal = read.ok ? repeated(seen, read.value, line) : read.refusal
    if (refusal) list.problems.push({ line, refusal })
    else if (read.ok) list.people.push({ line, ...read.value })
  }
  return list
}

function placesOf(rows: readonly (readonly string[])[]): { places: Record<Place, number>; first: number } {
  for (const [index, cells] of rows.slice(0, 5).entries()) {
    const found = TITLES.map(([place, title]) => [place, cells.findIndex((cell) => title.test(cell.trim()))] as const)
    const known = found.filter(([, column]) => column >= 0)
    if (known.length >= 2 && known.some(([place]) => place === 'name'))
      return { places: Object.fromEntries(found) as Record<Place, number>, first: index + 1 }
  }
  return { places: { name: 0, role: 1, schools: 2, phone: 3 }, first: 0 }
}

type Read = Omit<ListedPerson, 'line'>

function readRow(cell: (place: Place) => string, register: Named[], departmentId: number): Result<Read, RowRefusal> {
  const name = cleanName(cell('name'))
  if (!name) return refuse({ code: 'no-name', found: cell('name') })
  const role = roleInWords(cell('role'))
  if (!role) return refuse({ code: 'unknown-role', found: cell('role') })
  const phone = cell('phone') === '' ? null : foldedPhone(cell('phone').replace(/^'/, ''))
  if (phone === null && cell('phone') !== '') return refuse({ code: 'bad-phone', found: cell('phone') })
  if (!SCHOOL_ROLES.includes(role)) return ok({ name, role, organizationIds: [departmentId], phone })
  if (cell('schools') === '') return refuse({ code: 'no-school', found: name })
  const found = findOrganizations(cell('schools'), register)
  return found.ok ? ok({ name, role, organizationIds: found.value, phone }) : found
}

function repeated(seen: Map<string, number>, { name, role, organizationIds }: Read, line: number): RowRefusal | null {
  const key = sameInvite(name, role, organizationIds)
  const firstLine = seen.get(key)
  if (firstLine !== undefined) return { code: 'twice', found: name, firstLine }
  seen.set(key, line)
  return null
}

/** By which two invites are for the same person and place. */
export function sameInvite(name: string, role: Role, organizationIds: readonly number[]): string {
  return [nameKey(name), role, ...[...organizationIds].sort((a, b) => a - b)].join('|')
}
