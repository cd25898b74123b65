import { z } from 'zod'
import { ROLES } from '../../access/rights.ts'
import type { Announcement } from '../../announcements/announcement.ts'
import { type Audience, placesOf, SCHOOL_KINDS, schoolKindOf, toggled } from '../../announcements/audience.ts'
import { recipientsBy } from '../../db/announcement-sending.ts'
import { changeAnnouncement } from '../../db/announcements.ts'
import {
  audienceRegister,
  groupsOf,
  invitedOnly,
  type Listed,
  listedPeople,
  makeGroup,
  removeGroup,
  setMember,
} from '../../db/audiences.ts'
import { peopleWithRoles } from '../../db/people.ts'
import { schoolsOf } from '../../db/register.ts'
import type { Screen } from '../../delivery/screen.ts'
import { audiencePeople, cardOf } from '../announcing/desk.ts'
import {
  markAudience,
  markMember,
  openAnnouncement,
  openAnnouncements,
  openAudience,
  openAudienceList,
  openCalls,
  openGroup,
  openGroups,
  openRecipients,
  removeGroupOf,
  saveGroup,
} from '../buttons-announcements.ts'
import { audienceWords } from '../screens/announcement-card.ts'
import { capital, pageOf, pagingRow, rows } from '../screens/pages.ts'
import { type Feature, on, type Turn, waitingFor } from '../turn.ts'
import { shortened } from '../words.ts'
import { holdDraft, reachAnnouncement, reveal } from './announcement-reach.ts'
import { allowed, wordsOfTurn } from './coordinating.ts'

const LISTS = ['roles', 'organizations', 'kinds', 'curators', 'groups', 'except'] as const
type List = (typeof LISTS)[number]

const Naming = z.object({ kind: z.literal('announcement-group'), id: z.number().int() })

/** Lines of a list of people on one screen. */
const PEOPLE_PAGE = 30
const MOST_CALLS = 40

/** For whom: roles, schools, groups, without whom; the lists of who gets it and who cannot be reached; the groups that coordinators keep. */
export const announcementAudience: Feature = {
  taps: [
    on(openAudience, showAudience),
    on(openAudienceList, (turn, id, list, page) => showList(turn, id, list, page)),
    on(markAudience, mark),
    on(openRecipients, showRecipients),
    on(openCalls, showCalls),
    on(saveGroup, askGroupName),
    on(openGroups, showGroups),
    on(openGroup, showGroup),
    on(markMember, changeMember),
    on(removeGroupOf, dropGroup),
  ],
  dialogs: [
    waitingFor('announcement-group', Naming, async (turn, { id }) => {
      const words = wordsOfTurn(turn)
      if (words !== null) await keepGroup(turn, id as number, shortened(words, 60))
      return true
    }),
  ],
}

async function showAudience(turn: Turn, id: number): Promise<void> {
  const draft = await holdDraft(turn, id)
  if (!draft) return
  turn.forget()
  turn.show(await audienceScreen(turn, draft), { announcement: id })
}

async function audienceScreen(turn: Turn, draft: Announcement): Promise<Screen> {
  const { say } = turn
  const people = await audiencePeople(turn, draft)
  const unreached = people.filter(({ chat }) => chat === null).length
  const summary = audienceWords(say, draft.audience, { groups: await groupsOf(turn.tx, turn.municipality.id) })
  const count = [
    say('announcement.audience.people', { count: people.length }),
    unreached > 0 ? say('announcement.audience.unreached', { count: unreached }) : '',
  ]
  const list = (name: List) => ({
    label: say.plain(`announcement.audience.${name}`),
    action: openAudienceList(draft.id, name, 0),
  })
  return {
    text: say('announcement.audience.title', {
      summary: summary ? capital(summary) : say('announcement.audience.nobody'),
      count: count.filter((line) => line !== '').join('\n'),
    }),
    buttons: rows(
      [list('roles'), list('groups')],
      [list('organizations'), list('kinds'), list('curators')],
      people.length + draft.audience.except.length > 0 ? [list('except')] : [],
      people.length > 0
        ? [
            { label: say.plain('announcement.audience.list'), action: openRecipients(draft.id, 0) },
            { label: say.plain('announcement.audience.calls'), action: openCalls(draft.id) },
          ]
        : [],
      people.length > 0 ? [{ label: say.plain('announcement.audience.save'), action: saveGroup(draft.id) }] : [],
      [{ label: say.plain('announcement.audience.done'), tone: 'good', action: openAnnouncement(draft.id) }],
    ),
  }
}

