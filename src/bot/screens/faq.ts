import { type Proposal, personalDataOf } from '../../council/proposal.ts'
import { topics } from '../../council/topics.ts'
import type { DeskEntry } from '../../db/faq-desk.ts'
import type { QuestionRow } from '../../db/questions.ts'
import type { Button, Screen } from '../../delivery/screen.ts'
import type { Instant } from '../../kernel/clock.ts'
import {
  answerAlike,
  askFaqFile,
  askField,
  citeExperience,
  confirmEntry,
  declineProposal,
  editEntry,
  exportFaq,
  keepEntryAsIs,
  openEntry,
  openFaq,
  openFaqTopic,
  openProposal,
  openProposals,
  openSynonyms,
  openVersions,
  publishDespite,
  publishProposal,
  restoreEntry,
  reviewInMonths,
  submitProposal,
  withdrawEntry,
} from '../buttons-council.ts'
import { type Say, shortened } from '../words.ts'
import { entryText, inRows, topicWords } from './council.ts'
import { pageOf, pagingRow, rows } from './pages.ts'

/** What a person may do with the FAQ: only read it, propose changes, or decide. */
export type FaqReader = 'reader' | 'expert' | 'coordinator'

/** The topics of the FAQ with how many answers each has; topics of the municipality's own files last. */
export function faqScreen(say: Say, counts: ReadonlyMap<string, number>, reader: FaqReader, waiting: number): Screen {
  const known = topics.map(({ code }) => code as string)
  const own = [...counts.keys()].filter((topic) => !known.includes(topic)).length > 0 ? ['other'] : []
  const countOf = (topic: string) =>
    topic === 'other'
      ? [...counts].filter(([code]) => !known.includes(code)).reduce((sum, [, count]) => sum + count, 0)
      : (counts.get(topic) ?? 0)
  return {
    text: say('council.base.title'),
    buttons: rows(
      ...[...known, ...own].map((topic) => [
        {
          label: say.plain('council.base.topicButton', {
            topic: topic === 'other' ? say.plain('council.topic.other') : topicWords(say, topic),
            count: countOf(topic),
          }),
          action: openFaqTopic(topic, 0),
        },
      ]),
      reader === 'coordinator' && waiting > 0
        ? [{ label: `${say.plain('council.desk.proposalsButton')} (${waiting})`, action: openProposals() }]
        : [],
      reader === 'coordinator' ? [{ label: say.plain('council.synonyms.button'), action: openSynonyms(0) }] : [],
      reader === 'coordinator'
        ? [
            { label: say.plain('council.base.export'), action: exportFaq() },
            { label: say.plain('council.file.button'), action: askFaqFile() },
          ]
        : [],
    ),
  }
}

const ENTRY_MARKS = { typical: '', confirmed: '✅ ', withdrawn: '🚫 ' } as const

/** The answers of a topic, a page of them. */
export function faqTopicScreen(say: Say, topic: string, all: readonly DeskEntry[], wanted: number): Screen {
  const back: Button[] = [{ label: say.plain('common.back'), action: openFaq() }]
  if (all.length === 0) return { text: say('council.base.topicEmpty'), buttons: [back] }
  const { shown, page, pages } = pageOf(all, wanted)
  const lines = shown.map((entry, index) =>
    say('council.base.line', {
      position: index + 1,
      mark: ENTRY_MARKS[entry.standing],
      question: shortened(entry.question, 200),
    }),
  )
  const heading = topic === 'other' ? say.plain('council.topic.other') : topicWords(say, topic)
  return {
    text: say('council.base.topicTitle', { topic: heading, lines: lines.join('\n') }),
    buttons: rows(
      ...inRows(shown.map((entry, index) => ({ label: String(index + 1), action: openEntry(entry.id) }))),
      pagingRow(say, { page, pages }, (to) => openFaqTopic(topic, to)),
      back,
    ),
  }
}

