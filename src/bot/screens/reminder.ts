import type { Button, Screen } from '../../delivery/screen.ts'
import { type PlainDate, Temporal } from '../../kernel/clock.ts'
import { isOpen, isOverdue, type Task } from '../../tasks/task.ts'
import { markDone, openTask } from '../buttons.ts'
import { type Say, shortened } from '../words.ts'
import { openButtons } from './task.ts'

/** Tasks that one reminder shows with buttons; the rest is counted. */
export const REMINDER_SIZE = 8

/** The one message of a slot: all that a person is to be told, the most pressing first; each task can be answered by its button or in words. */
export function reminderScreen(say: Say, tasks: Task[], today: PlainDate): Screen {
  const shown = tasks.slice(0, REMINDER_SIZE)
  const withSchool = new Set(tasks.map((task) => task.organizationId)).size > 1
  const title = tasks.length === 1 ? say('reminder.titleOne') : say('reminder.title', { count: tasks.length })
  const rest = tasks.length - shown.length
  return {
    text: [
      `<b>${title}</b>`,
      ...shown.map((task, index) => taskLine(say, task, index + 1, today, withSchool)),
      ...(rest > 0 ? [say('reminder.more', { count: rest })] : []),
      say('reminder.howTo'),
    ].join('\n\n'),
    buttons: reminderButtons(say, shown),
  }
}

function taskLine(say: Say, task: Task, position: number, today: PlainDate, withSchool: boolean): string {
  return say('reminder.line', {
    position,
    mark: markOf(say, task, today),
    title: shortened(task.title, 220),
    school: withSchool ? say('reminder.school', { school: task.organizationName }) : '',
    due: say.weekday(task.dueOn),
    away: dueWords(say, task, today),
  })
}

function markOf(say: Say, task: Task, today: PlainDate): string {
  if (!isOpen(task)) return `${say.plain(`task.stateMark.${task.state}`)} `
  if (isOverdue(task, today)) return say.plain('reminder.overdueMark')
  return Temporal.PlainDate.compare(task.dueOn, today) === 0 ? say.plain('reminder.todayMark') : ''
}

function dueWords(say: Say, task: Task, today: PlainDate): string {
  if (!isOpen(task)) return say(`task.state.${task.state}`)
  if (task.ongoing && !isOverdue(task, today)) return say('reminder.ongoing')
  return isOverdue(task, today) ? say('reminder.overdueBy', { away: say.away(task.dueOn) }) : say.away(task.dueOn)
}

function reminderButtons(say: Say, tasks: Task[]): Button[][] {
  const [only] = tasks
  if (tasks.length === 1 && only) return isOpen(only) ? openButtons(say, only) : []
  return tasks.flatMap((task, index) => (isOpen(task) ? [rowOf(say, task, index + 1)] : []))
}

function rowOf(say: Say, task: Task, position: number): Button[] {
  return [
    {
      label: say.plain('task.button.doneNumbered', { position }),
      tone: 'good',
      action: markDone(task.id, task.version),
    },
    { label: say.plain('task.button.openNumbered', { position }), action: openTask(task.id) },
  ]
}
