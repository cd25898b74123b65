import type { Screen } from '../../delivery/screen.ts'
import { type Report, receiptLabel } from '../../tasks/report.ts'
import type { Task } from '../../tasks/task.ts'
import { closeBasketOf, leaveUnsorted, otherTask, putToTask, withdraw } from '../buttons.ts'
import { type Say, shortened } from '../words.ts'

export type Counted = { stored: number; arriving: number; failed: number }

/** What is in the basket of a task: kept up to date in place while files arrive. */
export function basketScreen(
  say: Say,
  given: { task: Task; report: Report; counted: Counted; guessed: boolean },
): Screen {
  const { task, report, counted } = given
  const title = shortened(task.title, 200)
  const all = counted.stored + counted.arriving
  const state =
    counted.arriving > 0
      ? say('report.basketArriving', { title, stored: counted.stored, all })
      : say('report.basket', { title, files: say('common.files', { count: counted.stored }) })
  const failed =
    counted.failed > 0
      ? [say('report.basketFailed', { failed: say.plain('common.files', { count: counted.failed }) })]
      : []
  const added = report.receiptNumber
    ? [
        say('report.added', {
          receipt: receiptLabel(report.receiptNumber),
          files: say('common.files', { count: counted.stored }),
        }),
      ]
    : []
  const other = given.guessed ? [[{ label: say.plain('report.otherTask'), action: otherTask(task.id) }]] : []
  if (report.state === 'submitted')
    return {
      text: [...added, ...failed].join('\n\n'),
      buttons: [[{ label: say.plain('common.undo'), action: withdraw(task.id, task.version) }], ...other],
    }
  return {
    text: [state, ...failed].join('\n\n'),
    buttons: [[{ label: say.plain('report.allSent'), tone: 'good', action: closeBasketOf(task.id) }], ...other],
  }
}

/** «К какой задаче это относится?»: the candidates, best first. */
export function whichTaskScreen(say: Say, candidates: Task[], fileCount: number): Screen {
  return {
    text: say('report.whichTaskFiles', { count: fileCount }),
    buttons: [
      ...candidates.slice(0, 6).map((task) => [{ label: candidateLabel(say, task), action: putToTask(task.id) }]),
      [{ label: say.plain('report.leaveUnsorted'), action: leaveUnsorted() }],
    ],
  }
}

/** A task as the label of a button. */
export function candidateLabel(say: Say, task: Task): string {
  return `${say.day(task.dueOn)} · ${shortened(task.title, 45)}`
}
