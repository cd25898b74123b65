import type { Database } from '../db/database.ts'
import { keepFileRow } from '../db/files.ts'
import { noteStored, questionFile } from '../db/questions.ts'
import { systemClock } from '../kernel/clock.ts'
import type { EvidenceEdge } from './fetch-evidence.ts'

/**
 * Copies a file of a question into our own store: the messenger may forget it. What cannot be fetched any more stays where it is. Throws where
 * another try may help.
 */
export async function keepQuestionFile(
  database: Database,
  edge: Pick<EvidenceEdge, 'fetch'>,
  job: { municipalityId: number; fileId: number },
): Promise<void> {
  const { municipalityId, fileId } = job
  const file = await database.inMunicipality(municipalityId, (tx) => questionFile(tx, fileId))
  if (!file || file.sha256 !== null) return
  const fetched = await edge.fetch({ municipalityId, messengerFileId: file.messengerFileId, fileName: file.fileName })
  if (fetched.kind === 'gone') return
  await database.inMunicipality(municipalityId, async (tx) => {
    const { sha256, size, mime } = fetched
    await keepFileRow(tx, { municipalityId, sha256, size, mime, at: systemClock.now() })
    await noteStored(tx, fileId, sha256)
  })
}
