/** Words and phrases that stand for each other. `strength` 1: the same thing; less: often meant by one another. */
export type SynonymGroup = { terms: string[]; strength: number }

/** One group a line, its members separated by commas. */
export function groupsOf(lines: string, strength: number): SynonymGroup[] {
  return lines
    .split('\n')
    .map((line) =>
      line
        .split(',')
        .map((term) => term.trim())
        .filter(Boolean),
    )
    .filter((terms) => terms.length > 1)
    .map((terms) => ({ terms, strength }))
}
