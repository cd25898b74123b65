import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import type { Finding } from '../../src/cli/doctor.ts'
import { type Database, openDatabase } from '../../src/db/database.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { aSandbox, call } from '../sandbox/people.ts'
import { freshDatabase } from '../support/database.ts'
import { sovet } from '../support/sovet.ts'

let sandbox: Sandbox
let folder: string
let url: string
let database: Database
let env: NodeJS.ProcessEnv
let program: Server
/** What the program that runs there says of itself. */
let says: { status: number; ready: object; metrics: string }

beforeAll(async () => {
  sandbox = await aSandbox()
  folder = await mkdtemp(join(tmpdir(), 'sovet-doctor-'))
  url = await freshDatabase()
  database = openDatabase(url, { max: 2 })
  program = createServer((request, response) => {
    if (request.url === '/metrics') response.end(says.metrics)
    else response.writeHead(says.status).end(JSON.stringify(says.ready))
  })
  await new Promise<void>((resolve) => program.listen(0, '127.0.0.1', resolve))
  env = {
    HOME: folder,
    BOT_TOKEN: sandbox.token,
    TELEGRAM_API_ROOT: sandbox.apiRoot,
    DATABASE_URL: url,
    DATA_DIR: folder,
    PORT: String((program.address() as AddressInfo).port),
  }
})
beforeEach(() => {
  says = { status: 200, ready: { ok: true, missing: [] }, metrics: '' }
})
afterAll(async () => {
  program.close()
  await database.close()
  await sandbox.close()
  await rm(folder, { recursive: true, force: true })
})

/** What the doctor finds of `what`, and with which status it ends. */
async function find(
  what: string,
  more: NodeJS.ProcessEnv = {},
): Promise<{ status: number; finding: Finding | undefined; all: Finding[] }> {
  const { status, out, error } = await sovet(['doctor', '--json'], { ...env, ...more })
  if (error !== '') throw new Error(error)
  const all = JSON.parse(out) as Finding[]
  return { status, finding: all.find((one) => one.what === what), all }
}

