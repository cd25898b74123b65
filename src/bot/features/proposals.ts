import { z } from 'zod'
import { readTypedDay } from '../../calendar/days-typed.ts'
import { decidePublishing, type Proposal, type PublishRefusal } from '../../council/proposal.ts'
import { similarQuestions } from '../../council/similar.ts'
import { topics } from '../../council/topics.ts'
import {
  changeProposal,
  entriesByIds,
  keepEntry,
  keeperOf,
  keepKeeper,
  lockProposal,
  makeProposal,
  openDraftOf,
  openProposalOf,
  searchFaq,
  waitingProposals,
} from '../../db/faq-desk.ts'
import { peopleWithRoles, recipientsByIds } from '../../db/people.ts'
import { stemsBeside } from '../../db/question-findings.ts'
import { answersOf } from '../../db/question-talk.ts'
import { openQuestions, type QuestionRow, questionById } from '../../db/questions.ts'
import { type PlainDate, Temporal } from '../../kernel/clock.ts'
import {
  answerAlike,
  askField,
  citeExperience,
  declineProposal,
  editEntry,
  openProposal,
  openProposals,
  proposeAnswer,
  publishDespite,
  publishProposal,
  reviewInMonths,
  submitProposal,
} from '../buttons-council.ts'
import { fieldScreen, proposalScreen, proposalsScreen, publishedScreen } from '../screens/faq.ts'
import { type Feature, on, type Turn, waitingFor } from '../turn.ts'
import type { WordKey } from '../words.ts'
import { answerWith } from './answering.ts'
import { allowed, sayNo } from './coordinating.ts'
import { entryFor, here, REVIEW_MONTHS, readerOf } from './faq.ts'
import { change } from './question-own.ts'

const FIELDS = ['question', 'answer', 'source', 'review'] as const
const Writing = z.object({ kind: z.literal('proposal'), proposalId: z.number().int(), field: z.enum(FIELDS) })
const LONGEST = { question: 1000, answer: 8000, source: 1500, review: 100 } as const

/** A text on its way into the FAQ: proposed by an expert, made fit for everybody, published by the coordinator. */
export const proposals: Feature = {
  taps: [
    on(editEntry, proposeChange),
    on(proposeAnswer, propose),
    on(openProposal, async (turn, proposalId) => {
      const proposal = await proposalFor(turn, proposalId)
      if (proposal) await showProposal(turn, proposal)
    }),
    on(openProposals, async (turn) => {
      if (!allowed(turn, 'manage-faq')) return
      turn.show(proposalsScreen(turn.say, await waitingProposals(turn.tx, turn.municipality.id)))
    }),
    on(askField, askFor),
    on(citeExperience, (turn, proposalId) =>
      rewrite(turn, proposalId, { source: turn.say.plain('council.proposal.experience') }),
    ),
    on(reviewInMonths, async (turn, proposalId, months) => {
      const count = ['6', '12', '24'].includes(months) ? Number(months) : REVIEW_MONTHS
      await rewrite(turn, proposalId, { reviewOn: turn.calendar.nextWorking(turn.today.add({ months: count })) })
    }),
    on(submitProposal, submit),
    on(publishProposal, (turn, proposalId, version) => publish(turn, proposalId, version, false)),
    on(publishDespite, (turn, proposalId, version) => publish(turn, proposalId, version, true)),
    on(declineProposal, decline),
    on(answerAlike, answerAllAlike),
  ],
  dialogs: [waitingFor('proposal', Writing, written)],
}

/** Proposes the answer to a question for the FAQ: its words as they are, to be made fit for everybody. */
async function propose(turn: Turn, questionId: number): Promise<void> {
  if (!allowed(turn, 'answer-questions')) return
  const question = await questionById(turn.tx, questionId)
  if (!question || question.askerId === turn.actor.personId) return sayNo(turn, 'common.notFound')
  const present = await openProposalOf(turn.tx, questionId)
  if (present) return showProposal(turn, present)
  const said = (await answersOf(turn.tx, questionId)).filter(({ kind, words }) => kind === 'answer' && words !== '')
  if (said.length === 0) return sayNo(turn, 'council.proposal.noAnswer')
  const proposal = await makeProposal(turn.tx, {
    ...here(turn),
    questionId,
    topic: question.topic,
    question: question.words.slice(0, LONGEST.question),
    answer: said.map(({ words }) => words).join('\n\n'),
    reviewOn: turn.calendar.nextWorking(turn.today.add({ months: REVIEW_MONTHS })),
    proposedById: turn.actor.personId,
    createdAt: turn.now,
  })
  await showProposal(turn, proposal, true)
}

