import { z } from 'zod'
import { holds } from '../../access/rights.ts'
import { type Board, endBoard, showBoard } from '../../db/boards.ts'
import {
  addPasted,
  createDraft,
  markReading,
  roadmapById,
  roadmapOfFile,
  roadmapStore,
  setPeriod,
  sourceOf,
} from '../../db/roadmaps.ts'
import { lately, openTasks } from '../../db/task-lists.ts'
import { readPeriod } from '../../deadlines/period.ts'
import { readSchedule } from '../../deadlines/read-schedule.ts'
import type { Period } from '../../deadlines/schedule.ts'
import type { Screen } from '../../delivery/screen.ts'
import { looksLikeTable } from '../../roadmaps/pasted-table.ts'
import { deleteDraft } from '../../roadmaps/publish-roadmap.ts'
import type { ReadingState, Roadmap } from '../../roadmaps/roadmap.ts'
import { askPeriod, dropPaste, endPaste, isEvidence, isRoadmap, openRoadmap, readAgain } from '../buttons-roadmap.ts'
import type { Incoming, IncomingFile } from '../incoming.ts'
import { pasteScreen, progressScreen, whatIsItScreen } from '../screens/roadmap-reading.ts'
import { type Feature, on, type Turn, waitingFor } from '../turn.ts'
import { DOWNLOAD_LIMIT, evidenceFeature } from './evidence.ts'
import { ownerOf } from './my-tasks.ts'
import { screenOf } from './roadmap-card.ts'
import { holdRoadmap, refuseRoadmap } from './roadmap-reach.ts'

const Pasting = z.object({ kind: z.literal('roadmap-paste'), roadmapId: z.number().int() })
const AskingPeriod = z.object({ kind: z.literal('roadmap-period'), roadmapId: z.number().int() })

/** More than this no plan has; a text so long is a file. */
const LONGEST_PASTE = 400_000

/** A plan that a coordinator sends as a file or pastes as words: kept first, then read, with the progress shown in place. */
export const roadmapIntake: Feature = {
  taps: [
    on(isRoadmap, (turn, roadmapId) => startReading(turn, roadmapId, 'undecided')),
    on(isEvidence, takeAsEvidence),
    on(endPaste, (turn, roadmapId) => startReading(turn, roadmapId, 'collecting')),
    on(dropPaste, dropPasted),
    on(readAgain, (turn, roadmapId) => startReading(turn, roadmapId, 'refused')),
    on(askPeriod, askForPeriod),
  ],
  dialogs: [
    waitingFor('roadmap-paste', Pasting, async (turn, { roadmapId }) =>
      turn.incoming.kind === 'text' ? addPart(turn, roadmapId, turn.incoming.text) : false,
    ),
    waitingFor('roadmap-period', AskingPeriod, async (turn, { roadmapId }) =>
      turn.incoming.kind === 'text' ? takePeriod(turn, roadmapId, turn.incoming.text) : false,
    ),
  ],
  file: async (turn) => {
    const { incoming } = turn
    if (incoming.kind !== 'file' || incoming.edited || !isForRoadmaps(turn) || !isDocument(incoming.file)) return false
    await takeFile(turn, incoming)
    return true
  },
  text: async (turn) => {
    const { incoming } = turn
    if (incoming.kind !== 'text' || incoming.edited || !isForRoadmaps(turn) || !looksLikeTable(incoming.text))
      return false
    await takePasted(turn, incoming.text)
    return true
  },
}

/** Whether a coordinator sends something that is no answer to a message about tasks. */
function isForRoadmaps(turn: Turn): boolean {
  return holds(turn.actor, ['coordinator']) && (turn.subject?.tasks ?? []).length === 0 && !turn.subject?.report
}

/** Formats that plans come in, and those of which the reader says how to save them anew. */
const PLAN_NAMES = /\.(?:docx?|docm|xlsx?|xlsm|xlsb|pdf|txt|csv|rtf|odt|ods)$/i
const PLAN_TYPES = /^(?:text\/|application\/(?:pdf|rtf|msword|vnd\.(?:ms-|openxmlformats|oasis)))/

function isDocument(file: IncomingFile): boolean {
  return file.kind === 'document' && (PLAN_NAMES.test(file.fileName ?? '') || PLAN_TYPES.test(file.mime ?? ''))
}

// -- a file

