import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { type Period, scheduleToJson, type Window } from '../deadlines/schedule.ts'
import { readRoadmapSafely } from '../documents/read-safely.ts'
import { refusalWords } from '../documents/refusal-words.ts'
import { Temporal } from '../kernel/clock.ts'
import { InputProblem } from '../kernel/problem.ts'
import { type ActivityDraft, isDoubtful, type RoadmapDraft } from '../roadmaps/reading/draft.ts'
import type { Command } from './main.ts'

/** What `sovet roadmap` can do; each returns the exit status. */
const actions: Record<string, (args: string[]) => Promise<number>> = {
  parse,
  import: async (args) => (await import('./roadmap-import.ts')).importRoadmap(args),
}

/** `sovet roadmap …`: roadmaps at the command line. */
export const command: Command = {
  summary: [
    'roadmap parse FILE [--from YYYY-MM-DD --to YYYY-MM-DD] [--json]   показать, что прочитано в документе',
    'roadmap import FILE --municipality … [--from … --to …] [--json]   завести черновик дорожной карты',
  ].join('\n'),
  async run([name = '', ...args]) {
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined
    if (!action)
      throw new InputProblem(`sovet roadmap: нет действия «${name}»; есть: ${Object.keys(actions).join(', ')}`)
    return action(args)
  },
}

/** Reads a document and prints the roadmap in it: JSON for programs, a table for people. */
async function parse(args: string[]): Promise<number> {
  const { file, period, json } = parseCall(args)
  const roadmap = await readRoadmapSafely(await bytesOf(file), period ? { period } : {})
  if (!roadmap.ok) {
    const hint = roadmap.refusal.code === 'no-period' ? ' Или задайте его: --from 2024-09-01 --to 2025-08-31.' : ''
    throw new InputProblem(`${file}: ${refusalWords(roadmap.refusal)}${hint}`)
  }
  process.stdout.write(json ? `${JSON.stringify(roadmapJson(roadmap.value))}\n` : roadmapTable(roadmap.value))
  return 0
}

type ParseCall = { file: string; period: Period | null; json: boolean }

function parseCall(args: string[]): ParseCall {
  const { values, positionals } = parsedWords(args)
  const [file, ...more] = positionals
  if (file === undefined || more.length > 0) {
    throw new InputProblem(`sovet roadmap parse: нужен один файл, а дано: ${positionals.length}`)
  }
  return { file, period: periodOf(values.from, values.to), json: values.json ?? false }
}

function parsedWords(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { from: { type: 'string' }, to: { type: 'string' }, json: { type: 'boolean' } },
    })
  } catch (problem) {
    throw new InputProblem(`sovet roadmap parse: ${problem instanceof Error ? problem.message : 'неверный вызов'}`)
  }
}

/** The period that `--from` and `--to` name; null where neither is given. Throws InputProblem on what is no period. */
export function periodOf(from: string | undefined, to: string | undefined): Period | null {
  if (from === undefined && to === undefined) return null
  const period = { from: dayOf('--from', from), to: dayOf('--to', to) }
  if (Temporal.PlainDate.compare(period.from, period.to) > 0) {
    throw new InputProblem(`sovet roadmap: --from ${from} позже, чем --to ${to}`)
  }
  return period
}

function dayOf(name: string, value: string | undefined): Period['from'] {
  if (value !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(value)) {
    try {
      return Temporal.PlainDate.from(value, { overflow: 'reject' })
    } catch {
      // not a day of the calendar: told below with the others
    }
  }
  throw new InputProblem(`sovet roadmap: ${name} должен быть днём вида 2024-09-01, а не «${value ?? ''}»`)
}

const FILE_PROBLEMS: Record<string, string> = {
  ENOENT: 'такого файла нет',
  EISDIR: 'это папка, а не файл',
  EACCES: 'нет прав на чтение',
}

/** The bytes of a file. Throws InputProblem that says why it cannot be read. */
export async function bytesOf(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file)
  } catch (problem) {
    const code = problem instanceof Error && 'code' in problem ? String(problem.code) : ''
    throw new InputProblem(`${file}: не открывается: ${FILE_PROBLEMS[code] ?? code}`)
  }
}

