import type { Button, Screen } from '../../delivery/screen.ts'
import { type PlainDate, Temporal } from '../../kernel/clock.ts'
import { receiptLabel } from '../../tasks/report.ts'
import { isOpen, isOverdue, type Task, type TaskState } from '../../tasks/task.ts'
import {
  addFiles,
  askLaterDay,
  askNotForUs,
  askObstacle,
  askSnooze,
  assignToMe,
  giveBack,
  markDone,
  markStarted,
  openDoneList,
  openHistory,
  openSchool,
  openTask,
  openTaskList,
  restoreTask,
  withdraw,
} from '../buttons.ts'
import { type Say, shortened } from '../words.ts'

/** Tasks on a page of a list. */
export const PAGE_SIZE = 8

/** The word for a task's state, «просрочена» where it is so. */
export function stateWords(say: Say, state: TaskState): string {
  return say.plain(`task.state.${state}`)
}

type Group = 'overdue' | 'week' | 'month' | 'later'

function groupOf(task: Task, today: PlainDate): Group {
  if (isOverdue(task, today)) return 'overdue'
  const endOfWeek = today.add({ days: 7 - today.dayOfWeek })
  if (Temporal.PlainDate.compare(task.dueOn, endOfWeek) <= 0) return 'week'
  return Temporal.PlainDate.compare(task.dueOn, today.add({ months: 1 })) <= 0 ? 'month' : 'later'
}

/** «Мои задачи»: a page of the open tasks, grouped by when they are due; `withSchool` names the organization in each line. */
export function taskListScreen(
  say: Say,
  given: { tasks: Task[]; page: number; today: PlainDate; withSchool: boolean },
): Screen {
  const pages = Math.max(1, Math.ceil(given.tasks.length / PAGE_SIZE))
  const page = Math.min(given.page, pages - 1)
  const shown = given.tasks.slice(page * PAGE_SIZE, (page + 1) * PAGE_SIZE)
  const lines = shown.flatMap((task, index) => {
    const group = groupOf(task, given.today)
    const before = shown[index - 1]
    const heading = !before || groupOf(before, given.today) !== group ? ['', say(`task.list.${group}`)] : []
    return [...heading, listLine(say, task, page * PAGE_SIZE + index + 1, given.withSchool)]
  })
  const pageLine = pages > 1 ? ['', say('task.list.page', { page: page + 1, pages })] : []
  return {
    text: [say('task.list.title'), ...lines, ...pageLine].join('\n'),
    buttons: [
      ...numberRows(shown, page),
      pagingRow(say, page, pages),
      [{ label: say.plain('task.list.done'), action: openDoneList(0) }],
    ].filter((row) => row.length > 0),
  }
}

function listLine(say: Say, task: Task, position: number, withSchool: boolean): string {
  const gaps = { position, title: shortened(task.title, 90), school: task.organizationName, due: say.day(task.dueOn) }
  return say(withSchool ? 'task.list.lineWithSchool' : 'task.list.line', gaps)
}

function numberRows(shown: Task[], page: number): Button[][] {
  const numbers = shown.map((task, index) => ({
    label: String(page * PAGE_SIZE + index + 1),
    action: openTask(task.id),
  }))
  return [numbers.slice(0, 4), numbers.slice(4)]
}

function pagingRow(say: Say, page: number, pages: number): Button[] {
  const before = page > 0 ? [{ label: say.plain('common.previous'), action: openTaskList(page - 1) }] : []
  const after = page < pages - 1 ? [{ label: say.plain('common.next'), action: openTaskList(page + 1) }] : []
  return [...before, ...after]
}

/** The settled tasks, the latest first. */
export function doneListScreen(say: Say, given: { tasks: Task[]; page: number; hasMore: boolean }): Screen {
  const lines = given.tasks.map(
    (task) =>
      `${say(`task.stateMark.${task.state}`)} ${say('task.list.line', {
        position: given.page * PAGE_SIZE + given.tasks.indexOf(task) + 1,
        title: shortened(task.title, 90),
        due: stateWords(say, task.state),
      })}`,
  )
  const numbers = given.tasks.map((task, index) => ({
    label: String(given.page * PAGE_SIZE + index + 1),
    action: openTask(task.id),
  }))
  const paging: Button[] = [
    ...(given.page > 0 ? [{ label: say.plain('common.previous'), action: openDoneList(given.page - 1) }] : []),
    ...(given.hasMore ? [{ label: say.plain('common.next'), action: openDoneList(given.page + 1) }] : []),
  ]
  return {
    text: [say('task.list.doneTitle'), '', ...(lines.length > 0 ? lines : [say('task.list.doneEmpty')])].join('\n'),
    buttons: [
      numbers.slice(0, 4),
      numbers.slice(4),
      paging,
      [{ label: say.plain('task.list.open'), action: openTaskList(0) }],
    ].filter((row) => row.length > 0),
  }
}

