import type { Board } from '../../db/boards.ts'
import type { Screen } from '../../delivery/screen.ts'
import { type Report, receiptLabel } from '../../tasks/report.ts'
import type { Task } from '../../tasks/task.ts'
import { closeBasketOf, leaveUnsorted, otherTask, putToTask, withdraw } from '../buttons.ts'
import type { Turn } from '../turn.ts'
import { type Say, shortened } from '../words.ts'

export type Counted = { stored: number; arriving: number }

/** The board of a report's basket in the chat of this turn. */
export function basketBoard(turn: Pick<Turn, 'municipality' | 'actor' | 'incoming'>, reportId: number): Board {
  return boardOf(turn, `basket:${reportId}`)
}

/** The board that asks where files belong which lie unsorted. */
export function unsortedBoard(turn: Pick<Turn, 'municipality' | 'actor' | 'incoming'>): Board {
  return boardOf(turn, 'unsorted')
}

function boardOf({ municipality, actor, incoming }: Pick<Turn, 'municipality' | 'actor' | 'incoming'>, kind: string) {
  const { messenger, chat } = incoming
  return { municipalityId: municipality.id, personId: actor.personId, kind, messenger, chat }
}

/** What is in the basket of a task: kept up to date in place while files arrive. */
export function basketScreen(say: Say, given: { task: Task; report: Report; counted: Counted }): Screen {
  const { task, report, counted } = given
  const title = shortened(task.title, 200)
  const files = say('common.files', { count: counted.stored })
  const other = { label: say.plain('report.otherTask'), action: otherTask(task.id) }
  if (report.state === 'submitted')
    return {
      text: say('report.added', { receipt: receiptLabel(report.receiptNumber ?? 0), title, files }),
      buttons: [[{ label: say.plain('common.undo'), action: withdraw(task.id, task.version) }, other]],
    }
  return {
    text: counted.stored > 0 ? say('report.basket', { title, files }) : say('report.basketArriving', { title }),
    buttons: [[{ label: say.plain('report.allSent'), tone: 'good', action: closeBasketOf(task.id) }, other]],
  }
}

/** The same message once the report is made. */
export function closedBasketScreen(say: Say, task: Task, counted: Counted): Screen {
  const files = say('common.files', { count: counted.stored })
  return { text: say('report.basketClosed', { title: shortened(task.title, 200), files }), buttons: [] }
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
