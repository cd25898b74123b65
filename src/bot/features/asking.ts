import { z } from 'zod'
import { may } from '../../access/rights.ts'
import { kindOfWords } from '../../council/is-question.ts'
import { withoutPersonalData } from '../../council/personal-data.ts'
import { isWaiting, questionLabel } from '../../council/question.ts'
import { similarQuestions } from '../../council/similar.ts'
import { topics } from '../../council/topics.ts'
import { ownStems, stemsBeside } from '../../db/question-findings.ts'
import { addAnswer, questionAttachments } from '../../db/question-talk.ts'
import { changeDraft, dropDraft, follow, type QuestionRow, questionById, questionsOf } from '../../db/questions.ts'
import { Temporal } from '../../kernel/clock.ts'
import {
  askAnyway,
  askTogether,
  askTopic,
  chooseTopic,
  discardDraft,
  openMyQuestion,
  openMyQuestions,
  openQuestion,
  prepareAsking,
  searchKeptWords,
  sendQuestion,
  startAsking,
  toggleWithheld,
} from '../buttons-council.ts'
import { postToAsker, postToCouncil, refreshPosts, tellCouncil } from '../council-posts.ts'
import type { IncomingFile } from '../incoming.ts'
import { inPieces } from '../pieces.ts'
import { draftScreen, ownListScreen, similarScreen, startScreen, topicScreen } from '../screens/council.ts'
import { type Feature, on, type Turn, waitingFor } from '../turn.ts'
import { allowed, sayNo } from './coordinating.ts'
import { DOWNLOAD_LIMIT } from './evidence.ts'
import { change, draftOf, keepFile, speaksFor, spokenFor } from './question-own.ts'
import { wordsKept } from './replies.ts'
import { ask, LONGEST_QUESTION } from './searching.ts'

/** Files kept until the words of their question come. */
const MOST_FILES = 10
/** A file that comes later is no part of the question that was being prepared. */
const PREPARING_MINUTES = 30

const File = z.object({
  kind: z.enum(['photo', 'document', 'video', 'voice']),
  messengerFileId: z.string(),
  messengerFileKey: z.string(),
  fileName: z.string().nullable(),
  mime: z.string().nullable(),
  size: z.number().nullable(),
})
const Asking = z.object({ kind: z.literal('asking'), files: z.array(File).default([]) })
/** `album`: only its other parts are waited for, without a word about each. */
const Preparing = z.object({
  kind: z.literal('asking-more'),
  questionId: z.number().int(),
  until: z.string(),
  album: z.string().optional(),
})
const Maybe = z.object({ kind: z.literal('maybe-question'), words: z.string() })

/** «Спросить совет»: a question in plain words, the best answers of the FAQ, and the way to the council. */
export const asking: Feature = {
  menu: [
    {
      key: 'council.menuAsk',
      command: 'ask',
      shown: (actor) => may(actor, 'ask-question', actor),
      run: start,
    },
  ],
  taps: [
    on(startAsking, start),
    on(searchKeptWords, async (turn) => {
      const kept = Maybe.safeParse(turn.dialog)
      const words = kept.success ? kept.data.words : wordsKept(turn)
      turn.forget()
      if (words !== null) await ask(turn, words)
      else start(turn)
    }),
    on(prepareAsking, async (turn, questionId) => {
      const question = await draftOf(turn, questionId)
      if (question && !(await offerSimilar(turn, question))) await showDraft(turn, questionId)
    }),
    on(askAnyway, showDraft),
    on(askTogether, join),
    on(toggleWithheld, async (turn, questionId) => {
      const question = await draftOf(turn, questionId)
      if (!question) return
      await changeDraft(turn.tx, questionId, { withheld: !question.withheld })
      await showDraft(turn, questionId)
    }),
    on(askTopic, chooseAnother),
    on(chooseTopic, setTopic),
    on(sendQuestion, send),
    on(discardDraft, async (turn, questionId) => {
      const question = await draftOf(turn, questionId)
      if (!question) return
      await dropDraft(turn.tx, questionId)
      turn.forget()
      turn.show({ text: turn.say('council.discarded') })
    }),
    on(openMyQuestions, async (turn, page) => {
      const own = await questionsOf(turn.tx, turn.municipality.id, turn.actor.personId)
      turn.show(ownListScreen(turn.say, own, page))
    }),
    on(openMyQuestion, async (turn, questionId) => {
      const question = await spokenFor(turn, questionId)
      if (question) await postToAsker(turn, question, question.askerId !== turn.actor.personId)
      else sayNo(turn, 'common.notFound')
    }),
  ],
  dialogs: [
    waitingFor('asking', Asking, (turn, { files }) => asked(turn, files)),
    waitingFor('asking-more', Preparing, attach),
    waitingFor('maybe-question', Maybe, async (turn) => {
      turn.forget()
      return false
    }),
  ],
  text: async (turn) => {
    const { incoming } = turn
    if (incoming.kind !== 'text' || !may(turn.actor, 'ask-question', turn.actor)) return false
    const words = incoming.text.trim()
    if (incoming.edited) return askedAnew(turn, words)
    const kind = kindOfWords(words, turn.today)
    if (kind === 'courtesy' || words === '') return false
    if (kind === 'question') await ask(turn, words)
    else offerSearch(turn, words)
    return true
  },
}

