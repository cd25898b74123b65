import type { Screen } from '../../delivery/screen.ts'
import { type PlainDate, Temporal } from '../../kernel/clock.ts'
import { isOverdue, type Task } from '../../tasks/task.ts'
import { openTaskList } from '../buttons.ts'
import { type Say, shortened } from '../words.ts'

/** Lines of each part of the board. */
const LINES = 8

/**
 * «Моя неделя»: what is open up to the end of the week of `today`, and what comes next; pinned, and edited in place. Days are written as dates,
 * so that the text changes with the tasks and not with every morning.
 */
export function weekScreen(say: Say, tasks: Task[], today: PlainDate): Screen {
  const sunday = today.add({ days: 7 - today.dayOfWeek })
  const overdue = tasks.filter((task) => isOverdue(task, today))
  const week = tasks.filter((task) => !overdue.includes(task) && Temporal.PlainDate.compare(task.dueOn, sunday) <= 0)
  const next = tasks.filter((task) => Temporal.PlainDate.compare(task.dueOn, sunday) > 0)
  const part = (heading: string, shown: Task[], limit: number): string[] =>
    shown.length === 0
      ? []
      : [
          '',
          heading,
          ...shown
            .slice(0, limit)
            .map((task) => say('week.line', { title: shortened(task.title, 90), due: say.weekday(task.dueOn) })),
          ...(shown.length > limit ? [say('week.more', { count: shown.length - limit })] : []),
        ]
  const parts = [
    ...part(say('task.list.overdue'), overdue, LINES),
    ...part(say('task.list.week'), week, LINES),
    ...part(say('week.next'), next, 3),
  ]
  return {
    text: [
      say('week.title', { span: say.span(today.subtract({ days: today.dayOfWeek - 1 }), sunday) }),
      ...(parts.length > 0 ? parts : ['', say('week.empty')]),
    ].join('\n'),
    buttons: [[{ label: say.plain('menu.myTasks'), action: openTaskList(0) }]],
    pinned: true,
    silent: true,
  }
}
