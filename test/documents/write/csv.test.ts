import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { writeCsv } from '../../../src/documents/write/csv.ts'
import { Temporal } from '../../../src/kernel/clock.ts'

const bytesToText = (bytes: Uint8Array) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)

describe('a .csv file', () => {
  it('opens in Excel with Russian settings', () => {
    const bytes = writeCsv([
      ['Школа', 'Доля', 'Срок'],
      ['СОШ № 1; "Заря"', -0.5, Temporal.PlainDate.from('2026-03-12')],
      [null, 24, null],
    ])
    expect(bytesToText(bytes)).toBe(
      '\uFEFF"Школа";"Доля";"Срок"\r\n"СОШ № 1; ""Заря""";"-0,5";"12.03.2026"\r\n;"24";\r\n',
    )
  })

  it.each`
    what            | text                        | shown
    ${'a formula'}  | ${'=HYPERLINK("http://x")'} | ${'\'=HYPERLINK("http://x")'}
    ${'a phone'}    | ${'+79000000000'}           | ${"'+79000000000"}
    ${'an at sign'} | ${'@SUM(A1)'}               | ${"'@SUM(A1)"}
    ${'a tab'}      | ${'\t1'}                    | ${"'\t1"}
    ${'a line end'} | ${'\r=1'}                   | ${"'\r=1"}
    ${'NUL'}        | ${'a\0b'}                   | ${'ab'}
  `('guards $what', ({ text, shown }) => {
    expect(readBack([[text]])).toEqual([[shown]])
  })

  it('gives back every row, and no field of text that a program may evaluate', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.string({ unit: 'binary' }), { minLength: 2, maxLength: 2 }), { minLength: 1 }),
        (rows) => {
          const fields = readBack(rows)
          expect(fields.map((row) => row.length)).toEqual(rows.map((row) => row.length))
          for (const field of fields.flat()) expect(field).not.toMatch(/^[\s]*[=+\-@\t\r\n]/)
        },
      ),
    )
  })

  it('has no field for a number that is none', () => {
    expect(() => writeCsv([[Number.NaN]])).toThrow(RangeError)
  })
})

function readBack(rows: string[][]): string[][] {
  return parse(Buffer.from(writeCsv(rows)), { bom: true, delimiter: ';', record_delimiter: '\r\n' })
}
