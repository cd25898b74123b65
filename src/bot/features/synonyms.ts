import { z } from 'zod'
import {
  checkSynonyms,
  MOST_GROUPS,
  type OwnSynonyms,
  readSynonyms,
  type SynonymRefusal,
} from '../../council/own-synonyms.ts'
import { addSynonyms, commonSynonyms, ownSynonyms, removeSynonyms, termsInUse } from '../../db/own-synonyms.ts'
import { ok, type Result } from '../../kernel/result.ts'
import {
  askSynonyms,
  dropSynonyms,
  openSynonymGroup,
  openSynonyms,
  rewriteSynonyms,
  undoSynonyms,
} from '../buttons-council.ts'
import { synonymGroupScreen, synonymsDoneScreen, synonymsScreen, writeSynonymsScreen } from '../screens/synonyms.ts'
import { type Feature, on, type Turn, waitingFor } from '../turn.ts'
import type { Gaps, WordKey } from '../words.ts'
import { allowed, sayNo } from './coordinating.ts'

/** `changes`: the group whose line is written anew; null for a new one. */
const Writing = z.object({ kind: z.literal('synonyms'), changes: z.number().int().nullable() })
/** What was done last, to be taken back: the group that is to go, the terms that are to return. */
const Done = z.object({
  kind: z.literal('synonyms-done'),
  made: z.number().int().nullable(),
  before: z.array(z.string()).nullable(),
})
type Done = z.infer<typeof Done>

/** «Сокращения»: the words that stand for each other in this municipality, kept by its coordinator and heard by the search at once. */
export const synonyms: Feature = {
  taps: [
    on(openSynonyms, showAll),
    on(openSynonymGroup, async (turn, id) => {
      const group = await groupFor(turn, id)
      if (group) turn.show(synonymGroupScreen(turn.say, group))
    }),
    on(askSynonyms, (turn) => {
      if (allowed(turn, 'manage-faq')) askFor(turn, null)
    }),
    on(rewriteSynonyms, async (turn, id) => {
      const group = await groupFor(turn, id)
      if (group) askFor(turn, group)
    }),
    on(dropSynonyms, drop),
    on(undoSynonyms, undo),
  ],
  dialogs: [
    waitingFor('synonyms', Writing, (turn, { changes }) => written(turn, changes)),
    waitingFor('synonyms-done', Done, async (turn) => {
      turn.forget()
      return false
    }),
  ],
}

async function showAll(turn: Turn, page: number): Promise<void> {
  if (!allowed(turn, 'manage-faq')) return
  const own = await ownSynonyms(turn.tx, turn.municipality.id)
  turn.forget()
  turn.show(synonymsScreen(turn.say, own, (await commonSynonyms(turn.tx)).length, page))
}

/** The municipality's own group with this id, if the person may keep it; says so and gives null if not. */
async function groupFor(turn: Turn, id: number): Promise<OwnSynonyms | null> {
  if (!allowed(turn, 'manage-faq')) return null
  const group = (await ownSynonyms(turn.tx, turn.municipality.id)).find((one) => one.id === id)
  if (!group) sayNo(turn, 'common.notFound')
  return group ?? null
}

function askFor(turn: Turn, group: OwnSynonyms | null): void {
  turn.await({ kind: 'synonyms', changes: group?.id ?? null })
  turn.send(writeSynonymsScreen(turn.say, group?.terms ?? null))
}

async function written(turn: Turn, changes: number | null): Promise<boolean> {
  const { incoming } = turn
  if (incoming.kind !== 'text' || incoming.edited || incoming.replyTo !== null) return false
  if (!allowed(turn, 'manage-faq')) return true
  const read = await readLine(turn, incoming.text, changes)
  if (read.ok) await keep(turn, read.value, changes)
  else turn.send({ text: `${why(turn, read.refusal)}\n\n${turn.say('council.synonyms.example')}` }) // and is waited for again
  return true
}

type Refusal = SynonymRefusal | { code: 'full'; most: number }

async function readLine(turn: Turn, line: string, changes: number | null): Promise<Result<string[], Refusal>> {
  const { tx, municipality } = turn
  const read = readSynonyms(line)
  if (!read.ok) return read
  const own = (await ownSynonyms(tx, municipality.id)).filter(({ id }) => id !== changes)
  if (own.length >= MOST_GROUPS) return { ok: false, refusal: { code: 'full', most: MOST_GROUPS } }
  const known = [...own, ...(await commonSynonyms(tx))].map(({ terms }) => terms)
  const { used, entryCount } = await termsInUse(tx, municipality.id, read.value)
  const checked = checkSynonyms(used, entryCount, known)
  return checked.ok ? ok(read.value) : checked
}

async function keep(turn: Turn, terms: string[], changes: number | null): Promise<void> {
  const { tx, municipality } = turn
  const before = changes === null ? null : await removeSynonyms(tx, municipality.id, changes)
  const made = await addSynonyms(tx, municipality.id, terms)
  showDone(turn, before ? 'council.synonyms.changed' : 'council.synonyms.added', terms, { made, before })
}

async function drop(turn: Turn, id: number): Promise<void> {
  if (!allowed(turn, 'manage-faq')) return
  const before = await removeSynonyms(turn.tx, turn.municipality.id, id)
  if (!before) return sayNo(turn, 'council.refusal.already')
  showDone(turn, 'council.synonyms.removed', before, { made: null, before })
}

function showDone(
  turn: Turn,
  key: Parameters<typeof synonymsDoneScreen>[1],
  terms: string[],
  done: Omit<Done, 'kind'>,
): void {
  turn.await({ kind: 'synonyms-done', ...done })
  turn.show(synonymsDoneScreen(turn.say, key, terms))
}

/** Takes back what was done last, while nothing else was said since. */
async function undo(turn: Turn): Promise<void> {
  if (!allowed(turn, 'manage-faq')) return
  const done = Done.safeParse(turn.dialog)
  if (!done.success) return sayNo(turn, 'council.synonyms.undoneAlready')
  const { made, before } = done.data
  if (made !== null) await removeSynonyms(turn.tx, turn.municipality.id, made)
  if (before) await addSynonyms(turn.tx, turn.municipality.id, before)
  turn.toast(turn.say.plain('council.synonyms.undone'))
  await showAll(turn, 0)
}

const WHY = {
  lines: 'council.synonyms.why.lines',
  alone: 'council.synonyms.why.alone',
  empty: 'council.synonyms.why.empty',
  'too-long': 'council.synonyms.why.tooLong',
  'too-many': 'council.synonyms.why.tooMany',
  twice: 'council.synonyms.why.twice',
  silent: 'council.synonyms.why.silent',
  everywhere: 'council.synonyms.why.everywhere',
  known: 'council.synonyms.why.known',
  full: 'council.synonyms.why.full',
} as const satisfies Record<Refusal['code'], WordKey>

function why(turn: Turn, refusal: Refusal): string {
  const { code, ...facts } = refusal
  return turn.say(WHY[code], facts as Gaps)
}
