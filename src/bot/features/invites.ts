import { z } from 'zod'
import { ROLES, type Role } from '../../access/rights.ts'
import {
  type InviteRow,
  invitePeople,
  lockInvite,
  openInviteRows,
  renewInvite,
  revokeInvite,
  type Wanted,
} from '../../db/invitations.ts'
import { organizationsOfMunicipality } from '../../db/people.ts'
import { organizationById, organizationNames } from '../../db/register.ts'
import type { Instant } from '../../kernel/clock.ts'
import { localDate } from '../../kernel/clock.ts'
import { foldedPhone, inviteLink } from '../../people/invite.ts'
import { cleanName } from '../../people/names.ts'
import { SCHOOL_ROLES } from '../../people/person-list.ts'
import {
  inviteDespiteTwin,
  inviteInto,
  inviteRole,
  openInvite,
  openInvites,
  openPeopleAndSchools,
  openPerson,
  renewLink,
  revokeOpenInvite,
  startInvite,
} from '../buttons-people.ts'
import {
  type InviteWords,
  invitedScreen,
  inviteRoleScreen,
  letterScreen,
  openInviteScreen,
  openInvitesScreen,
} from '../screens/people.ts'
import { type Feature, on, type Turn, waitingFor } from '../turn.ts'
import { allowed, sayNo, schoolFor, wordsOfTurn } from './coordinating.ts'
import { showMarks } from './marks.ts'

const RoleAndPlace = { role: z.enum(ROLES), organizationIds: z.array(z.number().int()).min(1) }
const Naming = z.object({ kind: z.literal('invite-name'), ...RoleAndPlace })
const Twin = z.object({
  kind: z.literal('invite-twin'),
  ...RoleAndPlace,
  name: z.string(),
  phone: z.string().nullable(),
})

/** Inviting one person: role, schools, name; the letter to forward; and the invites that nobody used yet. */
export const invites: Feature = {
  taps: [
    on(startInvite, (turn) => {
      if (!allowed(turn, 'manage-people')) return
      turn.forget()
      turn.show(inviteRoleScreen(turn.say))
    }),
    on(inviteRole, chooseRole),
    on(inviteInto, async (turn, schoolId) => {
      const school = await schoolFor(turn, 'manage-people', schoolId)
      if (school) await showMarks(turn, { kind: 'marking', role: 'head', personId: null, chosen: [school.id], page: 0 })
    }),
    on(inviteDespiteTwin, inviteTwin),
    on(openInvites, showOpen),
    on(openInvite, showOne),
    on(renewLink, renew),
    on(revokeOpenInvite, revoke),
  ],
  dialogs: [
    waitingFor('invite-name', Naming, (turn, naming) =>
      nameTyped(turn, { role: naming.role as Role, organizationIds: naming.organizationIds as number[] }),
    ),
  ],
}

async function chooseRole(turn: Turn, word: string): Promise<void> {
  const role = ROLES.find((candidate) => candidate === word)
  if (!role || !allowed(turn, 'manage-people')) return
  if (SCHOOL_ROLES.includes(role))
    return showMarks(turn, { kind: 'marking', role, personId: null, chosen: [], page: 0 })
  askName(turn, { role, organizationIds: [await departmentOf(turn)] })
}

/** The department of the municipality: where coordinators and members of the council belong. */
export async function departmentOf(turn: Turn): Promise<number> {
  const [department] = await organizationsOfMunicipality(turn.tx, turn.municipality.id, { kind: 'department' })
  if (!department) throw new Error(`municipality ${turn.municipality.id} has no department`)
  return department.id
}

/** Asks for the name of whom to invite; the phone may follow it. */
export function askName(turn: Turn, place: { role: Role; organizationIds: number[] }): void {
  turn.await({ kind: 'invite-name', ...place })
  turn.show({
    text: turn.say('people.invite.askName', { role: turn.say.plain(`role.${place.role}`) }),
    buttons: [[{ label: turn.say.plain('common.cancel'), action: openPeopleAndSchools() }]],
  })
}

/** A name, with a phone after it or not, as somebody typed them; says what is missing, and gives null. */
export function readName(turn: Turn): { name: string; phone: string | null } | null {
  const words = wordsOfTurn(turn)
  if (words === null) return null
  const [found] = /\+?\d[\d\s()\-–.]{6,}\d/.exec(words) ?? []
  const name = cleanName((found ? words.replace(found, ' ') : words).replace(/[,;]+/g, ' '))
  const phone = found ? foldedPhone(found) : null
  if (!name) sayNo(turn, 'people.invite.badName')
  else if (found && !phone) sayNo(turn, 'people.invite.badPhone')
  else return { name, phone }
  return null
}

async function nameTyped(turn: Turn, place: { role: Role; organizationIds: number[] }): Promise<boolean> {
  if (turn.incoming.kind !== 'text') return false
  if (!allowed(turn, 'manage-people')) return true
  const typed = readName(turn)
  if (typed) await inviteOne(turn, { ...place, ...typed })
  return true
}