/** An entry, with what the person may do with it. */
export function entryScreen(say: Say, entry: DeskEntry, reader: FaqReader): Screen {
  const counts = say('council.entryCounts', {
    shown: entry.shown,
    helped: entry.helped,
    notIt: entry.notIt,
    version: entry.version,
  })
  return {
    text: reader === 'reader' ? entryText(say, entry) : `${entryText(say, entry)}\n\n${counts}`,
    buttons: rows(...entryButtons(say, entry, reader), [
      { label: say.plain('common.back'), action: openFaqTopic(knownTopic(entry.topic), 0) },
    ]),
  }
}

function knownTopic(topic: string): string {
  return topics.some(({ code }) => code === topic) ? topic : 'other'
}

function entryButtons(say: Say, entry: DeskEntry, reader: FaqReader): Button[][] {
  if (reader === 'reader') return []
  const edit: Button = { label: say.plain('council.base.edit'), action: editEntry(entry.id) }
  const versions: Button[] =
    entry.version > 1 ? [{ label: say.plain('council.base.versions'), action: openVersions(entry.id) }] : []
  if (reader === 'expert') return [[edit, ...versions]]
  if (entry.standing === 'withdrawn')
    return [[{ label: say.plain('council.base.restore'), action: restoreEntry(entry.id) }], versions]
  return [
    entry.standing === 'typical'
      ? [{ label: say.plain('council.base.confirm'), tone: 'good', action: confirmEntry(entry.id) }]
      : [],
    [edit, { label: say.plain('council.base.withdraw'), action: withdrawEntry(entry.id) }],
    versions,
  ]
}

/** What an entry said before. */
export function versionsScreen(
  say: Say,
  entryId: number,
  versions: readonly { version: number; question: string; answer: string; at: Instant }[],
): Screen {
  const lines = versions.map((one) =>
    say('council.base.versionLine', {
      version: one.version,
      when: say.moment(one.at),
      question: shortened(one.question, 200),
      answer: shortened(one.answer, 600),
    }),
  )
  return {
    text:
      lines.length > 0
        ? say('council.base.versionsTitle', { lines: lines.join('\n\n') })
        : say('council.base.versionsNone'),
    buttons: [[{ label: say.plain('common.back'), action: openEntry(entryId) }]],
  }
}

/** An entry whose review date has come, for who answers for it. */
export function reviewScreen(say: Say, entry: DeskEntry): Screen {
  return {
    text: say('council.base.reviewAsked', {
      question: entry.question,
      answer: shortened(entry.answer, 2500),
      source: entry.source || say.plain('council.proposal.none'),
    }),
    buttons: [
      [
        { label: say.plain('council.base.stillRight'), tone: 'good', action: keepEntryAsIs(entry.id) },
        { label: say.plain('council.base.edit'), action: editEntry(entry.id) },
      ],
      [{ label: say.plain('council.base.open'), action: openEntry(entry.id) }],
    ],
  }
}

/** A text on its way into the FAQ. `decides`: the coordinator's buttons; `by`: who proposes it, where it is somebody else. */
export function proposalScreen(
  say: Say,
  proposal: Proposal,
  given: { decides: boolean; by: string | null; despite?: boolean },
): Screen {
  const found = personalDataOf(proposal)
  const warning = found.map((datum) =>
    say('council.proposal.warningLine', {
      kind: say.plain(`council.proposal.datum.${datum.kind}`),
      found: datum.found,
    }),
  )
  return {
    text: say('council.proposal.card', {
      title: say.plain(proposal.entryId === null ? 'council.proposal.titleNew' : 'council.proposal.titleChange'),
      question: shortened(proposal.question, 600),
      answer: proposal.answer.slice(0, 2400),
      topic: topicWords(say, proposal.topic),
      source: proposal.source || say.plain('council.proposal.none'),
      review: proposal.reviewOn ? say.day(proposal.reviewOn) : say.plain('council.proposal.noReview'),
      by: given.by ? say('council.proposal.by', { who: given.by }) : '',
      warning: warning.length > 0 ? say('council.proposal.warning', { found: warning.join('\n') }) : '',
    }),
    buttons: proposalButtons(say, proposal, given.decides, given.despite ?? false),
  }
}

