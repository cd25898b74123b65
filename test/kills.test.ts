import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../src/db/database.ts'
import { enqueueDeliveries } from '../src/db/deliveries.ts'
import { startEmbedded } from '../src/db/embedded.ts'
import { migrateDatabase } from '../src/db/migrate.ts'
import { webhookOf } from '../src/http/webhook.ts'
import type { Sandbox } from '../src/sandbox/sandbox.ts'
import { aSandbox, coordinator, head } from './sandbox/people.ts'
import { type Child, startChild } from './support/child.ts'
import { freshDatabase } from './support/database.ts'
import { aDelivery, EFFECTS } from './support/engine.ts'
import { runKills } from './support/kill-run.ts'

let sandbox: Sandbox
let database: Database
let url: string
let folder: string
let children: Child[]

beforeEach(async () => {
  url = await freshDatabase()
  database = openDatabase(url)
  await database.sql.unsafe(EFFECTS)
  sandbox = await aSandbox()
  await sandbox.as(head.id).start()
  folder = await mkdtemp(join(tmpdir(), 'sovet-kill-'))
  await chmod(folder, 0o755)
  children = []
})
afterEach(async () => {
  await Promise.all(children.map((child) => child.end('SIGKILL')))
  await database.close()
  await sandbox.close()
  await rm(folder, { recursive: true, force: true })
})

async function startBot(more: NodeJS.ProcessEnv = {}): Promise<{ child: Child; address: string }> {
  const child = startChild('echo-bot.ts', {
    BOT_TOKEN: sandbox.token,
    TELEGRAM_API_ROOT: sandbox.apiRoot,
    DATABASE_URL: url,
    DATA_DIR: folder,
    PORT: '0',
    TELEGRAM_RATE: '10000',
    LEASE_SECONDS: '1',
    ...more,
  })
  children.push(child)
  const [, address] = await child.said(/"address":"([^"]+)"[^\n]*"msg":"started"/)
  return { child, address: address! }
}

const words = (updateId: number, text: string, chat = head.id) => ({
  update_id: updateId,
  message: {
    message_id: updateId,
    date: 1,
    from: { id: chat, first_name: 'П' },
    chat: { id: chat, type: 'private' },
    text,
  },
})
const hook = { PUBLIC_URL: 'http://127.0.0.1:9' }

function post(address: string, update: object): Promise<Response> {
  const { path, secret } = webhookOf(sandbox.token, null)
  return fetch(address + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret },
    body: JSON.stringify(update),
  })
}

const effects = async () =>
  (await database.sql`select update_id from effects order by id`).map((row) => Number(row.update_id))
const states = async () =>
  (await database.sql`select state, uncertain from deliveries`).map((row) => `${row.state}${row.uncertain ? '?' : ''}`)

describe('F5: kill -9 between keeping an update and saying so', () => {
  it('has one effect when the update comes again', async () => {
    const first = await startBot(hook)
    const holder = openDatabase(url, { max: 1 })
    await holder.sql`select pg_advisory_lock(77)`
    const answer = post(first.address, words(1, 'долго')).catch(() => null)
    await expect.poll(async () => (await database.sql`select from inbox`).length).toBe(1)
    await first.child.end('SIGKILL')
    await answer
    await holder.close()
    expect(await effects()).toEqual([])
    const second = await startBot(hook)
    expect((await post(second.address, words(1, 'долго'))).status).toBe(200)
    await expect.poll(effects).toEqual([1])
    await expect.poll(states).toEqual(['sent'])
  })
})

describe('F6: kill -9 in the middle of a broadcast', () => {
  it('loses nothing; repeats at most what was in flight', async () => {
    const people = 300
    for (let n = 0; n < people; n++) sandbox.addPerson({ ...coordinator, id: 10_000 + n })
    for (let n = 0; n < people; n++) await sandbox.as(10_000 + n).start()
    sandbox.faults.delay(20)
    const first = await startBot({ ...hook, TELEGRAM_RATE: '100' })
    await database.asSystem((tx) =>
      enqueueDeliveries(
        tx,
        Array.from({ length: people }, (_, n) => aDelivery(10_000 + n, 'семинар', { lane: 'broadcast' })),
      ),
    )
    let child = first.child
    for (const share of [0.2, 0.5, 0.8]) {
      await expect.poll(() => sandbox.calls.all('sendMessage').length, { interval: 5 }).toBeGreaterThan(people * share)
      await child.end('SIGKILL')
      child = (await startBot({ ...hook, TELEGRAM_RATE: '100' })).child
    }
    await expect.poll(async () => (await states()).filter((state) => !state.startsWith('sent'))).toEqual([])
    const got = Array.from(
      { length: people },
      (_, n) =>
        sandbox
          .as(10_000 + n)
          .messages()
          .filter((message) => message.text === 'семинар').length,
    )
    expect(got.filter((count) => count === 0)).toEqual([])
    const repeats = got.reduce((sum, count) => sum + count - 1, 0)
    expect(repeats).toBeLessThanOrEqual(3 * 46)
  })
})

