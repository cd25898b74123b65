import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FaqDraft } from '../../src/council/faq-entry.ts'
import { guardFormula, readFaqRows, writeFaqRows } from '../../src/council/faq-rows.ts'
import { Temporal } from '../../src/kernel/clock.ts'

const HEADING = ['id', 'topic', 'question', 'answer', 'keywords', 'source', 'review date']

describe('the columns of a FAQ file', () => {
  it.each`
    heading                                                                              | because
    ${['id', 'topic', 'question', 'answer', 'keywords', 'source', 'review date']}        | ${'as we write it'}
    ${['ID', 'Topic', 'QUESTION', ' answer ', 'Keywords', 'Source', 'review_date']}      | ${'case, blanks and underscores do not matter'}
    ${['№', 'Тема', 'Вопрос', 'Ответ', 'Ключевые слова', 'Источник', 'Дата пересмотра']} | ${'Russian headings'}
    ${['\uFEFFid', 'раздел', 'вопрос', 'ответ', 'теги', 'основание', 'пересмотр']}       | ${'other Russian headings, after a byte order mark'}
  `('$heading are understood: $because', ({ heading }) => {
    const { drafts, failed } = readFaqRows([
      heading,
      ['a1', 'Имидж школы', 'Как?', 'Так.', 'слова', '273-ФЗ', '01.09.2027'],
    ])
    expect(failed).toEqual([])
    expect(drafts).toEqual([
      {
        code: 'a1',
        topic: 'image',
        question: 'Как?',
        answer: 'Так.',
        keywords: 'слова',
        source: '273-ФЗ',
        reviewOn: Temporal.PlainDate.from('2027-09-01'),
      },
    ])
  })

  it('may stand in any order, and all but question and answer may be missing; the id is then the number of the row', () => {
    const { drafts } = readFaqRows([
      ['answer', 'question'],
      ['Так.', 'Как?'],
      ['', ''],
      ['Там.', 'Где?'],
    ])
    expect(drafts.map(({ code, question }) => [code, question])).toEqual([
      ['1', 'Как?'],
      ['3', 'Где?'],
    ])
  })

  it.each`
    rows                    | because
    ${[]}                   | ${'an empty file'}
    ${[['id', 'question']]} | ${'no answers'}
    ${[['один', 'два']]}    | ${'another table'}
  `('$rows is refused with one reason: $because', ({ rows }) => {
    const { drafts, failed } = readFaqRows(rows)
    expect(drafts).toEqual([])
    expect(failed).toHaveLength(1)
    expect(failed[0]?.why).toMatchObject({ code: 'no-columns' })
  })
})

describe('a row that fails is reported with its line, and the others are read', () => {
  it.each`
    row                                                | column           | why
    ${['b', '', '', 'Так.', '', '', '']}               | ${'question'}    | ${{ code: 'no-question' }}
    ${['b', '', 'Как?', ' ', '', '', '']}              | ${'answer'}      | ${{ code: 'no-answer' }}
    ${['a', '', 'Как?', 'Так.', '', '', '']}           | ${'id'}          | ${{ code: 'same-id', id: 'a' }}
    ${['b', '', 'Как?', 'Так.', '', '', 'скоро']}      | ${'review date'} | ${{ code: 'bad-date', date: 'скоро' }}
    ${['b', '', 'Как?', 'Так.', '', '', '31.02.2027']} | ${'review date'} | ${{ code: 'bad-date', date: '31.02.2027' }}
    ${['b', '', 'К'.repeat(1001), 'Так.', '', '', '']} | ${'question'}    | ${{ code: 'too-long', length: 1001, most: 1000 }}
  `('$why.code', ({ row, column, why }) => {
    const good = ['a', '', 'Кто?', 'Мы.', '', '', '2027-01-01']
    const { drafts, failed } = readFaqRows([HEADING, good, row, ['z', '', 'Где?', 'Там.', '', '', '']])
    expect(drafts.map(({ code }) => code)).toEqual(['a', 'z'])
    expect(failed).toEqual([{ line: 3, column, why }])
  })
})

describe('cells that a spreadsheet would evaluate are guarded', () => {
  it.each`
    cell                    | written
    ${'=HYPERLINK("http")'} | ${'\'=HYPERLINK("http")'}
    ${'+7 900'}             | ${"'+7 900"}
    ${'@SUM(A1)'}           | ${"'@SUM(A1)"}
    ${'-1'}                 | ${"'-1"}
    ${'\t=1'}               | ${"'\t=1"}
    ${'  =1'}               | ${"'  =1"}
    ${'а\u0000б'}           | ${'аб'}
    ${'273-ФЗ'}             | ${'273-ФЗ'}
  `('$cell', ({ cell, written }) => {
    expect(guardFormula(cell)).toBe(written)
  })

  it('no cell begins with a sign of a formula, whatever was kept', () => {
    fc.assert(
      fc.property(fc.string(), (cell) => {
        expect(guardFormula(cell)).not.toMatch(/^\s*[=+\-@\t\r]/)
      }),
    )
  })
})

it('what is written is read again as it was', () => {
  const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 80 })
  const cell = words
    .map((text) => text.replace(/\p{Cc}|\u00AD|\uFEFF/gu, '').trim())
    .filter((text) => !/^['\s]|\uFEFF/.test(text))
  const russian = fc.stringMatching(/^[А-Я][а-я ]{1,40}[а-я]$/)
  const draft: fc.Arbitrary<FaqDraft> = fc.record({
    code: fc.stringMatching(/^[a-z0-9-]*[a-z0-9]$/).filter((code) => code.length <= 100 && !code.startsWith('-')),
    topic: fc.constantFrom('image', 'quality', 'Своя тема'),
    question: russian,
    answer: russian,
    keywords: fc.constantFrom('', '=формула', '+7 900', '-1'),
    source: cell.filter((text) => /^[\p{L}\p{N}=+@-]/u.test(text)),
    reviewOn: fc.constantFrom(null, Temporal.PlainDate.from('2027-09-01')),
  })
  fc.assert(
    fc.property(fc.uniqueArray(draft, { selector: ({ code }) => code }), (drafts) => {
      expect(readFaqRows(writeFaqRows(drafts))).toEqual({ drafts, failed: [] })
    }),
  )
})