async function takeFile(turn: Turn, incoming: Incoming & { kind: 'file' }): Promise<void> {
  const { file } = incoming
  if (file.size !== null && file.size > DOWNLOAD_LIMIT)
    return turn.send({ text: turn.say('roadmap.reading.tooLarge'), replyTo: incoming.messageId })
  const known = await roadmapOfFile(turn.tx, turn.municipality.id, file.messengerFileKey)
  if (known) return showKnown(turn, known)
  const reading = (await isInDoubt(turn)) ? 'undecided' : 'waiting'
  const roadmap = await keepDraft(turn, reading, {
    name: file.fileName ?? turn.say.plain('roadmap.list.untitled'),
    incoming: {
      messengerFileId: file.messengerFileId,
      messengerFileKey: file.messengerFileKey,
      mime: file.mime,
      size: file.size,
      chat: incoming.chat,
      messageId: incoming.messageId,
    },
  })
  if (reading === 'undecided') return showProgress(turn, roadmap.id, whatIsItScreen(turn.say, roadmap))
  await beginReading(turn, roadmap)
}

async function showKnown(turn: Turn, roadmap: Roadmap): Promise<void> {
  turn.send({ text: turn.say('roadmap.reading.known') })
  turn.send(await screenOf(turn, roadmap), { subject: { roadmap: roadmap.id } })
}

/** Whether the file may be evidence: the coordinator has tasks of their own that are talked about now. */
async function isInDoubt(turn: Turn): Promise<boolean> {
  const reminded = await lately(turn.tx, turn.actor.personId, turn.today.subtract({ days: 14 }))
  if (reminded.length > 0) return true
  return holds(turn.actor, ['head', 'deputy']) && (await openTasks(turn.tx, ownerOf(turn))).length > 0
}

async function keepDraft(
  turn: Turn,
  reading: ReadingState,
  source: Parameters<typeof createDraft>[1]['source'],
): Promise<Roadmap> {
  const roadmapId = await createDraft(turn.tx, {
    municipalityId: turn.municipality.id,
    source,
    reading,
    importedById: turn.actor.personId,
    now: turn.now,
  })
  const roadmap = await roadmapById(turn.tx, roadmapId)
  if (!roadmap) throw new Error(`the draft ${roadmapId} vanished within its transaction`)
  return roadmap
}

/** «Это подтверждение»: the draft goes, the file goes the way of evidence. */
async function takeAsEvidence(turn: Turn, roadmapId: number): Promise<void> {
  const roadmap = await holdRoadmap(turn, roadmapId)
  if (!roadmap) return
  const file = (await sourceOf(turn.tx, roadmapId))?.incoming
  if (roadmap.reading !== 'undecided' || !file) return showCurrent(turn, roadmap)
  await removeDraft(turn, roadmapId)
  turn.show({ text: turn.say.plain('roadmap.reading.isEvidence') })
  const { messengerFileId, messengerFileKey, mime, size, messageId } = file
  const incoming: Incoming = {
    ...turn.incoming,
    kind: 'file',
    messageId,
    file: { kind: 'document', messengerFileId, messengerFileKey, fileName: roadmap.sourceName, mime, size },
    caption: '',
    captionHtml: '',
    album: null,
    replyTo: null,
    edited: false,
    forwarded: false,
  }
  await evidenceFeature.file?.({ ...turn, incoming })
}

// -- pasted words

async function takePasted(turn: Turn, words: string): Promise<void> {
  const roadmap = await keepDraft(turn, 'collecting', {
    name: turn.say.plain('roadmap.reading.pastedName'),
    pastedText: words,
  })
  turn.await({ kind: 'roadmap-paste', roadmapId: roadmap.id })
  await showProgress(turn, roadmap.id, pasteScreen(turn.say, roadmap, words))
}

async function addPart(turn: Turn, roadmapId: number, words: string): Promise<boolean> {
  const roadmap = await roadmapById(turn.tx, roadmapId)
  if (roadmap?.reading !== 'collecting') {
    turn.forget()
    return false
  }
  const before = (await sourceOf(turn.tx, roadmapId))?.pastedText ?? ''
  if (before.length + words.length > LONGEST_PASTE) turn.send({ text: turn.say('roadmap.reading.pasteTooLong') })
  else await showProgress(turn, roadmapId, pasteScreen(turn.say, roadmap, await addPasted(turn.tx, roadmapId, words)))
  return true
}

