import { z } from 'zod'
import { holds } from '../../access/rights.ts'
import { readTypedDay } from '../../calendar/days-typed.ts'
import { openInviteRows } from '../../db/invitations.ts'
import { peopleOfMunicipality } from '../../db/people.ts'
import {
  addSchools,
  archiveSchool,
  noteSchool,
  pauseSchool,
  renameSchool,
  type School,
  schoolsOf,
} from '../../db/register.ts'
import { shortName } from '../../documents/write/short-name.ts'
import type { PlainDate } from '../../kernel/clock.ts'
import { cleanOrganizationName } from '../../people/names.ts'
import { schoolNamesOf } from '../../people/school-names.ts'
import {
  askPause,
  askSchools,
  askSchoolWords,
  endPause,
  openArchive,
  openPeopleAndSchools,
  openRegister,
  openRegistered,
  pauseUntil,
  putAway,
  takeBack,
} from '../buttons-people.ts'
import { pauseScreen, peopleAndSchools, registeredSchool, registerScreen } from '../screens/register.ts'
import { type Feature, on, type Turn, waitingFor } from '../turn.ts'
import { shortened } from '../words.ts'
import { allowed, sayNo, schoolFor, wordsOfTurn } from './coordinating.ts'

/** How long a school's short name may be: buttons and lists must not wrap. */
const SHORT_NAME = 60
const LONGEST_NOTE = 1000
/** A school that rests longer is put away. */
const LONGEST_PAUSE_DAYS = 400

const Adding = z.object({ kind: z.literal('add-schools') })
const Asked = z.object({
  kind: z.literal('school-words'),
  schoolId: z.number().int(),
  what: z.enum(['name', 'short', 'note']),
})
const Pausing = z.object({ kind: z.literal('school-pause'), schoolId: z.number().int() })

/** «Люди и школы»: the home of it, and the register of schools. */
export const register: Feature = {
  menu: [{ key: 'menu.people', command: 'people', shown: (actor) => holds(actor, ['coordinator']), run: showHome }],
  taps: [
    on(openPeopleAndSchools, showHome),
    on(openRegister, (turn, page) => showRegister(turn, page, false)),
    on(openArchive, (turn, page) => showRegister(turn, page, true)),
    on(askSchools, askForSchools),
    on(openRegistered, showRegistered),
    on(askSchoolWords, askWords),
    on(askPause, askUntil),
    on(pauseUntil, (turn, schoolId, until) => setPause(turn, schoolId, until)),
    on(endPause, (turn, schoolId) => setPause(turn, schoolId, null)),
    on(putAway, (turn, schoolId) => setArchived(turn, schoolId, true)),
    on(takeBack, (turn, schoolId) => setArchived(turn, schoolId, false)),
  ],
  dialogs: [
    waitingFor('add-schools', Adding, addTyped),
    waitingFor('school-words', Asked, (turn, asked) => takeWords(turn, asked.schoolId as number, asked.what as What)),
    waitingFor('school-pause', Pausing, (turn, asked) => pauseTyped(turn, asked.schoolId as number)),
  ],
}

type What = 'name' | 'short' | 'note'

async function showHome(turn: Turn): Promise<void> {
  if (!allowed(turn, 'manage-people')) return
  const { tx, municipality, now } = turn
  const people = await peopleOfMunicipality(tx, municipality.id)
  const ids = (rows: typeof people): number => new Set(rows.map((row) => row.personId)).size
  turn.forget()
  turn.show(
    peopleAndSchools(turn.say, {
      schools: (await schoolsOf(tx, municipality.id)).length,
      people: ids(people),
      invites: (await openInviteRows(tx, municipality.id, now)).length,
      silent: ids(people.filter((row) => row.reach !== 'reachable')),
    }),
  )
}

async function showRegister(turn: Turn, page: number, archived: boolean): Promise<void> {
  if (!allowed(turn, 'manage-people')) return
  turn.forget()
  const schools = await schoolsOf(turn.tx, turn.municipality.id, archived)
  turn.show(registerScreen(turn.say, { schools, page, today: turn.today, archived }))
}

async function showRegistered(turn: Turn, schoolId: number): Promise<void> {
  const school = await schoolFor(turn, 'manage-people', schoolId)
  if (!school) return
  turn.forget()
  await showCard(turn, school)
}

async function showCard(turn: Turn, school: School): Promise<void> {
  const people = await peopleOfMunicipality(turn.tx, turn.municipality.id, school.id)
  turn.show(registeredSchool(turn.say, { school, people, today: turn.today }))
}

function askForSchools(turn: Turn): void {
  if (!allowed(turn, 'manage-people')) return
  turn.await({ kind: 'add-schools' })
  turn.send({
    text: turn.say('people.register.addAsk'),
    buttons: [[{ label: turn.say.plain('common.cancel'), action: openRegister(0) }]],
  })
}

