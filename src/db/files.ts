import type { Instant } from '../kernel/clock.ts'
import type { Tx } from './database.ts'
import { files } from './schema/index.ts'

/** Notes that the store keeps a file for a municipality. */
export async function keepFileRow(
  tx: Tx,
  file: { municipalityId: number; sha256: string; size: number; mime: string; at: Instant },
): Promise<void> {
  const { at, ...row } = file
  await tx
    .insert(files)
    .values({ ...row, createdAt: at })
    .onConflictDoNothing()
}