async function dropPasted(turn: Turn, roadmapId: number): Promise<void> {
  const roadmap = await holdRoadmap(turn, roadmapId)
  if (!roadmap) return
  if (roadmap.reading !== 'collecting') return showCurrent(turn, roadmap)
  await removeDraft(turn, roadmapId)
  turn.forget()
  turn.show({ text: turn.say('roadmap.reading.pasteDropped') })
}

async function removeDraft(turn: Turn, roadmapId: number): Promise<void> {
  const result = await deleteDraft(roadmapStore(turn.tx, turn.municipality.id), { actor: turn.actor, roadmapId })
  if (!result.ok) refuseRoadmap(turn, result.refusal.code)
  await endBoard(turn.tx, progressBoard(turn, roadmapId))
}

// -- reading

/** The board on which the reading of a draft is shown in the chat of this turn. */
export function progressBoard(turn: Pick<Turn, 'municipality' | 'actor' | 'incoming'>, roadmapId: number): Board {
  return {
    municipalityId: turn.municipality.id,
    personId: turn.actor.personId,
    kind: `roadmap:${roadmapId}`,
    messenger: turn.incoming.messenger,
    chat: turn.incoming.chat,
  }
}

/** Shows `screen` in place of the last one about the reading of this draft. */
export async function showProgress(turn: Turn, roadmapId: number, screen: Screen): Promise<void> {
  await showBoard(turn.tx, turn.services.enqueue, progressBoard(turn, roadmapId), {
    screen,
    subject: { roadmap: roadmapId },
    lane: 'answer',
    now: turn.now,
  })
}

/** Has a draft read whose reading stands at `from`; pressed twice it is read once. */
async function startReading(turn: Turn, roadmapId: number, from: ReadingState): Promise<void> {
  const roadmap = await holdRoadmap(turn, roadmapId)
  if (!roadmap) return
  if (roadmap.reading !== from) return showCurrent(turn, roadmap)
  turn.forget()
  if (from === 'refused') await endBoard(turn.tx, progressBoard(turn, roadmapId))
  await markReading(turn.tx, roadmapId, 'waiting')
  await beginReading(turn, roadmap)
}

async function showCurrent(turn: Turn, roadmap: Roadmap): Promise<void> {
  turn.show(await screenOf(turn, roadmap), { roadmap: roadmap.id })
}

async function beginReading(turn: Turn, roadmap: Roadmap): Promise<void> {
  const step = roadmap.sourceSha256 ? 'started' : 'fetching'
  await showProgress(turn, roadmap.id, progressScreen(turn.say, roadmap, { step }))
  await turn.services.startJob(turn.tx, {
    queue: 'read-roadmap',
    data: { municipalityId: turn.municipality.id, roadmapId: roadmap.id, chat: turn.incoming.chat },
  })
}

// -- the period

async function askForPeriod(turn: Turn, roadmapId: number): Promise<void> {
  const roadmap = await holdRoadmap(turn, roadmapId)
  if (!roadmap) return
  if (roadmap.reading !== 'refused') return showCurrent(turn, roadmap)
  turn.await({ kind: 'roadmap-period', roadmapId })
  turn.show({
    text: turn.say('roadmap.refused.period'),
    buttons: [[{ label: turn.say.plain('common.back'), action: openRoadmap(roadmapId) }]],
  })
}

async function takePeriod(turn: Turn, roadmapId: number, words: string): Promise<boolean> {
  const roadmap = await holdRoadmap(turn, roadmapId)
  if (roadmap?.reading !== 'refused') {
    turn.forget()
    return roadmap === null
  }
  const period = periodIn(words, turn.today)
  if (!period) {
    turn.send({ text: turn.say('roadmap.refused.periodNotUnderstood') })
    return true
  }
  turn.forget()
  await setPeriod(turn.tx, roadmapId, period)
  await endBoard(turn.tx, progressBoard(turn, roadmapId))
  await beginReading(turn, roadmap)
  return true
}

/** The period that words name for certain: «2026-2027 учебный год», «с 1 января по 31 декабря 2026». */
function periodIn(words: string, today: Turn['today']): Period | null {
  const named = readPeriod(words)
  if (named) return named
  const near = { from: today.with({ month: 1, day: 1 }), to: today.with({ month: 12, day: 31 }) }
  const { windows, ambiguous } = readSchedule(words, near)
  const [only, ...others] = windows
  if (!only || others.length > 0 || ambiguous || only.from.equals(only.due)) return null
  return { from: only.from, to: only.due }
}