describe('kill -9 at moments of chance', () => {
  it('while days are planned, buttons pressed and messages sent by two replicas of the product: nothing is lost, nothing is done twice, no more is repeated than was in hand', async () => {
    const town = await aSandbox({ people: [], groups: [], keepCalls: 50_000 })
    try {
      // `npm run bench -- --only kills` kills 200 times.
      const size = { kills: 12, municipalities: 6, heads: 3, replicas: 2 }
      const run = await runKills({ database, url, folder, sandbox: town, seed: 20_260_301, ...size })
      expect({ lost: run.lost, wrong: run.wrong, leaks: run.leaks }).toEqual({ lost: [], wrong: [], leaks: [] })
      expect(run.repeated).toBeLessThanOrEqual(run.inHand)
      expect(Math.min(run.acknowledged, run.sent)).toBeGreaterThan(20)
    } finally {
      await town.close()
    }
  }, 180_000)
})

describe('F19: an update that ends the process', () => {
  it('is set aside after five tries; its chat goes on', async () => {
    await database.sql`
      insert into inbox (messenger, update_id, chat, payload, received_at)
      select 'telegram', n, ${String(head.id)}, case n when 1 then ${JSON.stringify(words(1, 'падение'))}::text::jsonb else ${JSON.stringify(words(2, 'дальше'))}::text::jsonb end, now() - interval '1 minute'
        from generate_series(1, 2) n`
    let deaths = 0
    for (; deaths < 6; deaths++) {
      const { child } = await startBot(hook)
      const ended = await Promise.race([
        child.ended.then(() => true),
        expect
          .poll(effects)
          .toEqual([2])
          .then(() => false),
      ])
      if (!ended) break
    }
    expect(await effects()).toEqual([2])
    expect(deaths).toBeLessThanOrEqual(5)
    expect(await database.sql`select state, failure from inbox where update_id = 1`).toMatchObject([
      { state: 'set-aside', failure: 'the process ended' },
    ])
  })
})

describe('F19: what was in hand beside that which ended the process', () => {
  /** Starts the bot again and again until it lives and `all` is done; gives how often it ended. */
  async function deathsUntil(all: () => Promise<boolean>, afterDeath = async () => {}): Promise<number> {
    for (let deaths = 0; ; deaths++) {
      const child = startChild('echo-bot.ts', {
        ...hook,
        BOT_TOKEN: sandbox.token,
        TELEGRAM_API_ROOT: sandbox.apiRoot,
        DATABASE_URL: url,
        DATA_DIR: folder,
        PORT: '0',
        LEASE_SECONDS: '1',
      })
      children.push(child)
      const lives = expect.poll(all, { timeout: 15_000 }).toBe(true)
      if (await Promise.race([child.ended.then(() => false), lives.then(() => true)])) return deaths
      lives.catch(() => {})
      await afterDeath()
    }
  }

  it('an update: is told apart; all others have their effect, and only the cause is set aside', async () => {
    // Twelve chats whose oldest update was in hand each of four times; the others wait for the lock, so that they are in hand the fifth time if anything is beside the cause.
    const holder = openDatabase(url, { max: 1 })
    await holder.sql`select pg_advisory_lock(77)`
    await database.sql`
      insert into inbox (messenger, update_id, chat, payload, attempts, received_at)
      select 'telegram', n, (500 + n)::text,
             jsonb_build_object('update_id', n, 'message', jsonb_build_object('message_id', n, 'date', 1, 'from', jsonb_build_object('id', 500 + n, 'first_name', 'П'),
               'chat', jsonb_build_object('id', 500 + n, 'type', 'private'), 'text', case n when 1 then 'падение' else 'долго' end)), 4, now() - interval '1 minute' + n * interval '1 second'
        from generate_series(12, 1, -1) n`
    const all = async () => (await database.sql`select from inbox where state = 'waiting'`).length === 0
    expect(await deathsUntil(all, () => holder.close())).toBe(1)
    const aside = await database.sql`select update_id from inbox where state = 'set-aside'`
    expect(aside).toEqual([{ update_id: '1' }])
    expect(await effects()).toHaveLength(11)
  }, 60_000)

  it('a message: is told apart; all others are sent, and only the cause is given up', async () => {
    for (let n = 0; n < 20; n++) {
      sandbox.addPerson({ ...coordinator, id: 10_000 + n })
      await sandbox.as(10_000 + n).start()
    }
    await database.asSystem((tx) =>
      enqueueDeliveries(
        tx,
        Array.from({ length: 20 }, (_, n) =>
          aDelivery(10_000 + n, 'семинар', { lane: 'broadcast', reason: n === 3 ? 'падение' : 'семинар' }),
        ),
      ),
    )
    const all = async () => (await states()).every((state) => !/queued|sending/.test(state))
    expect(await deathsUntil(all)).toBe(5)
    const rows = await database.sql`select reason, state, attempts from deliveries where state <> 'sent'`
    expect(rows).toEqual([{ reason: 'падение', state: 'dead', attempts: 5 }])
  }, 60_000)
})

