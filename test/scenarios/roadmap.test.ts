import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startApp } from '../../src/app.ts'
import { writeWordTable } from '../../src/documents/write/word.ts'
import { openLog } from '../../src/log.ts'
import { product } from '../../src/product.ts'
import type { VisibleMessage } from '../../src/sandbox/visible.ts'
import { givenTasks, openStage, type Stage } from '../support/stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await openStage('2026-03-02T07:00:00Z') // Monday, 10:00 in Moscow
})
afterEach(() => stage.close())

type Row = [number: string, title: string, deadline: string, who: string, result: string]

const ROWS: Row[] = [
  ['1.1', 'Издать приказ о школьной команде', 'до 20 марта 2026 года', 'Руководители ОО', 'Приказ'],
  ['1.2', 'Собрать рабочую группу района', 'Апрель 2026 года', 'Управление образования', 'Протокол'],
  ['1.3', 'Провести школьный аудит', 'до мая 2026 года', 'Руководители ОО', 'Справка'],
  ['1.4', 'Обновить план работы с родителями', 'до мая 2026 года', 'Руководители ОО', ''],
  ['1.5', 'Посетить уроки наставников', 'Май 2026 года', 'Школа с. Берёзовки, СОШ № 77', ''],
  ['1.6', 'Подвести итоги первого месяца', 'Февраль 2026 года', 'Руководители ОО', ''],
  ['1.7', 'Консультировать педагогов', 'по запросу', 'Руководители ОО', ''],
]

function plan(rows: Row[], title = 'План поддержки школ района на 2026 год'): Buffer {
  return Buffer.from(
    writeWordTable({
      title,
      columns: ['№', 'Мероприятие', 'Срок', 'Ответственные', 'Ожидаемый результат'].map((heading) => ({
        title: heading,
        width: 2500,
      })),
      rows: [['1. Организация'], ...rows],
    }),
  )
}

const coordinator = () => stage.coordinator

async function sendPlan(rows: Row[] = ROWS, name = 'План.docx'): Promise<VisibleMessage> {
  return answerTo(() => coordinator().sendDocument(plan(rows), name))
}

/** What the bot says in the end to something that the coordinator sends. */
async function answerTo(send: () => Promise<unknown>): Promise<VisibleMessage> {
  coordinator().skipSeen()
  await send()
  await coordinator().waitFor(() => true)
  await stage.settled()
  return coordinator().last()
}

/** Presses a button under the last message and gives the message as it is then. */
async function press(label: string | RegExp): Promise<VisibleMessage> {
  const tap = await coordinator().tap(coordinator().last(), label)
  await tap.answered()
  await stage.settled()
  return coordinator().last()
}

async function write(words: string): Promise<VisibleMessage> {
  return answerTo(() => coordinator().send(words))
}

const buttonsOf = (message: VisibleMessage): string[] => message.buttons.flat().map(({ label }) => label)

/** Each task as «number · school · due · state». */
async function tasks(): Promise<string[]> {
  const rows = await stage.app.engine.database.sql<{ line: string }[]>`
    select concat_ws(' · ', a.number, o.short_name, t.due_on::text, t.state) as line
      from tasks t join activities a on a.id = t.activity_id join organizations o on o.id = t.organization_id order by 1`
  return rows.map(({ line }) => line)
}

const SCHOOLS = ['Школа № 1', 'Школа пос. Луговой', 'Школа с. Берёзовка']

