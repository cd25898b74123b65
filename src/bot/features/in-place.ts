import { latestReport } from '../../db/task-lists.ts'
import { evidenceOf, tasksByIds } from '../../db/tasks.ts'
import type { DeliverySubject } from '../../delivery/delivery.ts'
import type { Screen } from '../../delivery/screen.ts'
import { reminderMessage } from '../screens/slot-message.ts'
import type { Turn } from '../turn.ts'
import { showCard } from './my-tasks.ts'
import { receiptScreen } from './report-flow.ts'

/** Messages that stay as they are when one of their buttons leads elsewhere: they are pinned, or have more to be answered. */
const STANDING = ['week', 'review', 'summary']

/** Whether the tapped message has to stay: a list of several tasks, a question of which another part is still open. */
function keepsItsPlace({ subject }: Turn): boolean {
  if (!subject) return false
  if (subject.view === 'reminder') return tasksIn(subject).length > 1
  return STANDING.includes(String(subject.view)) || subject.postponement !== undefined
}

function tasksIn(subject: DeliverySubject): number[] {
  return [...(subject.tasks ?? []), ...escalatedIn(subject)]
}

function escalatedIn(subject: DeliverySubject): number[] {
  return Array.isArray(subject.escalated) ? subject.escalated.filter((id) => typeof id === 'number') : []
}

/** Opens `screen` from a button: in place of the tapped message, or below it where that message has to stay. */
export function open(turn: Turn, screen: Screen, subject: DeliverySubject = {}): void {
  if (keepsItsPlace(turn)) turn.send(screen, { subject })
  else turn.show(screen, subject)
}

/** Answers what was said of a task: in place of a tapped message about this task alone; else as a new message, and a list of tasks shows how things are now. */
export async function answerInPlace(
  turn: Turn,
  screen: Screen,
  subject: DeliverySubject,
  reason = 'answer',
): Promise<void> {
  if (turn.incoming.kind === 'tap' && !keepsItsPlace(turn)) return turn.show(screen, subject)
  turn.send(screen, { subject, reason })
  await refreshList(turn)
}

/** After a tap that changed nothing here: the tapped message shows how things are now. */
export async function refresh(turn: Turn): Promise<void> {
  if (turn.incoming.kind !== 'tap') return
  if (keepsItsPlace(turn)) return refreshList(turn)
  const [task, ...others] = await tasksByIds(turn.tx, turn.subject?.tasks ?? [])
  if (!task || others.length > 0) return
  if (task.state !== 'reported') return showCard(turn, task.id, 0)
  const newest = await latestReport(turn.tx, task.id)
  if (newest?.report.state !== 'submitted') return showCard(turn, task.id, 0)
  const { report } = newest
  const screen = receiptScreen(turn.say, { task, report, evidence: await evidenceOf(turn.tx, report.id) })
  turn.show(screen, {
    tasks: [task.id],
    report: report.id,
    view: 'receipt',
  })
}

/** The reminder that was tapped or replied to, as of now: tasks keep their numbers, those that are settled lose their buttons. */
async function refreshList(turn: Turn): Promise<void> {
  const { subject, incoming, say, today } = turn
  const messageId = incoming.kind === 'tap' ? incoming.messageId : 'replyTo' in incoming ? incoming.replyTo : null
  if (messageId === null || subject?.view !== 'reminder') return
  const own = await tasksByIds(turn.tx, subject.tasks ?? [])
  const escalated = await tasksByIds(turn.tx, escalatedIn(subject))
  const { screen } = reminderMessage(say, { own, escalated, today })
  turn.edit(messageId, screen, subject)
}
