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
import { localDate, type PlainDate } from '../kernel/clock.ts'
import type { Municipality } from '../people/people.ts'

/** The tick of «Моя неделя»: a first board for whoever has open tasks, an edit where tasks changed or a day passed; in working hours only. */
export async function keepWeekBoards(database: Database, services: Services): Promise<void> {
  const now = services.now()
  const all = await database.asSystem((tx) => tx.select().from(municipalities))
  for (const municipality of all) {
    if (!isWithinHours(now, municipality.timezone, municipality.reminderSlot, municipality.workTo)) continue
    await database.inMunicipality(municipality.id, async (tx) => {
      const today = localDate(now, municipality.timezone)
      if (!workingCalendar(await overridesOf(tx, municipality.id)).isWorking(today)) return
      for (const reader of await staleReaders(tx, municipality, today))
        await showWeek(tx, services, municipality, reader, today)
    })
  }
}

type Reader = { personId: number; address: string; organizationIds: number[] }

/** The heads and deputies whose board is missing, older than a change of their tasks, or of an earlier day: by then a task may be late. */
async function staleReaders(tx: Tx, municipality: Municipality, today: PlainDate): Promise<Reader[]> {
  const rows = await tx.execute<{ person_id: string; address: string; organization_ids: string[] }>(sql`
    select m.person_id, a.address, array_agg(distinct m.organization_id)::text[] as organization_ids
      from memberships m
      join accounts a on a.person_id = m.person_id and a.state = 'reachable'
      left join boards b on b.person_id = m.person_id and b.municipality_id = m.municipality_id and b.kind = 'week' and b.chat = a.address
     where m.municipality_id = ${municipality.id} and m.ended_at is null and m.role in ('head', 'deputy')
       and case when b.id is null
             then exists (select from tasks t where t.organization_id = m.organization_id and t.state in ('planned', 'in_progress', 'blocked', 'returned'))
             else b.updated_at < (${today.toString()}::date)::timestamp at time zone ${municipality.timezone}
               or exists (select from tasks t where t.organization_id = m.organization_id and t.updated_at > b.updated_at) end
     group by m.person_id, a.address`)
  return rows.map((row) => ({
    personId: Number(row.person_id),
    address: row.address,
    organizationIds: row.organization_ids.map(Number),
  }))
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
