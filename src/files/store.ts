import type { Readable } from 'node:stream'
import type { Result } from '../kernel/result.ts'

export type StoredFile = { sha256: string; size: number }

/** Why a file could not be kept. Nothing of it is left behind. */
export type PutRefusal =
  | { code: 'too-big'; most: number }
  | { code: 'no-room' }
  /** What gave the bytes failed in the middle. */
  | { code: 'cut-short' }

/** Where files are kept, by their content and for one municipality each: the same photo sent to two municipalities is kept twice, and goes with its own. */
export type FileStore = {
  /** Keeps bytes; `most`: bytes at most. The file is on the disk, whole, when this resolves. Rejects only where the store itself is broken. */
  put(
    municipalityId: number,
    bytes: Readable | Uint8Array,
    options?: { most?: number },
  ): Promise<Result<StoredFile, PutRefusal>>
  /** The bytes; null where there is no such file. */
  open(municipalityId: number, sha256: string): Promise<Readable | null>
  has(municipalityId: number, sha256: string): Promise<boolean>
  remove(municipalityId: number, sha256: string): Promise<void>
}
