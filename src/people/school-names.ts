import { ok, type Result, refuse } from '../kernel/result.ts'
import { cleanOrganizationName } from './names.ts'

/** An organization of the register as people name it. */
export type Named = { id: number; name: string; shortName: string }

export type UnknownOrganization =
  | { code: 'unknown-school'; found: string }
  | { code: 'ambiguous-school'; found: string; among: string[] }

/**
 * The organizations that `words` name, parted by semicolons, line ends or commas: by their names, their short names, or the number where only
 * one school has it («школа 3», «СОШ № 3»). Each once, in the order named.
 */
export function findOrganizations(words: string, register: Named[]): Result<number[], UnknownOrganization> {
  const whole = findOne(words, register)
  if (whole.ok) return ok([whole.value])
  const parts = words.split(/[;\n]/).flatMap((part) => (findOne(part, register).ok ? [part] : part.split(',')))
  const ids: number[] = []
  for (const part of parts.map((part) => part.trim()).filter((part) => part !== '')) {
    const found = findOne(part, register)
    if (!found.ok) return found
    ids.push(found.value)
  }
  return ids.length > 0 ? ok([...new Set(ids)]) : refuse({ code: 'unknown-school', found: words })
}

function findOne(words: string, register: Named[]): Result<number, UnknownOrganization> {
  const key = organizationKey(words)
  const number = numberIn(words)
  const matches: ((named: Named) => boolean)[] = [
    (named) => organizationKey(named.name) === key || organizationKey(named.shortName) === key,
    (named) => number !== null && isBareNumber(key) && (numberIn(named.name) ?? numberIn(named.shortName)) === number,
    (named) => key.length >= 5 && ` ${organizationKey(named.name)} `.includes(` ${key} `),
  ]
  for (const match of matches) {
    const found = register.filter(match)
    if (found.length === 1 && found[0]) return ok(found[0].id)
    if (found.length > 1)
      return refuse({ code: 'ambiguous-school', found: words, among: found.map((named) => named.shortName) })
  }
  return refuse({ code: 'unknown-school', found: words })
}

/** The name without what people leave out or write differently: case, quotes, «ё», the sign of a number. */
export function organizationKey(words: string): string {
  return words
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replace(/№|n(?=\s*\d)/gu, ' ')
    .replace(/[^\p{L}\d]+/gu, ' ')
    .trim()
}

/** Whether the words say no more than that it is a school with a number. */
function isBareNumber(key: string): boolean {
  return /^((мбоу|маоу|мкоу|моу|гбоу|сош|оош|нош|лицей|гимназия|школа|школы)\s+)*\d+$/u.test(key)
}

function numberIn(words: string): string | null {
  return (
    /(?:№|(?:^|\s)(?:школа|сош|оош|нош|лицей|гимназия)\s*№?)\s*(\d+)/iu.exec(words)?.[1] ??
    /^\s*(\d+)\s*$/.exec(words)?.[1] ??
    null
  )
}

/** The names in pasted lines, a school a line: bullets, numbers of a list, closing signs and empty lines dropped; each once. `wrong`: lines that name nothing. */
export function schoolNamesOf(words: string): { names: string[]; wrong: string[] } {
  const lines = words
    .split(/\r?\n/)
    .map((line) => line.replace(/^\s*(?:[-–—•*▪]|\d{1,3}[.)])\s+/, '').replace(/[\s;,]+$/, ''))
    .filter((line) => line.trim() !== '')
  const names = new Map<string, string>()
  const wrong: string[] = []
  for (const line of lines) {
    const name = cleanOrganizationName(line)
    if (!name) wrong.push(line)
    else if (!names.has(organizationKey(name))) names.set(organizationKey(name), name)
  }
  return { names: [...names.values()], wrong }
}
