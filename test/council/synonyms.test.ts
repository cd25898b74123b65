import { describe, expect, it } from 'vitest'
import { kindsOf } from '../../src/council/synonym-group.ts'
import { builtInSynonyms } from '../../src/council/synonyms.ts'

describe('the words that stand for each other', () => {
  it('makes of a kind and what belongs to it a pair for each: an oculist is not asked for by the name of a cardiologist', () => {
    expect(kindsOf('врач, кардиолог, окулист\n', 0.8)).toEqual([
      { terms: ['врач', 'кардиолог'], strength: 0.8 },
      { terms: ['врач', 'окулист'], strength: 0.8 },
    ])
  })

  it('names no two groups alike: they are kept by their first two members, and would become one', () => {
    const names = builtInSynonyms.map(({ terms }) => terms.slice(0, 2).join(' = '))
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
  })
})
