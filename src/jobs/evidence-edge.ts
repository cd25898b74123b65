import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { Engine } from '../app.ts'
import { LARGEST_DOWNLOAD } from '../bot/telegram/api.ts'
import { pictureHash } from '../documents/picture-hash.ts'
import { BYTES_TO_TELL, fileKindOf } from '../files/kind.ts'
import type { EvidenceEdge, Fetched } from './fetch-evidence.ts'

/** Fetching evidence from the messenger into the file store. */
export function evidenceEdge({ files, download }: Pick<Engine, 'files' | 'download'>): EvidenceEdge {
  const streamOf = async (municipalityId: number, sha256: string): Promise<Readable> => {
    const stream = await files.open(municipalityId, sha256)
    if (!stream) throw new Error('a file that was just kept is gone')
    return stream
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
      const head = await firstBytes(await streamOf(municipalityId, kept.value.sha256), BYTES_TO_TELL)
      return { kind: 'kept', ...kept.value, mime: (await fileKindOf(head, fileName)).mime }
    },
    pictureHash: async ({ municipalityId, sha256 }) =>
      pictureHash(await buffer(await streamOf(municipalityId, sha256))),
  }
}

/** The first `most` bytes of a stream, or all of a shorter one; the rest is never read: large files come many at a time. */
async function firstBytes(stream: Readable, most: number): Promise<Buffer> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of stream as AsyncIterable<Buffer>) {
    pieces.push(piece)
    size += piece.length
    if (size >= most) break
  }
  return Buffer.concat(pieces).subarray(0, most)
}
