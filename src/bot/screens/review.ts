import type { Tx } from '../../db/database.ts'
import { evidenceOf } from '../../db/tasks.ts'
import { type UsedBefore, usedBefore } from '../../db/used-before.ts'
import type { Attachment, Button, Screen } from '../../delivery/screen.ts'
import { type Evidence, type Report, receiptLabel } from '../../tasks/report.ts'
import type { Task } from '../../tasks/task.ts'
import { acceptReport, askAuthor, askReturn, nextReview, openTask, tickPaperOf } from '../buttons.ts'
import { type Say, shortened } from '../words.ts'

/** A report as its reviewer sees it: the words, the evidence (read where it is not given), and what can be answered. `queue` offers the next one. */
export async function reviewScreen(
  tx: Tx,
  say: Say,
  given: { task: Task; report: Report; authorName: string; queue?: boolean; evidence?: Evidence[] },
): Promise<Screen> {
  const evidence = given.evidence ?? (await evidenceOf(tx, given.report.id))
  const pieces = evidence.filter((piece) => piece.state === 'stored')
  const earlier = pieces.length > 0 ? await usedBefore(tx, given.report.id) : []
  return {
    text: [reviewText(say, given, pieces.length), ...earlier.map((use) => usedWords(say, use))].join('\n\n'),
    attachments: pieces.flatMap((piece) => attachmentOf(piece)),
    buttons: [
      ...given.task.expectedPapers.slice(0, 6).map((paper, index) => [paperButton(say, given.report, paper, index)]),
      [
        { label: say.plain('review.accept'), tone: 'good', action: acceptReport(given.report.id) },
        { label: say.plain('review.return'), tone: 'bad', action: askReturn(given.report.id) },
      ],
      [
        { label: say.plain('review.ask'), action: askAuthor(given.report.id) },
        { label: say.plain('task.button.history'), action: openTask(given.task.id) },
        ...(given.queue ? [{ label: say.plain('review.next'), action: nextReview(given.report.id) }] : []),
      ],
    ],
  }
}

function usedWords(say: Say, use: UsedBefore): string {
  const gaps = {
    receipt: receiptLabel(use.receiptNumber ?? 0),
    school: use.organizationName,
    title: shortened(use.title, 80),
  }
  return say(use.exact ? 'review.usedSame' : 'review.usedAlike', gaps)
}

function paperButton(say: Say, report: Report, paper: string, index: number): Button {
  const label = say.plain(report.tickedPapers.includes(paper) ? 'review.paperTicked' : 'review.paperOpen', { paper })
  return { label, action: tickPaperOf(report.id, index) }
}

function reviewText(
  say: Say,
  { task, report, authorName }: { task: Task; report: Report; authorName: string },
  files: number,
): string {
  const head = say('review.asked', {
    school: task.organizationName,
    receipt: receiptLabel(report.receiptNumber ?? 0),
    title: shortened(task.title, 400),
    due: say.day(task.dueOn),
    doneOn: report.doneOn ? say('review.doneOn', { day: say.day(report.doneOn) }) : '',
    comment: report.comment ? say('review.comment', { comment: shortened(report.comment, 1000) }) : '',
    numbers: report.numbers.map((number) => say('review.number', number)).join(''),
    links: report.links.map((link) => say('review.link', { link })).join(''),
    expected: shortened(task.expectedResult || '—', 300),
    who: authorName,
  })
  return `${head}${files > 0 ? say('review.files', { files: say('common.files', { count: files }) }) : say('review.noEvidence')}`
}

/** A stored piece of evidence as an attachment; a link is none. */
export function attachmentOf(piece: Evidence): Attachment[] {
  if (!piece.sha256 || piece.kind === 'link') return []
  return [
    {
      kind: piece.kind,
      sha256: piece.sha256,
      fileName: piece.fileName ?? piece.kind,
      mime: piece.mime ?? 'application/octet-stream',
      ...(piece.messengerFileId ? { messengerFileId: piece.messengerFileId } : {}),
    },
  ]
}
