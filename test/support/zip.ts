import { crc32, deflateRawSync } from 'node:zlib'

export type ZipPart = {
  name: string
  content: string | Uint8Array
  /** What the directory of the archive says instead of the truth. */
  claimedBytes?: number
  encrypted?: boolean
}

/** A zip archive of `parts`, written byte by byte so that tests can also write archives that lie. */
export function makeZip(parts: ZipPart[]): Uint8Array {
  const locals: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const part of parts) {
    const content = Buffer.from(part.content)
    const packed = deflateRawSync(content)
    const facts = {
      name: Buffer.from(part.name),
      packed,
      crc: crc32(content),
      bytes: part.claimedBytes ?? content.length,
    }
    const local = Buffer.concat([localHeader(facts, part.encrypted), facts.name, packed])
    directory.push(directoryHeader(facts, offset, part.encrypted), facts.name)
    locals.push(local)
    offset += local.length
  }
  const listing = Buffer.concat(directory)
  return Buffer.concat([...locals, listing, endRecord(parts.length, listing.length, offset)])
}

type Facts = { name: Buffer; packed: Buffer; crc: number; bytes: number }

function localHeader({ name, packed, crc, bytes }: Facts, encrypted = false): Buffer {
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  header.writeUInt16LE(20, 4)
  header.writeUInt16LE(encrypted ? 1 : 0, 6)
  header.writeUInt16LE(8, 8)
  header.writeUInt32LE(crc, 14)
  header.writeUInt32LE(packed.length, 18)
  header.writeUInt32LE(bytes, 22)
  header.writeUInt16LE(name.length, 26)
  return header
}

function directoryHeader({ name, packed, crc, bytes }: Facts, offset: number, encrypted = false): Buffer {
  const header = Buffer.alloc(46)
  header.writeUInt32LE(0x02014b50, 0)
  header.writeUInt16LE(20, 4)
  header.writeUInt16LE(20, 6)
  header.writeUInt16LE(encrypted ? 1 : 0, 8)
  header.writeUInt16LE(8, 10)
  header.writeUInt32LE(crc, 16)
  header.writeUInt32LE(packed.length, 20)
  header.writeUInt32LE(bytes, 24)
  header.writeUInt16LE(name.length, 28)
  header.writeUInt32LE(offset, 42)
  return header
}

function endRecord(count: number, listingBytes: number, offset: number): Buffer {
  const record = Buffer.alloc(22)
  record.writeUInt32LE(0x06054b50, 0)
  record.writeUInt16LE(Math.min(count, 0xffff), 8)
  record.writeUInt16LE(Math.min(count, 0xffff), 10)
  record.writeUInt32LE(listingBytes, 12)
  record.writeUInt32LE(offset, 16)
  return record
}
