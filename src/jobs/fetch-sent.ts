import type { Readable } from 'node:stream'
import type { DownloadRefusal } from '../bot/telegram/api.ts'
import type { Result } from '../kernel/result.ts'

export type Download = (messengerFileId: string) => Promise<Result<Readable, DownloadRefusal>>

/**
 * The bytes of a file that somebody sent, to be read at once and not kept; null where it cannot be had, or is larger than `most` bytes. Throws
 * where another try may help.
 */
export async function fetchSent(
  download: Download,
  sent: { messengerFileId: string; lastTry: boolean },
  most: number,
): Promise<Buffer | null> {
  const stream = await download(sent.messengerFileId)
  if (stream.ok) return takeUpTo(stream.value, most)
  if (stream.refusal.code === 'failed' && !sent.lastTry)
    throw new Error(`the file could not be fetched: ${stream.refusal.cause}`)
  return null
}

async function takeUpTo(stream: Readable, most: number): Promise<Buffer | null> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of stream) {
    size += piece.length
    if (size > most) {
      stream.destroy()
      return null
    }
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}
