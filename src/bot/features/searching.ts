import { organizationsOf } from '../../access/rights.ts'
import { suggestTopic } from '../../council/suggest-topic.ts'
import { countPressed, type DeskEntry, entriesByIds, searchFaq } from '../../db/faq-desk.ts'
import { findingsOf, noteFindings, noteVerdict } from '../../db/question-findings.ts'
import { makeDraft, questionById } from '../../db/questions.ts'
import type { Screen } from '../../delivery/screen.ts'
import { openFound, openFoundEntry, sayHelped, sayNotIt } from '../buttons-council.ts'
import type { IncomingFile } from '../incoming.ts'
import { continued } from '../pieces.ts'
import { entryText, foundEntryScreen, foundScreen } from '../screens/council.ts'
import { type Feature, on, type Turn } from '../turn.ts'
import { sayNo } from './coordinating.ts'
import { change, draftOf, keepFile, speaksFor } from './question-own.ts'

/** Longer than a message of the messenger no words can be. */
export const LONGEST_QUESTION = 4096
const SHOWN_ANSWERS = 3

/** The search among answers: what was found for a question, read, and said to help or not to be it. */
export const searching: Feature = {
  taps: [
    on(openFound, async (turn, questionId) => {
      const question = await draftOf(turn, questionId)
      if (question) turn.show(foundScreen(turn.say, questionId, await leftOver(turn, questionId), true))
    }),
    on(openFoundEntry, showEntry),
    on(sayHelped, helped),
    on(sayNotIt, notIt),
  ],
}

/** Looks for answers to `words` and shows the best, or says that there are none. Gives the id of the draft. */
export async function ask(turn: Turn, words: string, files: IncomingFile[] = []): Promise<number> {
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
  const shown = confident ? best : []
  const ids = shown.map(({ id }) => id)
  const first = await noteFindings(tx, { municipalityId: municipality.id, questionId, entryIds: ids })
  await countPressed(tx, municipality.id, first, 'shown')
  turn.send(foundScreen(turn.say, questionId, shown, false))
  return questionId
}

function schoolOf({ actor }: Turn): number | null {
  return organizationsOf(actor, ['head', 'deputy'])[0] ?? actor.memberships[0]?.organizationId ?? null
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
  const [entry] = await entriesByIds(turn.tx, turn.municipality.id, [entryId])
  if (entry) turn.show({ text: entryText(turn.say, entry) }) // it stays, with nothing more to press
  turn.send({ text: turn.say('council.helpedThanks') })
}

async function notIt(turn: Turn, questionId: number, entryId: number): Promise<void> {
  const question = await draftOf(turn, questionId)
  if (!question) return
  if (await noteVerdict(turn.tx, { questionId, entryId, verdict: 'not-it' }))
    await countPressed(turn.tx, turn.municipality.id, [entryId], 'not_it')
  turn.toast(turn.say.plain('council.notItNoted'))
  turn.show(foundScreen(turn.say, questionId, await leftOver(turn, questionId), true))
}
