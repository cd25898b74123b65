import { and, eq, lt } from 'drizzle-orm'
import type { Services } from '../bot/services.ts'
import type { Database } from '../db/database.ts'
import { evidence } from '../db/schema/index.ts'

/** Minutes after which a file that still arrives has lost its job (a restored backup has no jobs, a job may have been set aside). */
const LOST_MINUTES = 30

/** The tick that asks anew for files whose job was lost: fetching one twice does no harm, waiting for ever would. */
export async function fetchLostEvidence(database: Database, services: Services): Promise<void> {
  const now = services.now()
  await database.asSystem(async (tx) => {
    const lost = await tx
      .update(evidence)
      .set({ receivedAt: now })
      .where(and(eq(evidence.state, 'arriving'), lt(evidence.receivedAt, now.subtract({ minutes: LOST_MINUTES }))))
      .returning({ id: evidence.id, municipalityId: evidence.municipalityId })
    for (const piece of lost)
      await services.startJob(tx, {
        queue: 'fetch-evidence',
        data: { municipalityId: piece.municipalityId, evidenceId: piece.id },
      })
  })
}
