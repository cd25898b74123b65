import { z } from 'zod'
import { type Actor, holds, may, organizationsOf } from '../../access/rights.ts'
import type { Tx } from '../../db/database.ts'
import { municipalityFigures, schoolFigures } from '../../db/digests.ts'
import { organizationsOfMunicipality, peopleWithRoles } from '../../db/people.ts'
import { addNote, notesOn } from '../../db/school-notes.ts'
import { tasksOfOrganization } from '../../db/task-lists.ts'
import type { Screen } from '../../delivery/screen.ts'
import { type MunicipalityFigures, totalOf } from '../../digests/figures.ts'
import type { PlainDate } from '../../kernel/clock.ts'
import type { Municipality } from '../../people/people.ts'
import { openSchool, openSummary, sendChart, sendTable, writeNote } from '../buttons.ts'
import { digestScreen, schoolCard } from '../screens/digest.ts'
import { type Feature, on, type Turn, waitingFor } from '../turn.ts'
import { type Say, shortened } from '../words.ts'
import { chartOf, tableOf } from './summary-files.ts'

const READERS = ['curator', 'coordinator'] as const

const Noting = z.object({ kind: z.literal('school-note'), organizationId: z.number().int() })

/** «Сводка» and «Мои школы»: how the schools stand, with the way down to a task; the same screen that the weekly digest brings. */
export const summary: Feature = {
  menu: [
    {
      key: 'menu.summary',
      command: 'summary',
      shown: (actor) => holds(actor, ['coordinator']),
      run: showSummary,
    },
    { key: 'menu.schools', command: 'schools', shown: (actor) => holds(actor, ['curator']), run: showSummary },
  ],
  taps: [
    on(openSummary, showSummary),
    on(openSchool, showSchool),
    on(writeNote, askNote),
    on(sendChart, async (turn) => {
      if (!holds(turn.actor, READERS)) return turn.toast(turn.say.plain('common.notYours'), true)
      const attachment = await chartOf(turn, await figuresFor(turn.tx, turn.municipality.id, turn.actor, turn.today))
      turn.send({ text: turn.say('digest.chartHeading'), attachments: [attachment] })
    }),
    on(sendTable, async (turn) => {
      if (!holds(turn.actor, READERS)) return turn.toast(turn.say.plain('common.notYours'), true)
      const attachment = await tableOf(turn, schoolsOf(turn.actor))
      turn.send({ text: turn.say('digest.tableReady', { day: turn.say.day(turn.today) }), attachments: [attachment] })
    }),
  ],
  dialogs: [
    waitingFor('school-note', Noting, async (turn, { organizationId }) => {
      if (turn.incoming.kind !== 'text') return false
      await keepNote(turn, organizationId as number, turn.incoming.text)
      return true
    }),
  ],
}

async function askNote(turn: Turn, organizationId: number): Promise<void> {
  const [school] = await organizationsOfMunicipality(turn.tx, turn.municipality.id, { ids: [organizationId] })
  if (!school || !may(turn.actor, 'note-school', { municipalityId: school.municipalityId, organizationId }))
    return turn.toast(turn.say.plain('common.notYours'), true)
  turn.await({ kind: 'school-note', organizationId })
  turn.send({
    text: turn.say('digest.noteAsk', { school: school.shortName }),
    buttons: [[{ label: turn.say.plain('common.back'), action: openSchool(organizationId) }]],
  })
}

async function keepNote(turn: Turn, organizationId: number, words: string): Promise<void> {
  turn.forget()
  if (!may(turn.actor, 'note-school', { municipalityId: turn.municipality.id, organizationId }))
    return turn.send({ text: turn.say('common.notYours') })
  await addNote(turn.tx, {
    municipalityId: turn.municipality.id,
    organizationId,
    authorId: turn.actor.personId,
    words: shortened(words, 1000),
    at: turn.now,
  })
  turn.send({
    text: turn.say('digest.noteKept'),
    buttons: [[{ label: turn.say.plain('common.back'), action: openSchool(organizationId) }]],
  })
}

/** The schools that `actor` looks after; null: all of the municipality; none for everybody else. */
export function schoolsOf(actor: Actor): number[] | null {
  return holds(actor, ['coordinator']) ? null : organizationsOf(actor, ['curator'])
}

function figuresFor(tx: Tx, municipalityId: number, actor: Actor, today: PlainDate) {
  return schoolFigures(tx, municipalityId, schoolsOf(actor), today)
}

async function showSummary(turn: Turn): Promise<void> {
  if (!holds(turn.actor, READERS)) return turn.toast(turn.say.plain('common.notYours'), true)
  turn.show((await summaryScreen(turn.tx, turn.say, turn.municipality, turn.actor, turn.today)) ?? emptyScreen(turn), {
    view: 'summary',
  })
}

function emptyScreen(turn: Turn): Screen {
  const none = schoolsOf(turn.actor)?.length === 0
  return { text: turn.say(none ? 'digest.noSchools' : 'digest.empty') }
}

/** The digest of `actor` as of `today`; null where there is nothing to tell of. */
export async function summaryScreen(
  tx: Tx,
  say: Say,
  municipality: Municipality,
  actor: Actor,
  today: PlainDate,
): Promise<Screen | null> {
  const figures = holds(actor, ['coordinator'])
    ? (await municipalityFigures(tx, [{ municipalityId: municipality.id, today }])).get(municipality.id)
    : { schools: await figuresFor(tx, municipality.id, actor, today), sections: [] }
  return figures ? summaryOf(say, { municipality, actor, today }, figures) : null
}

/** What `figures` of their municipality tell `actor` as of `today`: a coordinator all, a curator of their own schools; null where there is nothing to tell of. */
export function summaryOf(
  say: Say,
  reader: { municipality: Municipality; actor: Actor; today: PlainDate },
  figures: MunicipalityFigures,
): Screen | null {
  const { municipality, actor, today } = reader
  const own = schoolsOf(actor)
  const schools = figures.schools.filter(({ organizationId }) => own === null || own.includes(organizationId))
  if (schools.length === 0) return null
  const gaps = { day: say.weekday(today), municipality: municipality.name }
  return digestScreen(say, {
    title: say(own === null ? 'digest.coordinatorTitle' : 'digest.curatorTitle', gaps),
    schools,
    sections: own === null ? figures.sections : [],
    today,
  })
}

async function showSchool(turn: Turn, organizationId: number): Promise<void> {
  const [school] = await organizationsOfMunicipality(turn.tx, turn.municipality.id, { ids: [organizationId] })
  if (!school || !may(turn.actor, 'see-school', { municipalityId: school.municipalityId, organizationId }))
    return turn.toast(turn.say.plain('common.notYours'), true)
  const heads = await peopleWithRoles(turn.tx, turn.municipality.id, ['head', 'deputy'], organizationId)
  turn.show(
    schoolCard(turn.say, {
      name: school.name,
      figures: totalOf(await schoolFigures(turn.tx, turn.municipality.id, [organizationId], turn.today)),
      heads: heads.map((person) => person.fullName),
      pausedUntil: school.pausedUntil,
      tasks: await tasksOfOrganization(turn.tx, organizationId),
      notes: (await notesOn(turn.tx, organizationId, 3)).map((note) =>
        turn.say('digest.noteLine', { when: turn.say.moment(note.at), who: note.authorName, words: note.words }),
      ),
      organizationId,
      today: turn.today,
    }),
    { view: 'school', organization: organizationId },
  )
}
