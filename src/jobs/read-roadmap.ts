import { may } from '../access/rights.ts'
import { likelyOlder, screenOf } from '../bot/features/roadmap-card.ts'
import { progressBoard, showProgress } from '../bot/features/roadmap-intake.ts'
import { ownOccasion } from '../bot/own-occasion.ts'
import { versionQuestion } from '../bot/screens/roadmap.ts'
import { type Progress, progressScreen } from '../bot/screens/roadmap-reading.ts'
import type { ReadRoadmapJob, Services } from '../bot/services.ts'
import { takeTurn } from '../bot/take-turn.ts'
import type { Turn } from '../bot/turn.ts'
import { wordsOf } from '../bot/words.ts'
import { endBoard } from '../db/boards.ts'
import type { Database } from '../db/database.ts'
import { personAt } from '../db/opening.ts'
import { municipalityById } from '../db/people.ts'
import { importDraft } from '../db/roadmap-imports.ts'
import { activitiesOf, lockRoadmap, markKept, markReading, roadmapById, sourceOf } from '../db/roadmaps.ts'
import type { Period } from '../deadlines/schedule.ts'
import type { RoadmapFileResult, SafeReading } from '../documents/read-safely.ts'
import { localDate } from '../kernel/clock.ts'
import type { ReadingRefusal } from '../roadmaps/ports.ts'
import type { RoadmapDraft } from '../roadmaps/reading/draft.ts'
import type { Roadmap } from '../roadmaps/roadmap.ts'
import type { Fetched } from './fetch-evidence.ts'

/** What reading needs of the edges. `fetch` and `keep` throw where another try may help: the network, the disk. */
export type RoadmapEdge = {
  fetch(file: { municipalityId: number; messengerFileId: string; fileName: string | null }): Promise<Fetched>
  keep(municipalityId: number, bytes: Uint8Array): Promise<{ sha256: string; size: number }>
  bytesOf(municipalityId: number, sha256: string): Promise<Uint8Array>
  read(bytes: Uint8Array, options: SafeReading & { period?: Period }): Promise<RoadmapFileResult>
}

type Context = { database: Database; services: Services; edge: RoadmapEdge; job: ReadRoadmapJob }

/**
 * Reads the document of a draft: the original is kept before anything else, then read off the event loop, and only a whole reading is kept. The
 * coordinator sees in place how far it is. Throws where another try may help; `lastTry` says that there is none. Read twice, it has one effect.
 */
export async function readRoadmapFile(
  database: Database,
  services: Services,
  edge: RoadmapEdge,
  { lastTry, ...job }: ReadRoadmapJob & { lastTry: boolean },
): Promise<void> {
  const context = { database, services, edge, job }
  try {
    const sha256 = await keptOriginal(context)
    if (sha256) await readKept(context, sha256)
  } catch (failure) {
    if (!lastTry) throw failure
    await refuse(context, { code: 'not-fetched' })
  }
}

/** The original in the file store; null where there is nothing (more) to be read. */
async function keptOriginal(context: Context): Promise<string | null> {
  const { database, edge, job } = context
  const found = await database.inMunicipality(job.municipalityId, async (tx) => ({
    roadmap: await roadmapById(tx, job.roadmapId),
    source: await sourceOf(tx, job.roadmapId),
  }))
  if (found.roadmap?.reading !== 'waiting') return null
  if (found.roadmap.sourceSha256) return found.roadmap.sourceSha256
  const fetched = await fetchedSource(edge, found.roadmap, found.source)
  if (fetched.kind === 'gone') {
    await refuse(context, { code: fetched.why === 'too-big' ? 'too-big' : 'gone' })
    return null
  }
  const messengerFileId = found.source?.incoming?.messengerFileId ?? null
  await database.inMunicipality(job.municipalityId, (tx) =>
    markKept(
      tx,
      { id: job.roadmapId, municipalityId: job.municipalityId },
      {
        ...fetched,
        messengerFileId,
        at: context.services.now(),
      },
    ),
  )
  return fetched.sha256
}

