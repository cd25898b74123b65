import { describe, expect, it } from 'vitest'
import { needsOf, paperRules } from '../../../src/roadmaps/reading/needs.ts'

describe('an expected result tells what papers a report shows', () => {
  it.each`
    expectedResult                             | papers                 | evidence | approval
    ${'Наличие приказа о назначении'}          | ${['order']}           | ${true}  | ${true}
    ${'Протокол заседания, список участников'} | ${['minutes', 'list']} | ${true}  | ${false}
    ${'Аналитическая справка'}                 | ${['reference']}       | ${true}  | ${true}
    ${'Планирование работы площадок'}          | ${[]}                  | ${false} | ${false}
    ${'План работы с родителями'}              | ${['plan']}            | ${true}  | ${true}
    ${'Размещение информации на сайте школы'}  | ${['publication']}     | ${true}  | ${false}
    ${'Повышение качества образования'}        | ${[]}                  | ${false} | ${false}
    ${''}                                      | ${[]}                  | ${false} | ${false}
  `('«$expectedResult»', ({ expectedResult, papers, evidence, approval }) => {
    expect(needsOf(expectedResult)).toEqual({ papers, needsEvidence: evidence, needsApproval: approval })
  })

  it.each(paperRules)('$paper is named by «$example»', ({ paper, example }) => {
    expect(needsOf(example).papers).toContain(paper)
  })
})
