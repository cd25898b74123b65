import { type Cell, foldText, type Line, type Paragraph, paragraphLine } from '../roadmaps/reading/content.ts'

/** A line of text outside tables. */
export function paragraphOf(text: string): Paragraph {
  return { kind: 'paragraph', line: paragraphLine(text) }
}

function cellOf(column: number, columnSpan: number, texts: string[]): Cell {
  const lines = texts
    .map((text, at): Line => ({ text: foldText(text), mark: null, starts: at === 0 ? 'paragraph' : 'line' }))
    .filter(({ text }) => text !== '')
  return { column, columnSpan, mergedFromAbove: false, lines }
}

/** A row of fewer cells than the table has columns: its last cell covers the rest, as a heading merged across does. */
export function rowOf(cells: string[][], columns: number): Cell[] {
  return cells.map((texts, at) => cellOf(at, at === cells.length - 1 ? Math.max(1, columns - at) : 1, texts))
}

/** The number that comes most often, the larger of equals; 0 where there is none. */
export function mostFrequent(counts: number[]): number {
  const seen = new Map<number, number>()
  for (const count of counts) seen.set(count, (seen.get(count) ?? 0) + 1)
  return [...seen].reduce(
    (best, next) => (next[1] > best[1] || (next[1] === best[1] && next[0] > best[0]) ? next : best),
    [0, 0],
  )[0]
}

/** What begins a heading of a column, as far as the shape of a text is concerned. */
export const HEADING =
  /^(№|n\b|п\/п|мероприят|наименован|содержан|срок|дат[аы]|период|ответствен|исполнит|ожидаем|результат|показател|вид документа|форма)/i