describe('a roadmap from file to tasks', () => {
  it('is read, asked about, previewed, published; the head has the tasks', async () => {
    const card = await sendPlan()
    expect(card.text).toContain('План поддержки школ района на 2026 год')
    expect(card.text).toContain('Разделов: 1, мероприятий: 7')
    expect(card.text).toContain('Срок понятен: 4')
    expect(card.text).toContain('Нужен ваш ответ: 2')
    expect(card.text).toContain('Без даты: 1')
    expect(card.text).toContain('Школы программы: 3 из 3')
    expect(card.text).toContain('Школ из документа нет в списке: 1')
    expect(
      coordinator()
        .messages()
        .filter(({ from }) => from === 'bot')
        .at(-1)?.isEdited,
    ).toBe(true)

    const question = await press(/Ответить на вопросы \(2\)/)
    expect(question.text).toContain('Вопрос 1 из 2')
    expect(question.text).toContain('«до мая 2026 года»')
    expect(buttonsOf(question).slice(0, 2)).toEqual(['до 30 апреля 2026', 'до 31 мая 2026'])
    const same = await press('до 30 апреля 2026')
    expect(same.text).toContain('ещё у 1 мероприятия: 1.4')
    await press(/и для остальных/)

    const name = await press(/Названные школы \(1\)/)
    expect(name.text).toContain('«СОШ № 77»')
    const without = await press('Пропустить')
    expect(buttonsOf(without)).not.toContain('🔎 Названные школы (1)')

    await press(/Школы программы/)
    const marked = await press(/Луговой/)
    expect(marked.text).toContain('Отмечено: 2 из 3')
    await press('Готово')

    const preview = await press(/Посмотреть и опубликовать/)
    expect(preview.text).toContain('Появится 10 задач')
    expect(preview.text).toContain('Для 2 школ: 9 задач, от 4 до 5 на школу')
    expect(preview.text).toContain('Для управления: 1 задача')
    expect(preview.text).toContain('Ближайший срок: 20 марта (через 18 дней)')
    expect(preview.text).toContain('Первые напоминания: пт, 6 марта в 09:00, 2 задачи')
    expect(preview.text).toContain('Сроки уже прошли: 2 задачи')
    expect(preview.text).toContain('Без даты: 1.7')

    const published = await press(/без прошедших/)
    expect(published.text).toContain('Опубликовано')
    expect(published.text).toContain('Новых: 8 задач')
    expect(await tasks()).toEqual([
      '1.1 · Школа с. Берёзовка · 2026-03-20 · planned',
      '1.1 · Школа № 1 · 2026-03-20 · planned',
      '1.2 · Управление образования · 2026-04-30 · planned',
      '1.3 · Школа с. Берёзовка · 2026-04-30 · planned',
      '1.3 · Школа № 1 · 2026-04-30 · planned',
      '1.4 · Школа с. Берёзовка · 2026-04-30 · planned',
      '1.4 · Школа № 1 · 2026-04-30 · planned',
      '1.5 · Школа с. Берёзовка · 2026-05-31 · planned',
    ])
    await stage.head.press('📋 Мои задачи')
    expect((await stage.head.waitFor('Издать приказ о школьной команде')).text).toContain('20 марта')
    await stage.passTo('2026-03-06T07:00:00Z')
    await stage.head.waitFor('Напоминаю о задаче')
  })

  it('survives a restart in the middle of a question', async () => {
    await sendPlan()
    await press(/Ответить на вопросы/)
    await press(/Другая дата/)
    const { config, clock } = stage.app.engine
    await stage.app.close()
    await coordinator().send('до 12 мая')
    const again = await startApp({ config, clock, features: product, log: openLog('silent'), pace: { beat: null } })
    try {
      await again.settle()
      const told = await coordinator().waitFor('Записал: до 12 мая 2026')
      expect(told.text).toContain('Записал: до 12 мая 2026')
    } finally {
      await again.close()
    }
  })

  it('a question answered twice, or from an old message, is one effect', async () => {
    await sendPlan()
    const question = await press(/Ответить на вопросы/)
    const [first, second] = question.buttons.flat()
    await Promise.all([
      coordinator().forgeTap(question, first?.data ?? ''),
      coordinator().forgeTap(question, second?.data ?? ''),
    ])
    await stage.settled()
    const rows = await stage.app.engine.database.sql`
      select schedule -> 'windows' -> 0 ->> 'due' as due, version from activities where number = '1.3'`
    expect(rows).toEqual([{ due: '2026-04-30', version: 2 }])
  })

  it('publishing is one effect however often it is pressed, and never what was not previewed', async () => {
    await sendPlan(ROWS.slice(0, 1))
    const preview = await press(/Посмотреть и опубликовать/)
    const publish = preview.buttons.flat()[0]?.data ?? ''
    await stage.app.engine.database.sql`update roadmaps set version = version + 1`
    await coordinator().forgeTap(preview, publish)
    await stage.settled()
    expect(await tasks()).toEqual([])
    const fresh = coordinator().last()
    const again = fresh.buttons.flat()[0]?.data ?? ''
    await Promise.all([coordinator().forgeTap(fresh, again), coordinator().forgeTap(fresh, again)])
    await stage.settled()
    expect(await tasks()).toEqual(SCHOOLS.map((school) => `1.1 · ${school} · 2026-03-20 · planned`).toSorted())
    expect(coordinator().last().text).toContain('Опубликовано')
  })

  it('is nobody else’s: a curator who forges the buttons changes nothing', async () => {
    const card = await sendPlan()
    const [roadmap] = await stage.app.engine.database.sql<{ id: string }[]>`select id from roadmaps`
    const id = Number(roadmap?.id).toString(36)
    const theirs = await stage.curator.start()
    for (const data of [`mv:${id}`, `mvp:${id}:2:make`, `mry:${id}`, `mrz:${id}`, `msa:${id}:0:0`, `mo:${id}`])
      await stage.curator.forgeTap(theirs, data)
    await stage.settled()
    expect(stage.curator.messages().some(({ text }) => text.includes('План поддержки'))).toBe(false)
    expect(await tasks()).toEqual([])
    expect(buttonsOf(card)).toContain('🗑 Удалить черновик')
    expect(await stage.app.engine.database.sql`select state from roadmaps`).toEqual([{ state: 'draft' }])
  })
})

