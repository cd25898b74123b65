import { describe, expect, it } from 'vitest'
import { readDocument } from '../../src/documents/read-document.ts'
import { cellText, type DocumentContent, lineText, type Table } from '../../src/roadmaps/reading/content.ts'
import { type DocxCell, listDefinition, makeDocx, paragraph, row, table } from '../support/docx.ts'

async function read(body: string[], options: Parameters<typeof makeDocx>[1] = {}): Promise<DocumentContent> {
  const document = await readDocument(makeDocx(body, options))
  if (!document.ok) throw new Error(document.refusal.code)
  return document.value
}

async function texts(body: string[], options: Parameters<typeof makeDocx>[1] = {}): Promise<string[]> {
  const { blocks } = await read(body, options)
  return blocks.flatMap((block) => (block.kind === 'paragraph' ? [lineText(block.line)] : []))
}

async function tables(body: string[], options: Parameters<typeof makeDocx>[1] = {}): Promise<Table[]> {
  const { blocks } = await read(body, options)
  return blocks.filter((block) => block.kind === 'table')
}

const run = (text: string, properties = '') =>
  `<w:r>${properties && `<w:rPr>${properties}</w:rPr>`}<w:t xml:space="preserve">${text}</w:t></w:r>`

describe('the text of a paragraph is what a reader of the page sees', () => {
  it.each([
    ['runs are put together', `<w:p>${run('Сен')}${run('тябрь')}</w:p>`, ['Сентябрь']],
    ['a tab and a break are white space', '<w:p><w:r><w:t>до</w:t><w:tab/><w:t>мая</w:t></w:r></w:p>', ['до мая']],
    [
      'a line break starts a line',
      `<w:p>${run('первая')}<w:r><w:br/></w:r>${run('вторая')}</w:p>`,
      ['первая', 'вторая'],
    ],
    [
      'soft hyphens are dropped, hard ones stay',
      '<w:p><w:r><w:t>раз</w:t><w:softHyphen/><w:t>бор ме\u00ADтод</w:t><w:noBreakHyphen/><w:t>час</w:t></w:r></w:p>',
      ['разбор метод-час'],
    ],
    ['tracked insertions are taken', `<w:p><w:ins w:id="1">${run('до 1 марта')}</w:ins></w:p>`, ['до 1 марта']],
    [
      'tracked deletions are not',
      `<w:p>${run('до ')}<w:del w:id="1"><w:r><w:delText>1</w:delText></w:r></w:del>${run('2 марта')}</w:p>`,
      ['до 2 марта'],
    ],
    [
      'moved text is read where it went',
      `<w:p><w:moveFrom w:id="1">${run('было')}</w:moveFrom><w:moveTo w:id="2">${run('стало')}</w:moveTo></w:p>`,
      ['стало'],
    ],
    [
      'a deleted end of a paragraph joins it with the next',
      `<w:p><w:pPr><w:rPr><w:del w:id="1"/></w:rPr></w:pPr>${run('Совещание ')}</w:p><w:p>${run('директоров')}</w:p>`,
      ['Совещание директоров'],
    ],
    [
      'hidden text is not read',
      `<w:p>${run('видно')}${run(' скрыто', '<w:vanish/>')}${run(' снова', '<w:vanish w:val="0"/>')}</w:p>`,
      ['видно снова'],
    ],
    ['footnotes are left out', `<w:p>${run('ВПР')}<w:r><w:footnoteReference w:id="2"/></w:r></w:p>`, ['ВПР']],
    [
      'codes of fields are not text, their results are',
      '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DATE</w:instrText></w:r><w:r><w:t>1 мая</w:t></w:r></w:p>',
      ['1 мая'],
    ],
    [
      'a text box is told once',
      `<w:p><mc:AlternateContent><mc:Choice><w:drawing><w:txbxContent><w:p>${run('в рамке')}</w:p></w:txbxContent></w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent><w:p>${run('в рамке')}</w:p></w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent>${run('рядом')}</w:p>`,
      ['в рамке', 'рядом'],
    ],
    ['markup in a cell is text', `<w:p>${run('&lt;b&gt;ОО&lt;/b&gt; &amp; УО')}</w:p>`, ['<b>ОО</b> & УО']],
    [
      'content controls and links are transparent',
      `<w:sdt><w:sdtContent><w:p><w:hyperlink>${run('план')}</w:hyperlink></w:p></w:sdtContent></w:sdt>`,
      ['план'],
    ],
  ])('%s', async (_, xml, expected) => {
    expect(await texts([xml])).toEqual(expected)
  })
})

