/** What is put where a forgotten person's name stood in words that are kept. */
export const NAME_REMOVED = '[имя удалено]'
/** What a forgotten person is called: their reports and events stay without a name. */
export const FORGOTTEN_NAME = 'Участник (данные удалены)'

const LONGEST_NAME = 120
const LONGEST_ORGANIZATION = 300

/**
 * A person's name as it is kept: at least two words of letters (hyphens, dots, apostrophes and parentheses too), spaces folded, signs that are
 * not seen dropped; null where it is no name.
 */
export function cleanName(words: string): string | null {
  const name = foldSpaces(words)
  if (name.length > LONGEST_NAME || !/^[\p{L}\p{M}\s.'’()-]+$/u.test(name)) return null
  return /\p{L}{2,}.*\s.*\p{L}/u.test(name) ? name : null
}

/** An organization's name as it is kept: at least two letters or figures, at most 300 characters; null where it is none. */
export function cleanOrganizationName(words: string): string | null {
  const name = foldSpaces(words)
  return name.length <= LONGEST_ORGANIZATION && /[\p{L}\d].*[\p{L}\d]/u.test(name) ? name : null
}

function foldSpaces(words: string): string {
  return words
    .toWellFormed()
    .replace(/[\s\u00A0]+/gu, ' ')
    .replace(/[\p{Cc}\p{Cf}\uFFFD]/gu, '')
    .trim()
}

/** By which two spellings of one name are the same: letters alone, small, «ё» as «е». */
export function nameKey(name: string): string {
  return name
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replace(/[^\p{L}]+/gu, ' ')
    .trim()
}

/**
 * `words` without the person's name in any case of the declension: each part of it gives way to «[имя удалено]». A part of up to five letters, which
 * may be the beginning of some other word, is looked for with a capital letter only; one shorter than three letters is left.
 */
export function withoutName(words: string, fullName: string): string {
  const forms = fullName
    .split(/[\s.()]+/)
    .filter((part) => [...part].length >= 3)
    .map(formsOf)
  if (forms.length === 0) return words
  const form = `(?:${forms.join('|')})`
  return words.replace(new RegExp(`(?<!\\p{L})${form}(?:\\s+${form})*(?!\\p{L})`, 'gu'), NAME_REMOVED)
}

/** A pattern for all cases of a part of a name, told by what they share: «Зареч…» of «Заречный», «Пёт…» of «Пётр». */
function formsOf(part: string): string {
  const letters = [...part]
  const short = letters.length <= 5
  const kept = letters.slice(0, short ? Math.max(3, letters.length - 1) : -2)
  const [first = '', ...rest] = kept.map(letterPattern)
  return short ? `${first}(?i:${rest.join('')}\\p{L}{0,2})` : `(?i:${first}${rest.join('')}\\p{L}{0,4})`
}

function letterPattern(sign: string): string {
  if (/[её]/iu.test(sign)) return '[ЕЁеё]'
  return /\p{L}/u.test(sign) ? sign : `\\u{${sign.codePointAt(0)?.toString(16)}}`
}