describe('any activity can be changed', () => {
  it('found by number or words: its date, title, executor, evidence', async () => {
    await sendPlan(ROWS.slice(0, 3))
    await press(/Мероприятия/)
    await press(/Найти/)
    const card = await write('приказ команде')
    expect(card.text).toContain('1.1 Издать приказ о школьной команде')
    expect(card.text).toContain('Бот попросит: приказ')
    await press(/Изменить срок/)
    const moved = await write('с 1 по 10 апреля')
    expect(moved.text).toContain('1–10 апреля 2026')
    await press(/Изменить название/)
    expect((await write('Издать приказ о команде и кураторе')).text).toContain('Издать приказ о команде и кураторе')
    await press(/Без подтверждения/)
    await press(/Кто отчитывается/)
    await press(/Управление образования/)
    const done = await press('Готово')
    expect(done.text).toContain('Отчитываются: все школы программы, управление образования')
    expect(done.text).toContain('Подтверждение: не нужно')
    await press(/Не делать задач/)
    expect(coordinator().last().text).toContain('Пропущено')
  })

  it('words that are no date are asked again', async () => {
    await sendPlan(ROWS.slice(0, 3))
    await press(/Ответить на вопросы/)
    await press(/Другая дата/)
    expect((await write('когда рак свистнет')).text).toContain('Не понял этот срок')
    await write('до 25 мая')
    expect(
      await stage.app.engine.database
        .sql`select schedule -> 'windows' -> 0 ->> 'due' as due from activities where number = '1.3'`,
    ).toEqual([{ due: '2026-05-25' }])
  })
})

describe('a newer version of the document', () => {
  it('is recognised; shows the difference; keeps reports and moves what nobody reported of', async () => {
    await sendPlan(ROWS.slice(0, 3))
    await press(/Ответить на вопросы/)
    await press('до 31 мая 2026')
    await press(/Посмотреть и опубликовать/)
    await press(/Опубликовать/)
    await stage.app.engine.database.sql`
      insert into reports (municipality_id, task_id, author_id, state, started_at, touched_at)
      select t.municipality_id, t.id, m.person_id, 'submitted', now(), now()
        from tasks t join memberships m on m.organization_id = t.organization_id and m.role = 'head'
        join activities a on a.id = t.activity_id where a.number = '1.1' and m.person_id is not null limit 1`
    await stage.app.engine.database.sql`
      update tasks set state = 'reported', version = 2 where id in (select task_id from reports)`

    const changed: Row[] = [
      ['1.1', 'Издать приказ о школьной команде', 'до 10 апреля 2026 года', 'Руководители ОО', 'Приказ'],
      ...ROWS.slice(2, 3),
      ['1.4', 'Открыть методическую неделю', 'Май 2026 года', 'Руководители ОО', ''],
    ]
    const asked = await sendPlan(changed, 'План, новая редакция.docx')
    expect(asked.text).toContain('Это новая редакция карты')
    const difference = await press(/Да, это новая редакция/)
    expect(difference.text).toContain('Изменилось: 1')
    expect(difference.text).toContain('срок «до 20 марта 2026 года» → «до 10 апреля 2026 года»')
    expect(difference.text).toContain('Новое: 1')
    expect(difference.text).toContain('Убрано: 1')
    const card = await press('« К карте')
    expect(card.text).not.toContain('Нужен ваш ответ')
    const preview = await press(/Посмотреть и опубликовать/)
    expect(preview.text).toContain('Появятся 3 задачи'.replace('Появятся', 'Появится').slice(8))
    expect(preview.text).toContain('Будут сняты: 1 задача')
    await press(/Опубликовать/)
    const lines = await tasks()
    expect(lines.filter((line) => line.includes('reported'))).toHaveLength(1)
    expect(lines.filter((line) => line.startsWith('1.1') && line.includes('2026-04-10'))).toHaveLength(2)
    expect(lines.filter((line) => line.startsWith('1.2'))).toEqual([
      '1.2 · Управление образования · 2026-04-30 · cancelled',
    ])
    expect(lines.filter((line) => line.includes('2026-05-31'))).toHaveLength(6)
    expect((await answerTo(() => coordinator().press('🗺 Дорожные карты'))).text).toContain('в архиве')
  })

  it('the very same file is not read twice', async () => {
    await sendPlan()
    await coordinator().forward(
      coordinator()
        .messages()
        .findLast(({ file }) => file !== null)!,
    )
    await stage.settled()
    expect(
      coordinator()
        .messages()
        .some(({ text }) => text.includes('Этот файл у меня уже есть')),
    ).toBe(true)
    expect(await stage.app.engine.database.sql`select id from roadmaps`).toHaveLength(1)
  })
})

