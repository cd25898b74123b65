/** Lines that a pasted table has at least. */
const FEWEST_LINES = 3

/**
 * Whether words are a pasted table of a plan rather than a message: several lines whose cells are parted by tabs or bars, or a long text of many
 * short lines that speaks of activities and terms.
 */
export function looksLikeTable(text: string): boolean {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const parted = lines.filter((line) => /\t|\S\s*\|\s*\S/.test(line.trim()))
  if (parted.length >= FEWEST_LINES) return true
  return text.length > 600 && lines.length >= 12 && /мероприят/i.test(text) && /срок|дата/i.test(text)
}
