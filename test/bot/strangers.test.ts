import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openIntake } from '../../src/bot/intake.ts'
import { createProcessor } from '../../src/bot/processor.ts'
import { addressOf, parseUpdate } from '../../src/bot/telegram/update.ts'
import { aWorld, CAST, type World } from '../support/people.ts'

const { pyotr } = CAST
let world: World
beforeAll(async () => {
  world = await aWorld()
})
afterAll(() => world.database.close())

/** An update as it comes, worked on by the whole bot. */
async function comes(update: object): Promise<void> {
  const { database, bot, clock } = world
  const intake = openIntake({
    database,
    edge: {
      messenger: 'telegram',
      addressOf,
      parse: (raw) => parseUpdate(raw, clock.now),
      answerTap: async () => {},
      showBusy: async () => {},
    },
    handle: createProcessor(bot.services),
    apology: () => ({ tapWords: '', delivery: null }),
    events: { handled: () => {}, failed: () => {}, setAside: () => {} },
  })
  await intake.accept([update])
  await expect.poll(() => intake.isIdle(), { interval: 10 }).toBe(true)
  await intake.close()
}
const message = (updateId: number, chat: { id: number; type: string }, what: object) => ({
  update_id: updateId,
  message: { message_id: 1, date: 1, from: { id: 777, first_name: 'Случайный' }, chat, ...what },
})

describe('of somebody who has agreed to nothing', () => {
  it.each([
    ['words', message(1, { id: 777, type: 'private' }, { text: 'моё имя Случайный' })],
    [
      'a phone number',
      message(2, { id: 777, type: 'private' }, { contact: { phone_number: '+79130000000', user_id: 777 } }),
    ],
    ['words in a group', message(3, { id: -100, type: 'supergroup' }, { text: 'разговор' })],
  ])('%s are not kept once they are answered', async (_, update) => {
    await comes(update)
    const kept = await world.database
      .sql`select state, payload::text as payload, chat from inbox where update_id = ${update.update_id}`
    expect(kept).toEqual([{ state: 'done', payload: '{}', chat: 'forgotten' }])
    const effects = await world.database.sql`select count(*)::int as count from deliveries`
    await comes(update)
    expect(await world.database.sql`select count(*)::int as count from deliveries`).toEqual(effects)
  })
})

describe('whoever could not be reached', () => {
  it('is reached again once they write, also where the news of it was lost', async () => {
    await world.database.sql`update accounts set state = 'blocked' where address = ${pyotr.chat}`
    await world.bot.write(pyotr.chat, 'здравствуйте')
    expect(await world.database.sql`select state from accounts where address = ${pyotr.chat}`).toEqual([
      { state: 'reachable' },
    ])
  })
})
