import { z } from 'zod'
import { type FailedRow, type FaqReading, readFaqRows, writeFaqRows } from '../../council/faq-rows.ts'
import { personalDataIn } from '../../council/personal-data.ts'
import { rawSql } from '../../db/database.ts'
import { allEntries } from '../../db/faq-desk.ts'
import { foreseeDrafts, keepDraftsIn } from '../../db/faq-import.ts'
import type { Attachment } from '../../delivery/screen.ts'
import { askFaqFile, exportFaq, exportFaqCsv, importFaqFile, openFaq } from '../buttons-council.ts'
import {
  faqFileAskScreen,
  faqFileForeseenScreen,
  faqFileKeptScreen,
  rowFaultWords,
  tableFaultWords,
} from '../screens/faq-file.ts'
import { type Feature, on, type Turn, waitingFor } from '../turn.ts'
import { allowed, sayNo } from './coordinating.ts'

/** The largest FAQ file that is read, in bytes: thousands of answers take a tenth of it. */
export const LARGEST_FAQ_FILE = 10 * 1024 * 1024
/** Failed rows that one message shows; where there are more, all are attached as a table. */
const SHOWN_FAILURES = 12

const SPREADSHEET = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

const Waiting = z.object({ kind: z.literal('faq-file') })
const Ready = z.object({ kind: z.literal('faq-file-ready'), messengerFileId: z.string() })

/** The FAQ as a file: sent out as a spreadsheet, taken in again after a look at what it would change. */
export const faqFile: Feature = {
  taps: [
    on(exportFaq, (turn) => sendFile(turn, 'xlsx')),
    on(exportFaqCsv, (turn) => sendFile(turn, 'csv')),
    on(askFaqFile, (turn) => {
      if (!allowed(turn, 'manage-faq')) return
      turn.await({ kind: 'faq-file' })
      turn.send(faqFileAskScreen(turn.say))
    }),
    on(importFaqFile, confirmed),
  ],
  dialogs: [
    waitingFor('faq-file', Waiting, sent),
    waitingFor('faq-file-ready', Ready, async (turn) => {
      if (turn.incoming.kind === 'file') return sent(turn)
      turn.forget()
      return false
    }),
  ],
}

/** The file that was waited for: it is read by a job, the chat goes on meanwhile. */
async function sent(turn: Turn): Promise<boolean> {
  const { incoming } = turn
  if (incoming.kind !== 'file' || incoming.edited) return false
  if (!allowed(turn, 'manage-faq')) return true
  const { kind, size, messengerFileId } = incoming.file
  if (kind !== 'document') sayNo(turn, 'council.file.notATable')
  else if ((size ?? 0) > LARGEST_FAQ_FILE) sayNo(turn, 'council.file.tooLarge')
  else {
    await startReading(turn, messengerFileId, false)
    turn.send({ text: turn.say('council.file.reading') })
  }
  return true
}

async function startReading(turn: Turn, messengerFileId: string, keep: boolean): Promise<void> {
  const { municipality, incoming } = turn
  const data = { municipalityId: municipality.id, chat: incoming.chat, messengerFileId, keep }
  await turn.services.startJob(turn.tx, { queue: 'read-faq-file', data })
}

/** «Загрузить»: once, whatever is pressed again. */
async function confirmed(turn: Turn): Promise<void> {
  if (!allowed(turn, 'manage-faq')) return
  const ready = Ready.safeParse(turn.dialog)
  if (!ready.success) return sayNo(turn, 'menu.staleButton')
  turn.forget()
  turn.show({ text: turn.say('council.file.loading') })
  await startReading(turn, ready.data.messengerFileId, true)
}

/** Shows what a file of the FAQ would change, or (`keep`) changes it. `bytes`: null where the file could not be had. */
export async function showFaqFile(
  turn: Turn,
  bytes: Buffer | null,
  { messengerFileId, keep }: { messengerFileId: string; keep: boolean },
): Promise<void> {
  if (!allowed(turn, 'manage-faq')) return
  if (!bytes) return turn.send({ text: turn.say('council.file.notFetched') })
  const reading = await readOrExplain(turn, bytes)
  if (!reading) return
  const { drafts, failed } = reading
  const attachments = failed.length > SHOWN_FAILURES ? [await failureTable(turn, failed)] : []
  const given = { failed: failed.slice(0, SHOWN_FAILURES), failedCount: failed.length, attachments }
  const of = [rawSql(turn.tx), turn.municipality.id, drafts, turn.now] as const
  if (keep) return turn.send(faqFileKeptScreen(turn.say, await keepDraftsIn(...of), given))
  const foreseen = await foreseeDrafts(...of)
  if (foreseen.added + foreseen.changed > 0) turn.await({ kind: 'faq-file-ready', messengerFileId })
  const personal = drafts.filter(({ question, answer }) => personalDataIn(`${question}\n${answer}`).length > 0)
  turn.send(faqFileForeseenScreen(turn.say, foreseen, { ...given, personal: personal.map(({ question }) => question) }))
}

async function readOrExplain(turn: Turn, bytes: Buffer): Promise<FaqReading | null> {
  const { readTable, TableProblem } = await import('../../documents/faq-file.ts')
  try {
    return readFaqRows(readTable(bytes, turn.say.plain('council.file.yours')))
  } catch (problem) {
    if (!(problem instanceof TableProblem)) throw problem
    turn.send({
      text: turn.say('council.file.unreadable', { why: tableFaultWords(turn.say, problem.fault) }),
      buttons: [[{ label: turn.say.plain('council.file.sample'), action: exportFaq() }]],
    })
    return null
  }
}

/** All rows that failed, as a table: where, and why. */
async function failureTable(turn: Turn, failed: readonly FailedRow[]): Promise<Attachment> {
  const { writeXlsx } = await import('../../documents/faq-file.ts')
  const heading = (['line', 'column', 'reason'] as const).map((part) => turn.say.plain(`council.file.${part}`))
  const rows = failed.map(({ line, column, why }) => [String(line), column ?? '', rowFaultWords(turn.say, why)])
  return keep(turn, await writeXlsx([heading, ...rows], heading[2] ?? ''), `faq-errors-${turn.today}.xlsx`)
}

/** The whole FAQ that the municipality sees, as a table that can be taken in again. */
async function sendFile(turn: Turn, format: 'xlsx' | 'csv'): Promise<void> {
  if (!allowed(turn, 'manage-faq')) return
  const { writeCsv, writeXlsx } = await import('../../documents/faq-file.ts')
  const entries = (await allEntries(turn.tx, turn.municipality.id)).filter(({ standing }) => standing !== 'withdrawn')
  const rows = writeFaqRows(entries)
  const bytes = format === 'csv' ? writeCsv(rows) : await writeXlsx(rows, turn.say.plain('council.base.exportSheet'))
  turn.send({
    text: turn.say('council.base.exported', { day: turn.say.day(turn.today) }),
    attachments: [await keep(turn, bytes, `faq-${turn.today}.${format}`)],
    buttons: [[{ label: turn.say.plain('common.back'), action: openFaq() }]],
  })
}

function keep(turn: Turn, bytes: Buffer, fileName: string): Promise<Attachment> {
  const mime = fileName.endsWith('.csv') ? 'text/csv' : SPREADSHEET
  const file = { municipalityId: turn.municipality.id, bytes, fileName, mime, kind: 'document' as const }
  return turn.services.keepFile(turn.tx, file)
}
