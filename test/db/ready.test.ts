import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { widenToSystem } from '../../src/db/database.ts'
import { enterMunicipality } from '../../src/db/places.ts'
import { gap, ready } from '../../src/db/ready.ts'
import { municipalities, organizations } from '../../src/db/schema/index.ts'
import { Temporal } from '../../src/kernel/clock.ts'
import { aWorld, type World } from '../support/people.ts'

let world: World
beforeAll(async () => {
  world = await aWorld()
})
afterAll(() => world.database.close())

const schoolNamed = ready((db) =>
  db
    .select({ id: organizations.id, made: organizations.createdAt })
    .from(organizations)
    .where(eq(organizations.shortName, gap('name'))),
)

describe('a statement that is put together once', () => {
  it('is filled anew each time it is run, also twice at the same moment, and gives values as its columns are read', async () => {
    const found = await world.database.asSystem((tx) =>
      Promise.all(['СОШ № 1', 'Берёзовка', 'СОШ № 9', "'; drop table"].map((name) => schoolNamed(tx, { name }))),
    )
    const { first, second } = world.schools
    expect(found.map(([row]) => row?.id)).toEqual([first, second, world.other.schoolId, undefined])
    expect(found[0]![0]!.made).toBeInstanceOf(Temporal.Instant)
  })

  it('sees what its own transaction changed, and what it may see there', async () => {
    const { database, other } = world
    await expect(
      database.asSystem(async (tx) => {
        await tx.update(organizations).set({ shortName: 'Новая' }).where(eq(organizations.id, other.schoolId))
        expect(await schoolNamed(tx, { name: 'Новая' })).toMatchObject([{ id: other.schoolId }])
        throw new Error('taken back')
      }),
    ).rejects.toThrow('taken back')
    expect(await database.asSystem((tx) => schoolNamed(tx, { name: 'Новая' }))).toEqual([])
    const hidden = database.inMunicipality(world.municipalityId, (tx) => schoolNamed(tx, { name: 'СОШ № 9' }))
    expect(await hidden).toEqual([])
  })

  it('with a gap that is not filled is not run', async () => {
    const unfilled = world.database.asSystem((tx) => schoolNamed(tx, {} as { name: string }))
    await expect(unfilled).rejects.toThrow('name')
  })
})

describe('entering a municipality', () => {
  it('gives it with the days that it moved, and from then on shows nothing of another', async () => {
    const { database, municipalityId } = world
    await database.sql`insert into calendar_overrides (municipality_id, day, working) values (${municipalityId}, '2026-03-09', true)`
    const { entered, seen } = await database.asSystem(async (tx) => ({
      entered: await enterMunicipality(tx, municipalityId),
      seen: await tx.select({ id: municipalities.id }).from(municipalities),
    }))
    expect(entered.municipality).toMatchObject({ id: municipalityId, name: 'Заречный район', timezone: 'Asia/Omsk' })
    expect(entered.movedDays).toEqual([{ day: '2026-03-09', working: true }])
    expect(seen).toEqual([{ id: municipalityId }])
  })

  it('fails where there is none, and narrows nothing', async () => {
    await world.database.asSystem(async (tx) => {
      await expect(enterMunicipality(tx, 999_999)).rejects.toThrow('no municipality 999999')
      expect(await tx.select({ id: municipalities.id }).from(municipalities)).toHaveLength(2)
    })
  })

  it('is left again within the same transaction, with all that it changed', async () => {
    const settings = sql`select current_user = session_user as owner, current_setting('app.municipality') as municipality, current_setting('enable_seqscan') as seqscan`
    await world.database.asSystem(async (tx) => {
      await enterMunicipality(tx, world.municipalityId)
      const within = { owner: false, municipality: String(world.municipalityId), seqscan: 'off' }
      expect(await tx.execute(settings)).toMatchObject([within])
      await widenToSystem(tx)
      expect(await tx.execute(settings)).toMatchObject([{ owner: true, municipality: '', seqscan: 'on' }])
    })
  })

  it('reads no table whole by a plan from when it was empty, and leaves other transactions as they were', async () => {
    const { database, municipalityId } = world
    await database.sql`vacuum analyze reports` // so that it counts as empty
    const planOf = (tx: Parameters<Parameters<typeof database.asSystem>[0]>[0]) =>
      tx.execute<{ 'QUERY PLAN': string }>(sql`explain select id from reports where task_id = 5`)
    const whole = await database.asSystem(planOf)
    const within = await database.inMunicipality(municipalityId, planOf)
    const after = await database.asSystem(planOf)
    const readsWhole = (plan: Iterable<object>) => JSON.stringify([...plan]).includes('Seq Scan on reports')
    expect([readsWhole(whole), readsWhole(within), readsWhole(after)]).toEqual([true, false, true])
  })
})
