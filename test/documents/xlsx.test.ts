import { utils, type WorkSheet, write } from '@e965/xlsx'
import { describe, expect, it } from 'vitest'
import { readDocument } from '../../src/documents/read-document.ts'
import { cellText, type Table } from '../../src/roadmaps/reading/content.ts'

type Given = string | null | { t: string; v?: unknown; z?: string; f?: string; w?: string }

function workbook(sheets: Record<string, Given[][]>, change: (sheets: WorkSheet[]) => void = () => {}): Uint8Array {
  const written = Object.fromEntries(
    Object.entries(sheets).map(([name, rows]) => [name, utils.aoa_to_sheet(rows as never)]),
  )
  change(Object.values(written))
  return write({ SheetNames: Object.keys(sheets), Sheets: written }, { type: 'buffer', bookType: 'xlsx' })
}

async function tablesIn(bytes: Uint8Array): Promise<Table[]> {
  const document = await readDocument(bytes)
  if (!document.ok) throw new Error(document.refusal.code)
  return document.value.blocks.filter((block) => block.kind === 'table')
}

const serial = (date: string) => Date.parse(date) / 86_400_000 + 25_569
const day = (date: string, z: string): Given => ({ t: 'n', v: serial(date), z })

describe('a cell is read as the sheet shows it', () => {
  it.each<[string, Given, string]>([
    ['a day', day('2025-02-15', 'dd.mm.yyyy'), '15.02.2025'],
    ['a day in the American order is told in the Russian one', day('2025-02-15', 'm/d/yy'), '15.02.2025'],
    ['a month of a year', day('2025-02-01', 'mmmm yyyy'), 'февраль 2025'],
    ['a month alone', day('2025-02-01', '[$-419]mmmm'), 'февраль'],
    ['a day of any year', day('2025-02-15', 'd mmm'), '15 февраля'],
    ['a year', day('2025-02-15', 'yyyy'), '2025 год'],
    ['a number with its zeros', { t: 'n', v: 1.1, z: '0.00' }, '1.10'],
    ['a plain number', { t: 'n', v: 12 }, '12'],
    ['a formula gives the value saved with it', { t: 's', v: 'март', f: 'UPPER("x")' }, 'март'],
    ['an error gives nothing', { t: 'e', v: 0x17 }, ''],
    ['markup is text', '<b>ОО</b> =1+1', '<b>ОО</b> =1+1'],
  ])('%s', async (_, given, text) => {
    const [table] = await tablesIn(
      workbook({
        План: [
          ['Срок', 'ещё'],
          [given, 'х'],
        ],
      }),
    )
    expect(cellText(table?.rows[1]?.[0]?.lines ?? [])).toBe(text)
  })
})

describe('a workbook', () => {
  it('tells merged cells, across and down', async () => {
    const bytes = workbook(
      {
        План: [
          ['а', null, 'б'],
          ['в', 'г', null],
        ],
      },
      ([sheet]) => {
        if (sheet) sheet['!merges'] = ['A1:B1', 'C1:C2'].map((range) => utils.decode_range(range))
      },
    )
    const [table] = await tablesIn(bytes)
    expect(table?.rows[0]?.map(({ column, columnSpan }) => [column, columnSpan])).toEqual([
      [0, 2],
      [2, 1],
    ])
    expect(table?.rows[1]?.at(2)).toMatchObject({ column: 2, mergedFromAbove: true })
  })

  it('gives its visible sheets in order', async () => {
    const book = {
      SheetNames: ['а', 'б', 'в'],
      Sheets: Object.fromEntries(['а', 'б', 'в'].map((name) => [name, utils.aoa_to_sheet([[name]])])),
      Workbook: { Sheets: [{ Hidden: 0 as const }, { Hidden: 1 as const }, { Hidden: 0 as const }] },
    }
    const tables = await tablesIn(write(book, { type: 'buffer', bookType: 'xlsx' }))
    expect(tables.map(({ rows }) => cellText(rows[0]?.[0]?.lines ?? []))).toEqual(['а', 'в'])
  })

  it('of a hundred thousand rows is refused', async () => {
    const bytes = workbook({ План: Array.from({ length: 100_000 }, (_, at) => [`строка ${at}`]) })
    expect(await readDocument(bytes)).toMatchObject({ ok: false, refusal: { code: expect.stringMatching(/^too-/) } })
  })

  it('with one cell far away is not as wide as that', async () => {
    const bytes = workbook({ План: [['а', 'б']] }, ([sheet]) => {
      if (sheet) Object.assign(sheet, { XFD1: { t: 's', v: 'далеко' }, '!ref': 'A1:XFD1' })
    })
    const [table] = await tablesIn(bytes)
    expect(table?.columns).toBeLessThan(50)
  })
})
