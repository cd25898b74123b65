import { crc32 } from 'node:zlib'
import { type Entry, fromBuffer, type ZipFile } from 'yauzl'
import { type ReadingLimits, Unreadable } from './limits.ts'

const MEGABYTE = 1024 * 1024

/** The parts of an Office file: names known, sizes checked, nothing unpacked yet. */
export type Archive = {
  names: ReadonlySet<string>
  /**
   * Unpacks one part piece by piece. Stops with `Unreadable` as soon as it is larger than the archive says, and where its checksum is
   * wrong: one flipped bit may be another date.
   */
  stream(name: string, take: (piece: Buffer) => void): Promise<void>
  close(): void
}

/**
 * Opens the zip in `bytes`. Everything that the directory of the archive tells is checked before a byte is unpacked: number of
 * entries, paths, sizes, growth, encryption. Throws `Unreadable`.
 */
export async function openArchive(bytes: Uint8Array, limits: ReadingLimits): Promise<Archive> {
  const zip = await open(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  if (zip.entryCount > limits.entries) throw new Unreadable({ code: 'zip-bomb' })
  const entries = await listEntries(zip)
  refuseBombs([...entries.values()], limits)
  return {
    names: new Set(entries.keys()),
    stream: (name, take) => unpack(zip, entries.get(name), take),
    close: () => zip.close(),
  }
}

function open(bytes: Buffer): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    fromBuffer(bytes, { lazyEntries: true, autoClose: false }, (problem, zip) => {
      if (problem) reject(new Unreadable({ code: 'truncated' }, problem))
      else resolve(zip)
    })
  })
}

/** yauzl itself refuses absolute names, backslashes and `..`. */
function listEntries(zip: ZipFile): Promise<Map<string, Entry>> {
  return new Promise((resolve, reject) => {
    const entries = new Map<string, Entry>()
    zip.on('entry', (entry: Entry) => {
      entries.set(entry.fileName, entry)
      zip.readEntry()
    })
    zip.once('end', () => resolve(entries))
    zip.once('error', (problem: Error) => reject(new Unreadable({ code: 'damaged' }, problem)))
    zip.readEntry()
  })
}

function refuseBombs(entries: Entry[], limits: ReadingLimits): void {
  const unpackedBytes = entries.reduce((sum, entry) => sum + entry.uncompressedSize, 0)
  const grows = entries.some(
    ({ uncompressedSize, compressedSize }) =>
      uncompressedSize > MEGABYTE && uncompressedSize > compressedSize * limits.growth,
  )
  if (grows) throw new Unreadable({ code: 'zip-bomb' })
  if (entries.some((entry) => entry.isEncrypted())) throw new Unreadable({ code: 'encrypted' })
  const largest = entries.reduce((most, entry) => Math.max(most, xmlBytes(entry)), 0)
  if (largest > limits.partBytes) {
    throw new Unreadable({ code: 'too-large', bytes: largest, limitBytes: limits.partBytes })
  }
  if (unpackedBytes > limits.unpackedBytes) {
    throw new Unreadable({ code: 'too-large', bytes: unpackedBytes, limitBytes: limits.unpackedBytes })
  }
}

/** Pictures are never unpacked, so only the size of texts counts. */
function xmlBytes(entry: Entry): number {
  return /\.(xml|rels|bin)$/i.test(entry.fileName) ? entry.uncompressedSize : 0
}

function unpack(zip: ZipFile, entry: Entry | undefined, take: (piece: Buffer) => void): Promise<void> {
  if (!entry) throw new Unreadable({ code: 'damaged' })
  return new Promise((resolve, reject) => {
    const fail = (problem: unknown) =>
      reject(problem instanceof Unreadable ? problem : new Unreadable({ code: 'damaged' }, problem))
    zip.openReadStream(entry, (problem, stream) => {
      if (problem) return fail(problem)
      let checksum = 0
      stream.on('data', (piece: Buffer) => {
        checksum = crc32(piece, checksum)
        try {
          take(piece)
        } catch (raised) {
          stream.destroy()
          fail(raised)
        }
      })
      stream.once('error', fail)
      stream.once('end', () =>
        checksum === entry.crc32 ? resolve() : fail(new Error(`${entry.fileName}: wrong checksum`)),
      )
    })
  })
}
