import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchTasks } from '../../src/replies/match-tasks.ts'
import { stemOf } from '../../src/replies/stem.ts'

const candidates = [
  { id: 'council', title: 'Проведение педагогического совета по итогам полугодия' },
  { id: 'plan', title: 'Разработка плана повышения квалификации учителей' },
  { id: 'parents', title: 'Организация родительских собраний в выпускных классах' },
  { id: 'mock', title: 'Пробный экзамен по математике для девятиклассников' },
  { id: 'report', title: 'Аналитическая справка о результатах диагностики' },
]

describe('the words of a reply point to the task whose title they share', () => {
  it.each`
    words                                          | best
    ${'собрание родителей провели вчера'}          | ${'parents'}
    ${'справку по диагностике отправили'}          | ${'report'}
    ${'пробный по математике был в пятницу'}       | ${'mock'}
    ${'план по квалификации готов'}                | ${'plan'}
    ${'педагогический совет прошёл, 20 педагогов'} | ${'council'}
    ${'ЭКЗАМЕН ПРОБНЫЙ НАПИСАЛИ'}                  | ${'mock'}
    ${'РОДИТЕЛЬСКОЕ'}                              | ${'parents'}
  `('«$words» is about $best', ({ words, best }) => {
    const [first, second] = matchTasks(words, candidates)
    expect(first!.id).toBe(best)
    expect(first!.score).toBeGreaterThan(second!.score)
  })

  it('words that tell no task leave the order as it was', () => {
    const ids = candidates.map(({ id }) => id)
    for (const words of ['', 'готово', '👍', 'сделали вчера', 'абракадабра']) {
      expect(matchTasks(words, candidates)).toEqual(ids.map((id) => ({ id, score: 0 })))
    }
  })

  it('every candidate comes back once, with a score from 0 to 1, best first', () => {
    const someone = fc.record({ id: fc.uuid(), title: fc.string({ unit: 'grapheme' }) })
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.uniqueArray(someone, { selector: ({ id }) => id }),
        (words, tasks) => {
          const matches = matchTasks(words, tasks)
          expect(matches.map(({ id }) => id).sort()).toEqual(tasks.map(({ id }) => id).sort())
          expect(matches.every(({ score }) => score >= 0 && score <= 1.000001)).toBe(true)
          expect(matches.map(({ score }) => score)).toEqual(matches.map(({ score }) => score).sort((a, b) => b - a))
        },
      ),
    )
  })
})

describe('a stem', () => {
  it.each([
    ['семинара', 'семинар'],
    ['семинары', 'семинар'],
    ['собраний', 'собран'],
    ['собрание', 'собран'],
    ['родительских', 'родитель'],
    ['план', 'план'],
    ['дом', 'дом'],
  ])('of «%s» is «%s»', (word, stem) => {
    expect(stemOf(word)).toBe(stem)
  })
})
