import { rename, rm, writeFile } from 'node:fs/promises'
import { wordsOf } from '../bot/words.ts'
import type { Tx } from '../db/database.ts'
import { schoolFigures } from '../db/digests.ts'
import { openInviteRows } from '../db/invitations.ts'
import { organizationsOfMunicipality, peopleOfMunicipality } from '../db/people.ts'
import { findPersons, personalData } from '../db/personal-data.ts'
import { tasksForTable } from '../db/task-lists.ts'
import { personalDataPage } from '../documents/write/personal-data-page.ts'
import { type Sheet, writeSpreadsheet } from '../documents/write/spreadsheet.ts'
import { localDate, systemClock } from '../kernel/clock.ts'
import { InputProblem } from '../kernel/problem.ts'
import type { Municipality } from '../people/people.ts'
import type { Command } from './main.ts'
import { municipalityTyped, withProduct } from './open-product.ts'
import { idTyped, needed, print, readCall } from './options.ts'

const USAGE = `sovet export person --id 12 | --name "Фамилия Имя Отчество" [--out FILE.html|FILE.json] [--json]
sovet export municipality "Заречный район" --out FILE.xlsx [--json]`

const OPTIONS = {
  id: { type: 'string' },
  name: { type: 'string' },
  out: { type: 'string' },
  json: { type: 'boolean' },
} as const

/** `sovet export …`: everything of one person, or the tables of a municipality. */
export const command: Command = {
  summary:
    'export person --id … | --name …; export municipality … --out FILE.xlsx   выгрузить всё о человеке или таблицы муниципалитета',
  async run(args) {
    const { values, positionals } = readCall(args, OPTIONS, USAGE)
    const [what, subject, ...rest] = positionals
    if (rest.length > 0) throw new InputProblem(`unexpected «${rest[0]}»\n${USAGE}`)
    if (what === 'person' && subject === undefined) return exportPerson(values)
    if (what === 'municipality')
      return exportMunicipality(needed(subject, 'municipality', USAGE), needed(values.out, 'out', USAGE), values.json)
    throw new InputProblem(`expected person or municipality\n${USAGE}`)
  },
}

type Values = { id?: string; name?: string; out?: string; json?: boolean }

async function exportPerson({ id, name, out, json }: Values): Promise<number> {
  return withProduct(async ({ database }) => {
    const data = await database.asSystem(async (tx) => personalData(tx, await personTyped(tx, { id, name })))
    if (!data) throw new InputProblem('there is no such person')
    if (out === undefined) {
      process.stdout.write(`${JSON.stringify(data, null, json ? undefined : 2)}\n`)
      return 0
    }
    const made = `Составлено ${systemClock.now()}`
    const bytes = out.endsWith('.html')
      ? personalDataPage(data, { title: 'Персональные данные', made })
      : Buffer.from(JSON.stringify(data, null, 2))
    await keep(out, bytes)
    print(
      json,
      { file: out, bytes: bytes.length },
      `Всё о человеке записано в ${out}. Внутри личные данные: храните файл как следует.`,
    )
    return 0
  })
}

/** The id of the person meant. Throws InputProblem where nobody is, or several are: then with their ids. */
export async function personTyped(
  tx: Tx,
  { id, name }: { id?: string | undefined; name?: string | undefined },
): Promise<number> {
  if ((id === undefined) === (name === undefined)) throw new InputProblem(`give either --id or --name\n${USAGE}`)
  const found = await findPersons(tx, id === undefined ? { name: name ?? '' } : { id: idTyped(id, 'id') })
  const [person, ...others] = found
  if (!person)
    throw new InputProblem(id === undefined ? `--name: никого с именем «${name}»` : `--id: никого с номером ${id}`)
  if (others.length > 0)
    throw new InputProblem(
      `--name: таких несколько, выберите номером: ${found.map((one) => `--id ${one.personId}`).join(', ')}`,
    )
  return person.personId
}

async function exportMunicipality(typed: string, out: string, json: boolean | undefined): Promise<number> {
  if (!out.endsWith('.xlsx')) throw new InputProblem(`--out: «${out}» should end with .xlsx`)
  return withProduct(async ({ database }) => {
    const sheets = await database.asSystem(async (tx) => sheetsOf(tx, await municipalityTyped(tx, typed)))
    const bytes = await writeSpreadsheet(sheets)
    await keep(out, bytes)
    const rows = Object.fromEntries(sheets.map((sheet) => [sheet.name, sheet.rows.length]))
    print(
      json,
      { file: out, rows },
      `Записано в ${out}: ${Object.entries(rows)
        .map(([name, count]) => `${name} ${count}`)
        .join(', ')}.`,
    )
    return 0
  })
}

/** Writes beside and renames: where the disk is full nothing is left behind, and what was there before stays. */
async function keep(path: string, bytes: Uint8Array): Promise<void> {
  const half = `${path}.${process.pid}.part`
  try {
    await writeFile(half, bytes, { mode: 0o600 })
    await rename(half, path)
  } catch (problem) {
    await rm(half, { force: true })
    throw new InputProblem(`--out: ${path} cannot be written (${(problem as NodeJS.ErrnoException).code})`)
  }
}

async function sheetsOf(tx: Tx, municipality: Municipality): Promise<Sheet[]> {
  const now = systemClock.now()
  const today = localDate(now, municipality.timezone)
  const say = wordsOf(municipality.locale, today, municipality.timezone)
  const places = await organizationsOfMunicipality(tx, municipality.id)
  const figures = await schoolFigures(tx, municipality.id, null, today)
  const tasks = await tasksForTable(tx, municipality.id, null)
  const people = await peopleOfMunicipality(tx, municipality.id)
  const invites = await openInviteRows(tx, municipality.id, now)
  const text = (title: string, width: number) => ({ title, width, kind: 'text' as const })
  const number = (title: string) => ({ title, width: 14, kind: 'number' as const })
  const day = (title: string) => ({ title, width: 14, kind: 'date' as const })
  return [
    {
      name: 'Школы',
      columns: [text('Школа', 50), ...['Задач', 'Сделано', 'На проверке', 'Просрочено'].map(number)],
      rows: places
        .filter((place) => place.kind === 'school')
        .map((school) => {
          const row = figures.find((one) => one.organizationId === school.id)
          return [school.name, row?.all ?? 0, row?.done ?? 0, row?.waiting ?? 0, row?.overdue ?? 0]
        }),
    },
    {
      name: 'Задачи',
      columns: [text('Школа', 30), text('Пункт', 10), text('Мероприятие', 70), day('Срок'), text('Состояние', 20)],
      rows: tasks.map((task) => [
        task.organizationName,
        task.number,
        task.title,
        task.dueOn,
        say.plain(`task.state.${task.state}`),
      ]),
    },
    {
      name: 'Люди',
      columns: [text('ФИО', 40), text('Роль', 25), text('Организация', 40), text('Связь', 16)],
      rows: people.map((row) => [row.fullName, say.plain(`role.${row.role}`), row.organizationName, row.reach]),
    },
    {
      name: 'Приглашения',
      columns: [text('ФИО', 40), text('Роль', 25), text('Организация', 40), day('Действует до')],
      rows: invites.map((invite) => [
        invite.personName,
        say.plain(`role.${invite.role}`),
        places
          .filter((place) => invite.organizationIds.includes(place.id))
          .map((place) => place.shortName)
          .join('; '),
        localDate(invite.expiresAt, municipality.timezone),
      ]),
    },
  ]
}
