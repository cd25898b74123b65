import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { features } from '../../src/bot/features/index.ts'
import { aWorld, CAST, type World } from '../support/people.ts'
import { FAR_CURATOR, FAR_HEAD, fill, OF_THE_FIRST, trier } from '../support/rivals.ts'

type AnyAction = { code: string; read(data: string): unknown[] | undefined }

const FOLDER = join(import.meta.dirname, '../../src/bot')
/** Actions that cannot be pressed with a right of one's own in this world; each with its reason. */
const NEVER_SHOWN: string[] = []

let world: World
let actions: AnyAction[]
let tables: string[]
/** Button data by the chat that was shown it. */
const seen = new Map<string, Set<string>>()

const everybody = [...Object.values(CAST), { chat: '901' }, FAR_HEAD, FAR_CURATOR].map(({ chat }) => chat)
const STRANGER = '999'

beforeAll(async () => {
  world = await aWorld()
  actions = await declaredActions()
  await fill(world)
  const rows = await world.database.sql<{ name: string }[]>`
    select c.table_name as name from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
     where c.table_schema = 'public' and c.column_name = 'municipality_id' and t.table_type = 'BASE TABLE'
       and c.table_name not in ('deliveries', 'dialogs', 'boards', 'inbox') order by 1`
  tables = rows.map((row) => row.name)
  await play()
  for (const chat of everybody) await look(chat)
})
afterAll(() => world.database.close())

async function declaredActions(): Promise<AnyAction[]> {
  const files = readdirSync(FOLDER).filter((name) => /^buttons.*\.ts$/.test(name))
  const modules = await Promise.all(files.map((name) => import(join(FOLDER, name)) as Promise<Record<string, unknown>>))
  return modules.flatMap((module) => Object.values(module).filter(isAction))
}

function isAction(value: unknown): value is AnyAction {
  return typeof value === 'function' && typeof (value as unknown as AnyAction).code === 'string'
}

/** Something is reported, returned, blocked, asked for, noted, invited: so that its buttons exist. */
async function play(): Promise<void> {
  const { bot } = world
  const [head, curator, coordinator] = [CAST.pyotr.chat, CAST.irina.chat, CAST.olga.chat]
  await bot.write(head, '/tasks')
  for (const chat of [head, CAST.anna.chat, FAR_HEAD.chat]) {
    await command(chat, 'tasks')
    await bot.tap(chat, '1')
    await bot.tap(chat, 'Готово')
    await command(chat, 'tasks')
    await bot.tap(chat, '1')
    await bot.tap(chat, 'Перенести срок')
    await bot.tap(chat, /На неделю/)
  }
  await command(head, 'tasks')
  await bot.tap(head, '2')
  await bot.tap(head, 'Не получается')
  await bot.tap(head, 'Нет средств')
  await command(curator, 'schools')
  await bot.tap(curator, /СОШ № 1/)
  await bot.tap(curator, /Заметка/)
  await bot.write(curator, 'Тайная заметка')
  await bot.send(head, { kind: 'photo' })
  await command(coordinator, 'people')
}

async function command(chat: string, name: string): Promise<void> {
  await world.bot.command(chat, name)
}

/** Opens everything that a person can open: each button of each screen, twice for every action at most; what a press changed is taken back. */
async function look(chat: string): Promise<void> {
  const attempts = trier(world, world.municipalityId, tables)
  for (const line of features.flatMap((feature) => feature.menu ?? []))
    if (line.command) await command(chat, line.command)
  const met = new Set((await world.bot.everShown(chat)).flatMap(dataOf))
  const counts = new Map<string, number>()
  for (const data of met) {
    const count = counts.get(codeOf(data)) ?? 0
    counts.set(codeOf(data), count + 1)
    if (count >= 2) continue
    const { shown } = await attempts.press(chat, data)
    for (const screen of shown) for (const next of dataOf(screen)) met.add(next)
  }
  seen.set(chat, met)
}

function codeOf(data: string): string {
  return data.split(':')[0]!
}

/** The data of all buttons in the JSON of what was shown. */
function dataOf(content: string): string[] {
  return [...content.matchAll(/"action":\s*"([^"]+)"/g)].map((match) => match[1]!)
}

/** Data for an action that nobody was shown: of its form, with small numbers as keys. */
function forged(action: AnyAction): string[] {
  const keys = ['1', '2', '3', '4'] // there are as many of most things
  const others = ['1', '2', '2026-04-20', 'money', 'head', 'x']
  const bare = [action.code]
  const single = [...keys, ...others].map((part) => `${action.code}:${part}`)
  const double = keys.flatMap((part) => others.map((other) => `${action.code}:${part}:${other}`))
  const longer = ['1', '2'].flatMap((part) =>
    ['1:2', '2:1', '1:x', '1:1:1', '1:1:1:x'].map((rest) => `${action.code}:${part}:${rest}`),
  )
  const ofDays = [`${action.code}:2026-04-20:off`]
  return [...bare, ...single, ...double, ...longer, ...ofDays].filter((data) => action.read(data) !== undefined)
}