/** The JSON of a roadmap, as deadlines.md fixes it. */
function roadmapJson({ title, period, activities }: RoadmapDraft): object {
  return {
    title,
    period: { from: period.from.toString(), to: period.to.toString() },
    activities: activities.map((activity) => ({
      number: activity.number,
      section: activity.section,
      title: activity.title,
      deadlineText: activity.deadlineText,
      schedule: scheduleToJson(activity.schedule),
      responsibleText: activity.responsibleText,
      executors: activity.executors,
      expectedResult: activity.expectedResult,
      parent: activity.parent,
      warnings: activity.warnings,
    })),
  }
}

// -- the table for people

const COLUMNS: { heading: string; width: number; text(activity: ActivityDraft): string }[] = [
  { heading: '', width: 1, text: (activity) => (isDoubtful(activity) ? '?' : '') },
  { heading: '№', width: 9, text: ({ number }) => number },
  { heading: 'Мероприятие', width: 48, text: ({ title }) => title },
  { heading: 'Срок в документе', width: 24, text: ({ deadlineText }) => deadlineText },
  { heading: 'Понято', width: 27, text: scheduleWords },
  { heading: 'Кто', width: 26, text: ({ executors }) => executors.map((executor) => EXECUTORS[executor]).join(', ') },
]

const EXECUTORS = { schools: 'школы', 'named-schools': 'названные школы', municipal: 'муниципалитет' }
const KINDS = {
  fixed: '',
  recurring: 'повторяется: ',
  ongoing: 'постоянно: ',
  unscheduled: 'без даты',
  unspecified: 'не понято',
}

function roadmapTable(roadmap: RoadmapDraft): string {
  const lines = [roadmap.title, `Период: ${dayWords(roadmap.period.from)} – ${dayWords(roadmap.period.to)}`]
  lines.push('', rowOf(COLUMNS.map(({ heading }) => heading)))
  let section: string | null = null
  for (const activity of roadmap.activities) {
    if (activity.section !== section) lines.push('', `  ${activity.section || 'Без раздела'}`)
    section = activity.section
    lines.push(rowOf(COLUMNS.map(({ text }) => text(activity))))
  }
  return `${[...lines, '', summaryOf(roadmap)].join('\n')}\n`
}

function rowOf(texts: string[]): string {
  return texts
    .map((text, at) => fitted(text, COLUMNS[at]?.width ?? 0))
    .join('  ')
    .trimEnd()
}

function fitted(text: string, width: number): string {
  const signs = [...text]
  return signs.length > width ? `${signs.slice(0, width - 1).join('')}…` : text.padEnd(width)
}

function scheduleWords({ schedule }: ActivityDraft): string {
  const [first] = schedule.windows
  if (!first) return KINDS[schedule.kind]
  const more = schedule.windows.length > 1 ? ` и ещё ${schedule.windows.length - 1}` : ''
  return `${KINDS[schedule.kind]}${windowWords(first)}${more}`
}

function windowWords({ from, due }: Window): string {
  return from.equals(due) ? dayWords(due) : `${dayWords(from)}–${dayWords(due)}`
}

function dayWords(day: Period['from']): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${two(day.day)}.${two(day.month)}.${two(day.year % 100)}`
}

function summaryOf({ activities }: RoadmapDraft): string {
  const doubtful = activities.filter(isDoubtful).length
  const sections = new Set(activities.map(({ section }) => section)).size
  const read = `Прочитано: ${counted(activities.length, 'мероприятие', 'мероприятия', 'мероприятий')}, ${counted(sections, 'раздел', 'раздела', 'разделов')}.`
  return doubtful === 0
    ? `${read} Всё понято.`
    : `${read} Стоит проверить: ${counted(doubtful, 'строка', 'строки', 'строк')} (отмечены знаком «?»).`
}

const plural = new Intl.PluralRules('ru')

/** A number with its noun in the right form. */
export function counted(count: number, one: string, few: string, many: string): string {
  const form = plural.select(count)
  return `${count} ${form === 'one' ? one : form === 'few' ? few : many}`
}
