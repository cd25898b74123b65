/** How departments shorten the official names of schools, longest first. */
const abbreviations: readonly (readonly [RegExp, string])[] = [
  [/муниципальное\s+бюджетное\s+общеобразовательное\s+учреждение/giu, 'МБОУ'],
  [/муниципальное\s+автономное\s+общеобразовательное\s+учреждение/giu, 'МАОУ'],
  [/муниципальное\s+каз[её]нное\s+общеобразовательное\s+учреждение/giu, 'МКОУ'],
  [/муниципальное\s+общеобразовательное\s+учреждение/giu, 'МОУ'],
  [/средняя\s+общеобразовательная\s+школа/giu, 'СОШ'],
  [/основная\s+общеобразовательная\s+школа/giu, 'ООШ'],
  [/начальная\s+общеобразовательная\s+школа/giu, 'НОШ'],
]

/**
 * A school's name in at most `length` (3 or more) characters, for places where it must not wrap. Official words are abbreviated first; what is still
 * too long loses its middle, because schools of one municipality differ at the end: «МБОУ СОШ имени…села Ключи».
 */
export function shortName(name: string, length: number): string {
  const abbreviated = abbreviations.reduce((text, [words, letters]) => text.replace(words, letters), name)
  const characters = [...abbreviated.replace(/\s+/g, ' ').trim()]
  if (characters.length <= length) return characters.join('')
  const kept = length - 1
  const ending = lastCharacters(characters, Math.floor(kept / 2))
  return `${firstCharacters(characters, kept - [...ending].length)}…${ending}`
}

/** At most `count` of them, to the end of a word unless that word is long. */
function firstCharacters(characters: readonly string[], count: number): string {
  const whole = wholeWords(characters.slice(0, count + 1), /\s\S{0,8}$/u)
  return whole ?? characters.slice(0, count).join('')
}

/** At most `count` of them, from the beginning of a word unless that word is long. */
function lastCharacters(characters: readonly string[], count: number): string {
  const whole = wholeWords(characters.slice(-count - 1), /^\S{0,8}\s/u)
  return whole ?? characters.slice(-count).join('')
}

function wholeWords(characters: readonly string[], tornWord: RegExp): string | undefined {
  const text = characters.join('')
  const whole = text.replace(tornWord, '').trim()
  return tornWord.test(text) && whole !== '' ? whole : undefined
}
