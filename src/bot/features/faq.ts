import { may } from '../../access/rights.ts'
import { topics } from '../../council/topics.ts'
import {
  allEntries,
  type DeskEntry,
  entriesByIds,
  entriesByTopic,
  entriesOfTopic,
  keepEntry,
  versionsOf,
  waitingProposals,
} from '../../db/faq-desk.ts'
import { Temporal } from '../../kernel/clock.ts'
import {
  confirmEntry,
  keepEntryAsIs,
  openEntry,
  openFaq,
  openFaqTopic,
  openVersions,
  restoreEntry,
  withdrawEntry,
} from '../buttons-council.ts'
import { entryScreen, type FaqReader, faqScreen, faqTopicScreen, versionsScreen } from '../screens/faq.ts'
import { type Feature, on, type Turn } from '../turn.ts'
import type { WordKey } from '../words.ts'
import { allowed, sayNo } from './coordinating.ts'
import { showInFull } from './searching.ts'

/** After so many months an answer is looked at again where nobody says otherwise. */
export const REVIEW_MONTHS = 12

/** «База ответов»: read by everybody, kept by the coordinator. What is on its way into it is in proposals.ts. */
export const faq: Feature = {
  taps: [
    on(openFaq, showFaq),
    on(openFaqTopic, showTopic),
    on(openEntry, showEntry),
    on(confirmEntry, (turn, entryId) => decide(turn, entryId, { standing: 'confirmed' }, 'council.base.confirmed')),
    on(withdrawEntry, (turn, entryId) => decide(turn, entryId, { standing: 'withdrawn' }, 'council.base.withdrawn')),
    on(restoreEntry, (turn, entryId) => decide(turn, entryId, { standing: 'confirmed' }, 'council.base.restored')),
    on(openVersions, async (turn, entryId) => {
      const entry = await entryFor(turn, entryId, 'answer-questions')
      if (entry) turn.show(versionsScreen(turn.say, entryId, await versionsOf(turn.tx, entryId)))
    }),
    on(keepEntryAsIs, keepAsIs),
  ],
}

/** The municipality of a turn, as queries take it. */
export function here(turn: Turn) {
  return { municipalityId: turn.municipality.id }
}

/** What the person may do with the FAQ. */
export function readerOf(turn: Turn): FaqReader {
  if (may(turn.actor, 'manage-faq', here(turn))) return 'coordinator'
  return may(turn.actor, 'answer-questions', here(turn)) ? 'expert' : 'reader'
}

async function showFaq(turn: Turn): Promise<void> {
  if (!allowed(turn, 'ask-question')) return
  const reader = readerOf(turn)
  const waiting = reader === 'coordinator' ? await waitingProposals(turn.tx, turn.municipality.id) : []
  turn.show(faqScreen(turn.say, await entriesByTopic(turn.tx, turn.municipality.id), reader, waiting.length))
}

async function showTopic(turn: Turn, topic: string, page: number): Promise<void> {
  if (!allowed(turn, 'ask-question')) return
  const known = topics.some(({ code }) => code === topic)
  const entries = known
    ? await entriesOfTopic(turn.tx, turn.municipality.id, topic)
    : (await allEntries(turn.tx, turn.municipality.id)).filter((entry) =>
        topics.every(({ code }) => code !== entry.topic),
      )
  const seen = readerOf(turn) === 'coordinator' ? entries : entries.filter(({ standing }) => standing !== 'withdrawn')
  turn.show(faqTopicScreen(turn.say, known ? topic : 'other', seen, page))
}

/** The entry, if the person may do `action` and this municipality sees it; says so and gives null if not. */
export async function entryFor(
  turn: Turn,
  entryId: number,
  action: 'ask-question' | 'answer-questions' | 'manage-faq',
): Promise<DeskEntry | null> {
  if (!allowed(turn, action)) return null
  const [entry] = await entriesByIds(turn.tx, turn.municipality.id, [entryId])
  if (entry && (entry.standing !== 'withdrawn' || readerOf(turn) !== 'reader')) return entry
  sayNo(turn, 'common.notFound')
  return null
}

async function showEntry(turn: Turn, entryId: number): Promise<void> {
  const entry = await entryFor(turn, entryId, 'ask-question')
  if (entry) showInFull(turn, entryScreen(turn.say, entry, readerOf(turn)), entry)
}

/** Confirms, withdraws or restores an entry; one of the starter becomes the municipality's own by that. */
async function decide(
  turn: Turn,
  entryId: number,
  wanted: { standing: 'confirmed' | 'withdrawn' },
  done: WordKey,
): Promise<void> {
  const entry = await entryFor(turn, entryId, 'manage-faq')
  if (!entry) return
  if (entry.standing === wanted.standing) return sayNo(turn, 'council.refusal.already')
  const reviewOn = entry.reviewOn ?? turn.today.add({ months: REVIEW_MONTHS })
  const keptId = await keepEntry(turn.tx, {
    ...here(turn),
    entryId,
    code: entry.code,
    change: { ...wanted, reviewOn },
    now: turn.now,
  })
  turn.toast(turn.say.plain(done))
  const [kept] = await entriesByIds(turn.tx, turn.municipality.id, [keptId])
  if (kept) turn.show(entryScreen(turn.say, kept, 'coordinator'))
}

/** «Всё верно» on the review date: asked again in a year. By who answers for the entry, or who keeps the FAQ. */
async function keepAsIs(turn: Turn, entryId: number): Promise<void> {
  const entry = await entryFor(turn, entryId, 'answer-questions')
  if (!entry) return
  const next = turn.calendar.nextWorking(turn.today.add({ months: REVIEW_MONTHS }))
  if (entry.reviewOn && Temporal.PlainDate.compare(entry.reviewOn, turn.today) > 0)
    return sayNo(turn, 'council.refusal.already')
  await keepEntry(turn.tx, { ...here(turn), entryId, code: entry.code, change: { reviewOn: next }, now: turn.now })
  turn.show({ text: turn.say('council.base.keptAsIs', { day: turn.say.day(next) }) })
}