/** Proposes another version of an entry. */
async function proposeChange(turn: Turn, entryId: number): Promise<void> {
  const entry = await entryFor(turn, entryId, 'answer-questions')
  if (!entry) return
  const present = await openDraftOf(turn.tx, { entryId, personId: turn.actor.personId })
  if (present) return showProposal(turn, present)
  const proposal = await makeProposal(turn.tx, {
    ...here(turn),
    entryId,
    topic: entry.topic,
    question: entry.question,
    answer: entry.answer,
    source: entry.source,
    reviewOn: turn.calendar.nextWorking(turn.today.add({ months: REVIEW_MONTHS })),
    proposedById: turn.actor.personId,
    createdAt: turn.now,
  })
  await showProposal(turn, proposal)
}

/** The undecided proposal, if it is the person's own or theirs to decide, locked; says so and gives null if not. */
async function proposalFor(turn: Turn, proposalId: number): Promise<Proposal | null> {
  if (!allowed(turn, 'answer-questions')) return null
  const proposal = await lockProposal(turn.tx, proposalId)
  const own = proposal?.proposedById === turn.actor.personId && proposal.state === 'draft'
  if (!proposal || (!own && readerOf(turn) !== 'coordinator')) {
    sayNo(turn, proposal ? 'common.notYours' : 'common.notFound')
    return null
  }
  if (proposal.state === 'draft' || proposal.state === 'proposed') return proposal
  sayNo(turn, 'council.proposal.decided')
  return null
}

async function showProposal(turn: Turn, proposal: Proposal, below = false, despite = false): Promise<void> {
  const decides = readerOf(turn) === 'coordinator'
  const others = proposal.proposedById !== turn.actor.personId
  const [author] = others ? await recipientsByIds(turn.tx, [proposal.proposedById]) : []
  const screen = proposalScreen(turn.say, proposal, { decides, by: author?.fullName ?? null, despite })
  if (below) turn.send(screen)
  else turn.show(screen)
}

async function askFor(turn: Turn, proposalId: number, word: string): Promise<void> {
  const proposal = await proposalFor(turn, proposalId)
  if (!proposal) return
  const topic = topics.find(({ code }) => word === `t-${code}`)
  if (topic) return rewrite(turn, proposalId, { topic: topic.code })
  if (word === 'topic') return turn.show(fieldScreen(turn.say, proposal, 'topic'))
  const field = FIELDS.find((candidate) => candidate === word)
  if (!field) return sayNo(turn, 'common.notFound')
  turn.await({ kind: 'proposal', proposalId, field })
  turn.send(fieldScreen(turn.say, proposal, field))
}

async function written(turn: Turn, { proposalId, field }: z.infer<typeof Writing>): Promise<boolean> {
  const { incoming } = turn
  if (incoming.kind !== 'text' || incoming.edited || incoming.replyTo !== null) return false
  const words = incoming.text.trim().slice(0, LONGEST[field])
  if (field !== 'review') {
    await rewrite(turn, proposalId, { [field]: words })
    return true
  }
  const day = readTypedDay(words, turn.today)
  if (!day) sayNo(turn, 'council.proposal.reviewNotUnderstood')
  else if (Temporal.PlainDate.compare(day, turn.today) <= 0) sayNo(turn, 'council.proposal.reviewPast')
  else await rewrite(turn, proposalId, { reviewOn: day })
  return true
}

async function rewrite(
  turn: Turn,
  proposalId: number,
  patch: { question?: string; answer?: string; source?: string; topic?: string; reviewOn?: PlainDate },
): Promise<void> {
  const proposal = await proposalFor(turn, proposalId)
  if (!proposal) return
  turn.forget()
  await showProposal(turn, await changeProposal(turn.tx, proposalId, patch))
}

async function submit(turn: Turn, proposalId: number): Promise<void> {
  const proposal = await proposalFor(turn, proposalId)
  if (!proposal) return
  if (proposal.state === 'proposed') return sayNo(turn, 'council.refusal.already')
  const submitted = await changeProposal(turn.tx, proposalId, { state: 'proposed' })
  turn.forget()
  turn.show({ text: turn.say('council.proposal.submitted') })
  const coordinators = await peopleWithRoles(turn.tx, turn.municipality.id, ['coordinator'])
  await turn.tell(
    coordinators.map(({ personId }) => personId),
    proposalScreen(turn.say, submitted, { decides: true, by: turn.person.fullName }),
    { reason: 'faq-proposed', onceKey: `faq-proposed:${proposalId}` },
  )
}

