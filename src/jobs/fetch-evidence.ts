import { showArrival } from '../bot/features/evidence.ts'
import { ownOccasion } from '../bot/own-occasion.ts'
import type { Services } from '../bot/services.ts'
import { takeTurn } from '../bot/take-turn.ts'
import type { Database, Tx } from '../db/database.ts'
import { type EvidenceRow, lockEvidence, markFailed, markStored } from '../db/evidence.ts'
import { keepFileRow } from '../db/files.ts'
import { personAt } from '../db/opening.ts'
import type { PictureHash } from '../documents/picture-hash.ts'

/** A file of the messenger as the edge fetches it: kept by its content, or why not. `gone`: it is too large or no longer there. */
export type Fetched = { kind: 'kept'; sha256: string; size: number; mime: string } | { kind: 'gone'; why: string }

/** What fetching needs of the edges. `fetch` throws where another try may help: the network, the disk. */
export type EvidenceEdge = {
  fetch(file: { municipalityId: number; messengerFileId: string; fileName: string | null }): Promise<Fetched>
  pictureHash(file: { municipalityId: number; sha256: string }): Promise<PictureHash | null>
}

/**
 * Fetches one piece of evidence, keeps it, and only then tells the person that it is kept. Throws where another try may help; `lastTry` says
 * that there is none, and the person is asked to send the file again.
 */
export async function fetchEvidence(
  database: Database,
  services: Services,
  edge: EvidenceEdge,
  job: { municipalityId: number; evidenceId: number; lastTry: boolean },
): Promise<void> {
  const piece = await database.inMunicipality(job.municipalityId, (tx) => lockEvidence(tx, job.evidenceId))
  if (piece?.state !== 'arriving' || !piece.messengerFileId) return
  const fetched = await fetchOnce(edge, piece, job.lastTry)
  const pictureHash =
    fetched.kind === 'kept' && piece.kind === 'photo'
      ? await edge.pictureHash({ municipalityId: piece.municipalityId, sha256: fetched.sha256 })
      : null
  await database.asSystem((tx) => settle(tx, services, job, fetched, pictureHash))
}

async function fetchOnce(edge: EvidenceEdge, piece: EvidenceRow, lastTry: boolean): Promise<Fetched> {
  try {
    return await edge.fetch({
      municipalityId: piece.municipalityId,
      messengerFileId: piece.messengerFileId ?? '',
      fileName: piece.fileName,
    })
  } catch (failure) {
    if (lastTry) return { kind: 'gone', why: 'not-fetched' }
    throw failure
  }
}

async function settle(
  tx: Tx,
  services: Services,
  job: { municipalityId: number; evidenceId: number },
  fetched: Fetched,
  pictureHash: PictureHash | null,
): Promise<void> {
  const piece = await lockEvidence(tx, job.evidenceId)
  if (piece?.state !== 'arriving') {
    // Its author was forgotten while it came: known to the register, it is an orphan that the purge takes out of the store.
    if (fetched.kind === 'gone') return
    const { sha256, size, mime } = fetched
    return keepFileRow(tx, { municipalityId: job.municipalityId, sha256, size, mime, at: services.now() })
  }
  if (fetched.kind === 'kept') await markStored(tx, piece, { ...fetched, pictureHash, at: services.now() })
  else await markFailed(tx, piece.id, fetched.why)
  const person = await personAt(tx, { messenger: 'telegram', address: piece.chat })
  if (!person) return
  const incoming = ownOccasion(piece.chat, services)
  await takeTurn(tx, services, { incoming, person, municipalityId: job.municipalityId, subject: null }, (turn) =>
    showArrival(turn, piece, fetched.kind === 'kept'),
  )
}
