import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { keepWeekBoards, type WeekLook } from '../../src/jobs/week-boards.ts'
import { at } from '../support/builders.ts'
import { aWorld, CAST, enters, type World } from '../support/people.ts'
import { givenTasks } from '../support/tasks.ts'

const { pyotr, anna } = CAST
const worlds: World[] = []
let world: World
let last: WeekLook | null
beforeEach(async () => {
  world = await aWorld()
  worlds.push(world)
  last = null
  await givenTasks(world, { dueOn: '2026-03-12' })
  await givenTasks(world, { dueOn: '2026-03-12', schoolId: world.schools.second })
  await run(`update tasks set updated_at = '2026-03-09T07:00:00Z'`)
  await run(`update memberships set since = '2026-03-09T07:00:00Z'`)
})
afterAll(async () => {
  for (const one of worlds) await one.database.close()
})

const run = (statement: string) => world.database.sql.unsafe(statement)
/** The chats whose boards were sent or edited by the look at `now`. */
async function look(now: string): Promise<string[]> {
  world.clock.now = at(now)
  const [before] = await world.database.sql<{ id: number }[]>`select coalesce(max(id), 0)::int as id from deliveries`
  last = await keepWeekBoards(world.database, world.bot.services, last)
  const rows = await world.database.sql`select chat from deliveries where id > ${before!.id} order by chat`
  return rows.map((row) => row.chat)
}
/** Makes the boards differ from what they show, without any change of a task: who is looked at, is seen. */
const forgetWhatIsShown = () => run(`update boards set content_hash = '', updated_at = '2026-03-01T00:00:00Z'`)

describe('a look at the boards of the week', () => {
  it('makes all of them the first time, and afterwards only those whose tasks changed', async () => {
    expect(await look('2026-03-10T04:00:00Z')).toEqual([pyotr.chat, anna.chat])
    await forgetWhatIsShown()
    expect(await look('2026-03-10T04:01:00Z')).toEqual([])
    await run(
      `update tasks set state = 'in_progress', updated_at = '2026-03-10T04:01:30Z' where organization_id = ${world.schools.second}`,
    )
    expect(await look('2026-03-10T04:02:00Z')).toEqual([anna.chat])
  })

  it('makes all of them again on another day, and when the municipality wakes', async () => {
    expect(await look('2026-03-10T04:00:00Z')).toEqual([pyotr.chat, anna.chat])
    await forgetWhatIsShown()
    expect(await look('2026-03-10T14:00:00Z')).toEqual([]) // evening
    expect(await look('2026-03-11T02:59:00Z')).toEqual([])
    expect(await look('2026-03-11T03:00:00Z')).toEqual([pyotr.chat, anna.chat])
    await forgetWhatIsShown()
    expect(await look('2026-03-12T04:00:00Z')).toEqual([pyotr.chat, anna.chat]) // no look in the night
  })

  it('makes all of them where a day off became a working day, and none on a day off', async () => {
    expect(await look('2026-03-14T04:00:00Z')).toEqual([])
    await run(`insert into calendar_overrides values (${world.municipalityId}, '2026-03-14', true)`)
    expect(await look('2026-03-14T04:01:00Z')).toEqual([pyotr.chat, anna.chat])
  })

  it('makes one for somebody who came in since', async () => {
    await look('2026-03-10T04:00:00Z')
    await world.database.asSystem((tx) =>
      enters(tx, {
        chat: '777',
        name: 'Новая Нина Петровна',
        role: 'deputy',
        municipalityId: world.municipalityId,
        organizationIds: [world.schools.first],
        now: at('2026-03-10T04:00:30Z'),
      }),
    )
    expect(await look('2026-03-10T04:01:00Z')).toEqual(['777'])
  })

  it('passes over nothing when the clock is put back', async () => {
    await look('2026-03-12T04:00:00Z')
    await forgetWhatIsShown()
    expect(await look('2026-03-10T04:00:00Z')).toEqual([pyotr.chat, anna.chat])
  })
})
