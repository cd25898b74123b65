/** Latin letters that look like Cyrillic ones, in lower case (`b h k m t` for their capitals): a phone with two keyboards mixes them. */
const LOOK_ALIKE: Record<string, string> = {
  a: 'а',
  b: 'в',
  c: 'с',
  e: 'е',
  h: 'н',
  k: 'к',
  m: 'м',
  o: 'о',
  p: 'р',
  t: 'т',
  u: 'и',
  x: 'х',
  y: 'у',
}

/** Russian written in Latin letters by ear («gotovo», «sdelali»). */
const BY_EAR: Record<string, string> = {
  ...{
    shch: 'щ',
    sch: 'щ',
    zh: 'ж',
    kh: 'х',
    ts: 'ц',
    ch: 'ч',
    sh: 'ш',
    yo: 'е',
    jo: 'е',
    yu: 'ю',
    ju: 'ю',
    ya: 'я',
    ja: 'я',
  },
  ...{ a: 'а', b: 'б', v: 'в', g: 'г', d: 'д', e: 'е', z: 'з', i: 'и', j: 'й', k: 'к', l: 'л', m: 'м', n: 'н', o: 'о' },
  ...{ p: 'п', r: 'р', s: 'с', t: 'т', u: 'у', f: 'ф', h: 'х', c: 'ц', w: 'в', x: 'х', y: 'ы', q: 'к', "'": 'ь' },
}

const LONGEST_BY_EAR = 30

/** `word` in lower case, ё as е, and, where Cyrillic and Latin letters are mixed, its Latin look-alikes made Cyrillic. */
export function plainWord(word: string): string {
  const lower = word.toLowerCase().replaceAll('ё', 'е')
  return /[а-я]/u.test(lower) ? withoutLookAlikes(lower) : lower
}

/** Cyrillic readings of a wholly Latin `word` (lower case): by the look of its letters («he» is «не»), then by ear («gotovo»). */
export function cyrillicReadings(word: string): string[] {
  if (!/^[a-z']+$/u.test(word) || word.length > LONGEST_BY_EAR) return []
  const byLook = [...word].every((letter) => letter in LOOK_ALIKE) ? [withoutLookAlikes(word)] : []
  const byEar = word.replace(/shch|sch|zh|kh|ts|ch|sh|yo|jo|yu|ju|ya|ja|[a-z']/gu, (letters) => BY_EAR[letters]!)
  return [...byLook, byEar]
}

function withoutLookAlikes(word: string): string {
  return word.replace(/[a-z]/gu, (letter) => LOOK_ALIKE[letter] ?? letter)
}
