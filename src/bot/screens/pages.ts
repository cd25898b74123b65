import type { Button } from '../../delivery/screen.ts'
import type { Say } from '../words.ts'

/** Lines or buttons on a page of a list. */
export const LIST_PAGE = 8

/** One page of `all`; a page past the end is the last one. */
export function pageOf<Item>(all: readonly Item[], page: number): { shown: Item[]; page: number; pages: number } {
  const pages = Math.max(1, Math.ceil(all.length / LIST_PAGE))
  const index = Math.min(page, pages - 1)
  return { shown: all.slice(index * LIST_PAGE, (index + 1) * LIST_PAGE), page: index, pages }
}

/** The row that turns pages; empty where there is one page. */
export function pagingRow(
  say: Say,
  { page, pages }: { page: number; pages: number },
  to: (page: number) => string,
): Button[] {
  return [
    ...(page > 0 ? [{ label: say.plain('common.previous'), action: to(page - 1) }] : []),
    ...(page < pages - 1 ? [{ label: say.plain('common.next'), action: to(page + 1) }] : []),
  ]
}

/** Rows without the empty ones. */
export function rows(...all: Button[][]): Button[][] {
  return all.filter((row) => row.length > 0)
}

/** `words` with a capital letter: a role as the label of a button. */
export function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}
