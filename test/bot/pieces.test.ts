import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { continued, firstPiece, inPieces } from '../../src/bot/pieces.ts'

describe('long words', () => {
  it.each`
    words                       | first | pieces
    ${'Да.'}                    | ${10} | ${['Да.']}
    ${'Первое.\nВторое слово.'} | ${12} | ${['Первое.', 'Второе слово.']}
    ${'Первое. Второе слово.'}  | ${13} | ${['Первое.', 'Второе слово.']}
    ${'Первое второе третье'}   | ${15} | ${['Первое второе', 'третье']}
    ${'Первоевтороетретье'}     | ${6}  | ${['Первое', 'второетретье']}
  `('$words are cut at the end of what they say', ({ words, first, pieces }) => {
    expect(inPieces(words, first)).toEqual(pieces)
  })

  it('lose nothing but blanks, and no piece is longer than it may be', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('а', 'б', ' ', '\n', '.', '👍'), maxLength: 9000 }), (words) => {
        const pieces = inPieces(words, 100)
        expect(pieces.join('').replace(/\s/g, '')).toBe(words.replace(/\s/g, ''))
        expect(pieces[0]!.length).toBeLessThanOrEqual(100)
        expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(3900)
        expect(pieces.every((piece) => piece.isWellFormed())).toBe(true)
      }),
      { numRuns: 30 },
    )
  })

  it('keep the buttons under their last piece', () => {
    const buttons = [[{ label: 'Помогло', action: 'qz:1' }]]
    const words = 'Да & нет. '.repeat(500)
    const screens = continued({ text: firstPiece(words), buttons }, words)
    expect(screens.map(({ buttons: under }) => under)).toEqual([undefined, buttons])
    expect(screens[1]?.text).toContain('&amp;')
    expect(continued({ text: 'Да.', buttons }, 'Да.')).toEqual([{ text: 'Да.', buttons }])
  })
})
