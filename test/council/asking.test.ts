import { describe, expect, it } from 'vitest'
import { workingCalendar } from '../../src/calendar/working-calendar.ts'
import { type CountedQuestion, councilFigures, figuresBy } from '../../src/council/figures.ts'
import { kindOfWords } from '../../src/council/is-question.ts'
import { decidePublishing, type Proposal } from '../../src/council/proposal.ts'
import { similarQuestions } from '../../src/council/similar.ts'
import { suggestTopic } from '../../src/council/suggest-topic.ts'
import { Temporal } from '../../src/kernel/clock.ts'
import { at, day } from '../support/builders.ts'

describe('words that no task took', () => {
  it.each`
    words                                         | kind
    ${'Как составить план работы с отстающими?'}  | ${'question'}
    ${'подскажите кто утверждает устав'}          | ${'question'}
    ${'Можно ли перенести ВПР на апрель'}         | ${'question'}
    ${'спасибо'}                                  | ${'courtesy'}
    ${'хорошо, поняла'}                           | ${'courtesy'}
    ${'робототехника конференция соседний район'} | ${'unclear'}
  `('«$words» are a $kind', ({ words, kind }) => {
    expect(kindOfWords(words, day('2026-03-10'))).toBe(kind)
  })
})

describe('the topic is suggested', () => {
  it.each`
    words                                              | topic
    ${'Нужно ли менять учебный план в середине года?'} | ${'programme'}
    ${'Кто подписывает приказ о локальных актах?'}     | ${'documents'}
    ${'Как разобрать результаты ВПР?'}                 | ${'quality'}
    ${'Что делать психологу при травле в классе?'}     | ${'support'}
    ${'Как вести протокол педсовета?'}                 | ${'collegial'}
    ${'Что обязательно на сайте школы?'}               | ${'image'}
    ${'Когда отпуск?'}                                 | ${'documents'}
  `('$words: $topic', ({ words, topic }) => {
    expect(suggestTopic(words)).toBe(topic)
  })

  it('by the answers that were found, where they speak louder than the words', () => {
    expect(suggestTopic('Как вести журнал?', [{ topic: 'support', score: 0.8 }])).toBe('support')
  })
})

describe('questions that ask the same', () => {
  const open = [
    { id: 1, stems: ['конференц', 'робототехник', 'соседн', 'район'] },
    { id: 2, stems: ['протокол', 'педсовет', 'подписа'] },
  ]
  it('share most of their telling words', () => {
    expect(similarQuestions(['провест', 'конференц', 'робототехник', 'район'], open)).toEqual([1])
  })
  it('are not alike by one word, or by words that say little', () => {
    expect(similarQuestions(['педсовет'], open)).toEqual([])
    expect(similarQuestions(['как', 'можно', 'когда'], [{ id: 3, stems: ['как', 'можно', 'когда'] }])).toEqual([])
  })
})

describe('a proposal is published', () => {
  const aProposal = (more: Partial<Proposal> = {}): Proposal => ({
    id: 1,
    municipalityId: 1,
    questionId: 1,
    entryId: null,
    topic: 'quality',
    question: 'Кто проводит ВПР?',
    answer: 'Школа по графику.',
    keywords: '',
    source: 'Приказ',
    reviewOn: day('2027-03-01'),
    state: 'proposed',
    version: 2,
    proposedById: 5,
    ...more,
  })
  it.each`
    proposal                                                 | given                             | outcome             | because
    ${aProposal()}                                           | ${{ version: 2, despite: false }} | ${'ok'}             | ${'it is cited and has a review date'}
    ${aProposal({ source: ' ' })}                            | ${{ version: 2, despite: false }} | ${'no-source'}      | ${'nobody could check it'}
    ${aProposal({ reviewOn: null })}                         | ${{ version: 2, despite: false }} | ${'no-review-date'} | ${'it would grow old unseen'}
    ${aProposal()}                                           | ${{ version: 1, despite: false }} | ${'moved-on'}       | ${'the text was changed meanwhile'}
    ${aProposal({ state: 'approved' })}                      | ${{ version: 2, despite: false }} | ${'decided'}        | ${'the button was pressed twice'}
    ${aProposal({ answer: 'Звоните Ким А. П., она знает' })} | ${{ version: 2, despite: false }} | ${'personal-data'}  | ${'a name stands in it'}
    ${aProposal({ answer: 'Звоните Ким А. П., она знает' })} | ${{ version: 2, despite: true }}  | ${'ok'}             | ${'the coordinator looked at it'}
  `('$outcome, because $because', ({ proposal, given, outcome }) => {
    const decision = decidePublishing(proposal, given)
    expect(decision.ok ? 'ok' : decision.refusal.code).toBe(outcome)
  })
})

describe('the report of the council', () => {
  const WEEK = {
    zone: 'Europe/Moscow',
    from: Temporal.PlainTime.from('09:00'),
    to: Temporal.PlainTime.from('18:00'),
    calendar: workingCalendar(),
  }
  const asked = (more: Partial<CountedQuestion> = {}): CountedQuestion => ({
    topic: 'quality',
    schoolKind: 'school',
    state: 'answered',
    found: false,
    askedAt: at('2026-03-10T06:00:00Z'),
    firstAnswerAt: at('2026-03-10T08:00:00Z'),
    ...more,
  })
  const all = [
    asked(),
    asked({ firstAnswerAt: at('2026-03-11T08:00:00Z') }),
    asked({ state: 'taken', firstAnswerAt: null, topic: 'image', schoolKind: null }),
    asked({ state: 'closed', askedAt: null, firstAnswerAt: null, found: true }),
    asked({ state: 'draft', askedAt: null, firstAnswerAt: null }),
  ]
  it('counts what was searched, settled, sent, answered, and the median of working hours', () => {
    expect(councilFigures(all, WEEK)).toEqual({ searched: 5, settled: 1, sent: 3, answered: 2, open: 1, hours: 6.5 })
    expect(councilFigures([], WEEK).hours).toBeNull()
  })
  it('by topic, the largest first', () => {
    expect(figuresBy(all, ({ topic }) => topic, WEEK).map(({ key, figures }) => [key, figures.searched])).toEqual([
      ['quality', 4],
      ['image', 1],
    ])
  })
})
