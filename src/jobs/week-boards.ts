import { sql } from 'drizzle-orm'
import { weekScreen } from '../bot/screens/week.ts'
import type { Services } from '../bot/services.ts'
import { wordsOf } from '../bot/words.ts'
import { isWithinHours } from '../calendar/slots.ts'
import { workingCalendar } from '../calendar/working-calendar.ts'
import { showBoard } from '../db/boards.ts'
import type { Database, Tx } from '../db/database.ts'
import { overridesOf } from '../db/reminders.ts'
import { municipalities } from '../db/schema/index.ts'
import { openTasks } from '../db/task-lists.ts'
import { type Instant, localDate, type PlainDate } from '../kernel/clock.ts'
import type { Municipality } from '../people/people.ts'
import { eachApart } from './each-apart.ts'

/** The tick of «Моя неделя»: a first board for whoever has open tasks, an edit where tasks changed or a day passed; in working hours only. */
export async function keepWeekBoards(database: Database, services: Services): Promise<void> {
  const now = services.now()
  const { awake, stale } = await database.asSystem(async (tx) => {
    const awake = (await tx.select().from(municipalities)).filter((municipality) => isAwake(municipality, now))
    return { awake, stale: await staleReaders(tx, awake, now) }
  })
  await eachApart(awake, async (municipality) => {
    const readers = stale.get(municipality.id)
    if (readers) await database.inMunicipality(municipality.id, (tx) => showWeeks(tx, services, municipality, readers))
  })
}

function isAwake(municipality: Municipality, now: Instant): boolean {
  return isWithinHours(now, municipality.timezone, municipality.reminderSlot, municipality.workTo)
}

async function showWeeks(tx: Tx, services: Services, municipality: Municipality, readers: Reader[]): Promise<void> {
  const today = localDate(services.now(), municipality.timezone)
  if (!workingCalendar(await overridesOf(tx, municipality.id)).isWorking(today)) return
  for (const reader of readers) await showWeek(tx, services, municipality, reader, today)
}

type Reader = { personId: number; address: string; organizationIds: number[] }

/**
 * The heads and deputies whose board is missing, hardly newer than a change of their tasks (which may have been committed after the board was made), or of an earlier day (by then a task may be late): one query
 * over all municipalities that are awake.
 */
async function staleReaders(tx: Tx, awake: Municipality[], now: Instant): Promise<Map<number, Reader[]>> {
  if (awake.length === 0) return new Map()
  const midnights = awake.map(({ timezone }) =>
    localDate(now, timezone).toZonedDateTime(timezone).toInstant().toString(),
  )
  const rows = await tx.execute<{
    municipality_id: string
    person_id: string
    address: string
    organization_ids: string[]
  }>(sql`
    select m.municipality_id, m.person_id, a.address, array_agg(distinct m.organization_id)::text[] as organization_ids
      from unnest(${sql.param(awake.map((municipality) => municipality.id))}::bigint[], ${sql.param(midnights)}::text[]) as w(municipality_id, midnight)
      join memberships m on m.municipality_id = w.municipality_id and m.ended_at is null and m.role in ('head', 'deputy')
      join accounts a on a.person_id = m.person_id and a.state = 'reachable'
      left join boards b on b.person_id = m.person_id and b.municipality_id = m.municipality_id and b.kind = 'week' and b.chat = a.address
     where case when b.id is null
             then exists (select from tasks t where t.organization_id = m.organization_id and t.state in ('planned', 'in_progress', 'blocked', 'returned'))
             else b.updated_at < w.midnight::timestamptz
               or exists (select from tasks t where t.organization_id = m.organization_id and t.updated_at > b.updated_at - interval '2 minutes') end
     group by m.municipality_id, m.person_id, a.address`)
  const readers = rows.map((row) => ({
    municipalityId: Number(row.municipality_id),
    personId: Number(row.person_id),
    address: row.address,
    organizationIds: row.organization_ids.map(Number),
  }))
  return Map.groupBy(readers, (reader) => reader.municipalityId)
}

async function showWeek(
  tx: Tx,
  services: Services,
  municipality: Municipality,
  reader: Reader,
  today: PlainDate,
): Promise<void> {
  const say = wordsOf(municipality.locale, today, municipality.timezone)
  const tasks = await openTasks(tx, reader)
  const board = {
    municipalityId: municipality.id,
    personId: reader.personId,
    kind: 'week',
    messenger: 'telegram' as const,
    chat: reader.address,
  }
  await showBoard(tx, services.enqueue, board, {
    screen: weekScreen(say, tasks, today),
    subject: { tasks: tasks.slice(0, 8).map((task) => task.id), view: 'week' },
    lane: 'reminder',
    now: services.now(),
  })
}
