import { getTableColumns } from 'drizzle-orm'
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core'
import type { Sql } from 'postgres'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { FaqDraft } from '../../src/council/faq-entry.ts'
import { writeFaqRows } from '../../src/council/faq-rows.ts'
import { countFeedback, faqSearch } from '../../src/db/faq.ts'
import { faqEntriesOf, importFaq, keepDrafts, keepSynonyms } from '../../src/db/faq-import.ts'
import * as schema from '../../src/db/schema/council.ts'
import { writeCsv, writeXlsx } from '../../src/documents/faq-file.ts'
import { Temporal } from '../../src/kernel/clock.ts'
import { aFaqDatabase } from '../support/faq-database.ts'

const AT = Temporal.Instant.from('2026-11-23T06:00:00Z')
const [OURS, THEIRS] = [1, 2]

let sql: Sql
let drop: () => Promise<void>

beforeAll(async () => {
  const database = await aFaqDatabase()
  sql = database.sql
  drop = database.drop
})
afterAll(() => drop())
beforeEach(() => sql`truncate faq_entries, faq_versions, faq_feedback, faq_vocabulary, faq_scopes, faq_synonyms`)

function aDraft(code: string, question: string, more: Partial<FaqDraft> = {}): FaqDraft {
  return { code, topic: 'quality', question, answer: 'Ответ.', keywords: '', source: '', reviewOn: null, ...more }
}

const found = async (municipalityId: number | null, question: string) =>
  (await faqSearch(sql).find(municipalityId, question)).answers.map(({ code }) => code)

describe('a question finds an entry', () => {
  beforeEach(async () => {
    await keepSynonyms(sql, null, [{ terms: ['ВСОКО', 'внутренняя система оценки качества образования'], strength: 1 }])
    await keepDrafts(
      sql,
      null,
      [
        aDraft('vsoko', 'Как написать положение о ВСОКО?'),
        aDraft('kvorum', 'Сколько человек нужно для кворума педсовета?'),
        aDraft('book', 'Где получить новые книги для библиотеки?'),
        aDraft('order', 'Какие приказы издаёт директор?'),
        aDraft('system', 'Зачем нужна внутренняя система оценки качества образования в школе?'),
      ],
      AT,
    )
  })

  it.each`
    question                                                        | code        | because
    ${'о кворуме на педсоветах'}                                    | ${'kvorum'} | ${'other endings'}
    ${'кворм педсовета'}                                            | ${'kvorum'} | ${'a letter dropped'}
    ${'нкиги'}                                                      | ${'book'}   | ${'a slip in the first letters'}
    ${'бибилотека'}                                                 | ${'book'}   | ${'a slip in the middle'}
    ${'библиотечные фонды'}                                         | ${'book'}   | ${'a relative'}
    ${'ghbrfps'}                                                    | ${'order'}  | ${'the other keyboard layout'}
    ${'BCOKO положение'}                                            | ${'vsoko'}  | ${'Latin look-alikes'}
    ${'положение о внутренней системе оценки качества образования'} | ${'vsoko'}  | ${'what an abbreviation stands for'}
    ${'зачем ВСОКО'}                                                | ${'system'} | ${'the abbreviation of what stands there'}
    ${'ПЕДСОВЁТ!!! кворум???'}                                      | ${'kvorum'} | ${'«ё», capitals and signs'}
  `('«$question»: $because', async ({ question, code }) => {
    expect((await found(null, question))[0]).toBe(code)
  })

  it.each([
    '',
    '   ',
    '???',
    'и в на',
    "'; drop table faq_entries; --",
    '\\',
    "'",
    'a & b | !c',
    '\u0000',
    '😀',
    'ы'.repeat(5000),
    '1 '.repeat(500),
    'глокая куздра штеко будланула бокра и курдячит бокрёнка варкалось хливкие шорьки пырялись по наве хрюкотали зелюки как мюмзики в мове бармаглот злопастный брандашмыг',
    'моя соседка держит трёх больших собак, они лают каждую ночь, будят весь дом, участковый отказался приходить, управляющая компания молчит, кому написать заявление и какой штраф',
  ])('nothing breaks on «%s»', async (question) => {
    const { answers, confident } = await faqSearch(sql).find(null, question)
    expect(answers.length).toBeLessThanOrEqual(5)
    expect(confident).toBe(false)
  })
})

