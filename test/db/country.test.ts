import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { countrySummary, foldTallies, recountedSummary } from '../../src/db/country.ts'
import { at } from '../support/builders.ts'
import { aWorld, type World } from '../support/people.ts'
import { givenTasks } from '../support/tasks.ts'

const NOW = at('2026-03-10T07:00:00Z')
const worlds: World[] = []
let world: World
beforeEach(async () => {
  world = await aWorld()
  worlds.push(world)
})
afterAll(async () => {
  for (const one of worlds) await one.database.close()
})

const run = (statement: string) => world.database.sql.unsafe(statement)
const fold = () => world.database.asSystem(foldTallies)
/** The summary, once it is sure that it is what a recount gives. */
async function summary() {
  const [kept, counted] = await world.database.asSystem(async (tx) => [
    await tx.execute('set transaction isolation level repeatable read').then(() => countrySummary(tx, NOW)),
    await recountedSummary(tx, NOW),
  ])
  const { lastChangeAt, ...figures } = kept!
  expect(figures).toEqual((({ lastChangeAt, ...others }) => others)(counted!))
  return kept!
}

describe('the summary of the country', () => {
  it('counts the tasks of all municipalities by what became of them', async () => {
    await givenTasks(world, { dueOn: '2026-03-01', count: 4 })
    await givenTasks(world, { dueOn: '2026-03-20', count: 3, ...world.other })
    await run(
      `update tasks set state = 'accepted' where id in (select id from tasks where due_on = '2026-03-01' limit 1)`,
    )
    await run(
      `update tasks set state = 'reported' where id in (select id from tasks where due_on = '2026-03-20' limit 2)`,
    )
    await run(
      `update activities set needs_approval = false where id in (select activity_id from tasks where state = 'reported' limit 1)`,
    )
    const { municipalities, schools, tasks, overdue, waiting, done } = await summary()
    expect({ municipalities, schools, overdue, waiting, done }).toEqual({
      municipalities: 2,
      schools: 3,
      overdue: 3,
      waiting: 1,
      done: 2,
    })
    expect(tasks).toMatchObject({ planned: 4, reported: 2, accepted: 1, cancelled: 0 })
  })

  it('is late by the day of each municipality', async () => {
    await givenTasks(world, { dueOn: '2026-03-10' }) // Omsk
    await givenTasks(world, { dueOn: '2026-03-10', ...world.other }) // Yakutsk
    const overdueAt = (now: string) =>
      world.database.asSystem(async (tx) => (await countrySummary(tx, at(now))).overdue)
    expect(await overdueAt('2026-03-10T14:30:00Z')).toBe(0)
    expect(await overdueAt('2026-03-10T15:30:00Z')).toBe(1)
    expect(await overdueAt('2026-03-10T18:30:00Z')).toBe(2)
  })

  it('equals a recount after whatever changes tasks, folded or not', async () => {
    const changes = [
      () => givenTasks(world, { dueOn: '2026-03-01', count: 5 }),
      () => givenTasks(world, { dueOn: '2026-03-15', count: 5, ...world.other }),
      ...['in_progress', 'blocked', 'reported', 'returned', 'reported', 'accepted', 'cancelled', 'planned'].map(
        (state) => () => run(`update tasks set state = '${state}', version = version + 1 where id % 2 = 0`),
      ),
      () => run(`update tasks set due_on = due_on + 7 where id % 3 = 0`),
      () => run(`update tasks set assignee_id = null`),
      () => run(`update tasks set state = 'reported' where id % 2 = 1`),
      () => run(`update activities set needs_approval = not needs_approval where id % 2 = 1`),
      () => run(`update roadmaps set state = 'archived'`),
      () => run(`update organizations set kind = 'centre' where kind = 'school' and id % 2 = 0`),
      () =>
        run(
          `update tasks set window_from = window_from - 1, activity_id = (select min(id) from activities a where a.municipality_id = tasks.municipality_id) where id in (select max(id) from tasks)`,
        ),
      () => run(`delete from tasks where id % 5 = 0`),
      () => run(`delete from activities where id % 4 = 1`),
      () => run(`delete from roadmaps where id in (select max(id) from roadmaps)`),
      () => run(`delete from memberships; delete from organizations where kind = 'school'`),
    ]
    for (const change of changes) {
      await change()
      await summary()
      await fold()
      await summary()
    }
    expect(await world.database.sql`select tasks from task_tallies where not folded`).toHaveLength(0)
  })

  it('equals a recount while many change tasks at once, and others fold', async () => {
    const ids = await givenTasks(world, { dueOn: '2026-03-01', count: 40 })
    const states = ['reported', 'accepted', 'returned', 'in_progress', 'planned']
    const heads = [0, 1, 2].map(async (who) => {
      for (let round = 0; round < 25; round++)
        await world.database.sql.begin(async (sql) => {
          for (const step of [0, 1, 2].map((step) => (who * 13 + round * 7 + step * 11) % ids.length).sort())
            await sql`update tasks set state = ${states[(round + step) % states.length]!}, updated_at = now() where id = ${ids[step]!}`
        })
    })
    const coordinator = (async () => {
      for (let round = 0; round < 25; round++)
        await world.database
          .sql`update activities set needs_approval = not needs_approval where id = (select activity_id from tasks where id = ${ids[round]!})`
    })()
    const folder = (async () => {
      for (let round = 0; round < 25; round++) await Promise.all([fold(), summary()])
    })()
    await Promise.all([...heads, coordinator, folder])
    await summary()
    await fold()
    await summary()
  })
})
