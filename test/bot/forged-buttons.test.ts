import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { features } from '../../src/bot/features/index.ts'
import { aWorld, CAST, type World } from '../support/people.ts'

let world: World
beforeAll(async () => {
  world = await aWorld()
})
afterAll(() => world.database.close())

const CODES = features.flatMap((feature) => feature.taps ?? []).map((tap) => tap.code)
const part = fc.oneof(
  fc.integer({ min: 0, max: 12 }).map((id) => id.toString(36)),
  fc.constantFrom(
    '0',
    'zzzzzzzzzz',
    'name',
    'short',
    'note',
    'all',
    'head',
    'curator',
    'coordinator',
    'file',
    'letters',
    'off',
    'on',
    'usual',
  ),
  fc.constantFrom(
    'policy',
    'timezone',
    'hours',
    'usual',
    'strict',
    '0900',
    '2026-09-01',
    '0001-01-01',
    '9999-12-31',
    '',
  ),
)
const data = fc
  .tuple(fc.constantFrom(...CODES), fc.array(part, { maxLength: 3 }))
  .map(([code, parts]) => [code, ...parts].join(':'))
const words = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }).map((text) => text.replaceAll('\u0000', '') || '.'),
  fc.constantFrom(
    'Орлова Мария Петровна',
    'СОШ № 5',
    '1 сентября',
    'с 1 по 14 июля',
    'выходной 12 июня',
    '9:15',
    'за 3 дня',
    '-',
    'я'.repeat(5000),
    '<b>&"',
  ),
)
const step = fc.oneof(
  data.map((press) => ({ press })),
  words.map((write) => ({ write })),
)

describe('whatever is pressed and written, in whatever order', () => {
  it('nothing fails, no letter is left unescaped, the municipality keeps a coordinator, and nothing reaches the other one', async () => {
    const foreign = () => world.database.sql`
      select (select jsonb_agg(o order by o.id) from organizations o where o.municipality_id = m.id) as organizations, to_jsonb(m) as municipality,
             (select count(*)::int from memberships s where s.municipality_id = m.id) as memberships
        from municipalities m where m.id = ${world.other.municipalityId}`
    const before = await foreign()
    const chat = fc.constantFrom(CAST.olga.chat, CAST.irina.chat, CAST.pyotr.chat, '777')
    await fc.assert(
      fc.asyncProperty(chat, fc.array(step, { minLength: 1, maxLength: 8 }), async (who, steps) => {
        for (const one of steps) {
          if ('press' in one) await world.bot.press(who, one.press)
          else await world.bot.write(who, one.write)
          expect(await world.bot.words(who)).not.toMatch(/<(?!\/?(?:b|i|u|s|code|pre|a|blockquote)[ >])|undefined|\{\{/)
        }
      }),
      { numRuns: 120 },
    )
    expect(await foreign()).toEqual(before)
    const coordinators = await world.database.sql`
      select 1 from memberships where municipality_id = ${world.municipalityId} and role = 'coordinator' and ended_at is null`
    expect(coordinators.length).toBeGreaterThan(0)
  })
})
