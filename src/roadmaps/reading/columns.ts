import { type Cell, cellText, isRowNumber, type Table } from './content.ts'
import { leadingNumber } from './numbers.ts'

/** What a column of a roadmap holds. `section` is a column that groups rows («Направление»); `other` is read by nobody. */
export type Role = 'number' | 'title' | 'deadline' | 'starts' | 'ends' | 'responsible' | 'result' | 'section' | 'other'

/** For each role the columns of the grid that hold it, from left to right, and the lowest heading of every column. */
export type Columns = Record<Role, number[]> & { headings: string[] }

type Heading = { role: Role; words: RegExp; weight: number }

/** A column of a calendar: «сентябрь», «II квартал», «1 полугодие». */
const MONTH = 'январ|феврал|март|апрел|ма[йя](?!\\p{L})|июн|июл|август|сентябр|октябр|ноябр|декабр'
export const PART_OF_YEAR = new RegExp(`^(?:${MONTH}|[ivx\\d]{1,3}[ -]*(?:[йя] )?(?:кв|полуг|четв|триместр))`, 'iu')

/**
 * What headings say. The word that stands first in the heading decides («Срок проведения мероприятия» is a deadline), except
 * that `weight` 0 only counts where nothing else is said, and of several titles the heaviest is the title.
 */
