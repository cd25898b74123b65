import { describe, expect, it } from 'vitest'
import { isConfident } from '../../src/council/confidence.ts'
import { type Candidate, type Field, rankFits } from '../../src/council/ranking.ts'
import type { Term } from '../../src/council/understanding.ts'

const NOTHING = new Float32Array(2)
const term = (stem: string, rarity = 0.8): Term => ({
  stem,
  rarity,
  ways: [{ lexemes: [stem], closeness: 1 }],
})

function candidate(
  code: string,
  words: Record<string, Field[]>,
  pressed: { helped?: number; notIt?: number } = {},
): Candidate {
  const title = Object.entries(words).filter(([, fields]) => fields.includes('A'))
  return {
    entryId: Number(code),
    code,
    words: new Map(Object.entries(words)),
    title: new Map(title.map(([lexeme]) => [lexeme, 0.8])),
    meaning: NOTHING,
    helped: pressed.helped ?? 0,
    notIt: pressed.notIt ?? 0,
  }
}

describe('answers are ordered', () => {
  it.each`
    better                                                            | worse                                                           | because
    ${candidate('2', { впр: ['A'] })}                                 | ${candidate('1', { впр: ['C'] })}                               | ${'a question says more than its answer'}
    ${candidate('2', { впр: ['A'], отметк: ['A'] })}                  | ${candidate('1', { впр: ['A'] })}                               | ${'more of what was asked'}
    ${candidate('2', { впр: ['A'] })}                                 | ${candidate('1', { впр: ['A'], журнал: ['A'], хранен: ['A'] })} | ${'less that was not asked'}
    ${candidate('2', { впр: ['A'] }, { helped: 40 })}                 | ${candidate('1', { впр: ['A'] })}                               | ${'it helped before'}
    ${candidate('2', { впр: ['A'] })}                                 | ${candidate('1', { впр: ['A'] }, { notIt: 40 })}                | ${'the other was refused before'}
    ${candidate('1', { впр: ['A'] })}                                 | ${candidate('2', { впр: ['A'] })}                               | ${'of equals the older'}
    ${candidate('2', { впр: ['A'], отметк: ['A'] }, { notIt: 1000 })} | ${candidate('1', { впр: ['A'] }, { helped: 1000 })}             | ${'presses never outweigh words'}
  `('$because', ({ better, worse }) => {
    expect(rankFits([term('впр'), term('отметк')], NOTHING, [worse, better])[0]?.code).toBe(better.code)
  })

  it('what words leave open, likeness decides', () => {
    const about = (code: string, words: Record<string, Field[]>, ...meaning: number[]) => ({
      ...candidate(code, words),
      meaning: Float32Array.from(meaning),
    })
    const first = (terms: Term[], ...candidates: Candidate[]) =>
      rankFits(terms, Float32Array.of(1, 0), candidates)[0]?.code
    const [near, far] = [about('2', { впр: ['A'] }, 0.8, 0.6), about('1', { впр: ['A'] }, 0, 1)]
    expect(first([term('впр'), term('садик')], far, near)).toBe('2')
    expect(first([term('впр')], far, near)).toBe('1') // all of it is said: nothing is open
    const whole = about('3', { впр: ['A'], садик: ['A'] }, 0, 1)
    expect(first([term('впр'), term('садик')], near, whole)).toBe('3')
  })

  it('an entry that has no word of the question is no answer', () => {
    expect(rankFits([term('впр')], NOTHING, [candidate('1', { журнал: ['A'] })])).toEqual([])
  })

  it('half of a phrase counts less than half', () => {
    const phrase: Term = {
      stem: 'впр',
      rarity: 1,
      ways: [{ lexemes: ['проверочн', 'работ'], closeness: 1 }],
    }
    const [fit] = rankFits([phrase], NOTHING, [candidate('1', { работ: ['A'] })])
    expect(fit?.coverage).toBeLessThan(0.25)
  })
})

describe('an answer is given with confidence', () => {
  const entry = candidate('1', { кворум: ['A'], педсовет: ['A'] })
  it.each`
    asked                                                                | confident | because
    ${[term('кворум'), term('педсовет')]}                                | ${true}   | ${'all that was asked is the entry’s own question'}
    ${[term('педсовет', 0.3), { stem: 'автобус', rarity: 1, ways: [] }]} | ${false}  | ${'no entry has what it is about'}
    ${[]}                                                                | ${false}  | ${'nothing was asked'}
  `('$confident: $because', ({ asked, confident }) => {
    expect(isConfident(asked, rankFits(asked, NOTHING, [entry]), 100)).toBe(confident)
  })
})
