import { z } from 'zod'
import { holds, may, organizationsOf } from '../../access/rights.ts'
import { organizationsOfMunicipality, peopleWithRoles } from '../../db/people.ts'
import { reportById, waitingReports } from '../../db/reviews.ts'
import { taskUnit } from '../../db/tasks.ts'
import type { DeliverySubject } from '../../delivery/delivery.ts'
import type { Button, Screen } from '../../delivery/screen.ts'
import { receiptLabel } from '../../tasks/report.ts'
import { type Reviewed, reopenReview, reviewReport, tickPaper, type Verdict } from '../../tasks/review-report.ts'
import {
  acceptAll,
  acceptReport,
  addFiles,
  answerReviewer,
  askAcceptAll,
  askAuthor,
  askReturn,
  chooseReturn,
  nextReview,
  openReview,
  openSchool,
  reopenReviewOf,
  tickPaperOf,
} from '../buttons.ts'
import { reviewScreen } from '../screens/review.ts'
import { type Feature, on, type Turn, waitingFor } from '../turn.ts'
import { shortened, type WordKey } from '../words.ts'
import { curatorsOf, toastRefusal } from './task-words.ts'

const REASONS = {
  unreadable: 'review.reason.unreadable',
  wrong: 'review.reason.wrong',
  unsigned: 'review.reason.unsigned',
  incomplete: 'review.reason.incomplete',
  'no-result': 'review.reason.noResult',
} as const satisfies Record<string, WordKey>

/** What is asked under a report: its message gets its buttons back. `queue`: the next report follows. */
const UnderReport = z.object({ reportId: z.number().int(), messageId: z.number().int(), queue: z.boolean() })
const Returning = UnderReport.extend({ kind: z.literal('return-reason') })
const Asking = UnderReport.extend({ kind: z.literal('review-question') })
type UnderReport = z.infer<typeof UnderReport>

const Question = z.object({ reviewQuestion: z.number().int(), askedBy: z.number().int() })
const Answering = Question.extend({ kind: z.literal('review-answer') })

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
    on(tickPaperOf, tick),
    on(askAuthor, askWhat),
    on(answerReviewer, awaitAnswer),
    on(askAcceptAll, confirmAcceptAll),
    on(acceptAll, acceptAllOf),
  ],
  dialogs: [
    waitingFor('return-reason', Returning, async (turn, state) => {
      if (turn.incoming.kind !== 'text') return false
      await returnInWords(turn, state as UnderReport, shortened(turn.incoming.text, 500))
      return true
    }),
    waitingFor('review-question', Asking, async (turn, state) => {
      if (turn.incoming.kind !== 'text') return false
      await passQuestion(turn, state as UnderReport, shortened(turn.incoming.text, 1500))
      return true
    }),
    waitingFor('review-answer', Answering, async (turn, state) => {
      if (turn.incoming.kind !== 'text') return false
      turn.forget()
      return passAnswer(turn, state as z.infer<typeof Answering>, shortened(turn.incoming.text, 1500))
    }),
  ],
  text: async (turn) => {
    const question = Question.safeParse(turn.subject)
    if (!question.success || turn.incoming.kind !== 'text' || turn.incoming.edited) return false
    return passAnswer(turn, question.data, shortened(turn.incoming.text, 1500))
  },
}

/** The schools whose reports the person reviews; null: all of the municipality. */
function reviewedSchools(turn: Turn): number[] | null {
  return holds(turn.actor, ['coordinator']) ? null : organizationsOf(turn.actor, ['curator'])
}

async function showNext(turn: Turn, afterId: number): Promise<void> {
  const waiting = await waitingReports(turn.tx, turn.municipality.id, reviewedSchools(turn))
  const next = waiting.find(({ report }) => report.id > afterId) ?? waiting[0]
  if (!next) return turn.send({ text: turn.say('review.empty') })
  const found = await reportById(turn.tx, next.report.id)
  if (found) await sendReport(turn, found, waiting.length)
}

type Found = NonNullable<Awaited<ReturnType<typeof reportById>>>

