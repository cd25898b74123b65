import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readTable } from '../../src/documents/faq-file.ts'
import { writeSpreadsheet } from '../../src/documents/write/spreadsheet.ts'
import { readPeopleList } from '../../src/jobs/read-people-list.ts'
import { aWorld, CAST, enters, tokenIn, type World } from '../support/people.ts'

const { olga, irina, pyotr, anna } = CAST
let world: World
beforeAll(async () => {
  world = await aWorld()
})
afterAll(() => world.database.close())

const memberships = (personId: number) =>
  world.database.sql<{ role: string; organization_id: string }[]>`
    select role, organization_id from memberships where person_id = ${personId} and ended_at is null order by role, organization_id`

describe('a curator and a head', () => {
  const buttons = [
    'p-home',
    'p-schools:0',
    'p-archive:0',
    'p-add',
    'p-school:$school',
    'p-ask:$school:name',
    'p-pause:$school',
    'p-until:$school:2026-09-01',
    'p-go-on:$school',
    'p-away:$school',
    'p-back:$school',
    'p-people:all:0',
    'p-search',
    'p-silent:0',
    'p-person:$anna',
    'p-role:$anna:head',
    'p-new:$anna',
    'p-end:$anna:head',
    'p-go:$anna',
    'p-gone:$anna',
    'v-new',
    'v-role:coordinator',
    'v-role:head',
    'v-into:$school',
    'v-twin',
    'v-open:0',
    'v-card:1',
    'v-link:1',
    'v-end:1',
    'v-list',
    'v-form',
    'v-all:file',
    'k-take',
    'k-page:0',
    'k-mark:$school',
    's-home',
    's-one:policy',
    's-set:timezone:0',
    's-undo:1',
    's-days',
    's-day:2026-06-11:off',
  ]
  const everything = () => world.database.sql`
    select (select jsonb_agg(o order by o.id) from organizations o where o.municipality_id = m.id) as organizations,
           (select jsonb_agg(s order by s.id) from memberships s where s.municipality_id = m.id) as memberships,
           (select count(*)::int from invites i where i.municipality_id = m.id) as invites,
           (select count(*)::int from calendar_overrides c where c.municipality_id = m.id) as days, to_jsonb(m) as municipality
      from municipalities m where m.id = ${world.municipalityId}`

  it.each([
    ['the curator', irina.chat],
    ['the head', pyotr.chat],
    ['the coordinator of another municipality', '901'],
    ['a stranger', '777'],
  ])('%s changes and learns nothing by any button of the coordinator', async (_, chat) => {
    if (chat === '777') await world.bot.start(chat)
    const before = await everything()
    for (const button of buttons) {
      const data = button
        .replace('$school', world.schools.first.toString(36))
        .replace('$anna', world.persons.anna.toString(36))
      await world.bot.press(chat, data)
      expect(await world.bot.words(chat), button).not.toMatch(/Лугова|СОШ № 1|Берёзовка/)
      await world.bot.start(chat)
    }
    expect(await everything()).toEqual(before)
  })
})

describe('the coordinator keeps the register', () => {
  it('adds many schools by pasted lines, each once, in whatever spelling', async () => {
    await world.bot.write(olga.chat, '👥 Люди и школы')
    await world.bot.tap(olga.chat, /Школы/)
    await world.bot.tap(olga.chat, /Добавить/)
    await world.bot.write(olga.chat, '1. МБОУ СОШ № 2\n2) Гимназия <b>«Лицей» & Ко</b>;\n\n- мбоу сош №1\n???')
    const words = await world.bot.words(olga.chat)
    expect(words).toContain('Добавил школ: 2')
    expect(words).toContain('&lt;b&gt;')
    expect(words).toMatch(/Уже были[\s\S]*СОШ № 1/)
    expect(words).toMatch(/Не похоже[\s\S]*\?\?\?/)
    await world.bot.write(olga.chat, 'МБОУ СОШ № 2')
    const [{ count }] = (await world.database
      .sql`select count(*)::int as count from organizations where municipality_id = ${world.municipalityId} and name = 'МБОУ СОШ № 2'`) as unknown as [
      { count: number },
    ]
    expect(count).toBe(1)
  })

  it('pauses a school until a day typed, archives it and takes it back', async () => {
    const id = world.schools.second.toString(36)
    await world.bot.press(olga.chat, `p-pause:${id}`)
    await world.bot.write(olga.chat, 'до 1 сентября')
    expect(await world.bot.words(olga.chat)).toContain('1 сентября')
    const paused = await world.database
      .sql`select paused_until::text from organizations where id = ${world.schools.second}`
    expect(paused[0]?.paused_until).toBe('2026-09-01')
    await world.bot.press(olga.chat, `p-pause:${id}`)
    await world.bot.write(olga.chat, '1 января 2020')
    expect(await world.bot.words(olga.chat)).toContain('Не понял день')
    await world.bot.tap(olga.chat, /Назад/)
    await world.bot.tap(olga.chat, /Снять паузу/)
    await world.bot.tap(olga.chat, /В архив/)
    await world.bot.tap(olga.chat, /Вернуть из архива/)
    const [row] = await world.database
      .sql`select archived_at, paused_until from organizations where id = ${world.schools.second}`
    expect(row).toEqual({ archived_at: null, paused_until: null })
  })

  it('renames, and refuses a name that is taken', async () => {
    const id = world.schools.second.toString(36)
    await world.bot.press(olga.chat, `p-ask:${id}:name`)
    await world.bot.write(olga.chat, 'МБОУ  СОШ №1')
    expect(await world.bot.words(olga.chat)).toContain('уже есть')
    await world.bot.write(olga.chat, 'МБОУ СОШ села Берёзовка')
    expect(await world.bot.words(olga.chat)).toContain('МБОУ СОШ села Берёзовка')
  })
})

