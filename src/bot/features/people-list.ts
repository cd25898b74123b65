import { z } from 'zod'
import { ROLES } from '../../access/rights.ts'
import { type Invited, invitePeople } from '../../db/invitations.ts'
import { organizationsOfMunicipality } from '../../db/people.ts'
import {
  LIST_TITLES,
  type ListedPerson,
  type PersonList,
  type RowProblem,
  readPersonList,
} from '../../people/person-list.ts'
import { askList, inviteListed, openInvites, openPeopleAndSchools, sendListTemplate } from '../buttons-people.ts'
import { tableFaultWords } from '../screens/faq-file.ts'
import { letterScreen } from '../screens/people.ts'
import { type Feature, on, type Turn, waitingFor } from '../turn.ts'
import { shortened, type WordKey } from '../words.ts'
import { allowed, sayNo } from './coordinating.ts'
import { departmentOf, inviteWords } from './invites.ts'

/** The largest list that is read: 500 rows take a hundredth of it. */
export const LARGEST_LIST = 2 * 1024 * 1024
/** Problems that one message shows; the rest is counted. */
const SHOWN_PROBLEMS = 15

const SPREADSHEET = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

const Waiting = z.object({ kind: z.literal('people-list') })
const Ready = z.object({
  kind: z.literal('list-ready'),
  people: z.array(
    z.object({
      line: z.number().int(),
      name: z.string(),
      role: z.enum(ROLES),
      organizationIds: z.array(z.number().int()),
      phone: z.string().nullable(),
    }),
  ),
})

/** Inviting many by a list: as a file, or pasted; shown before anybody is invited. */
export const peopleList: Feature = {
  taps: [on(askList, askForList), on(sendListTemplate, sendTemplate), on(inviteListed, inviteAll)],
  dialogs: [
    waitingFor('people-list', Waiting, async (turn) => {
      if (turn.incoming.kind === 'file') return fileSent(turn)
      if (turn.incoming.kind !== 'text') return false
      await showListBytes(turn, Buffer.from(turn.incoming.text))
      return true
    }),
  ],
}

function askForList(turn: Turn): void {
  if (!allowed(turn, 'manage-people')) return
  turn.await({ kind: 'people-list' })
  turn.send({
    text: turn.say('people.many.ask', { titles: LIST_TITLES.join(' · ') }),
    buttons: [
      [{ label: turn.say.plain('people.many.template'), action: sendListTemplate() }],
      [{ label: turn.say.plain('common.cancel'), action: openPeopleAndSchools() }],
    ],
  })
}

/** An empty list to fill in, with the names of the schools beside it. */
async function sendTemplate(turn: Turn): Promise<void> {
  if (!allowed(turn, 'manage-people')) return
  const { writeSpreadsheet } = await import('../../documents/write/spreadsheet.ts')
  const { say } = turn
  const schools = await organizationsOfMunicipality(turn.tx, turn.municipality.id, { kind: 'school' })
  const widths = [40, 22, 40, 20]
  const bytes = await writeSpreadsheet([
    {
      name: say.plain('people.many.sheetPeople'),
      columns: LIST_TITLES.map((title, index) => ({ title, width: widths[index] ?? 20, kind: 'text' as const })),
      rows: [],
    },
    {
      name: say.plain('people.many.sheetSchools'),
      columns: [
        { title: say.plain('people.many.schoolName'), width: 70, kind: 'text' },
        { title: say.plain('people.many.schoolShort'), width: 40, kind: 'text' },
      ],
      rows: schools.map((school) => [school.name, school.shortName]),
    },
    {
      name: say.plain('people.many.sheetRoles'),
      columns: [{ title: say.plain('people.many.role'), width: 40, kind: 'text' }],
      rows: ROLES.map((role) => [say.plain(`role.${role}`)]),
    },
  ])
  const attachment = await turn.services.keepFile(turn.tx, {
    municipalityId: turn.municipality.id,
    bytes,
    fileName: `${say.plain('people.many.fileTemplate')}.xlsx`,
    mime: SPREADSHEET,
    kind: 'document',
  })
  turn.send({ text: say('people.many.templateHere'), attachments: [attachment] })
}

async function fileSent(turn: Turn): Promise<boolean> {
  if (turn.incoming.kind !== 'file' || !allowed(turn, 'manage-people')) return true
  const { file, chat } = turn.incoming
  if (file.kind !== 'document' || (file.size ?? 0) > LARGEST_LIST) {
    sayNo(turn, 'people.many.notAList')
    return true
  }
  await turn.services.startJob(turn.tx, {
    queue: 'read-people-list',
    data: { municipalityId: turn.municipality.id, chat, messengerFileId: file.messengerFileId },
  })
  turn.send({ text: turn.say('people.many.reading') })
  return true
}

/** Shows what a list holds, before anybody is invited. `bytes`: an .xlsx, a .csv, or pasted lines. */
export async function showListBytes(turn: Turn, bytes: Buffer): Promise<void> {
  if (!allowed(turn, 'manage-people')) return
  const rows = await readOrExplain(turn, bytes)
  if (!rows) return
  const register = await organizationsOfMunicipality(turn.tx, turn.municipality.id, { kind: 'school' })
  const list = readPersonList(rows, register, await departmentOf(turn))
  if (list.people.length === 0) return sayProblems(turn, list)
  turn.await({ kind: 'list-ready', people: list.people })
  turn.send({
    text: [
      turn.say('people.many.read', { count: list.people.length }),
      ...(list.problems.length > 0 ? [problemWords(turn, list)] : []),
    ].join('\n\n'),
    buttons: [
      [{ label: turn.say.plain('people.many.inviteFile'), action: inviteListed('file'), tone: 'good' }],
      [{ label: turn.say.plain('people.many.inviteLetters'), action: inviteListed('letters') }],
      [{ label: turn.say.plain('common.cancel'), action: openPeopleAndSchools() }],
    ],
  })
}

