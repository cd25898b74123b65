import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { App } from '../src/app.ts'
import { openDatabase } from '../src/db/database.ts'
import type { Sandbox } from '../src/sandbox/sandbox.ts'
import { aSandbox, head } from './sandbox/people.ts'
import { freshDatabase } from './support/database.ts'
import { EFFECTS, settings, startEngine } from './support/engine.ts'

let sandbox: Sandbox
let app: App | null = null
let forget: () => Promise<void>

async function start(more: NodeJS.ProcessEnv = {}): Promise<App> {
  const databaseUrl = await freshDatabase()
  const database = openDatabase(databaseUrl)
  await database.sql.unsafe(EFFECTS)
  await database.close()
  sandbox = await aSandbox()
  const set = await settings({ databaseUrl, token: sandbox.token, apiRoot: sandbox.apiRoot, more })
  forget = set.forget
  app = await startEngine(set.config)
  return app
}

afterEach(async () => {
  await app?.close()
  await sandbox.close()
  await forget()
})

describe('the engine talks with a person', () => {
  it.each([['long polling', {}]])('by %s', async (_, more) => {
    const t = performance.now()
    const engine = await start(more)
    console.log('start', performance.now() - t)
    const phone = sandbox.as(head.id)
    await phone.send('Привет <b>')
    await phone.waitFor('Привет <b>')
    await phone.start()
    const greeting = await phone.waitFor('Здравствуйте')
    const t2 = performance.now()
    const tap = await phone.tap(greeting, 'Готово')
    expect((await tap.answered())?.text).toBe('Отмечено')
    console.log('tap', performance.now() - t2)
    await phone.waitFor('нажато: done')
    await engine.settle()
    expect(await engine.engine.database.sql`select what from effects order by id`).toMatchObject([
      { what: 'text' },
      { what: 'start' },
      { what: 'tap' },
    ])
  })
})

beforeEach(() => {
  app = null
})
