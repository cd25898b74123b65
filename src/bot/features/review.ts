import { z } from 'zod'
import { holds, may, organizationsOf } from '../../access/rights.ts'
import { reportById, waitingReports } from '../../db/reviews.ts'
import { taskUnit } from '../../db/tasks.ts'
import { receiptLabel } from '../../tasks/report.ts'
import { type Reviewed, reopenReview, reviewReport, type Verdict } from '../../tasks/review-report.ts'
import { acceptReport, addFiles, askReturn, chooseReturn, nextReview, openReview, reopenReviewOf } from '../buttons.ts'
import { reviewScreen } from '../screens/review.ts'
import { type Feature, on, type Turn, waitingFor } from '../turn.ts'
import { shortened, type WordKey } from '../words.ts'
import { toastRefusal } from './task-words.ts'

const REASONS = {
  unreadable: 'review.reason.unreadable',
  wrong: 'review.reason.wrong',
  unsigned: 'review.reason.unsigned',
  incomplete: 'review.reason.incomplete',
  'no-result': 'review.reason.noResult',
} as const satisfies Record<string, WordKey>

const Returning = z.object({ kind: z.literal('return-reason'), reportId: z.number().int() })

/** «На проверке»: one report after the other; accept, or return with a reason. */
export const review: Feature = {
  menu: [
    {
      key: 'menu.review',
      command: 'review',
      shown: (actor) => holds(actor, ['curator', 'coordinator']),
      run: (turn) => showNext(turn, 0),
    },
  ],
  taps: [
    on(openReview, showReport),
    on(nextReview, showNext),
    on(acceptReport, (turn, reportId) => decideOn(turn, reportId, { verdict: 'accepted' })),
    on(askReturn, askReason),
    on(chooseReturn, (turn, reportId, reason) => {
      const key = REASONS[reason as keyof typeof REASONS]
      return key ? decideOn(turn, reportId, { verdict: 'returned', reason: turn.say.plain(key) }) : undefined
    }),
    on(reopenReviewOf, reopen),
  ],
  dialogs: [
    waitingFor('return-reason', Returning, async (turn, { reportId }) => {
      if (turn.incoming.kind !== 'text') return false
      await decideOn(turn, reportId as number, { verdict: 'returned', reason: shortened(turn.incoming.text, 500) })
      return true
    }),
  ],
}

/** The schools whose reports the person reviews; null: all of the municipality. */
function reviewedSchools(turn: Turn): number[] | null {
  return holds(turn.actor, ['coordinator']) ? null : organizationsOf(turn.actor, ['curator'])
}

async function showNext(turn: Turn, afterId: number): Promise<void> {
  const waiting = await waitingReports(turn.tx, turn.municipality.id, reviewedSchools(turn))
  const next = waiting.find(({ report }) => report.id > afterId) ?? waiting[0]
  if (!next) return turn.send({ text: turn.say('review.empty') })
  if (afterId === 0) turn.send({ text: turn.say('review.count', { count: waiting.length }) })
  await showReport(turn, next.report.id)
}

async function showReport(turn: Turn, reportId: number): Promise<void> {
  const found = await reportById(turn.tx, reportId)
  if (!found || !may(turn.actor, 'review-report', found.task))
    return turn.toast(turn.say.plain('common.notFound'), true)
  if (found.report.state !== 'submitted') return turn.toast(turn.say.plain('review.notWaiting'), true)
  turn.send(await reviewScreen(turn.tx, turn.say, { ...found, queue: true }), {
    subject: { report: reportId, tasks: [found.task.id], view: 'review' },
  })
}

async function askReason(turn: Turn, reportId: number): Promise<void> {
  const found = await reportById(turn.tx, reportId)
  if (!found || !may(turn.actor, 'review-report', found.task))
    return turn.toast(turn.say.plain('common.notFound'), true)
  if (found.report.state !== 'submitted') return turn.toast(turn.say.plain('review.notWaiting'), true)
  turn.await({ kind: 'return-reason', reportId })
  const reasons = Object.entries(REASONS).map(([reason, key]) => [
    { label: turn.say.plain(key), action: chooseReturn(reportId, reason) },
  ])
  turn.send({
    text: turn.say('review.askReason', {
      school: found.task.organizationName,
      title: shortened(found.task.title, 200),
    }),
    buttons: [...reasons, [{ label: turn.say.plain('common.back'), action: openReview(reportId) }]],
  })
}

async function decideOn(turn: Turn, reportId: number, verdict: Verdict): Promise<void> {
  const result = await reviewReport(taskUnit(turn.tx, turn.now), {
    actor: turn.actor,
    cause: turn.cause,
    reportId,
    ...verdict,
  })
  turn.forget()
  if (!result.ok) return toastRefusal(turn, result.refusal)
  showDecision(turn, result.value, verdict)
  await tellAuthor(turn, result.value, verdict)
}

function showDecision(turn: Turn, { task, report }: Reviewed, verdict: Verdict): void {
  const { say } = turn
  const gaps = {
    school: task.organizationName,
    receipt: receiptLabel(report.receiptNumber ?? 0),
    title: shortened(task.title, 300),
  }
  const text =
    verdict.verdict === 'accepted'
      ? say('review.accepted', gaps)
      : say('review.returned', { ...gaps, reason: verdict.reason })
  turn.show({
    text,
    buttons: [
      [
        { label: say.plain('common.undo'), action: reopenReviewOf(report.id) },
        { label: say.plain('review.next'), action: nextReview(report.id) },
      ],
    ],
  })
}

/** The head hears at once: so do those who may answer for the same school. */
async function tellAuthor(turn: Turn, { task, report }: Reviewed, verdict: Verdict): Promise<void> {
  const { say } = turn
  const gaps = {
    receipt: receiptLabel(report.receiptNumber ?? 0),
    title: shortened(task.title, 300),
    who: turn.person.fullName,
  }
  const screen =
    verdict.verdict === 'accepted'
      ? { text: say('review.toldAccepted', gaps) }
      : {
          text: say('review.toldReturned', { ...gaps, reason: verdict.reason }),
          buttons: [[{ label: say.plain('review.sendAgain'), tone: 'main' as const, action: addFiles(task.id) }]],
        }
  await turn.tell([report.authorId], screen, {
    reason: 'reviewed',
    subject: { tasks: [task.id], view: 'review' },
    onceKey: `reviewed:${report.id}:${task.version}`,
  })
}

async function reopen(turn: Turn, reportId: number): Promise<void> {
  const result = await reopenReview(taskUnit(turn.tx, turn.now), { actor: turn.actor, cause: turn.cause, reportId })
  if (!result.ok) return toastRefusal(turn, result.refusal)
  turn.toast(turn.say.plain('review.reopened', { receipt: receiptLabel(result.value.report.receiptNumber ?? 0) }))
  await showReport(turn, reportId)
}
