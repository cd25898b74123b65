import postgres from 'postgres'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import type { App } from '../src/app.ts'
import { openDatabase } from '../src/db/database.ts'
import { InputProblem } from '../src/kernel/problem.ts'
import type { Sandbox } from '../src/sandbox/sandbox.ts'
import { aSandbox, head } from './sandbox/people.ts'
import { freshDatabase } from './support/database.ts'
import { EFFECTS, type EngineOptions, settings, startEngine } from './support/engine.ts'
import { freePort } from './support/ports.ts'
import { sovet } from './support/sovet.ts'

let sandbox: Sandbox
let app: App | null = null
let forget: () => Promise<void>

async function start(more: NodeJS.ProcessEnv = {}, options: EngineOptions = {}): Promise<App> {
  const databaseUrl = await freshDatabase()
  const database = openDatabase(databaseUrl)
  await database.sql.unsafe(EFFECTS)
  await database.close()
  sandbox = await aSandbox()
  const set = await settings({ databaseUrl, token: sandbox.token, apiRoot: sandbox.apiRoot, more })
  forget = set.forget
  app = await startEngine(set.config, { upstreamIdle: () => sandbox.pendingUpdates === 0, ...options })
  return app
}

afterEach(async () => {
  await app?.close()
  app = null
  await sandbox.close()
  await forget()
})

const polling = async () => ({})
const webhook = async () => {
  const port = await freePort()
  return { PORT: String(port), PUBLIC_URL: `http://127.0.0.1:${port}` }
}

describe('the engine talks with a person', () => {
  it.each([
    ['long polling', polling],
    ['a webhook', webhook],
  ])('by %s: words, a button, and all of it once', async (_, way) => {
    const engine = await start(await way())
    const phone = sandbox.as(head.id)
    await phone.send('Привет <b>')
    await phone.waitFor('Привет <b>')
    await phone.start()
    const greeting = await phone.waitFor('Здравствуйте')
    const tap = await phone.tap(greeting, 'Готово')
    expect((await tap.answered())?.text).toBe('Отмечено')
    await phone.waitFor('нажато: done')
    await engine.settle()
    expect(await engine.engine.database.sql`select what from effects order by id`).toMatchObject([
      { what: 'text' },
      { what: 'start' },
      { what: 'tap' },
    ])
  })

  it('settles only when what people sent is answered', async () => {
    const engine = await start()
    const phone = sandbox.as(head.id)
    for (let n = 0; n < 3; n++) await phone.send(`слово ${n}`)
    await engine.settle()
    expect(await engine.engine.database.sql`select from effects`).toHaveLength(3)
    expect(sandbox.calls.all('sendMessage')).toHaveLength(3)
  })
})

