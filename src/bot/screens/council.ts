import { withoutPersonalData } from '../../council/personal-data.ts'
import type { Question } from '../../council/question.ts'
import { questionLabel } from '../../council/question.ts'
import { topics } from '../../council/topics.ts'
import type { DeskEntry } from '../../db/faq-desk.ts'
import type { QuestionRow } from '../../db/questions.ts'
import type { Button, Screen } from '../../delivery/screen.ts'
import {
  addToQuestion,
  answerWithEntry,
  askAnyway,
  askHandOver,
  askTogether,
  askTopic,
  chooseTopic,
  closeQuestion,
  discardDraft,
  handOverTo,
  lookInFaq,
  openFaq,
  openFound,
  openFoundEntry,
  openMyQuestion,
  openMyQuestions,
  openQuestion,
  openQuestionList,
  prepareAsking,
  proposeAnswer,
  releaseQuestion,
  reopenQuestion,
  sayHelped,
  sayNotIt,
  sendQuestion,
  startAnswer,
  startAsking,
  startAskingBack,
  takeQuestion,
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

function entryLines(say: Say, entries: readonly DeskEntry[]): string {
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
function fromWords(say: Say, question: QuestionRow, withheld: WordKey): string {
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

/** Under an answer: enough, or more to ask. */
export function underAnswer(say: Say, question: Question, follows: boolean): Button[][] {
  const more: Button = { label: say.plain('council.own.askMore'), action: addToQuestion(question.id) }
  if (follows) return [[more]]
  return [[{ label: say.plain('council.own.helpedClose'), tone: 'good', action: closeQuestion(question.id) }, more]]
}

const MARKS: Record<Question['state'], string> = {
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

/** What was said about a question, as the council reads it. */
export type Talk = { kind: 'answer' | 'asked-back' | 'added'; words: string; authorId: number; authorName: string }[]

/** A question as the council sees it. `viewer`: whose buttons; the group has none but «Беру», and everything is asked again when a button is pressed. */
export type MemberView = {
  question: QuestionRow
  viewer: { personId: number; coordinates: boolean } | 'group'
  files: number
  together: number
  talk?: Talk
}

export function memberScreen(say: Say, view: MemberView): Screen {
  const { question } = view
  return {
    text: say('council.member.card', {
      number: questionLabel(question),
      topic: topicWords(say, question.topic),
      from: fromWords(say, question, 'council.member.fromWithheld'),
      words: firstPiece(question.words, CARD_WORDS),
      files: view.files > 0 ? say('council.member.files', { files: say('common.files', { count: view.files }) }) : '',
      together: view.together > 0 ? say('council.member.together', { count: view.together }) : '',
      talk: (view.talk ?? []).map((line) => talkLine(say, question, line)).join(''),
      state: memberState(say, view),
    }),
    buttons: memberButtons(say, view),
  }
}

function talkLine(say: Say, question: QuestionRow, line: Talk[number]): string {
  return say('council.member.talkLine', {
    mark: line.kind === 'added' ? '✏️' : '💬',
    who: speakerWords(say, question, line),
    words: shortened(line.words, 400),
  })
}

/** Who said something: who asks together with the asker was never asked whether they may be named. */
function speakerWords(say: Say, question: QuestionRow, line: Talk[number]): string {
  if (line.kind !== 'added') return line.authorName
  if (line.authorId !== question.askerId) return say.plain('council.member.colleague')
  return question.withheld ? say.plain('council.member.author') : line.authorName
}

function memberState(say: Say, { question, viewer }: MemberView): string {
  const who = question.takerName ?? ''
  switch (question.state) {
    case 'taken':
      return viewer !== 'group' && viewer.personId === question.takerId
        ? say('council.member.takenByYou')
        : say('council.member.taken', { who })
    case 'asked-back':
      return say('council.member.askedBack', { who })
    case 'answered':
      return say('council.member.answered', { who })
    case 'closed':
      return say('council.member.closed')
    default:
      return say('council.member.asked', { since: question.waitsSince ? say.moment(question.waitsSince) : '' })
  }
}

function memberButtons(say: Say, { question, viewer }: MemberView): Button[][] {
  const { id, state } = question
  const take: Button = { label: say.plain('council.member.take'), tone: 'main', action: takeQuestion(id) }
  if (viewer === 'group') return state === 'asked' ? [[take]] : []
  const mine = question.takerId === viewer.personId
  const fromFaq: Button = { label: say.plain('council.member.fromFaq'), action: lookInFaq(id) }
  const toFaq: Button = { label: say.plain('council.member.toFaq'), action: proposeAnswer(id) }
  const handOver: Button = { label: say.plain('council.member.handOver'), action: askHandOver(id) }
  const close: Button = { label: say.plain('council.member.close'), action: closeQuestion(id) }
  const topic: Button = { label: say.plain('council.member.changeTopic'), action: askTopic(id) }
  if (state === 'asked')
    return [[take, fromFaq], viewer.coordinates ? [topic, handOver] : [topic], ...(viewer.coordinates ? [[close]] : [])]
  if (state === 'closed')
    return mine || viewer.coordinates
      ? [[{ label: say.plain('council.member.reopen'), action: reopenQuestion(id) }, toFaq]]
      : []
  if (!mine) return viewer.coordinates ? [[handOver, close]] : []
  if (state === 'answered')
    return [[{ label: say.plain('council.member.answerMore'), action: startAnswer(id) }, toFaq], [close]]
  return [
    [
      { label: say.plain('council.member.answer'), tone: 'main', action: startAnswer(id) },
      { label: say.plain('council.member.askBack'), action: startAskingBack(id) },
    ],
    [fromFaq, handOver],
    [close],
  ]
}

/** The open questions of a member, or of everybody for the coordinator. */
export function openListScreen(say: Say, all: readonly QuestionRow[], wanted: number): Screen {
  if (all.length === 0) return { text: say('council.member.listEmpty') }
  const { shown, page, pages } = pageOf(all, wanted)
  const lines = shown.map((question) =>
    say('council.member.line', {
      mark: MARKS[question.state],
      number: questionLabel(question),
      words: shortened(question.words, 120),
      since: question.waitsSince ? say.moment(question.waitsSince) : '',
    }),
  )
  return {
    text: say('council.member.list', { lines: lines.join('\n') }),
    buttons: rows(
      ...inRows(shown.map((question) => ({ label: questionLabel(question), action: openQuestion(question.id) }))),
      pagingRow(say, { page, pages }, openQuestionList),
    ),
  }
}

/** The FAQ's answers with which an expert may answer a question. */
export function chooseEntryScreen(say: Say, question: QuestionRow, entries: readonly DeskEntry[]): Screen {
  return {
    text: say('council.member.chooseEntry', {
      number: questionLabel(question),
      entries: entryLines(say, entries),
    }),
    buttons: [
      entries.map((entry, index) => ({ label: String(index + 1), action: answerWithEntry(question.id, entry.id) })),
      [{ label: say.plain('common.back'), action: openQuestion(question.id) }],
    ],
  }
}

/** To whom a question may be handed over. */
export function handOverScreen(
  say: Say,
  question: QuestionRow,
  people: { personId: number; fullName: string }[],
): Screen {
  const release: Button[] =
    question.takerId === null
      ? []
      : [{ label: say.plain('council.member.release'), action: releaseQuestion(question.id) }]
  return {
    text: say('council.member.handOverTo', { number: questionLabel(question) }),
    buttons: rows(
      ...people
        .slice(0, 30)
        .map((person) => [{ label: person.fullName, action: handOverTo(question.id, person.personId) }]),
      release,
      [{ label: say.plain('common.back'), action: openQuestion(question.id) }],
    ),
  }
}

/** Buttons six to a row: numbers of a list. */
export function inRows(buttons: Button[]): Button[][] {
  return Array.from({ length: Math.ceil(buttons.length / 6) }, (_, row) => buttons.slice(row * 6, row * 6 + 6))
}