describe('what cannot be read', () => {
  it.each<[string, string, Buffer, string]>([
    ['an old Word file', 'план.doc', oldWord(), 'старый формат Word'],
    [
      'a file without a table',
      'заметки.txt',
      Buffer.from('Просто слова о школе.\nИ ещё слова.'),
      'нет таблицы с мероприятиями',
    ],
    ['an empty file', 'пусто.txt', Buffer.alloc(0), 'Файл пустой'],
    ['a broken file', 'план.docx', plan(ROWS).subarray(0, 900), 'Не получилось прочитать'],
  ])('%s is answered with what to do, and kept', async (_, name, bytes, words) => {
    const refused = await answerTo(() => coordinator().sendDocument(bytes, name))
    expect(refused.text).toContain(words)
    expect(buttonsOf(refused)).toContain('Попробовать ещё раз')
    const [row] = await stage.app.engine.database.sql`
      select reading, source_sha256 is not null as kept, (select count(*)::int from activities) as activities from roadmaps`
    expect(row).toEqual({ reading: 'refused', kept: true, activities: 0 })
    expect((await answerTo(() => coordinator().press('🗺 Дорожные карты'))).text).toContain('не прочитана')
  })

  it('a plan without a year is read once its period is told', async () => {
    const rows = ROWS.slice(0, 2).map(([number, title, , who, result]): Row => [number, title, 'апрель', who, result])
    const refused = await answerTo(() =>
      coordinator().sendDocument(plan(rows, 'План поддержки школ района'), 'План.docx'),
    )
    expect(refused.text).toContain('С какого по какой день')
    await press('Указать период')
    expect((await write('не знаю')).text).toContain('Напишите два дня')
    const card = await write('с 1 января по 31 декабря 2026')
    expect(card.text).toContain('мероприятий: 2')
    expect(
      await stage.app.engine.database.sql`select distinct schedule -> 'windows' -> 0 ->> 'due' as due from activities`,
    ).toEqual([{ due: '2026-04-30' }])
  })
})

describe('a pasted table', () => {
  it('is gathered in its parts and read as one', async () => {
    const line = (row: Row) => row.join(' | ')
    const head = ['№', 'Мероприятие', 'Срок', 'Ответственные', 'Ожидаемый результат'].join(' | ')
    await write(['План поддержки школ на 2026 год', head, ...ROWS.slice(0, 2).map(line)].join('\n'))
    const gathered = await write(ROWS.slice(2, 4).map(line).join('\n'))
    expect(gathered.text).toContain('Похоже на таблицу')
    const card = await press('Это весь текст')
    expect(card.text).toContain('мероприятий: 4')
  })

  it('without its columns, as messengers send it, comes with a warning', async () => {
    const gathered = await write(
      '№ Мероприятие Срок Ответственные\n1.1 Издать приказ Март 2026 ОО\n1.2 Провести аудит Май 2026 ОО',
    )
    expect(gathered.text).toContain('Мессенджер убрал границы столбцов')
    expect((await press('Это весь текст')).text).toContain('Не получилось прочитать')
  })

  it('that is none is dropped without a trace', async () => {
    await write('а | б\nв | г\nд | е')
    await press('Это не дорожная карта')
    expect(await stage.app.engine.database.sql`select id from roadmaps`).toHaveLength(0)
  })
})