async function sendReport(turn: Turn, found: Found, waitingCount: number): Promise<void> {
  const { text, ...screen } = await reviewScreen(turn.tx, turn.say, { ...found, queue: waitingCount > 1 })
  const count = waitingCount > 1 ? `${turn.say('review.count', { count: waitingCount })}\n\n` : ''
  turn.send({ ...screen, text: `${count}${text}` }, { subject: subjectOf(found, true) })
}

function subjectOf({ report, task }: Found, queue: boolean): DeliverySubject {
  return { report: report.id, tasks: [task.id], view: 'review', queue }
}

async function showReport(turn: Turn, reportId: number): Promise<void> {
  const found = await waitingForReview(turn, reportId)
  if (!found) return
  turn.forget()
  if (turn.subject?.view !== 'review' || turn.subject.report !== reportId) return sendReport(turn, found, 1)
  await showUnder(turn, found)
}

/** The report whose message was tapped, with its usual buttons or those of a question about it. */
async function showUnder(turn: Turn, found: Found, question?: { text: string; buttons: Button[][] }): Promise<void> {
  const queue = turn.subject?.queue === true
  const { text, buttons = [] } = await reviewScreen(turn.tx, turn.say, { ...found, queue })
  const screen = question ? { text: `${text}\n\n${question.text}`, buttons: question.buttons } : { text, buttons }
  turn.show(screen, subjectOf(found, queue))
}

async function waitingForReview(turn: Turn, reportId: number): Promise<Found | null> {
  const found = await reviewable(turn, reportId)
  if (found && found.report.state !== 'submitted') {
    turn.toast(turn.say.plain('review.notWaiting'), true)
    return null
  }
  return found
}

function underReport(turn: Turn, reportId: number): UnderReport {
  const messageId = turn.incoming.kind === 'tap' ? turn.incoming.messageId : 0
  return { reportId, messageId, queue: turn.subject?.queue === true }
}

async function askReason(turn: Turn, reportId: number): Promise<void> {
  const found = await waitingForReview(turn, reportId)
  if (!found) return
  turn.await({ kind: 'return-reason', ...underReport(turn, reportId) })
  const reasons = Object.entries(REASONS).map(([reason, key]) => [
    { label: turn.say.plain(key), action: chooseReturn(reportId, reason) },
  ])
  const back = [{ label: turn.say.plain('common.back'), action: openReview(reportId) }]
  await showUnder(turn, found, { text: turn.say('review.askReason'), buttons: [...reasons, back] })
}

async function decideOn(turn: Turn, reportId: number, verdict: Verdict): Promise<void> {
  const reviewed = await decided(turn, reportId, verdict)
  if (!reviewed) return
  turn.show(decisionScreen(turn, reviewed, verdict), { tasks: [reviewed.task.id], report: reportId })
  if (turn.subject?.queue === true) await showNext(turn, reportId)
}

async function returnInWords(turn: Turn, under: UnderReport, reason: string): Promise<void> {
  const verdict = { verdict: 'returned', reason } as const
  const reviewed = await decided(turn, under.reportId, verdict)
  if (!reviewed) return
  const screen = decisionScreen(turn, reviewed, verdict)
  turn.send(screen, { subject: { tasks: [reviewed.task.id], report: under.reportId } })
  if (under.messageId) turn.edit(under.messageId, { text: screen.text, buttons: [] })
  if (under.queue) await showNext(turn, under.reportId)
}

/** Carries a verdict out and tells the school; null, with the reason said, where it could not be. */
async function decided(turn: Turn, reportId: number, verdict: Verdict): Promise<Reviewed | null> {
  const result = await reviewReport(taskUnit(turn.tx, turn.now), {
    actor: turn.actor,
    cause: turn.cause,
    reportId,
    ...verdict,
  })
  turn.forget()
  if (result.ok) {
    await tellSchool(turn, result.value, verdict)
    return result.value
  }
  await toastRefusal(turn, result.refusal)
  return null
}

function decisionScreen(turn: Turn, { task, report }: Reviewed, verdict: Verdict): Screen {
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
  return { text, buttons: [[{ label: say.plain('common.undo'), action: reopenReviewOf(report.id) }]] }
}

