import { z } from 'zod'
import { holds, may, organizationsOf } from '../../access/rights.ts'
import { organizationsOfMunicipality } from '../../db/people.ts'
import { reportById, waitingReports } from '../../db/reviews.ts'
import { taskUnit } from '../../db/tasks.ts'
import { receiptLabel } from '../../tasks/report.ts'
import { type Reviewed, reopenReview, reviewReport, tickPaper, type Verdict } from '../../tasks/review-report.ts'
import {
  acceptAll,
  acceptReport,
  addFiles,
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
import { toastRefusal } from './task-words.ts'

const REASONS = {
  unreadable: 'review.reason.unreadable',
  wrong: 'review.reason.wrong',
  unsigned: 'review.reason.unsigned',
  incomplete: 'review.reason.incomplete',
  'no-result': 'review.reason.noResult',
} as const satisfies Record<string, WordKey>

const Returning = z.object({ kind: z.literal('return-reason'), reportId: z.number().int() })

const Asking = z.object({ kind: z.literal('review-question'), reportId: z.number().int() })
const Question = z.object({ reviewQuestion: z.number().int(), askedBy: z.number().int() })

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
    on(askAcceptAll, confirmAcceptAll),
    on(acceptAll, acceptAllOf),
  ],
  dialogs: [
    waitingFor('return-reason', Returning, async (turn, { reportId }) => {
      if (turn.incoming.kind !== 'text') return false
      await decideOn(turn, reportId as number, { verdict: 'returned', reason: shortened(turn.incoming.text, 500) })
      return true
    }),
    waitingFor('review-question', Asking, async (turn, { reportId }) => {
      if (turn.incoming.kind !== 'text') return false
      await passQuestion(turn, reportId as number, shortened(turn.incoming.text, 1500))
      return true
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

async function tick(turn: Turn, reportId: number, paper: number): Promise<void> {
  const result = await tickPaper(taskUnit(turn.tx, turn.now), { actor: turn.actor, reportId, paper })
  if (!result.ok) return toastRefusal(turn, result.refusal)
  const found = await reportById(turn.tx, reportId)
  if (!found) return
  const { text, buttons = [] } = await reviewScreen(turn.tx, turn.say, { ...found, queue: true })
  turn.show({ text, buttons }, { report: reportId, tasks: [found.task.id], view: 'review' })
}

async function askWhat(turn: Turn, reportId: number): Promise<void> {
  const found = await reviewable(turn, reportId)
  if (!found) return
  turn.await({ kind: 'review-question', reportId })
  turn.send({
    text: turn.say('review.askWhat', { school: found.task.organizationName, title: shortened(found.task.title, 200) }),
    buttons: [[{ label: turn.say.plain('common.back'), action: openReview(reportId) }]],
  })
}

async function reviewable(turn: Turn, reportId: number) {
  const found = await reportById(turn.tx, reportId)
  if (found && may(turn.actor, 'review-report', found.task)) return found
  turn.toast(turn.say.plain('common.notFound'), true)
  return null
}

async function passQuestion(turn: Turn, reportId: number, question: string): Promise<void> {
  const found = await reviewable(turn, reportId)
  turn.forget()
  if (!found) return
  const gaps = {
    receipt: receiptLabel(found.report.receiptNumber ?? 0),
    title: shortened(found.task.title, 300),
    question,
    who: turn.person.fullName,
  }
  await turn.tell(
    [found.report.authorId],
    { text: turn.say('review.questionToAuthor', gaps) },
    {
      reason: 'review-question',
      subject: { reviewQuestion: reportId, askedBy: turn.actor.personId, about: found.task.id },
    },
  )
  turn.send({
    text: turn.say('review.questionSent', { who: found.authorName }),
    buttons: [[{ label: turn.say.plain('common.back'), action: openReview(reportId) }]],
  })
}

/** The school's answer to a reviewer's question: kept in the report, and brought to whoever asked. */
async function passAnswer(turn: Turn, question: z.infer<typeof Question>, answer: string): Promise<boolean> {
  const found = await reportById(turn.tx, question.reviewQuestion)
  if (!found || !may(turn.actor, 'report-task', found.task)) return false
  const unit = taskUnit(turn.tx, turn.now)
  await unit.reports.addWords(found.report, { comment: answer, doneOn: null, numbers: [], links: [] }, turn.now)
  const gaps = {
    school: found.task.organizationName,
    receipt: receiptLabel(found.report.receiptNumber ?? 0),
    title: shortened(found.task.title, 300),
    answer,
    who: turn.person.fullName,
  }
  const buttons = [[{ label: turn.say.plain('menu.review'), action: openReview(found.report.id) }]]
  await turn.tell(
    [question.askedBy],
    { text: turn.say('review.answerToReviewer', gaps), buttons },
    { reason: 'review-answer', subject: { tasks: [found.task.id] } },
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
  const waiting = await waitingOfSchool(turn, organizationId)
  const unit = taskUnit(turn.tx, turn.now)
  let accepted = 0
  for (const { report } of waiting) {
    const result = await reviewReport(unit, {
      actor: turn.actor,
      cause: turn.cause,
      reportId: report.id,
      verdict: 'accepted',
    })
    if (!result.ok) continue
    accepted += 1
    await tellAuthor(turn, result.value, { verdict: 'accepted' })
  }
  const [school] = await organizationsOfMunicipality(turn.tx, turn.municipality.id, { ids: [organizationId] })
  if (accepted === 0 || !school) return turn.toast(turn.say.plain('review.notWaiting'), true)
  turn.show({
    text: turn.say('review.acceptAllDone', { count: accepted, school: school.shortName }),
    buttons: [[{ label: turn.say.plain('common.back'), action: openSchool(organizationId) }]],
  })
}
