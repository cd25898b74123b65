import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { App, Features } from '../src/app.ts'
import { openDatabase } from '../src/db/database.ts'
import { enqueueDeliveries } from '../src/db/deliveries.ts'
import type { NewDelivery } from '../src/delivery/delivery.ts'
import { webhookOf } from '../src/http/webhook.ts'
import type { ApiCall } from '../src/sandbox/calls.ts'
import type { Sandbox } from '../src/sandbox/sandbox.ts'
import { aSandbox, coordinator, head, stranger } from './sandbox/people.ts'
import { freshDatabase } from './support/database.ts'
import { aDelivery, EFFECTS, type EngineOptions, settings, startEngine } from './support/engine.ts'
import { aWorld, CAST } from './support/people.ts'
import { nextUpdate, openWayIn } from './support/raw-updates.ts'

let sandbox: Sandbox
let apps: App[] = []
let cleanUps: (() => Promise<unknown> | unknown)[] = []

afterEach(async () => {
  for (const app of apps) await app.close()
  await sandbox.close()
  for (const cleanUp of cleanUps) await cleanUp()
  apps = []
  cleanUps = []
})

/** Quick enough that no test waits for a lease or a time-out of real life, slow enough that a busy machine does not run into them by itself. */
const QUICK = { callTimeoutMs: 3000, probeEveryMs: 100, leaseSeconds: 10 }

async function start(
  options: EngineOptions & {
    more?: NodeJS.ProcessEnv
    replicas?: number
    through?: (url: string) => Promise<string>
  } = {},
): Promise<App> {
  const { more, replicas = 1, through, ...rest } = options
  const url = await freshDatabase()
  const database = openDatabase(url)
  await database.sql.unsafe(EFFECTS)
  await database.close()
  sandbox = await aSandbox()
  const databaseUrl = through ? await through(url) : url
  for (let n = 0; n < replicas; n++) {
    const { config, forget } = await settings({
      databaseUrl,
      token: sandbox.token,
      apiRoot: sandbox.apiRoot,
      ...(more ? { more } : {}),
    })
    cleanUps.push(forget)
    apps.push(await startEngine(config, { pace: QUICK, ...rest }))
  }
  return apps[0]!
}

const enqueue = (app: App, ...deliveries: NewDelivery[]) =>
  app.engine.database.asSystem((tx) => enqueueDeliveries(tx, deliveries))
const rows = (app: App) =>
  app.engine.database.sql<
    { chat: string; state: string; attempts: number; failure: string | null; uncertain: boolean }[]
  >`
    select chat, state, attempts, failure, uncertain from deliveries order by id`
const settled = (app: App) =>
  expect
    .poll(async () => (await rows(app)).every((row) => !['queued', 'sending'].includes(row.state)), { interval: 25 })
    .toBe(true)
const sends = (chat?: number): ApiCall[] =>
  sandbox.calls.all('sendMessage').filter((call) => chat === undefined || call.chatId === chat)
/** People who have opened the chat, and the bot has greeted them. */
async function greeted(app: App, ...people: { id: number }[]): Promise<void> {
  for (const person of people) {
    await sandbox.as(person.id).start()
    await sandbox.as(person.id).waitFor('Здравствуйте')
  }
  await app.settle()
  sandbox.calls.clear()
}

async function aPersonIn(app: App, personId: number): Promise<number> {
  const [row] = await app.engine.database.sql<{ id: string }[]>`
    with p as (insert into persons (full_name, created_at) values ('Заречный', now()) returning id)
    insert into accounts (messenger, address, person_id, created_at) select 'telegram', ${String(personId)}, id, now() from p returning person_id as id`
  return Number(row!.id)
}

