import { z } from 'zod'
import { may, organizationsOf } from '../../access/rights.ts'
import { kindOfWords } from '../../council/is-question.ts'
import { withoutPersonalData } from '../../council/personal-data.ts'
import { isWaiting, questionLabel } from '../../council/question.ts'
import { similarQuestions } from '../../council/similar.ts'
import { suggestTopic } from '../../council/suggest-topic.ts'
import { topics } from '../../council/topics.ts'
import { expectedAnswerAt } from '../../council/waiting.ts'
import { countPressed, type DeskEntry, entriesByIds, searchFaq } from '../../db/faq-desk.ts'
import {
  addQuestionFile,
  changeDraft,
  changeQuestion,
  dropDraft,
  findingsOf,
  follow,
  followersOf,
  makeDraft,
  noteFindings,
  noteVerdict,
  ownStems,
  type QuestionRow,
  questionAttachments,
  questionById,
  questionsOf,
  stemsBeside,
} from '../../db/questions.ts'
import type { Screen } from '../../delivery/screen.ts'
import { Temporal } from '../../kernel/clock.ts'
import {
  askAnyway,
  askTogether,
  askTopic,
  chooseTopic,
  discardDraft,
  openFound,
  openFoundEntry,
  openMyQuestion,
  openMyQuestions,
  openQuestion,
  prepareAsking,
  sayHelped,
  sayNotIt,
  searchKeptWords,
  sendQuestion,
  startAsking,
  toggleWithheld,
} from '../buttons-council.ts'
import { postToAsker, postToCouncil, refreshPosts, tellCouncil, workingWeek } from '../council-posts.ts'
import type { IncomingFile } from '../incoming.ts'
import { continued, inPieces } from '../pieces.ts'
import {
  draftScreen,
  foundEntryScreen,
  foundScreen,
  ownListScreen,
  similarScreen,
  startScreen,
  topicScreen,
} from '../screens/council.ts'
import { type Feature, on, type Turn, waitingFor } from '../turn.ts'
import { allowed, sayNo } from './coordinating.ts'
import { DOWNLOAD_LIMIT } from './evidence.ts'
import { wordsKept } from './replies.ts'

/** Longer than a message of the messenger no words can be. */
const LONGEST_QUESTION = 4096
/** Files kept until the words of their question come. */
const MOST_FILES = 10
const SHOWN_ANSWERS = 3
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
    on(openFound, async (turn, questionId) => {
      const question = await draftOf(turn, questionId)
      if (question) turn.show(foundScreen(turn.say, questionId, await leftOver(turn, questionId), true))
    }),
    on(openFoundEntry, showEntry),
    on(sayHelped, helped),
    on(sayNotIt, notIt),
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
  if (kindOfWords(words, turn.today) !== 'question') return false
  const same = await editedQuestion(turn, words)
  if (!same) return false
  if (same.state === 'draft') {
    await dropDraft(turn.tx, same.id)
    await ask(turn, words)
    return true
  }
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
  await ask(turn, words, files)
  return true
}

/** Where a file comes with a question under it, it is asked with the file; under a message about tasks the file is evidence. */
export const askingWithFile: Feature = {
  file: async (turn) => {
    const { incoming } = turn
    if (incoming.kind !== 'file' || incoming.edited || !may(turn.actor, 'ask-question', turn.actor)) return false
    const isAboutTasks = (turn.subject?.tasks ?? []).length > 0 || turn.dialog?.kind === 'basket'
    const words = incoming.caption.trim()
    if (isAboutTasks || words === '' || kindOfWords(words, turn.today) !== 'question') return false
    if (!tooLarge(turn, incoming.file)) await ask(turn, words, [incoming.file])
    return true
  },
}

function tooLarge(turn: Turn, file: IncomingFile): boolean {
  if (file.size === null || file.size <= DOWNLOAD_LIMIT) return false
  turn.send({ text: turn.say('council.fileTooLarge') })
  return true
}

/** Looks for answers to `words` and shows the best, or says that there are none. */
export async function ask(turn: Turn, words: string, files: IncomingFile[] = []): Promise<void> {
  const { tx, municipality, actor } = turn
  const { answers, confident } = await searchFaq(tx, municipality.id, words)
  const best = await entriesByIds(
    tx,
    municipality.id,
    answers.slice(0, SHOWN_ANSWERS).map(({ entryId }) => entryId),
  )
  const scored = best.map((entry) => ({
    topic: entry.topic,
    score: answers.find(({ entryId }) => entryId === entry.id)?.score ?? 0,
  }))
  const questionId = await makeDraft(tx, {
    municipalityId: municipality.id,
    askerId: actor.personId,
    organizationId: schoolOf(turn),
    words: words.slice(0, LONGEST_QUESTION),
    topic: suggestTopic(words, scored),
    found: confident && best.length > 0,
    createdAt: turn.now,
  })
  for (const file of files) await keepFile(turn, questionId, file)
  const { incoming } = turn
  if (incoming.kind === 'file' && incoming.album !== null) prepare(turn, questionId, incoming.album)
  const shown = confident ? best : []
  const ids = shown.map(({ id }) => id)
  const first = await noteFindings(tx, { municipalityId: municipality.id, questionId, entryIds: ids })
  await countPressed(tx, municipality.id, first, 'shown')
  turn.send(foundScreen(turn.say, questionId, shown, false))
}

