import { z } from 'zod'
import { holds } from '../../access/rights.ts'
import { type Board, endBoard, showBoard } from '../../db/boards.ts'
import {
  addArriving,
  countOf,
  type EvidenceRow,
  noteAsked,
  putUnsorted,
  reportOfAlbum,
  sentBy,
  takeOut,
  unsortedOf,
} from '../../db/evidence.ts'
import { reportById } from '../../db/reviews.ts'
import { lately, openTasks } from '../../db/task-lists.ts'
import { tasksByIds, taskUnit } from '../../db/tasks.ts'
import { escapeHtml } from '../../delivery/screen.ts'
import { type Report, receiptLabel } from '../../tasks/report.ts'
import { closeBasket, openBasket, settleArrival, withdrawReport } from '../../tasks/report-task.ts'
import type { Task } from '../../tasks/task.ts'
import {
  addFiles,
  closeBasketOf,
  evidenceLater,
  leaveUnsorted,
  openSent,
  openTask,
  otherTask,
  putToTask,
  sortUnsorted,
} from '../buttons.ts'
import type { IncomingFile } from '../incoming.ts'
import { basketScreen, whichTaskScreen } from '../screens/evidence.ts'
import { type Feature, on, type Turn, waitingFor } from '../turn.ts'
import { shortened } from '../words.ts'
import { ownerOf } from './my-tasks.ts'
import { readWords } from './replies.ts'
import { showReported } from './report-flow.ts'
import { toastRefusal } from './task-words.ts'

/** The largest file that the messenger lets a bot download, in bytes. */
export const DOWNLOAD_LIMIT = 20 * 1024 * 1024

const Basket = z.object({ kind: z.literal('basket'), taskId: z.number().int() })

/** Photos and documents: into the basket of the right task, with a receipt, or into «Неразобранное», asked about once. */
export const evidenceFeature: Feature = {
  menu: [
    {
      key: 'menu.sent',
      command: 'sent',
      shown: (actor) => holds(actor, ['head', 'deputy', 'coordinator']),
      run: (turn) => showSent(turn, 0),
    },
  ],
  taps: [
    on(closeBasketOf, allSent),
    on(evidenceLater, (turn, _taskId) => {
      turn.forget()
      turn.toast(turn.say.plain('report.laterNoted'))
    }),
    on(addFiles, askForFiles),
    on(putToTask, putUnsortedTo),
    on(leaveUnsorted, (turn) => turn.show({ text: turn.say('report.leftUnsorted') })),
    on(sortUnsorted, askWhere),
    on(otherTask, chooseOther),
    on(openSent, showSent),
  ],
  dialogs: [
    waitingFor('basket', Basket, async (turn, { taskId }) => {
      if (turn.incoming.kind !== 'file' || turn.incoming.replyTo !== null) return false
      await receive(turn, turn.incoming, { taskId: taskId as number, guessed: false })
      return true
    }),
  ],
  file: async (turn) => {
    if (turn.incoming.kind !== 'file') return false
    await receive(turn, turn.incoming, await likelyTask(turn, turn.incoming))
    return true
  },
}

type FileTurn = Extract<Turn['incoming'], { kind: 'file' }>
type Target = { taskId: number; guessed: boolean } | null

/** Which task a file belongs to: the one task of the message replied to, that of its album, or the only one reminded of lately. */
async function likelyTask(turn: Turn, incoming: FileTurn): Promise<Target> {
  const [only, ...others] = turn.subject?.tasks ?? []
  if (only !== undefined && others.length === 0) return { taskId: only, guessed: false }
  if (incoming.replyTo !== null && others.length > 0) return null
  const reminded = await lately(turn.tx, turn.actor.personId, turn.today.subtract({ days: 14 }))
  if (reminded.length === 1 && reminded[0] !== undefined) return { taskId: reminded[0], guessed: true }
  const open = await openTasks(turn.tx, ownerOf(turn))
  return open.length === 1 && open[0] ? { taskId: open[0].id, guessed: true } : null
}

async function receive(turn: Turn, incoming: FileTurn, target: Target): Promise<void> {
  if (incoming.edited) return readCaption(turn, incoming.caption, target?.taskId ?? null)
  if (tooLarge(incoming.file)) return turn.send({ text: turn.say('report.tooLarge'), replyTo: incoming.messageId })
  const ofAlbum = incoming.album ? await reportOfAlbum(turn.tx, incoming.chat, incoming.album) : null
  const basket = ofAlbum === null && target ? await basketFor(turn, target.taskId) : null
  const reportId = ofAlbum ?? basket?.report.id ?? null
  const piece = await keep(turn, incoming, reportId)
  if (!piece) return
  if (reportId !== null && basket) {
    await showBasket(turn, basket.task, basket.report, target?.guessed ?? false)
    turn.await({ kind: 'basket', taskId: basket.task.id })
    return readCaption(turn, incoming.caption, basket.task.id)
  }
  if (reportId === null && (await noteAsked(turn.tx, turn.actor.personId, turn.now))) await askOnce(turn)
}