describe('F9: 429', () => {
  it('of one chat: that chat waits as long as it is told, the others do not, and it is no failed try', async () => {
    const app = await start()
    await greeted(app, head, coordinator)
    sandbox.faults.flood(3, { chat: head.id })
    await enqueue(app, aDelivery(head.id, 'а'), aDelivery(coordinator.id, 'б'))
    await settled(app)
    const [refused, again, ...more] = sends(head.id)
    expect([refused?.outcome, again?.outcome, more.length]).toEqual([429, 200, 0])
    expect(again!.startedAtMs - refused!.startedAtMs).toBeGreaterThanOrEqual(refused!.retryAfterSeconds! * 1000)
    expect(sends(coordinator.id)[0]!.startedAtMs).toBeLessThan(again!.startedAtMs)
    expect((await rows(app)).map((row) => [row.state, row.attempts])).toContainEqual(['sent', 1])
  })

  it('of all: broadcasts stop as long as told, answers go on', async () => {
    const app = await start()
    await greeted(app, head, coordinator, stranger)
    sandbox.faults.next429(5, { chat: head.id })
    sandbox.faults.next429(5, { chat: coordinator.id })
    const lane = 'broadcast'
    await enqueue(app, aDelivery(head.id, 'а', { lane }), aDelivery(coordinator.id, 'б', { lane }))
    await expect.poll(() => sends().length).toBe(2)
    await expect
      .poll(async () => (await app.engine.database.sql`select from send_budgets where lane = 2`).length)
      .toBe(1)
    await enqueue(app, aDelivery(stranger.id, 'семинар', { lane }), aDelivery(stranger.id, 'ответ'))
    await settled(app)
    const after = sends()
      .slice(2)
      .map((call) => [call.args.text, call.startedAtMs - sends()[1]!.startedAtMs >= 4900])
    expect(after[0]).toEqual(['ответ', false])
    expect(after.slice(1).every(([, waited]) => waited)).toBe(true)
    expect(after).toHaveLength(4)
  })
})

describe('F10: a failing API', () => {
  it.each<[string, () => void]>([
    [
      '500',
      () =>
        sandbox.faults.next(
          500,
          { ok: false, error_code: 500, description: 'Internal' },
          { method: 'sendMessage' },
          99,
        ),
    ],
    ['502 with a page', () => sandbox.faults.next(502, '<html>Bad Gateway</html>', { method: 'sendMessage' }, 99)],
    ['200 with a page', () => sandbox.faults.next(200, '<html>login</html>', { method: 'sendMessage' }, 99)],
  ])('%s: five tries at most, then the dead list with its reason', async (_, fail) => {
    const app = await start()
    await greeted(app, head)
    fail()
    await enqueue(app, aDelivery(head.id, 'а'))
    const hurried = setInterval(
      () => app.engine.database.sql`update deliveries set not_before = now() where state = 'queued'`.catch(() => {}),
      30,
    )
    await settled(app)
    clearInterval(hurried)
    expect(sends()).toHaveLength(5)
    expect((await rows(app)).at(-1)).toMatchObject({ state: 'dead', attempts: 5, failure: expect.any(String) })
  })

  it('that recovers gets the message', async () => {
    const app = await start()
    await greeted(app, head)
    sandbox.faults.next(500, 'oops', { method: 'sendMessage' }, 1)
    await enqueue(app, aDelivery(head.id, 'после сбоя'))
    await sandbox.as(head.id).waitFor('после сбоя')
  })
})

describe('F11: a message whose fate is unknown', () => {
  it.each<[string, () => void]>([
    ['the API took it and fell silent', () => sandbox.faults.hangAfterTaking(9, { method: 'sendMessage' })],
    ['the API took it and the line broke', () => sandbox.faults.cutAfterTaking(9, { method: 'sendMessage' })],
  ])('%s: repeated once at most, and marked', async (_, fail) => {
    const app = await start()
    await greeted(app, head)
    fail()
    await enqueue(app, aDelivery(head.id, 'вопрос'))
    await settled(app)
    expect(
      sandbox
        .as(head.id)
        .messages()
        .filter((message) => message.text === 'вопрос'),
    ).toHaveLength(2)
    expect((await rows(app)).at(-1)).toMatchObject({ state: 'dead', uncertain: true })
  })
})

