import type { PlainDate } from '../../kernel/clock.ts'

/** What a cell of an export holds. `null` is an empty cell. */
export type Cell = string | number | PlainDate | null

/** Excel reads no more than this from one cell. */
const longestText = 32_767

/** What a spreadsheet program takes for a formula or a command: = + - @ (full-width forms too), tab, CR and LF, also behind spaces. */
const formulaStart = /^[\s\p{Cf}]*[=+\-@＝＋－＠\t\r\n]/u

/** Control characters that no spreadsheet shows and that can hide a formula from the check. Tab and line ends stay. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const invisible = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/gu

/**
 * `text` as a spreadsheet may show it without ever evaluating it: a leading apostrophe where it could be read as a formula (OWASP «CSV
 * Injection», ASVS 5.0 1.2.10), control characters and halves of broken characters dropped, cut at Excel's limit. Phones («+7…») get the
 * apostrophe too: no rule tells a phone from a formula safely.
 */
export function guardedText(text: string): string {
  const clean = text.replace(invisible, '').toWellFormed().replaceAll('\uFFFD', '')
  const guarded = formulaStart.test(clean) ? `'${clean}` : clean
  return guarded.length > longestText
    ? `${guarded.slice(0, longestText - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
    : guarded
}

/** `number` itself. Throws RangeError where it is not finite: a spreadsheet has no cell for it, and the sum it came from is wrong. */
export function finiteNumber(number: number): number {
  if (!Number.isFinite(number)) throw new RangeError(`a cell cannot hold the number ${number}`)
  return number
}