type Choice = { value: number; name: string; marked: boolean }

/** What can be marked in a list. Roles and kinds of schools go by their place in their table. */
const CHOICES: Record<List, (turn: Turn, draft: Announcement) => Promise<Choice[]>> = {
  roles: async ({ say }, { audience }) =>
    ROLES.map((role, value) => ({
      value,
      name: capital(say.plain(`role.${role}`)),
      marked: audience.roles.includes(role),
    })),
  kinds: async (turn, { audience }) => {
    const present = new Set((await schoolsOf(turn.tx, turn.municipality.id)).map(schoolKindOf))
    return SCHOOL_KINDS.map((kind, value) => ({
      value,
      kind,
      name: capital(turn.say.plain(`announcement.kind.${kind}`)),
      marked: audience.schoolKinds.includes(kind),
    })).filter(({ kind, marked }) => present.has(kind) || marked)
  },
  organizations: async (turn, { audience }) =>
    (await schoolsOf(turn.tx, turn.municipality.id)).map((school) => ({
      value: school.id,
      name: school.shortName,
      marked: audience.organizationIds.includes(school.id),
    })),
  curators: async (turn, { audience }) =>
    (await peopleWithRoles(turn.tx, turn.municipality.id, ['curator'])).map((person) => ({
      value: person.personId,
      name: person.fullName,
      marked: audience.curatorIds.includes(person.personId),
    })),
  groups: async (turn, { audience }) =>
    (await groupsOf(turn.tx, turn.municipality.id)).map((group) => ({
      value: group.id,
      name: turn.say.plain('announcement.group.line', { name: group.name, count: group.personIds.length }),
      marked: audience.groupIds.includes(group.id),
    })),
  except: async (turn, draft) => {
    const everybody = await audiencePeople(turn, { ...draft, audience: { ...draft.audience, except: [] } })
    return everybody.map((person) => ({
      value: person.personId,
      name: `${person.fullName}, ${person.organizations}`,
      marked: draft.audience.except.includes(person.personId),
    }))
  },
}

/** `audience` with `value` of a list marked or not; null for a value that the list does not have. */
function marked(audience: Audience, list: List, value: number): Audience | null {
  const role = ROLES[value]
  const kind = SCHOOL_KINDS[value]
  switch (list) {
    case 'roles':
      return role ? toggled(audience, 'roles', role) : null
    case 'kinds':
      return kind ? toggled(audience, 'schoolKinds', kind) : null
    case 'organizations':
      return toggled(audience, 'organizationIds', value)
    case 'curators':
      return toggled(audience, 'curatorIds', value)
    case 'groups':
      return toggled(audience, 'groupIds', value)
    case 'except':
      return toggled(audience, 'except', value)
  }
}

function listOf(word: string): List | null {
  return LISTS.find((list) => list === word) ?? null
}

async function showList(turn: Turn, id: number, word: string, page: number): Promise<void> {
  const draft = await holdDraft(turn, id)
  const list = listOf(word)
  if (!draft || !list) return
  const { say } = turn
  const choices = await CHOICES[list](turn, draft)
  const shown = pageOf(choices, page)
  const empty = say(list === 'groups' ? 'announcement.audience.noGroups' : 'announcement.audience.empty')
  turn.show(
    {
      text: choices.length === 0 ? empty : say(`announcement.audience.pick.${list}`),
      buttons: rows(
        ...shown.shown.map(({ value, name, marked: isMarked }) => [
          {
            label: shortened(
              say.plain(isMarked ? 'announcement.audience.marked' : 'announcement.audience.unmarked', { name }),
              60,
            ),
            action: markAudience(id, list, value, shown.page),
          },
        ]),
        pagingRow(say, shown, (next) => openAudienceList(id, list, next)),
        [{ label: say.plain('announcement.audience.done'), action: openAudience(id) }],
      ),
    },
    { announcement: id },
  )
}

