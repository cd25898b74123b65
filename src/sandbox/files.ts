import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { ChangeLog } from './log.ts'
import type { Content } from './telegram.ts'

export type FileKind = 'photo' | 'document' | 'voice' | 'video'

/** A file that Telegram keeps; `path` is what getFile tells and the download address ends with. */
export type StoredFile = {
  id: string
  uniqueId: string
  kind: FileKind
  path: string
  name: string | null
  mimeType: string | null
  size: number
}

export type NewFile = { kind: FileKind; bytes: Buffer; name?: string | undefined; mimeType?: string | undefined }

/** The part of a message that shows its file. */
export type MediaContent = Pick<Content, 'photo' | 'document' | 'voice' | 'video'>

export interface FileStore {
  add(file: NewFile): Promise<StoredFile>
  byId(id: string): StoredFile | undefined
  byPath(path: string): StoredFile | undefined
  bytes(file: StoredFile): Promise<Buffer>
  /** Remembers how the files in `media` are shown (sizes, duration, name), for when they are sent again by their id. */
  describe(media: MediaContent): void
  shownAs(id: string): MediaContent | undefined
  restore(change: FileChange): void
  snapshot(): Iterable<FileChange>
  keepIn(log: ChangeLog): void
}

/** What the log keeps of files. */
export type FileChange = { is: 'file'; file: StoredFile } | { is: 'media'; media: MediaContent }

const FOLDERS: Record<FileKind, string> = { photo: 'photos', document: 'documents', voice: 'voice', video: 'videos' }
const PREFIXES: Record<FileKind, string> = { photo: 'AgAC', document: 'BQAC', voice: 'AwAC', video: 'BAAC' }
const EXTENSIONS: Record<FileKind, string> = { photo: '.jpg', document: '', voice: '.oga', video: '.mp4' }

/** Keeps the files of the chats under `folder`, or in memory where it is null. */
export function createFileStore(folder: string | null): FileStore {
  const files = new Map<string, StoredFile>()
  const paths = new Map<string, StoredFile>()
  const shown = new Map<string, MediaContent>()
  const inMemory = new Map<string, Buffer>()
  let log: ChangeLog | null = null
  let lastNumber = 0
  const remember = (file: StoredFile) => {
    files.set(file.id, file)
    paths.set(file.path, file)
    lastNumber = Math.max(lastNumber, Number(/_(\d+)/.exec(file.path)?.[1] ?? 0))
  }
  const describe = (media: MediaContent) => {
    for (const file of [...(media.photo ?? []), media.document, media.voice, media.video]) {
      if (file) shown.set(file.file_id, media)
    }
  }
  return {
    async add({ kind, bytes, name, mimeType }) {
      const uniqueId = randomBytes(9).toString('base64url')
      const file: StoredFile = {
        id: `${PREFIXES[kind]}${randomBytes(24).toString('base64url')}`,
        uniqueId: `AQAD${uniqueId}`,
        kind,
        path: `${FOLDERS[kind]}/file_${++lastNumber}${safeExtension(name) || EXTENSIONS[kind]}`,
        name: name ?? null,
        mimeType: mimeType ?? null,
        size: bytes.length,
      }
      if (folder === null) inMemory.set(file.id, bytes)
      else await keepBytes(folder, file, bytes)
      remember(file)
      log?.append({ is: 'file', file })
      return file
    },
    byId: (id) => files.get(id),
    byPath: (path) => paths.get(path),
    async bytes(file) {
      if (folder === null) return inMemory.get(file.id) ?? Buffer.alloc(0)
      return readFile(join(folder, file.uniqueId))
    },
    describe(media) {
      describe(media)
      log?.append({ is: 'media', media })
    },
    shownAs: (id) => shown.get(id),
    restore(change) {
      if (change.is === 'file') remember(change.file)
      else describe(change.media)
    },
    *snapshot() {
      for (const file of files.values()) yield { is: 'file', file }
      for (const media of new Set(shown.values())) yield { is: 'media', media }
    },
    keepIn(next) {
      log = next
    },
  }
}

/** Written under a name of our own: what a sender calls a file never becomes a path. */
async function keepBytes(folder: string, file: StoredFile, bytes: Buffer): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, file.uniqueId), bytes)
}

function safeExtension(name: string | undefined): string {
  const extension = extname(name ?? '').toLowerCase()
  return /^\.[a-z0-9]{1,8}$/.test(extension) ? extension : ''
}
