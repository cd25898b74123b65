import { type Columns, emptyColumns } from './columns.ts'
import { type Cell, cellText, isRowNumber, type Table } from './content.ts'
import { executorsOf } from './executors.ts'

/** Whether a phrase says when something is due; the words of deadlines are known elsewhere. */
export type IsDeadline = (phrase: string) => boolean

/** A cell that is longer is no deadline, whatever months it names. */
const LONGEST_DEADLINE = 90

type Facts = { column: number; filled: number; numbers: number; deadlines: number; executors: number; length: number }

/**
 * What the columns of a table without headings hold, by their content: numbers, deadlines and executors in most of the cells, and
 * the longest of the other texts as the title. Null where no column is one of deadlines.
 */
export function guessColumns(table: Table, isDeadline: IsDeadline): Columns | null {
  const rows = table.rows.filter((cells) => cells.filter(({ lines }) => lines.length > 0).length >= 2)
  const facts = Array.from({ length: table.columns }, (_, column) => factsOf(rows, column, isDeadline))
  const deadline = best(facts, ({ deadlines, filled }) => (filled * 2 >= rows.length ? deadlines / filled : 0), 0.6)
  if (!deadline || rows.length < 2) return null
  const others = facts.filter(({ column, filled }) => column !== deadline.column && filled > 0)
  const number = best(others, ({ numbers, filled }) => numbers / filled, 0.6)
  const texts = others.filter(({ column }) => column !== number?.column)
  const title = best(texts, ({ length, filled }) => length / filled, 10)
  if (!title) return null
  const rest = texts.filter(({ column }) => column !== title.column)
  const responsible = best(rest, ({ executors, filled }) => executors / filled, 0.5)
  const result = best(
    rest.filter(({ column }) => column !== responsible?.column),
    ({ length, filled }) => length / filled,
    3,
  )
  const columns = emptyColumns()
  columns.deadline.push(deadline.column)
  columns.title.push(title.column)
  if (number) columns.number.push(number.column)
  if (responsible) columns.responsible.push(responsible.column)
  if (result) columns.result.push(result.column)
  return columns
}

function factsOf(rows: Cell[][], column: number, isDeadline: IsDeadline): Facts {
  const texts = rows
    .flatMap((cells) => cells.filter((cell) => cell.column === column && cell.columnSpan === 1))
    .map(({ lines }) => cellText(lines))
    .filter((text) => text !== '')
  return {
    column,
    filled: texts.length,
    numbers: texts.filter(isRowNumber).length,
    deadlines: texts.filter((text) => text.length <= LONGEST_DEADLINE && !isRowNumber(text) && isDeadline(text)).length,
    executors: texts.filter((text) => executorsOf(text).executors.length > 0).length,
    length: texts.reduce((sum, text) => sum + text.length, 0),
  }
}

function best(facts: Facts[], score: (facts: Facts) => number, least: number): Facts | null {
  const known = facts.filter(({ filled }) => filled > 0)
  const found = known.reduce<Facts | null>((top, next) => (top === null || score(next) > score(top) ? next : top), null)
  return found && score(found) >= least ? found : null
}
