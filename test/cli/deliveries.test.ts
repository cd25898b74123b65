import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { enqueueDeliveries } from '../../src/db/deliveries.ts'
import { head } from '../sandbox/people.ts'
import { aDelivery, NO_PACE } from '../support/engine.ts'
import { anOperatedEngine, type Operated } from '../support/operated.ts'

let operated: Operated
let app: Operated['app']
let sandbox: Operated['sandbox']
let sovet: Operated['sovet']

beforeAll(async () => {
  operated = await anOperatedEngine({ pace: { chatPace: NO_PACE } })
  ;({ app, sandbox, sovet } = operated)
})
afterEach(() => sandbox.faults.clear())
afterAll(() => operated.close())

const stateOf = async (id: number) =>
  (await app.engine.database.sql`select state from deliveries where id = ${id}`)[0]!.state
const got = (words: string) =>
  sandbox
    .as(head.id)
    .messages()
    .filter((message) => message.text === words).length

/** A message that the messenger refuses for good. */
async function aDeadDelivery(words: string): Promise<number> {
  const refusal = { ok: false, error_code: 400, description: "Bad Request: can't parse entities" }
  sandbox.faults.next(400, refusal, { method: 'sendMessage', chat: head.id })
  const [id] = await app.engine.database.asSystem((tx) => enqueueDeliveries(tx, [aDelivery(head.id, words)]))
  await expect.poll(() => stateOf(id!)).toBe('dead')
  return id!
}

describe('sovet deliveries (R8)', () => {
  it('lists every message that was given up, with its reason and without its words', async () => {
    const id = await aDeadDelivery('секретные слова')
    const { status, out } = await sovet('deliveries', 'dead', '--json')
    expect(status).toBe(0)
    expect(JSON.parse(out)).toMatchObject([
      {
        id,
        lane: 'answer',
        reason: 'answer',
        attempts: 1,
        failure: expect.stringContaining("can't parse"),
        uncertain: false,
      },
    ])
    const shown = await sovet('deliveries', 'dead')
    expect(shown.out).toContain("can't parse")
    expect(shown.out + out).not.toContain('секретные')
    await app.engine.database.sql`delete from deliveries where id = ${id}`
  })

  it('sends again what is asked for: once, however often it is asked', async () => {
    const id = await aDeadDelivery('ещё раз')
    const asked = await Promise.all([1, 2].map(() => sovet('deliveries', 'resend', '--id', String(id), '--json')))
    expect(asked.map((one) => one.status).sort()).toEqual([0, 1])
    await expect.poll(() => stateOf(id)).toBe('sent')
    expect(await sovet('deliveries', 'resend', '--id', String(id))).toMatchObject({
      status: 1,
      out: expect.stringContaining(`Не было в списке: ${id}`),
    })
    await app.settle()
    expect(got('ещё раз')).toBe(1)
  })

  it('sends all again, and the list is empty', async () => {
    for (const words of ['а', 'б']) await aDeadDelivery(words)
    expect(await sovet('deliveries', 'resend', '--all')).toMatchObject({ status: 0, out: 'Поставлено в очередь: 2.\n' })
    await app.settle()
    expect([got('а'), got('б')]).toEqual([1, 1])
    expect((await sovet('deliveries', 'dead')).out).toContain('Всё дошло')
  })

  it.each([
    [['deliveries']],
    [['deliveries', 'resend']],
    [['deliveries', 'resend', '--all', '--id', '1']],
    [['deliveries', 'resend', '--id', 'x']],
  ])('says what is wrong with «%s» in a line, with status 2', async (args) => {
    expect(await sovet(...args)).toMatchObject({ status: 2, out: '' })
  })
})
