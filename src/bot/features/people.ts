import { z } from 'zod'
import { type Actor, ROLES, type Role } from '../../access/rights.ts'
import {
  membershipsWithRoles,
  organizationsOfMunicipality,
  type PersonRow,
  peopleOfMunicipality,
} from '../../db/people.ts'
import { letGo, type StaffCard, type StaffRefusal, setRole, staffCard } from '../../db/staff.ts'
import { nameKey } from '../../people/names.ts'
import { SCHOOL_ROLES } from '../../people/person-list.ts'
import {
  askLetGo,
  askNewRole,
  askRoleSchools,
  askSearch,
  endRole,
  letPersonGo,
  markSchool,
  openPeople,
  openPerson,
  openUnreachable,
  takeMarks,
  turnMarks,
} from '../buttons-people.ts'
import { menuKeyboard } from '../screens/menu.ts'
import { letGoScreen, newRoleScreen, peopleScreen, personScreen } from '../screens/people.ts'
import { type Feature, on, type Turn, waitingFor } from '../turn.ts'
import type { WordKey } from '../words.ts'
import { allowed, sayNo, wordsOfTurn } from './coordinating.ts'
import { askName, departmentOf } from './invites.ts'
import { marksOf, showMarks, toggleMark } from './marks.ts'

const Searching = z.object({ kind: z.literal('people-search') })

/** The people of the municipality for the coordinator: lists, search, roles, letting go. */
export const people: Feature = {
  taps: [
    on(openPeople, showPeople),
    on(openUnreachable, showUnreachable),
    on(askSearch, (turn) => {
      if (!allowed(turn, 'manage-people')) return
      turn.await({ kind: 'people-search' })
      turn.send({ text: turn.say('people.list.searchAsk') })
    }),
    on(openPerson, showPerson),
    on(askNewRole, async (turn, personId) => {
      const card = await personFor(turn, personId)
      if (card) turn.show(newRoleScreen(turn.say, card))
    }),
    on(askRoleSchools, changeRole),
    on(endRole, (turn, personId, word) => keepRole(turn, personId, word, [])),
    on(askLetGo, async (turn, personId) => {
      const card = await personFor(turn, personId)
      if (card) turn.show(letGoScreen(turn.say, card))
    }),
    on(letPersonGo, leave),
    on(markSchool, async (turn, schoolId) => {
      if (allowed(turn, 'manage-people')) await toggleMark(turn, schoolId)
    }),
    on(turnMarks, async (turn, page) => {
      const marking = allowed(turn, 'manage-people') ? marksOf(turn) : null
      if (marking) await showMarks(turn, { ...marking, page })
    }),
    on(takeMarks, takeChosen),
  ],
  dialogs: [waitingFor('people-search', Searching, search)],
}

async function showPeople(turn: Turn, role: string, page: number): Promise<void> {
  if (!allowed(turn, 'manage-people')) return
  turn.forget()
  const all = await peopleOfMunicipality(turn.tx, turn.municipality.id)
  const shown =
    role === 'all' ? all : all.filter((row) => row.role === role || (role === 'head' && row.role === 'deputy'))
  turn.show(peopleScreen(turn.say, { people: shown, role, page }))
}

async function showUnreachable(turn: Turn, page: number): Promise<void> {
  if (!allowed(turn, 'manage-people')) return
  const all = await peopleOfMunicipality(turn.tx, turn.municipality.id)
  turn.show(
    peopleScreen(turn.say, { people: all.filter((row) => row.reach !== 'reachable'), role: 'all', page, silent: true }),
  )
}

async function search(turn: Turn): Promise<boolean> {
  if (turn.incoming.kind !== 'text') return false
  const words = wordsOfTurn(turn)
  if (words === null || !allowed(turn, 'manage-people')) return true
  const wanted = nameKey(words).split(' ')
  const fits = (row: PersonRow): boolean => {
    const text = `${nameKey(row.fullName)} ${row.organizationName.toLowerCase().replaceAll('ё', 'е')}`
    return wanted.every((word) => text.includes(word))
  }
  const all = await peopleOfMunicipality(turn.tx, turn.municipality.id)
  turn.forget()
  turn.send(peopleScreen(turn.say, { people: all.filter(fits), role: 'all', page: 0, found: words.slice(0, 60) }))
  return true
}

/** The card of a person of this municipality, if the actor keeps its people; says so and gives null if not. */
async function personFor(turn: Turn, personId: number): Promise<StaffCard | null> {
  if (!allowed(turn, 'manage-people')) return null
  const card = await staffCard(turn.tx, turn.municipality.id, personId)
  if (!card) sayNo(turn, 'common.notFound')
  return card
}

