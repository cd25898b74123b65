import type { PersonRow } from '../../db/people.ts'
import type { School } from '../../db/register.ts'
import type { Screen } from '../../delivery/screen.ts'
import { type PlainDate, Temporal } from '../../kernel/clock.ts'
import {
  askList,
  askPause,
  askSchools,
  askSchoolWords,
  endPause,
  inviteInto,
  openArchive,
  openInvites,
  openPeople,
  openPeopleAndSchools,
  openPerson,
  openRegister,
  openRegistered,
  openUnreachable,
  pauseUntil,
  putAway,
  startInvite,
  takeBack,
} from '../buttons-people.ts'
import { type Say, shortened } from '../words.ts'
import { pageOf, pagingRow, rows } from './pages.ts'

/** «Люди и школы»: the way to all of it, with the figures that ask for attention. */
export function peopleAndSchools(
  say: Say,
  counts: { schools: number; people: number; invites: number; silent: number },
): Screen {
  return {
    text: [say('people.home.title'), '', say('people.home.figures', counts)].join('\n'),
    buttons: rows(
      [
        { label: say.plain('people.home.schools'), action: openRegister(0) },
        { label: say.plain('people.home.people'), action: openPeople('all', 0) },
      ],
      [
        { label: say.plain('people.home.invite'), action: startInvite(), tone: 'main' },
        { label: say.plain('people.home.inviteList'), action: askList() },
      ],
      [{ label: say.plain('people.home.invites', { count: counts.invites }), action: openInvites(0) }],
      counts.silent > 0
        ? [{ label: say.plain('people.home.silent', { count: counts.silent }), action: openUnreachable(0) }]
        : [],
    ),
  }
}

/** The register of schools, a page of it; `archived`: those put away. */
export function registerScreen(
  say: Say,
  given: { schools: School[]; page: number; today: PlainDate; archived: boolean },
): Screen {
  const { shown, ...paging } = pageOf(given.schools, given.page)
  const title = say(given.archived ? 'people.register.archiveTitle' : 'people.register.title', {
    count: given.schools.length,
  })
  const empty =
    given.schools.length === 0 ? [say(given.archived ? 'people.register.archiveEmpty' : 'people.register.empty')] : []
  return {
    text: [title, ...empty].join('\n\n'),
    buttons: rows(
      ...shown.map((school) => [
        {
          label: `${isPaused(school, given.today) ? '⏸ ' : ''}${shortened(school.shortName, 50)}`,
          action: openRegistered(school.id),
        },
      ]),
      pagingRow(say, paging, given.archived ? openArchive : openRegister),
      given.archived
        ? [{ label: say.plain('people.register.current'), action: openRegister(0) }]
        : [
            { label: say.plain('people.register.add'), action: askSchools(), tone: 'main' },
            { label: say.plain('people.register.archive'), action: openArchive(0) },
          ],
      [{ label: say.plain('common.back'), action: openPeopleAndSchools() }],
    ),
  }
}

/** Whether nobody is reminded of the school's tasks on `today`. */
export function isPaused(school: School, today: PlainDate): boolean {
  return school.pausedUntil !== null && Temporal.PlainDate.compare(school.pausedUntil, today) > 0
}

/** A school's card: names, pause, note, who works there, and what can be done. */
export function registeredSchool(say: Say, given: { school: School; people: PersonRow[]; today: PlainDate }): Screen {
  const { school, people, today } = given
  const paused = isPaused(school, today) && school.pausedUntil
  const lines = [
    say('people.school.title', { name: school.name }),
    school.shortName !== school.name && say('people.school.shortName', { name: school.shortName }),
    school.archivedAt && say('people.school.archived'),
    paused && say('people.school.paused', { until: say.day(paused) }),
    school.note && say('people.school.note', { note: school.note }),
    '',
    ...(people.length > 0 ? people.map((row) => personLine(say, row)) : [say('people.school.nobody')]),
  ]
  return {
    text: lines.filter((line) => typeof line === 'string').join('\n'),
    buttons: rows(
      ...people.slice(0, 6).map((row) => [{ label: shortened(row.fullName, 40), action: openPerson(row.personId) }]),
      ...(school.archivedAt ? [] : schoolButtons(say, school, paused !== false && paused !== null)),
      [
        school.archivedAt
          ? { label: say.plain('people.school.takeBack'), action: takeBack(school.id) }
          : { label: say.plain('people.school.putAway'), action: putAway(school.id), tone: 'bad' as const },
        { label: say.plain('common.back'), action: openRegister(0) },
      ],
    ),
  }
}

function schoolButtons(say: Say, school: School, paused: boolean) {
  return [
    [{ label: say.plain('people.school.invite'), action: inviteInto(school.id), tone: 'main' as const }],
    [
      { label: say.plain('people.school.rename'), action: askSchoolWords(school.id, 'name') },
      { label: say.plain('people.school.renameShort'), action: askSchoolWords(school.id, 'short') },
    ],
    [
      { label: say.plain('people.school.noteAsk'), action: askSchoolWords(school.id, 'note') },
      paused
        ? { label: say.plain('people.school.goOn'), action: endPause(school.id) }
        : { label: say.plain('people.school.pause'), action: askPause(school.id) },
    ],
  ]
}

/** A person in a list: mark of reach, name, role. */
export function personLine(say: Say, row: PersonRow): string {
  const mark = row.reach === 'reachable' ? '' : '⚠️ '
  return say('people.person.line', { mark, name: row.fullName, role: say.plain(`role.${row.role}`) })
}

/** Until when a school rests: ready days, or one in words. */
export function pauseScreen(say: Say, school: School, today: PlainDate): Screen {
  const september = today.with({ month: 9, day: 1 })
  const days = [
    today.add({ days: 7 }),
    today.add({ days: 14 }),
    today.add({ months: 1 }),
    Temporal.PlainDate.compare(september, today) > 0 ? september : september.add({ years: 1 }),
  ]
  return {
    text: say('people.school.pauseAsk', { name: school.shortName }),
    buttons: [
      ...days.map((until) => [
        { label: say.plain('people.school.until', { day: say.day(until) }), action: pauseUntil(school.id, until) },
      ]),
      [{ label: say.plain('common.back'), action: openRegistered(school.id) }],
    ],
  }
}
