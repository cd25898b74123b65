import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { notingRefusals } from '../../src/bot/note-refusals.ts'
import { createProcessor } from '../../src/bot/processor.ts'
import { parseUpdate } from '../../src/bot/telegram/update.ts'
import { createInvite } from '../../src/db/people.ts'
import type { Log } from '../../src/log.ts'
import { newInviteToken, WRONG_TOKENS } from '../../src/people/invite.ts'
import { flawIn, oddUpdates } from '../support/fuzz.ts'
import { aWorld, CAST, type World } from '../support/people.ts'
import { aMessage, aPress, nextUpdate, openWayIn, type WayIn } from '../support/raw-updates.ts'
import { fill, OF_THE_FIRST } from '../support/rivals.ts'

let world: World
let way: WayIn
beforeAll(async () => {
  world = await aWorld()
  await fill(world)
  way = openWayIn(world, 2)
})
afterAll(async () => {
  await way.close()
  await world.database.close()
})

/** Everything of the first municipality, as one figure. */
async function fingerprint(): Promise<string> {
  const { sql } = world.database
  const tables = await sql<{ name: string }[]>`
    select table_name as name from information_schema.columns where table_schema = 'public' and column_name = 'municipality_id'
       and table_name not in ('deliveries', 'dialogs', 'boards') order by 1`
  const parts = await Promise.all(
    tables.map(async ({ name }) => {
      const [row] = await sql.unsafe<{ digest: string }[]>(
        `select coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as digest from ${name} t where municipality_id = ${world.municipalityId}`,
      )
      return `${name} ${row!.digest}`
    }),
  )
  return parts.join('\n')
}

const shown = async () => {
  const rows = await world.database.sql<{ text: string | null; chat: string }[]>`
    select content #>> '{screen,text}' as text, chat from deliveries`
  return rows.map((row) => ({ chat: row.chat, text: row.text ?? '' }))
}

describe('S2: two thousand odd updates', () => {
  it('of strangers and of another municipality: nothing fails, nothing is changed, nothing is told of', async () => {
    const before = await fingerprint()
    const chats = ['777', '778', '901', '902', '903']
    const updates = oddUpdates({ seed: 2, count: 1400, chats, from: 1_000_000 })
    for (let from = 0; from < updates.length; from += 100)
      await way.bring(updates.slice(from, from + 100), (from / 100) % 2)
    await way.quiet()
    expect(way.failures).toEqual([])
    expect(await fingerprint()).toBe(before)
    const all = await shown()
    expect(all.length).toBeGreaterThan(100)
    expect(all.filter(({ text }) => flawIn(text) !== null)).toEqual([])
    expect(all.filter(({ text }) => OF_THE_FIRST.some((word) => text.includes(word)))).toEqual([])
    expect(all.filter(({ chat }) => Object.values(CAST).some((person) => person.chat === chat))).toEqual([])
  }, 120_000)

  it('of people of the municipality itself: nothing fails, and what they wrote is shown as they wrote it', async () => {
    const chats = Object.values(CAST).map(({ chat }) => chat)
    const updates = oddUpdates({ seed: 3, count: 600, chats, from: 2_000_000 })
    for (let from = 0; from < updates.length; from += 100)
      await way.bring(updates.slice(from, from + 100), (from / 100) % 2)
    await way.quiet()
    expect(way.failures).toEqual([])
    expect((await shown()).filter(({ text }) => flawIn(text) !== null)).toEqual([])
    const coordinators = await world.database.sql`
      select 1 from memberships where municipality_id = ${world.municipalityId} and role = 'coordinator' and ended_at is null`
    expect(coordinators.length).toBeGreaterThan(0)
  }, 120_000)
})