function tooLarge(file: IncomingFile): boolean {
  return file.size !== null && file.size > DOWNLOAD_LIMIT
}

async function keep(turn: Turn, incoming: FileTurn, reportId: number | null): Promise<EvidenceRow | null> {
  const piece = await addArriving(turn.tx, {
    municipalityId: turn.municipality.id,
    reportId,
    authorId: turn.actor.personId,
    chat: incoming.chat,
    messageId: incoming.messageId,
    replyTo: incoming.replyTo,
    album: incoming.album,
    caption: incoming.caption,
    file: incoming.file,
    at: turn.now,
  })
  if (piece)
    await turn.services.startJob(turn.tx, {
      queue: 'fetch-evidence',
      data: { municipalityId: turn.municipality.id, evidenceId: piece.id },
    })
  return piece
}

async function basketFor(turn: Turn, taskId: number): Promise<{ task: Task; report: Report } | null> {
  const result = await openBasket(taskUnit(turn.tx, turn.now), { actor: turn.actor, cause: turn.cause, taskId })
  return result.ok ? result.value : null
}

/** The board of a report's basket in the chat of this turn. */
export function basketBoard(turn: Pick<Turn, 'municipality' | 'actor' | 'incoming'>, reportId: number): Board {
  return {
    municipalityId: turn.municipality.id,
    personId: turn.actor.personId,
    kind: `basket:${reportId}`,
    messenger: turn.incoming.messenger,
    chat: turn.incoming.chat,
  }
}

async function showBasket(turn: Turn, task: Task, report: Report, guessed: boolean): Promise<void> {
  const screen = basketScreen(turn.say, { task, report, counted: await countOf(turn.tx, report.id), guessed })
  await showBoard(turn.tx, turn.services.enqueue, basketBoard(turn, report.id), {
    screen,
    subject: { tasks: [task.id], report: report.id },
    lane: 'answer',
    now: turn.now,
  })
}

/**
 * A piece was kept, or could not be: the basket's message shows it, a basket that was already closed gives its receipt. What lies unsorted
 * is told of only where it was lost.
 */
export async function showArrival(turn: Turn, piece: EvidenceRow, kept: boolean): Promise<void> {
  if (piece.reportId === null) {
    if (!kept)
      turn.send({
        text: turn.say('report.notStored', { name: piece.fileName ? ` «${escapeHtml(piece.fileName)}»` : '' }),
        replyTo: piece.messageId,
      })
    return
  }
  const settled = await settleArrival(taskUnit(turn.tx, turn.now), piece.reportId)
  if (settled?.ok && settled.value.step === 'submitted') {
    await endBoard(turn.tx, basketBoard(turn, piece.reportId))
    return showReported(turn, settled.value)
  }
  const found = await reportById(turn.tx, piece.reportId)
  if (found && (found.report.state === 'collecting' || found.report.state === 'submitted'))
    await showBasket(turn, found.task, found.report, false)
}

/** Closes a basket that its author left open: nothing that was sent waits for a button. */
export async function closeBasketByItself(turn: Turn, taskId: number): Promise<void> {
  const result = await closeBasket(taskUnit(turn.tx, turn.now), { actor: turn.actor, cause: turn.cause, taskId })
  if (!result.ok || result.value.step !== 'submitted') return
  await endBoard(turn.tx, basketBoard(turn, result.value.report.id))
  await showReported(turn, result.value)
}

/** The words under a picture are words about its task. */
async function readCaption(turn: Turn, caption: string, taskId: number | null): Promise<void> {
  if (caption.trim() && taskId !== null) await readWords(turn, caption, { taskIds: [taskId], withEvidence: true })
}

async function askOnce(turn: Turn): Promise<void> {
  const open = await openTasks(turn.tx, ownerOf(turn))
  const pieces = await unsortedOf(turn.tx, turn.actor.personId)
  if (open.length === 0) return turn.send({ text: turn.say('report.noOpenTask') })
  turn.send(whichTaskScreen(turn.say, await ranked(turn, open), pieces.length), { subject: { unsorted: true } })
}

async function ranked(turn: Turn, open: Task[]): Promise<Task[]> {
  const reminded = await lately(turn.tx, turn.actor.personId, turn.today.subtract({ days: 14 }))
  const rank = (task: Task): number => (reminded.includes(task.id) ? reminded.indexOf(task.id) : reminded.length)
  return [...open].sort((left, right) => rank(left) - rank(right))
}

