/** What looks like personal data in a text that everybody is to read: of which kind, and the very words. */
export type PersonalDatum = { kind: PersonalDatumKind; found: string }
export type PersonalDatumKind = 'phone' | 'e-mail' | 'snils' | 'name' | 'pupil' | 'account'

const NAME = '\\p{Lu}\\p{Ll}+(?:-\\p{Lu}\\p{Ll}+)?'
const PATRONYMIC = '\\p{Lu}\\p{Ll}+(?:ович|евич|ич|овн|евн|ичн|иничн)(?:а|у|ем|ом|е|ы|ой|ой|н|на|ну|не|ны|ной)?'
const PUPILS =
  'ученик ученица ученицы ученице ученицу учащ обучающ воспитанник воспитанниц мальчик девочк реб[её]нк реб[её]нок сын дочь дочк'
const PUPIL = `(?:${PUPILS.split(' ')
  .map((word) => `[${word.charAt(0).toUpperCase()}${word.charAt(0)}]${word.slice(1)}`)
  .join('|')})\\p{L}*`

/** What is looked for, the surest first: what one of them took, the others do not see any more. */
const PATTERNS: readonly { kind: PersonalDatumKind; form: RegExp }[] = [
  { kind: 'e-mail', form: /[\p{L}\d._%+-]+@[\p{L}\d-]+(?:\.[\p{L}\d-]+)+/giu },
  { kind: 'snils', form: /(?<!\d)\d{3}-\d{3}-\d{3}[ -]\d{2}(?!\d)/g },
  { kind: 'phone', form: /(?<![\d-])(?:\+7|8)[\s(–-]*\d{3,5}[\s)–-]*\d{1,3}(?:[\s–-]?\d{2}){2}(?!\d)/g },
  { kind: 'phone', form: /(?<=тел\p{L}*[.:\s]+)\d[\d\s–-]{4,12}\d/giu },
  { kind: 'account', form: /(?<![\w@])@[a-z]\w{4,31}\b/gi },
  { kind: 'account', form: /\b(?:t\.me|vk\.com)\/\w[\w.]+/gi },
  {
    kind: 'pupil',
    form: new RegExp(
      `(?<!\\p{L})${PUPIL}(?:\\s+\\d{1,2}\\s*[«"]?\\p{L}?[»"]?(?:\\s+класс\\p{L}*)?)?[\\s,]+(?:${NAME}(?:\\s+${NAME})?(?:\\s+\\p{Lu}\\.){0,2})`,
      'gu',
    ),
  },
  { kind: 'name', form: new RegExp(`(?<!\\p{L})${NAME}\\s+\\p{Lu}\\.\\s?\\p{Lu}\\.`, 'gu') },
  { kind: 'name', form: new RegExp(`(?<!\\p{L})\\p{Lu}\\.\\s?\\p{Lu}\\.\\s?${NAME}`, 'gu') },
  { kind: 'name', form: new RegExp(`(?<!\\p{L})(?:${NAME}\\s+){1,2}${PATRONYMIC}(?!\\p{L})`, 'gu') },
]

/**
 * What in `words` looks like personal data: phones, e-mails, accounts, names written as names are (surname with initials, name with patronymic),
 * pupils called by name. Each found piece once, in the order of the text. Too much is pointed at rather than too little: a person decides.
 */
export function personalDataIn(words: string): PersonalDatum[] {
  const found = new Map<string, PersonalDatum & { at: number }>()
  let rest = words
  for (const { kind, form } of PATTERNS) {
    rest = rest.replace(form, (piece: string, ...more: unknown[]) => {
      const at = more.find((one) => typeof one === 'number') ?? 0
      const clean = piece.replace(/\s+/g, ' ').trim()
      if (!found.has(clean)) found.set(clean, { kind, found: clean, at })
      return '·'.repeat(piece.length)
    })
  }
  return [...found.values()].sort((left, right) => left.at - right.at).map(({ kind, found }) => ({ kind, found }))
}

/** `words` with everything that looks like personal data replaced by «…»: for those who may not know who it is about. */
export function withoutPersonalData(words: string): string {
  return personalDataIn(words).reduce((text, { found }) => text.replace(pieceOf(found), '…'), words)
}

/** A found piece as it may stand in the text: its blanks were folded. */
function pieceOf(found: string): RegExp {
  const literal = found.split(' ').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(literal.join('\\s+'), 'gu')
}