describe('inviting one', () => {
  it('gives a letter to forward; a second wish for the same person gets no second invite; the old link ends with a new one', async () => {
    await world.bot.press(olga.chat, 'v-role:head')
    await world.bot.tap(olga.chat, /Берёзовка/)
    await world.bot.tap(olga.chat, /Дальше/)
    await world.bot.write(olga.chat, 'Орлова')
    expect(await world.bot.words(olga.chat)).toContain('Не понял имя')
    await world.bot.write(olga.chat, 'Орлова Мария Петровна, 8 (900) 111-22-33')
    expect(await world.bot.words(olga.chat)).toMatch(
      /Здравствуйте, Мария Петровна![\s\S]*https:\/\/t\.me\/sovet_test_bot\?start=[\w-]{32}/,
    )
    const first = await tokenIn(world.bot, olga.chat)
    const [row] = await world.database
      .sql`select phone, role, person_name from invites where person_name = 'Орлова Мария Петровна'`
    expect(row).toEqual({ phone: '79001112233', role: 'head', person_name: 'Орлова Мария Петровна' })

    await world.bot.press(olga.chat, `v-into:${world.schools.second.toString(36)}`)
    await world.bot.tap(olga.chat, /Дальше/)
    await world.bot.write(olga.chat, 'ОРЛОВА  Мария Петровна')
    expect(await world.bot.words(olga.chat)).toContain('Второе не нужно')
    await world.bot.tap(olga.chat, /Новая ссылка/)
    const second = await tokenIn(world.bot, olga.chat)
    expect(second).not.toBe(first)
    await world.bot.start('601', first)
    expect(await world.bot.words('601')).toContain('не подходит')
    await world.bot.start('601', second)
    expect(await world.bot.words('601')).toContain('Согласие на обработку')
    await world.bot.tap('601', /Согласен/)
    expect(await world.bot.words('601')).toContain('Готово, вы вошли')
    expect(await world.bot.words(olga.chat)).toContain('Орлова Мария Петровна')
  })

  it('asks about a namesake who is already in', async () => {
    await world.bot.press(olga.chat, `v-into:${world.schools.first.toString(36)}`)
    await world.bot.tap(olga.chat, /Дальше/)
    await world.bot.write(olga.chat, pyotr.name)
    expect(await world.bot.words(olga.chat)).toContain('однофамилец')
    await world.bot.tap(olga.chat, /Всё равно/)
    expect(await world.bot.words(olga.chat)).toContain('?start=')
    await world.bot.tap(olga.chat, /Всё равно/)
    expect(await world.bot.words(olga.chat)).toBe('')
  })

  it('revokes: the link shows nothing any more', async () => {
    await world.bot.press(olga.chat, 'v-role:coordinator')
    await world.bot.write(olga.chat, 'Новиков Илья Ильич')
    const token = await tokenIn(world.bot, olga.chat)
    await world.bot.press(olga.chat, 'v-open:0')
    await world.bot.tap(olga.chat, /Новиков/)
    await world.bot.tap(olga.chat, /Отозвать/)
    await world.bot.start('602', token)
    expect(await world.bot.words('602')).toBe('Эта ссылка не подходит. Попросите прислать новую.')
  })
})

