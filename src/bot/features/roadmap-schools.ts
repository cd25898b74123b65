import { createHash } from 'node:crypto'
import { addOrganization, organizationsOfMunicipality } from '../../db/people.ts'
import { activitiesOf, changeProgramme, programmeOf, settleSchoolName } from '../../db/roadmaps.ts'
import { shortName } from '../../documents/write/short-name.ts'
import type { Organization } from '../../people/people.ts'
import { matchSchool } from '../../roadmaps/match-schools.ts'
import { type Activity, type Roadmap, unmatchedNames } from '../../roadmaps/roadmap.ts'
import {
  addSchool,
  chooseSchool,
  markAllSchools,
  markSchool,
  openNames,
  openProgramme,
  skipName,
} from '../buttons-roadmap.ts'
import { numbersOf } from '../screens/roadmap.ts'
import { nameScreen, programmeScreen } from '../screens/roadmap-rows.ts'
import { type Feature, on, type Turn } from '../turn.ts'
import { screenOf } from './roadmap-card.ts'
import { holdRoadmap, reachRoadmap } from './roadmap-reach.ts'

/** How long a school's short name may be: buttons and lists must not wrap. */
const SHORT_NAME = 60

/** The schools of a roadmap: its programme by check marks, and the names of its document that the register does not know. */
export const roadmapSchools: Feature = {
  taps: [
    on(openProgramme, showProgramme),
    on(markSchool, async (turn, roadmapId, schoolId, wanted, page) => {
      const school = (await schoolsOf(turn)).find(({ id }) => id === schoolId)
      await mark(turn, roadmapId, school ? [school.id] : [], wanted, page)
    }),
    on(markAllSchools, async (turn, roadmapId, wanted, page) => {
      await mark(
        turn,
        roadmapId,
        (await schoolsOf(turn)).map(({ id }) => id),
        wanted,
        page,
      )
    }),
    on(openNames, showName),
    on(chooseSchool, (turn, roadmapId, key, schoolId) =>
      settle(turn, roadmapId, key, async () => (await schoolsOf(turn)).find(({ id }) => id === schoolId)?.id),
    ),
    on(addSchool, (turn, roadmapId, key) =>
      settle(turn, roadmapId, key, (name) =>
        addOrganization(turn.tx, {
          municipalityId: turn.municipality.id,
          kind: 'school',
          name,
          shortName: shortName(name, SHORT_NAME),
          now: turn.now,
        }),
      ),
    ),
    on(skipName, (turn, roadmapId, key) => settle(turn, roadmapId, key, async () => null)),
  ],
}

/** The schools of the register, by name. */
export function schoolsOf(turn: Pick<Turn, 'tx' | 'municipality'>): Promise<Organization[]> {
  return organizationsOfMunicipality(turn.tx, turn.municipality.id, { kind: 'school' })
}

async function showProgramme(turn: Turn, roadmapId: number, page: number): Promise<void> {
  const roadmap = await reachRoadmap(turn, roadmapId)
  if (!roadmap) return
  const chosen = new Set(await programmeOf(turn.tx, roadmapId))
  turn.show(programmeScreen(turn.say, { roadmap, schools: await schoolsOf(turn), chosen, page }), {
    roadmap: roadmapId,
  })
}

async function mark(turn: Turn, roadmapId: number, schoolIds: number[], wanted: number, page: number): Promise<void> {
  const roadmap = await holdRoadmap(turn, roadmapId)
  if (!roadmap) return
  await changeProgramme(turn.tx, roadmap, schoolIds, wanted === 1)
  await showProgramme(turn, roadmapId, page)
}

// -- names that the register does not know

/** A name as a button carries it. */
export function nameKey(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 12)
}

async function showName(turn: Turn, roadmapId: number, at: number): Promise<void> {
  const roadmap = await reachRoadmap(turn, roadmapId)
  if (!roadmap) return
  const activities = await activitiesOf(turn.tx, roadmapId)
  const names = unmatchedNames(activities)
  const position = Math.min(at, names.length - 1)
  const name = names[position]
  if (name === undefined) {
    turn.toast(turn.say.plain('roadmap.name.allDone'))
    return turn.show(await screenOf(turn, roadmap), { roadmap: roadmapId })
  }
  turn.show(await nameQuestion(turn, roadmap, activities, { name, position, count: names.length }), {
    roadmap: roadmapId,
  })
}

const MOST_CANDIDATES = 5

async function nameQuestion(
  turn: Turn,
  roadmap: Roadmap,
  activities: Activity[],
  asked: { name: string; position: number; count: number },
) {
  const schools = await schoolsOf(turn)
  const match = matchSchool(asked.name, schools)
  const ids = 'certain' in match ? [match.certain] : match.candidates.slice(0, MOST_CANDIDATES)
  return nameScreen(turn.say, {
    roadmap,
    name: asked.name,
    nameKey: nameKey(asked.name),
    position: asked.position + 1,
    count: asked.count,
    numbers: numbersOf(activities.filter(({ unmatchedSchools }) => unmatchedSchools.includes(asked.name))),
    candidates: ids.flatMap((id) => schools.find((school) => school.id === id) ?? []),
  })
}

/** Settles what a name means, in all activities that use it; a name that is settled already is passed over. */
async function settle(
  turn: Turn,
  roadmapId: number,
  key: string,
  choose: (name: string) => Promise<number | null | undefined>,
): Promise<void> {
  const roadmap = await holdRoadmap(turn, roadmapId)
  if (!roadmap) return
  const names = unmatchedNames(await activitiesOf(turn.tx, roadmapId))
  const at = names.findIndex((name) => nameKey(name) === key)
  const name = names[at]
  const schoolId = name === undefined ? undefined : await choose(name)
  if (name !== undefined && schoolId !== undefined) {
    await settleSchoolName(turn.tx, roadmapId, name, schoolId)
    if (schoolId !== null) await settleTwins(turn, roadmapId)
  }
  await showName(turn, roadmapId, Math.max(0, at))
}

/** A school that was just added may be the certain meaning of other spellings of its name. */
async function settleTwins(turn: Turn, roadmapId: number): Promise<void> {
  const schools = await schoolsOf(turn)
  for (const name of unmatchedNames(await activitiesOf(turn.tx, roadmapId))) {
    const match = matchSchool(name, schools)
    if ('certain' in match) await settleSchoolName(turn.tx, roadmapId, name, match.certain)
  }
}
