import { withoutPersonalData } from '../../council/personal-data.ts'
import { type Question, questionLabel } from '../../council/question.ts'
import { topics } from '../../council/topics.ts'
import type { DeskEntry } from '../../db/faq-desk.ts'
import type { QuestionRow } from '../../db/questions.ts'
import type { Button, Screen } from '../../delivery/screen.ts'
import {
  addToQuestion,
  askAnyway,
  askTogether,
  askTopic,
  chooseTopic,
  closeQuestion,
  discardDraft,
  openFaq,
  openFound,
  openFoundEntry,
  openMyQuestion,
  openMyQuestions,
  prepareAsking,
  sayHelped,
  sayNotIt,
  sendQuestion,
  startAsking,
  toggleWithheld,
} from '../buttons-council.ts'
import { firstPiece } from '../pieces.ts'
import { type Say, shortened, type WordKey } from '../words.ts'
import { pageOf, pagingRow, rows } from './pages.ts'

const TOPIC_WORDS = {
  programme: 'council.topic.programme',
  documents: 'council.topic.documents',
  quality: 'council.topic.quality',
  support: 'council.topic.support',
  collegial: 'council.topic.collegial',
  image: 'council.topic.image',
} as const satisfies Record<(typeof topics)[number]['code'], WordKey>

/** What of a question stands on its card: characters. The council gets the rest as a message of its own. */
export const CARD_WORDS = 2500

/** A topic as people read it; a topic of a municipality's own file as it stands there. */
export function topicWords(say: Say, topic: string): string {
  const known = topics.find(({ code }) => code === topic)
  return known ? say.plain(TOPIC_WORDS[known.code]) : topic || say.plain('council.topic.other')
}

/** «Спросить совет»: what to write, and where one's questions and the FAQ are. */
export function startScreen(say: Say): Screen {
  return {
    text: say('council.start'),
    buttons: [
      [
        { label: say.plain('council.myQuestions'), action: openMyQuestions(0) },
        { label: say.plain('council.faq'), action: openFaq() },
      ],
    ],
  }
}

/** The best answers with a line each; without any, what was not found and where to ask. */
export function foundScreen(say: Say, questionId: number, entries: readonly DeskEntry[], left: boolean): Screen {
  const ask: Button[] = [{ label: say.plain('council.askCouncil'), action: prepareAsking(questionId) }]
  if (entries.length === 0)
    return {
      text: say(left ? 'council.noneLeft' : 'council.notFound'),
      buttons: [
        [{ ...ask[0]!, tone: 'main' }],
        [{ label: say.plain('council.discard'), action: discardDraft(questionId) }],
      ],
    }
  return {
    text: say('council.found', { entries: entryLines(say, entries) }),
    buttons: [
      entries.map((entry, index) => ({ label: String(index + 1), action: openFoundEntry(questionId, entry.id) })),
      ask,
    ],
  }
}

export function entryLines(say: Say, entries: readonly DeskEntry[]): string {
  return entries
    .map((entry, index) =>
      say('council.foundEntry', {
        position: index + 1,
        question: shortened(entry.question, 200),
        line: shortened(entry.answer, 160),
      }),
    )
    .join('\n\n')
}

/** A whole answer with where it comes from. */
export function entryText(say: Say, entry: DeskEntry): string {
  const standing = {
    typical: 'council.entryTypical',
    confirmed: 'council.entryConfirmed',
    withdrawn: 'council.entryWithdrawn',
  } as const
  const footer = [
    entry.source && say('council.entrySource', { source: entry.source }),
    entry.reviewOn && say('council.entryReview', { day: say.day(entry.reviewOn) }),
    say(standing[entry.standing]),
  ]
  return say('council.entry', {
    question: entry.question,
    answer: firstPiece(entry.answer),
    footer: footer.filter(Boolean).join('\n'),
  })
}

/** One of the answers found for a question. */
export function foundEntryScreen(say: Say, questionId: number, entry: DeskEntry): Screen {
  return {
    text: entryText(say, entry),
    buttons: [
      [
        { label: say.plain('council.helped'), tone: 'good', action: sayHelped(questionId, entry.id) },
        { label: say.plain('council.notIt'), action: sayNotIt(questionId, entry.id) },
      ],
      [
        { label: say.plain('council.backToFound'), action: openFound(questionId) },
        { label: say.plain('council.askCouncil'), action: prepareAsking(questionId) },
      ],
    ],
  }
}

/** A question of somebody else that asks the same. `words` are without personal data already. */
export function similarScreen(say: Say, questionId: number, similarId: number, words: string): Screen {
  return {
    text: say('council.similar', { words: shortened(words, 600) }),
    buttons: [
      [{ label: say.plain('council.askTogether'), tone: 'main', action: askTogether(questionId, similarId) }],
      [{ label: say.plain('council.askAnyway'), action: askAnyway(questionId) }],
    ],
  }
}