describe('F12: an API that says nothing', () => {
  it('holds up no update, and loses none of the queue', async () => {
    const app = await start({ more: { PUBLIC_URL: 'http://127.0.0.1:9' } })
    sandbox.faults.hang(1000)
    await enqueue(
      app,
      ...Array.from({ length: 40 }, (_, n) => aDelivery(head.id + n * 1000, 'а', { lane: 'broadcast' })),
    )
    await expect.poll(() => app.dispatcher.standing()).not.toBeNull()
    const began = performance.now()
    await app.intake.accept([
      {
        update_id: 1,
        message: {
          message_id: 1,
          date: 1,
          from: { id: 5, first_name: 'П' },
          chat: { id: 5, type: 'private' },
          text: 'т',
        },
      },
    ])
    expect(performance.now() - began).toBeLessThan(5000)
    const dead = (await rows(app)).filter((row) => row.state === 'dead')
    expect(dead).toEqual([])
    sandbox.faults.clear()
    await expect.poll(() => app.dispatcher.standing()).toBeNull()
  })
})

describe('F13: a person who cannot be reached', () => {
  it.each<[string, string, () => unknown]>([
    ['who blocked the bot', 'blocked', () => sandbox.as(head.id).block()],
    ['whose account is gone', 'deactivated', () => sandbox.faults.deactivate(head.id)],
    ['whose chat is not found', 'not-found', () => sandbox.faults.forget(head.id)],
  ])('%s is told of once, and nothing else is tried', async (_, state, disappear) => {
    const told: [number, string][] = []
    const features: Partial<Features> = {
      onUnreachable: async (_tx, personId, why) => void told.push([personId, why]),
      handle: async () => ({}),
    }
    const app = await start({ features })
    await sandbox.as(head.id).start()
    await expect.poll(async () => (await app.engine.database.sql`select from inbox`).length).toBe(1)
    const personId = await aPersonIn(app, head.id)
    await disappear()
    sandbox.calls.clear()
    const lane = 'reminder'
    await enqueue(
      app,
      aDelivery(head.id, 'а', { lane, personId }),
      aDelivery(head.id, 'б', { lane, personId }),
      aDelivery(head.id, 'в', { personId, lane: 'broadcast' }),
    )
    await settled(app)
    expect(told).toEqual([[personId, state]])
    expect(sends()).toHaveLength(1)
    expect((await rows(app)).map((row) => row.state)).toEqual(['dead', 'cancelled', 'cancelled'])
    expect(await app.engine.database.sql`select state from accounts`).toMatchObject([{ state }])
  })

  it('and comes back is written to again', async () => {
    const world = await aWorld()
    cleanUps.push(world.database.close)
    const { chat } = CAST.pyotr
    const stateNow = async () =>
      (await world.database.sql`select state from accounts where address = ${chat}`)[0]!.state
    const way = openWayIn(world)
    cleanUps.unshift(way.close)
    const changes = (status: string) => ({
      update_id: nextUpdate(),
      my_chat_member: {
        from: { id: Number(chat), is_bot: false, first_name: 'Пётр' },
        chat: { id: Number(chat), type: 'private' },
        date: 1_773_000_000,
        new_chat_member: { status, user: { id: 1, is_bot: true, first_name: 'Совет' } },
      },
    })
    sandbox = await aSandbox()
    for (const [status, state] of [
      ['kicked', 'blocked'],
      ['member', 'reachable'],
    ] as const) {
      await way.bring([changes(status)])
      await way.quiet()
      expect(await stateNow()).toBe(state)
    }
  })
})

describe('F14: a group that became another chat', () => {
  it('gets the message once, there', async () => {
    const app = await start()
    const group = -4001
    sandbox.addGroup({ id: group, title: 'Школы', isForum: false, members: [head.id] })
    const moved = sandbox.faults.migrate(group)
    await enqueue(app, aDelivery(group, 'семинар'), aDelivery(group, 'ещё'))
    await settled(app)
    expect((await rows(app)).map((row) => [row.chat, row.state, row.attempts])).toEqual([
      [String(moved), 'sent', 1],
      [String(moved), 'sent', 1],
    ])
    expect(sandbox.calls.all('sendMessage').filter((call) => call.outcome === 200)).toHaveLength(2)
  })
})

