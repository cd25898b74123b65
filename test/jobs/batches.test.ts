import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase, type Tx } from '../../src/db/database.ts'
import { addOrganization, createMunicipality } from '../../src/db/people.ts'
import { takeSlots } from '../../src/db/reminders.ts'
import { sendDigests } from '../../src/jobs/digest.ts'
import { inBatches } from '../../src/jobs/each-apart.ts'
import { remind } from '../../src/jobs/remind.ts'
import { at, day } from '../support/builders.ts'
import { aWorld, enters, type World } from '../support/people.ts'
import { givenTasks } from '../support/tasks.ts'

const worlds: World[] = []
let world: World
beforeEach(async () => {
  world = await aWorld()
  worlds.push(world)
})
afterAll(async () => {
  for (const one of worlds) await one.database.close()
})

type Place = { municipalityId: number; schoolId: number; chat: string }

/** Municipalities of these zones, each with a school, its head and a coordinator who looks after it. */
async function places(zones: string[]): Promise<Place[]> {
  return world.database.asSystem(async (tx) => {
    const made: Place[] = []
    for (const [index, timezone] of zones.entries()) made.push(await aPlace(tx, index, timezone))
    return made
  })
}

async function aPlace(tx: Tx, index: number, timezone: string): Promise<Place> {
  const now = world.clock.now
  const name = `Район № ${index}`
  const { municipality, departmentId } = await createMunicipality(tx, { name, timezone, departmentName: 'Отдел', now })
  const municipalityId = municipality.id
  const schoolId = await addOrganization(tx, { municipalityId, kind: 'school', name: 'Школа', shortName: 'Школа', now })
  const chat = String(7000 + index)
  const who = { municipalityId, now, name: 'Лугова Анна Сергеевна' }
  await enters(tx, { ...who, chat, role: 'head', organizationIds: [schoolId] })
  await enters(tx, { ...who, chat: `${chat}1`, role: 'coordinator', organizationIds: [departmentId] })
  return { municipalityId, schoolId, chat }
}

const OMSK = Array.from({ length: 6 }, () => 'Asia/Omsk')

async function dueEverywhere(all: Place[], dueOn: string): Promise<void> {
  for (const place of all) await givenTasks(world, { ...place, dueOn })
}
const tick = (now: string, database = world.database) => {
  world.clock.now = at(now)
  return remind(database, world.bot.services)
}
/** The chats that a message of this kind was made for, as often as there is one. */
const told = async (reason: string) => {
  const rows = await world.database.sql`select chat from deliveries where reason = ${reason} order by chat::bigint`
  return rows.map((row) => row.chat)
}
const breakFor = (table: string, municipalityId: number) =>
  world.database.sql.unsafe(`
    create function break_it() returns trigger language plpgsql as $$ begin raise exception 'broken'; end $$;
    create trigger break_it before insert on ${table} for each row when (new.municipality_id = ${municipalityId}) execute function break_it()`)
const mend = () => world.database.sql.unsafe('drop function break_it cascade')

