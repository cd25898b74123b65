import { describe, expect, it } from 'vitest'
import { readDocument } from '../../src/documents/read-document.ts'
import { cellText, type Table } from '../../src/roadmaps/reading/content.ts'
import { makePdf, type PdfPage, ruledPages } from '../support/pdf.ts'

async function tableIn(pages: PdfPage[]): Promise<Table | undefined> {
  const document = await readDocument(makePdf(pages))
  if (!document.ok) throw new Error(document.refusal.code)
  return document.value.blocks.find((block): block is Table => block.kind === 'table')
}

const texts = (table: Table | undefined) =>
  (table?.rows ?? []).map((cells) => cells.map(({ lines }) => cellText(lines)))
const columns = [
  { x: 40, width: 40 },
  { x: 80, width: 120 },
  { x: 200, width: 100 },
]

describe('a table that the page draws', () => {
  it('has the cells that its rules part, wrapped lines joined', async () => {
    const table = await tableIn(
      ruledPages(['План'], columns, [
        { cells: ['№', 'Мероприятие', 'Срок'] },
        { cells: ['1', 'Семинар для учителей математики и физики', 'март 2025'] },
      ]),
    )
    expect(texts(table)).toEqual([
      ['№', 'Мероприятие', 'Срок'],
      ['1', 'Семинар для учителей математики и физики', 'март 2025'],
    ])
  })

  it('tells a cell merged down and a heading across', async () => {
    const table = await tableIn(
      ruledPages([], columns, [
        { cells: ['№', 'Мероприятие', 'Срок'] },
        { across: 'Раздел', cells: [] },
        { cells: ['1', 'Семинар', 'март'] },
        { cells: ['2', 'Совещание', null] },
      ]),
    )
    expect(table?.rows[1]).toMatchObject([{ column: 0, columnSpan: 3 }])
    expect(table?.rows[3]?.[2]).toMatchObject({ mergedFromAbove: true, lines: [] })
  })

  it('goes on over pages as one table', async () => {
    const rows = Array.from({ length: 60 }, (_, at) => ({ cells: [String(at + 1), 'Консультация', 'март'] }))
    const table = await tableIn(ruledPages([], columns, [{ cells: ['№', 'Мероприятие', 'Срок'] }, ...rows]))
    expect(
      texts(table)
        .filter(([number]) => number !== '№')
        .map(([number]) => number),
    ).toEqual(rows.map(({ cells }) => cells[0]))
  })

  it('keeps a hyphen at the end of a line unless the document writes the word in one piece', async () => {
    const table = await tableIn(
      ruledPages([], columns, [
        { cells: ['№', 'Мероприятие', 'Срок'] },
        { cells: ['1', 'Круглый стол учебно- методический', 'март'] },
        { cells: ['2', 'Работа с органи- зациями и организациями', 'май'] },
      ]),
    )
    expect(texts(table)[1]?.[1]).toBe('Круглый стол учебно- методический'.replace('- ', '-'))
    expect(texts(table)[2]?.[1]).toBe('Работа с организациями и организациями')
  })
})

it('a table without rules is read by its white gaps', async () => {
  const rows = [
    ['№', 'Мероприятие', 'Срок'],
    ['1', 'Семинар', 'март 2025'],
    ['2', 'Совещание', 'май 2025'],
  ]
  const words = rows.flatMap((cells, at) =>
    cells.map((text, column) => ({ text, x: 40 + column * 120, y: 500 - at * 14 })),
  )
  expect(texts(await tableIn([{ words }]))).toEqual(rows)
})
