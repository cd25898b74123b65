import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Incoming } from '../../src/bot/incoming.ts'
import { openUpdate } from '../../src/bot/spoken-of.ts'
import { type Opening, openingOf, type Spot } from '../../src/db/opening.ts'
import { Temporal } from '../../src/kernel/clock.ts'
import { aWorld, type World } from '../support/people.ts'

let world: World
beforeAll(async () => {
  world = await aWorld()
})
afterAll(() => world.database.close())

const opening = (spot: Spot): Promise<Opening> => world.database.asSystem((tx) => openingOf(tx, spot))
const spotOf = (account: string, messageId: number | null = null): Spot => ({
  messenger: 'telegram',
  account,
  chat: account,
  messageId,
})

describe('an opening that was asked for ahead', () => {
  it.each([
    ['of the same spot is taken', (own: string) => spotOf(own), 'ahead'],
    ['of another message is asked for anew', (own: string) => spotOf(own, 7), 'anew'],
    ['of somebody else is asked for anew', (own: string) => ({ ...spotOf('999'), chat: own }), 'anew'],
    ['of another chat is asked for anew', (own: string) => ({ ...spotOf(own), chat: '-100' }), 'anew'],
  ])('%s', async (_, spot, expected) => {
    const [account] = await world.database.sql<[{ address: string }]>`select address from accounts order by id limit 1`
    const incoming = {
      updateId: 1,
      messenger: 'telegram',
      account: account.address,
      displayName: '',
      languageCode: null,
      chat: account.address,
      chatKind: 'private',
      threadId: null,
      at: Temporal.Now.instant(),
      kind: 'text',
      messageId: 5,
      text: 'готово',
      html: 'готово',
      replyTo: null,
      edited: false,
      forwarded: false,
      links: [],
    } satisfies Incoming
    const ahead = { spot: spot(account.address), opening: { ...(await opening(spotOf('999'))), person: null } }
    const found = await world.database.asSystem((tx) => openUpdate(tx, incoming, false, ahead))
    expect(found.person === null ? 'ahead' : 'anew').toBe(expected)
  })
})

describe('the places of an opening', () => {
  it('are the municipalities that the person belongs to now, and no other', async () => {
    const rows = await world.database.sql<{ address: string; municipalityId: number; ended: boolean }[]>`
      select a.address, m.municipality_id::int as "municipalityId", m.ended_at is not null as ended
        from accounts a join memberships m on m.person_id = a.person_id`
    expect(rows.length).toBeGreaterThan(1)
    for (const [address, own] of Map.groupBy(rows, (row) => row.address)) {
      const { places } = await opening(spotOf(address))
      const belongs = new Set(own.filter((row) => !row.ended).map((row) => row.municipalityId))
      expect(new Set(places.map(({ municipality }) => municipality.id))).toEqual(belongs)
    }
    expect((await opening(spotOf('999'))).places).toEqual([])
  })

  it('are no more those of a membership that has ended', async () => {
    const { database } = world
    const [one] = await database.sql<[{ address: string; personId: string }]>`
      select a.address, a.person_id as "personId" from accounts a join memberships m on m.person_id = a.person_id limit 1`
    await database.sql`update memberships set ended_at = now() where person_id = ${one.personId}`
    expect((await opening(spotOf(one.address))).places).toEqual([])
  })
})