describe('what is seen', () => {
  it('is one municipality’s own and the common starter, and nothing of another', async () => {
    await keepDrafts(sql, null, [aDraft('starter', 'Как провести педсовет?')], AT)
    await keepDrafts(sql, OURS, [aDraft('ours', 'Когда педсовет у нас?')], AT)
    await keepDrafts(sql, THEIRS, [aDraft('theirs', 'Когда педсовет у них?')], AT)
    expect(new Set(await found(OURS, 'педсовет'))).toEqual(new Set(['starter', 'ours']))
    expect(await found(null, 'педсовет')).toEqual(['starter'])
  })

  it('does not depend on the words of another municipality', async () => {
    await keepDrafts(sql, OURS, [aDraft('ours', 'Когда педсовет?')], AT)
    const before = await faqSearch(sql).find(OURS, 'пидсовет когда')
    await keepDrafts(sql, THEIRS, [aDraft('theirs', 'Что такое пидсовет?')], AT)
    expect(await faqSearch(sql).find(OURS, 'пидсовет когда')).toEqual(before)
  })

  it('a municipality’s own abbreviations are its own', async () => {
    await keepDrafts(sql, null, [aDraft('starter', 'Зачем нужен совет отцов?')], AT)
    await keepSynonyms(sql, OURS, [{ terms: ['СОШ-клуб', 'совет отцов'], strength: 1 }])
    expect(await found(OURS, 'сош-клуб')).toEqual(['starter'])
    expect(await found(THEIRS, 'сош-клуб')).toEqual([])
  })

  it('is no withdrawn entry', async () => {
    await keepDrafts(sql, OURS, [aDraft('a', 'Когда педсовет?')], AT)
    await sql`update faq_entries set standing = 'withdrawn'`
    expect(await found(OURS, 'педсовет')).toEqual([])
  })
})

describe('what people press', () => {
  beforeEach(() =>
    keepDrafts(sql, null, [aDraft('a', 'Как провести педсовет?'), aDraft('b', 'Как провести педсовет?')], AT),
  )

  it('moves the ranking of equals, in that municipality alone', async () => {
    const [, second] = await faqEntriesOf(sql, null)
    expect(await found(OURS, 'педсовет')).toEqual(['a', 'b'])
    for (let press = 0; press < 5; press++) await countFeedback(sql, OURS, [second!.id], 'helped')
    expect(await found(OURS, 'педсовет')).toEqual(['b', 'a'])
    expect(await found(THEIRS, 'педсовет')).toEqual(['a', 'b'])
  })

  it('is counted by kind', async () => {
    const [first, second] = await faqEntriesOf(sql, null)
    await countFeedback(sql, OURS, [first!.id, second!.id], 'shown')
    await countFeedback(sql, OURS, [first!.id], 'not_it')
    expect(await sql`select shown, helped, not_it from faq_feedback where entry_id = ${first!.id}`).toEqual([
      { shown: 1, helped: 0, not_it: 1 },
    ])
  })
})