describe('F27: a forged button', () => {
  it.each`
    data                           | by       | action
    ${'td:1:1'}                    | ${'901'} | ${'td'}
    ${'ra:1'}                      | ${'503'} | ${'ra'}
    ${'nosuch:1'}                  | ${'503'} | ${'none of ours'}
    ${'\u0001\u0002Ветрова +7900'} | ${'503'} | ${'none of ours'}
  `(
    '«$data» is written down by its update’s number and action, without what else it holds',
    async ({ data, by, action }) => {
      const lines: object[] = []
      const log = { info: (facts: object) => void lines.push(facts) } as unknown as Pick<Log, 'info'>
      const process = notingRefusals(createProcessor(world.bot.services), log)
      const incoming = parseUpdate(aPress(by, 50, data, 4_000_000), world.clock.now)!
      await world.database.asSystem((tx) => process(tx, incoming))
      expect(lines).toEqual([{ update: 4_000_000, action }])
    },
  )
})

describe('F28: trying out invites', () => {
  const opens = (chat: string, token: string) => ({
    update_id: nextUpdate(),
    message: aMessage(chat, 1, { text: `/start ${token}`, entities: [{ type: 'bot_command', offset: 0, length: 6 }] }),
  })
  const told = async (chat: string) => {
    const rows = await world.database.sql<{ text: string }[]>`
      select content #>> '{screen,text}' as text from deliveries where chat = ${chat} order by id`
    return rows.map((row) => row.text)
  }
  const anInvite = (name = 'Орлова Мария Петровна') =>
    world.database.asSystem((tx) =>
      createInvite(tx, {
        municipalityId: world.municipalityId,
        organizationIds: [world.schools.first],
        role: 'head',
        personName: name,
        phone: null,
        invitedById: world.persons.olga,
        now: world.clock.now,
      }),
    )

  it('a thousand tries from a hundred accounts, on two replicas: five each at most, a brake for all, one word of it, and whoever is invited gets in', async () => {
    const { token } = await anInvite()
    const accounts = Array.from({ length: 100 }, (_, n) => String(20_000 + n))
    const tries = accounts.flatMap((chat) => Array.from({ length: 10 }, () => opens(chat, newInviteToken().token)))
    await Promise.all([
      way.bring(
        tries.filter((_, n) => n % 2 === 0),
        0,
      ),
      way.bring(
        tries.filter((_, n) => n % 2 === 1),
        1,
      ),
    ])
    await way.quiet()
    const rows = await world.database.sql<{ address: string; count: number }[]>`
      select address, count(*)::int as count from invite_attempts where address like '20___' group by 1`
    expect(Math.max(...rows.map((row) => row.count))).toBeLessThanOrEqual(WRONG_TOKENS.perAccount)
    const looked = rows.reduce((sum, row) => sum + row.count, 0)
    expect(looked).toBeLessThanOrEqual(WRONG_TOKENS.overall + accounts.length)
    const words = (await Promise.all(accounts.map(told))).flat()
    expect(words.length).toBeLessThanOrEqual(looked + accounts.length)
    expect(words.filter((text) => /Орлова|Мария|СОШ|Заречн/.test(text))).toEqual([])

    await way.bring([opens('30000', token)])
    await way.quiet()
    expect((await told('30000')).join()).toContain('Мария Петровна')
  }, 120_000)

  it.each([
    [
      'used',
      (id: number) =>
        world.database.sql`update invites set used_at = now(), used_by_id = ${world.persons.anna} where id = ${id}`,
    ],
    ['revoked', (id: number) => world.database.sql`update invites set revoked_at = now() where id = ${id}`],
    ['stale', (id: number) => world.database.sql`update invites set expires_at = '2026-01-01' where id = ${id}`],
  ])('one that is %s names nobody', async (state, spoil) => {
    await world.database.sql`delete from invite_attempts`
    const { inviteId, token } = await anInvite(`Тихая Ольга ${state}`)
    await spoil(inviteId)
    const chat = String(40_000 + inviteId)
    await way.bring([opens(chat, token)])
    await way.quiet()
    const words = await told(chat)
    expect(words).toHaveLength(1)
    expect(words[0]).not.toMatch(/Тихая|Ольга|СОШ|Заречн|Ветрова/)
  })
})
