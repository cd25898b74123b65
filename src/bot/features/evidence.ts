import { z } from 'zod'
import { holds, may } from '../../access/rights.ts'
import { endBoard, showBoard, turnBoardInto } from '../../db/boards.ts'
import {
  addArriving,
  countOf,
  type EvidenceRow,
  keepCaption,
  putUnsorted,
  reportOfAlbum,
  reportOfMessage,
  sentBy,
  takeOut,
  unsortedOf,
} from '../../db/evidence.ts'
import { reportById } from '../../db/reviews.ts'
import { lately, openTasks } from '../../db/task-lists.ts'
import { tasksByIds, taskUnit } from '../../db/tasks.ts'
import type { Button } from '../../delivery/screen.ts'
import { escapeHtml } from '../../delivery/screen.ts'
import type { Instant } from '../../kernel/clock.ts'
import { readReply } from '../../replies/read-reply.ts'
import { type Report, receiptLabel } from '../../tasks/report.ts'
import { abandonReport, closeBasket, openBasket, settleArrival } from '../../tasks/report-task.ts'
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
import { basketBoard, basketScreen, unsortedBoard, whichTaskScreen } from '../screens/evidence.ts'
import { type Feature, on, type Turn, waitingFor } from '../turn.ts'
import { shortened, type WordKey } from '../words.ts'
import { ownerOf, showCard } from './my-tasks.ts'
import { askWhichTask, keepWordsFor, readCorrection, readWords, wordsKept } from './replies.ts'
import { showReported, tellOfMoreFiles } from './report-flow.ts'
import { toastRefusal, wordsFor } from './task-words.ts'

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
    on(evidenceLater, sendLater),
    on(addFiles, askForFiles),
    on(putToTask, putUnsortedTo),
    on(leaveUnsorted, decideLater),
    on(sortUnsorted, askWhere),
    on(otherTask, chooseOther),
    on(openSent, showSent),
  ],
  dialogs: [
    waitingFor('basket', Basket, async (turn, { taskId }) => {
      if (turn.incoming.kind !== 'file' || turn.incoming.replyTo !== null) return false
      await receive(turn, turn.incoming, taskId as number)
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

/** Which task a file belongs to: the one task of the message replied to, that of the basket being filled, or the only one reminded of lately. */
async function likelyTask(turn: Turn, incoming: FileTurn): Promise<number | null> {
  const [only, ...others] = turn.subject?.tasks ?? []
  if (only !== undefined && others.length === 0) return only
  if (others.length > 0) return namedInCaption(turn, incoming.caption)
  const reminded = await lately(turn.tx, turn.actor.personId, turn.today.subtract({ days: 14 }))
  if (reminded.length === 1 && reminded[0] !== undefined) return reminded[0]
  const open = await openTasks(turn.tx, ownerOf(turn))
  return open.length === 1 && open[0] ? open[0].id : null
}

/** A picture under a list of tasks: the one that its caption names by number («2 готово»), if it names one. */
function namedInCaption(turn: Turn, caption: string): number | null {
  const tasks = turn.subject?.tasks ?? []
  const named = readReply(caption, { today: turn.today, taskCount: tasks.length }).parts.flatMap((part) => part.tasks)
  return named.length === 1 && typeof named[0] === 'number' ? (tasks[named[0] - 1] ?? null) : null
}

async function receive(turn: Turn, incoming: FileTurn, taskId: number | null): Promise<void> {
  if (incoming.edited) return followCaption(turn, incoming)
  if (tooLarge(incoming.file)) return turn.send({ text: turn.say('report.tooLarge'), replyTo: incoming.messageId })
  const ofAlbum = incoming.album ? await reportOfAlbum(turn.tx, incoming.chat, incoming.album) : null
  const basket = ofAlbum === null && taskId !== null ? await basketFor(turn, taskId) : null
  const reportId = ofAlbum ?? basket?.report.id ?? null
  const piece = await keep(turn, incoming, reportId)
  if (!piece) return
  if (reportId === null) return askWhereOnce(turn)
  const found = basket ?? (await reportById(turn.tx, reportId))
  if (!found) return
  turn.await({ kind: 'basket', taskId: found.task.id })
  turn.busy()
  await readCaption(turn, incoming.caption, { taskId: found.task.id, gathering: incoming.album !== null })
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

async function showBasket(turn: Turn, task: Task, report: Report): Promise<void> {
  const screen = basketScreen(turn.say, { task, report, counted: await countOf(turn.tx, report.id) })
  await showBoard(turn.tx, turn.services.enqueue, basketBoard(turn, report.id), {
    screen,
    subject: { tasks: [task.id], report: report.id },
    lane: 'answer',
    now: turn.now,
    freshSince: stillNear(turn),
  })
}

/** A message touched since this moment is still before the person's eyes. */
function stillNear(turn: Turn): Instant {
  return turn.now.subtract({ minutes: 10 })
}

/**
 * A piece was kept, or could not be: whoever sent it is asked to send it again. The basket's message shows what is kept once nothing more is on its
 * way; a basket that was already closed gives its receipt.
 */
export async function showArrival(turn: Turn, piece: EvidenceRow, kept: boolean): Promise<void> {
  if (!kept) {
    const name = piece.fileName ? ` «${escapeHtml(shortened(piece.fileName, 60))}»` : ''
    turn.send({ text: turn.say('report.notStored', { name }), replyTo: piece.messageId })
  }
  if (piece.reportId === null) return
  const settled = await settleArrival(taskUnit(turn.tx, turn.now), piece.reportId, kept)
  if (settled?.ok && settled.value.step === 'submitted') return showReported(turn, settled.value)
  const found = await reportById(turn.tx, piece.reportId)
  if (!found || !['collecting', 'submitted'].includes(found.report.state)) return
  if ((await countOf(turn.tx, piece.reportId)).arriving > 0) return
  await showBasket(turn, found.task, found.report)
  if (kept && found.report.state === 'submitted') await tellOfMoreFiles(turn, found.task, found.report)
}

/** Closes a basket that its author left open: nothing that was sent waits for a button. */
export async function closeBasketByItself(turn: Turn, taskId: number): Promise<void> {
  const result = await closeBasket(taskUnit(turn.tx, turn.now), { actor: turn.actor, cause: turn.cause, taskId })
  if (result.ok && result.value.step === 'submitted') await showReported(turn, result.value)
}

/** The words under a picture are words about its task. Under a picture of an album they report nothing yet: its other parts may still be on their way. */
async function readCaption(turn: Turn, caption: string, about: { taskId: number; gathering: boolean }): Promise<void> {
  const { taskId, gathering } = about
  if (caption.trim()) await readWords(turn, caption, { taskIds: [taskId], withEvidence: true, gathering })
}

async function followCaption(turn: Turn, incoming: FileTurn): Promise<void> {
  const said = await keepCaption(turn.tx, incoming.chat, incoming.messageId, incoming.caption)
  const reportId = await reportOfMessage(turn.tx, incoming.chat, incoming.messageId)
  const found = reportId === null ? null : await reportById(turn.tx, reportId)
  if (found && incoming.caption.trim())
    await readCorrection(turn, incoming.caption, { taskIds: [found.task.id], withEvidence: true, said })
}

/** One question for all that lies unsorted; it counts along while more arrives. */
async function askWhereOnce(turn: Turn): Promise<void> {
  const open = await openTasks(turn.tx, ownerOf(turn))
  const pieces = await unsortedOf(turn.tx, turn.actor.personId)
  const screen =
    open.length === 0
      ? { text: turn.say('report.noOpenTask') }
      : whichTaskScreen(turn.say, await ranked(turn, open), pieces.length)
  await showBoard(turn.tx, turn.services.enqueue, unsortedBoard(turn), {
    screen,
    subject: { unsorted: true },
    lane: 'answer',
    now: turn.now,
    freshSince: stillNear(turn),
  })
}

/** What is being reported first, then what was reminded of last. */
async function ranked(turn: Turn, open: Task[]): Promise<Task[]> {
  const reminded = await lately(turn.tx, turn.actor.personId, turn.today.subtract({ days: 14 }))
  const rank = (task: Task): number => {
    if (task.state === 'in_progress') return -1
    return reminded.includes(task.id) ? reminded.indexOf(task.id) : reminded.length
  }
  return [...open].sort((left, right) => rank(left) - rank(right))
}

async function askWhere(turn: Turn, except?: number): Promise<void> {
  const pieces = await unsortedOf(turn.tx, turn.actor.personId)
  if (pieces.length === 0) return turn.toast(turn.say.plain('common.notFound'), true)
  const open = (await openTasks(turn.tx, ownerOf(turn))).filter((task) => task.id !== except)
  await endBoard(turn.tx, unsortedBoard(turn))
  turn.show(whichTaskScreen(turn.say, await ranked(turn, open), pieces.length), { unsorted: true })
}

async function putUnsortedTo(turn: Turn, taskId: number): Promise<void> {
  const result = await openBasket(taskUnit(turn.tx, turn.now), { actor: turn.actor, cause: turn.cause, taskId })
  if (!result.ok) return toastRefusal(turn, result.refusal)
  const { task, report } = result.value
  const moved = await putUnsorted(turn.tx, turn.actor.personId, report.id)
  if (moved === 0) return turn.toast(turn.say.plain('common.notFound'), true)
  const counted = await countOf(turn.tx, report.id)
  turn.await({ kind: 'basket', taskId })
  turn.show(basketScreen(turn.say, { task, report, counted }), { tasks: [taskId], report: report.id })
  await turnBoardInto(turn.tx, unsortedBoard(turn), basketBoard(turn, report.id).kind)
  const words = wordsKept(turn)
  if (words) await readWords(turn, words, { taskIds: [taskId], withEvidence: true })
}

/** «Другая задача»: what was sent and said is taken out of the task that was not meant, and asked about again. */
async function chooseOther(turn: Turn, taskId: number): Promise<void> {
  const result = await abandonReport(taskUnit(turn.tx, turn.now), { actor: turn.actor, cause: turn.cause, taskId })
  if (!result.ok) return toastRefusal(turn, result.refusal)
  const report = result.value
  if (!report) return turn.toast(turn.say.plain('report.nothingToMove'), true)
  const moved = await takeOut(turn.tx, report.id)
  await endBoard(turn.tx, basketBoard(turn, report.id))
  const words =
    report.comment ?? (moved === 0 || report.state === 'submitted' ? turn.say.plain('task.button.done') : null)
  turn.forget()
  if (words) keepWordsFor(turn, words)
  if (moved > 0) await askWhere(turn, taskId)
  else if (!(await askWhichTask(turn, words ?? '', { except: taskId }))) await showCard(turn, taskId, 0)
}

async function allSent(turn: Turn, taskId: number): Promise<void> {
  const result = await closeBasket(taskUnit(turn.tx, turn.now), { actor: turn.actor, cause: turn.cause, taskId })
  if (!result.ok) return toastRefusal(turn, result.refusal)
  if (result.value.step === 'waiting')
    return turn.toast(turn.say.plain('report.waitingShort', { title: shortened(result.value.task.title, 60) }), true)
  await showReported(turn, result.value)
}

async function askForFiles(turn: Turn, taskId: number): Promise<void> {
  const result = await openBasket(taskUnit(turn.tx, turn.now), { actor: turn.actor, cause: turn.cause, taskId })
  if (!result.ok) return toastRefusal(turn, result.refusal)
  const { report, task } = result.value
  turn.await({ kind: 'basket', taskId })
  const text = report.receiptNumber
    ? turn.say('report.addFilesAsk', { receipt: receiptLabel(report.receiptNumber) })
    : turn.say('report.sendFiles', { title: shortened(task.title, 200) })
  turn.send({ text }, { subject: { tasks: [taskId] } })
}

async function sendLater(turn: Turn, taskId: number): Promise<void> {
  turn.forget()
  const [task] = await tasksByIds(turn.tx, [taskId])
  if (!task || !may(turn.actor, 'report-task', task)) return toastRefusal(turn, { code: 'not-yours' })
  const buttons = [[{ label: turn.say.plain('task.button.open'), action: openTask(taskId) }]]
  turn.show({ text: turn.say('report.laterNoted', wordsFor(turn, task)), buttons }, { tasks: [taskId] })
}

async function decideLater(turn: Turn): Promise<void> {
  turn.forget()
  await endBoard(turn.tx, unsortedBoard(turn))
  turn.show({ text: turn.say('report.leftUnsorted') })
}

const SENT_PAGE = 8
const MARKS: Record<string, string> = { submitted: '☑️', accepted: '✅', returned: '↩️', withdrawn: '✖️' }

function sentLine({ say }: Turn, report: Report, tasks: Task[]): string {
  const task = tasks.find((candidate) => candidate.id === report.taskId)
  return say('report.sentLine', {
    mark: MARKS[report.state] ?? '',
    receipt: receiptLabel(report.receiptNumber ?? 0),
    title: shortened(task?.title ?? '', 60),
    day: report.submittedAt ? say.moment(report.submittedAt) : '',
    outcome: say(outcomeKey(report, task), { reason: shortened(report.returnReason ?? '', 100) }),
  })
}

function outcomeKey({ state }: Report, task: Task | undefined): WordKey {
  if (state === 'submitted' && task && !task.needsApproval) return 'report.outcome.closed'
  return state === 'collecting' ? 'report.outcome.withdrawn' : `report.outcome.${state}`
}

async function showSent(turn: Turn, page: number): Promise<void> {
  const { say } = turn
  const found = await sentBy(turn.tx, turn.actor.personId, { size: SENT_PAGE + 1, index: page })
  const pieces = await unsortedOf(turn.tx, turn.actor.personId)
  const shown = found.slice(0, SENT_PAGE)
  const tasks = await tasksByIds(
    turn.tx,
    shown.map(({ report }) => report.taskId),
  )
  const lines = shown.map(({ report }) => sentLine(turn, report, tasks))
  const unsorted = pieces.length > 0 ? ['', say('report.unsortedTitle', { count: pieces.length })] : []
  turn.show({
    text: [say('report.sentTitle'), '', ...(lines.length > 0 ? lines : [say('report.sentEmpty')]), ...unsorted].join(
      '\n',
    ),
    buttons: [
      ...inRows(
        shown.map(({ report }) => ({
          label: receiptLabel(report.receiptNumber ?? 0),
          action: openTask(report.taskId),
        })),
      ),
      ...(pieces.length > 0 ? [[{ label: say.plain('report.sortThem'), action: sortUnsorted() }]] : []),
      [
        ...(page > 0 ? [{ label: say.plain('common.previous'), action: openSent(page - 1) }] : []),
        ...(found.length > SENT_PAGE ? [{ label: say.plain('common.next'), action: openSent(page + 1) }] : []),
      ],
    ].filter((row) => row.length > 0),
  })
}

function inRows(buttons: Button[]): Button[][] {
  return [buttons.slice(0, 4), buttons.slice(4)]
}
