import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { kinship, likeness, nearness, slipsBetween } from '../../src/council/spelling.ts'

describe('slips between two words', () => {
  it.each`
    typed            | meant             | slips
    ${'аттестация'}  | ${'аттестация'}   | ${0}
    ${'атестация'}   | ${'аттестация'}   | ${1}
    ${'атттестация'} | ${'аттестация'}   | ${1}
    ${'оттестация'}  | ${'аттестация'}   | ${1}
    ${'тааестация'}  | ${'аттестация'}   | ${2}
    ${'нкига'}       | ${'книга'}        | ${1}
    ${'план'}        | ${'планирование'} | ${3}
  `('«$typed» is $slips away from «$meant»', ({ typed, meant, slips }) => {
    expect(slipsBetween(typed, meant)).toBe(slips)
  })

  const word = fc.stringMatching(/^[а-я]{1,12}$/)

  it('is the same both ways, and nothing for a word and itself', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(slipsBetween(a, b)).toBe(slipsBetween(b, a))
        expect(slipsBetween(a, a)).toBe(0)
      }),
    )
  })

  it('one letter dropped anywhere from a long word leaves it near', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[а-я]{7,12}$/), fc.nat(), (known, seed) => {
        const at = seed % known.length
        const typed = known.slice(0, at) + known.slice(at + 1)
        expect(likeness(typed, typed, known)).toBeGreaterThan(0.8)
      }),
    )
  })
})

describe('a word that is not known is read as a known one', () => {
  it.each`
    stem                | typed                 | known               | near     | because
    ${'консилум'}       | ${'консилума'}        | ${'консилиум'}      | ${true}  | ${'a letter was dropped'}
    ${'регистрирова'}   | ${'регистрировать'}   | ${'регистрац'}      | ${true}  | ${'the same beginning'}
    ${'зарегистрирова'} | ${'зарегистрировать'} | ${'регистрац'}      | ${true}  | ${'a prefix aside'}
    ${'отпуск'}         | ${'отпуск'}           | ${'пропуск'}        | ${false} | ${'two different prefixes make two words'}
    ${'рак'}            | ${'рак'}              | ${'рам'}            | ${false} | ${'short words must not be stretched'}
    ${'115'}            | ${'115'}              | ${'114'}            | ${false} | ${'a number is not a slip of another'}
    ${'кошек'}          | ${'кошек'}            | ${'кошк'}           | ${true}  | ${'a vowel that comes and goes'}
    ${'отслеживан'}     | ${'отслеживание'}     | ${'отслед'}         | ${true}  | ${'one root, other suffixes, «ж» for «д»'}
    ${'рефинанс'}       | ${'рефинанс'}         | ${'рефинансирован'} | ${true}  | ${'the word was cut short'}
    ${'карат'}          | ${'карате'}           | ${'как'}            | ${false} | ${'short words must not be stretched'}
    ${'поест'}          | ${'поесть'}           | ${'поч'}            | ${false} | ${'nor reached by dropping an ending'}
    ${'школ'}           | ${'школа'}            | ${'программ'}       | ${false} | ${'another word'}
  `('«$typed» as «$known»: $near, $because', ({ stem, typed, known, near }) => {
    expect(nearness(stem, typed, known) > 0.4).toBe(near)
  })

  it('a relative is never as near as the word itself', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[а-я]{4,12}$/), fc.stringMatching(/^[а-я]{1,3}$/), (stem, ending) => {
        expect(kinship(stem, stem + ending)).toBeLessThan(nearness(stem, stem, stem))
      }),
    )
  })
})
