import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { access, constants, type FileHandle, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { InputProblem } from '../kernel/problem.ts'
import { refuse } from '../kernel/result.ts'
import { makeFolder } from './folder.ts'
import type { FileStore, PutRefusal } from './store.ts'

const OUT_OF_ROOM = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])
const LARGEST = 50 * 1024 * 1024

/**
 * A store in `folder`: `<municipality>/<ab>/<sha256>`, made under another name first and renamed when every byte is on the disk. What a killed process left half done is removed.
 * Throws InputProblem where nothing can be written there.
 */
export async function openDiskStore(folder: string): Promise<FileStore> {
  const temporary = join(folder, 'incoming')
  try {
    await makeFolder(temporary, 0o700)
    await access(temporary, constants.W_OK)
  } catch (problem) {
    throw new InputProblem(`DATA_DIR: nothing can be written in ${folder}: ${(problem as Error).message}`)
  }
  await removeLeftovers(temporary)
  const pathOf = (municipalityId: number, sha256: string) => {
    if (!/^[0-9a-f]{64}$/.test(sha256) || !Number.isSafeInteger(municipalityId))
      throw new Error('not the name of a file')
    return join(folder, String(municipalityId), sha256.slice(0, 2), sha256)
  }
  const has: FileStore['has'] = async (municipalityId, sha256) => {
    const found = await stat(pathOf(municipalityId, sha256)).catch(() => null)
    return found !== null
  }
  return {
    has,
    async put(municipalityId, bytes, { most = LARGEST } = {}) {
      const name = join(temporary, randomUUID())
      try {
        const written = await write(name, bytes, most)
        if ('code' in written) return refuse(written)
        const path = pathOf(municipalityId, written.sha256)
        await makeFolder(dirname(path), 0o700)
        await rename(name, path)
        await syncFolder(dirname(path))
        return { ok: true, value: written }
      } catch (problem) {
        if (OUT_OF_ROOM.has((problem as NodeJS.ErrnoException).code ?? '')) return refuse({ code: 'no-room' })
        throw problem
      } finally {
        await rm(name, { force: true })
      }
    },
    async open(municipalityId, sha256) {
      return (await has(municipalityId, sha256)) ? createReadStream(pathOf(municipalityId, sha256)) : null
    },
    async remove(municipalityId, sha256) {
      await rm(pathOf(municipalityId, sha256), { force: true })
    },
  }
}

async function write(
  name: string,
  bytes: Readable | Uint8Array,
  most: number,
): Promise<{ sha256: string; size: number } | PutRefusal> {
  const hash = createHash('sha256')
  let size = 0
  const file = await open(name, 'wx', 0o600)
  try {
    for await (const chunk of chunksOf(bytes)) {
      if (chunk === 'cut-short') return { code: 'cut-short' }
      size += chunk.length
      if (size > most) return { code: 'too-big', most }
      hash.update(chunk)
      await writeAll(file, chunk)
    }
    await file.sync()
  } finally {
    await file.close()
  }
  return { sha256: hash.digest('hex'), size }
}

/** The pieces of `bytes`; where their source fails, «cut-short» and no more. */
async function* chunksOf(bytes: Readable | Uint8Array): AsyncGenerator<Uint8Array | 'cut-short'> {
  if (!(bytes instanceof Readable)) {
    yield bytes
    return
  }
  const pieces = bytes[Symbol.asyncIterator]()
  try {
    for (;;) {
      const piece = await pieces.next().catch(() => 'failed' as const)
      if (piece === 'failed') {
        yield 'cut-short'
        return
      }
      if (piece.done) return
      yield piece.value as Uint8Array
    }
  } finally {
    bytes.destroy()
  }
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  let from = 0
  while (from < chunk.length) from += (await file.write(chunk, from)).bytesWritten
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Half-written files that are older than an hour belong to no process that lives. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    const found = await stat(path).catch(() => null)
    if (found && Date.now() - found.mtimeMs > 3_600_000) await rm(path, { force: true })
  }
}