async function mark(turn: Turn, id: number, word: string, value: number, page: number): Promise<void> {
  const draft = await holdDraft(turn, id)
  const list = listOf(word)
  if (!draft || !list || !(await CHOICES[list](turn, draft)).some((choice) => choice.value === value)) return
  const audience = marked(draft.audience, list, value)
  if (audience) await changeAnnouncement(turn.tx, id, { audience }, turn.now)
  await showList(turn, id, list, page)
}

// -- who gets it, and who cannot

async function showRecipients(turn: Turn, id: number, page: number): Promise<void> {
  const announcement = await reachAnnouncement(turn, id)
  if (!announcement) return
  const { say } = turn
  const people = await audiencePeople(turn, announcement)
  const pages = Math.max(1, Math.ceil(people.length / PEOPLE_PAGE))
  const index = Math.min(page, pages - 1)
  const lines = people.slice(index * PEOPLE_PAGE, (index + 1) * PEOPLE_PAGE).map((person, place) =>
    say('announcement.audience.listLine', {
      number: index * PEOPLE_PAGE + place + 1,
      name: person.fullName,
      organizations: shortened(person.organizations, 60),
      mark: person.chat === null ? say('announcement.audience.listUnreached') : '',
    }),
  )
  reveal(
    turn,
    {
      text: [say('announcement.audience.listTitle', { count: people.length }), '', ...lines].join('\n'),
      buttons: rows(
        pagingRow(say, { page: index, pages }, (next) => openRecipients(id, next)),
        [{ label: say.plain('common.back'), action: openAudience(id) }],
      ),
    },
    id,
  )
}

/** A call list: who cannot be written to, who has never come in, and of a sent announcement whom it did not reach. */
async function showCalls(turn: Turn, id: number): Promise<void> {
  const announcement = await reachAnnouncement(turn, id)
  if (!announcement) return
  const { say } = turn
  const lines = [...(await blockedOf(turn, announcement)), ...(await absentOf(turn, announcement))]
  const more = lines.length - MOST_CALLS
  const text =
    lines.length === 0
      ? say('announcement.audience.callsNone')
      : [
          say('announcement.audience.callsTitle'),
          '',
          ...lines.slice(0, MOST_CALLS),
          ...(more > 0 ? [say('announcement.audience.callsMore', { count: more })] : []),
        ].join('\n')
  const back = announcement.sentAt === null ? openAudience(id) : openAnnouncement(id)
  reveal(turn, { text, buttons: [[{ label: say.plain('common.back'), action: back }]] }, id)
}

async function blockedOf(turn: Turn, announcement: Announcement): Promise<string[]> {
  const unreached = await unreachedOf(turn, announcement)
  return unreached.map((person) => callLine(turn, person, 'announcement.audience.callBlocked'))
}

async function unreachedOf(turn: Turn, announcement: Announcement): Promise<Listed[]> {
  if (announcement.sentAt === null) {
    const people = await audiencePeople(turn, announcement)
    return people.filter(({ chat }) => chat === null)
  }
  const ids = new Set(await recipientsBy(turn.tx, announcement.id, ['failed', 'unreachable']))
  const people = await listedPeople(turn.tx, turn.municipality.id)
  return people.filter(({ personId }) => ids.has(personId))
}

async function absentOf(turn: Turn, { audience }: Announcement): Promise<string[]> {
  const places = placesOf(audience, await audienceRegister(turn.tx, turn.municipality.id))
  const absent = await invitedOnly(turn.tx, {
    municipalityId: turn.municipality.id,
    roles: audience.roles,
    organizationIds: places && [...places],
  })
  return absent.map((person) =>
    callLine(turn, { ...person, fullName: person.name }, 'announcement.audience.callInvited'),
  )
}

function callLine(
  { say }: Turn,
  person: { fullName: string; phone: string | null; organizations: string },
  why: 'announcement.audience.callBlocked' | 'announcement.audience.callInvited',
): string {
  return say('announcement.audience.callLine', {
    name: person.fullName,
    organizations: shortened(person.organizations, 60),
    phone: person.phone ? `, ${person.phone.replace(/[^\d+ ()-]/g, '')}` : '',
    why: say(why),
  })
}

