import { ROLES, type Role } from '../../access/rights.ts'
import type { InviteRow } from '../../db/invitations.ts'
import type { PersonRow } from '../../db/people.ts'
import type { School } from '../../db/register.ts'
import type { StaffCard } from '../../db/staff.ts'
import type { Button, Screen } from '../../delivery/screen.ts'
import { localDate } from '../../kernel/clock.ts'
import { politeName } from '../../people/people.ts'
import { SCHOOL_ROLES } from '../../people/person-list.ts'
import {
  askLetGo,
  askNewRole,
  askRoleSchools,
  askSearch,
  endRole,
  inviteRole,
  letPersonGo,
  markSchool,
  openInvite,
  openInvites,
  openPeople,
  openPeopleAndSchools,
  openPerson,
  openUnreachable,
  renewLink,
  revokeOpenInvite,
  startInvite,
  takeMarks,
  turnMarks,
} from '../buttons-people.ts'
import { type Say, shortened } from '../words.ts'
import { capital, pageOf, pagingRow, rows } from './pages.ts'

/** The people of the municipality, each once, with what they are; of one role where `role` is not `all`. */
export function peopleScreen(
  say: Say,
  given: { people: PersonRow[]; role: string; page: number; found?: string; silent?: boolean },
): Screen {
  const people = [...Map.groupBy(given.people, (row) => row.personId).values()].toSorted(byName)
  const { shown, ...paging } = pageOf(people, given.page)
  const title = given.found
    ? say('people.list.found', { words: given.found, count: people.length })
    : say(given.silent ? 'people.list.silentTitle' : 'people.list.title', { count: people.length })
  const lines = shown.map((own) => listLine(say, own))
  return {
    text: [
      title,
      '',
      ...(lines.length > 0 ? lines : [say('people.list.empty')]),
      ...(given.silent ? ['', say('people.list.silentWhy')] : []),
    ].join('\n'),
    buttons: rows(
      ...shown.flatMap(([first]) =>
        first ? [[{ label: shortened(first.fullName, 45), action: openPerson(first.personId) }]] : [],
      ),
      given.found
        ? []
        : pagingRow(say, paging, given.silent ? openUnreachable : (page) => openPeople(given.role, page)),
      ...(given.silent ? [] : roleFilter(say, given.role)),
      [
        { label: say.plain('people.list.search'), action: askSearch() },
        { label: say.plain('common.back'), action: openPeopleAndSchools() },
      ],
    ),
  }
}

function listLine(say: Say, own: PersonRow[]): string {
  const [first] = own
  if (!first) return ''
  const roles = [...Map.groupBy(own, (row) => row.role)].map(([role, held]) =>
    say.plain('people.person.roleAt', {
      role: say.plain(`role.${role}`),
      organization: held.map((row) => row.organizationName).join(', '),
    }),
  )
  const mark = first.reach === 'reachable' ? '' : '⚠️ '
  return say('people.list.line', { mark, name: first.fullName, roles: shortened(roles.join('; '), 160) })
}

function byName([one]: PersonRow[], [other]: PersonRow[]): number {
  return (one?.fullName ?? '').localeCompare(other?.fullName ?? '', 'ru')
}

function roleFilter(say: Say, present: string): Button[][] {
  const others = [...ROLES.filter((role) => role !== 'deputy'), 'all'].filter((role) => role !== present)
  const labels = others.map((role) => ({
    label: say.plain(`people.list.only.${role as 'all'}`),
    action: openPeople(role, 0),
  }))
  return [labels.slice(0, 2), labels.slice(2)]
}

/** A person's card for the coordinator. */
export function personScreen(say: Say, given: { card: StaffCard; reach: PersonRow['reach']; zone: string }): Screen {
  const { card, reach } = given
  const lines = [
    say('people.person.title', { name: card.fullName }),
    ...card.roles.map(({ role, organizationNames }) =>
      say('people.person.roleLine', {
        role: capital(say.plain(`role.${role}`)),
        organizations: organizationNames.join(', '),
      }),
    ),
    say('people.person.since', { day: say.day(localDate(card.since, given.zone)) }),
    card.phone && say('people.person.phone', { phone: card.phone }),
    say(`people.person.reach.${reach}`),
  ]
  return {
    text: lines.filter((line) => typeof line === 'string').join('\n'),
    buttons: rows(
      ...card.roles.map(({ role }) => roleButtons(say, card.personId, role)),
      [
        { label: say.plain('people.person.addRole'), action: askNewRole(card.personId) },
        { label: say.plain('people.person.letGo'), action: askLetGo(card.personId), tone: 'bad' as const },
      ],
      [{ label: say.plain('common.back'), action: openPeople('all', 0) }],
    ),
  }
}

function roleButtons(say: Say, personId: number, role: Role): Button[] {
  const name = say.plain(`role.${role}`)
  return [
    ...(SCHOOL_ROLES.includes(role)
      ? [{ label: say.plain('people.person.schoolsOf', { role: name }), action: askRoleSchools(personId, role) }]
      : []),
    { label: say.plain('people.person.endRole', { role: name }), action: endRole(personId, role) },
  ]
}

