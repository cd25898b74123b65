/**
 * Does `work` for each of `items`, one after the other; a failure of one does not keep the others from theirs. Throws when all had their turn, with the
 * first failure as the cause.
 */
export async function eachApart<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const failures: unknown[] = []
  for (const item of items) await work(item).catch((failure: unknown) => failures.push(failure))
  if (failures.length > 0)
    throw new Error(`${failures.length} of ${items.length} could not be worked on`, { cause: failures[0] })
}