describe('F35: SIGTERM under load', () => {
  it('finishes what is in hand, takes nothing new, and exits 0; nothing is sent twice', async () => {
    const people = 60
    for (let n = 0; n < people; n++) sandbox.addPerson({ ...coordinator, id: 10_000 + n })
    for (let n = 0; n < people; n++) await sandbox.as(10_000 + n).start()
    const { child, address } = await startBot(hook)
    sandbox.faults.delay(50)
    await database.asSystem((tx) =>
      enqueueDeliveries(
        tx,
        Array.from({ length: people }, (_, n) => aDelivery(10_000 + n, 'семинар', { lane: 'broadcast' })),
      ),
    )
    await Promise.all([1, 2, 3].map((n) => post(address, words(n, 'т'))))
    await expect.poll(() => sandbox.calls.all('sendMessage').length, { interval: 5 }).toBeGreaterThan(5)
    const began = performance.now()
    expect(await child.end('SIGTERM')).toBe(0)
    expect(performance.now() - began).toBeLessThan(10_000)
    expect((await states()).filter((state) => state.startsWith('sending'))).toEqual([])
    await startBot(hook)
    await expect.poll(async () => (await states()).every((state) => state === 'sent')).toBe(true)
    const got = Array.from(
      { length: people },
      (_, n) =>
        sandbox
          .as(10_000 + n)
          .messages()
          .filter((message) => message.text === 'семинар').length,
    )
    expect(new Set(got)).toEqual(new Set([1]))
    expect(await effects()).toEqual([1, 2, 3])
  })
})

describe('F7: PostgreSQL restarted under load', () => {
  it.each(['SIGINT', 'SIGQUIT'] as const)(
    'by %s: the process lives, says 503 meanwhile, loses nothing and goes on',
    async (signal) => {
      const pgFolder = join(folder, 'postgres')
      const server = await startEmbedded(pgFolder)
      await migrateDatabase(server.url)
      const own = openDatabase(server.url)
      await own.sql.unsafe(EFFECTS)
      await own.close()
      const { child, address } = await startBot({ ...hook, DATABASE_URL: server.url })
      const kept = new Set<number>()
      let next = 1
      let refused = 0
      let loading = true
      const load = async (chat: number) => {
        // their chats never began: the answers die, the effects count

        while (loading) {
          const update = next++
          for (let status = 0; status !== 200; ) {
            status = (await post(address, words(update, 'т', chat))).status
            if (status === 503) {
              refused += 1
              await new Promise((resolve) => setTimeout(resolve, 20))
            }
          }
          kept.add(update)
        }
      }
      const loads = [1, 2, 3, 4].map(load)
      await expect.poll(() => kept.size).toBeGreaterThan(20)
      process.kill(await postmasterOf(pgFolder), signal)
      await expect.poll(() => refused, { interval: 5 }).toBeGreaterThan(0)
      const again = await startEmbedded(pgFolder)
      const atRestart = kept.size
      await expect.poll(() => kept.size).toBeGreaterThan(atRestart + 20)
      loading = false
      await Promise.all(loads)
      const after = openDatabase(again.url)
      const done = async () =>
        (await after.sql`select update_id from effects`).map((row) => Number(row.update_id)).sort((a, b) => a - b)
      await expect.poll(async () => (await done()).length).toBeGreaterThanOrEqual(kept.size)
      expect(await done()).toEqual([...kept].sort((a, b) => a - b))
      await after.close()
      expect(await child.end('SIGTERM')).toBe(0)
      await again.stop()
    },
    60_000,
  )
})

async function postmasterOf(pgFolder: string): Promise<number> {
  const { readFile } = await import('node:fs/promises')
  return Number((await readFile(join(pgFolder, 'data', 'postmaster.pid'), 'utf8')).split('\n')[0])
}