function schoolOf({ actor }: Turn): number | null {
  return organizationsOf(actor, ['head', 'deputy'])[0] ?? actor.memberships[0]?.organizationId ?? null
}

/** Keeps a file with a question, or with words about it; a copy goes into our own store. */
export async function keepFile(
  turn: Turn,
  questionId: number,
  file: IncomingFile,
  answerId: number | null = null,
): Promise<boolean> {
  const municipalityId = turn.municipality.id
  const fileId = await addQuestionFile(turn.tx, { municipalityId, questionId, answerId, file, at: turn.now })
  if (fileId === null) return false
  await turn.services.startJob(turn.tx, { queue: 'keep-question-file', data: { municipalityId, fileId } })
  return true
}

/** The person's own draft; says so and gives null where it is none any more. */
async function draftOf(turn: Turn, questionId: number): Promise<QuestionRow | null> {
  const question = await questionById(turn.tx, questionId)
  if (question && speaksFor(turn, question) && question.state === 'draft') return question
  sayNo(turn, question && speaksFor(turn, question) ? 'council.draftGone' : 'common.notFound')
  return null
}

function speaksFor({ actor }: Turn, question: QuestionRow): boolean {
  return may(actor, 'speak-for-question', { municipalityId: question.municipalityId, assigneeId: question.askerId })
}

/** The question with this id, if the person asked it, alone or together with others; else null. */
export async function spokenFor(turn: Turn, questionId: number): Promise<QuestionRow | null> {
  const question = await questionById(turn.tx, questionId)
  if (!question || question.state === 'draft') return null
  if (speaksFor(turn, question)) return question
  const follows = (await followersOf(turn.tx, questionId)).includes(turn.actor.personId)
  const rights = { municipalityId: question.municipalityId, assigneeId: follows ? turn.actor.personId : null }
  return may(turn.actor, 'speak-for-question', rights) ? question : null
}

/** The answers shown for a draft, but for those that are not it. */
async function leftOver(turn: Turn, questionId: number): Promise<DeskEntry[]> {
  const found = await findingsOf(turn.tx, questionId)
  const ids = found.filter(({ verdict }) => verdict !== 'not-it').map(({ entryId }) => entryId)
  const entries = await entriesByIds(turn.tx, turn.municipality.id, ids)
  return entries.filter(({ standing }) => standing !== 'withdrawn')
}

async function foundEntry(turn: Turn, questionId: number, entryId: number): Promise<DeskEntry | null> {
  const found = await findingsOf(turn.tx, questionId)
  if (!found.some((finding) => finding.entryId === entryId)) return null
  return (await entriesByIds(turn.tx, turn.municipality.id, [entryId]))[0] ?? null
}

async function showEntry(turn: Turn, questionId: number, entryId: number): Promise<void> {
  const question = await draftOf(turn, questionId)
  const entry = question && (await foundEntry(turn, questionId, entryId))
  if (entry) showInFull(turn, foundEntryScreen(turn.say, questionId, entry), entry)
  else if (question) sayNo(turn, 'common.notFound')
}

/** Shows an answer whatever its length: what one message does not hold comes below it. */
export function showInFull(turn: Turn, screen: Screen, entry: DeskEntry): void {
  turn.show(screen)
  for (const more of continued({ text: '' }, entry.answer).slice(1)) turn.send(more)
}

async function helped(turn: Turn, questionId: number, entryId: number): Promise<void> {
  const question = await questionById(turn.tx, questionId)
  if (!question || !speaksFor(turn, question)) return sayNo(turn, 'common.notFound')
  if (!(await noteVerdict(turn.tx, { questionId, entryId, verdict: 'helped' })))
    return turn.toast(turn.say.plain('council.countedAlready'))
  await countPressed(turn.tx, turn.municipality.id, [entryId], 'helped')
  await change(turn, questionId, { do: 'settle', entryId })
  turn.show({ text: turn.say('council.helpedThanks') })
}

async function notIt(turn: Turn, questionId: number, entryId: number): Promise<void> {
  const question = await draftOf(turn, questionId)
  if (!question) return
  if (await noteVerdict(turn.tx, { questionId, entryId, verdict: 'not-it' }))
    await countPressed(turn.tx, turn.municipality.id, [entryId], 'not_it')
  turn.toast(turn.say.plain('council.notItNoted'))
  turn.show(foundScreen(turn.say, questionId, await leftOver(turn, questionId), true))
}

/** Carries out a command of the person on a question; the promise of an answer begins anew where the waiting does. */
export function change(turn: Turn, questionId: number, command: Parameters<typeof changeQuestion>[1]['command']) {
  return changeQuestion(turn.tx, {
    questionId,
    command,
    actorId: turn.actor.personId,
    updateId: turn.cause.updateId,
    now: turn.now,
    expectedAt: expectedAnswerAt(turn.now, workingWeek(turn)),
  })
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
