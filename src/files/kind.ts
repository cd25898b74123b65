import { fileTypeFromBuffer } from 'file-type'

/** What a file is by its first bytes, whatever its name says. `risky`: it can carry a program; kept, but never opened or shown by us. */
export type FileKind = { mime: string; extension: string; risky: boolean }

/** How many bytes at the beginning of a file are enough to tell. */
export const BYTES_TO_TELL = 64 * 1024

const RISKY_TYPES = new Set([
  'exe',
  'elf',
  'macho',
  'msi',
  'dmg',
  'deb',
  'rpm',
  'apk',
  'jar',
  'swf',
  'lnk',
  'class',
  'cab',
  'reg',
  'wasm',
  'cfb',
])
const RISKY_NAMES =
  /\.(?:exe|scr|com|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|msi|msp|jar|lnk|reg|dll|sh|apk|docm|dotm|xlsm|xltm|pptm|xlam|html?|svg)$/i

const PLAIN_TEXT: FileKind = { mime: 'text/plain', extension: 'txt', risky: false }
const UNKNOWN: FileKind = { mime: 'application/octet-stream', extension: 'bin', risky: false }

/**
 * Tells what a file is from its first `bytes` (`BYTES_TO_TELL` are enough); `fileName` may only make it riskier, never safer.
 * Office documents of today are told from other archives by their entries; those of before 2007 may hold macros nobody can see, so they count as risky.
 */
export async function fileKindOf(bytes: Uint8Array, fileName: string | null): Promise<FileKind> {
  const found = await fileTypeFromBuffer(bytes).catch(() => undefined)
  const kind = found ? { mime: found.mime, extension: found.ext, risky: RISKY_TYPES.has(found.ext) } : unnamed(bytes)
  return fileName && RISKY_NAMES.test(fileName) ? { ...kind, risky: true } : kind
}

function unnamed(bytes: Uint8Array): FileKind {
  const beginning = bytes.subarray(0, 4096)
  if (beginning.includes(0)) return UNKNOWN
  const words = Buffer.from(beginning).toString('latin1').trimStart().toLowerCase()
  if (
    words.startsWith('#!') ||
    words.startsWith('<!doctype html') ||
    words.startsWith('<html') ||
    words.startsWith('<script')
  ) {
    return { ...PLAIN_TEXT, risky: true }
  }
  return PLAIN_TEXT
}