function seenByFirst(except: string[] = []): string[] {
  const chats = Object.values(CAST).map(({ chat }) => chat)
  return [...new Set(chats.filter((chat) => !except.includes(chat)).flatMap((chat) => [...(seen.get(chat) ?? [])]))]
}

function fewOfEach(data: string[], most: number): string[] {
  return [...Map.groupBy(data, codeOf).values()].flatMap((ofCode) => ofCode.slice(0, most))
}

describe('a button of another municipality', () => {
  it('changes nothing there, shows nothing of it and fails nowhere, whoever presses it', async () => {
    const attempts = trier(world, world.municipalityId, tables)
    const untouched = await attempts.digest()
    const all = [...new Set([...seenByFirst(), ...fewOfEach(actions.flatMap(forged), 6)])]
    const met = new Set(all.map(codeOf))
    const missing = actions.map((action) => action.code).filter((code) => !met.has(code) && !NEVER_SHOWN.includes(code))
    expect(missing).toEqual([])
    const trespasses: string[] = []
    for (const [chat, data] of [
      ...all.map((one) => ['901', one] as const),
      ...fewOfEach(seenByFirst(), 1).flatMap((one) =>
        [FAR_HEAD.chat, FAR_CURATOR.chat, STRANGER].map((by) => [by, one] as const),
      ),
    ]) {
      const attempt = await attempts.press(chat, data)
      const leaked = OF_THE_FIRST.filter((word) => attempt.shown.some((text) => text.includes(word)))
      const told = attempt.chats.filter((to) => Object.values(CAST).some((person) => person.chat === to))
      if (attempt.digest !== '' && attempt.digest !== untouched)
        trespasses.push(`${data} by ${chat} changed ${attempt.changed}`)
      if (leaked.length > 0) trespasses.push(`${data} by ${chat} shows ${leaked}`)
      if (told.length > 0) trespasses.push(`${data} by ${chat} writes to ${told}`)
      if (chat === STRANGER && attempt.changed.some((table) => table !== 'invite_attempts'))
        trespasses.push(`${data} by a stranger changed ${attempt.changed}`)
    }
    expect(trespasses).toEqual([])
  })
})

describe('a button of somebody else in the same municipality', () => {
  it.each`
    who        | of                            | because
    ${'pyotr'} | ${['olga', 'irina', 'anna']}  | ${'a head acts for their own school alone'}
    ${'anna'}  | ${['olga', 'irina', 'pyotr']} | ${'a head acts for their own school alone'}
    ${'irina'} | ${['pyotr', 'anna']}          | ${'a curator reports nothing in the name of a school'}
  `(
    '$who changes nothing with buttons of $of: $because',
    async ({ who, of }: { who: keyof typeof CAST; of: (keyof typeof CAST)[] }) => {
      const { chat } = CAST[who]
      const attempts = trier(world, world.municipalityId, tables)
      const own = seen.get(chat) ?? new Set()
      const theirs = [...new Set(of.flatMap((name) => [...(seen.get(CAST[name].chat) ?? [])]))].filter(
        (data) => !own.has(data),
      )
      const trespasses: string[] = []
      for (const data of theirs) {
        const attempt = await attempts.press(chat, data)
        if (attempt.changed.length > 0) trespasses.push(`${data} changed ${attempt.changed}`)
      }
      expect(theirs.length).toBeGreaterThan(20)
      expect(trespasses).toEqual([])
    },
  )
})

describe('data that no button ever had', () => {
  it.each([
    '',
    ':',
    'td',
    'td:',
    'td:zzzzzzzzzzzz:1',
    'td:1:1:1',
    'tc:-1',
    'tc:9007199254740993',
    'pd:1:2026-02-30',
    '\u0000',
    'a'.repeat(64),
    '💥:1',
    'tc:1\u0000',
    "tc:1' or 1=1 --",
    '__proto__:1',
    'constructor',
  ])('«%s» is answered and changes nothing', async (data) => {
    const attempts = trier(world, world.municipalityId, tables)
    for (const chat of [CAST.pyotr.chat, CAST.olga.chat, STRANGER]) {
      const attempt = await attempts.press(chat, data)
      expect(attempt.changed.filter((table) => table !== 'invite_attempts')).toEqual([])
    }
  })
})
