import { endBoard, showBoard } from '../../db/boards.ts'
import { countOf } from '../../db/evidence.ts'
import { curatorsOfTask, type Recipient } from '../../db/people.ts'
import { taskUnit } from '../../db/tasks.ts'
import type { Screen } from '../../delivery/screen.ts'
import { type Evidence, type Report, type ReportWords, receiptLabel } from '../../tasks/report.ts'
import { type Reported, reportTask } from '../../tasks/report-task.ts'
import type { Task } from '../../tasks/task.ts'
import { addFiles, evidenceLater, openReview, otherTask, withdraw } from '../buttons.ts'
import { basketBoard, closedBasketScreen } from '../screens/evidence.ts'
import { reviewScreen } from '../screens/review.ts'
import type { Turn } from '../turn.ts'
import { type Say, shortened } from '../words.ts'
import { answerInPlace, refresh } from './in-place.ts'
import { curatorsOf, toastRefusal, wordsFor } from './task-words.ts'

/** «Готово», by a button or in words: reported at once, or asked for the evidence that the activity needs. `guessed`: the task was not named, so another is offered. */
export async function sayDone(
  turn: Turn,
  command: { taskId: number; version?: number; words?: ReportWords; guessed?: boolean },
): Promise<Reported['step'] | 'refused'> {
  const curators = curatorsOfTask(turn.tx, command.taskId) // in the flight that locks the task
  curators.catch(() => {}) // where they are not needed
  const result = await reportTask(taskUnit(turn.tx, turn.now), { actor: turn.actor, cause: turn.cause, ...command })
  if (!result.ok) {
    await toastRefusal(turn, result.refusal)
    await refresh(turn)
    return 'refused'
  }
  await showReported(turn, result.value, { guessed: command.guessed, curators })
  return result.value.step
}

/** `curators`: those of the school, where they have been asked for. */
type Known = { guessed?: boolean | undefined; curators?: Promise<Recipient[]> }

/** Shows what a report led to: asks for evidence, says that files are on their way, or gives the receipt and tells the reviewers. */
export async function showReported(turn: Turn, reported: Reported, known: Known = {}): Promise<void> {
  const { task, report } = reported
  const subject = { tasks: [task.id], report: report.id }
  if (reported.step === 'submitted') return giveReceipt(turn, reported, known)
  turn.await({ kind: 'basket', taskId: task.id })
  if (reported.step === 'arriving') return answerInPlace(turn, { text: turn.say('report.closingSoon') }, subject)
  await answerInPlace(turn, waitingScreen(turn, task, known.guessed ?? false), subject)
}

function waitingScreen(turn: Turn, task: Task, guessed: boolean) {
  const { say } = turn
  const papers = task.expectedPapers.length > 0 ? task.expectedPapers.join(', ') : say.plain('report.anyEvidence')
  return {
    text: say('report.waiting', { ...wordsFor(turn, task), papers }),
    buttons: [
      [
        { label: say.plain('report.later'), action: evidenceLater(task.id) },
        ...(guessed ? [{ label: say.plain('report.otherTask'), action: otherTask(task.id) }] : []),
      ],
    ],
  }
}

async function giveReceipt(turn: Turn, reported: Reported, { guessed = false, curators }: Known): Promise<void> {
  const { task, report, evidence, hadBasket } = reported
  turn.forget()
  const screen = receiptScreen(turn.say, { task, report, evidence, guessed })
  await answerInPlace(turn, screen, { tasks: [task.id], report: report.id, view: 'receipt' }, 'receipt')
  if (hadBasket) await putBasketAway(turn, task, report)
  if (task.needsApproval) await tellReviewers(turn, reported, curators)
}

/** The basket's message, where it stands elsewhere in the chat, keeps no button that does nothing any more. */
async function putBasketAway(turn: Turn, task: Task, report: Report): Promise<void> {
  const board = basketBoard(turn, report.id)
  if (turn.incoming.kind !== 'tap')
    await showBoard(turn.tx, turn.services.enqueue, board, {
      screen: closedBasketScreen(turn.say, task, await countOf(turn.tx, report.id)),
      subject: { tasks: [task.id], report: report.id },
      lane: 'answer',
      now: turn.now,
      onlyIfShown: true,
    })
  await endBoard(turn.tx, board)
}

/** The receipt of a submitted report: its number, what is in it, and the way back. */
export function receiptScreen(
  say: Say,
  given: { task: Task; report: Report; evidence: Evidence[]; guessed?: boolean },
): Screen {
  const { task, report, evidence, guessed = false } = given
  const stored = evidence.filter((piece) => piece.state === 'stored').length + report.links.length
  const details = [
    report.doneOn && say('report.receiptDoneOn', { day: say.day(report.doneOn) }),
    ...report.numbers.slice(0, 5).map((number) => say('report.receiptNumber', number)),
  ].filter((line) => typeof line === 'string')
  if (details.length === 0 && report.comment)
    details.push(say('report.receiptComment', { comment: shortened(report.comment, 150) }))
  const gaps = {
    receipt: receiptLabel(report.receiptNumber ?? 0),
    files: say('common.files', { count: stored }),
    title: shortened(task.title, 200),
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

/** Files came to a report that its reviewers have before them already. */
export async function tellOfMoreFiles(turn: Turn, task: Task, report: Report): Promise<void> {
  if (!task.needsApproval) return
  const { stored } = await countOf(turn.tx, report.id)
  const gaps = {
    school: task.organizationName,
    receipt: receiptLabel(report.receiptNumber ?? 0),
    files: turn.say('common.files', { count: stored }),
  }
  const screen = {
    text: turn.say('review.moreFiles', gaps),
    buttons: [[{ label: turn.say.plain('review.open'), action: openReview(report.id) }]],
  }
  await turn.tell(await curatorsOf(turn, task), screen, {
    reason: 'review-asked',
    onceKey: `review-more:${report.id}:${stored}`,
  })
}

/** Brings a submitted report, with its evidence, to those who review it. */
async function tellReviewers(
  turn: Turn,
  { task, report, evidence }: Reported,
  curators?: Promise<Recipient[]>,
): Promise<void> {
  const screen = await reviewScreen(turn.tx, turn.say, { task, report, evidence, authorName: turn.person.fullName })
  await turn.tell(await curatorsOf(turn, task, curators), screen, {
    reason: 'review-asked',
    subject: { report: report.id, tasks: [task.id], view: 'review' },
    onceKey: `review-asked:${report.id}:${task.version}`,
  })
}