async function showPerson(turn: Turn, personId: number): Promise<void> {
  const card = await personFor(turn, personId)
  if (!card) return
  turn.forget()
  const [row] = (await peopleOfMunicipality(turn.tx, turn.municipality.id)).filter((one) => one.personId === personId)
  turn.show(personScreen(turn.say, { card, reach: row?.reach ?? 'none', zone: turn.municipality.timezone }))
}

async function changeRole(turn: Turn, personId: number, word: string): Promise<void> {
  const role = ROLES.find((candidate) => candidate === word)
  const card = role ? await personFor(turn, personId) : null
  if (!card || !role) return
  if (!SCHOOL_ROLES.includes(role)) return keepRole(turn, personId, role, [await departmentOf(turn)])
  const chosen = card.roles.find((own) => own.role === role)?.organizationIds ?? []
  await showMarks(turn, { kind: 'marking', role, personId, chosen, page: 0 })
}

async function takeChosen(turn: Turn): Promise<void> {
  if (!allowed(turn, 'manage-people')) return
  const marking = marksOf(turn)
  if (!marking) return
  if (marking.chosen.length === 0) return sayNo(turn, 'people.marks.needOne')
  if (marking.personId === null) return askName(turn, { role: marking.role, organizationIds: marking.chosen })
  await keepRole(turn, marking.personId, marking.role, marking.chosen)
}

const REFUSALS = {
  'last-coordinator': 'people.person.lastCoordinator',
  'not-a-member': 'common.notFound',
} as const satisfies Record<StaffRefusal['code'], WordKey>

async function keepRole(turn: Turn, personId: number, word: string, organizationIds: number[]): Promise<void> {
  const role = ROLES.find((candidate) => candidate === word)
  const card = role ? await personFor(turn, personId) : null
  if (!card || !role) return
  const places = await organizationsOfMunicipality(turn.tx, turn.municipality.id, { ids: organizationIds })
  if (organizationIds.length > 0 && places.length !== organizationIds.length) return sayNo(turn, 'common.notFound')
  const result = await setRole(turn.tx, {
    municipalityId: turn.municipality.id,
    personId,
    role,
    organizationIds,
    now: turn.now,
  })
  if (!result.ok) return sayNo(turn, REFUSALS[result.refusal.code])
  turn.forget()
  if (result.value.begun + result.value.ended > 0) await tellRoles(turn, personId)
  const after = await staffCard(turn.tx, turn.municipality.id, personId)
  turn.toast(turn.say.plain('people.person.rolesKept'))
  if (after) await showPerson(turn, personId)
  else await showPeople(turn, 'all', 0)
}

async function leave(turn: Turn, personId: number): Promise<void> {
  const card = await personFor(turn, personId)
  if (!card) return
  const result = await letGo(turn.tx, { municipalityId: turn.municipality.id, personId, now: turn.now })
  if (!result.ok) return sayNo(turn, REFUSALS[result.refusal.code])
  turn.toast(turn.say.plain('people.person.gone', { name: card.fullName }))
  await tellRoles(turn, personId)
  if (personId !== turn.actor.personId) await showPeople(turn, 'all', 0)
}

/** Tells a person what they are now, with the menu of it: from this moment on the old buttons do nothing. */
export async function tellRoles(turn: Turn, personId: number): Promise<void> {
  const card = await staffCard(turn.tx, turn.municipality.id, personId)
  const memberships = (await membershipsWithRoles(turn.tx, [turn.municipality.id], ROLES)).filter(
    (membership) => membership.personId === personId,
  )
  const actor: Actor = { personId, municipalityId: turn.municipality.id, memberships }
  const roles = (card?.roles ?? []).map(({ role, organizationNames }) => roleWords(turn, role, organizationNames))
  const gaps = { municipality: turn.municipality.name, roles: roles.join('\n') }
  await turn.tell(
    [personId],
    card
      ? { text: turn.say('people.person.toldRoles', gaps), keyboard: menuKeyboard(turn.say, actor) }
      : { text: turn.say('people.person.toldGone', gaps), keyboard: 'none' },
    { reason: 'roles-changed' },
  )
}

function roleWords(turn: Turn, role: Role, organizations: string[]): string {
  return turn.say.plain('people.person.roleAt', {
    role: turn.say.plain(`role.${role}`),
    organization: organizations.join(', '),
  })
}
