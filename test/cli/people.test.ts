import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readTable } from '../../src/documents/faq-file.ts'
import { freshDatabase } from '../support/database.ts'

let folder: string
let url: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sovet-test-cli-'))
  url = await freshDatabase()
})
afterAll(() => rm(folder, { recursive: true, force: true }))

type Outcome = { status: number; out: string; error: string }

/** Runs `sovet` as a process of its own against the test's database. */
function sovet(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    const settings = {
      PATH: process.env.PATH,
      HOME: folder,
      DATABASE_URL: url,
      DATA_DIR: folder,
      BOT_USERNAME: 'sovet_bot',
      ...env,
    }
    execFile(process.execPath, ['src/cli/main.ts', ...args], { env: settings }, (problem, out, error) => {
      resolve({ status: problem ? Number(problem.code) : 0, out, error })
    })
  })
}

describe('sovet municipality, invite, export, forget', () => {
  it('makes a municipality, prints the link of its first coordinator, and lists it', async () => {
    const made = await sovet([
      'municipality',
      'create',
      '--name',
      'Заречный район',
      '--timezone',
      'asia/omsk',
      '--coordinator',
      'Ветрова Ольга Павловна',
      '--json',
    ])
    expect(made).toMatchObject({ status: 0, error: '' })
    expect(JSON.parse(made.out)).toMatchObject({
      id: 1,
      timezone: 'Asia/Omsk',
      link: expect.stringMatching(/^https:\/\/t\.me\/sovet_bot\?start=[\w-]{32}$/),
    })
    const again = await sovet(['municipality', 'create', '--name', 'Заречный район', '--timezone', 'Asia/Omsk'])
    expect(again).toMatchObject({ status: 2, error: expect.stringContaining('уже есть') })
    expect(JSON.parse((await sovet(['municipality', 'list', '--json'])).out)).toEqual([
      { id: 1, name: 'Заречный район', timezone: 'Asia/Omsk', organizations: 1 },
    ])
  })

  it('without a token or a name of the bot puts a placeholder into the link, and explains it', async () => {
    const made = await sovet(['municipality', 'create', '--name', 'Дальний район', '--timezone', 'Europe/Moscow'], {
      BOT_USERNAME: '',
    })
    expect(made.out).toContain('https://t.me/BOT_USERNAME?start=')
    expect(made.out).toContain('подставьте имя бота')
  })

  it('invites once: the same call again says so with status 1', async () => {
    const call = [
      'invite',
      '--municipality',
      'Заречный район',
      '--role',
      'council',
      '--name',
      'Рыбин Олег Львович',
      '--json',
    ]
    expect(JSON.parse((await sovet(call)).out)).toMatchObject({ invited: true })
    const again = await sovet(call)
    expect(again.status).toBe(1)
    expect(JSON.parse(again.out)).toEqual({ invited: false, reason: 'open' })
  })

  it.each([
    [['municipality'], 'create or list'],
    [['municipality', 'create', '--name', 'Ещё'], '--timezone is missing'],
    [['municipality', 'create', '--name', 'Ещё', '--timezone', 'Луна'], 'no time zone'],
    [['municipality', 'create', '--colour', 'red'], 'colour'],
    [['invite', '--municipality', '99', '--role', 'council', '--name', 'Рыбин Олег'], 'нет муниципалитета'],
    [['invite', '--municipality', '1', '--role', 'king', '--name', 'Рыбин Олег'], '--role'],
    [['invite', '--municipality', '1', '--role', 'head', '--name', 'Рыбин Олег', '--school', 'СОШ № 7'], '--school'],
    [['export', 'person', '--name', 'Никто Никтович'], 'никого с именем'],
    [['export', 'municipality', '1', '--out', 'table.doc'], '.xlsx'],
    [['forget', 'person', '--id', '1'], '--yes'],
  ])('%j is refused with one clear message and status 2', async (args, words) => {
    const outcome = await sovet(args)
    expect(outcome).toMatchObject({ status: 2, out: '' })
    expect(outcome.error).toContain(words)
    expect(outcome.error).not.toMatch(/\n\s+at /)
  })

  it('exports the tables of a municipality, readable for the owner alone', async () => {
    const out = join(folder, 'table.xlsx')
    expect((await sovet(['export', 'municipality', '1', '--out', out])).out).toContain('Приглашения 2')
    expect(readTable(await readFile(out), 'table.xlsx')[0]?.[0]).toBe('Школа')
  })

  it('exports and forgets one person; a second time there is nothing to forget', async () => {
    const { openDatabase } = await import('../../src/db/database.ts')
    const { enters } = await import('../support/people.ts')
    const { at } = await import('../support/builders.ts')
    const database = openDatabase(url, { max: 1 })
    const personId = await database.asSystem((tx) =>
      enters(tx, {
        chat: '1',
        name: 'Орлова Мария Петровна',
        role: 'coordinator',
        municipalityId: 1,
        organizationIds: [1],
        now: at('2026-03-10T07:00:00Z'),
      }),
    )
    await database.close()
    const shown = JSON.parse((await sovet(['export', 'person', '--name', 'орлова мария петровна'])).out)
    expect(shown.memberships).toEqual([
      expect.objectContaining({ municipality: 'Заречный район', role: 'coordinator' }),
    ])
    const page = join(folder, 'person.html')
    await sovet(['export', 'person', '--id', String(personId), '--out', page])
    expect(await readFile(page, 'utf8')).toContain('Орлова Мария Петровна')
    expect((await sovet(['forget', 'person', '--id', String(personId), '--yes'])).out).toContain('Данные стёрты')
    expect(await sovet(['forget', 'person', '--id', String(personId), '--yes'])).toMatchObject({
      status: 2,
      error: expect.stringContaining('already-forgotten'),
    })
  })
})
