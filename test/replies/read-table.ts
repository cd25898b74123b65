import type { ReplyJson } from '../../src/replies/reply.ts'

/** A Wednesday in the last weeks before the spring holidays; every table is read against it. */
export const TODAY = '2026-03-18'

/** A row of a table: the words of a reply, how many tasks its message lists (where known), and what is expected. */
export type Row = { words: string; taskCount?: number; expected: string }

/**
 * Rows written as `words = expected`, one a line; lines with `##` name the rule, `\n` in words is a line break, `[3] words` gives
 * the length of the list. Expected are the parts, joined by `;`, each as `tasks intent day reason`: `1,3 done 2026-03-12`,
 * `cannot «нет учителя»`, `postpone 2026-04-20`. After `#` stand the counts. A reason and the counts are compared only where given.
 */
export function rowsOf(table: string): Row[] {
  return table
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith('##'))
    .map(rowOf)
}

function rowOf(line: string): Row {
  const cut = line.lastIndexOf(' = ')
  const [, count, words = ''] = /^(?:\[(\d+)\] )?(.*)$/u.exec(line.slice(0, cut))!
  const row = { words: words.replaceAll('\\n', '\n'), expected: line.slice(cut + 3).trim() }
  return count ? { ...row, taskCount: Number(count) } : row
}

/** `reply` in the notation of the tables, with only those fields that `expected` speaks of. */
export function told(reply: ReplyJson, expected: string): string {
  const parts = reply.parts.map(({ tasks, intent, date, postponeTo, reason }) =>
    [tasks.join(','), intent, date ?? postponeTo, expected.includes('«') && reason ? `«${reason}»` : '']
      .filter(Boolean)
      .join(' '),
  )
  const counts = reply.numbers.map(({ value, of }) => `${value} ${of}`.trim()).join(', ')
  return parts.join('; ') + (expected.includes('#') ? ` # ${counts}` : '')
}