/** A question that its author edited: a draft is looked for anew, one that was sent gets the new words as an addition. False: it was none of theirs. */
async function askedAnew(turn: Turn, words: string): Promise<boolean> {
  const { incoming } = turn
  if (incoming.kind !== 'text' || kindOfWords(words, turn.today) !== 'question') return false
  const same = await editedQuestion(turn, words)
  if (!same) return false
  if (same.state === 'draft') {
    await dropDraft(turn.tx, same.id)
    await ask(turn, words)
    return true
  }
  await addAnswer(turn.tx, {
    municipalityId: same.municipalityId,
    questionId: same.id,
    authorId: turn.actor.personId,
    kind: 'added',
    words,
    chat: incoming.chat,
    messageId: incoming.messageId,
    at: turn.now,
  })
  const text = turn.say('council.member.askedAnew', { number: questionLabel(same), words: inPieces(words)[0] ?? '' })
  await tellCouncil(turn, same, { text }, { reason: 'question-added', rest: words })
  turn.send({ text: turn.say('council.member.corrected') }, { subject: { question: same.id } })
  return true
}

/** The latest question of the person that asks much the same as `words`, where the council may still answer it. */
async function editedQuestion(turn: Turn, words: string): Promise<QuestionRow | null> {
  const { asked, own } = await ownStems(turn.tx, { personId: turn.actor.personId, words })
  const [sameId] = similarQuestions(asked, own)
  return sameId === undefined ? null : questionById(turn.tx, sameId)
}

function start(turn: Turn): void {
  if (!allowed(turn, 'ask-question')) return
  turn.await({ kind: 'asking' })
  turn.send(startScreen(turn.say))
}

function offerSearch(turn: Turn, words: string): void {
  turn.await({ kind: 'maybe-question', words: words.slice(0, LONGEST_QUESTION) })
  turn.send({
    text: turn.say('council.maybe'),
    buttons: [[{ label: turn.say.plain('council.maybeSearch'), tone: 'main', action: searchKeptWords() }]],
  })
}

/** What comes after «Спросить совет»: words, or files with or without them. */
async function asked(turn: Turn, kept: IncomingFile[]): Promise<boolean> {
  const { incoming } = turn
  if (incoming.kind !== 'text' && incoming.kind !== 'file') return false
  if (incoming.edited || incoming.replyTo !== null) return false
  const words = (incoming.kind === 'file' ? incoming.caption : incoming.text).trim()
  if (incoming.kind === 'file' && tooLarge(turn, incoming.file)) return true
  const files = [...kept, ...(incoming.kind === 'file' ? [incoming.file] : [])].slice(0, MOST_FILES)
  if (words === '') {
    turn.await({ kind: 'asking', files })
    if (kept.length === 0) turn.send({ text: turn.say('council.fileFirst') })
    return true
  }
  turn.forget()
  await askWithFiles(turn, words, files)
  return true
}

/** Asks with files; the other parts of an album, which come apart, go with the same question. */
async function askWithFiles(turn: Turn, words: string, files: IncomingFile[]): Promise<void> {
  const { incoming } = turn
  const questionId = await ask(turn, words, files)
  if (incoming.kind === 'file' && incoming.album !== null) prepare(turn, questionId, incoming.album)
}

/** Where a file comes with a question under it, it is asked with the file; under a message about tasks the file is evidence. */
export const askingWithFile: Feature = {
  file: async (turn) => {
    const { incoming } = turn
    if (incoming.kind !== 'file' || incoming.edited || !may(turn.actor, 'ask-question', turn.actor)) return false
    const isAboutTasks = (turn.subject?.tasks ?? []).length > 0 || turn.dialog?.kind === 'basket'
    const words = incoming.caption.trim()
    if (isAboutTasks || words === '' || kindOfWords(words, turn.today) !== 'question') return false
    if (!tooLarge(turn, incoming.file)) await askWithFiles(turn, words, [incoming.file])
    return true
  },
}

function tooLarge(turn: Turn, file: IncomingFile): boolean {
  if (file.size === null || file.size <= DOWNLOAD_LIMIT) return false
  turn.send({ text: turn.say('council.fileTooLarge') })
  return true
}

