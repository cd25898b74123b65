import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import type { Incoming } from '../../src/bot/incoming.ts'
import { ownOccasion } from '../../src/bot/own-occasion.ts'
import { createProcessor } from '../../src/bot/processor.ts'
import { takeTurn } from '../../src/bot/take-turn.ts'
import { personAt } from '../../src/db/opening.ts'
import { aWorld, CAST, enters, type World } from '../support/people.ts'

const { olga, pyotr } = CAST
const worlds: World[] = []
let world: World
beforeEach(async () => {
  world = await aWorld()
  worlds.push(world)
})
afterAll(async () => {
  for (const one of worlds) await one.database.close()
})

const dialogOf = async (chat: string) => {
  const [row] = await world.database.sql<
    { kind: string }[]
  >`select state ->> 'kind' as kind from dialogs where chat = ${chat}`
  return row?.kind ?? null
}
const waitsFor = (chat: string, state: object, municipalityId = world.municipalityId) =>
  world.database
    .sql`insert into dialogs (messenger, chat, municipality_id, state, updated_at) values ('telegram', ${chat}, ${municipalityId}, ${JSON.stringify(state)}::text::jsonb, now())`

describe('what the bot waits for', () => {
  it('is not answered by an edit of an earlier message', async () => {
    const { database, bot, schools } = world
    await waitsFor(olga.chat, { kind: 'school-note', organizationId: schools.first })
    const edited = {
      ...ownOccasion(olga.chat, bot.services),
      kind: 'text',
      updateId: 9001,
      messageId: 17,
      text: 'старые слова, исправленные',
      html: '',
      replyTo: null,
      edited: true,
      forwarded: false,
      links: [],
    } as unknown as Incoming
    await database.asSystem((tx) => createProcessor(bot.services)(tx, edited))
    expect(await database.sql`select words from school_notes`).toEqual([])
    expect(await dialogOf(olga.chat)).toBe('school-note')

    await bot.write(olga.chat, 'в школе ремонт')
    expect(await database.sql`select words from school_notes`).toEqual([{ words: 'в школе ремонт' }])
  })

  it('is not answered in another municipality of the same person', async () => {
    const { database, bot, other, schools, clock } = world
    await database.asSystem((tx) =>
      enters(tx, {
        ...olga,
        municipalityId: other.municipalityId,
        organizationIds: [other.departmentId],
        now: clock.now,
      }),
    )
    await waitsFor(olga.chat, { kind: 'school-note', organizationId: schools.first })
    await bot.write(olga.chat, 'в школе ремонт')
    expect(await database.sql`select words from school_notes`).toEqual([])
    expect(await bot.words(olga.chat)).not.toContain('Записал')
  })

  it.each([
    ['later-day', 'later-day'],
    ['basket', null],
  ])('when a basket is closed by itself meanwhile, %s is then %s', async (kind, left) => {
    const { database, bot, municipalityId } = world
    await waitsFor(pyotr.chat, { kind, taskId: 1, reason: null })
    await database.asSystem(async (tx) => {
      const incoming = ownOccasion(pyotr.chat, bot.services)
      const person = await personAt(tx, { messenger: 'telegram', address: pyotr.chat })
      await takeTurn(tx, bot.services, { incoming, person: person!, municipalityId, subject: null }, async (turn) =>
        turn.forget(),
      )
    })
    expect(await dialogOf(pyotr.chat)).toBe(left)
  })
})
