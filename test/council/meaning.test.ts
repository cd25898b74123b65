import { describe, expect, it } from 'vitest'
import { likenessOf, type Meaning, meaningOf, readMeanings } from '../../src/council/meaning.ts'
import { russianMeanings } from '../../src/db/meanings.ts'

const about = (...stems: string[]): Meaning =>
  meaningOf(
    stems.map((stem) => ({ stem, weight: 1 })),
    russianMeanings(),
  )

describe('what words are said about', () => {
  it.each`
    word            | near         | far
    ${'садик'}      | ${'детсад'}  | ${'налог'}
    ${'свадьб'}     | ${'брак'}    | ${'аттестац'}
    ${'оклад'}      | ${'зарплат'} | ${'питан'}
    ${'вакцин'}     | ${'прививк'} | ${'педсовет'}
    ${'учительниц'} | ${'педагог'} | ${'автобус'}
  `('«$word» is nearer to «$near» than to «$far»', ({ word, near, far }) => {
    expect(likenessOf(about(word), about(near))).toBeGreaterThan(likenessOf(about(word), about(far)) + 0.1)
  })

  it('a word said everywhere hardly changes what a text is about', () => {
    expect(likenessOf(about('прививк'), about('прививк', 'год', 'котор'))).toBeGreaterThan(0.95)
  })

  it('nothing is about the same as a text of unknown words', () => {
    expect(likenessOf(about('абырвалг'), about('школ'))).toBe(0)
    expect(likenessOf(about(), about())).toBe(0)
  })
})

describe('meanings', () => {
  it('are read as they were kept', () => {
    const kept = Buffer.concat([
      Buffer.from('{"words":2,"dimensions":2}\nодин\nдва\n'),
      Buffer.from(Int8Array.of(127, 0, 0, -127).buffer),
      Buffer.from(Float32Array.of(1 / 127, 0.5 / 127).buffer),
    ])
    const read = readMeanings(kept)
    expect([...meaningOf([{ stem: 'два', weight: 3 }], read)]).toEqual([0, -1])
    const [first, second] = meaningOf(
      [
        { stem: 'один', weight: 1 },
        { stem: 'два', weight: 2 },
      ],
      read,
    )
    expect(first).toBeCloseTo(Math.SQRT1_2)
    expect(second).toBeCloseTo(-Math.SQRT1_2)
  })
})