async function askWhere(turn: Turn): Promise<void> {
  const pieces = await unsortedOf(turn.tx, turn.actor.personId)
  if (pieces.length === 0) return turn.toast(turn.say.plain('common.notFound'), true)
  const open = await openTasks(turn.tx, ownerOf(turn))
  turn.show(whichTaskScreen(turn.say, await ranked(turn, open), pieces.length), { unsorted: true })
}

async function putUnsortedTo(turn: Turn, taskId: number): Promise<void> {
  const result = await openBasket(taskUnit(turn.tx, turn.now), { actor: turn.actor, cause: turn.cause, taskId })
  if (!result.ok) return toastRefusal(turn, result.refusal)
  const { task, report } = result.value
  const moved = await putUnsorted(turn.tx, turn.actor.personId, report.id)
  if (moved === 0) return turn.toast(turn.say.plain('common.notFound'), true)
  turn.await({ kind: 'basket', taskId })
  turn.show(basketScreen(turn.say, { task, report, counted: await countOf(turn.tx, report.id), guessed: true }), {
    tasks: [taskId],
    report: report.id,
  })
}

async function chooseOther(turn: Turn, taskId: number): Promise<void> {
  const result = await openBasket(taskUnit(turn.tx, turn.now), { actor: turn.actor, cause: turn.cause, taskId })
  if (!result.ok) return toastRefusal(turn, result.refusal)
  if (result.value.task.state === 'reported')
    await withdrawReport(taskUnit(turn.tx, turn.now), { actor: turn.actor, cause: turn.cause, taskId })
  await takeOut(turn.tx, result.value.report.id)
  await endBoard(turn.tx, basketBoard(turn, result.value.report.id))
  turn.forget()
  await askWhere(turn)
}

async function allSent(turn: Turn, taskId: number): Promise<void> {
  const result = await closeBasket(taskUnit(turn.tx, turn.now), { actor: turn.actor, cause: turn.cause, taskId })
  if (!result.ok) return toastRefusal(turn, result.refusal)
  if (result.value.step === 'waiting')
    return turn.toast(turn.say.plain('report.waiting', waitingGaps(turn, result.value.task)), true)
  await endBoard(turn.tx, basketBoard(turn, result.value.report.id))
  await showReported(turn, result.value)
}

function waitingGaps(turn: Turn, task: Task) {
  return { title: shortened(task.title, 40), papers: turn.say.plain('report.anyEvidence') }
}

async function askForFiles(turn: Turn, taskId: number): Promise<void> {
  const result = await openBasket(taskUnit(turn.tx, turn.now), { actor: turn.actor, cause: turn.cause, taskId })
  if (!result.ok) return toastRefusal(turn, result.refusal)
  const { report } = result.value
  turn.await({ kind: 'basket', taskId })
  turn.send(
    {
      text: report.receiptNumber
        ? turn.say('report.addFilesAsk', { receipt: receiptLabel(report.receiptNumber) })
        : turn.say('report.sendAgainAsk'),
    },
    { subject: { tasks: [taskId] } },
  )
}

const SENT_PAGE = 10
const MARKS: Record<string, string> = { submitted: '☑️', accepted: '✅', returned: '↩️', withdrawn: '✖️' }

async function showSent(turn: Turn, page: number): Promise<void> {
  const { say } = turn
  const found = await sentBy(turn.tx, turn.actor.personId, { size: SENT_PAGE + 1, index: page })
  const pieces = await unsortedOf(turn.tx, turn.actor.personId)
  const shown = found.slice(0, SENT_PAGE)
  const tasks = await tasksByIds(
    turn.tx,
    shown.map(({ report }) => report.taskId),
  )
  const lines = shown.map(({ report }) =>
    say('report.sentLine', {
      mark: MARKS[report.state] ?? '',
      receipt: receiptLabel(report.receiptNumber ?? 0),
      title: shortened(tasks.find((task) => task.id === report.taskId)?.title ?? '', 60),
      day: say.moment(report.submittedAt ?? report.startedAt),
    }),
  )
  const unsorted = pieces.length > 0 ? ['', say('report.unsortedTitle', { count: pieces.length })] : []
  turn.show({
    text: [say('report.sentTitle'), '', ...(lines.length > 0 ? lines : [say('report.sentEmpty')]), ...unsorted].join(
      '\n',
    ),
    buttons: [
      ...shown
        .slice(0, 5)
        .map(({ report }) => [{ label: receiptLabel(report.receiptNumber ?? 0), action: openTask(report.taskId) }]),
      ...(pieces.length > 0 ? [[{ label: say.plain('report.sortThem'), action: sortUnsorted() }]] : []),
      [
        ...(page > 0 ? [{ label: say.plain('common.previous'), action: openSent(page - 1) }] : []),
        ...(found.length > SENT_PAGE ? [{ label: say.plain('common.next'), action: openSent(page + 1) }] : []),
      ],
    ].filter((row) => row.length > 0),
  })
}