async function fetchedSource(
  edge: RoadmapEdge,
  { municipalityId, sourceName }: Roadmap,
  source: Awaited<ReturnType<typeof sourceOf>>,
): Promise<Fetched> {
  if (source?.incoming)
    return edge.fetch({ municipalityId, messengerFileId: source.incoming.messengerFileId, fileName: sourceName })
  const kept = await edge.keep(municipalityId, Buffer.from(source?.pastedText ?? ''))
  return { kind: 'kept', ...kept, mime: 'text/plain' }
}

async function readKept(context: Context, sha256: string): Promise<void> {
  const { edge, job, database } = context
  await tell(context, { step: 'started' })
  const bytes = await edge.bytesOf(job.municipalityId, sha256)
  const roadmap = await database.inMunicipality(job.municipalityId, (tx) => roadmapById(tx, job.roadmapId))
  const result = await edge.read(bytes, roadmap?.period ? { period: roadmap.period } : {})
  if (!result.ok) return refuse(context, result.refusal)
  await tell(context, { step: 'found', count: result.value.activities.length })
  await keep(context, result.value)
}

/** Keeps what was read, and shows the summary or asks whether it is a newer version. */
async function keep(context: Context, draft: RoadmapDraft): Promise<void> {
  await inChat(
    context,
    ({ tx, say, municipality, now }, roadmap) =>
      importDraft(tx, roadmap, draft, {
        evidenceRequired: municipality.evidenceRequired,
        paperName: (paper) => say.plain(`roadmap.paper.${paper}`),
        now,
      }),
    showResult,
  )
}

async function refuse(context: Context, refusal: ReadingRefusal): Promise<void> {
  await inChat(context, (turn, roadmap) => markReading(turn.tx, roadmap.id, 'refused', refusal), showResult)
}

async function tell(context: Context, progress: Progress): Promise<void> {
  await inChat(
    context,
    async () => {},
    (turn, roadmap) => showProgress(turn, roadmap.id, progressScreen(turn.say, roadmap, progress)),
  )
}

/** The last screen of the reading takes the place of its progress. */
async function showResult(turn: Turn, roadmap: Roadmap): Promise<void> {
  const older =
    roadmap.reading === 'read' ? await likelyOlder(turn, roadmap, await activitiesOf(turn.tx, roadmap.id)) : null
  await showProgress(
    turn,
    roadmap.id,
    older ? versionQuestion(turn.say, roadmap, older) : await screenOf(turn, roadmap),
  )
  await endBoard(turn.tx, progressBoard(turn, roadmap.id))
}

type What = Pick<Turn, 'tx' | 'say' | 'municipality' | 'now'>

/**
 * In one transaction: does `work` if the draft still waits to be read, then `show`s it to the person in whose chat it is read. The work is done
 * also where that person is gone.
 */
async function inChat(
  { database, services, job }: Context,
  work: (what: What, roadmap: Roadmap) => Promise<void>,
  show: (turn: Turn, roadmap: Roadmap) => Promise<void>,
): Promise<void> {
  const { municipalityId, roadmapId, chat } = job
  const person = await database.asSystem((tx) => personAt(tx, { messenger: 'telegram', address: chat }))
  if (!person) {
    await database.inMunicipality(municipalityId, async (tx) => {
      const roadmap = await lockRoadmap(tx, roadmapId)
      const municipality = await municipalityById(tx, municipalityId)
      const now = services.now()
      const say = wordsOf(municipality.locale, localDate(now, municipality.timezone), municipality.timezone)
      if (roadmap?.reading === 'waiting') await work({ tx, say, municipality, now }, roadmap)
    })
    return
  }
  const of = { incoming: ownOccasion(chat, services), person, municipalityId, subject: null }
  await database.asSystem((tx) =>
    takeTurn(tx, services, of, async (turn) => {
      const roadmap = await lockRoadmap(turn.tx, roadmapId)
      if (roadmap?.reading !== 'waiting') return
      await work(turn, roadmap)
      const now = await roadmapById(turn.tx, roadmapId)
      if (now && may(turn.actor, 'manage-roadmaps', now)) await show(turn, now)
    }),
  )
}
