import type { Instant } from '../kernel/clock.ts'
import { activitiesOf } from '../roadmaps/import-roadmap.ts'
import type { Register } from '../roadmaps/ports.ts'
import type { RoadmapDraft } from '../roadmaps/reading/draft.ts'
import type { Roadmap } from '../roadmaps/roadmap.ts'
import type { Tx } from './database.ts'
import { organizationsOfMunicipality } from './people.ts'
import { changeProgramme, keepReading, programmeOf, roadmapsOf } from './roadmaps.ts'

/** Keeps what was read in a document: its activities with named schools looked up in the register, and the usual programme. */
export async function importDraft(
  tx: Tx,
  roadmap: Pick<Roadmap, 'id' | 'municipalityId'>,
  draft: RoadmapDraft,
  given: Omit<Register, 'schools'> & { now: Instant },
): Promise<void> {
  const schools = await organizationsOfMunicipality(tx, roadmap.municipalityId, { kind: 'school' })
  const activities = activitiesOf(draft, { ...given, schools })
  await keepReading(tx, roadmap, { title: draft.title, period: draft.period, activities, now: given.now })
  await changeProgramme(tx, roadmap, await usualProgramme(tx, roadmap, schools), true)
}

/** The schools of the newest published roadmap, else all of the register: the coordinator takes out whom it is not for. */
async function usualProgramme(
  tx: Tx,
  { municipalityId }: Pick<Roadmap, 'municipalityId'>,
  schools: readonly { id: number }[],
): Promise<number[]> {
  const published = (await roadmapsOf(tx, municipalityId)).find(({ state }) => state === 'published')
  return published ? programmeOf(tx, published.id) : schools.map(({ id }) => id)
}