/** The roles that a person does not have yet. */
export function newRoleScreen(say: Say, card: StaffCard): Screen {
  const free = ROLES.filter((role) => !card.roles.some((own) => own.role === role))
  return {
    text: say('people.person.newRole', { name: card.fullName }),
    buttons: [
      ...free.map((role) => [
        { label: capital(say.plain(`role.${role}`)), action: askRoleSchools(card.personId, role) },
      ]),
      [{ label: say.plain('common.back'), action: openPerson(card.personId) }],
    ],
  }
}

/** Whether somebody is really to leave. */
export function letGoScreen(say: Say, card: StaffCard): Screen {
  return {
    text: say('people.person.letGoAsk', { name: card.fullName }),
    buttons: [
      [{ label: say.plain('people.person.letGoSure'), action: letPersonGo(card.personId), tone: 'bad' }],
      [{ label: say.plain('common.back'), action: openPerson(card.personId) }],
    ],
  }
}

/** Schools with check marks. */
export function marksScreen(
  say: Say,
  given: { title: string; schools: School[]; chosen: readonly number[]; page: number; back: string },
): Screen {
  const { shown, ...paging } = pageOf(given.schools, given.page)
  return {
    text: [
      given.title,
      given.schools.length === 0
        ? say('people.marks.none')
        : say('people.marks.chosen', { count: given.chosen.length }),
    ].join('\n\n'),
    buttons: rows(
      ...shown.map((school) => [
        {
          label: `${given.chosen.includes(school.id) ? '✅' : '◻️'} ${shortened(school.shortName, 48)}`,
          action: markSchool(school.id),
        },
      ]),
      pagingRow(say, paging, turnMarks),
      [
        ...(given.chosen.length > 0
          ? [{ label: say.plain('people.marks.take'), action: takeMarks(), tone: 'good' as const }]
          : []),
        { label: say.plain('common.cancel'), action: given.back },
      ],
    ),
  }
}

/** Whom to invite: the roles. */
export function inviteRoleScreen(say: Say): Screen {
  return {
    text: say('people.invite.askRole'),
    buttons: [
      ...(['head', 'deputy', 'curator', 'council', 'coordinator'] as const).map((role) => [
        { label: capital(say.plain(`role.${role}`)), action: inviteRole(role) },
      ]),
      [{ label: say.plain('common.back'), action: openPeopleAndSchools() }],
    ],
  }
}

/** An invite in words. */
export type InviteWords = {
  name: string
  role: Role
  organizations: string[]
  link: string
  until: string
  municipality: string
}

/** The message that is forwarded to the person invited: it explains itself. */
export function letterScreen(say: Say, invite: InviteWords): Screen {
  return {
    text: say('people.invite.letter', {
      name: politeName(invite.name),
      municipality: invite.municipality,
      role: say.plain(`role.${invite.role}`),
      organizations: invite.organizations.join(', '),
      link: invite.link,
      until: invite.until,
    }),
  }
}

/** What the coordinator sees above a letter. */
export function invitedScreen(say: Say, invite: { name: string }): Screen {
  return {
    text: say('people.invite.made', { name: invite.name }),
    buttons: [
      [
        { label: say.plain('people.invite.another'), action: startInvite(), tone: 'main' },
        { label: say.plain('people.invite.openOnes'), action: openInvites(0) },
      ],
    ],
  }
}

/** The invites that nobody used yet. */
export function openInvitesScreen(
  say: Say,
  given: { invites: (InviteRow & { organizations: string[] })[]; page: number },
): Screen {
  const { shown, ...paging } = pageOf(given.invites, given.page)
  return {
    text: [
      say('people.invite.openTitle', { count: given.invites.length }),
      ...(given.invites.length === 0 ? [say('people.invite.openEmpty')] : []),
    ].join('\n\n'),
    buttons: rows(
      ...shown.map((invite) => [
        {
          label: shortened(
            `${invite.personName} · ${say.plain(`role.${invite.role}`)}, ${invite.organizations.join(', ')}`,
            55,
          ),
          action: openInvite(invite.id),
        },
      ]),
      pagingRow(say, paging, openInvites),
      [{ label: say.plain('common.back'), action: openPeopleAndSchools() }],
    ),
  }
}

/** One open invite: again, or no more. */
export function openInviteScreen(say: Say, invite: InviteRow & { organizations: string[] }): Screen {
  return {
    text: say('people.invite.card', {
      name: invite.personName,
      role: say.plain(`role.${invite.role}`),
      organizations: invite.organizations.join(', '),
      until: say.moment(invite.expiresAt),
      phone: invite.phone ? say('people.invite.cardPhone', { phone: invite.phone }) : '',
    }),
    buttons: [
      [
        { label: say.plain('people.invite.renew'), action: renewLink(invite.id), tone: 'main' },
        { label: say.plain('people.invite.revoke'), action: revokeOpenInvite(invite.id), tone: 'bad' },
      ],
      [{ label: say.plain('common.back'), action: openInvites(0) }],
    ],
  }
}
