import { describe, expect, it } from 'vitest'
import { readTypedDay, readTypedSpan } from '../../src/calendar/days-typed.ts'
import { day } from '../support/builders.ts'

const today = day('2026-11-23')

describe('a day that somebody typed on 23 November 2026', () => {
  it.each`
    words                | read
    ${'12.06'}           | ${'2027-06-12'}
    ${'25 ноября'}       | ${'2026-11-25'}
    ${'23.11'}           | ${'2026-11-23'}
    ${'22.11'}           | ${'2027-11-22'}
    ${'1 марта 2028'}    | ${'2028-03-01'}
    ${'1.3.28'}          | ${'2028-03-01'}
    ${'с 5 мая'}         | ${'2027-05-05'}
    ${'завтра'}          | ${'2026-11-24'}
    ${'31.02.2027'}      | ${undefined}
    ${'31 апреля'}       | ${undefined}
    ${'12'}              | ${undefined}
    ${'2027'}            | ${undefined}
    ${'12 дней'}         | ${undefined}
    ${'12.06 или 13.06'} | ${undefined}
    ${'скоро'}           | ${undefined}
  `('«$words»: $read', ({ words, read }) => {
    expect(readTypedDay(words, today)?.toString()).toBe(read)
  })
})

describe('days that somebody typed', () => {
  it.each`
    words                          | read
    ${'с 1 по 14 июля'}            | ${'2027-07-01/2027-07-14'}
    ${'01.07–14.07'}               | ${'2027-07-01/2027-07-14'}
    ${'1-14 июля'}                 | ${'2027-07-01/2027-07-14'}
    ${'с 28 декабря по 8 января'}  | ${'2026-12-28/2027-01-08'}
    ${'1 июля - 3 августа 2027'}   | ${'2027-07-01/2027-08-03'}
    ${'12 июля'}                   | ${'2027-07-12/2027-07-12'}
    ${'14.07.2027 - 01.07.2027'}   | ${undefined}
    ${'в отпуске две недели'}      | ${undefined}
    ${'с 1 по 5 и с 8 по 10 июля'} | ${undefined}
  `('«$words»: $read', ({ words, read }) => {
    const span = readTypedSpan(words, today)
    expect(span ? `${span.from}/${span.to}` : undefined).toBe(read)
  })
})
