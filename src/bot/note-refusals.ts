import type { Tx } from '../db/database.ts'
import type { Ahead } from '../db/opening.ts'
import type { Log } from '../log.ts'
import type { AfterCommit, Incoming } from './incoming.ts'

type Process = (tx: Tx, incoming: Incoming, mayWait?: boolean, ahead?: Ahead | null) => Promise<AfterCommit>

/**
 * `process`, writing down each press that was refused: a button of an earlier time, or forged data. The update's number leads to the rest as long as it is kept; of the data only the action's code is
 * written, and only if it can be one.
 */
export function notingRefusals(process: Process, log: Pick<Log, 'info'>): Process {
  return async (tx, incoming, mayWait, ahead) => {
    const after = await process(tx, incoming, mayWait, ahead)
    if (incoming.kind === 'tap' && after.tapAnswer?.alert) {
      const [action] = /^[a-z]{1,4}(?:-[a-z]{1,4})?(?=:|$)/.exec(incoming.data) ?? ['none of ours']
      log.info({ update: incoming.updateId, action }, 'a press was refused')
    }
    return after
  }
}
