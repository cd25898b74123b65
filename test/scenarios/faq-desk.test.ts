import { Readable } from 'node:stream'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import * as actions from '../../src/bot/buttons-council.ts'
import { readTable, writeCsv, writeXlsx } from '../../src/documents/faq-file.ts'
import { readFaqFile } from '../../src/jobs/read-faq-file.ts'
import { ok } from '../../src/kernel/result.ts'
import { aWorld, CAST, enters, type World } from '../support/people.ts'

const { olga, pyotr } = CAST
const EXPERT = '601'
const ASKED = 'Кто поможет с заявкой в Точку взлёта?'

let world: World
beforeAll(async () => {
  world = await aWorld()
  const { database, municipalityId, departmentId, clock } = world
  await database.asSystem((tx) =>
    enters(tx, {
      chat: EXPERT,
      name: 'Громов Павел Андреевич',
      role: 'council',
      municipalityId,
      organizationIds: [departmentId],
      now: clock.now,
    }),
  )
})
afterAll(() => world.database.close())
beforeEach(async () => {
  await world.database.sql`delete from faq_entries where municipality_id is not null`
  await world.database.sql`delete from faq_synonyms where municipality_id is not null`
  await world.database.sql`delete from dialogs`
  world.bot.jobs.length = 0
})

const own = async () =>
  world.database.sql<{ municipality: number; term: string }[]>`
    select municipality_id::int as municipality, term from faq_synonyms where municipality_id is not null order by id`

async function writesSynonyms(line: string): Promise<string> {
  await world.bot.press(olga.chat, actions.askSynonyms())
  await world.bot.write(olga.chat, line)
  return world.bot.words(olga.chat)
}

describe("a municipality's own synonyms", () => {
  it('are said to be none, with what to do', async () => {
    await world.bot.press(olga.chat, actions.openSynonyms(0))
    const words = await world.bot.words(olga.chat)
    expect(words).toContain('Своих сокращений пока нет')
    expect(words).toMatch(/отрасли \(\d{2,}\)/)
  })

  it('are heard by the search at once, here and nowhere else, and no more once they are removed', async () => {
    for (const [municipalityId, code] of [
      [world.municipalityId, 'ours'],
      [world.other.municipalityId, 'theirs'],
    ] as const)
      await world.database.sql`
        insert into faq_entries (municipality_id, code, topic, question, answer, standing, updated_at)
        values (${municipalityId}, ${code}, 'image', 'Кто помогает с заявкой на конкурс сельских школ?', 'Методист центра.', 'confirmed', now())`
    const found = async (chat: string) => {
      await world.bot.write(chat, 'заявка в ККСШ')
      if (!(await world.bot.words(chat)).includes('Вот что нашлось')) await world.bot.tap(chat, /поискать ответ/)
      return (await world.bot.words(chat)).includes('заявкой на конкурс сельских')
    }
    expect(await found(pyotr.chat)).toBe(false)
    expect(await writesSynonyms('ККСШ = конкурс сельских школ')).toContain('✅ Добавлено')
    expect(await found(pyotr.chat)).toBe(true)
    expect(await found(world.other.chat)).toBe(false)
    await world.bot.press(olga.chat, actions.openSynonyms(0))
    await world.bot.tap(olga.chat, '1')
    await world.bot.tap(olga.chat, /Убрать/)
    await world.bot.tap(olga.chat, /Убрать/)
    expect(await found(pyotr.chat)).toBe(false)
    expect(await own()).toEqual([])
  })

  it('are changed and undone as one line, once however often a button is pressed', async () => {
    await writesSynonyms('ККСШ = конкурс сельских школ')
    await world.bot.press(olga.chat, actions.openSynonyms(0))
    await world.bot.tap(olga.chat, '1')
    await world.bot.tap(olga.chat, /Изменить/)
    expect(await world.bot.words(olga.chat)).toContain('ККСШ = конкурс сельских школ')
    await world.bot.write(olga.chat, 'ККСШ = краевой конкурс сельских школ')
    expect((await own()).map(({ term }) => term)).toEqual(['ККСШ', 'краевой конкурс сельских школ'])
    await world.bot.tap(olga.chat, /Отменить/)
    expect((await own()).map(({ term }) => term)).toEqual(['ККСШ', 'конкурс сельских школ'])
    await world.bot.press(olga.chat, actions.undoSynonyms())
    expect(await own()).toHaveLength(2)
  })

  it.each`
    line                                        | why
    ${'ККСШ конкурс сельских школ'}             | ${'нужен знак «=»'}
    ${'ККСШ = '}                                | ${'ничего не написано'}
    ${'ККСШ = для'}                             | ${'поиск не различает'}
    ${'ВПР = всероссийская проверочная работа'} | ${'Поиск это уже знает'}
  `('«$line» is not taken: $why, and the next line is', async ({ line, why }) => {
    expect(await writesSynonyms(line)).toContain(why)
    expect(await own()).toEqual([])
    await world.bot.write(olga.chat, 'ККСШ = конкурс сельских школ')
    expect(await own()).toHaveLength(2)
  })

  it('come in pages', async () => {
    for (let n = 1; n <= 10; n++)
      await world.database.sql`
        insert into faq_synonyms (municipality_id, meaning, term) select ${world.municipalityId}, ${`слово${n}`}, term
          from unnest(${[`слово${n}`, `значение${n}`]}::text[]) term`
    await world.bot.press(olga.chat, actions.openSynonyms(0))
    await world.bot.tap(olga.chat, /Дальше|›|»/)
    expect(await world.bot.words(olga.chat)).toContain('слово9')
  })

  it('are kept by the coordinator of their municipality alone', async () => {
    await writesSynonyms('ККСШ = конкурс сельских школ')
    const [row] = await world.database.sql<
      { id: string }[]
    >`select min(id) as id from faq_synonyms where municipality_id is not null`
    const id = Number(row?.id)
    for (const chat of [pyotr.chat, EXPERT, world.other.chat])
      for (const data of [
        actions.openSynonymGroup(id),
        actions.rewriteSynonyms(id),
        actions.dropSynonyms(id),
        actions.undoSynonyms(),
      ]) {
        await world.bot.press(chat, data)
        expect(await world.bot.words(chat)).not.toContain('ККСШ')
      }
    for (const chat of [pyotr.chat, EXPERT]) {
      await world.bot.press(chat, actions.askSynonyms())
      await world.bot.write(chat, 'ЛЛЛЛ = лишнее')
    }
    expect((await own()).map(({ term }) => term)).toEqual(['ККСШ', 'конкурс сельских школ'])
  })
})

