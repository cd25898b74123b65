import type { Result } from '../kernel/result.ts'
import type { DocumentContent } from '../roadmaps/reading/content.ts'

/** Why a document cannot be read, with the facts that the words for people need. */
export type DocumentRefusal =
  | { code: 'empty' }
  | { code: 'not-a-document'; found: string | null }
  | { code: 'picture' }
  | { code: 'old-format'; found: 'doc' | 'xls' }
  | { code: 'other-format'; found: string }
  | { code: 'encrypted' }
  | { code: 'truncated' }
  | { code: 'damaged' }
  | { code: 'forbidden-markup' }
  | { code: 'zip-bomb' }
  | { code: 'too-large'; bytes: number; limitBytes: number }
  | { code: 'too-many-rows'; limit: number }
  | { code: 'scanned-pdf' }
  | { code: 'took-too-long'; limitSeconds: number }
  | { code: 'too-heavy' }

/** What a reader may use up before it gives the document back unread. */
export type ReadingLimits = {
  /** Size of the file itself. Telegram lets a bot download up to 20 MB. */
  fileBytes: number
  /** Size of one part of an archive after unpacking. */
  partBytes: number
  /** Size of all parts of an archive after unpacking. */
  unpackedBytes: number
  /** How many times a part may grow in unpacking; looked at only for parts of more than a megabyte. */
  growth: number
  /** Files in an archive. */
  entries: number
  /** Rows of all tables, and paragraphs, counted together. */
  rows: number
  /** Pages of a PDF. */
  pages: number
}

export const readingLimits: ReadingLimits = {
  fileBytes: 20 * 1024 * 1024,
  partBytes: 24 * 1024 * 1024,
  unpackedBytes: 120 * 1024 * 1024,
  growth: 150,
  entries: 2_000,
  rows: 10_000,
  pages: 300,
}

export type ReadingResult = Result<DocumentContent, DocumentRefusal>

/** Raised inside a reader to stop at once; `readDocument` turns it into a refusal. */
export class Unreadable extends Error {
  override name = 'Unreadable'
  readonly refusal: DocumentRefusal
  constructor(refusal: DocumentRefusal, cause?: unknown) {
    super(refusal.code, { cause })
    this.refusal = refusal
  }
}
