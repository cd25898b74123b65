import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { letGo } from '../../src/db/staff.ts'
import { remind } from '../../src/jobs/remind.ts'
import { at } from '../support/builders.ts'
import { aWorld, CAST, type World } from '../support/people.ts'
import { givenTasks } from '../support/tasks.ts'

const { pyotr, irina } = CAST
const worlds: World[] = []
let world: World
beforeEach(async () => {
  world = await aWorld()
  worlds.push(world)
})
afterAll(async () => {
  for (const one of worlds) await one.database.close()
})

/** The reminders queued for a chat. */
const remindersOf = async (chat: string) =>
  world.database.sql`select id from deliveries where chat = ${chat} and reason = 'reminder'`
const tick = (now: string) => {
  world.clock.now = at(now)
  return remind(world.database, world.bot.services)
}

describe('a slot', () => {
  it('is worked on in each municipality, whatever goes wrong in another', async () => {
    const { database, municipalityId, other } = world
    await givenTasks(world, { dueOn: '2026-03-10' })
    await givenTasks(world, {
      dueOn: '2026-03-10',
      municipalityId: other.municipalityId,
      schoolId: other.schoolId,
      assigneeId: other.coordinatorId,
    })
    await database.sql.unsafe(`
      create function break_slot() returns trigger language plpgsql as $$ begin raise exception 'broken'; end $$;
      create trigger break_slot before insert on reminders for each row when (new.municipality_id = ${municipalityId}) execute function break_slot()`)
    await expect(tick('2026-03-10T03:30:00Z')).rejects.toThrow('1 of 2')
    expect(await remindersOf(other.chat)).toHaveLength(1)
    expect(await remindersOf(pyotr.chat)).toHaveLength(0)

    await database.sql.unsafe('drop trigger break_slot on reminders')
    await tick('2026-03-10T03:31:00Z')
    expect(await remindersOf(pyotr.chat)).toHaveLength(1)
    expect(await remindersOf(other.chat)).toHaveLength(1)
  })

  it('takes as many tasks as there are', async () => {
    await givenTasks(world, { dueOn: '2026-03-10', count: 12_000 })
    await tick('2026-03-10T03:30:00Z')
    expect(await remindersOf(pyotr.chat)).toHaveLength(1)
    expect(await world.database.sql`select count(*)::int as count from reminders`).toEqual([{ count: 12_000 }])
  })

  it('comes again when a clock that ran ahead is put right', async () => {
    await givenTasks(world, { dueOn: '2026-03-10' })
    await tick('2027-06-15T03:30:00Z')
    await world.database.sql`delete from deliveries`
    await tick('2026-03-10T03:30:00Z')
    expect(await remindersOf(pyotr.chat)).toHaveLength(1)
  })
})

describe('whoever does not belong to the municipality any more', () => {
  const leaves = (personId: number) =>
    world.database.inMunicipality(world.municipalityId, (tx) =>
      letGo(tx, { municipalityId: world.municipalityId, personId, now: world.clock.now }),
    )

  it('is not reminded in place of the head who is away', async () => {
    const { database, municipalityId, persons } = world
    await givenTasks(world, { dueOn: '2026-03-10' })
    await database.sql`insert into absences (municipality_id, person_id, from_day, until_day, deputy_id, created_at) values (${municipalityId}, ${persons.pyotr}, '2026-03-01', '2026-03-31', ${persons.irina}, now())`
    await leaves(persons.irina)
    await tick('2026-03-10T03:30:00Z')
    expect(await remindersOf(irina.chat)).toHaveLength(0)
    expect(await remindersOf(pyotr.chat)).toHaveLength(1)
  })

  it('leaves the tasks that were theirs to the school', async () => {
    await givenTasks(world, { dueOn: '2026-03-10', assigneeId: world.persons.irina })
    await leaves(world.persons.irina)
    await tick('2026-03-10T03:30:00Z')
    expect(await remindersOf(irina.chat)).toHaveLength(0)
    expect(await remindersOf(pyotr.chat)).toHaveLength(1)
  })
})
