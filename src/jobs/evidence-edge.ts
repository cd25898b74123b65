import { buffer } from 'node:stream/consumers'
import type { Engine } from '../app.ts'
import { LARGEST_DOWNLOAD } from '../bot/telegram/api.ts'
import { pictureHash } from '../documents/picture-hash.ts'
import { BYTES_TO_TELL, fileKindOf } from '../files/kind.ts'
import type { EvidenceEdge, Fetched } from './fetch-evidence.ts'

/** Fetching evidence from the messenger into the file store. */
export function evidenceEdge({ files, download }: Pick<Engine, 'files' | 'download'>): EvidenceEdge {
  const bytesOf = async (municipalityId: number, sha256: string): Promise<Buffer> => {
    const stream = await files.open(municipalityId, sha256)
    if (!stream) throw new Error('a file that was just kept is gone')
    return buffer(stream)
  }
  return {
    fetch: async ({ municipalityId, messengerFileId, fileName }): Promise<Fetched> => {
      const stream = await download(messengerFileId)
      if (!stream.ok) {
        if (stream.refusal.code === 'failed') throw new Error(`the file could not be fetched: ${stream.refusal.cause}`)
        return { kind: 'gone', why: stream.refusal.code }
      }
      const kept = await files.put(municipalityId, stream.value, { most: LARGEST_DOWNLOAD })
      if (!kept.ok) {
        if (kept.refusal.code === 'too-big') return { kind: 'gone', why: 'too-big' }
        throw new Error(`the file could not be kept: ${kept.refusal.code}`)
      }
      const head = (await bytesOf(municipalityId, kept.value.sha256)).subarray(0, BYTES_TO_TELL)
      return { kind: 'kept', ...kept.value, mime: (await fileKindOf(head, fileName)).mime }
    },
    pictureHash: async ({ municipalityId, sha256 }) => pictureHash(await bytesOf(municipalityId, sha256)),
  }
}
