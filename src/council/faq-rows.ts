import { Temporal } from '../kernel/clock.ts'
import type { FaqDraft } from './faq-entry.ts'
import { topicOf } from './topics.ts'
import { straighten } from './words.ts'

/** Why a row was not taken, with what is to be named in the words for it. `no-columns` and `too-many-rows` are of the whole file. */
export type RowFault =
  | { code: 'no-columns'; columns: string }
  | { code: 'too-many-rows'; most: number }
  | { code: 'no-question' | 'no-answer' }
  | { code: 'same-id'; id: string }
  | { code: 'too-long'; length: number; most: number }
  | { code: 'bad-date'; date: string }

/** A row that could not be read: its line in the file (the heading is line 1), its column if one is to blame, and why. */
export type FailedRow = { line: number; column: string | null; why: RowFault }

export type FaqReading = { drafts: FaqDraft[]; failed: FailedRow[] }

type Column = 'code' | 'topic' | 'question' | 'answer' | 'keywords' | 'source' | 'reviewOn'

/** The columns of a FAQ file in the order in which it is written, with the heading written and the others understood. */
const COLUMNS: Record<Column, { heading: string; alsoKnownAs: string[] }> = {
  code: { heading: 'id', alsoKnownAs: ['ид', 'код', 'номер', '№', '№ п/п', 'code', 'number'] },
  topic: {
    heading: 'topic',
    alsoKnownAs: ['тема', 'раздел', 'рубрика', 'категория', 'направление', 'category', 'section'],
  },
  question: { heading: 'question', alsoKnownAs: ['вопрос', 'текст вопроса', 'заголовок', 'title'] },
  answer: { heading: 'answer', alsoKnownAs: ['ответ', 'текст ответа', 'text'] },
  keywords: {
    heading: 'keywords',
    alsoKnownAs: ['ключевые слова', 'ключевые', 'теги', 'метки', 'слова', 'tags', 'key words'],
  },
  source: {
    heading: 'source',
    alsoKnownAs: ['источник', 'источники', 'основание', 'документ', 'sources', 'reference'],
  },
  reviewOn: {
    heading: 'review date',
    alsoKnownAs: [
      'дата пересмотра',
      'дата проверки',
      'пересмотр',
      'пересмотреть',
      'срок пересмотра',
      'review',
      'review on',
      'reviewed',
    ],
  },
}

const LONGEST: Record<Column, number> = {
  code: 100,
  topic: 200,
  question: 1_000,
  answer: 10_000,
  keywords: 2_000,
  source: 2_000,
  reviewOn: 40,
}

export const MOST_FAQ_ROWS = 20_000

/**
 * The entries of a FAQ file, given as rows of cells with a heading first. The order of columns is free; question and answer are needed,
 * the rest may be missing. Rows that fail are named with their reason and left out; empty rows are passed over.
 */
export function readFaqRows(rows: string[][]): FaqReading {
  const headingAt = rows.findIndex((row) => columnsOf(row).has('question'))
  const columns = columnsOf(rows[headingAt] ?? [])
  const missing = (['question', 'answer'] as const).filter((column) => !columns.has(column))
  if (missing.length > 0) return { drafts: [], failed: [noHeading(missing)] }
  if (rows.length > MOST_FAQ_ROWS + headingAt + 1) {
    return {
      drafts: [],
      failed: [{ line: MOST_FAQ_ROWS + 1, column: null, why: { code: 'too-many-rows', most: MOST_FAQ_ROWS } }],
    }
  }
  const drafts = new Map<string, FaqDraft>()
  const failed: FailedRow[] = []
  for (const [at, row] of rows.entries()) {
    if (at <= headingAt || row.every((cell) => cell.trim() === '')) continue
    const read = draftOf(row, columns, at + 1)
    if ('why' in read) failed.push(read)
    else if (drafts.has(read.code)) failed.push({ line: at + 1, column: 'id', why: { code: 'same-id', id: read.code } })
    else drafts.set(read.code, read)
  }
  return { drafts: [...drafts.values()], failed }
}