function proposalButtons(say: Say, { id, version }: Proposal, decides: boolean, despite: boolean): Button[][] {
  const field = (word: 'question' | 'answer' | 'source' | 'review' | 'topic', label: string): Button => ({
    label,
    action: askField(id, word),
  })
  const publish: Button = despite
    ? { label: say.plain('council.proposal.publishDespite'), tone: 'bad', action: publishDespite(id, version) }
    : { label: say.plain('council.proposal.publish'), tone: 'good', action: publishProposal(id, version) }
  return [
    decides ? [publish] : [{ label: say.plain('council.proposal.submit'), tone: 'good', action: submitProposal(id) }],
    [
      field('question', say.plain('council.proposal.editQuestion')),
      field('answer', say.plain('council.proposal.editAnswer')),
    ],
    [
      field('source', say.plain('council.proposal.editSource')),
      field('review', say.plain('council.proposal.editReview')),
    ],
    [
      field('topic', say.plain('council.proposal.editTopic')),
      { label: say.plain('council.proposal.decline'), action: declineProposal(id) },
    ],
  ]
}

/** Asks for one field of a proposal, with what is often chosen on buttons. */
export function fieldScreen(
  say: Say,
  proposal: Proposal,
  field: 'question' | 'answer' | 'source' | 'review' | 'topic',
): Screen {
  const back: Button[] = [{ label: say.plain('common.back'), action: openProposal(proposal.id) }]
  switch (field) {
    case 'question':
      return { text: say('council.proposal.askQuestion'), buttons: [back] }
    case 'answer':
      return { text: say('council.proposal.askAnswer'), buttons: [back] }
    case 'source':
      return {
        text: say('council.proposal.askSource'),
        buttons: [[{ label: say.plain('council.proposal.citeExperience'), action: citeExperience(proposal.id) }], back],
      }
    case 'topic':
      return {
        text: say('council.chooseTopic'),
        buttons: [
          ...topics.map(({ code }) => [{ label: topicWords(say, code), action: askField(proposal.id, `t-${code}`) }]),
          back,
        ],
      }
    case 'review':
      return {
        text: say('council.proposal.askReview'),
        buttons: [
          [{ label: say.plain('council.proposal.reviewHalfYear'), action: reviewInMonths(proposal.id, '6') }],
          [{ label: say.plain('council.proposal.reviewYear'), action: reviewInMonths(proposal.id, '12') }],
          [{ label: say.plain('council.proposal.reviewTwoYears'), action: reviewInMonths(proposal.id, '24') }],
          back,
        ],
      }
  }
}

/** What was published, with the open questions that it answers, too. */
export function publishedScreen(say: Say, entryId: number, alike: readonly QuestionRow[]): Screen {
  const lines = alike
    .slice(0, 10)
    .map((question) =>
      say('council.proposal.alikeLine', { number: question.number ?? '', words: shortened(question.words, 120) }),
    )
  const more = alike.length > 0 ? say('council.proposal.alike', { count: alike.length, lines: lines.join('\n') }) : ''
  return {
    text: say('council.proposal.published') + more,
    buttons: rows(
      alike.length > 0
        ? [
            {
              label: say.plain('council.proposal.answerAlike', { count: alike.length }),
              tone: 'main',
              action: answerAlike(entryId),
            },
          ]
        : [],
    ),
  }
}

/** What waits for the coordinator's decision. */
export function proposalsScreen(say: Say, all: readonly Proposal[]): Screen {
  if (all.length === 0) return { text: say('council.proposal.waitingNone') }
  const shown = all.slice(0, 12)
  const lines = shown.map((proposal, index) =>
    say('council.proposal.waitingLine', { position: index + 1, question: shortened(proposal.question, 160) }),
  )
  return {
    text: say('council.proposal.waiting', { lines: lines.join('\n') }),
    buttons: inRows(shown.map((proposal, index) => ({ label: String(index + 1), action: openProposal(proposal.id) }))),
  }
}