describe('inviting many', () => {
  const rows = [
    ['ФИО', 'Роль', 'Школа (школы)', 'Телефон'],
    ['Громова Елена Юрьевна', 'директор', 'СОШ № 1', '+7 900 000-00-01'],
    ['Рыбин Олег Львович', 'методист, куратор', 'МБОУ СОШ № 1; Берёзовка', ''],
    ['Громова Елена Юрьевна', 'директор', 'школа 1', ''],
    ['Без Роли', 'повар', 'СОШ № 1', ''],
    ['Сомов Иван Иванович', 'директор', 'СОШ № 77', ''],
    ['', 'директор', 'СОШ № 1', ''],
    [pyotr.name, 'директор', 'СОШ № 1', ''],
  ]
  const asFile = async () =>
    Buffer.from(
      await writeSpreadsheet([
        {
          name: 'Л',
          columns: rows[0]!.map((title) => ({ title, width: 20, kind: 'text' as const })),
          rows: rows.slice(1),
        },
      ]),
    )
  const read = async (bytes: Buffer) => {
    const job = world.bot.jobs.at(-1)
    if (job?.queue !== 'read-people-list') throw new Error('no job')
    await readPeopleList(
      world.database,
      world.bot.services,
      async () => ({ ok: true, value: Readable.from([bytes]) }),
      { ...job.data, lastTry: true },
    )
  }
  const invites = () =>
    world.database
      .sql`select person_name from invites where person_name in ('Громова Елена Юрьевна', 'Рыбин Олег Львович') order by 1`

  it('reads an .xlsx, names the rows that failed and why, and invites nobody before it is told to', async () => {
    await world.bot.press(olga.chat, 'v-list')
    await world.bot.send(olga.chat, {})
    await read(await asFile())
    const words = await world.bot.words(olga.chat)
    expect(words).toContain('3 человека')
    expect(words).toContain('строка 4: Громова Елена Юрьевна уже есть в строке 2')
    expect(words).toContain('строка 5: не понял роль (повар)')
    expect(words).toContain('строка 6: нет такой школы')
    expect(words).toContain('строка 7: нет фамилии')
    expect(await invites()).toHaveLength(0)
  })

  it('gives the links as a table and letters; the same list again makes no second invite', async () => {
    await world.bot.tap(olga.chat, /таблица и письма/)
    const shown = await world.bot.shown(olga.chat)
    expect(shown.filter((one) => one.screen.text.includes('?start='))).toHaveLength(2)
    expect(shown.at(-1)?.screen.text).toMatch(/2 приглашения[\s\S]*Заречный/)
    const [attachment] = shown.at(-1)?.screen.attachments ?? []
    const table = readTable(Buffer.from(world.bot.files.get(attachment?.sha256 ?? '')!.bytes), 'links.xlsx')
    expect(table.map((row) => row[0])).toEqual(['ФИО', 'Громова Елена Юрьевна', 'Рыбин Олег Львович'])
    expect(table[1]?.[3]).toMatch(/^https:\/\/t\.me\//)
    await world.bot.tap(olga.chat, /таблица и письма/)
    expect(await invites()).toHaveLength(2)
    await world.bot.press(olga.chat, 'v-list')
    await world.bot.write(olga.chat, rows.map((row) => row.join(';')).join('\n'))
    await world.bot.tap(olga.chat, /ссылки таблицей/)
    expect(await world.bot.words(olga.chat)).toMatch(/Новых приглашений нет[\s\S]*Громова/)
    expect(await invites()).toHaveLength(2)
  })

  it('says what is wrong with a file that is no list', async () => {
    for (const bytes of [Buffer.from('PK\u0003\u0004 broken'), Buffer.from([0, 1, 2]), Buffer.from('')]) {
      await world.bot.press(olga.chat, 'v-list')
      await world.bot.send(olga.chat, {})
      await read(bytes)
      expect(await world.bot.words(olga.chat)).toMatch(/Не смог прочитать|Не нашёл/)
    }
  })
})

describe('roles', () => {
  it('a change takes effect at once, and the person gets the menu of it', async () => {
    await world.bot.press(olga.chat, `p-role:${world.persons.irina.toString(36)}:curator`)
    await world.bot.tap(olga.chat, /✅ Берёзовка|✅ .*Берёзовк/)
    await world.bot.tap(olga.chat, /Дальше/)
    expect(await memberships(world.persons.irina)).toEqual([
      { role: 'curator', organization_id: String(world.schools.first) },
    ])
    expect(await world.bot.words(irina.chat)).toContain('ваши роли изменились')
  })

  it('the last coordinator can neither be let go nor lose the role; with a second one they can', async () => {
    const id = world.persons.olga.toString(36)
    for (const data of [`p-gone:${id}`, `p-end:${id}:coordinator`]) {
      const after = await world.bot.press(olga.chat, data)
      expect(after.tapAnswer?.words).toContain('последний координатор')
    }
    const second = await world.database.asSystem((tx) =>
      enters(tx, {
        chat: '505',
        name: 'Вторая Нина Львовна',
        role: 'coordinator',
        municipalityId: world.municipalityId,
        organizationIds: [world.departmentId],
        now: world.clock.now,
      }),
    )
    await world.bot.press('505', `p-gone:${id}`)
    expect(await memberships(world.persons.olga)).toEqual([])
    expect(await world.bot.words(olga.chat)).toContain('больше не участвуете')
    await world.bot.press(olga.chat, 'p-people:all:0')
    expect(await world.bot.words(olga.chat)).not.toContain('Белова')
    expect(await memberships(second)).toHaveLength(1)
  })

  it('two coordinators who let go of each other at the same moment leave one', async () => {
    const { letGo } = await import('../../src/db/staff.ts')
    const other = await world.database.asSystem((tx) =>
      enters(tx, {
        chat: '506',
        name: 'Третья Рита Львовна',
        role: 'coordinator',
        municipalityId: world.municipalityId,
        organizationIds: [world.departmentId],
        now: world.clock.now,
      }),
    )
    const [first] = await world.database
      .sql`select person_id from memberships where role = 'coordinator' and ended_at is null and municipality_id = ${world.municipalityId} and person_id <> ${other}`
    const results = await Promise.all(
      [Number(first?.person_id), other].map((personId) =>
        world.database.inMunicipality(world.municipalityId, (tx) =>
          letGo(tx, { municipalityId: world.municipalityId, personId, now: world.clock.now }),
        ),
      ),
    )
    expect(results.map((result) => result.ok).sort()).toEqual([false, true])
  })
})

describe('a head', () => {
  it('invites a deputy, who then sees the tasks of the school, and takes it back', async () => {
    await world.bot.write(anna.chat, '👤 Обо мне')
    await world.bot.tap(anna.chat, /заместитель/)
    await world.bot.tap(anna.chat, /Пригласить/)
    await world.bot.write(anna.chat, 'Зимина Ольга Юрьевна')
    const token = await tokenIn(world.bot, anna.chat)
    await world.bot.start('610', token)
    await world.bot.tap('610', /Согласен/)
    const [deputy] = await world.database.sql`select person_id from accounts where address = '610'`
    expect(await memberships(Number(deputy?.person_id))).toEqual([
      { role: 'deputy', organization_id: String(world.schools.second) },
    ])
    const forged = await world.bot.press('610', `m-deputy:${world.schools.second.toString(36)}`)
    expect(forged.tapAnswer?.words).toContain('недоступно')
    const foreign = await world.bot.press(
      pyotr.chat,
      `m-dismissed:${Number(deputy?.person_id).toString(36)}:${world.schools.second.toString(36)}`,
    )
    expect(foreign.tapAnswer?.words).toContain('недоступно')
    await world.bot.write(anna.chat, 'мой заместитель')
    await world.bot.tap(anna.chat, /Зимина/)
    await world.bot.tap(anna.chat, /убрать/)
    expect(await memberships(Number(deputy?.person_id))).toEqual([])
    expect(await world.bot.words('610')).toContain('больше не участвуете')
  })

  it('goes away: the one who stands in is told, overlapping days are refused, nobody else may be named', async () => {
    await world.bot.write(pyotr.chat, 'отпуск')
    await world.bot.tap(pyotr.chat, /не будет/)
    await world.bot.write(pyotr.chat, 'когда-нибудь')
    expect(await world.bot.words(pyotr.chat)).toContain('Не понял дни')
    await world.bot.write(pyotr.chat, 'с 1 по 14 июля')
    const stranger = await world.bot.press(pyotr.chat, `m-stand-in:${world.other.coordinatorId.toString(36)}`)
    expect(stranger.tapAnswer?.words).toContain('Не нашёл')
    await world.bot.tap(pyotr.chat, /Львовна/)
    const [row] = await world.database
      .sql`select from_day::text, until_day::text, deputy_id is not null as covered from absences where person_id = ${world.persons.pyotr}`
    expect(row).toEqual({ from_day: '2026-07-01', until_day: '2026-07-14', covered: true })
    await world.bot.tap(pyotr.chat, /Меня не будет/)
    await world.bot.write(pyotr.chat, '10.07-20.07')
    const overlap = await world.bot.tap(pyotr.chat, 'Никто')
    expect(overlap.tapAnswer?.words).toContain('уже записан')
  })
})