function noHeading(missing: Column[]): FailedRow {
  const names = missing.map((column) => `«${COLUMNS[column].heading}» («${COLUMNS[column].alsoKnownAs[0]}»)`)
  return { line: 1, column: null, why: { code: 'no-columns', columns: names.join(', ') } }
}

function columnsOf(row: string[]): Map<Column, number> {
  const found = new Map<Column, number>()
  for (const [at, cell] of row.entries()) {
    const name = cell
      .replace(/^\uFEFF/, '')
      .replaceAll(/[\s_]+/g, ' ')
      .trim()
      .toLowerCase()
    for (const [column, { heading, alsoKnownAs }] of Object.entries(COLUMNS) as [Column, (typeof COLUMNS)[Column]][]) {
      if (!found.has(column) && (name === heading || alsoKnownAs.includes(name))) found.set(column, at)
    }
  }
  return found
}

function draftOf(row: string[], columns: Map<Column, number>, line: number): FaqDraft | FailedRow {
  const cell = (column: Column): string => cleanCell(row[columns.get(column) ?? -1] ?? '')
  for (const column of columns.keys()) {
    const length = cell(column).length
    if (length > LONGEST[column]) {
      return {
        line,
        column: COLUMNS[column].heading,
        why: { code: 'too-long', length, most: LONGEST[column] },
      }
    }
  }
  if (cell('question') === '') return { line, column: 'question', why: { code: 'no-question' } }
  if (cell('answer') === '') return { line, column: 'answer', why: { code: 'no-answer' } }
  const reviewOn = dayOf(cell('reviewOn'))
  if (reviewOn === 'unreadable') {
    return {
      line,
      column: 'review date',
      why: { code: 'bad-date', date: cell('reviewOn') },
    }
  }
  return {
    code: cell('code') || String(line - 1),
    topic: topicOf(cell('topic')) ?? cell('topic'),
    question: straighten(cell('question')),
    answer: straighten(cell('answer')),
    keywords: straighten(cell('keywords')),
    source: cell('source'),
    reviewOn,
  }
}

/** What a person meant by a cell: no invisible signs, no blanks around, and without the `'` that our own export puts before a formula. */
function cleanCell(cell: string): string {
  const visible = cell
    .toWellFormed()
    .replace(/[^\P{Cc}\t\r\n]|[\u00AD\uFEFF]/gu, '')
    .trim()
  return /^'[=+\-@]/.test(visible) ? visible.slice(1) : visible
}

function dayOf(words: string): Temporal.PlainDate | null | 'unreadable' {
  if (words === '') return null
  const iso = /^(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?$/.exec(words)
  const russian = /^(\d{1,2})\.(\d{1,2})\.(\d{4})(?: г\.?)?$/.exec(words)
  const [year, month, day] = iso ? iso.slice(1) : russian ? russian.slice(1).reverse() : []
  if (!year) return 'unreadable'
  try {
    return Temporal.PlainDate.from(
      { year: Number(year), month: Number(month), day: Number(day) },
      { overflow: 'reject' },
    )
  } catch {
    return 'unreadable'
  }
}

/** The rows of a FAQ file with its heading, ready to be written; cells that a spreadsheet would take for a formula are guarded. */
export function writeFaqRows(entries: FaqDraft[]): string[][] {
  const columns = Object.keys(COLUMNS) as Column[]
  const heading = columns.map((column) => COLUMNS[column].heading)
  const rows = entries.map((entry) => columns.map((column) => guardFormula(entry[column]?.toString() ?? '')))
  return [heading, ...rows]
}

/** `cell` with a leading `'` where a spreadsheet would evaluate it (OWASP ASVS 1.2.10); NUL is dropped. */
export function guardFormula(cell: string): string {
  const visible = cell.replaceAll('\u0000', '')
  return /^['\s]*[=+\-@\t\r＝＋－＠]/.test(visible) ? `'${visible}` : visible
}