/** Whoever reported hears at once; of what was returned the heads of the school hear too. */
async function tellSchool(turn: Turn, { task, report }: Reviewed, verdict: Verdict): Promise<void> {
  const { say } = turn
  const gaps = {
    receipt: receiptLabel(report.receiptNumber ?? 0),
    title: shortened(task.title, 300),
    who: turn.person.fullName,
  }
  const isReturned = verdict.verdict === 'returned'
  const screen: Screen = isReturned
    ? {
        text: say('review.toldReturned', { ...gaps, reason: verdict.reason }),
        buttons: [[{ label: say.plain('review.sendAgain'), tone: 'main', action: addFiles(task.id) }]],
      }
    : { text: say('review.toldAccepted', gaps) }
  const heads = isReturned ? await peopleWithRoles(turn.tx, turn.municipality.id, ['head'], task.organizationId) : []
  await turn.tell([report.authorId, ...heads], screen, {
    reason: 'reviewed',
    subject: { tasks: [task.id], view: 'reviewed' },
    onceKey: `reviewed:${report.id}:${task.version}`,
  })
}

async function reopen(turn: Turn, reportId: number): Promise<void> {
  const result = await reopenReview(taskUnit(turn.tx, turn.now), { actor: turn.actor, cause: turn.cause, reportId })
  if (!result.ok) return toastRefusal(turn, result.refusal)
  turn.toast(turn.say.plain('review.reopened', { receipt: receiptLabel(result.value.report.receiptNumber ?? 0) }))
  await showReport(turn, reportId)
}

async function tick(turn: Turn, reportId: number, paper: number): Promise<void> {
  const result = await tickPaper(taskUnit(turn.tx, turn.now), { actor: turn.actor, reportId, paper })
  if (!result.ok) return toastRefusal(turn, result.refusal)
  const found = await reportById(turn.tx, reportId)
  if (found) await showUnder(turn, found)
}

async function askWhat(turn: Turn, reportId: number): Promise<void> {
  const found = await reviewable(turn, reportId)
  if (!found) return
  turn.await({ kind: 'review-question', ...underReport(turn, reportId) })
  const buttons = [[{ label: turn.say.plain('common.back'), action: openReview(reportId) }]]
  await showUnder(turn, found, { text: turn.say('review.askWhat'), buttons })
}

async function reviewable(turn: Turn, reportId: number): Promise<Found | null> {
  const found = await reportById(turn.tx, reportId)
  if (found && may(turn.actor, 'review-report', found.task)) return found
  turn.toast(turn.say.plain('common.notFound'), true)
  return null
}

async function passQuestion(turn: Turn, under: UnderReport, question: string): Promise<void> {
  const found = await reviewable(turn, under.reportId)
  turn.forget()
  if (!found) return
  const { report, task } = found
  const gaps = {
    receipt: receiptLabel(report.receiptNumber ?? 0),
    title: shortened(task.title, 300),
    question,
    who: turn.person.fullName,
  }
  const buttons = [[{ label: turn.say.plain('review.answer'), action: answerReviewer(report.id, turn.actor.personId) }]]
  await turn.tell(
    [report.authorId],
    { text: turn.say('review.questionToAuthor', gaps), buttons },
    {
      reason: 'review-question',
      subject: { reviewQuestion: report.id, askedBy: turn.actor.personId, tasks: [task.id], view: 'review-question' },
    },
  )
  turn.send({ text: turn.say('review.questionSent', { who: found.authorName }) })
  if (!under.messageId || report.state !== 'submitted') return
  const { text, buttons: usual = [] } = await reviewScreen(turn.tx, turn.say, { ...found, queue: under.queue })
  turn.edit(under.messageId, { text, buttons: usual }, subjectOf(found, under.queue))
}

async function awaitAnswer(turn: Turn, reportId: number, askedBy: number): Promise<void> {
  const found = await reportById(turn.tx, reportId)
  if (!found || !may(turn.actor, 'report-task', found.task)) return turn.toast(turn.say.plain('common.notFound'), true)
  turn.await({ kind: 'review-answer', reviewQuestion: reportId, askedBy })
  turn.send({ text: turn.say('review.answerAsk', { receipt: receiptLabel(found.report.receiptNumber ?? 0) }) })
}

