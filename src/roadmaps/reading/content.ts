/** One line of a cell or of the text: `starts` says whether the author began a paragraph there or the line only goes on. */
export type Line = {
  text: string
  /** The mark or number that the word processor prints before the line («•», «1.2.»), which is not part of `text`. */
  mark: string | null
  starts: 'paragraph' | 'line'
}

/**
 * A cell as it lies on the grid of its table. A cell merged across covers `columnSpan` columns; a cell merged down is
 * repeated in every row it covers, empty and with `mergedFromAbove`.
 */
export type Cell = {
  column: number
  columnSpan: number
  mergedFromAbove: boolean
  lines: Line[]
  /** A spreadsheet keeps the value as a number, so 1.10 may have lost its last digit. */
  numeric?: true
}

export type Table = {
  kind: 'table'
  rows: Cell[][]
  columns: number
  /** `marked`: the format says which cells are merged; `unmarked`: an empty cell may or may not be a merged one. */
  merges: 'marked' | 'unmarked'
}

export type Paragraph = { kind: 'paragraph'; line: Line }

export type DocumentFormat = 'docx' | 'xlsx' | 'pdf' | 'txt'

/** A document as plain blocks in reading order, the same for every format. */
export type DocumentContent = { format: DocumentFormat; blocks: (Paragraph | Table)[] }

/** `text` with soft hyphens, zero-width signs and control characters dropped and white space folded to single spaces. */
export function foldText(text: string): string {
  return text
    .replace(/[\u00AD\u200B-\u200F\u2028-\u202E\u2060\uFEFF]/g, '')
    .replace(/\p{Cc}|\s/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()
}

/** A line as a person reads it, with its printed mark. */
export function lineText({ mark, text }: Line): string {
  return mark === null ? text : foldText(`${mark} ${text}`)
}

/** The words of a cell in one line, printed marks included, as a person reads them. */
export function cellText(lines: readonly Line[]): string {
  return foldText(lines.map(lineText).join(' '))
}

/** The words of a cell with each of its paragraphs on a line of its own. */
export function paragraphsText(lines: readonly Line[]): string {
  return lines
    .map((line, at) => `${at > 0 && line.starts === 'paragraph' ? '\n' : ' '}${lineText(line)}`)
    .join('')
    .trim()
}

/** A paragraph line of its own, white space folded. */
export function paragraphLine(text: string, mark: string | null = null): Line {
  return { text: foldText(text), mark, starts: 'paragraph' }
}

/** `1.`, `2.10`, `34.1.2.`, `3)`: what stands in a column of numbers. Years and dates are not numbers of a row. */
export function isRowNumber(text: string): boolean {
  return /^(№\s*)?\d{1,3}(\.\d{1,3}){0,5}[.)]{0,2}$/.test(text.trim())
}