/** The question as it will be sent. */
export function draftScreen(say: Say, question: QuestionRow, files: number): Screen {
  return {
    text: say('council.draft', {
      words: firstPiece(question.words, CARD_WORDS),
      files: files > 0 ? say('council.draftFiles', { files: say('common.files', { count: files }) }) : '',
      topic: topicWords(say, question.topic),
      from: fromWords(say, question, 'council.fromWithheld'),
      note: question.withheld ? say('council.withheldNote') : '',
    }),
    buttons: [
      [{ label: say.plain('council.send'), tone: 'good', action: sendQuestion(question.id) }],
      [
        { label: say.plain('council.changeTopic'), action: askTopic(question.id) },
        {
          label: say.plain(question.withheld ? 'council.nameAgain' : 'council.withhold'),
          action: toggleWithheld(question.id),
        },
      ],
      [{ label: say.plain('council.discard'), action: discardDraft(question.id) }],
    ],
  }
}

/** Who asks, as far as the council may know: the only place that turns a question's asker into words for others. */
export function fromWords(say: Say, question: QuestionRow, withheld: WordKey): string {
  if (question.withheld) return say.plain(withheld)
  return question.schoolName
    ? say.plain('council.fromNamed', { school: question.schoolName, name: question.askerName })
    : say.plain('council.fromPerson', { name: question.askerName })
}

/** The topics to choose from for a question. */
export function topicScreen(say: Say, questionId: number, back: string): Screen {
  return {
    text: say('council.chooseTopic'),
    buttons: [
      ...topics.map(({ code }) => [{ label: topicWords(say, code), action: chooseTopic(questionId, code) }]),
      [{ label: say.plain('common.back'), action: back }],
    ],
  }
}

const OWN_STATE = {
  draft: 'council.own.asked',
  asked: 'council.own.asked',
  taken: 'council.own.taken',
  'asked-back': 'council.own.askedBack',
  answered: 'council.own.answered',
  closed: 'council.own.closed',
} as const satisfies Record<Question['state'], WordKey>

/** A question as its asker sees it, kept up to date in place. `follows`: they ask it together with its asker. */
export function ownScreen(say: Say, question: QuestionRow, follows: boolean): Screen {
  return {
    text: say('council.own.card', {
      number: questionLabel(question),
      words: firstPiece(follows ? withoutPersonalData(question.words) : question.words, CARD_WORDS),
      together: follows ? say('council.own.together') : '',
      state: say(OWN_STATE[question.state], {
        who: question.takerName ?? '',
        expected: question.expectedAt ? say.moment(question.expectedAt) : '',
      }),
    }),
    buttons: ownButtons(say, question, follows),
  }
}

function ownButtons(say: Say, question: QuestionRow, follows: boolean): Button[][] {
  const answered = question.state === 'answered' || question.state === 'closed'
  const add: Button = {
    label: say.plain(answered ? 'council.own.askMore' : 'council.own.add'),
    action: addToQuestion(question.id),
  }
  if (follows || question.state === 'closed') return [[add]]
  const close: Button = {
    label: say.plain(question.state === 'answered' ? 'council.own.helpedClose' : 'council.own.notNeeded'),
    action: closeQuestion(question.id),
  }
  return [[add, close]]
}

/** Under what an expert asks back. */
export function underAskedBack(say: Say, questionId: number): Button[][] {
  return [[{ label: say.plain('council.own.answerBack'), tone: 'main', action: addToQuestion(questionId) }]]
}

/** Under an answer: enough, or more to ask. */
export function underAnswer(say: Say, question: Question, follows: boolean): Button[][] {
  const more: Button = { label: say.plain('council.own.askMore'), action: addToQuestion(question.id) }
  if (follows) return [[more]]
  return [[{ label: say.plain('council.own.helpedClose'), tone: 'good', action: closeQuestion(question.id) }, more]]
}

export const MARKS: Record<Question['state'], string> = {
  draft: '✏️',
  asked: '🕐',
  taken: '👤',
  'asked-back': '✏️',
  answered: '✅',
  closed: '☑️',
}

/** «Мои вопросы». */
export function ownListScreen(say: Say, all: readonly QuestionRow[], wanted: number): Screen {
  if (all.length === 0)
    return {
      text: say('council.own.listEmpty'),
      buttons: [[{ label: say.plain('council.askCouncil'), action: startAsking() }]],
    }
  const { shown, page, pages } = pageOf(all, wanted)
  const lines = shown.map((question) =>
    say('council.own.line', {
      mark: MARKS[question.state],
      number: questionLabel(question),
      words: shortened(question.words, 120),
    }),
  )
  return {
    text: say('council.own.list', { lines: lines.join('\n') }),
    buttons: rows(
      ...inRows(shown.map((question) => ({ label: questionLabel(question), action: openMyQuestion(question.id) }))),
      pagingRow(say, { page, pages }, openMyQuestions),
    ),
  }
}

/** Buttons six to a row: numbers of a list. */
export function inRows(buttons: Button[]): Button[][] {
  return Array.from({ length: Math.ceil(buttons.length / 6) }, (_, row) => buttons.slice(row * 6, row * 6 + 6))
}