/** The school's answer to a reviewer's question: kept in the report, and brought to whoever asked. */
async function passAnswer(turn: Turn, question: z.infer<typeof Question>, answer: string): Promise<boolean> {
  const found = await reportById(turn.tx, question.reviewQuestion)
  if (!found || !may(turn.actor, 'report-task', found.task)) return false
  const reviewers = await curatorsOf(turn, found.task)
  const coordinators = await peopleWithRoles(turn.tx, turn.municipality.id, ['coordinator'])
  const asker = [...reviewers, ...coordinators].find(({ personId }) => personId === question.askedBy)
  if (!asker) return false
  const { reports } = taskUnit(turn.tx, turn.now)
  const report = await reports.lock(found.report.id)
  if (report?.state === 'submitted')
    await reports.addWords(report, { comment: answer, doneOn: null, numbers: [], links: [] }, turn.now)
  const gaps = {
    school: found.task.organizationName,
    receipt: receiptLabel(found.report.receiptNumber ?? 0),
    title: shortened(found.task.title, 300),
    answer,
    who: turn.person.fullName,
  }
  const buttons = [[{ label: turn.say.plain('review.open'), action: openReview(found.report.id) }]]
  await turn.tell(
    [asker],
    { text: turn.say('review.answerToReviewer', gaps), buttons },
    { reason: 'review-answer', subject: { tasks: [found.task.id], view: 'review' } },
  )
  turn.send({ text: turn.say('review.answered', { receipt: receiptLabel(found.report.receiptNumber ?? 0) }) })
  return true
}

async function waitingOfSchool(turn: Turn, organizationId: number) {
  if (!may(turn.actor, 'review-report', { municipalityId: turn.municipality.id, organizationId })) return []
  return waitingReports(turn.tx, turn.municipality.id, [organizationId])
}

async function confirmAcceptAll(turn: Turn, organizationId: number): Promise<void> {
  const waiting = await waitingOfSchool(turn, organizationId)
  const [school] = await organizationsOfMunicipality(turn.tx, turn.municipality.id, { ids: [organizationId] })
  if (waiting.length === 0 || !school) return turn.toast(turn.say.plain('review.notWaiting'), true)
  turn.send({
    text: turn.say('review.acceptAllAsk', { count: waiting.length, school: school.shortName }),
    buttons: [
      [
        {
          label: turn.say.plain('review.acceptAll', { count: waiting.length }),
          tone: 'good',
          action: acceptAll(organizationId),
        },
      ],
      [{ label: turn.say.plain('common.back'), action: openSchool(organizationId) }],
    ],
  })
}

async function acceptAllOf(turn: Turn, organizationId: number): Promise<void> {
  const unit = taskUnit(turn.tx, turn.now)
  const accepted: Reviewed[] = []
  for (const { report } of await waitingOfSchool(turn, organizationId)) {
    const result = await reviewReport(unit, {
      actor: turn.actor,
      cause: turn.cause,
      reportId: report.id,
      verdict: 'accepted',
    })
    if (result.ok) accepted.push(result.value)
  }
  const [school] = await organizationsOfMunicipality(turn.tx, turn.municipality.id, { ids: [organizationId] })
  if (accepted.length === 0 || !school) return turn.toast(turn.say.plain('review.notWaiting'), true)
  await tellOfAll(turn, accepted)
  turn.show({
    text: turn.say('review.acceptAllDone', { count: accepted.length, school: school.shortName }),
    buttons: [[{ label: turn.say.plain('common.back'), action: openSchool(organizationId) }]],
  })
}

/** One message for each author, however many of their reports were accepted. */
async function tellOfAll(turn: Turn, accepted: Reviewed[]): Promise<void> {
  for (const [authorId, reviewed] of Map.groupBy(accepted, ({ report }) => report.authorId)) {
    const [only] = reviewed
    if (reviewed.length === 1 && only) {
      await tellSchool(turn, only, { verdict: 'accepted' })
      continue
    }
    const lines = reviewed.map(({ task, report }) =>
      turn.say('review.toldAcceptedLine', {
        receipt: receiptLabel(report.receiptNumber ?? 0),
        title: shortened(task.title, 80),
      }),
    )
    const heading = turn.say('review.toldAcceptedAll', { count: reviewed.length })
    const who = turn.say('review.toldBy', { who: turn.person.fullName })
    await turn.tell([authorId], { text: [heading, '', ...lines, '', who].join('\n') }, { reason: 'reviewed' })
  }
}