describe('whoever watches', () => {
  it('sees that it lives, can work, and what it does', async () => {
    const engine = await start()
    await sandbox.as(head.id).send('раз')
    await engine.settle()
    const get = async (path: string) => {
      const answer = await fetch(engine.url + path)
      return [answer.status, await answer.text()] as const
    }
    expect(await get('/healthz')).toEqual([200, '{"ok":true}'])
    expect(await get('/readyz')).toEqual([200, '{"ok":true,"missing":[]}'])
    const [, figures] = await get('/metrics')
    expect(figures).toContain('sovet_updates_total{outcome="done"} 1')
    expect(figures).toContain('sovet_sends_total{lane="answer",outcome="sent"} 1')
    const labels = [...(figures?.matchAll(/="([^"]*)"/g) ?? [])].map(([, label]) => label)
    expect(labels.length).toBeGreaterThan(10)
    expect(labels.filter((label) => label?.includes(String(head.id)))).toEqual([])
  })

  it('sees how long things wait, what was given up, when ticks last worked, and which release it is', async () => {
    const engine = await start()
    const { sql } = engine.engine.database
    await engine.tick()
    await engine.settle()
    // Nothing is left of the third, a forgotten person's: it is not counted.
    await sql`insert into inbox (update_id, chat, payload, state, received_at, not_before) values
      (1, '5', '{}', 'waiting', now() - interval '90 seconds', now() + interval '1 hour'),
      (2, '5', '{"update_id": 2}', 'set-aside', now(), null), (3, '5', '{}', 'set-aside', now(), null)`
    await sql`insert into chat_paces (messenger, chat, free_at, closed_until) values ('telegram', '-6', now(), now() + interval '1 minute')`
    await sql`insert into send_budgets (messenger, lane, free_at) values ('telegram', 2, now() + interval '30 seconds')
      on conflict (messenger, lane) do update set free_at = excluded.free_at`
    // Only now: its chat and its lane are closed, so that it is not sent meanwhile.
    await sql`insert into deliveries (chat, lane, reason, content, state, created_at, not_before) values
      ('5', 1, 'reminder', '{}', 'dead', now(), null), ('5', 1, 'reminder', '{}', 'dead', now() - interval '2 days', null),
      ('-6', 2, 'announcement', '{}', 'queued', now() - interval '700 seconds', now() - interval '1 second')`
    const figures = await (await fetch(`${engine.url}/metrics`)).text()
    const figureOf = (name: string) =>
      Number(figures.match(new RegExp(`^${name.replace(/[{}]/g, '\\$&')} (\\S+)$`, 'm'))?.[1])
    expect(figureOf('sovet_inbox_lag_seconds')).toBeGreaterThan(89)
    expect(figureOf('sovet_inbox{state="set-aside"}')).toBe(1)
    expect(figureOf('sovet_deliveries{lane="broadcast",state="queued"}')).toBe(1)
    expect(figureOf('sovet_delivery_lag_seconds{lane="broadcast"}')).toBeGreaterThan(699)
    expect(figureOf('sovet_delivery_lag_seconds{lane="answer"}')).toBe(0)
    expect(figureOf('sovet_lane_closed_seconds{lane="broadcast"}')).toBeGreaterThan(20)
    expect(figureOf('sovet_chats_closed')).toBe(1)
    expect(figureOf('sovet_deliveries_dead_of_day')).toBe(1)
    expect(figureOf('sovet_jobs{queue="deliver",state="queued"}')).toBe(0)
    expect(figureOf('sovet_tick_last_success_timestamp_seconds{tick="housekeeping"}')).toBeGreaterThan(
      Date.now() / 1000 - 60,
    )
    expect(figureOf('sovet_database_answers')).toBe(1)
    expect(figureOf('sovet_database_connections_limit')).toBe(200)
    expect(figures).toMatch(/^sovet_build_info\{version="\d+\.\d+\.\d+",node="24\.[\d.]+"\} 1$/m)
    expect(figures).toContain('nodejs_eventloop_lag_seconds')
  })

  it('is told in time that the database does not answer, and what the process knows by itself', async () => {
    const engine = await start()
    const holder = openDatabase(engine.engine.config.databaseUrl!, { max: 1 })
    await holder.sql.begin(async (sql) => {
      await sql`lock table deliveries in access exclusive mode`
      const began = performance.now()
      const figures = await (await fetch(`${engine.url}/metrics`)).text()
      expect(performance.now() - began).toBeLessThan(6000)
      expect(figures).toContain('sovet_database_answers 0')
      expect(figures).toContain('sovet_sending_stands 0')
      expect(figures).not.toMatch(/^sovet_(deliveries|inbox|chats_closed|delivery_lag_seconds)\b/m)
    })
    await holder.close()
    expect(await (await fetch(`${engine.url}/metrics`)).text()).toContain('sovet_database_answers 1')
  })
})

describe('a setting that is to blame', () => {
  it.each<[string, NodeJS.ProcessEnv, string]>([
    ['a token that Telegram does not know', { BOT_TOKEN: `1:${'x'.repeat(35)}` }, 'BOT_TOKEN'],
    ['a database that is not there', { DATABASE_URL: 'postgres://a:b@127.0.0.1:1/c' }, 'DATABASE_URL'],
    ['a folder that is a file', { DATA_DIR: '/etc/hostname' }, 'DATA_DIR'],
    ['an address of another machine', { HOST: '203.0.113.7' }, 'HOST'],
  ])('%s is named in one line', async (_, more, name) => {
    const problem = await start(more).catch((error: unknown) => error)
    expect(problem).toBeInstanceOf(InputProblem)
    expect((problem as Error).message).toMatch(new RegExp(`^${name}[^\\n]*$`))
  })

  it('a port that is taken is named too', async () => {
    const engine = await start()
    const { config, forget: drop } = await settings({
      databaseUrl: engine.engine.config.databaseUrl!,
      token: sandbox.token,
      apiRoot: sandbox.apiRoot,
      more: { PORT: new URL(engine.url).port },
    })
    await expect(startEngine(config)).rejects.toThrow(/^PORT/)
    await drop()
  })
})

describe('a start that cannot be', () => {
  let place: { folder: string; env: NodeJS.ProcessEnv }
  beforeEach(async () => {
    sandbox = await aSandbox()
    const { config, forget: drop } = await settings({
      databaseUrl: await freshDatabase(),
      token: sandbox.token,
      apiRoot: sandbox.apiRoot,
    })
    forget = drop
    place = {
      folder: config.dataDir,
      env: {
        BOT_TOKEN: sandbox.token,
        TELEGRAM_API_ROOT: sandbox.apiRoot,
        DATABASE_URL: config.databaseUrl!,
        DATA_DIR: config.dataDir,
        PORT: '0',
        LOG_LEVEL: 'silent',
      },
    }
  })

  it.each<[string, () => Promise<NodeJS.ProcessEnv> | NodeJS.ProcessEnv, RegExp]>([
    ['a weak secret', () => ({ WEBHOOK_SECRET: 'secret' }), /WEBHOOK_SECRET: expected 32 to 256/],
    ['a token of another form', () => ({ BOT_TOKEN: 'secret' }), /BOT_TOKEN: expected the token/],
    [
      'a token that Telegram refuses',
      () => ({ BOT_TOKEN: `1:${'x'.repeat(35)}` }),
      /BOT_TOKEN: Telegram does not know/,
    ],
    [
      'a database that is not there',
      () => ({ DATABASE_URL: 'postgres://a:b@127.0.0.1:1/c' }),
      /DATABASE_URL: .*nothing listens there/,
    ],
    ['a wrong password', () => ({ DATABASE_URL: wrongPassword(place.env.DATABASE_URL!) }), /DATABASE_URL: .*password/],
    [
      'a database that is not made yet',
      () => ({ DATABASE_URL: `${place.env.DATABASE_URL}_no` }),
      /DATABASE_URL: .*create it/,
    ],
    ['a database that knows no Russian letters', () => lettersUnknown(), /DATABASE_URL: .*LC_CTYPE/],
    ['a folder that cannot be written', () => ({ DATA_DIR: '/proc/sovet' }), /DATA_DIR: nothing can be written/],
    ['a port that is taken', () => ({ PORT: new URL(sandbox.url).port }), /PORT: \d+ is taken/],
    [
      'a Node.js that telegraf does not run on',
      () => ({ NODE_OPTIONS: pretends('26.1.0') }),
      /runs on Node\.js 22\.18 to 25; this is 26\.1\.0/,
    ],
  ])('%s is told in one line, with status 2', async (_, more, says) => {
    const outcome = await sovet([], { ...place.env, ...(await more()) }, { script: 'src/main.ts', cwd: place.folder })
    expect(outcome).toMatchObject({ status: 2, out: '' })
    const lines = outcome.error.trim().split('\n')
    expect(lines.at(-1)).toMatch(says)
    expect(lines.length).toBeLessThanOrEqual(2) // «Wrong settings:» stands above them
    expect(outcome.error).not.toMatch(/^ {4}at |secret$/m)
    if (process.env.SHOW_SECONDS) console.log(`${says}: ${outcome.seconds.toFixed(1)} s`)
  })
})

function wrongPassword(databaseUrl: string): string {
  const url = new URL(databaseUrl)
  url.password = 'wrong'
  return url.toString()
}

async function lettersUnknown(): Promise<NodeJS.ProcessEnv> {
  const admin = postgres(inject('postgresUrl'), { max: 1, onnotice: () => {} })
  await admin.unsafe("create database letters_unknown template template0 lc_ctype 'C' lc_collate 'C'")
  await admin.end()
  const url = new URL(inject('postgresUrl'))
  url.pathname = '/letters_unknown'
  return { DATABASE_URL: url.toString() }
}

/** Lets the program believe that it runs on another Node.js. */
function pretends(version: string): string {
  const script = `Object.defineProperty(process,'versions',{value:{...process.versions,node:'${version}'}})`
  return `--import=data:text/javascript,${encodeURIComponent(script)}`
}