/** Offers to ask together with whoever asks the same already; false where nobody does. */
async function offerSimilar(turn: Turn, question: QuestionRow): Promise<boolean> {
  const { asked, open } = await stemsBeside(turn.tx, {
    municipalityId: turn.municipality.id,
    words: question.words,
    notOf: turn.actor.personId,
  })
  const [similarId] = similarQuestions(asked, open)
  const similar = similarId === undefined ? null : await questionById(turn.tx, similarId)
  if (!similar) return false
  turn.show(similarScreen(turn.say, question.id, similar.id, withoutPersonalData(similar.words)))
  return true
}

async function join(turn: Turn, questionId: number, similarId: number): Promise<void> {
  const draft = await draftOf(turn, questionId)
  if (!draft) return
  const similar = await questionById(turn.tx, similarId)
  if (!similar || !isWaiting(similar) || !(await isOffered(turn, draft, similarId))) {
    sayNo(turn, 'common.notFound')
    return showDraft(turn, questionId)
  }
  const { municipality, actor, now } = turn
  await follow(turn.tx, { municipalityId: municipality.id, questionId: similarId, personId: actor.personId, at: now })
  await dropDraft(turn.tx, questionId)
  turn.forget()
  turn.toast(turn.say.plain('council.joined', { number: questionLabel(similar) }), true)
  await postToAsker(turn, similar, true)
  await refreshPosts(turn, similar)
}

/** A button may name any question: only one that asks the same may be joined. */
async function isOffered(turn: Turn, draft: QuestionRow, similarId: number): Promise<boolean> {
  const { municipality, actor } = turn
  const { asked, open } = await stemsBeside(turn.tx, {
    municipalityId: municipality.id,
    words: draft.words,
    notOf: actor.personId,
  })
  return similarQuestions(asked, open).includes(similarId)
}

async function showDraft(turn: Turn, questionId: number): Promise<void> {
  const question = await draftOf(turn, questionId)
  if (!question) return
  const files = (await questionAttachments(turn.tx, questionId)).length
  prepare(turn, questionId)
  turn.show(draftScreen(turn.say, question, files))
}

function prepare(turn: Turn, questionId: number, album?: string): void {
  const until = turn.now.add({ minutes: PREPARING_MINUTES }).toString()
  turn.await({ kind: 'asking-more', questionId, until, ...(album === undefined ? {} : { album }) })
}

async function attach(turn: Turn, { questionId, until, album }: z.infer<typeof Preparing>): Promise<boolean> {
  const { incoming } = turn
  const question = await questionById(turn.tx, questionId)
  const inTime = Temporal.Instant.compare(turn.now, Temporal.Instant.from(until)) <= 0
  const preparing = question?.state === 'draft' && speaksFor(turn, question) && inTime
  const isPart = incoming.kind === 'file' && (album === undefined || incoming.album === album)
  if (incoming.kind !== 'file' || !isPart || incoming.replyTo !== null || incoming.edited || !preparing) {
    turn.forget()
    return false
  }
  if (tooLarge(turn, incoming.file)) return true
  await keepFile(turn, questionId, incoming.file)
  if (album !== undefined) return true
  turn.send({ text: turn.say('council.fileAdded') })
  await showDraft(turn, questionId)
  return true
}

/** The topics to choose from: for one's own draft, or for a member of the council while the question waits. */
async function chooseAnother(turn: Turn, questionId: number): Promise<void> {
  const question = await questionById(turn.tx, questionId)
  if (!question) return sayNo(turn, 'common.notFound')
  if (question.state === 'draft') {
    if (await draftOf(turn, questionId)) turn.show(topicScreen(turn.say, questionId, askAnyway(questionId)))
  } else if (allowed(turn, 'answer-questions'))
    turn.show(topicScreen(turn.say, questionId, openQuestion(questionId)), { question: questionId })
}

async function setTopic(turn: Turn, questionId: number, topic: string): Promise<void> {
  if (!topics.some(({ code }) => code === topic)) return sayNo(turn, 'common.notFound')
  const question = await questionById(turn.tx, questionId)
  if (!question) return sayNo(turn, 'common.notFound')
  if (question.state === 'draft') {
    if (!(await draftOf(turn, questionId))) return
    await changeDraft(turn.tx, questionId, { topic })
    return showDraft(turn, questionId)
  }
  if (!allowed(turn, 'answer-questions')) return
  const result = await change(turn, questionId, { do: 'change-topic', topic })
  if (!result.ok) return sayNo(turn, 'council.refusal.already')
  if (result.value.state === 'asked') await postToCouncil(turn, result.value)
  await refreshPosts(turn, result.value)
}

async function send(turn: Turn, questionId: number): Promise<void> {
  const question = await draftOf(turn, questionId)
  if (!question) return
  const result = await change(turn, questionId, { do: 'send' })
  if (!result.ok) return sayNo(turn, 'council.draftGone')
  turn.forget()
  await postToAsker(turn, result.value, false)
  if (!(await postToCouncil(turn, result.value))) turn.send({ text: turn.say('council.nobodyYet') })
}
