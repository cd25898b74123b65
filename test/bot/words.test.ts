import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { en } from '../../locales/en/index.ts'
import { ru } from '../../locales/ru/index.ts'
import { shortened, wordsOf } from '../../src/bot/words.ts'
import { day } from '../support/builders.ts'

const SOURCES = join(import.meta.dirname, '../../src')

function leaves(node: object, path = ''): [string, string][] {
  return Object.entries(node).flatMap(
    ([key, value]) =>
      (typeof value === 'string' ? [[`${path}${key}`, value]] : leaves(value, `${path}${key}.`)) as [string, string][],
  )
}

const PLURAL = /_(one|few|many|other)$/
const gapsOf = (text: string): string[] =>
  [...text.matchAll(/\{\{-?\s*([\w]+)\s*\}\}/g)].map((match) => match[1] ?? '').sort()
const stems = (locale: object): Map<string, string[]> =>
  new Map(leaves(locale).map(([key, text]) => [key.replace(PLURAL, ''), [...new Set(gapsOf(text))]]))

describe('the locales', () => {
  it('have the same keys, each with the same gaps', () => {
    expect([...stems(en).keys()].sort()).toEqual([...stems(ru).keys()].sort())
    for (const [key, gaps] of stems(en)) expect(gaps, key).toEqual(stems(ru).get(key))
  })

  it('every plural has all the forms of its language', () => {
    for (const [key] of leaves(ru)) {
      if (PLURAL.test(key))
        for (const form of ['one', 'few', 'many'])
          expect(
            leaves(ru).map(([other]) => other),
            key,
          ).toContain(key.replace(PLURAL, `_${form}`))
    }
  })

  it('no key is unused', () => {
    const source = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(SOURCES, name), 'utf8'))
      .join('\n')
    const dynamic = [...source.matchAll(/`([\w.]+\.)\$\{/g)].map((match) => match[1] ?? '')
    const unused = [...stems(ru).keys()].filter(
      (key) => !source.includes(`'${key}'`) && !dynamic.some((prefix) => key.startsWith(prefix)),
    )
    expect(unused).toEqual([])
  })
})

describe('words', () => {
  const say = wordsOf('ru', day('2026-03-10'), 'Europe/Moscow')

  it('escape what people wrote, and nothing in labels', () => {
    expect(say('task.card.school', { school: '<b>Школа & Ко</b>' })).toBe('🏫 &lt;b&gt;Школа &amp; Ко&lt;/b&gt;')
    expect(say.plain('task.card.school', { school: '<b>Школа & Ко</b>' })).toBe('🏫 <b>Школа & Ко</b>')
  })

  it.each`
    count | words
    ${1}  | ${'1 файл'}
    ${2}  | ${'2 файла'}
    ${5}  | ${'5 файлов'}
    ${11} | ${'11 файлов'}
    ${21} | ${'21 файл'}
  `('count rightly: $words', ({ count, words }) => {
    expect(say('common.files', { count })).toBe(words)
  })

  it('never cut an emoji or a letter in two', () => {
    expect(shortened('👩‍🏫👩‍🏫👩‍🏫👩‍🏫', 3)).toBe('👩‍🏫👩‍🏫…')
    expect(shortened('Провести педагогический совет', 16)).toBe('Провести…')
    expect(shortened('Кратко', 10)).toBe('Кратко')
  })
})
