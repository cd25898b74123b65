import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { App } from '../../src/app.ts'
import { enqueueDeliveries } from '../../src/db/deliveries.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { aSandbox, head } from '../sandbox/people.ts'
import { freshDatabase } from '../support/database.ts'
import { aDelivery, EFFECTS, settings, startEngine } from '../support/engine.ts'

let folder: string
let url: string
let sandbox: Sandbox
let app: App
let forget: () => Promise<void>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sovet-test-cli-'))
  url = await freshDatabase()
  sandbox = await aSandbox()
  await sandbox.as(head.id).start()
  const set = await settings({ databaseUrl: url, token: sandbox.token, apiRoot: sandbox.apiRoot })
  forget = set.forget
  app = await startEngine(set.config, { pace: { chatPace: NO_PACE } })
  await app.engine.database.sql.unsafe(EFFECTS)
  // So that the answer to /start takes no fault that is meant for another.
  const waiting = async () => (await app.engine.database.sql`select from inbox where state <> 'done'`).length
  await vi.waitUntil(async () => (await waiting()) === 0, { timeout: 15_000 })
  await app.settle()
})
afterEach(() => sandbox.faults.clear())
afterAll(async () => {
  await app.close()
  await sandbox.close()
  await forget()
  await rm(folder, { recursive: true, force: true })
})

const none = { everySeconds: 0, answersAheadSeconds: 0 }
const NO_PACE = { private: none, group: none }

/** Runs `sovet` as a process of its own against the test's database. */
function sovet(...args: string[]): Promise<{ status: number; out: string; error: string }> {
  return new Promise((resolve) => {
    const env = { PATH: process.env.PATH, HOME: folder, DATABASE_URL: url, DATA_DIR: folder }
    execFile(process.execPath, ['src/cli/main.ts', ...args], { env }, (problem, out, error) => {
      resolve({ status: problem ? Number(problem.code) : 0, out, error })
    })
  })
}

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