describe('F15: a bot that is refused altogether', () => {
  it('revoked token: sending stops, health is red, the queue is kept, and it goes on by itself', async () => {
    const app = await start()
    await greeted(app, head)
    sandbox.faults.revokeToken()
    await enqueue(app, aDelivery(head.id, 'позже'))
    await expect.poll(async () => (await fetch(`${app.url}/readyz`)).status).toBe(503)
    expect(await (await fetch(`${app.url}/readyz`)).json()).toMatchObject({
      ok: false,
      missing: [expect.stringContaining('401')],
    })
    expect((await rows(app)).at(-1)).toMatchObject({ state: 'queued' })
    sandbox.faults.clear()
    await sandbox.as(head.id).waitFor('позже')
    await expect.poll(async () => (await fetch(`${app.url}/readyz`)).status).toBe(200)
  })

  it('somebody else polls: sending stops until they are gone', async () => {
    const app = await start()
    sandbox.faults.conflict(2)
    await expect.poll(() => app.dispatcher.standing()).toBe('409')
    await enqueue(app, aDelivery(head.id, 'потом'))
    await sandbox.as(head.id).start()
    await sandbox.as(head.id).waitFor('потом')
  })
})

describe('R7: poison in a broadcast', () => {
  it('keeps nobody else waiting; each has five tries at most and ends on the dead list with its reason', async () => {
    const beforeSend: NonNullable<Features['beforeSend']> = {
      cursed: async () => {
        throw new Error('always')
      },
    }
    const app = await start({ replicas: 2, features: { beforeSend, handle: async () => ({}) } })
    const people = Array.from({ length: 300 }, (_, n) => 10_000 + n)
    for (const id of people) await sandbox.addPerson({ ...coordinator, id }).start()
    await app.settle()
    sandbox.calls.clear()
    const [refused, failing, taken, cursed] = [10_050, 10_120, 10_200, 10_250] as const
    const bad = { ok: false, error_code: 400, description: "Bad Request: can't parse entities" }
    sandbox.faults.next(400, bad, { chat: refused, method: 'sendMessage' }, 99)
    sandbox.faults.next(500, 'oops', { chat: failing, method: 'sendMessage' }, 99)
    sandbox.faults.cutAfterTaking(99, { chat: taken, method: 'sendMessage' })
    const lane = 'broadcast'
    await enqueue(
      app,
      ...people.map((id) => aDelivery(id, 'семинар', { lane, ...(id === cursed ? { reason: 'cursed' } : {}) })),
    )
    await expect
      .poll(async () => (await rows(app)).filter((row) => row.state === 'sent').length, { timeout: 60_000 })
      .toBe(296)
    expect(sends(failing).length).toBeLessThan(5) // while it waits for its next try, everybody else has been served
    const hurry = () =>
      app.engine.database.sql`update deliveries set not_before = now() where state = 'queued'`.catch(() => {})
    const hurried = setInterval(hurry, 30)
    await settled(app).finally(() => clearInterval(hurried))
    const dead = (await rows(app)).filter((row) => row.state === 'dead')
    expect(dead.map((row) => [Number(row.chat), row.attempts])).toEqual([
      [refused, 1],
      [failing, 5],
      [taken, 2],
      [cursed, 5],
    ])
    expect(dead.every((row) => row.failure !== null)).toBe(true)
    const got = people.filter((id) => !dead.some((row) => Number(row.chat) === id)).map((id) => sends(id).length)
    expect(new Set(got)).toEqual(new Set([1]))
  }, 120_000)
})

describe('F18: two replicas', () => {
  it('take each update once, send each message once', async () => {
    const app = await start({ replicas: 2 })
    const phone = sandbox.as(head.id)
    await phone.start()
    await phone.waitFor('Здравствуйте')
    sandbox.faults.repeatUpdates(5, 3)
    for (let n = 0; n < 5; n++) await phone.send(`слово ${n}`)
    await expect.poll(() => phone.messages().filter((message) => message.text.startsWith('слово')).length).toBe(10)
    await enqueue(apps[1]!, aDelivery(coordinator.id, 'от второй'))
    await Promise.all(apps.map((one) => one.settle()))
    expect(await app.engine.database.sql`select from effects`).toHaveLength(6)
    expect(phone.messages().filter((message) => message.text.startsWith('слово'))).toHaveLength(10)
  })
})