describe('a document of somebody who also reports', () => {
  it('is asked about where it may be evidence, and goes where it belongs', async () => {
    await givenTasks(stage, [{ title: 'Собрать рабочую группу', dueOn: '2026-03-05', needsEvidence: true }])
    await stage.app.engine.database.sql`
      update tasks set organization_id = (select id from organizations where kind = 'department')`
    await stage.passTo('2026-03-03T07:00:00Z')
    await coordinator().sendDocument(plan(ROWS), 'Протокол.docx')
    const asked = await coordinator().waitFor('Что это за файл')
    await (await coordinator().tap(asked, /Подтверждение/)).answered()
    await stage.settled()
    const { sql } = stage.app.engine.database
    expect(await sql`select id from roadmaps where state = 'draft'`).toHaveLength(0)
    expect(await sql`select file_name, state from evidence`).toEqual([{ file_name: 'Протокол.docx', state: 'stored' }])
  })

  it('from a head it is evidence, never a roadmap', async () => {
    await stage.head.sendDocument(plan(ROWS), 'План.docx')
    await stage.settled()
    expect(await stage.app.engine.database.sql`select id from roadmaps`).toHaveLength(0)
  })
})

describe('the end of a roadmap', () => {
  it('a draft is deleted after a question; a published one goes to the archive, and its open tasks with it', async () => {
    await sendPlan(ROWS.slice(0, 1))
    await press(/Удалить черновик/)
    expect((await press('Да, удалить')).text).toContain('удалён')
    await sendPlan(ROWS.slice(0, 1), 'Другой.docx')
    await press(/Посмотреть и опубликовать/)
    await press(/Опубликовать/)
    await press('« К карте')
    const asked = await press(/В архив/)
    expect(asked.text).toContain('Открытые задачи (3)')
    expect((await press('Да, в архив')).text).toContain('Снято задач: 3')
    expect((await tasks()).every((line) => line.endsWith('cancelled'))).toBe(true)
  })

  it('the original comes back as it was sent', async () => {
    await sendPlan()
    await press(/Прислать исходный файл/)
    await coordinator().waitFor(({ file }) => file !== null)
    const sent = coordinator()
      .messages()
      .findLast(({ from, file }) => from === 'bot' && file !== null)
    expect(sent?.file?.name).toBe('План.docx')
    expect(Buffer.compare((await sent?.file?.bytes()) ?? Buffer.alloc(0), plan(ROWS))).toBe(0)
  })
})

const SEED = join(import.meta.dirname, '../../../shared/seeds/002_belinsky.docx')

describe.skipIf(!existsSync(SEED))('a real roadmap (skipped where the examples are not at hand)', () => {
  it('is published whole: every activity is a task, a question or without a date', async () => {
    const bytes = await readFile(SEED)
    await answerTo(() => coordinator().sendDocument(bytes, 'Дорожная карта.docx'))
    await press(/Посмотреть и опубликовать/)
    await press(/вместе с прошедшими/)
    const { sql } = stage.app.engine.database
    const [counts] = await sql`
      select count(*)::int as activities,
             count(*) filter (where exists (select from tasks t where t.activity_id = a.id))::int as with_tasks,
             count(*) filter (where is_whole)::int as wholes,
             count(*) filter (where not is_whole and (schedule ->> 'ambiguous')::boolean)::int as asked
        from activities a`
    expect(counts?.activities).toBeGreaterThan(40)
    expect(counts?.with_tasks).toBeGreaterThan(20)
    expect(counts?.with_tasks + counts?.wholes + counts?.asked).toBeGreaterThanOrEqual(counts?.activities - 5)
    expect(await sql`select id from tasks where reminded and due_on < '2026-03-02'`).toHaveLength(0)
  })
})

/** A compound file with the stream that Word 97 keeps its text in. */
function oldWord(): Buffer {
  const head = Buffer.from('d0cf11e0a1b11ae1', 'hex')
  return Buffer.concat([head, Buffer.alloc(1024), Buffer.from('WordDocument', 'utf16le'), Buffer.alloc(512)])
}
