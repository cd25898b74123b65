import { describe, expect, it } from 'vitest'
import { checkSynonyms, readSynonyms } from '../../src/council/own-synonyms.ts'

describe('a line of synonyms', () => {
  it.each`
    line                                                       | read
    ${'ШНОР = школа с низкими образовательными результатами'}  | ${['ШНОР', 'школа с низкими образовательными результатами']}
    ${'  «ЦНППМ»=центр непрерывного повышения, центр роста. '} | ${['ЦНППМ', 'центр непрерывного повышения', 'центр роста']}
    ${'РМО; районное  объединение'}                            | ${['РМО', 'районное объединение']}
  `('$line: $read', ({ line, read }) => {
    expect(readSynonyms(line)).toEqual({ ok: true, value: read })
  })

  it.each`
    line                                      | code          | because
    ${'ШНОР школа с низкими результатами'}    | ${'alone'}    | ${'nothing says where the abbreviation ends'}
    ${'ШНОР = школа\nВПР = работа'}           | ${'lines'}    | ${'two groups would become one'}
    ${'ШНОР ='}                               | ${'empty'}    | ${'its meaning is missing'}
    ${'ШНОР = школа,, гимназия'}              | ${'empty'}    | ${'a comma too many'}
    ${'ШНОР = шнор'}                          | ${'twice'}    | ${'capital letters make no other word'}
    ${'а = б, в, г, д, е, ж, з, и'}           | ${'too-many'} | ${'nobody means nine things by a word'}
    ${`ШНОР = ${'очень '.repeat(20)}длинное`} | ${'too-long'} | ${'a sentence is no synonym'}
  `('$line: $code, because $because', ({ line, code }) => {
    expect(readSynonyms(line)).toMatchObject({ ok: false, refusal: { code } })
  })

  const used = (...stems: [string, string[], number][]) =>
    stems.map(([term, found, entries]) => ({ term, stems: found, entries }))

  it.each`
    terms                                                            | known                                      | code            | because
    ${used(['ЦНППМ', ['цнппм'], 0], ['не', [], 0])}                  | ${[]}                                      | ${'silent'}     | ${'the search does not hear a particle'}
    ${used(['лицей', ['лице'], 3], ['школа', ['школ'], 60])}         | ${[]}                                      | ${'everywhere'} | ${'every other answer has that word'}
    ${used(['ВПР', ['впр'], 9], ['проверочная работа', ['раб'], 9])} | ${[['впр', 'проверочная работа', 'ВПРы']]} | ${'known'}      | ${'the starter has it'}
  `('is refused as $code, because $because', ({ terms, known, code }) => {
    expect(checkSynonyms(terms, 100, known)).toMatchObject({ ok: false, refusal: { code } })
  })

  it('is taken where the search gains by it', () => {
    const terms = used(['ЦНППМ', ['цнппм'], 0], ['школа мастерства', ['школ', 'мастерств'], 60])
    expect(checkSynonyms(terms, 100, [['ЦНППМ', 'центр']])).toEqual({ ok: true, value: true })
  })
})