async function addTyped(turn: Turn): Promise<boolean> {
  if (turn.incoming.kind !== 'text') return false
  if (!allowed(turn, 'manage-people')) return true
  const { names, wrong } = schoolNamesOf(turn.incoming.text)
  if (names.length === 0) {
    sayNo(turn, 'people.register.addNothing')
    return true
  }
  const wanted = names.map((name) => ({ name, shortName: shortName(name, SHORT_NAME) }))
  const { added, restored, known } = await addSchools(turn.tx, turn.municipality.id, wanted, turn.now)
  const namesOf = (schools: School[]): string => schools.map((school) => school.shortName).join('\n')
  const parts = [
    added.length > 0 && turn.say('people.register.added', { count: added.length, names: namesOf(added) }),
    restored.length > 0 && turn.say('people.register.restored', { names: namesOf(restored) }),
    known.length > 0 && turn.say('people.register.known', { names: namesOf(known) }),
    wrong.length > 0 && turn.say('people.register.wrong', { lines: wrong.slice(0, 5).join('\n') }),
    turn.say('people.register.addMore'),
  ]
  turn.send({
    text: parts.filter((part) => part !== false).join('\n\n'),
    buttons: [[{ label: turn.say.plain('people.register.addDone'), action: openRegister(0), tone: 'main' }]],
  })
  return true
}

async function askWords(turn: Turn, schoolId: number, what: string): Promise<void> {
  const asked = Asked.shape.what.safeParse(what)
  const school = asked.success ? await schoolFor(turn, 'manage-people', schoolId) : null
  if (!school || !asked.success) return
  turn.await({ kind: 'school-words', schoolId, what: asked.data })
  turn.send({
    text: turn.say(`people.school.ask.${asked.data}`, {
      name: asked.data === 'short' ? school.shortName : school.name,
    }),
    buttons: [[{ label: turn.say.plain('common.cancel'), action: openRegistered(schoolId) }]],
  })
}

async function takeWords(turn: Turn, schoolId: number, what: What): Promise<boolean> {
  const words = wordsOfTurn(turn)
  const school = words === null ? null : await schoolFor(turn, 'manage-people', schoolId)
  if (words === null || !school) return true
  if (what === 'note') return noteTyped(turn, school, words)
  const name = cleanOrganizationName(words)
  if (!name || (what === 'short' && name.length > SHORT_NAME)) {
    sayNo(turn, name ? 'people.school.tooLong' : 'people.school.noName', { most: SHORT_NAME })
    return true
  }
  const renamed = await renameSchool(turn.tx, school, what === 'name' ? { name } : { shortName: name })
  if (!renamed.ok) {
    sayNo(turn, 'people.school.nameTaken', { name })
    return true
  }
  turn.forget()
  await showCard(turn, renamed.value)
  return true
}

async function noteTyped(turn: Turn, school: School, words: string): Promise<boolean> {
  const note = /^[-–—]$/.test(words) ? null : shortened(words, LONGEST_NOTE)
  turn.forget()
  await showCard(turn, await noteSchool(turn.tx, school, note))
  return true
}

async function askUntil(turn: Turn, schoolId: number): Promise<void> {
  const school = await schoolFor(turn, 'manage-people', schoolId)
  if (!school) return
  turn.await({ kind: 'school-pause', schoolId })
  turn.show(pauseScreen(turn.say, school, turn.today))
}

async function pauseTyped(turn: Turn, schoolId: number): Promise<boolean> {
  const words = wordsOfTurn(turn)
  if (words === null) return true
  const until = readTypedDay(words.replace(/^\s*до\s+/i, ''), turn.today)
  if (until) await setPause(turn, schoolId, until)
  else sayNo(turn, 'people.school.pauseNotUnderstood')
  return true
}

async function setPause(turn: Turn, schoolId: number, until: PlainDate | null): Promise<void> {
  const school = await schoolFor(turn, 'manage-people', schoolId)
  if (!school) return
  const days = until ? turn.today.until(until, { largestUnit: 'day' }).days : 1
  if (days <= 0 || days > LONGEST_PAUSE_DAYS) return sayNo(turn, 'people.school.pauseNotUnderstood')
  turn.forget()
  turn.toast(
    until
      ? turn.say.plain('people.school.pausedNow', { until: turn.say.day(until) })
      : turn.say.plain('people.school.goesOn'),
  )
  await showCard(turn, await pauseSchool(turn.tx, school, until))
}

async function setArchived(turn: Turn, schoolId: number, archived: boolean): Promise<void> {
  const school = await schoolFor(turn, 'manage-people', schoolId)
  if (!school) return
  if ((school.archivedAt !== null) === archived) return showCard(turn, school)
  turn.toast(
    turn.say.plain(archived ? 'people.school.putAwayNow' : 'people.school.takenBack', { name: school.shortName }),
    archived,
  )
  await showCard(turn, await archiveSchool(turn.tx, school, archived ? turn.now : null))
}