/** What a card shows besides the task itself. */
export type CardFacts = {
  task: Task
  today: PlainDate
  curators: string[]
  report: { receiptNumber: number | null; stored: number; state: string; returnReason: string | null } | null
  mayReport: boolean
  /** Whether the person looks after the school and may take the task upon themselves. */
  mayAssign: boolean
  maySeeSchool: boolean
  personId: number
  history: string[]
}

/** A task's card: what, why, until when, what is expected, what became of it, and what can be done. */
export function taskCard(say: Say, facts: CardFacts): Screen {
  const { task, report } = facts
  const receipt = report?.receiptNumber
    ? say('task.card.receipt', {
        receipt: receiptLabel(report.receiptNumber),
        files: say('common.files', { count: report.stored }),
      })
    : null
  const lines = [
    say('task.card.title', { title: shortened(task.title, 700) }),
    '',
    `${say(`task.stateMark.${task.state}`)} ${stateWords(say, task.state)}`,
    say('task.card.due', { due: say.day(task.dueOn), away: say.away(task.dueOn) }),
    say('task.card.school', { school: task.organizationName }),
    placeLine(say, task),
    task.expectedResult !== '' && say('task.card.expected', { expected: shortened(task.expectedResult, 400) }),
    task.expectedPapers.length > 0 && say('task.card.papers', { papers: task.expectedPapers.join(', ') }),
    task.needsEvidence && isOpen(task) && say('task.card.needsEvidence'),
    task.state === 'blocked' && task.obstacle && say('task.card.obstacle', { obstacle: task.obstacle }),
    task.state === 'returned' && report?.returnReason && say('task.card.returned', { reason: report.returnReason }),
    receipt,
    facts.curators.length > 0 && say('task.card.curator', { names: facts.curators.join(', ') }),
    ...(facts.history.length > 0 ? ['', say('task.card.history'), ...facts.history] : []),
  ]
  return {
    text: lines.filter((line) => typeof line === 'string').join('\n'),
    buttons: cardButtons(say, facts),
  }
}

function placeLine(say: Say, task: Task): string | false {
  if (task.number && task.section) return say('task.card.sectionNumber', { number: task.number, section: task.section })
  if (task.section) return say('task.card.section', { section: task.section })
  return task.number ? say('task.card.number', { number: task.number }) : false
}

function cardButtons(
  say: Say,
  { task, mayReport, mayAssign, maySeeSchool, personId, history, report }: CardFacts,
): Button[][] {
  const rows: Button[][] = []
  if (mayReport && isOpen(task)) rows.push(...openButtons(say, task))
  if (mayReport && task.state === 'reported')
    rows.push([
      ...(report ? [{ label: say.plain('report.addFiles'), action: addFiles(task.id) }] : []),
      { label: say.plain('common.undo'), action: withdraw(task.id, task.version) },
    ])
  if (mayReport && task.state === 'cancelled')
    rows.push([{ label: say.plain('task.button.restore'), action: restoreTask(task.id, task.version) }])
  if (mayAssign && isOpen(task)) rows.push([assignButton(say, task, personId)])
  const below: Button[] =
    history.length === 0 ? [{ label: say.plain('task.button.history'), action: openHistory(task.id) }] : []
  const up =
    maySeeSchool && !mayReport
      ? { label: task.organizationName, action: openSchool(task.organizationId) }
      : { label: say.plain('task.button.list'), action: openTaskList(0) }
  rows.push([...below, up])
  return rows
}

function assignButton(say: Say, task: Task, personId: number): Button {
  return task.assigneeId === personId
    ? { label: say.plain('task.button.giveBack'), action: giveBack(task.id, task.version) }
    : { label: say.plain('task.button.assignToMe'), action: assignToMe(task.id, task.version) }
}

/** What an open task can be answered with: also under a reminder of one task. */
export function openButtons(say: Say, task: Task): Button[][] {
  return [
    [
      { label: say.plain('task.button.done'), tone: 'good', action: markDone(task.id, task.version) },
      ...(task.state === 'in_progress'
        ? []
        : [{ label: say.plain('task.button.started'), action: markStarted(task.id, task.version) }]),
    ],
    [
      { label: say.plain('task.button.blocked'), tone: 'bad', action: askObstacle(task.id, task.version) },
      { label: say.plain('task.button.notForUs'), action: askNotForUs(task.id, task.version) },
    ],
    [
      { label: say.plain('task.button.postpone'), action: askLaterDay(task.id) },
      { label: say.plain('postpone.snooze'), action: askSnooze(task.id) },
    ],
  ]
}