describe('the reminders of a batch of municipalities', () => {
  it('reach all but the one that fails, and that one when it is mended, nobody twice', async () => {
    const all = await places(OMSK)
    await dueEverywhere(all, '2026-03-10')
    await breakFor('reminders', all[2]!.municipalityId)
    await expect(tick('2026-03-10T03:30:00Z')).rejects.toThrow('1 of 8')
    expect(await told('reminder')).toEqual(['7000', '7001', '7003', '7004', '7005'])
    await mend()
    await tick('2026-03-10T03:31:00Z')
    expect(await told('reminder')).toEqual(['7000', '7001', '7002', '7003', '7004', '7005'])
  })

  it('are made once by two replicas that tick at the same moment', async () => {
    await dueEverywhere(await places(OMSK), '2026-03-10')
    const rival = openDatabase(urlOf(world))
    await Promise.all([tick('2026-03-10T03:30:00Z'), tick('2026-03-10T03:30:00Z', rival)])
    await rival.close()
    expect(await told('reminder')).toEqual(['7000', '7001', '7002', '7003', '7004', '7005'])
  })

  it('leave alone a slot that another replica took meanwhile', async () => {
    const all = await places(OMSK)
    await dueEverywhere(all, '2026-03-10')
    const now = at('2026-03-10T03:30:00Z')
    const taken = { municipality: { id: all[1]!.municipalityId }, day: day('2026-03-10') }
    let ticking: Promise<void> | undefined
    await world.database.asSystem(async (tx) => {
      expect(await takeSlots(tx, 'reminders', [taken], now)).toEqual([taken])
      ticking = tick('2026-03-10T03:30:00Z')
      await someoneWaits()
    })
    await ticking
    expect(await told('reminder')).toEqual(['7000', '7002', '7003', '7004', '7005'])
  })

  it('come in each zone at its own hour', async () => {
    await dueEverywhere(await places(['Europe/Kaliningrad', 'Asia/Omsk', 'Asia/Kamchatka']), '2026-03-10')
    await tick('2026-03-09T21:30:00Z') // 09:30 of the 10th on Kamchatka alone
    expect(await told('reminder')).toEqual(['7002'])
    await tick('2026-03-10T03:30:00Z')
    expect(await told('reminder')).toEqual(['7001', '7002'])
    await tick('2026-03-10T08:00:00Z')
    expect(await told('reminder')).toEqual(['7000', '7001', '7002'])
  })

  it('make up the days that each missed, and pass over one that does not work today', async () => {
    const all = await places(OMSK.slice(0, 3))
    await dueEverywhere(all, '2026-03-16')
    const [missed, , off] = all
    await world.database.sql`
      insert into slots (municipality_id, kind, day, done_at)
      select id, 'reminders', case id when ${missed!.municipalityId} then '2026-03-13'::date else '2026-03-17' end, now() from municipalities`
    await world.database.sql`insert into calendar_overrides values (${off!.municipalityId}, '2026-03-18', false)`
    await tick('2026-03-18T03:30:00Z') // one missed the day on which the task was due
    expect(await told('reminder')).toEqual(['7000'])
    const worked = await world.database
      .sql`select municipality_id::int as id from slots where day = '2026-03-18' order by 1`
    expect(worked.map((row) => row.id)).not.toContain(off!.municipalityId)
    expect(worked.map((row) => row.id)).toContain(all[1]!.municipalityId)
  })

  it('tell somebody of two municipalities of each in a message of its own', async () => {
    const [one, two] = await places(OMSK.slice(0, 2))
    await dueEverywhere([one!, two!], '2026-03-10')
    await world.database.sql`
      update memberships set person_id = (select person_id from accounts where address = '7000') where municipality_id = ${two!.municipalityId} and role = 'head'`
    await tick('2026-03-10T03:30:00Z')
    expect(await told('reminder')).toEqual(['7000', '7000'])
    const rows = await world.database.sql`select distinct municipality_id from deliveries where reason = 'reminder'`
    expect(rows).toHaveLength(2)
  })
})

describe('the digests of a batch of municipalities', () => {
  it('tell each coordinator of their own schools, and all but the one that fails', async () => {
    const all = await places(OMSK.slice(0, 3))
    await dueEverywhere(all, '2026-03-11')
    await givenTasks(world, { ...all[0]!, dueOn: '2026-03-02', count: 3 })
    await breakFor('deliveries', all[1]!.municipalityId)
    world.clock.now = at('2026-03-10T04:00:00Z') // the first working day of a week that begins with a day off
    await expect(sendDigests(world.database, world.bot.services)).rejects.toThrow('1 of 5')
    expect(await told('digest')).toEqual(['70001', '70021'])
    await mend()
    await sendDigests(world.database, world.bot.services)
    await sendDigests(world.database, world.bot.services)
    expect(await told('digest')).toEqual(['70001', '70011', '70021'])
    const texts = await world.database.sql`
      select content #>> '{screen,text}' as text from deliveries where reason = 'digest' order by chat`
    expect(texts[0]!.text).toContain('просрочено: <b>3</b>')
    expect(texts[1]!.text).not.toContain('просрочено: <b>3</b>')
  })
})

describe('work in batches', () => {
  it('does everything once where nothing fails, and the rest one by one where something does', async () => {
    const calls: number[][] = []
    const work = async (batch: readonly number[]) => {
      calls.push([...batch])
      if (batch.includes(4)) throw new Error(`not ${batch}`)
    }
    await expect(inBatches([1, 2, 3, 4, 5], 2, work)).rejects.toThrow('1 of 5')
    expect(calls).toEqual([[1, 2], [3, 4], [3], [4], [5]])
  })
})

function urlOf({ database }: World): string {
  const { host, port, user, pass, database: name } = database.sql.options
  return `postgres://${user}:${pass}@${host[0]}:${port[0]}/${name}`
}

/** Until a statement of this database waits for a lock. */
async function someoneWaits(): Promise<void> {
  for (;;) {
    const waiting = await world.database.sql`
      select from pg_locks l join pg_stat_activity a on a.pid = l.pid where a.datname = current_database() and not l.granted`
    if (waiting.length > 0) return
  }
}
