import { organizationsOfMunicipality } from '../../db/people.ts'
import { activitiesOf, programmeOf, roadmapById, roadmapsOf, sourceOf, taskFigures } from '../../db/roadmaps.ts'
import type { Screen } from '../../delivery/screen.ts'
import { refusalWords } from '../../documents/refusal-words.ts'
import { isLikelyVersion } from '../../roadmaps/compare.ts'
import { type Activity, doubtsOf, type Roadmap, unmatchedNames } from '../../roadmaps/roadmap.ts'
import { type CardFacts, refusedScreen, roadmapCard } from '../screens/roadmap.ts'
import { pasteScreen, progressScreen, whatIsItScreen } from '../screens/roadmap-reading.ts'
import type { Turn } from '../turn.ts'
import type { WordKey } from '../words.ts'

/** What of a turn the screens of roadmaps need. */
export type CardTurn = Pick<Turn, 'tx' | 'say' | 'municipality' | 'today'>

/** The screen of a roadmap as it stands: its card, how far the reading is, or why it could not be read. */
export async function screenOf(turn: CardTurn, roadmap: Roadmap): Promise<Screen> {
  if (roadmap.reading === 'read') return roadmapCard(turn.say, await cardFacts(turn, roadmap))
  if (roadmap.reading === 'refused') return refusedScreen(turn.say, roadmap, refusalText(turn, roadmap))
  if (roadmap.reading === 'undecided') return whatIsItScreen(turn.say, roadmap)
  if (roadmap.reading === 'collecting') {
    const source = await sourceOf(turn.tx, roadmap.id)
    return pasteScreen(turn.say, roadmap, source?.pastedText ?? '')
  }
  return progressScreen(turn.say, roadmap, { step: 'started' })
}

const OWN_REFUSALS: Record<string, WordKey> = {
  'not-fetched': 'roadmap.refused.notFetched',
  gone: 'roadmap.refused.gone',
  'too-big': 'roadmap.reading.tooLarge',
  'no-period': 'roadmap.refused.period',
}

/** Why a document could not be read: our own words, or those of the reader. Never markup. */
function refusalText(turn: CardTurn, { refusal }: Roadmap): string {
  const own = OWN_REFUSALS[refusal?.code ?? '']
  if (own) return turn.say(own)
  return refusalWords(refusal as Parameters<typeof refusalWords>[0])
}

async function cardFacts(turn: CardTurn, roadmap: Roadmap): Promise<CardFacts> {
  const { tx, municipality } = turn
  const activities = await activitiesOf(tx, roadmap.id)
  const schools = await organizationsOfMunicipality(tx, municipality.id, { kind: 'school' })
  const departments = await organizationsOfMunicipality(tx, municipality.id, { kind: 'department' })
  const counted = activities.filter(({ isWhole, leftOut }) => !isWhole && !leftOut)
  const doubtful = counted.filter((activity) => doubtsOf(activity).length > 0)
  const undated = counted.filter((activity) => !doubtful.includes(activity) && isUndated(activity))
  return {
    roadmap,
    zone: municipality.timezone,
    sections: new Set(activities.map(({ section }) => section)).size,
    activities: activities.length,
    settled: counted.length - doubtful.length - undated.length,
    doubtful: doubtful.length,
    undated: undated.length,
    leftOut: activities.filter(({ leftOut, isWhole }) => leftOut && !isWhole).length,
    wholes: activities.filter(({ isWhole }) => isWhole).length,
    unmatched: unmatchedNames(activities).length,
    programme: { chosen: (await programmeOf(tx, roadmap.id)).length, all: schools.length },
    hasDepartment: departments.length > 0,
    needsDepartment: counted.some(({ executors }) => executors.includes('municipal')),
    tasks: roadmap.state === 'draft' ? null : await taskFigures(tx, roadmap.id, turn.today),
    replaces: roadmap.replacesId === null ? null : await roadmapById(tx, roadmap.replacesId),
    maybeReplaces: await likelyOlder(turn, roadmap, activities),
  }
}

function isUndated({ schedule }: Activity): boolean {
  return schedule.windows.length === 0
}

/** The published roadmap of which a draft that replaces nothing yet is probably a newer version. */
export async function likelyOlder(
  turn: CardTurn,
  roadmap: Roadmap,
  activities: readonly Activity[],
): Promise<Roadmap | null> {
  if (roadmap.state !== 'draft' || roadmap.replacesId !== null) return null
  for (const older of await roadmapsOf(turn.tx, turn.municipality.id)) {
    if (older.state !== 'published') continue
    const before = { period: older.period, activities: await activitiesOf(turn.tx, older.id) }
    if (isLikelyVersion(before, { period: roadmap.period, activities })) return older
  }
  return null
}
