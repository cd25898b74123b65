import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shortName } from '../../../src/documents/write/short-name.ts'

describe('a school’s name made short', () => {
  it.each`
    name                                                                                                | length | short
    ${'МБОУ СОШ № 1'}                                                                                   | ${30}  | ${'МБОУ СОШ № 1'}
    ${'Муниципальное бюджетное общеобразовательное учреждение «Средняя общеобразовательная школа № 5»'} | ${30}  | ${'МБОУ «СОШ № 5»'}
    ${'МБОУ СОШ № 12 имени Героя Советского Союза И. И. Иванова'}                                       | ${40}  | ${'МБОУ СОШ № 12 имени…Союза И. И. Иванова'}
    ${'Средняябезпробеловшколаномерпять'}                                                               | ${11}  | ${'Средн…рпять'}
    ${'  много \n пробелов '}                                                                           | ${30}  | ${'много пробелов'}
  `('$name in $length: $short', ({ name, length, short }) => {
    expect(shortName(name, length)).toBe(short)
  })

  it('is never longer than asked, and keeps beginning and end of words of any letters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), fc.integer({ min: 3, max: 60 }), (name, length) => {
        const short = shortName(name, length)
        expect([...short].length).toBeLessThanOrEqual(length)
        expect(short.isWellFormed()).toBe(true)
        expect(short === '').toBe(name.trim() === '')
      }),
    )
  })
})
