import { read, type Sheet2JSONOpts, utils } from '@e965/xlsx'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Cell } from '../../../src/documents/write/cell.ts'
import { type Column, writeSpreadsheet } from '../../../src/documents/write/spreadsheet.ts'
import { Temporal } from '../../../src/kernel/clock.ts'

const columns: Column[] = [
  { title: 'Мероприятие', width: 40, kind: 'text' },
  { title: 'Участников', width: 12, kind: 'number' },
  { title: 'Срок', width: 12, kind: 'date' },
]
const row: Cell[] = ['Педагогический совет', 24, Temporal.PlainDate.from('2026-03-12')]

async function readBack(sheets: Parameters<typeof writeSpreadsheet>[0]) {
  return read(await writeSpreadsheet(sheets), { cellNF: true, cellStyles: true, cellFormula: true })
}

async function textReadBack(text: string): Promise<string | undefined> {
  const book = await readBack([{ name: 'Лист', columns, rows: [[text, null, null]] }])
  const cell = book.Sheets.Лист!.A2
  expect(cell?.f).toBeUndefined()
  return cell?.v
}

describe('a spreadsheet', () => {
  it('holds the rows under their headings, numbers as numbers and days as days', async () => {
    const book = await readBack([{ name: 'Задачи', columns, rows: [row, ['Без срока', null, null]] }])
    const sheet = book.Sheets.Задачи!
    const options: Sheet2JSONOpts = { header: 1, defval: null }
    expect(utils.sheet_to_json(sheet, options)).toEqual([
      ['Мероприятие', 'Участников', 'Срок'],
      ['Педагогический совет', 24, new Date('2026-03-12T00:00Z')],
      ['Без срока', null, null],
    ])
    expect(sheet.B2).toMatchObject({ t: 'n', v: 24 })
    expect(sheet.C2).toMatchObject({ t: 'n', v: 46093, z: 'dd.mm.yyyy' })
    expect(sheet.A2).toMatchObject({ t: 's', z: '@' })
  })

  it('keeps the heading in sight and gives the columns their widths', async () => {
    const bytes = await writeSpreadsheet([{ name: 'Задачи', columns, rows: [row] }])
    const book = read(bytes, { cellStyles: true, bookFiles: true })
    expect(book.Sheets.Задачи!['!cols']?.map((column) => Math.round(column.width ?? 0))).toEqual([40, 12, 12])
    const files = (book as unknown as { files: Record<string, { content: Uint8Array }> }).files
    const xml = new TextDecoder().decode(files['xl/worksheets/sheet1.xml']?.content)
    expect(xml).toMatch(/<pane [^>]*ySplit="1"[^>]*state="frozen"/)
  })

  it('may have no rows, or many', async () => {
    const many = Array.from({ length: 5000 }, () => row)
    const book = await readBack([
      { name: 'Пусто', columns, rows: [] },
      { name: 'Много', columns, rows: many },
    ])
    expect(book.Sheets.Пусто!['!ref']).toBe('A1:C1')
    expect(book.Sheets.Много!['!ref']).toBe('A1:C5001')
  })

  it.each`
    names                               | given                                        | because
    ${['1/2 полугодие: [итог]']}        | ${['1 2 полугодие   итог']}                  | ${'Excel forbids []/\\:*?'}
    ${['Школы', 'школы', 'ШКОЛЫ']}      | ${['Школы', 'школы (2)', 'ШКОЛЫ (3)']}       | ${'names differ by more than case'}
    ${['', "''"]}                       | ${['Лист 1', 'Лист 2']}                      | ${'a name cannot be empty'}
    ${['а'.repeat(40), 'а'.repeat(40)]} | ${['а'.repeat(31), `${'а'.repeat(27)} (2)`]} | ${'31 characters at most'}
  `('names its sheets $given: $because', async ({ names, given }) => {
    const book = await readBack(names.map((name: string) => ({ name, columns, rows: [] })))
    expect(book.SheetNames).toEqual(given)
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('has no cell for %d', async (number) => {
    await expect(writeSpreadsheet([{ name: 'Лист', columns, rows: [[null, number, null]] }])).rejects.toThrow(
      RangeError,
    )
  })
})

describe('text that could be a formula', () => {
  it.each`
    text                              | shown                               | because
    ${'=HYPERLINK("http://x","Жми")'} | ${'\'=HYPERLINK("http://x","Жми")'} | ${'a formula'}
    ${'+7 900 000-00-00'}             | ${"'+7 900 000-00-00"}              | ${'a phone looks like a sum'}
    ${'- семинар'}                    | ${"'- семинар"}                     | ${'a list mark looks like a minus'}
    ${'@SUM(A1)'}                     | ${"'@SUM(A1)"}                      | ${'an old way to write a formula'}
    ${'\t=1+1'}                       | ${"'\t=1+1"}                        | ${'a tab is cut off by the program'}
    ${'  =1+1'}                       | ${"'  =1+1"}                        | ${'so are spaces'}
    ${' \t1+1'}                       | ${"' \t1+1"}                        | ${'a tab behind spaces leads a cell as well'}
    ${'\u200B=1+1'}                   | ${"'\u200B=1+1"}                    | ${'and what has no width'}
    ${'\0=1+1'}                       | ${"'=1+1"}                          | ${'NUL hides what follows'}
    ${'＝1+1'}                        | ${"'＝1+1"}                         | ${'the full-width sign counts too'}
    ${'Приказ № 5'}                   | ${'Приказ № 5'}                     | ${'ordinary text stays as it is'}
    ${'до 5 − 7 марта'}               | ${'до 5 − 7 марта'}                 | ${'only the beginning matters'}
    ${'toString'}                     | ${'toString'}                       | ${'a word that has a meaning in JavaScript is text as well'}
    ${'__proto__'}                    | ${'__proto__'}                      | ${'so is this one'}
    ${'1.3'}                          | ${'1.3'}                            | ${'a number of the roadmap stays text'}
    ${'<b>&"\'</b>'}                  | ${'<b>&"\'</b>'}                    | ${'marks are text'}
    ${'семья 👨‍👩‍👧 \uD83D'}              | ${'семья 👨‍👩‍👧 '}                      | ${'half of an emoji is dropped'}
    ${'строка\nещё'}                  | ${'строка\nещё'}                    | ${'a line break stays'}
  `('stays text: $because', async ({ text, shown }) => {
    expect(await textReadBack(text)).toBe(shown)
  })

  it('is cut where Excel would call the file broken', async () => {
    const shown = await textReadBack(`${'я'.repeat(32_765)}👍👍`)
    expect(shown).toHaveLength(32_766)
    expect(shown?.endsWith('я…')).toBe(true)
  })

  it('never begins a cell, whatever was written, and the book can always be read', async () => {
    const anyText = fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(anyText, async (texts) => {
        const book = await readBack([{ name: 'Лист', columns, rows: texts.map((text) => [text]) }])
        for (const address of texts.map((_, index) => `A${index + 2}`)) {
          expect(book.Sheets.Лист![address]?.f).toBeUndefined()
          expect(String(book.Sheets.Лист![address]?.v ?? '')).not.toMatch(/^[\s]*[=+\-@\t\r\n]/)
        }
      }),
      { numRuns: 50, examples: [[[' \t', '\u200B\r', '  \n=1']]] },
    )
  })
})
