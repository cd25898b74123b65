import { z } from 'zod'
import { may, organizationsOf } from '../../access/rights.ts'
import { invitePeople, lockInvite, openInviteRows, revokeInvite } from '../../db/invitations.ts'
import { organizationsOfMunicipality, peopleOfMunicipality } from '../../db/people.ts'
import { setRole, staffCard } from '../../db/staff.ts'
import { askDeputy, askDismissDeputy, dismissDeputy, openDeputies, revokeDeputyInvite } from '../buttons-people.ts'
import { type DeputiesOf, deputiesScreen, dismissScreen } from '../screens/about-me.ts'
import { letterScreen } from '../screens/people.ts'
import { type Feature, on, type Turn, waitingFor } from '../turn.ts'
import { sayNo, schoolFor } from './coordinating.ts'
import { inviteWords, readName } from './invites.ts'
import { tellRoles } from './people.ts'

/** Deputies of one school, those invited counted: more is no deputy but a staff list, which is the coordinator's. */
const MOST_DEPUTIES = 3

const Naming = z.object({ kind: z.literal('deputy-name'), schoolId: z.number().int() })

/** «Мой заместитель»: a head invites deputies, who then can do the same, and takes it back. */
export const deputies: Feature = {
  taps: [
    on(openDeputies, showDeputies),
    on(askDeputy, askForDeputy),
    on(askDismissDeputy, askDismissal),
    on(dismissDeputy, dismiss),
    on(revokeDeputyInvite, revoke),
  ],
  dialogs: [waitingFor('deputy-name', Naming, (turn, naming) => deputyTyped(turn, naming.schoolId as number))],
}

/** The head's schools with their deputies; says that it is not for them, and shows nothing, where they head none. */
export async function showDeputies(turn: Turn): Promise<void> {
  const schools = await deputiesOf(turn)
  if (schools.length === 0) return sayNo(turn, 'common.notYours')
  turn.forget()
  turn.show(deputiesScreen(turn.say, schools, MOST_DEPUTIES))
}

async function deputiesOf(turn: Turn): Promise<DeputiesOf[]> {
  const { tx, municipality, actor, now } = turn
  const ids = organizationsOf(actor, ['head'])
  const schools = await organizationsOfMunicipality(tx, municipality.id, { kind: 'school', ids })
  const people = await peopleOfMunicipality(tx, municipality.id)
  const open = await openInviteRows(tx, municipality.id, now)
  return schools.map((school) => ({
    organizationId: school.id,
    name: school.shortName,
    deputies: people.filter((row) => row.role === 'deputy' && row.organizationId === school.id),
    invited: open
      .filter((invite) => invite.role === 'deputy' && invite.organizationIds.includes(school.id))
      .map((invite) => ({ inviteId: invite.id, name: invite.personName })),
  }))
}

async function askForDeputy(turn: Turn, schoolId: number): Promise<void> {
  const school = await schoolFor(turn, 'invite-deputy', schoolId)
  if (!school) return
  turn.await({ kind: 'deputy-name', schoolId })
  turn.send({
    text: turn.say('me.deputy.ask', { school: school.shortName }),
    buttons: [[{ label: turn.say.plain('common.cancel'), action: openDeputies() }]],
  })
}

async function deputyTyped(turn: Turn, schoolId: number): Promise<boolean> {
  if (turn.incoming.kind !== 'text') return false
  const school = await schoolFor(turn, 'invite-deputy', schoolId)
  const typed = school && readName(turn)
  if (!school || !typed) return true
  const present = (await deputiesOf(turn)).find((one) => one.organizationId === schoolId)
  if (present && present.deputies.length + present.invited.length >= MOST_DEPUTIES) {
    sayNo(turn, 'me.deputy.tooMany', { most: MOST_DEPUTIES })
    return true
  }
  const wanted = { ...typed, role: 'deputy' as const, organizationIds: [school.id] }
  const [result] = await invitePeople(turn.tx, {
    municipalityId: turn.municipality.id,
    invitedById: turn.actor.personId,
    wanted: [wanted],
    now: turn.now,
  })
  turn.forget()
  if (result?.kind !== 'invited') {
    sayNo(turn, 'me.deputy.already', { name: wanted.name })
    return true
  }
  turn.send(letterScreen(turn.say, await inviteWords(turn, wanted, result.token, result.expiresAt)), {
    reason: 'invite-link',
  })
  turn.send({
    text: turn.say('me.deputy.made', { name: wanted.name }),
    buttons: [[{ label: turn.say.plain('common.back'), action: openDeputies() }]],
  })
  return true
}

/** A deputy of a school that the actor heads; says so and gives null where there is none. */
async function deputyFor(turn: Turn, personId: number, schoolId: number) {
  const school = await schoolFor(turn, 'invite-deputy', schoolId)
  const card = school && (await staffCard(turn.tx, turn.municipality.id, personId))
  const role = card?.roles.find((own) => own.role === 'deputy' && own.organizationIds.includes(schoolId))
  if (school && !role) sayNo(turn, 'common.notFound')
  return school && card && role ? { school, card, role } : null
}

async function askDismissal(turn: Turn, personId: number, schoolId: number): Promise<void> {
  const found = await deputyFor(turn, personId, schoolId)
  if (!found) return
  const { card, school } = found
  turn.show(
    dismissScreen(turn.say, { personId, organizationId: schoolId, name: card.fullName, school: school.shortName }),
  )
}

async function dismiss(turn: Turn, personId: number, schoolId: number): Promise<void> {
  const found = await deputyFor(turn, personId, schoolId)
  if (!found) return
  const organizationIds = found.role.organizationIds.filter((id) => id !== schoolId)
  await setRole(turn.tx, {
    municipalityId: turn.municipality.id,
    personId,
    role: 'deputy',
    organizationIds,
    now: turn.now,
  })
  turn.toast(turn.say.plain('me.deputy.dismissed', { name: found.card.fullName }))
  await tellRoles(turn, personId)
  await showDeputies(turn)
}

async function revoke(turn: Turn, inviteId: number): Promise<void> {
  const invite = await lockInvite(turn.tx, inviteId)
  const [organizationId, ...others] = invite?.organizationIds ?? []
  const own =
    invite?.role === 'deputy' &&
    organizationId !== undefined &&
    others.length === 0 &&
    may(turn.actor, 'invite-deputy', { municipalityId: invite.municipalityId, organizationId })
  if (!own) return sayNo(turn, 'common.notFound')
  if (!(await revokeInvite(turn.tx, invite, turn.now))) return sayNo(turn, 'people.invite.over')
  turn.toast(turn.say.plain('people.invite.revoked', { name: invite.personName }))
  await showDeputies(turn)
}
