/** The few things of yauzl that are used here; the package brings no types of its own. */
declare module 'yauzl' {
  import type { EventEmitter } from 'node:events'
  import type { Readable } from 'node:stream'

  export type Entry = {
    fileName: string
    compressedSize: number
    uncompressedSize: number
    crc32: number
    isEncrypted(): boolean
  }
  export type ZipFile = EventEmitter & {
    entryCount: number
    readEntry(): void
    openReadStream(
      entry: Entry,
      done: (...result: [problem: Error, stream: undefined] | [problem: null, stream: Readable]) => void,
    ): void
    close(): void
  }
  export function fromBuffer(
    bytes: Buffer,
    options: { lazyEntries: boolean; autoClose: boolean },
    done: (...result: [problem: Error, zip: undefined] | [problem: null, zip: ZipFile]) => void,
  ): void
}
