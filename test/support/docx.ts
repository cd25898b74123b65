import { makeZip, type ZipPart } from './zip.ts'

/** A cell: its text (a line of the array is a paragraph, `\n` a break in one), or XML of one's own. */
export type DocxCell =
  | string
  | { text?: string | string[]; span?: number; merge?: 'start' | 'below'; xml?: string; list?: string }

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** A paragraph; `list` is «numId» or «numId:level». */
export function paragraph(text: string, list?: string): string {
  const [numId, level = '0'] = list?.split(':') ?? []
  const properties = numId
    ? `<w:pPr><w:numPr><w:ilvl w:val="${level}"/><w:numId w:val="${numId}"/></w:numPr></w:pPr>`
    : ''
  const runs = text
    .split('\n')
    .map((line) => `<w:r><w:t xml:space="preserve">${escapeXml(line)}</w:t></w:r>`)
    .join('<w:r><w:br/></w:r>')
  return `<w:p>${properties}${runs}</w:p>`
}

function cell(given: DocxCell): string {
  const { text = '', span, merge, xml, list } = typeof given === 'string' ? { text: given } : given
  const across = span ? `<w:gridSpan w:val="${span}"/>` : ''
  const down = merge === 'start' ? '<w:vMerge w:val="restart"/>' : merge === 'below' ? '<w:vMerge/>' : ''
  const content =
    xml ??
    [text]
      .flat()
      .map((line) => paragraph(line, list))
      .join('')
  return `<w:tc><w:tcPr>${across}${down}</w:tcPr>${content}</w:tc>`
}

export function row(cells: DocxCell[], properties = ''): string {
  return `<w:tr>${properties ? `<w:trPr>${properties}</w:trPr>` : ''}${cells.map(cell).join('')}</w:tr>`
}

export function table(rows: (DocxCell[] | string)[]): string {
  return `<w:tbl><w:tblPr/>${rows.map((given) => (typeof given === 'string' ? given : row(given))).join('')}</w:tbl>`
}

const NAMESPACE =
  'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'

/** A .docx of `body` (paragraphs and tables), with `numbering` definitions and further parts where a test is about them. */
export function makeDocx(
  body: string[],
  { numbering, parts = [], before = '' }: { numbering?: string; parts?: ZipPart[]; before?: string } = {},
): Uint8Array {
  return makeZip([
    {
      name: '[Content_Types].xml',
      content: `${DECLARATION}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
    },
    {
      name: 'word/document.xml',
      content: `${DECLARATION}${before}<w:document ${NAMESPACE}><w:body>${body.join('')}</w:body></w:document>`,
    },
    ...(numbering
      ? [{ name: 'word/numbering.xml', content: `${DECLARATION}<w:numbering ${NAMESPACE}>${numbering}</w:numbering>` }]
      : []),
    ...parts,
  ])
}

/** A definition of a list: one format and text («%1.%2.») for each level. */
export function listDefinition(
  id: string,
  levels: { format?: string; text: string; start?: number }[],
  more = '',
): string {
  const written = levels
    .map(
      ({ format = 'decimal', text, start = 1 }, at) =>
        `<w:lvl w:ilvl="${at}"><w:start w:val="${start}"/><w:numFmt w:val="${format}"/><w:lvlText w:val="${text}"/></w:lvl>`,
    )
    .join('')
  return `<w:abstractNum w:abstractNumId="${id}">${written}</w:abstractNum><w:num w:numId="${id}"><w:abstractNumId w:val="${id}"/>${more}</w:num>`
}
