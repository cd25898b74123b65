import { strToU8, zipSync } from 'fflate'

/** A table for Word: a row of one cell goes over the whole width, as section headings do. */
export type WordTable = { title: string; columns: { title: string; width: number }[]; rows: string[][] }

const W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
const PARTS = {
  '[Content_Types].xml':
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
  '_rels/.rels':
    '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
}

/** A Word document (.docx) of a heading and one table with a heading row; landscape A4. Widths are in twentieths of a point. */
export function writeWordTable(table: WordTable): Uint8Array {
  const body = [
    paragraph(table.title, '<w:jc w:val="center"/>', '<w:b/><w:sz w:val="28"/>'),
    '<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/>',
    `<w:tblBorders>${['top', 'left', 'bottom', 'right', 'insideH', 'insideV'].map((edge) => `<w:${edge} w:val="single" w:sz="4" w:color="808080"/>`).join('')}</w:tblBorders></w:tblPr>`,
    `<w:tblGrid>${table.columns.map((column) => `<w:gridCol w:w="${column.width}"/>`).join('')}</w:tblGrid>`,
    row(
      table,
      table.columns.map((column) => column.title),
      true,
    ),
    ...table.rows.map((cells) => row(table, cells, false)),
    '</w:tbl>',
    '<w:sectPr><w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/><w:pgMar w:top="850" w:right="850" w:bottom="850" w:left="850"/></w:sectPr>',
  ].join('')
  const document = `<?xml version="1.0" encoding="UTF-8"?><w:document ${W}><w:body>${body}</w:body></w:document>`
  return zipSync({ ...mapParts(), 'word/document.xml': strToU8(document) }, { mtime: '2026-01-01' })
}

function mapParts(): Record<string, Uint8Array> {
  return Object.fromEntries(Object.entries(PARTS).map(([name, xml]) => [name, strToU8(xml)]))
}

function row(table: WordTable, cells: string[], heading: boolean): string {
  const whole = cells.length === 1
  const drawn = cells.map((text, index) => {
    const width = whole
      ? table.columns.reduce((sum, column) => sum + column.width, 0)
      : (table.columns[index]?.width ?? 0)
    const span = whole ? `<w:gridSpan w:val="${table.columns.length}"/>` : ''
    const look = heading || whole ? '<w:b/>' : ''
    return `<w:tc><w:tcPr><w:tcW w:w="${width}" w:type="dxa"/>${span}</w:tcPr>${paragraph(text, '', look)}</w:tc>`
  })
  return `<w:tr>${heading ? '<w:trPr><w:tblHeader/></w:trPr>' : ''}${drawn.join('')}</w:tr>`
}

function paragraph(text: string, place: string, look: string): string {
  const escaped = text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
  return `<w:p><w:pPr>${place}</w:pPr><w:r><w:rPr>${look}</w:rPr><w:t xml:space="preserve">${escaped}</w:t></w:r></w:p>`
}
