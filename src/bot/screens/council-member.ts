import { questionLabel } from '../../council/question.ts'
import type { DeskEntry } from '../../db/faq-desk.ts'
import type { QuestionRow } from '../../db/questions.ts'
import type { Button, Screen } from '../../delivery/screen.ts'
import {
  answerWithEntry,
  askHandOver,
  askTopic,
  closeQuestion,
  handOverTo,
  lookInFaq,
  openQuestion,
  openQuestionList,
  proposeAnswer,
  releaseQuestion,
  reopenQuestion,
  startAnswer,
  startAskingBack,
  takeQuestion,
} from '../buttons-council.ts'
import { firstPiece } from '../pieces.ts'
import { type Say, shortened } from '../words.ts'
import { CARD_WORDS, entryLines, fromWords, inRows, MARKS, topicWords } from './council.ts'
import { pageOf, pagingRow, rows } from './pages.ts'

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