// -- groups

async function askGroupName(turn: Turn, id: number): Promise<void> {
  const draft = await holdDraft(turn, id)
  if (!draft) return
  turn.await({ kind: 'announcement-group', id })
  turn.show(
    {
      text: turn.say('announcement.audience.askGroupName'),
      buttons: [[{ label: turn.say.plain('common.back'), action: openAudience(id) }]],
    },
    { announcement: id },
  )
}

async function keepGroup(turn: Turn, id: number, name: string): Promise<void> {
  const draft = await holdDraft(turn, id)
  turn.forget()
  if (!draft || name === '') return
  const people = await audiencePeople(turn, draft)
  const municipalityId = turn.municipality.id
  const groupId = await makeGroup(turn.tx, municipalityId, name, turn.now)
  for (const { personId } of people) await setMember(turn.tx, { municipalityId, groupId, personId }, true)
  turn.send({ text: turn.say('announcement.audience.groupSaved', { name, count: people.length }) })
  turn.send(await cardOf(turn, draft), { subject: { announcement: id } })
}

async function showGroups(turn: Turn): Promise<void> {
  if (!allowed(turn, 'announce')) return
  const { say } = turn
  const groups = await groupsOf(turn.tx, turn.municipality.id)
  turn.show({
    text: groups.length > 0 ? say('announcement.group.list') : say('announcement.audience.noGroups'),
    buttons: [
      ...groups.map((group) => [
        {
          label: shortened(
            say.plain('announcement.group.line', { name: group.name, count: group.personIds.length }),
            60,
          ),
          action: openGroup(group.id, 0),
        },
      ]),
      [{ label: say.plain('common.back'), action: openAnnouncements() }],
    ],
  })
}

/** The group with this id in the person's municipality; says so and gives null where there is none, or it is not theirs to keep. */
async function groupFor(turn: Turn, groupId: number) {
  if (!allowed(turn, 'announce')) return null
  const group = (await groupsOf(turn.tx, turn.municipality.id)).find(({ id }) => id === groupId)
  if (!group) turn.toast(turn.say.plain('common.notFound'), true)
  return group ?? null
}

async function showGroup(turn: Turn, groupId: number, page: number): Promise<void> {
  const group = await groupFor(turn, groupId)
  if (!group) return
  const { say } = turn
  const shown = pageOf(await listedPeople(turn.tx, turn.municipality.id), page)
  turn.show({
    text: say('announcement.group.title', { name: group.name }),
    buttons: rows(
      ...shown.shown.map((person) => {
        const key = group.personIds.includes(person.personId)
          ? 'announcement.audience.marked'
          : 'announcement.audience.unmarked'
        const name = `${person.fullName}, ${person.organizations}`
        return [
          { label: shortened(say.plain(key, { name }), 60), action: markMember(groupId, person.personId, shown.page) },
        ]
      }),
      pagingRow(say, shown, (next) => openGroup(groupId, next)),
      [
        { label: say.plain('announcement.group.remove'), tone: 'bad', action: removeGroupOf(groupId) },
        { label: say.plain('common.back'), action: openGroups() },
      ],
    ),
  })
}

async function changeMember(turn: Turn, groupId: number, personId: number, page: number): Promise<void> {
  const group = await groupFor(turn, groupId)
  if (!group) return
  const municipalityId = turn.municipality.id
  const isOurs = (await listedPeople(turn.tx, municipalityId)).some((person) => person.personId === personId)
  if (!isOurs) return turn.toast(turn.say.plain('common.notFound'), true)
  await setMember(turn.tx, { municipalityId, groupId, personId }, !group.personIds.includes(personId))
  await showGroup(turn, groupId, page)
}

async function dropGroup(turn: Turn, groupId: number): Promise<void> {
  const group = await groupFor(turn, groupId)
  if (!group) return
  await removeGroup(turn.tx, turn.municipality.id, groupId)
  turn.toast(turn.say.plain('announcement.group.removed'))
  await showGroups(turn)
}
