/** Longer than any deadline that a person would write; what is longer is a cell that holds something else. */
export const LONGEST_PHRASE = 10_000

const ENTITIES: Record<string, string> = {
  nbsp: ' ',
  ndash: '-',
  mdash: '-',
  amp: '&',
  laquo: '"',
  raquo: '"',
  shy: '',
}

/**
 * `phrase` as the lexer wants it: one kind of dash, space and letter form, without tags, soft hyphens and stress marks; letter case is kept.
 * Compatibility forms are folded («Ⅱ» is «II», fullwidth digits are digits), white space of every kind becomes one space.
 */
export function tidy(phrase: string): string {
  return phrase
    .replace(/<\/?[a-zа-яё][^<>]{0,200}>/giu, ' ')
    .replace(/&([a-z]{2,6});/gi, (entity, name: string) => ENTITIES[name.toLowerCase()] ?? entity)
    .normalize('NFKC')
    .replace(/[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/gu, '')
    .replace(/[\u0300-\u036f]/gu, '')
    .replace(/ё/giu, 'е')
    .replace(/[\u2010-\u2015\u2043\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d÷~]/gu, '-')
    .replace(/\s+/gu, ' ')
    .trim()
}
