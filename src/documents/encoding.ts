/** Encodings of one byte a letter that Russian texts still come in. */
const ONE_BYTE = ['windows-1251', 'koi8-r', 'ibm866']

/** The letters that make up most of any Russian text. */
const FREQUENT = /[оеаинтсрвл]/g

/**
 * The text of a plain file: UTF-8, UTF-16 of either order (with a mark or by its zeros), else the encoding of one byte that gives
 * the most Russian. Null where the bytes are no text.
 */
export function decodeText(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  const wide = wideEncoding(bytes)
  if (wide) return new TextDecoder(wide).decode(bytes)
  const text = decodeUtf8(bytes) ?? decodeOneByte(bytes)
  return looksBinary(text) ? null : text
}

function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

/** UTF-16 without a mark: Cyrillic letters have 4 as their high byte, so spaces and digits leave zeros at every other place. */
function wideEncoding(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  const sample = bytes.subarray(0, 4_000)
  if (sample.length < 4 || bytes.length % 2 !== 0) return null
  const high = [0, 0]
  sample.forEach((byte, at) => {
    if (byte === 0 || byte === 4) high[at % 2]! += 1
  })
  const half = sample.length / 2
  if (high[1]! > half * 0.8 && high[0]! < half * 0.3) return 'utf-16le'
  if (high[0]! > half * 0.8 && high[1]! < half * 0.3) return 'utf-16be'
  return null
}

function decodeOneByte(bytes: Uint8Array): string {
  const russianShare = (text: string) => text.slice(0, 20_000).match(FREQUENT)?.length ?? 0
  return ONE_BYTE.map((encoding) => new TextDecoder(encoding).decode(bytes)).reduce((best, text) =>
    russianShare(text) > russianShare(best) ? text : best,
  )
}

/** Old versions of Word end a cell with it when they save as text. */
export const WORD_CELL_MARK = '\u0007'

function looksBinary(text: string): boolean {
  const sample = text.slice(0, 20_000).replaceAll(WORD_CELL_MARK, '')
  const controls = sample.match(/(?![\t\n\v\f\r\u0085])\p{Cc}/gu)?.length ?? 0
  return controls > sample.length * 0.01
}
