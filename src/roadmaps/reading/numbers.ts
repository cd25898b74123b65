import { foldText } from './content.ts'

const ROMAN = /^[IVXLCІХ]+$/

/** A number as printed, its sign and its final full stop dropped: «34.1.2.» is «34.1.2». */
export function printedNumber(text: string): string {
  return foldText(text).replace(/^№\s*/, '').replace(/\s+/g, '').replace(/\.+$/, '')
}

/** Whether `text` is written as the number of a row: «1.», «2.10», «34.1.2.», «3)», «IV». */
export function isNumber(text: string): boolean {
  const number = printedNumber(text)
  return /^\d{1,3}(\.\d{1,3}){0,5}\.?\)?$/.test(number) || isRoman(number)
}

/** Roman numerals number sections only. */
export function isRoman(number: string): boolean {
  return ROMAN.test(number.replace(/[.)]+$/, ''))
}

/** Whether `child` is numbered inside `parent`: 2.1 inside 2. */
export function isInside(child: string, parent: string): boolean {
  return child.startsWith(`${parent}.`)
}

/** Whether `next` goes on counting where `number` stands: 4.13 after 4.12. */
export function isNext(next: string, number: string): boolean {
  const split = (text: string) => {
    const parts = text.replace(/\)$/, '').split('.')
    return { before: parts.slice(0, -1).join('.'), last: Number(parts.at(-1)) }
  }
  const [one, two] = [split(number), split(next)]
  return one.before === two.before && two.last === one.last + 1
}

const NUMBERED = /^((?:№\s*)?(?:\d{1,3}(?:\.\d{1,3}){1,5}\.?\)?|\d{1,3}[.)]))\s*(?=[\p{L}«"(])/u

/** A text that begins with its number, parted: «1.1. Провести…» is 1.1 and «Провести…». A plain «3 марта» has no number. */
export function leadingNumber(text: string): { number: string; rest: string } | null {
  const found = NUMBERED.exec(text)
  return found ? { number: printedNumber(found[1] ?? ''), rest: text.slice(found[0].length) } : null
}

const WORD_OF_SECTION =
  '(?:[Рр]аздел|РАЗДЕЛ|[Нн]аправление|НАПРАВЛЕНИЕ|[Бб]лок|БЛОК|[Зз]адача|ЗАДАЧА|[Мм]одуль|МОДУЛЬ|[Ээ]тап|ЭТАП)'
const HEADING_NUMBER = new RegExp(
  `^(?:${WORD_OF_SECTION}\\s+)?(?:№\\s*)?(?:\\d{1,2}(?:\\.\\d{1,2})*|[IVXІХ]{1,5})(?:\\s*[.):]+\\s*|\\s*[-–—]\\s+|\\s+(?=\\p{Lu}|«))`,
  'u',
)

/** The words of a section's heading without its own number: «1. Работа с кадрами», «Раздел II. Работа с кадрами». */
export function sectionName(heading: string): string {
  const text = foldText(heading)
  const name = text.replace(HEADING_NUMBER, '')
  return /\p{L}{2}/u.test(name) ? name : text
}
