import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addOrganization, createMunicipality } from '../../src/db/people.ts'
import { remind } from '../../src/jobs/remind.ts'
import { inRightTime } from '../../src/jobs/right-time.ts'
import { type Instant, localDate, localTime, systemClock, Temporal } from '../../src/kernel/clock.ts'
import { at } from '../support/builders.ts'
import { dice } from '../support/dice.ts'
import { aWorld, enters, type World } from '../support/people.ts'
import { givenTasks } from '../support/tasks.ts'

/** All zones of the country, and one whose clocks are moved. */
const ZONES = [
  'Europe/Kaliningrad',
  'Europe/Moscow',
  'Europe/Samara',
  'Asia/Yekaterinburg',
  'Asia/Omsk',
  'Asia/Krasnoyarsk',
  'Asia/Irkutsk',
  'Asia/Yakutsk',
  'Asia/Vladivostok',
  'Asia/Magadan',
  'Asia/Kamchatka',
  'Europe/Berlin',
]

type Place = { municipalityId: number; zone: string; chat: string }
type Told = { chat: string; at: Instant }

let world: World
let chats = 90_000
beforeAll(async () => {
  world = await aWorld()
})
afterAll(() => world.database.close())

/** A municipality in `zone` with one school and its head, and a task due on each of `dueOn`. */
async function aPlace(zone: string, dueOn: string[]): Promise<Place> {
  const { database } = world
  chats += 1
  const chat = String(chats)
  const place = await database.asSystem(async (tx) => {
    const now = at('2026-01-12T09:00:00Z')
    const { municipality } = await createMunicipality(tx, { name: chat, timezone: zone, departmentName: 'Отдел', now })
    const municipalityId = municipality.id
    const schoolId = await addOrganization(tx, {
      municipalityId,
      kind: 'school',
      name: 'Школа',
      shortName: 'Школа',
      now,
    })
    await enters(tx, { chat, name: 'Дальняя Анна', role: 'head', municipalityId, organizationIds: [schoolId], now })
    return { municipalityId, schoolId }
  })
  for (const day of dueOn) await givenTasks(world, { dueOn: day, ...place })
  return { municipalityId: place.municipalityId, zone, chat }
}

/** Lets the minute's tick come at each of these moments, twice at once (two replicas); gives when each reminder was made, by that clock. */
async function ticksAt(moments: Instant[]): Promise<Told[]> {
  const { database, bot } = world
  const told: Told[] = []
  let last = await newest()
  for (const now of moments) {
    world.clock.now = now
    await Promise.all([remind(database, bot.services), remind(database, bot.services)])
    const rows = await database.sql<{ id: string; chat: string }[]>`
      select id, chat from deliveries where id > ${last} and reason = 'reminder' order by id`
    told.push(...rows.map(({ chat }) => ({ chat, at: now })))
    last = Number(rows.at(-1)?.id ?? last)
  }
  return told
}

async function newest(): Promise<number> {
  const [row] = await world.database.sql<{ id: string }[]>`select coalesce(max(id), 0) as id from deliveries`
  return Number(row!.id)
}

/** Every `minutes` from one moment to another. */
function every(minutes: number, from: string, to: string): Instant[] {
  const moments: Instant[] = []
  for (let now = at(from); Temporal.Instant.compare(now, at(to)) < 0; now = now.add({ minutes })) moments.push(now)
  return moments
}

function localTimesOf(told: Told[], { chat, zone }: Place): string[] {
  return told
    .filter((one) => one.chat === chat)
    .map((one) => `${localDate(one.at, zone)} ${localTime(one.at, zone).toString({ smallestUnit: 'minute' })}`)
}

describe('F16: a clock that jumps', () => {
  it('reminds in every zone of the country once a day, in its own morning, never too early and never twice', async () => {
    const days = ['2026-03-10', '2026-03-11', '2026-03-12', '2026-03-13']
    const places = await Promise.all(ZONES.map((zone) => aPlace(zone, days)))
    const chance = dice(16)
    // Each half hour; at eight moments of chance the clock is wrong by an hour or a day, to either side, and is then put right.
    const moments = every(30, '2026-03-09T12:00:00Z', '2026-03-13T18:00:00Z').flatMap((now) => {
      if (chance() > 8 / 200) return [now]
      const hours = [-24, -1, 1, 24][Math.floor(chance() * 4)]!
      return [now, now.add({ hours }), now]
    })
    const told = await ticksAt(moments)
    for (const place of places) {
      const times = localTimesOf(told, place)
      expect(new Set(times.map((time) => time.slice(0, 10))).size, `twice in ${place.zone}: ${times}`).toBe(
        times.length,
      )
      for (const time of times)
        expect(time.slice(11) >= '09:00' && time.slice(11) < '18:00', `${place.zone} ${time}`).toBe(true)
      const kept = await world.database.sql<{ due: string; day: string }[]>`
        select t.due_on::text as due, min(r.day)::text as day from tasks t left join reminders r on r.task_id = t.id and r.reason = 'due'
         where t.municipality_id = ${place.municipalityId} group by t.id, t.due_on order by 1`
      expect(
        kept.map(({ due, day }) => [due, day]),
        place.zone,
      ).toEqual(days.map((day) => [day, day]))
    }
  })

  it.each`
    what                   | minutes  | plans    | because
    ${'right'}             | ${0}     | ${true}  | ${'nothing is wrong'}
    ${'three minutes off'} | ${-3}    | ${true}  | ${'clocks differ by a little'}
    ${'an hour ahead'}     | ${60}    | ${false} | ${'everybody would be reminded too early'}
    ${'an hour behind'}    | ${-60}   | ${false} | ${'another replica is right'}
    ${'a day ahead'}       | ${1440}  | ${false} | ${'tomorrow’s slot would be used up'}
    ${'a day behind'}      | ${-1440} | ${false} | ${'yesterday is over'}
  `('a replica whose clock is $what beside the database plans: $plans, $because', async ({ minutes, plans }) => {
    const ran: Instant[] = []
    const alarms: string[] = []
    const tick = { name: 'a', run: async (now: Instant) => void ran.push(now) }
    const now = systemClock.now().add({ minutes })
    await inRightTime(tick, world.database, (what) => alarms.push(what)).run(now)
    expect([ran, alarms]).toEqual(plans ? [[now], []] : [[], ['clock-differs']])
  })

  it.each`
    what                                   | zone               | day             | from                      | to
    ${'goes forward over the slot (2:30)'} | ${'Europe/Berlin'} | ${'2026-03-29'} | ${'2026-03-28T22:00:00Z'} | ${'2026-03-29T12:00:00Z'}
    ${'goes back over the slot (2:30)'}    | ${'Europe/Berlin'} | ${'2026-10-25'} | ${'2026-10-24T22:00:00Z'} | ${'2026-10-25T12:00:00Z'}
  `('where the local time $what, the slot comes once', async ({ zone, day, from, to }) => {
    const place = await aPlace(zone, [day])
    const { sql } = world.database
    await sql`update municipalities set reminder_slot = '02:30', work_from = '02:00' where id = ${place.municipalityId}`
    await sql`insert into calendar_overrides (municipality_id, day, working) values (${place.municipalityId}, ${day}, true)`
    const told = localTimesOf(await ticksAt(every(10, from, to)), place)
    expect(told.map((time) => time.slice(0, 10))).toEqual([day])
    expect(told[0]!.slice(11) >= '02:30').toBe(true)
  })
})