describe('numbers that Word prints are computed', () => {
  const outline = listDefinition('1', [{ text: '%1.' }, { text: '%1.%2.' }])

  it('levels count inside each other, up to 1.10 and beyond, and start over below the next', async () => {
    const items = [
      paragraph('А', '1'),
      ...Array.from({ length: 11 }, () => paragraph('а', '1:1')),
      paragraph('Б', '1'),
      paragraph('б', '1:1'),
    ]
    const read = await texts(items, { numbering: outline })
    expect(read.map((text) => text.split(' ')[0])).toEqual([
      '1.',
      '1.1.',
      '1.2.',
      '1.3.',
      '1.4.',
      '1.5.',
      '1.6.',
      '1.7.',
      '1.8.',
      '1.9.',
      '1.10.',
      '1.11.',
      '2.',
      '2.1.',
    ])
  })

  it.each([
    ['upperRoman', '%1', 4, 'IV'],
    ['lowerRoman', '%1)', 9, 'ix)'],
    ['russianLower', '%1)', 3, 'в)'],
    ['upperLetter', '%1.', 2, 'B.'],
    ['decimalZero', '%1', 7, '07'],
    ['decimal', '№ %1', 12, '№ 12'],
    ['none', '%1', 1, null],
  ])('%s «%s» counts %i as %s', async (format, text, start, mark) => {
    const { blocks } = await read([paragraph('пункт', '1')], {
      numbering: listDefinition('1', [{ format, text, start }]),
    })
    expect(blocks[0]).toMatchObject({ line: { mark, text: 'пункт' } })
  })

  it('a bullet of a font of signs is one sign, a dash stays a dash', async () => {
    const bullets =
      listDefinition('1', [{ format: 'bullet', text: '\uF0B7' }]) +
      listDefinition('2', [{ format: 'bullet', text: '–' }])
    expect(await texts([paragraph('а', '1'), paragraph('б', '2')], { numbering: bullets })).toEqual(['• а', '– б'])
  })

  it('a list with a start of its own begins there, one without goes on', async () => {
    const restarted = `${outline}<w:num w:numId="2"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num><w:num w:numId="3"><w:abstractNumId w:val="1"/></w:num>`
    expect(
      await texts([paragraph('а', '1'), paragraph('б', '2'), paragraph('в', '3')], { numbering: restarted }),
    ).toEqual(['1. а', '5. б', '6. в'])
  })

  it('a style may put its paragraphs into a list', async () => {
    const styles = {
      name: 'word/styles.xml',
      content:
        '<w:styles xmlns:w="w"><w:style w:styleId="Item"><w:basedOn w:val="Base"/></w:style><w:style w:styleId="Base"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style></w:styles>',
    }
    const styled = `<w:p><w:pPr><w:pStyle w:val="Item"/></w:pPr>${run('пункт')}</w:p>`
    expect(await texts([styled], { numbering: outline, parts: [styles] })).toEqual(['1. пункт'])
  })
})

describe('cells stand on the grid of their table', () => {
  const shape = ({ rows }: Table) =>
    rows.map((cells) =>
      cells.map(({ column, columnSpan, mergedFromAbove, lines }) =>
        `${column}+${columnSpan}${mergedFromAbove ? '^' : ''} ${cellText(lines)}`.trim(),
      ),
    )

  it.each<[string, (DocxCell[] | string)[], string[][]]>([
    ['merged across', [['а', { text: 'б', span: 2 }]], [['0+1 а', '1+2 б']]],
    [
      'merged down',
      [
        [{ text: 'а', merge: 'start' }, 'б'],
        [{ merge: 'below' }, 'в'],
      ],
      [
        ['0+1 а', '1+1 б'],
        ['0+1^', '1+1 в'],
      ],
    ],
    ['a row that begins further right', [row(['б'], '<w:gridBefore w:val="1"/>')], [['1+1 б']]],
    ['a row that was deleted', [row(['а'], '<w:del w:id="1"/>'), ['б']], [['0+1 б']]],
    [
      'paragraphs and a narrow table in a cell',
      [[{ xml: `${paragraph('а')}${table([['б', 'в']])}${paragraph('г')}` }, 'д']],
      [['0+1 а б в г', '1+1 д']],
    ],
  ])('%s', async (_, rows, expected) => {
    const [read] = await tables([table(rows)])
    expect(read && shape(read)).toEqual(expected)
  })

  it('a wide table inside a frame is a table of its own', async () => {
    const read = await tables([
      table([
        [
          {
            xml: table([
              ['№', 'Мероприятие', 'Срок'],
              ['1', 'Семинар', 'май'],
            ]),
          },
        ],
      ]),
    ])
    expect(read.map(({ columns }) => columns)).toEqual([1, 3])
  })

  it('a thousand nested tables are refused, not followed', async () => {
    const nested = '<w:tbl><w:tr><w:tc>'.repeat(1_000) + '</w:tc></w:tr></w:tbl>'.repeat(1_000)
    expect(await readDocument(makeDocx([nested]))).toMatchObject({ ok: false, refusal: { code: 'damaged' } })
  })
})