describe('a claim that takes long', () => {
  it('has the plans made anew, and what it claims is sent once', async () => {
    const app = await start()
    await greeted(app, head)
    const { sql } = app.engine.database
    const analyzed = async () => {
      const [row] = await sql<{ at: string | null }[]>`
        select last_analyze::text as at from pg_stat_user_tables where relname = 'deliveries'`
      return row!.at
    }
    const before = await analyzed()
    await sql.begin(async (tx) => {
      await tx`select from send_budgets for update`
      await enqueue(app, aDelivery(head.id, 'а'))
      await tx`select pg_sleep(0.5)` // the claim waits for the budget
    })
    await expect.poll(analyzed).not.toBe(before)
    await settled(app)
    expect(sends(head.id)).toHaveLength(1)
  })
})

describe('F8: a database that falls silent', () => {
  it('is told of to the messenger within five seconds: 503, come again (F4)', async () => {
    let line: SilentLine | undefined
    const app = await start({
      more: { PUBLIC_URL: 'http://127.0.0.1:9' },
      databaseSilenceMs: 6000,
      through: async (url) => {
        line = await silentLine(url)
        cleanUps.push(line.close)
        return line.url
      },
    })
    await app.settle()
    const { path, secret } = webhookOf(sandbox.token, null)
    const post = () =>
      fetch(app.url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret },
        body: JSON.stringify({
          update_id: 7,
          message: {
            message_id: 1,
            date: 1,
            from: { id: 5, first_name: 'П' },
            chat: { id: 5, type: 'private' },
            text: 'т',
          },
        }),
      })
    line!.silence(true)
    const began = performance.now()
    const answer = await post()
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1'])
    expect(performance.now() - began).toBeLessThan(5000)
    line!.silence(false)
    await expect.poll(async () => (await post()).status).toBe(200)
    const effects = async () =>
      (await app.engine.database.sql`select update_id from effects`).map((row) => Number(row.update_id))
    await expect.poll(effects).toEqual([7])
  })

  it('lets the webhook say so in time, and recovers by itself', async () => {
    let line: SilentLine | undefined
    const app = await start({
      more: { PUBLIC_URL: 'http://127.0.0.1:9' },
      pace: { ...QUICK, acceptTimeoutMs: 300 },
      databaseSilenceMs: 3000,
      through: async (url) => {
        line = await silentLine(url)
        cleanUps.push(line.close)
        return line.url
      },
    })
    await app.settle()
    line!.silence(true)
    const update = {
      update_id: 1,
      message: {
        message_id: 1,
        date: 1,
        from: { id: 5, first_name: 'П' },
        chat: { id: 5, type: 'private' },
        text: 'т',
      },
    }
    await expect(app.intake.accept([update])).rejects.toThrow('in time')
    line!.silence(false)
    await expect
      .poll(() =>
        app.intake.accept([{ ...update, update_id: 2 }]).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true)
    await expect.poll(async () => (await app.engine.database.sql`select from effects`).length).toBeGreaterThan(0)
  })
})

type SilentLine = { url: string; silence(on: boolean): void; close(): Promise<void> }

/** A line to the server that can swallow everything without breaking: a half-open connection. What was on it while it was silent stays lost. */
async function silentLine(url: string): Promise<SilentLine> {
  const target = new URL(url)
  const port = Number(target.port)
  const sockets = new Set<Socket>()
  let silent = false
  const server: Server = createServer((inner) => {
    const outer = connect(port, target.hostname)
    let cut = false
    const pass = (from: Socket, to: Socket) => {
      from.on('data', (chunk) => {
        cut ||= silent
        if (!cut) to.write(chunk)
      })
      from.on('error', () => to.destroy())
      from.on('close', () => to.destroy())
      sockets.add(from)
    }
    pass(inner, outer)
    pass(outer, inner)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  target.port = String((server.address() as AddressInfo).port)
  return {
    url: target.toString(),
    silence: (on) => {
      silent = on
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