async function readOrExplain(turn: Turn, bytes: Buffer): Promise<string[][] | null> {
  const { readTable, TableProblem } = await import('../../documents/faq-file.ts')
  try {
    return readTable(bytes, turn.say.plain('people.many.yourList'))
  } catch (problem) {
    if (!(problem instanceof TableProblem)) throw problem
    turn.send({ text: turn.say('people.many.unreadable', { why: tableFaultWords(turn.say, problem.fault) }) })
    return null
  }
}

function sayProblems(turn: Turn, list: PersonList): void {
  const nothing = turn.say('people.many.nobody')
  turn.send({ text: list.problems.length > 0 ? `${nothing}\n\n${problemWords(turn, list)}` : nothing })
}

function problemWords(turn: Turn, { problems, rowsLeftOut }: PersonList): string {
  const { say } = turn
  const lines = problems
    .slice(0, SHOWN_PROBLEMS)
    .map((problem) => say('people.many.problemLine', { line: problem.line, why: why(turn, problem) }))
  const more = problems.length - lines.length + rowsLeftOut
  return [
    say('people.many.problems', { count: problems.length }),
    ...lines,
    ...(more > 0 ? [say('people.many.problemsMore', { count: more })] : []),
  ].join('\n')
}

const WHY = {
  'no-name': 'people.many.why.noName',
  'unknown-role': 'people.many.why.unknownRole',
  'no-school': 'people.many.why.noSchool',
  'bad-phone': 'people.many.why.badPhone',
  twice: 'people.many.why.twice',
  'unknown-school': 'people.many.why.unknownSchool',
  'ambiguous-school': 'people.many.why.ambiguousSchool',
} as const satisfies Record<RowProblem['refusal']['code'], WordKey>

function why(turn: Turn, { refusal }: RowProblem): string {
  return turn.say.plain(WHY[refusal.code], {
    found: shortened(refusal.found, 60),
    firstLine: 'firstLine' in refusal ? refusal.firstLine : '',
    among: 'among' in refusal ? refusal.among.slice(0, 3).join(', ') : '',
  })
}

async function inviteAll(turn: Turn, how: string): Promise<void> {
  const ready = Ready.safeParse(turn.dialog)
  if (!ready.success) return sayNo(turn, 'menu.staleButton')
  if (!allowed(turn, 'manage-people')) return
  const wanted = await stillThere(turn, ready.data.people)
  const results = await invitePeople(turn.tx, {
    municipalityId: turn.municipality.id,
    invitedById: turn.actor.personId,
    wanted,
    now: turn.now,
  })
  turn.forget()
  const made = wanted.flatMap((one, index) => {
    const result = results[index]
    return result?.kind === 'invited' ? [{ one, result }] : []
  })
  const again = wanted.filter((_, index) => results[index]?.kind !== 'invited')
  await sendLinks(turn, made, again, how === 'letters')
}

/** Those of a list whose schools are still in the register. */
async function stillThere(turn: Turn, people: ListedPerson[]): Promise<ListedPerson[]> {
  const known = new Set((await organizationsOfMunicipality(turn.tx, turn.municipality.id)).map((place) => place.id))
  return people.filter((one) => one.organizationIds.every((id) => known.has(id)))
}

type Made = { one: ListedPerson; result: Extract<Invited, { kind: 'invited' }> }

/** The links as a table, and as letters to forward where they were asked for. Who was invited before is named, without a second link. */
async function sendLinks(turn: Turn, made: Made[], again: ListedPerson[], letters: boolean): Promise<void> {
  const { say } = turn
  const invited = await Promise.all(
    made.map(({ one, result }) => inviteWords(turn, one, result.token, result.expiresAt)),
  )
  const text = [
    made.length > 0 ? say('people.many.done', { count: made.length }) : say('people.many.nobodyNew'),
    ...(again.length > 0
      ? [
          say('people.many.again', {
            count: again.length,
            names: again
              .slice(0, 20)
              .map((one) => one.name)
              .join(', '),
          }),
        ]
      : []),
  ].join('\n\n')
  if (letters)
    for (const words of invited) turn.send({ ...letterScreen(say, words), silent: true }, { reason: 'invite-link' })
  const attachments = invited.length > 0 ? [await linksTable(turn, invited)] : []
  turn.send(
    { text, attachments, buttons: [[{ label: say.plain('people.invite.openOnes'), action: openInvites(0) }]] },
    { reason: 'invite-link' },
  )
}

async function linksTable(turn: Turn, invited: Awaited<ReturnType<typeof inviteWords>>[]) {
  const { writeSpreadsheet } = await import('../../documents/write/spreadsheet.ts')
  const { say } = turn
  const titles = [...LIST_TITLES.slice(0, 3), say.plain('people.many.link'), say.plain('people.many.until')]
  const widths = [36, 24, 40, 70, 18]
  const bytes = await writeSpreadsheet([
    {
      name: say.plain('people.many.sheetLinks'),
      columns: titles.map((title, index) => ({ title, width: widths[index] ?? 20, kind: 'text' as const })),
      rows: invited.map((one) => [
        one.name,
        say.plain(`role.${one.role}`),
        one.organizations.join('; '),
        one.link,
        one.until,
      ]),
    },
  ])
  return turn.services.keepFile(turn.tx, {
    municipalityId: turn.municipality.id,
    bytes,
    fileName: `${say.plain('people.many.fileLinks')}-${turn.today}.xlsx`,
    mime: SPREADSHEET,
    kind: 'document',
  })
}