const REFUSALS = {
  decided: 'council.proposal.decided',
  'moved-on': 'council.proposal.movedOn',
  'no-source': 'council.proposal.needsSource',
  'no-review-date': 'council.proposal.needsReview',
} as const satisfies Record<Exclude<PublishRefusal['code'], 'personal-data'>, WordKey>

async function publish(turn: Turn, proposalId: number, version: number, despite: boolean): Promise<void> {
  if (!allowed(turn, 'manage-faq')) return
  const proposal = await proposalFor(turn, proposalId)
  if (!proposal) return
  const decision = decidePublishing(proposal, { version, despite })
  if (!decision.ok) {
    const { refusal } = decision
    if (refusal.code === 'personal-data') return showProposal(turn, proposal, false, true)
    sayNo(turn, REFUSALS[refusal.code])
    return refusal.code === 'moved-on' ? showProposal(turn, proposal) : undefined
  }
  const { topic, question, answer, keywords, source, reviewOn } = proposal
  const entryId = await keepEntry(turn.tx, {
    ...here(turn),
    entryId: proposal.entryId,
    code: `council-${proposal.id}`,
    change: {
      topic,
      question,
      answer,
      source,
      reviewOn,
      standing: 'confirmed',
      ...(proposal.entryId === null ? { keywords } : {}),
    },
    now: turn.now,
  })
  await changeProposal(turn.tx, proposalId, {
    state: 'approved',
    entryId,
    decidedById: turn.actor.personId,
    decidedAt: turn.now,
  })
  if ((await keeperOf(turn.tx, turn.municipality.id, entryId)) === null)
    await keepKeeper(turn.tx, { ...here(turn), entryId, personId: proposal.proposedById })
  turn.forget()
  turn.show(publishedScreen(turn.say, entryId, await alikeOf(turn, entryId)))
  if (proposal.proposedById === turn.actor.personId) return
  await turn.tell(
    [proposal.proposedById],
    { text: turn.say('council.proposal.publishedTold', { question }) },
    { reason: 'faq-published', onceKey: `faq-published:${proposalId}` },
  )
}

async function decline(turn: Turn, proposalId: number): Promise<void> {
  const proposal = await proposalFor(turn, proposalId)
  if (!proposal) return
  await changeProposal(turn.tx, proposalId, {
    state: 'declined',
    decidedById: turn.actor.personId,
    decidedAt: turn.now,
  })
  turn.forget()
  turn.show({ text: turn.say('council.proposal.declined') })
  if (proposal.proposedById === turn.actor.personId) return
  await turn.tell(
    [proposal.proposedById],
    { text: turn.say('council.proposal.declinedTold', { question: proposal.question }) },
    { reason: 'faq-declined', onceKey: `faq-declined:${proposalId}` },
  )
}

/** The open questions that an entry answers: those alike to its own question, and those for which the search would show it first. */
async function alikeOf(turn: Turn, entryId: number): Promise<QuestionRow[]> {
  const [entry] = await entriesByIds(turn.tx, turn.municipality.id, [entryId])
  if (!entry || entry.standing === 'withdrawn') return []
  const { asked, open } = await stemsBeside(turn.tx, { ...here(turn), words: entry.question })
  const alike = new Set(similarQuestions(asked, open))
  const all = (await openQuestions(turn.tx, turn.municipality.id, { notOf: turn.actor.personId })).slice(0, 50)
  const answered: QuestionRow[] = []
  for (const question of all)
    if (alike.has(question.id) || (await isFirst(turn, question.words, entryId))) answered.push(question)
  return answered
}

async function isFirst(turn: Turn, words: string, entryId: number): Promise<boolean> {
  const { answers, confident } = await searchFaq(turn.tx, turn.municipality.id, words)
  return confident && answers[0]?.entryId === entryId
}

async function answerAllAlike(turn: Turn, entryId: number): Promise<void> {
  const entry = await entryFor(turn, entryId, 'manage-faq')
  if (!entry) return
  let answered = 0
  for (const question of await alikeOf(turn, entryId)) {
    if (!(await answerWith(turn, question, entry))) continue
    await change(turn, question.id, { do: 'close' })
    answered += 1
  }
  if (answered === 0) return sayNo(turn, 'council.proposal.alikeNone')
  turn.show({ text: turn.say('council.proposal.answeredAlike', { count: answered }) })
}
