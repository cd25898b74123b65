import { utils, write } from '@e965/xlsx'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readDocument } from '../../src/documents/read-document.ts'
import { deadlineReader } from '../../src/roadmaps/reading/deadline-reader.ts'
import { readRoadmap } from '../../src/roadmaps/reading/read-roadmap.ts'
import { plans } from '../roadmaps/reading/plans.ts'
import { listDefinition, makeDocx, paragraph, table } from '../support/docx.ts'
import { makePdf, ruledPages } from '../support/pdf.ts'
import { makeZip } from '../support/zip.ts'

const HEADINGS = ['№', 'Мероприятие', 'Срок', 'Ответственные']
const ROW = ['1.1', 'Семинар: - для учителей; - для директоров', 'март, май 2025', 'МБОУ СОШ № 4, ОО']

const originals: Record<string, Uint8Array> = {
  ...Object.fromEntries(plans.map((plan) => [plan.name, plan.bytes()])),
  '.docx': makeDocx([paragraph('План на 2025 год'), table([HEADINGS, ROW])], {
    numbering: listDefinition('1', [{ text: '%1.' }]),
  }),
  '.pdf': makePdf(
    ruledPages(
      ['План на 2025 год'],
      [
        { x: 40, width: 60 },
        { x: 100, width: 200 },
        { x: 300, width: 100 },
        { x: 400, width: 200 },
      ],
      [{ cells: HEADINGS }, { cells: ROW }],
    ),
  ),
  '.xlsx': write(
    { SheetNames: ['а'], Sheets: { а: utils.aoa_to_sheet([HEADINGS, ROW]) } },
    { type: 'buffer', bookType: 'xlsx' },
  ),
}

/** Reads whatever it is given to the end; any outcome will do, except an exception. */
async function readAll(bytes: Uint8Array): Promise<void> {
  const document = await readDocument(bytes)
  if (document.ok) readRoadmap(document.value, deadlineReader)
}

const mutation = fc.oneof(
  fc.record({
    kind: fc.constant('flip' as const),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    mask: fc.integer({ min: 1, max: 255 }),
  }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({
    kind: fc.constant('repeat' as const),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    bytes: fc.integer({ min: 1, max: 400 }),
  }),
)

function mutated(
  bytes: Uint8Array,
  changes: (typeof mutation extends fc.Arbitrary<infer Change> ? Change : never)[],
): Uint8Array {
  return changes.reduce<Uint8Array>((file, change) => {
    const at = Math.floor(change.at * Math.max(0, file.length - 1))
    if (change.kind === 'cut') return file.subarray(0, at)
    if (change.kind === 'repeat')
      return Buffer.concat([file.subarray(0, at), file.subarray(at, at + change.bytes), file.subarray(at)])
    const flipped = Uint8Array.from(file)
    if (flipped.length > 0) flipped[at]! ^= change.mask
    return flipped
  }, bytes)
}

describe('a damaged file never throws, hangs or grows', () => {
  it.each(Object.keys(originals))('60 mutations of %s', async (name) => {
    const original = originals[name] ?? new Uint8Array()
    const before = process.memoryUsage().rss // with what other tests of this process have left
    await fc.assert(
      fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 6 }), async (changes) => {
        await readAll(mutated(original, changes))
      }),
      { numRuns: 60, seed: 7, timeout: 20_000 }, // for each file: how fast all of them are read is the machine's matter
    )
    const grown = process.memoryUsage().rss - before
    expect(grown).toBeLessThan(300 * 1024 * 1024)
  })

  it('100 Word documents with pieces of markup in any order', async () => {
    const piece = fc.constantFrom(
      '<w:tbl>',
      '</w:tbl>',
      '<w:tr>',
      '</w:tr>',
      '<w:tc>',
      '</w:tc>',
      '<w:p>',
      '</w:p>',
      '<w:r><w:t>май</w:t></w:r>',
      '<w:del>',
      '</w:del>',
      '<w:tcPr><w:gridSpan w:val="999999999"/><w:vMerge/></w:tcPr>',
      '<w:pPr><w:numPr><w:ilvl w:val="-4"/><w:numId w:val="1"/></w:numPr></w:pPr>',
      '<w:br/>',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
        await readAll(makeDocx(pieces, { numbering: listDefinition('1', [{ text: '%1.%9.' }]) }))
      }),
      { numRuns: 100, seed: 7 },
    )
  })

  it('100 workbooks whose parts say anything', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 300 }), async (text) => {
        await readAll(
          makeZip([
            { name: 'xl/workbook.xml', content: text },
            { name: 'xl/worksheets/sheet1.xml', content: text },
          ]),
        )
      }),
      { numRuns: 100, seed: 7 },
    )
  })

  it('200 texts of tabs, numbers, dashes and words', async () => {
    const word = fc.constantFrom(
      '\t',
      '\n',
      '  ',
      '|',
      ';',
      '1.1',
      '2.',
      '- ',
      '«',
      'Мероприятие',
      'Срок',
      '№',
      'март 2025',
      'ОО',
      '<td>',
      '</tr>',
      '"',
      '\u0007',
      '┌──┬──┐\n',
      '│',
      '├──┤',
      'Раздел',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 120 }), async (words) => {
        await readAll(Buffer.from(words.join('')))
      }),
      { numRuns: 200, seed: 7 },
    )
  })
})