const HEADINGS: Heading[] = [
  { role: 'number', words: /^(?:№|n ?п|#|номер|п ?[/.]? ?п|nn)/, weight: 3 },
  {
    role: 'other',
    words: /отметк|примечан|финанс|об[ъь]ем средств|источник|единиц|телефон|подпис|кабинет|аудитори/,
    weight: 2,
  },
  {
    role: 'other',
    words:
      /участник|категори|целев\p{L}* (?:групп|аудитор)|место|форма (?:провед|работ)|форма$|формат|должност|фио|ф\. ?и\. ?о/u,
    weight: 0,
  },
  { role: 'starts', words: /(?:дата |срок |время )?начал[оа](?! год)/, weight: 3 },
  { role: 'ends', words: /(?:дата |срок |время )?(?:окончани|заверш|конец)/, weight: 3 },
  { role: 'deadline', words: /срок|дат[аы]|период|время|месяц|когда|график|даты|какого числа/, weight: 3 },
  { role: 'deadline', words: PART_OF_YEAR, weight: 2 },
  { role: 'responsible', words: /ответств|исполнител|отв\.|кто (?:пров|отв|дел)|^кто$|куратор/, weight: 3 },
  {
    role: 'result',
    words:
      /результат|показател|индикатор|индикатив|подтвержд|документ|продукт|выход|итог|форма (?:отч|предст|заверш)|отч[её]т|эффект/,
    weight: 3,
  },
  { role: 'title', words: /мероприят/, weight: 4 },
  {
    role: 'title',
    words: /(?<!(?:направлени|раздел|блок)\p{L}* )(?:действи|деятельност|^что|работы?(?!\p{L})|событи|шаг)/u,
    weight: 3,
  },
  { role: 'title', words: /содержани|наименовани|названи|меры|тема/, weight: 2 },
  { role: 'title', words: /направлени|задач|раздел|блок/, weight: 1 },
]

/** A heading that is longer than this is a sentence. */
const LONGEST_HEADING = 140

/** Headings of tables that plan no work: risks, figures, abbreviations. */
const FOREIGN = /^(?:риск|ед\.|единиц|базов|сокращени|расшифровк)/

/** The role that a heading gives its column, and how sure that is; null where the heading says nothing known. */
export function roleOf(heading: string): { role: Role; weight: number } | null {
  const text = heading.toLowerCase().replaceAll('ё', 'е')
  if (text === '' || text.length > LONGEST_HEADING) return null
  const said = HEADINGS.flatMap((known) => {
    const position = text.search(known.words)
    return position < 0 ? [] : [{ ...known, position }]
  })
  const strong = said.filter(({ weight }) => weight > 0)
  const [first] = (strong.length > 0 ? strong : said).toSorted((a, b) => a.position - b.position || b.weight - a.weight)
  return first ? { role: first.role, weight: heaviestOf(first, said) } : null
}

function heaviestOf(first: Heading, said: Heading[]): number {
  return Math.max(...said.filter(({ role }) => role === first.role).map(({ weight }) => weight))
}

/** A table's headings: the rows they take up, and what the columns below them hold. */
export type Header = { from: number; to: number; columns: Columns }

/** How far down a table its headings are looked for: a title, a year and an approval may stand above them. */
const ROWS_ABOVE_HEADINGS = 25

/** The headings of a roadmap's table, or null where the table has none or plans no work. */
export function findHeader(table: Table): Header | null {
  const last = Math.min(table.rows.length, ROWS_ABOVE_HEADINGS)
  for (let row = 0; row < last; row += 1) {
    const header = headerAt(table, row)
    if (header) return header
  }
  return null
}

/** The headings that begin in `row`, of one line or of more where a heading is parted below («Срок»: «начало», «окончание»). */
export function headerAt(table: Table, row: number): Header | null {
  const cells = table.rows[row] ?? []
  const filled = cells.map(({ lines }) => cellText(lines)).filter((text) => text !== '')
  if (filled.length < 2 || filled.some((text) => isRowNumber(text) || leadingNumber(text))) return null
  const to = row + headingLines(table, row)
  const lines = columnHeadings(table.rows.slice(row, to), table.columns)
  const headings = lines.map((texts) => texts.join(' '))
  const columns = { ...columnsOf(headings), headings: lines.map(([lowest = '']) => lowest) }
  return plansWork(columns, headings) ? { from: row, to, columns } : null
}

function headingLines(table: Table, row: number): number {
  const cells = table.rows[row] ?? []
  const parted = cells.filter(
    ({ columnSpan, lines }) => columnSpan > 1 && columnSpan < table.columns && lines.length > 0,
  )
  const below = table.rows[row + 1] ?? []
  const merged = below.some(({ mergedFromAbove }) => mergedFromAbove)
  const fits = parted.some(
    ({ column, columnSpan }) => below.filter((cell) => isUnder(cell, column, columnSpan)).length > 1,
  )
  return fits && (merged || !below.some(({ column, lines }) => column === 0 && cellText(lines) !== '')) ? 2 : 1
}

function isUnder(cell: Cell, column: number, columnSpan: number): boolean {
  return (
    cell.column >= column &&
    cell.column < column + columnSpan &&
    cell.lines.length > 0 &&
    !isRowNumber(cellText(cell.lines))
  )
}

/** The headings above each column, the lowest first: «начало» under «Срок» says more than «Срок». */
function columnHeadings(rows: Cell[][], columns: number): string[][] {
  return Array.from({ length: columns }, (_, column) =>
    rows
      .map((cells) => cells.find((cell) => cell.column <= column && column < cell.column + cell.columnSpan))
      .map((cell) => (cell && cell.columnSpan < Math.max(columns, 2) ? cellText(cell.lines) : ''))
      .filter((text) => text !== '')
      .reverse(),
  )
}

function columnsOf(headings: string[]): Columns {
  const columns = emptyColumns()
  const roles = headings.map(roleOf)
  const titleWeight = Math.max(0, ...roles.map((found) => (found?.role === 'title' ? found.weight : 0)))
  let titled = false
  roles.forEach((found, column) => {
    if (!found) return
    if (found.role !== 'title') columns[found.role].push(column)
    else if (found.weight === titleWeight && !titled) {
      columns.title.push(column)
      titled = true
    } else if (found.weight === 1) columns.section.push(column)
    else columns.other.push(column)
  })
  return columns
}

export function emptyColumns(): Columns {
  return {
    number: [],
    title: [],
    deadline: [],
    starts: [],
    ends: [],
    responsible: [],
    result: [],
    section: [],
    other: [],
    headings: [],
  }
}

function plansWork(columns: Columns, headings: string[]): boolean {
  if (columns.title.length === 0 || headings.some((heading) => FOREIGN.test(heading.toLowerCase()))) return false
  const calendar = columns.deadline.filter((column) => PART_OF_YEAR.test(headings[column] ?? ''))
  const dated =
    columns.deadline.length > calendar.length ||
    calendar.length >= 2 ||
    (columns.starts.length > 0 && columns.ends.length > 0)
  const title = headings[columns.title[0] ?? 0] ?? ''
  return dated || (columns.responsible.length > 0 && /мероприят/i.test(title))
}
