import { evidenceOf, taskUnit } from '../../db/tasks.ts'
import type { ReportWords } from '../../tasks/ports.ts'
import { type Report, receiptLabel } from '../../tasks/report.ts'
import { type Reported, reportTask } from '../../tasks/report-task.ts'
import type { Task } from '../../tasks/task.ts'
import { addFiles, closeBasketOf, evidenceLater, otherTask, withdraw } from '../buttons.ts'
import { reviewScreen } from '../screens/review.ts'
import type { Turn } from '../turn.ts'
import { refresh } from './my-tasks.ts'
import { curatorsOf, toastRefusal, wordsFor } from './task-words.ts'

/** «Готово», by a button or in words: reported at once, or asked for the evidence that the activity needs. `guessed`: the task was not named, so another is offered. */
export async function sayDone(
  turn: Turn,
  command: { taskId: number; version?: number; words?: ReportWords; guessed?: boolean },
): Promise<void> {
  const result = await reportTask(taskUnit(turn.tx, turn.now), { actor: turn.actor, cause: turn.cause, ...command })
  if (!result.ok) await toastRefusal(turn, result.refusal)
  else await showReported(turn, result.value, command.guessed ?? false)
  await refresh(turn)
}

/** Shows what a report led to: asks for evidence, says that files are on their way, or gives the receipt and tells the reviewers. */
export async function showReported(turn: Turn, reported: Reported, guessed = false): Promise<void> {
  const { task, report } = reported
  if (reported.step === 'submitted') return giveReceipt(turn, task, report, guessed)
  turn.await({ kind: 'basket', taskId: task.id })
  if (reported.step === 'arriving')
    return turn.send({ text: turn.say('report.closingSoon') }, { subject: { tasks: [task.id] } })
  turn.send(waitingScreen(turn, task), { subject: { tasks: [task.id] } })
}

function waitingScreen(turn: Turn, task: Task) {
  const { say } = turn
  const papers = task.expectedPapers.length > 0 ? task.expectedPapers.join(', ') : say.plain('report.anyEvidence')
  return {
    text: say('report.waiting', { ...wordsFor(turn, task), papers }),
    buttons: [
      [{ label: say.plain('report.allSent'), tone: 'good' as const, action: closeBasketOf(task.id) }],
      [{ label: say.plain('report.later'), action: evidenceLater(task.id) }],
    ],
  }
}

async function giveReceipt(turn: Turn, task: Task, report: Report, guessed: boolean): Promise<void> {
  turn.forget()
  turn.send(await receiptScreen(turn, task, report, guessed), {
    reason: 'receipt',
    subject: { tasks: [task.id], report: report.id },
  })
  if (task.needsApproval) await tellReviewers(turn, task, report)
}

/** The receipt of a submitted report: its number, what is in it, and the way back. */
export async function receiptScreen(turn: Pick<Turn, 'tx' | 'say'>, task: Task, report: Report, guessed = false) {
  const { say } = turn
  const stored =
    (await evidenceOf(turn.tx, report.id)).filter((piece) => piece.state === 'stored').length + report.links.length
  const details = [
    report.doneOn && say('report.receiptDoneOn', { day: say.day(report.doneOn) }),
    ...report.numbers.map((number) => say('report.receiptNumber', number)),
    report.comment && say('report.receiptComment', { comment: report.comment }),
  ].filter((line) => typeof line === 'string')
  const gaps = {
    receipt: receiptLabel(report.receiptNumber ?? 0),
    files: say('common.files', { count: stored }),
    title: task.title.slice(0, 300),
    comment: details.join(''),
    next: say(task.needsApproval ? 'report.receiptToCurator' : 'report.receiptNoReview'),
  }
  return {
    text: say(stored > 0 ? 'report.receipt' : 'report.receiptNoFiles', gaps),
    buttons: [
      [
        { label: say.plain('common.undo'), action: withdraw(task.id, task.version) },
        { label: say.plain('report.addFiles'), action: addFiles(task.id) },
      ],
      ...(guessed ? [[{ label: say.plain('report.otherTask'), action: otherTask(task.id) }]] : []),
    ],
  }
}

/** Brings a submitted report, with its evidence, to those who review it. */
export async function tellReviewers(turn: Turn, task: Task, report: Report): Promise<void> {
  const screen = await reviewScreen(turn.tx, turn.say, { task, report, authorName: turn.person.fullName })
  await turn.tell(await curatorsOf(turn, task), screen, {
    reason: 'review-asked',
    subject: { report: report.id, tasks: [task.id], view: 'review' },
    onceKey: `review-asked:${report.id}:${task.version}`,
  })
}
