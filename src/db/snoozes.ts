import type { PlainDate } from '../kernel/clock.ts'
import type { Tx } from './database.ts'
import { snoozes } from './schema/index.ts'

/** Keeps that a person wants to hear of a task again on `remindOn` (a local day), and not before. */
export async function keepSnooze(
  tx: Tx,
  snooze: { municipalityId: number; taskId: number; personId: number; remindOn: PlainDate },
): Promise<void> {
  await tx
    .insert(snoozes)
    .values(snooze)
    .onConflictDoUpdate({ target: [snoozes.taskId, snoozes.personId], set: { remindOn: snooze.remindOn } })
}
