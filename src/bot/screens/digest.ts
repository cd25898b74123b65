import type { Button, Screen } from '../../delivery/screen.ts'
import {
  byNeed,
  type Figures,
  markOf,
  type SchoolFigures,
  type SectionFigures,
  totalOf,
} from '../../digests/figures.ts'
import type { PlainDate } from '../../kernel/clock.ts'
import { isOverdue, type Task } from '../../tasks/task.ts'
import {
  askAcceptAll,
  nextReview,
  openSchool,
  openSummary,
  openTask,
  sendChart,
  sendTable,
  writeNote,
} from '../buttons.ts'
import { type Say, shortened } from '../words.ts'

/** Schools that a digest shows; the rest is counted. */
const SHOWN_SCHOOLS = 20

/** The digest of a curator or a coordinator: totals, then the schools by need, each with a button to its card. */
export function digestScreen(
  say: Say,
  given: { title: string; schools: SchoolFigures[]; sections: SectionFigures[]; today: PlainDate },
): Screen {
  const schools = byNeed(given.schools)
  const shown = schools.slice(0, SHOWN_SCHOOLS)
  const totals = totalOf(schools)
  const text = [
    given.title,
    say('digest.totals', totals),
    [say('digest.schools'), ...shown.map((school) => schoolLine(say, school))].join('\n'),
    schools.length > shown.length ? say('digest.moreSchools', { count: schools.length - shown.length }) : '',
    given.sections.length > 1
      ? [say('digest.sections'), ...given.sections.map((section) => sectionLine(say, section))].join('\n')
      : '',
  ]
  return { text: text.filter((part) => part !== '').join('\n\n'), buttons: digestButtons(say, shown, totals) }
}

function schoolLine(say: Say, school: SchoolFigures): string {
  return say('digest.school', { mark: markOf(school), school: school.name, figures: figureWords(say, school) })
}

function figureWords(say: Say, figures: Figures): string {
  const parts = [
    figures.overdue > 0 && say('digest.figureOverdue', { count: figures.overdue }),
    figures.blocked > 0 && say('digest.figureBlocked', { count: figures.blocked }),
    figures.week > 0 && say('digest.figureWeek', { count: figures.week }),
    figures.waiting > 0 && say('digest.figureWaiting', { count: figures.waiting }),
  ].filter((part) => part !== false)
  return parts.length > 0 ? parts.join(', ') : say('digest.figureCalm', figures)
}

function sectionLine(say: Say, section: SectionFigures): string {
  const overdue = section.overdue > 0 ? say('digest.sectionOverdue', { count: section.overdue }) : ''
  return say('digest.section', {
    section: shortened(section.section || '—', 80),
    done: section.done,
    all: section.all,
    overdue,
  })
}

function digestButtons(say: Say, schools: SchoolFigures[], totals: Figures): Button[][] {
  const ofSchools = schools
    .slice(0, 8)
    .map((school) => [{ label: `${markOf(school)} ${school.name}`, action: openSchool(school.organizationId) }])
  const review =
    totals.waiting > 0
      ? [[{ label: `${say.plain('menu.review')} (${totals.waiting})`, tone: 'main' as const, action: nextReview(0) }]]
      : []
  return [
    ...review,
    ...ofSchools,
    [
      { label: say.plain('digest.chart'), action: sendChart() },
      { label: say.plain('digest.table'), action: sendTable() },
    ],
  ]
}

/** A school's card: who reports there, what is overdue, what comes next, what waits for review. */
export function schoolCard(
  say: Say,
  given: {
    name: string
    figures: Figures
    heads: string[]
    pausedUntil: PlainDate | null
    tasks: Task[]
    notes: string[]
    today: PlainDate
    organizationId: number
  },
): Screen {
  const overdue = given.tasks.filter((task) => isOverdue(task, given.today))
  const waiting = given.tasks.filter((task) => task.state === 'reported')
  const near = given.tasks.filter((task) => !overdue.includes(task) && !waiting.includes(task)).slice(0, 5)
  const listed = [...overdue.slice(0, 8), ...near, ...waiting.slice(0, 5)]
  const list = (heading: string, tasks: Task[]): string[] =>
    tasks.length > 0 ? ['', heading, ...tasks.map((task) => taskLine(say, task, listed.indexOf(task) + 1))] : []
  return {
    text: [
      say('digest.schoolTitle', { school: given.name }),
      given.heads.length > 0
        ? say('digest.schoolHeads', { names: given.heads.join(', ') })
        : say('digest.schoolNobody'),
      ...(given.pausedUntil ? [say('digest.schoolPaused', { day: say.day(given.pausedUntil) })] : []),
      '',
      say('digest.totals', given.figures),
      ...list(say('digest.schoolOverdue'), overdue.slice(0, 8)),
      ...list(say('digest.schoolNear'), near),
      ...list(say('digest.schoolWaiting'), waiting.slice(0, 5)),
      ...(given.notes.length > 0 ? ['', say('digest.notes'), ...given.notes] : []),
    ].join('\n'),
    buttons: [
      ...rowsOf(listed.map((task, index) => ({ label: String(index + 1), action: openTask(task.id) }))),
      ...(waiting.length > 0
        ? [
            [
              {
                label: say.plain('review.acceptAll', { count: waiting.length }),
                action: askAcceptAll(given.organizationId),
              },
            ],
          ]
        : []),
      [
        { label: say.plain('digest.note'), action: writeNote(given.organizationId) },
        { label: say.plain('common.back'), action: openSummary() },
      ],
    ],
  }
}

function taskLine(say: Say, task: Task, position: number): string {
  return say('digest.schoolLine', { position, title: shortened(task.title, 90), due: say.day(task.dueOn) })
}

function rowsOf(buttons: Button[]): Button[][] {
  return Array.from({ length: Math.ceil(buttons.length / 6) }, (_, row) => buttons.slice(row * 6, row * 6 + 6))
}
