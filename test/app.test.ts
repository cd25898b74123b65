import { afterEach, describe, expect, it } from 'vitest'
import type { App } from '../src/app.ts'
import { openDatabase } from '../src/db/database.ts'
import { InputProblem } from '../src/kernel/problem.ts'
import type { Sandbox } from '../src/sandbox/sandbox.ts'
import { aSandbox, head } from './sandbox/people.ts'
import { freshDatabase } from './support/database.ts'
import { EFFECTS, type EngineOptions, settings, startEngine } from './support/engine.ts'
import { freePort } from './support/ports.ts'

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
    expect(figures).not.toMatch(new RegExp(`"[^"]*${head.id}[^"]*"`)) // in a label; a figure may be any number
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
