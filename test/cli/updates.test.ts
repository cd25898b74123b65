import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { head } from '../sandbox/people.ts'
import { anOperatedEngine, type Operated } from '../support/operated.ts'

let operated: Operated
let app: Operated['app']
let sovet: Operated['sovet']

beforeAll(async () => {
  operated = await anOperatedEngine()
  ;({ app, sovet } = operated)
})
afterAll(() => operated.close())

/** Words that nobody could work on: as the program leaves them after the fifth try. */
async function setAside(updateId: number, text: string): Promise<void> {
  const { sql } = app.engine.database
  const chat = { id: head.id, type: 'private' }
  const message = { message_id: updateId, date: 1, from: { id: head.id, first_name: 'П' }, chat, text }
  const payload = JSON.stringify({ update_id: updateId, message })
  await sql`
    insert into inbox (messenger, update_id, chat, payload, state, attempts, failure, received_at)
    values ('telegram', ${updateId}, ${String(head.id)}, ${payload}::text::jsonb, 'set-aside', 5, 'TypeError src/somewhere.ts:1:1', now() - interval '1 hour')`
}

const stateOf = async (updateId: number) =>
  (await app.engine.database.sql`select state from inbox where update_id = ${updateId}`)[0]!.state
const effectsOf = async (updateId: number) =>
  (await app.engine.database.sql`select from effects where update_id = ${updateId}`).length

describe('sovet updates', () => {
  it('lists what was set aside, with the reason and without the words', async () => {
    await setAside(900_001, 'секретные слова')
    const { status, out } = await sovet('updates', 'aside', '--json')
    expect(status).toBe(0)
    expect(JSON.parse(out)).toEqual([
      {
        messenger: 'telegram',
        updateId: 900_001,
        kind: 'message',
        personId: null,
        attempts: 5,
        failure: 'TypeError src/somewhere.ts:1:1',
        receivedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      },
    ])
    const shown = await sovet('updates', 'aside')
    expect(shown.out).toContain('900001')
    expect(shown.out + out).not.toContain('секретные')
  })

  it('has one tried again: it is worked on once, however often it is asked', async () => {
    await setAside(900_002, 'ещё раз')
    const asked = await Promise.all([1, 2].map(() => sovet('updates', 'retry', '--id', '900002', '--json')))
    expect(asked.map((one) => one.status).sort()).toEqual([0, 1])
    await expect.poll(() => stateOf(900_002), { timeout: 15_000 }).toBe('done')
    expect(await sovet('updates', 'retry', '--id', '900002')).toMatchObject({
      status: 1,
      out: expect.stringContaining('Нет среди отложенных: 900002'),
    })
    expect(await effectsOf(900_002)).toBe(1)
    expect(await stateOf(900_001)).toBe('set-aside')
  })

  it('has all tried again, and the list is empty', async () => {
    expect(await sovet('updates', 'retry', '--all')).toMatchObject({
      status: 0,
      out: 'Попробуем ещё раз: 1.\n',
    })
    await expect.poll(() => stateOf(900_001), { timeout: 15_000 }).toBe('done')
    expect((await sovet('updates', 'aside')).out).toContain('Отложенных обновлений нет')
  })

  it('leaves alone what is left of somebody who was forgotten: there is nothing to be tried', async () => {
    await setAside(900_003, 'забыто')
    await app.engine.database
      .sql`update inbox set payload = '{}', chat = 'forgotten', failure = null where update_id = 900003`
    expect((await sovet('updates', 'aside')).out).toContain('Отложенных обновлений нет')
    expect(await sovet('updates', 'retry', '--all', '--json')).toMatchObject({ out: '{"waiting":[],"left":[]}\n' })
    expect(await stateOf(900_003)).toBe('set-aside')
  })

  it.each([
    [['updates']],
    [['updates', 'retry']],
    [['updates', 'retry', '--all', '--id', '1']],
    [['updates', 'retry', '--id', 'x']],
  ])('says what is wrong with «%s» in a line, with status 2', async (args) => {
    expect(await sovet(...args)).toMatchObject({ status: 2, out: '' })
  })
})
