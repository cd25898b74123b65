export type PdfWord = { text: string; x: number; y: number }
export type PdfLine = { x1: number; y1: number; x2: number; y2: number }
export type PdfPage = { words: PdfWord[]; lines?: PdfLine[] }

const SIZE = 10
/** The width of every letter, in thousandths of the size: the font is of one width. */
const LETTER = 500

/** How wide `text` is set, in points. */
export function widthOf(text: string): number {
  return ([...text].length * LETTER * SIZE) / 1000
}

/** A PDF of one font whose letters are told by a ToUnicode map, as Word and LibreOffice write it. `y` grows upwards. */
export function makePdf(pages: PdfPage[]): Uint8Array {
  const letters = [...new Set(pages.flatMap(({ words }) => words.flatMap(({ text }) => [...text])))]
  const codeOf = (letter: string) => (letters.indexOf(letter) + 1).toString(16).padStart(4, '0')
  const objects: string[] = []
  const add = (content: string) => objects.push(content)
  const kids = pages.map((_, at) => `${7 + at * 2} 0 R`).join(' ')
  add('<< /Type /Catalog /Pages 2 0 R >>')
  add(`<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`)
  add(
    '<< /Type /Font /Subtype /Type0 /BaseFont /Plain /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 6 0 R >>',
  )
  add(
    `<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Plain /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /DW ${LETTER} /FontDescriptor 5 0 R >>`,
  )
  add(
    '<< /Type /FontDescriptor /FontName /Plain /Flags 4 /FontBBox [0 -200 1000 800] /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>',
  )
  add(stream(toUnicode(letters)))
  for (const [at, page] of pages.entries()) {
    add(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 842 595] /Resources << /Font << /F1 3 0 R >> >> /Contents ${8 + at * 2} 0 R >>`,
    )
    add(stream(contentOf(page, codeOf)))
  }
  return assemble(objects)
}

function contentOf({ words, lines = [] }: PdfPage, codeOf: (letter: string) => string): string {
  const drawn = lines.map(({ x1, y1, x2, y2 }) => `${x1} ${y1} m ${x2} ${y2} l S`)
  const told = words.map(
    ({ text, x, y }) => `BT /F1 ${SIZE} Tf 1 0 0 1 ${x} ${y} Tm <${[...text].map(codeOf).join('')}> Tj ET`,
  )
  return [...drawn, ...told].join('\n')
}

function toUnicode(letters: string[]): string {
  const map = letters.map((letter, at) => {
    const code = (at + 1).toString(16).padStart(4, '0')
    return `<${code}> <${letter.charCodeAt(0).toString(16).padStart(4, '0')}>`
  })
  const blocks: string[] = []
  for (let at = 0; at < map.length; at += 100) {
    const block = map.slice(at, at + 100)
    blocks.push(`${block.length} beginbfchar\n${block.join('\n')}\nendbfchar`)
  }
  return `/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Plain def /CMapType 2 def 1 begincodespacerange <0000> <ffff> endcodespacerange\n${blocks.join('\n')}\nendcmap end end`
}

function stream(content: string): string {
  return `<< /Length ${Buffer.byteLength(content, 'latin1')} >>\nstream\n${content}\nendstream`
}

function assemble(objects: string[]): Uint8Array {
  let file = '%PDF-1.7\n'
  const offsets = objects.map((content, at) => {
    const offset = file.length
    file += `${at + 1} 0 obj\n${content}\nendobj\n`
    return offset
  })
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer << /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`
  return Buffer.from(file, 'latin1')
}

export type PdfColumn = { x: number; width: number }
export type PdfRow = { cells: (string | null)[]; across?: string }

/**
 * Pages of a ruled table: rows of cells set into `columns`, wrapped, and broken between pages (in the middle of a row, too). A null
 * cell is merged with the one above; `across` is a heading over all columns. The first row is repeated on each page.
 */
export function ruledPages(title: string[], columns: PdfColumn[], rows: PdfRow[]): PdfPage[] {
  const leading = 12
  const pages: PdfPage[] = []
  const right = (columns.at(-1)?.x ?? 0) + (columns.at(-1)?.width ?? 0)
  const left = columns[0]?.x ?? 0
  let page: PdfPage = { words: [], lines: [] }
  let y = 560
  const vertical = (x: number, y1: number, y2: number) => page.lines?.push({ x1: x, y1, x2: x, y2 })
  const horizontal = (x1: number, x2: number, at: number) => page.lines?.push({ x1, y1: at, x2, y2: at })
  for (const text of title) {
    page.words.push({ text, x: left + 40, y })
    y -= leading + 2
  }
  y -= 10
  horizontal(left, right, y)
  const setRow = ({ cells, across }: PdfRow, next: PdfRow | undefined) => {
    const columnsOfRow = across === undefined ? columns : [{ x: left, width: right - left }]
    const texts = across === undefined ? cells : [across]
    let wrapped = columnsOfRow.map(({ width }, at) => wrap(texts[at] ?? '', width - 8))
    while (wrapped.some((lines) => lines.length > 0)) {
      const room = Math.floor((y - 50) / leading)
      if (room < 1) {
        pages.push(page)
        page = { words: [], lines: [] }
        y = 560
        horizontal(left, right, y)
        setRow(rows[0] ?? { cells: [] }, undefined)
      }
      const fits = Math.floor((y - 50) / leading)
      const height = Math.min(fits, Math.max(...wrapped.map(({ length }) => length))) * leading + 6
      for (const [at, lines] of wrapped.entries()) {
        for (const [line, text] of lines.slice(0, fits).entries()) {
          page.words.push({ text, x: (columnsOfRow[at]?.x ?? 0) + 4, y: y - leading * (line + 1) })
        }
      }
      for (const { x } of columnsOfRow) vertical(x, y, y - height)
      vertical(right, y, y - height)
      y -= height
      wrapped = wrapped.map((lines) => lines.slice(fits))
      const cut = wrapped.some((lines) => lines.length > 0)
      for (const [at, { x, width }] of columns.entries()) {
        if (cut || next?.across !== undefined || next?.cells[at] !== null) horizontal(x, x + width, y)
      }
    }
  }
  for (const [at, given] of rows.entries()) setRow(given, rows[at + 1])
  return [...pages, page]
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ').filter((found) => found !== '')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`
    if (lines.length > 0 && widthOf(longer) <= width) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}
