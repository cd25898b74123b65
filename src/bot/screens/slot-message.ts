import type { DeliverySubject } from '../../delivery/delivery.ts'
import type { Screen } from '../../delivery/screen.ts'
import type { PlainDate } from '../../kernel/clock.ts'
import type { Task } from '../../tasks/task.ts'
import { openTask } from '../buttons.ts'
import { type Say, shortened } from '../words.ts'
import { REMINDER_SIZE, reminderScreen } from './reminder.ts'

/** The one message of a slot: the person's own tasks, and those of their schools that are late. */
export function reminderMessage(
  say: Say,
  given: { own: Task[]; escalated: Task[]; today: PlainDate },
): { screen: Screen; subject: DeliverySubject } {
  const { own, escalated, today } = given
  const parts = [
    ...(own.length > 0 ? [reminderScreen(say, own, today)] : []),
    ...(escalated.length > 0 ? [escalationScreen(say, escalated)] : []),
  ]
  return {
    screen: { text: parts.map((part) => part.text).join('\n\n'), buttons: parts.flatMap((part) => part.buttons ?? []) },
    subject: {
      tasks: own.slice(0, REMINDER_SIZE).map((task) => task.id),
      escalated: escalated.map((task) => task.id),
      day: today.toString(),
      view: 'reminder',
    },
  }
}

function escalationScreen(say: Say, tasks: Task[]): Screen {
  const shown = tasks.slice(0, REMINDER_SIZE)
  const lines = shown.map((task) =>
    say('reminder.escalatedLine', {
      school: task.organizationName,
      title: shortened(task.title, 160),
      due: say.day(task.dueOn),
      away: say.away(task.dueOn),
    }),
  )
  return {
    text: [
      `<b>${say('reminder.escalated')}</b>`,
      ...lines,
      ...(tasks.length > shown.length ? [say('reminder.escalatedMore', { count: tasks.length - shown.length })] : []),
    ].join('\n\n'),
    buttons: shown.map((task) => [
      {
        label: say.plain('reminder.escalatedButton', {
          school: task.organizationName,
          title: shortened(task.title, 30),
        }),
        action: openTask(task.id),
      },
    ]),
  }
}