describe('an import', () => {
  const drafts = [aDraft('a', 'Как провести педсовет?'), aDraft('b', 'Кто пишет протокол?', { source: '=опасно' })]

  it.each`
    format
    ${'csv'}
    ${'xlsx'}
  `('of .$format keeps what the export of .$format wrote', async ({ format }) => {
    const rows = writeFaqRows(drafts)
    const bytes = format === 'csv' ? writeCsv(rows) : await writeXlsx(rows, 'FAQ')
    const report = await importFaq(sql, OURS, { name: `faq.${format}`, bytes }, AT)
    expect(report).toEqual({ added: 2, changed: 0, same: 0, failed: [] })
    expect(await faqEntriesOf(sql, OURS)).toMatchObject(
      drafts.map((draft) => ({ ...draft, standing: 'confirmed', version: 1 })),
    )
  })

  it('keeps the order of the file', async () => {
    const many = Array.from({ length: 300 }, (_, n) => aDraft(`${(n * 7) % 300}`, 'Как провести педсовет?'))
    await keepDrafts(sql, OURS, many, AT)
    expect((await faqEntriesOf(sql, OURS)).map(({ code }) => code)).toEqual(many.map(({ code }) => code))
  })

  it('done twice changes nothing', async () => {
    await keepDrafts(sql, OURS, drafts, AT)
    expect(await keepDrafts(sql, OURS, drafts, AT)).toEqual({ added: 0, changed: 0, same: 2 })
  })

  it('keeps the former version of what it changes, and the search follows', async () => {
    await keepDrafts(sql, OURS, drafts, AT)
    const changed = [{ ...drafts[0]!, question: 'Как созвать собрание?' }]
    expect(await keepDrafts(sql, OURS, changed, AT)).toEqual({ added: 0, changed: 1, same: 0 })
    expect(await sql`select version, question from faq_versions`).toEqual([
      { version: 1, question: 'Как провести педсовет?' },
    ])
    expect(await found(OURS, 'педсовет')).toEqual([])
    expect(await found(OURS, 'собрание')).toEqual(['a'])
  })

  it('touches no entry of another municipality with the same id', async () => {
    await keepDrafts(sql, THEIRS, drafts, AT)
    await keepDrafts(sql, OURS, [{ ...drafts[0]!, question: 'Чужой?' }], AT)
    expect((await faqEntriesOf(sql, THEIRS)).map(({ question }) => question)).toEqual(
      drafts.map(({ question }) => question),
    )
  })

  it('of the starter is typical until a coordinator confirms it', async () => {
    await keepDrafts(sql, null, drafts, AT)
    expect((await faqEntriesOf(sql, null)).map(({ standing }) => standing)).toEqual(['typical', 'typical'])
  })

  it('two at once over the same words both succeed', async () => {
    const many = (from: string) =>
      Array.from({ length: 60 }, (_, at) => aDraft(`${from}${at}`, `Вопрос ${at % 7} о школе ${at % 5}?`))
    await Promise.all([keepDrafts(sql, OURS, many('x'), AT), keepDrafts(sql, OURS, many('y').reverse(), AT)])
    expect(await faqEntriesOf(sql, OURS)).toHaveLength(120)
    await expectVocabularyToBeARecount()
  })
})

it('the vocabulary equals a recount after entries were added, changed, withdrawn and removed', async () => {
  await keepDrafts(sql, OURS, [aDraft('a', 'Как провести педсовет?'), aDraft('b', 'Кто пишет протокол педсовета?')], AT)
  await keepDrafts(sql, null, [aDraft('c', 'Где педсовет?'), aDraft('d', 'Кто директор?')], AT)
  await keepDrafts(sql, OURS, [aDraft('a', 'Как созвать собрание?')], AT)
  await sql`update faq_entries set standing = 'withdrawn' where code = 'c'`
  await sql`delete from faq_entries where code = 'b'`
  await expectVocabularyToBeARecount()
})

async function expectVocabularyToBeARecount() {
  const kept = await sql`select scope, lexeme, entries from faq_vocabulary where entries <> 0 order by scope, lexeme`
  const counted = await sql`
    select scope, word.lexeme collate "C" as lexeme, count(*)::int as entries from faq_entries, unnest(search) word where standing <> 'withdrawn'
    group by 1, 2 order by 1, 2`
  expect([...kept]).toEqual([...counted])
  const scopes = await sql`select scope, entries from faq_scopes where entries <> 0 order by scope`
  expect([...scopes]).toEqual([
    ...(await sql`select scope, count(*)::int as entries from faq_entries where standing <> 'withdrawn' group by scope order by scope`),
  ])
}

describe('the drizzle tables mirror the migration', () => {
  const tables = Object.values(schema) as PgTable[]

  it.each(tables.map((table) => [getTableConfig(table).name, table] as const))('%s', async (name, table) => {
    const made = await sql`
      select column_name as name, is_nullable = 'NO' as "notNull", is_generated = 'ALWAYS' as generated
      from information_schema.columns where table_name = ${name} order by column_name collate "C"`
    const mirrored = Object.values(getTableColumns(table)).map((column) => ({
      name: column.name,
      notNull: column.notNull,
      generated: column.generated !== undefined,
    }))
    expect(mirrored.sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual([...made])
  })

  it.each(tables.map((table) => [getTableConfig(table).name, table] as const))(
    'the indexes of %s',
    async (name, table) => {
      const made = await sql<{ name: string }[]>`
      select indexname as name from pg_indexes where tablename = ${name} and indexname not like '%_pkey' order by 1`
      const { indexes, uniqueConstraints } = getTableConfig(table)
      const mirrored = [...indexes.map((index) => index.config.name), ...uniqueConstraints.map((unique) => unique.name)]
      expect(mirrored.sort()).toEqual(made.map((index) => index.name))
    },
  )
})