/** Invites one person and shows the letter; where they are invited already or seem to be in, says so instead. */
export async function inviteOne(turn: Turn, wanted: Wanted, despiteInside = false): Promise<void> {
  const organizations = await organizationsOfMunicipality(turn.tx, turn.municipality.id, {
    ids: wanted.organizationIds,
  })
  if (organizations.length !== wanted.organizationIds.length) return sayNo(turn, 'common.notFound')
  const [result] = await invitePeople(turn.tx, {
    municipalityId: turn.municipality.id,
    invitedById: turn.actor.personId,
    wanted: [wanted],
    now: turn.now,
    despiteInside,
  })
  turn.forget()
  if (result?.kind === 'invited') return showLetter(turn, wanted, result.token, result.expiresAt)
  if (result?.kind === 'open')
    return turn.send({
      text: turn.say('people.invite.openAlready', { name: wanted.name }),
      buttons: [[{ label: turn.say.plain('people.invite.renew'), action: renewLink(result.inviteId) }]],
    })
  if (result?.kind === 'inside') askAboutTwin(turn, wanted, result.personId)
}

function askAboutTwin(turn: Turn, wanted: Wanted, personId: number): void {
  turn.await({ kind: 'invite-twin', ...wanted })
  turn.send({
    text: turn.say('people.invite.insideAlready', { name: wanted.name }),
    buttons: [
      [
        { label: turn.say.plain('people.invite.showThem'), action: openPerson(personId) },
        { label: turn.say.plain('people.invite.anyway'), action: inviteDespiteTwin() },
      ],
    ],
  })
}

async function inviteTwin(turn: Turn): Promise<void> {
  const twin = Twin.safeParse(turn.dialog)
  if (!twin.success) return sayNo(turn, 'menu.staleButton')
  if (!allowed(turn, 'manage-people')) return
  const { kind, ...wanted } = twin.data
  await inviteOne(turn, wanted, true)
}

/** The letter to forward, and below it what can be done next. The link is nowhere else. */
async function showLetter(turn: Turn, wanted: Wanted, token: string, expiresAt: Instant): Promise<void> {
  turn.send(letterScreen(turn.say, await inviteWords(turn, wanted, token, expiresAt)), { reason: 'invite-link' })
  turn.send(invitedScreen(turn.say, wanted))
}

/** An invite in words, with its link. */
export async function inviteWords(turn: Turn, wanted: Wanted, token: string, expiresAt: Instant): Promise<InviteWords> {
  return {
    name: wanted.name,
    role: wanted.role,
    organizations: await organizationNames(turn.tx, wanted.organizationIds),
    link: inviteLink(turn.services.botUsername, token),
    until: turn.say.day(localDate(expiresAt, turn.municipality.timezone)),
    municipality: turn.municipality.name,
  }
}

async function showOpen(turn: Turn, page: number): Promise<void> {
  if (!allowed(turn, 'manage-people')) return
  turn.forget()
  const open = await openInviteRows(turn.tx, turn.municipality.id, turn.now)
  turn.show(openInvitesScreen(turn.say, { invites: await withPlaces(turn, open), page }))
}

async function withPlaces(turn: Turn, open: InviteRow[]) {
  const places = await organizationsOfMunicipality(turn.tx, turn.municipality.id)
  return open.map((invite) => ({
    ...invite,
    organizations: places.filter((place) => invite.organizationIds.includes(place.id)).map((place) => place.shortName),
  }))
}

/** The invite with this id, locked, if the person may manage it: coordinators all, heads those of their deputies. */
async function inviteFor(turn: Turn, inviteId: number): Promise<InviteRow | null> {
  const invite = await lockInvite(turn.tx, inviteId)
  if (!invite) {
    sayNo(turn, 'common.notFound')
    return null
  }
  return allowed(turn, 'manage-people') ? invite : null
}

async function showOne(turn: Turn, inviteId: number): Promise<void> {
  const invite = await inviteFor(turn, inviteId)
  if (!invite) return
  if (invite.usedAt || invite.revokedAt) return sayNo(turn, 'people.invite.over')
  const [shown] = await withPlaces(turn, [invite])
  if (shown) turn.show(openInviteScreen(turn.say, shown))
}

async function renew(turn: Turn, inviteId: number): Promise<void> {
  const invite = await inviteFor(turn, inviteId)
  if (!invite) return
  const first = await organizationById(turn.tx, invite.organizationIds[0] ?? 0)
  const renewed = first?.archivedAt ? null : await renewInvite(turn.tx, invite, turn.now)
  if (!renewed) return sayNo(turn, 'people.invite.over')
  const wanted = {
    name: invite.personName,
    role: invite.role,
    organizationIds: invite.organizationIds,
    phone: invite.phone,
  }
  await showLetter(turn, wanted, renewed.token, renewed.expiresAt)
}

async function revoke(turn: Turn, inviteId: number): Promise<void> {
  const invite = await inviteFor(turn, inviteId)
  if (!invite) return
  if (!(await revokeInvite(turn.tx, invite, turn.now))) return sayNo(turn, 'people.invite.over')
  turn.toast(turn.say.plain('people.invite.revoked', { name: invite.personName }))
  await showOpen(turn, 0)
}
