import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { type DocumentRefusal, readingLimits } from '../../src/documents/limits.ts'
import { readDocument } from '../../src/documents/read-document.ts'
import { refusalWords } from '../../src/documents/refusal-words.ts'
import { makeDocx, paragraph, table } from '../support/docx.ts'
import { makePdf } from '../support/pdf.ts'
import { makeZip } from '../support/zip.ts'

const plan = makeDocx([
  table([
    ['№', 'Мероприятие', 'Срок'],
    ['1', 'Семинар', 'март 2025'],
  ]),
])
const pdf = makePdf([{ words: [{ text: 'План', x: 50, y: 500 }] }])

function compoundFile(stream: string): Uint8Array {
  return Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600), Buffer.from(stream, 'utf16le')])
}

const heavy = 'а'.repeat(5_000_000)
const broken: [name: string, bytes: Uint8Array, code: DocumentRefusal['code']][] = [
  ['an empty file', new Uint8Array(), 'empty'],
  ['a text of white space', Buffer.from(' \n\t\n '), 'empty'],
  ['a .docx without a word', makeDocx([paragraph('')]), 'empty'],
  ['bytes without sense', randomBytes(5_000), 'not-a-document'],
  ['a zip that is no document', makeZip([{ name: 'song.txt', content: 'la' }]), 'not-a-document'],
  ['a program', Buffer.concat([Buffer.from('7f454c46020101', 'hex'), Buffer.alloc(500)]), 'not-a-document'],
  ['a photo', Buffer.concat([Buffer.from('ffd8ffe000104a46494600010100', 'hex'), Buffer.alloc(500)]), 'picture'],
  ['an old .doc', compoundFile('WordDocument'), 'old-format'],
  ['an old .xls', compoundFile('Workbook'), 'old-format'],
  ['a .docx with a password', compoundFile('EncryptedPackage'), 'encrypted'],
  ['a zip with a password', makeZip([{ name: 'word/document.xml', content: '<a/>', encrypted: true }]), 'encrypted'],
  ['an .rtf', Buffer.from('{\\rtf1\\ansi hello}'), 'other-format'],
  ['an .odt', makeZip([{ name: 'content.xml', content: '<a/>' }]), 'other-format'],
  ['an .xlsb', makeZip([{ name: 'xl/workbook.bin', content: '' }]), 'other-format'],
  ['half a .docx', plan.subarray(0, plan.length / 2), 'truncated'],
  ['half a .pdf', pdf.subarray(0, pdf.length / 2), 'truncated'],
  ['a .docx with broken XML', makeDocx(['<w:p><w:r></w:p>']), 'damaged'],
  [
    'a .docx that ends in the middle of its XML',
    makeZip([{ name: 'word/document.xml', content: '<w:document xmlns:w="w"><w:body>' }]),
    'damaged',
  ],
  [
    'a .pdf of one page without text',
    makePdf([{ words: [], lines: [{ x1: 1, y1: 1, x2: 90, y2: 1 }] }]),
    'scanned-pdf',
  ],
  [
    'a .docx with a document type',
    makeDocx([paragraph('План')], { before: '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>' }),
    'forbidden-markup',
  ],
  [
    'an .xlsx with a document type',
    makeZip([{ name: 'xl/workbook.xml', content: '<?xml version="1.0"?><!DOCTYPE a []><workbook/>' }]),
    'forbidden-markup',
  ],
  ['a part that grows a thousandfold', makeZip([{ name: 'word/document.xml', content: heavy }]), 'zip-bomb'],
  [
    'a part that says it is small',
    makeZip([{ name: 'word/document.xml', content: `<a>${heavy}</a>`, claimedBytes: 900_000 }]),
    'damaged',
  ],
  [
    'a hundred thousand files',
    makeZip(Array.from({ length: 60_000 }, (_, at) => ({ name: `${at}`, content: '' }))),
    'zip-bomb',
  ],
  [
    'a name that leads out of the archive',
    makeZip([
      { name: '../../etc/cron.d/x', content: 'x' },
      { name: 'word/document.xml', content: '<a/>' },
    ]),
    'damaged',
  ],
  ['a file of 21 MB', Buffer.alloc(21 * 1024 * 1024, 'а'), 'too-large'],
]

describe('a file that cannot be read is refused, and the person hears what to do', () => {
  it.each(broken)('%s', async (_, bytes, code) => {
    const read = await readDocument(bytes)
    expect(read).toMatchObject({ ok: false, refusal: { code } })
    if (!read.ok) expect(refusalWords(read.refusal)).toMatch(/[а-я]{3}.*\.$/)
  })

  it('the same .docx whatever its name is read; a text is no Word document', async () => {
    expect(await readDocument(plan)).toMatchObject({ ok: true, value: { format: 'docx' } })
    expect(await readDocument(Buffer.from('План работы'))).toMatchObject({ ok: true, value: { format: 'txt' } })
  })

  it('a document of more rows than allowed is refused before it is read to the end', async () => {
    const long = makeDocx([table(Array.from({ length: 60 }, (_, at) => [`${at}`, 'Семинар', 'март']))])
    expect(await readDocument(long, { rows: 50 })).toEqual({ ok: false, refusal: { code: 'too-many-rows', limit: 50 } })
    expect(readingLimits.rows).toBeGreaterThan(5_000)
  })
})

it('a .docx with one flipped bit is refused: it might be another date', async () => {
  const flipped = Uint8Array.from(plan)
  const inside = Buffer.from(plan).indexOf('word/document.xml') + 200
  flipped[inside]! ^= 4
  expect(await readDocument(flipped)).toMatchObject({ ok: false, refusal: { code: 'damaged' } })
})

describe('an archive is refused before it is unpacked', () => {
  it.each([
    ['300 MB in 300 KB', () => makeZip([{ name: 'word/document.xml', content: '', claimedBytes: 300 * 1024 * 1024 }])],
    [
      'forty-two parts of 100 MB',
      () =>
        makeZip(
          Array.from({ length: 42 }, (_, at) => ({
            name: `word/${at}.xml`,
            content: 'x',
            claimedBytes: 100 * 1024 * 1024,
          })),
        ),
    ],
  ])('%s', async (_, make) => {
    const bytes = make()
    const before = process.memoryUsage().rss
    const read = await readDocument(bytes)
    expect(read).toEqual({ ok: false, refusal: { code: 'zip-bomb' } })
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024)
  })
})
