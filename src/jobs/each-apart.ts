/**
 * Does `work` for each of `items`, one after the other; a failure of one does not keep the others from theirs. Throws when all had their turn, with the
 * first failure as the cause.
 */
export async function eachApart<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  await inBatches(items, 1, ([item]) => work(item!))
}

/**
 * Does `work` for all `items`, up to `size` of them at a time: `work` is all or nothing, and costs little more for a batch than for one. The items of a
 * batch that failed are tried one by one, so that one of them does not keep the others from theirs. Throws when all had their turn, with the first failure
 * of a single item as the cause.
 */
export async function inBatches<Item>(
  items: readonly Item[],
  size: number,
  work: (batch: readonly Item[]) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = []
  const alone = (item: Item): Promise<void> =>
    work([item]).catch((failure: unknown) => {
      failures.push(failure)
    })
  for (let from = 0; from < items.length; from += size) {
    const batch = items.slice(from, from + size)
    const done = batch.length > 1 && (await succeeds(work(batch)))
    if (!done) for (const item of batch) await alone(item)
  }
  if (failures.length > 0)
    throw new Error(`${failures.length} of ${items.length} could not be worked on`, { cause: failures[0] })
}

/** Whether `work` came to its end; what went wrong in a batch comes again with the item it is about. */
function succeeds(work: Promise<void>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  )
}
