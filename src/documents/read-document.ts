import { ok, refuse } from '../kernel/result.ts'
import type { DocumentContent } from '../roadmaps/reading/content.ts'
import { openArchive } from './archive.ts'
import { decodeText } from './encoding.ts'
import { type DocumentRefusal, type ReadingLimits, type ReadingResult, readingLimits, Unreadable } from './limits.ts'

/**
 * Reads a document into plain blocks. The format is told by the content, never by the name. Every way in which a file can be
 * unreadable is a refusal; nothing is thrown. Readers are loaded only when their format comes.
 */
export async function readDocument(bytes: Uint8Array, limits: Partial<ReadingLimits> = {}): Promise<ReadingResult> {
  const allowed = { ...readingLimits, ...limits }
  try {
    const content = await readBytes(bytes, allowed)
    return isEmpty(content) ? refuse({ code: content.format === 'pdf' ? 'scanned-pdf' : 'empty' }) : ok(content)
  } catch (problem) {
    return refuse(problem instanceof Unreadable ? problem.refusal : { code: 'damaged' })
  }
}

async function readBytes(bytes: Uint8Array, limits: ReadingLimits): Promise<DocumentContent> {
  if (bytes.length === 0) throw new Unreadable({ code: 'empty' })
  if (bytes.length > limits.fileBytes) {
    throw new Unreadable({ code: 'too-large', bytes: bytes.length, limitBytes: limits.fileBytes })
  }
  if (startsWith(bytes, 'PK\u0003\u0004') || startsWith(bytes, 'PK\u0005\u0006')) return readOffice(bytes, limits)
  if (startsWith(bytes, '%PDF-', 1024)) {
    const { readPdf } = await import('./pdf.ts')
    return readPdf(bytes, limits)
  }
  const text = isCompoundFile(bytes) || startsWith(bytes, '{\\rtf') ? null : decodeText(bytes)
  if (text === null) throw new Unreadable(await refusalOfForeign(bytes))
  const { readText } = await import('./text.ts')
  return readText(text, limits)
}

async function readOffice(bytes: Uint8Array, limits: ReadingLimits): Promise<DocumentContent> {
  const archive = await openArchive(bytes, limits)
  try {
    if (archive.names.has('word/document.xml')) {
      const { readDocx } = await import('./docx.ts')
      return await readDocx(archive, limits)
    }
    if (archive.names.has('xl/workbook.xml')) {
      const { readXlsx } = await import('./xlsx.ts')
      return await readXlsx(archive, bytes, limits)
    }
  } finally {
    archive.close()
  }
  if (archive.names.has('xl/workbook.bin')) throw new Unreadable({ code: 'other-format', found: 'xlsb' })
  if (archive.names.has('content.xml')) throw new Unreadable({ code: 'other-format', found: 'odt' })
  throw new Unreadable({ code: 'not-a-document', found: 'zip' })
}

/** What a file that is neither an archive nor a PDF nor text is, so that the person hears what to do with it. */
async function refusalOfForeign(bytes: Uint8Array): Promise<DocumentRefusal> {
  if (isCompoundFile(bytes)) return refusalOfCompoundFile(bytes)
  const { fileTypeFromBuffer } = await import('file-type')
  const type = await fileTypeFromBuffer(bytes.subarray(0, 65_536)).catch(() => undefined)
  if (type?.mime.startsWith('image/')) return { code: 'picture' }
  if (type?.ext === 'rtf') return { code: 'other-format', found: 'rtf' }
  return { code: 'not-a-document', found: type?.ext ?? null }
}

function isCompoundFile(bytes: Uint8Array): boolean {
  return startsWith(bytes, '\u00D0\u00CF\u0011\u00E0')
}

/** Word and Excel keep an encrypted .docx or .xlsx, and everything of before 2007, in a compound file; streams are named in UTF-16. */
function refusalOfCompoundFile(bytes: Uint8Array): DocumentRefusal {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const has = (stream: string) => file.includes(Buffer.from(stream, 'utf16le'))
  if (has('EncryptedPackage')) return { code: 'encrypted' }
  if (has('WordDocument')) return { code: 'old-format', found: 'doc' }
  if (has('Workbook') || has('Book')) return { code: 'old-format', found: 'xls' }
  return { code: 'not-a-document', found: 'cfb' }
}

/** Whether `signature` (one character a byte) stands at the start, or anywhere in the first `within` bytes. */
function startsWith(bytes: Uint8Array, signature: string, within = 0): boolean {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, within + signature.length))
  const at = head.indexOf(Buffer.from(signature, 'latin1'))
  return at >= 0 && at <= within
}

function isEmpty({ blocks }: DocumentContent): boolean {
  return blocks.every((block) =>
    block.kind === 'paragraph'
      ? block.line.text === ''
      : block.rows.every((cells) => cells.every(({ lines }) => lines.every(({ text }) => text === ''))),
  )
}
