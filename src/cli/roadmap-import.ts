import { basename, join } from 'node:path'
import { wordsOf } from '../bot/words.ts'
import type { Tx } from '../db/database.ts'
import { importDraft } from '../db/roadmap-imports.ts'
import { activitiesOf, createDraft, markKept } from '../db/roadmaps.ts'
import { readRoadmapSafely } from '../documents/read-safely.ts'
import { refusalWords } from '../documents/refusal-words.ts'
import { openDiskStore } from '../files/disk.ts'
import { BYTES_TO_TELL, fileKindOf } from '../files/kind.ts'
import { localDate, systemClock } from '../kernel/clock.ts'
import { InputProblem } from '../kernel/problem.ts'
import type { Municipality } from '../people/people.ts'
import type { RoadmapDraft } from '../roadmaps/reading/draft.ts'
import { type Activity, doubtsOf, unmatchedNames } from '../roadmaps/roadmap.ts'
import { municipalityTyped, withProduct } from './open-product.ts'
import { needed, print, readCall } from './options.ts'
import { bytesOf, counted, periodOf } from './roadmap.ts'

const USAGE = 'sovet roadmap import FILE --municipality "Заречный район" [--from YYYY-MM-DD --to YYYY-MM-DD] [--json]'

const OPTIONS = {
  municipality: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  json: { type: 'boolean' },
} as const

/** `sovet roadmap import`: reads a document into a draft, which the coordinator settles and publishes in the bot. */
export async function importRoadmap(args: string[]): Promise<number> {
  const { values, positionals } = readCall(args, OPTIONS, USAGE)
  const [file, ...more] = positionals
  if (file === undefined || more.length > 0)
    throw new InputProblem(`sovet roadmap import: нужен один файл, а дано: ${positionals.length}\n${USAGE}`)
  const typed = needed(values.municipality, 'municipality', USAGE)
  const period = periodOf(values.from, values.to)
  const bytes = await bytesOf(file)
  const roadmap = await readRoadmapSafely(bytes, period ? { period } : {})
  if (!roadmap.ok) throw new InputProblem(`${file}: ${refusalWords(roadmap.refusal)}`)
  return withProduct(async ({ database, config }) => {
    const municipality = await database.asSystem((tx) => municipalityTyped(tx, typed))
    const source = { name: basename(file), bytes, folder: join(config.dataDir, 'files') }
    const kept = await keptSource(municipality.id, source)
    const { roadmapId, activities } = await database.inMunicipality(municipality.id, (tx) =>
      keepDraft(tx, municipality, kept, roadmap.value),
    )
    print(values.json, factsOf(roadmapId, roadmap.value, activities), wordsFor(roadmapId, roadmap.value, activities))
    return 0
  })
}

type KeptSource = { name: string; sha256: string; size: number; mime: string }

async function keptSource(
  municipalityId: number,
  { name, bytes, folder }: { name: string; bytes: Uint8Array; folder: string },
): Promise<KeptSource> {
  const store = await openDiskStore(folder)
  const kept = await store.put(municipalityId, bytes)
  if (!kept.ok) throw new InputProblem(`DATA_DIR: the document could not be kept: ${kept.refusal.code}`)
  const { mime } = await fileKindOf(Buffer.from(bytes.subarray(0, BYTES_TO_TELL)), name)
  return { name, ...kept.value, mime }
}

async function keepDraft(
  tx: Tx,
  municipality: Municipality,
  source: KeptSource,
  draft: RoadmapDraft,
): Promise<{ roadmapId: number; activities: Activity[] }> {
  const now = systemClock.now()
  const say = wordsOf(municipality.locale, localDate(now, municipality.timezone), municipality.timezone)
  const roadmapId = await createDraft(tx, {
    municipalityId: municipality.id,
    source: { name: source.name, sha256: source.sha256 },
    reading: 'waiting',
    importedById: null,
    now,
  })
  const roadmap = { id: roadmapId, municipalityId: municipality.id }
  await markKept(tx, roadmap, { ...source, messengerFileId: null, at: now })
  await importDraft(tx, roadmap, draft, {
    evidenceRequired: municipality.evidenceRequired,
    paperName: (paper) => say.plain(`roadmap.paper.${paper}`),
    now,
  })
  return { roadmapId, activities: await activitiesOf(tx, roadmapId) }
}

function factsOf(roadmapId: number, { title, period }: RoadmapDraft, activities: Activity[]) {
  return {
    roadmapId,
    title,
    period: { from: period.from.toString(), to: period.to.toString() },
    activities: activities.length,
    doubtful: activities.filter((activity) => doubtsOf(activity).length > 0).length,
    unmatchedSchools: unmatchedNames(activities),
  }
}

function wordsFor(roadmapId: number, draft: RoadmapDraft, activities: Activity[]): string {
  const facts = factsOf(roadmapId, draft, activities)
  const lines = [
    `Черновик № ${roadmapId}: ${facts.title}`,
    `Прочитано: ${counted(facts.activities, 'мероприятие', 'мероприятия', 'мероприятий')}, нужен ответ координатора: ${facts.doubtful}.`,
    ...(facts.unmatchedSchools.length > 0 ? [`Нет в списке школ: ${facts.unmatchedSchools.join('; ')}`] : []),
    'Координатор найдёт черновик в боте: «Дорожные карты».',
  ]
  return lines.join('\n')
}
