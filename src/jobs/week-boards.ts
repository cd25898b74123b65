import { weekScreen } from '../bot/screens/week.ts'
import type { Services } from '../bot/services.ts'
import { wordsOf } from '../bot/words.ts'
import { showBoards } from '../db/boards.ts'
import type { Database, Tx } from '../db/database.ts'
import { municipalitiesByIds } from '../db/people.ts'
import { openTasksOfEach } from '../db/task-lists.ts'
import { municipalitiesInHours, staleWeekReaders, type WeekReader } from '../db/week-boards.ts'
import { type Instant, localDate, type PlainDate, Temporal } from '../kernel/clock.ts'
import type { Municipality } from '../people/people.ts'
import type { Task } from '../tasks/task.ts'
import { calendarsOf } from './due-slots.ts'
import { inBatches } from './each-apart.ts'

/** Municipalities whose boards are made in one transaction: in the morning all of their heads have tasks that are loaded. */
const MUNICIPALITIES_AT_ONCE = 10

/** What one look at the boards leaves for the next: when it was, and which municipalities were in their hours on which day. */
export type WeekLook = { at: Instant; awake: ReadonlySet<string> }

/** The tick of «Моя неделя» of one process, which remembers its last look. */
export function weekBoards(database: Database, services: Services): () => Promise<void> {
  let last: WeekLook | null = null
  return async () => {
    last = await keepWeekBoards(database, services, last)
  }
}

/**
 * A first board for whoever has open tasks, an edit where tasks changed or a day passed; in working hours only. After the look `last` only those are
 * looked at whose tasks changed since, or whose municipality began its day; without one, or after a clock that was put back, all. Gives the look for the next time.
 */
export async function keepWeekBoards(
  database: Database,
  services: Services,
  last: WeekLook | null = null,
): Promise<WeekLook> {
  const now = services.now()
  const before = last && Temporal.Instant.compare(last.at, now) <= 0 ? last : null
  const { awake, stale } = await database.asSystem(async (tx) => {
    const awake = await awakeMunicipalities(tx, now)
    const woken = [...awake].filter(([, day]) => !before?.awake.has(day)).map(([id]) => id)
    return { awake, stale: await staleWeekReaders(tx, { woken, since: before?.at ?? now, now }) }
  })
  const readers = Map.groupBy(
    stale.filter(({ municipalityId }) => awake.has(municipalityId)),
    ({ municipalityId }) => municipalityId,
  )
  await inBatches([...readers.values()], MUNICIPALITIES_AT_ONCE, (batch) =>
    database.asSystem((tx) => showWeeks(tx, services, batch.flat())),
  )
  return { at: now, awake: new Set(awake.values()) }
}

/** The municipalities that work at this hour of this day, each with the name of its day. */
async function awakeMunicipalities(tx: Tx, now: Instant): Promise<Map<number, string>> {
  const inHours = await municipalitiesInHours(tx, now)
  const calendars = await calendarsOf(
    tx,
    inHours.map(({ id }) => id),
  )
  const working = inHours.filter(({ id, day }) => calendars(id).isWorking(day))
  return new Map(working.map(({ id, day }) => [id, `${id} on ${day}`]))
}

async function showWeeks(tx: Tx, services: Services, readers: WeekReader[]): Promise<void> {
  const found = await municipalitiesByIds(tx, [...new Set(readers.map(({ municipalityId }) => municipalityId))])
  const municipalities = new Map(found.map((municipality) => [municipality.id, municipality]))
  const tasks = await openTasksOfEach(tx, readers)
  const now = services.now()
  const shows = readers.map((reader) => ({
    board: {
      municipalityId: reader.municipalityId,
      personId: reader.personId,
      kind: 'week',
      messenger: 'telegram' as const,
      chat: reader.address,
    },
    view: weekView(municipalities.get(reader.municipalityId)!, tasks.get(reader) ?? [], now),
  }))
  await showBoards(tx, services.enqueue, shows)
}

function weekView(municipality: Municipality, tasks: Task[], now: Instant) {
  const today: PlainDate = localDate(now, municipality.timezone)
  const say = wordsOf(municipality.locale, today, municipality.timezone)
  return {
    screen: weekScreen(say, tasks, today),
    subject: { tasks: tasks.slice(0, 8).map((task) => task.id), view: 'week' },
    lane: 'reminder' as const,
    now,
  }
}