describe('the doctor', () => {
  it('finds nothing where all is well, leaves no trace, and says so to people and to programs', async () => {
    const { status, all } = await find('disk')
    expect(all.filter(({ state, what }) => state !== 'well' && what !== 'fonts')).toEqual([])
    expect(status).toBe(0)
    const { out } = await sovet(['doctor'], env)
    expect(out).toContain('✓ settings: long polling')
    expect((await readdir(folder)).filter((name) => name.startsWith('doctor'))).toEqual([])
  })

  it.each<[string, NodeJS.ProcessEnv | (() => Promise<NodeJS.ProcessEnv>), string, RegExp]>([
    ['a wrong setting', { PORT: 'x' }, 'settings', /PORT is «x»/],
    ['a folder that cannot be written', { DATA_DIR: '/proc/sovet' }, 'disk', /nothing can be written in \/proc\/sovet/],
    ['a full disk', { DATA_DIR: '/dev/full/x' }, 'disk', /nothing can be written|full/],
    ['a database that is not there', { DATABASE_URL: 'postgres://a:b@127.0.0.1:1/c' }, 'database', /nothing listens/],
    ['a token that Telegram refuses', { BOT_TOKEN: `1:${'x'.repeat(35)}` }, 'token', /refuses BOT_TOKEN \(401\)/],
    ['a Telegram that cannot be reached', { TELEGRAM_API_ROOT: 'http://127.0.0.1:1' }, 'token', /cannot be reached/],
    [
      'a webhook that Telegram does not know',
      { PUBLIC_URL: 'https://sovet.example' },
      'way in',
      /no webhook to PUBLIC_URL/,
    ],
    ['a user who may not make the tenants’ role', () => poorUser(), 'rights', /grant sovet_tenant/],
  ])('%s is a fault, with what to do', async (_, more, what, words) => {
    const { status, finding } = await find(what, typeof more === 'function' ? await more() : more)
    expect(finding).toMatchObject({ state: 'fault', words: expect.stringMatching(words) })
    expect(status).toBe(1)
  })

  it('finds what is stuck, and what was given up', async () => {
    const { sql } = database
    await sql`insert into inbox (update_id, chat, payload, state, received_at) values (1, '5', '{"update_id": 1}', 'set-aside', now())`
    await sql`insert into inbox (update_id, chat, payload, state, received_at) values (3, 'forgotten', '{}', 'set-aside', now())`
    await sql`insert into deliveries (chat, lane, reason, content, state) values ('5', 1, 'reminder', '{}', 'dead')`
    const warned = await find('updates')
    expect(warned.finding).toMatchObject({ state: 'warning', words: expect.stringMatching(/1 were set aside/) })
    expect(warned.all.find(({ what }) => what === 'messages')).toMatchObject({
      state: 'warning',
      words: expect.stringMatching(/1 of the last day/),
    })
    expect(warned.status).toBe(0)
    await sql`insert into inbox (update_id, chat, payload, received_at) values (2, '5', '{}', now() - interval '5 minutes')`
    await sql`insert into deliveries (chat, lane, reason, content, created_at) values ('5', 0, 'answer', '{}', now() - interval '3 hours')`
    const stuck = await find('updates')
    expect(stuck.finding).toMatchObject({ state: 'fault', words: expect.stringMatching(/has waited 5 min/) })
    expect(stuck.all.find(({ what }) => what === 'messages')).toMatchObject({
      state: 'fault',
      words: expect.stringMatching(/answer: .*3 h/),
    })
    expect(stuck.status).toBe(1)
    await sql`truncate inbox, deliveries cascade`
  })

  it('finds migrations that wait, and applies none', async () => {
    const name = `unmigrated_${randomBytes(4).toString('hex')}`
    const admin = postgres(inject('postgresUrl'), { max: 1, onnotice: () => {} })
    await admin.unsafe(`create database ${name}`)
    await admin.end()
    const { finding, status } = await find('tables', { DATABASE_URL: url.replace(/[^/]+$/, name) })
    expect(finding).toMatchObject({ state: 'warning', words: expect.stringMatching(/0000_initial.*sovet migrate/) })
    expect(status).toBe(0)
  })

  it('finds a program that cannot work, whose ticks stand, or that does not run', async () => {
    says = { status: 503, ready: { ok: false, missing: ['sending: 401'] }, metrics: '' }
    expect((await find('program')).finding).toMatchObject({
      state: 'fault',
      words: expect.stringContaining('sending: 401'),
    })
    const old = Date.now() / 1000 - 900
    says = { status: 200, ready: {}, metrics: `sovet_tick_last_success_timestamp_seconds{tick="reminders"} ${old}\n` }
    expect((await find('program')).finding).toMatchObject({
      state: 'fault',
      words: expect.stringContaining('reminders'),
    })
    expect((await find('program', { PORT: '1' })).finding).toMatchObject({
      state: 'warning',
      words: expect.stringContaining('does not run'),
    })
  })

  it('finds that a webhook is left over at Telegram, and tells nobody its secret address', async () => {
    await call(sandbox, 'setWebhook', { url: 'http://127.0.0.1:9/telegram/hidden-path', secret_token: 'x'.repeat(32) })
    const { finding, all } = await find('way in')
    await call(sandbox, 'deleteWebhook')
    expect(finding).toMatchObject({ state: 'warning', words: expect.stringContaining('still has a webhook') })
    expect(JSON.stringify(all)).not.toContain('hidden-path')
  })
})

/** A user with a database of their own, and no right to make the role that tenants work under, nor to take it on. */
async function poorUser(): Promise<NodeJS.ProcessEnv> {
  const name = `poor_${randomBytes(4).toString('hex')}`
  const admin = postgres(inject('postgresUrl'), { max: 1, onnotice: () => {} })
  await admin.unsafe(`create role ${name} login password 'poor'`)
  await admin.unsafe(`create database ${name} owner ${name}`)
  await admin.end()
  const own = new URL(url)
  own.username = name
  own.password = 'poor'
  own.pathname = `/${name}`
  return { DATABASE_URL: own.toString() }
}
