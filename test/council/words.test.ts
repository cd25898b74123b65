import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { askedWords, straighten, weightOf, weightOfUnknown, wordsOf } from '../../src/council/words.ts'

describe('a question is cut into words', () => {
  it.each`
    typed                        | words                          | because
    ${'Кто проверяет ВПР?'}      | ${['кто', 'проверяет', 'впр']} | ${'signs are no words'}
    ${'зачёт в 9а'}              | ${['зачет', 'в', '9', 'а']}    | ${'«ё» is «е», a class is a number and a letter'}
    ${'273-ФЗ'}                  | ${['273', 'фз']}               | ${'a law is found by either part'}
    ${'cправка и BПP'}           | ${['справка', 'и', 'впр']}     | ${'Latin look-alikes inside a Cyrillic word are slips'}
    ${'wi-fi'}                   | ${['wi', 'fi']}                | ${'a Latin word stays Latin'}
    ${'j,hfpjdfntkmyfz'}         | ${['образовательная']}         | ${'a comma inside a Latin word is a key of the other layout'}
    ${'school.ru'}               | ${['school', 'ru']}            | ${'an address is no slip of the layout'}
    ${'школа\u0000\u2028страна'} | ${['школа', 'страна']}         | ${'invisible signs only separate'}
    ${'   '}                     | ${[]}                          | ${'nothing was asked'}
  `('«$typed»: $because', ({ typed, words }) => {
    expect(wordsOf(typed)).toEqual(words)
  })

  it('a wrong keyboard layout is one of the readings of a Latin word', () => {
    expect(askedWords('ghbrfp')[0]?.variants).toContain('приказ')
    expect(askedWords('BCOKO')[0]?.variants).toContain('всоко')
  })

  it('whatever is typed, the words are few, small, and each is asked once', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 3000 }), (typed) => {
        const asked = askedWords(typed).map((word) => word.typed)
        expect(asked.length).toBeLessThanOrEqual(40)
        expect(new Set(asked).size).toBe(asked.length)
        expect(asked.join('')).toMatch(/^[\p{L}\p{N}]*$/u)
      }),
    )
  })

  it('straightening changes nothing in a text of one alphabet', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[а-яё .,0-9]*$/), (text) => {
        expect(straighten(text)).toBe(text)
      }),
    )
    expect(straighten('Wi-Fi и Opera')).toBe('Wi-Fi и Opera')
  })
})

describe('words say more or less of what is asked', () => {
  it.each`
    word            | weight  | because
    ${'пожалуйста'} | ${0}    | ${'politeness asks nothing'}
    ${'когда'}      | ${0.25} | ${'a question word only shades'}
    ${'прислали'}   | ${0.5}  | ${'it goes with any subject'}
    ${'вечером'}    | ${0.5}  | ${'a time of day is seldom the subject'}
    ${'2025'}       | ${0.25} | ${'a number alone names nothing'}
    ${'стол'}       | ${1}    | ${'a thing, although it begins as «стоять»'}
    ${'консилиум'}  | ${1}    | ${'a thing is what is asked about'}
  `('«$word» weighs $weight: $because', ({ word, weight }) => {
    expect(weightOf(word)).toBe(weight)
  })

  it.each`
    word           | weight  | because
    ${'пожалуста'} | ${0}    | ${'one slip away from a word that says nothing'}
    ${'какго'}     | ${0.25} | ${'one slip away from a question word'}
    ${'орать'}     | ${0.6}  | ${'verbs are put in each other’s place'}
    ${'молоко'}    | ${1}    | ${'a thing that no entry has'}
  `('unknown «$word» weighs $weight: $because', ({ word, weight }) => {
    expect(weightOfUnknown(word)).toBe(weight)
  })
})
