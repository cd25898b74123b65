import type { Archive } from './archive.ts'
import { readXml } from './xml.ts'

type Level = { start: number; format: string; text: string; legal: boolean }
type Numbering = { abstractId: string; overrides: Map<number, number> }

/** The numbers that Word prints before paragraphs but does not keep in the text. */
export type ListCounter = {
  /** The mark of the next paragraph of list `numId` at `level` (both as in `w:numPr`), or null where nothing is printed. */
  next(numId: string, level: number): string | null
}

const silentCounter: ListCounter = { next: () => null }

/** Reads `word/numbering.xml`; a document without one has no automatic numbers. Throws `Unreadable`. */
export async function readNumbering(archive: Archive): Promise<ListCounter> {
  if (!archive.names.has('word/numbering.xml')) return silentCounter
  const abstracts = new Map<string, Map<number, Level>>()
  const lists = new Map<string, Numbering>()
  let levels: Map<number, Level> | null = null
  let list: Numbering | null = null
  let level: Level | null = null
  let overridden = 0
  await readXml(archive, 'word/numbering.xml', {
    open(name, attribute) {
      const value = attribute('val') ?? ''
      if (name === 'abstractNum') {
        levels = new Map()
        abstracts.set(attribute('abstractNumId') ?? '', levels)
      } else if (name === 'num') {
        list = { abstractId: '', overrides: new Map() }
        levels = null
        lists.set(attribute('numId') ?? '', list)
      } else if (name === 'abstractNumId' && list) list.abstractId = value
      else if (name === 'lvlOverride') overridden = Number(attribute('ilvl') ?? 0)
      else if (name === 'startOverride' && list) list.overrides.set(overridden, Number(value))
      else if (name === 'lvl' && levels) {
        level = { start: 1, format: 'decimal', text: '', legal: false }
        levels.set(Number(attribute('ilvl') ?? 0), level)
      } else if (level) {
        if (name === 'start') level.start = Number(value)
        else if (name === 'numFmt') level.format = value
        else if (name === 'lvlText') level.text = value
        else if (name === 'isLgl') level.legal = value !== '0' && value !== 'false'
      }
    },
    close(name) {
      if (name === 'lvl') level = null
    },
    text() {},
  })
  return counterOf(abstracts, lists)
}

/** Lists that share a definition count on together; a list with a start of its own begins there when it is first met. */
function counterOf(abstracts: Map<string, Map<number, Level>>, lists: Map<string, Numbering>): ListCounter {
  const counts = new Map<string, Map<number, number>>()
  const begun = new Set<string>()
  return {
    next(numId, ilvl) {
      const list = lists.get(numId)
      const levels = list && abstracts.get(list.abstractId)
      const level = levels?.get(ilvl)
      if (!list || !levels || !level) return null
      if (level.format === 'bullet') return bulletOf(level.text)
      const count = counts.get(list.abstractId) ?? new Map<number, number>()
      counts.set(list.abstractId, count)
      if (!begun.has(numId)) {
        begun.add(numId)
        for (const [at, start] of list.overrides) count.set(at, start - 1)
      }
      count.set(ilvl, (count.get(ilvl) ?? level.start - 1) + 1)
      for (const deeper of count.keys()) if (deeper > ilvl) count.delete(deeper)
      return printed(level, levels, count) || null
    },
  }
}

function printed(level: Level, levels: Map<number, Level>, count: Map<number, number>): string {
  return level.text.replace(/%(\d)/g, (_, digit: string) => {
    const at = Number(digit) - 1
    const shown = levels.get(at)
    const value = count.get(at) ?? shown?.start ?? 1
    return formatCount(value, level.legal ? 'decimal' : (shown?.format ?? 'decimal'))
  })
}

/** Fonts of signs keep their bullets at private places; all of them are printed as one sign here. */
function bulletOf(text: string): string {
  return /^[-–—*]$/.test(text) ? text : '•'
}

const RUSSIAN = 'абвгдежзиклмнопрстуфхцчшщэюя'
const LATIN = 'abcdefghijklmnopqrstuvwxyz'

function letterOf(count: number, alphabet: string): string {
  const index = (count - 1) % alphabet.length
  return (alphabet[index] ?? '').repeat(Math.floor((count - 1) / alphabet.length) + 1)
}

const formats: Record<string, (count: number) => string> = {
  none: () => '',
  decimalZero: (count) => String(count).padStart(2, '0'),
  upperRoman: (count) => romanOf(count),
  lowerRoman: (count) => romanOf(count).toLowerCase(),
  russianLower: (count) => letterOf(count, RUSSIAN),
  russianUpper: (count) => letterOf(count, RUSSIAN).toUpperCase(),
  lowerLetter: (count) => letterOf(count, LATIN),
  upperLetter: (count) => letterOf(count, LATIN).toUpperCase(),
}

function formatCount(count: number, format: string): string {
  return (formats[format] ?? String)(Math.min(Math.max(count, 0), 32_767))
}

const ROMAN: [number, string][] = [
  [1000, 'M'],
  [900, 'CM'],
  [500, 'D'],
  [400, 'CD'],
  [100, 'C'],
  [90, 'XC'],
  [50, 'L'],
  [40, 'XL'],
  [10, 'X'],
  [9, 'IX'],
  [5, 'V'],
  [4, 'IV'],
  [1, 'I'],
]

function romanOf(count: number): string {
  let left = count
  let roman = ''
  for (const [value, sign] of ROMAN) {
    while (left >= value) {
      roman += sign
      left -= value
    }
  }
  return roman
}