const HEADING = ['id', 'topic', 'question', 'answer', 'keywords', 'source', 'review date']

/** A coordinator sends a file and the job reads it; gives what they are shown. */
async function sends(bytes: Buffer, chat: string = olga.chat): Promise<string> {
  await world.bot.press(chat, actions.askFaqFile())
  await world.bot.send(chat, { fileName: 'faq.csv', size: bytes.length })
  return works(bytes)
}

async function works(bytes: Buffer): Promise<string> {
  let shown = ''
  for (const job of world.bot.jobs.splice(0)) {
    if (job.queue !== 'read-faq-file') continue
    await world.bot.shown(job.data.chat)
    await world.database.sql`update deliveries set subject = subject || '{"seen": true}' where chat = ${job.data.chat}`
    await readFaqFile(world.database, world.bot.services, async () => ok(Readable.from([bytes])), {
      ...job.data,
      lastTry: true,
    })
    shown = await world.bot.words(job.data.chat)
  }
  return shown
}

const entries = (municipalityId: number) => world.database.sql<{ code: string; answer: string; version: number }[]>`
  select code, answer, version from faq_entries where municipality_id = ${municipalityId} order by code`

describe('a file of the FAQ', () => {
  const rows = [
    HEADING,
    [
      'vz-1',
      'Имидж школы',
      ASKED,
      'Методист центра, по вторникам.',
      'точка взлёта',
      'Приказ управления № 5',
      '2027-03-01',
    ],
    ['vz-2', '', 'Когда конкурс чтецов?', '', '', '', ''],
    ['vz-3', '', 'Где взять бланк заявки?', 'На сайте центра.', '', '', '32.13.2027'],
  ]

  it.each`
    format
    ${'csv'}
    ${'xlsx'}
  `('.$format is looked at first, and taken in once when it is confirmed', async ({ format }) => {
    const bytes = format === 'csv' ? writeCsv(rows) : await writeXlsx(rows, 'Лист')
    const foreseen = await sends(bytes)
    expect(foreseen).toContain('Новых: 1')
    expect(foreseen).toContain('строка 3, столбец answer: нет ответа')
    expect(foreseen).toContain('строка 4, столбец review date')
    expect(await entries(world.municipalityId)).toEqual([])
    await world.bot.tap(olga.chat, /Загрузить 1 ответ/)
    await world.bot.press(olga.chat, actions.importFaqFile())
    expect(world.bot.jobs).toHaveLength(1)
    expect(await works(bytes)).toContain('Ответы загружены')
    expect((await entries(world.municipalityId)).map(({ code }) => code)).toEqual(['vz-1'])
    expect(await entries(world.other.municipalityId)).toEqual([])
    await world.bot.write(pyotr.chat, ASKED)
    expect(await world.bot.words(pyotr.chat)).toContain('Точку взлёта')

    const again = await sends(bytes)
    expect(again).toContain('В базе ничего не изменится')
    expect(again).toContain('Без изменений: 1')
  })

  it('that was exported and changed in one row changes that one alone: nothing of the starter is confirmed by it', async () => {
    await world.bot.press(olga.chat, actions.exportFaqCsv())
    const [file] = [...world.bot.files.values()].filter(({ fileName }) => fileName.endsWith('.csv')).slice(-1)
    const exported = readTable(Buffer.from(file?.bytes ?? []), 'faq.csv')
    const changed = exported.map((row, at) => (at === 1 ? [...row.slice(0, 3), 'Наш ответ.', ...row.slice(4)] : row))
    expect(changed.length).toBeGreaterThan(80)
    const bytes = writeCsv(changed)
    expect(await sends(bytes)).toContain('Новых: 1')
    await world.bot.tap(olga.chat, /Загрузить 1 ответ/)
    await works(bytes)
    expect((await entries(world.municipalityId)).map(({ answer }) => answer)).toEqual(['Наш ответ.'])
  })

  it.each`
    what                            | bytes                                       | words
    ${'a picture'}                  | ${Buffer.from([0xff, 0xd8, 0, 1, 2, 3])}    | ${'не прочитался'}
    ${'a broken book'}              | ${Buffer.from('PK\u0003\u0004 not a book')} | ${'не прочитался'}
    ${'a table without a question'} | ${Buffer.from('имя;возраст\nАнна;40\n')}    | ${'в заголовке нет столбца'}
    ${'nothing'}                    | ${Buffer.from('')}                          | ${'в заголовке нет столбца'}
  `('that is $what changes nothing and is explained', async ({ bytes, words }) => {
    expect(await sends(bytes)).toContain(words)
    expect(await entries(world.municipalityId)).toEqual([])
  })

  it('is explained in the language of its municipality', async () => {
    const speaks = (locale: string) =>
      world.database.sql`update municipalities set locale = ${locale} where id = ${world.municipalityId}`
    await speaks('en')
    const foreseen = await sends(writeCsv(rows))
    expect(foreseen).toContain('row 3, column answer: there is no answer')
    expect(foreseen).toContain('row 4, column review date: the date «32.13.2027» is not understood')
    expect(foreseen).not.toMatch(/строка|столбец|таблиц/)
    const refused = await sends(Buffer.from([0xff, 0xd8, 0, 1, 2, 3]))
    await speaks('ru')
    expect(refused).toContain('This is no table.')
  })

  it('names rows that look like personal data before they are taken in', async () => {
    const personal = [HEADING, ['', '', 'Кому звонить?', 'Смирновой А. П., 8 912 345-67-89.', '', '', '']]
    expect(await sends(writeCsv(personal))).toMatch(/похожее на персональные данные\. [^\n]+\n\s+• Кому звонить\?/)
  })

  it('is sent out and taken in by a coordinator alone', async () => {
    for (const chat of [pyotr.chat, EXPERT]) {
      for (const data of [actions.askFaqFile(), actions.importFaqFile(), actions.exportFaqCsv(), actions.exportFaq()])
        await world.bot.press(chat, data)
      await world.bot.send(chat, { fileName: 'faq.csv' })
    }
    expect(world.bot.jobs.filter(({ queue }) => queue === 'read-faq-file')).toEqual([])
  })
})
