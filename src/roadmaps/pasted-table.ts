/** Lines that a pasted table has at least. */
const FEWEST_LINES = 3

/** A line that is only headings is no longer. */
const LONGEST_HEADINGS = 200

/**
 * Whether words are a pasted table of a plan rather than a message: several lines whose cells are parted by tabs or bars, a line of headings above
 * others, or a long text of many short lines that speaks of activities and terms.
 */
export function looksLikeTable(text: string): boolean {
  const lines = linesOf(text)
  if (lines.length < FEWEST_LINES) return false
  return hasColumns(text) || lines.some(isHeadings) || (lines.length >= 12 && text.length > 600 && namesColumns(text))
}

/** Whether cells are kept apart. Messengers turn tabs into spaces, and then nobody can tell for certain where a column ends. */
export function hasColumns(text: string): boolean {
  return linesOf(text).filter((line) => /\S\s*\t\s*\S|\S\s*\|\s*\S/.test(line)).length >= FEWEST_LINES
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '')
}

function isHeadings(line: string): boolean {
  return line.length <= LONGEST_HEADINGS && !/[.!?:;]\s*$/.test(line) && namesColumns(line)
}

function namesColumns(text: string): boolean {
  return /мероприят|содержание работ/i.test(text) && /срок|дата/i.test(text)
}
