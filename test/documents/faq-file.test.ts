import { deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readTable, writeCsv, writeXlsx } from '../../src/documents/faq-file.ts'
import { InputProblem } from '../../src/kernel/problem.ts'

const ROWS = [
  ['id', 'question', 'answer'],
  ['1', 'Как, если «"кавычки"»?', 'Первая строка\nвторая; и 1,5'],
  ['007', "'=1+1", ''],
]

describe('a table is written and read again', () => {
  it('as .csv', () => {
    expect(readTable(writeCsv(ROWS), 'faq.csv')).toEqual(ROWS)
  })

  it('as .xlsx', async () => {
    expect(readTable(await writeXlsx(ROWS, 'FAQ'), 'faq.xlsx')).toEqual(ROWS)
  })
})

describe('a .csv as departments have it', () => {
  it.each`
    bytes                                                                               | because
    ${Buffer.from('вопрос,ответ\nКак?,Так.')}                                           | ${'commas'}
    ${Buffer.from('вопрос;ответ\r\nКак?;Так.\r\n')}                                     | ${'semicolons of a Russian Excel'}
    ${Buffer.from('вопрос\tответ\nКак?\tТак.')}                                         | ${'tabs'}
    ${Buffer.from('\uFEFFвопрос;ответ\nКак?;Так.')}                                     | ${'a byte order mark'}
    ${Buffer.from([...'вопрос;ответ\nКак?;Так.'].map((letter) => windows1251(letter)))} | ${'Windows-1251'}
  `('is read: $because', ({ bytes }) => {
    expect(readTable(bytes, 'faq.csv')).toEqual([
      ['вопрос', 'ответ'],
      ['Как?', 'Так.'],
    ])
  })
})

describe('a file that is no table is refused in one line', () => {
  it.each`
    bytes                                                            | because
    ${Buffer.from('PK\u0003\u0004nothing more')}                     | ${'a damaged book'}
    ${Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0, 0, 0])}                | ${'an old .xls'}
    ${Buffer.alloc(11 * 1024 * 1024, 'a')}                           | ${'too large'}
    ${Buffer.from('id,question\n"never closed')}                     | ${'an open quotation'}
    ${archiveOf(deflateRawSync(Buffer.alloc(200 << 20)), 200 << 20)} | ${'a bomb that says its size'}
    ${archiveOf(deflateRawSync(Buffer.alloc(200 << 20)), 1000)}      | ${'a bomb that lies about its size'}
  `('$because', ({ bytes }) => {
    expect(() => readTable(bytes, 'faq')).toThrow(InputProblem)
  })
})

function windows1251(letter: string): number {
  const code = letter.charCodeAt(0)
  return code >= 0x410 ? code - 0x410 + 0xc0 : code
}

/** A zip archive of one deflated part that is said to unpack to `size` bytes. */
function archiveOf(packed: Buffer, size: number): Buffer {
  const name = Buffer.from('a.xml')
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt16LE(8, 8)
  local.writeUInt32LE(packed.length, 18)
  local.writeUInt32LE(size, 22)
  local.writeUInt16LE(name.length, 26)
  const entry = Buffer.alloc(46)
  entry.writeUInt32LE(0x02014b50, 0)
  entry.writeUInt16LE(8, 10)
  entry.writeUInt32LE(packed.length, 20)
  entry.writeUInt32LE(size, 24)
  entry.writeUInt16LE(name.length, 28)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(46 + name.length, 12)
  end.writeUInt32LE(30 + name.length + packed.length, 16)
  return Buffer.concat([local, name, packed, entry, name, end])
}
