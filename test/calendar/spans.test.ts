import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { halfOf, isoWeekOf, quarterOf, type Span, schoolYearOf } from '../../src/calendar/spans.ts'
import { Temporal } from '../../src/kernel/clock.ts'

const day = (text: string) => Temporal.PlainDate.from(text)
const plain = ({ from, to, ...rest }: Span) => ({ ...rest, from: from.toString(), to: to.toString() })

describe('the span in which a day lies', () => {
  it.each`
    date            | span            | expected
    ${'2026-11-23'} | ${quarterOf}    | ${{ year: 2026, quarter: 4, from: '2026-10-01', to: '2026-12-31' }}
    ${'2024-02-29'} | ${quarterOf}    | ${{ year: 2024, quarter: 1, from: '2024-01-01', to: '2024-03-31' }}
    ${'2026-06-30'} | ${halfOf}       | ${{ year: 2026, half: 1, from: '2026-01-01', to: '2026-06-30' }}
    ${'2026-07-01'} | ${halfOf}       | ${{ year: 2026, half: 2, from: '2026-07-01', to: '2026-12-31' }}
    ${'2026-08-31'} | ${schoolYearOf} | ${{ startYear: 2025, from: '2025-09-01', to: '2026-08-31' }}
    ${'2026-09-01'} | ${schoolYearOf} | ${{ startYear: 2026, from: '2026-09-01', to: '2027-08-31' }}
    ${'2027-01-01'} | ${isoWeekOf}    | ${{ year: 2026, week: 53, from: '2026-12-28', to: '2027-01-03' }}
    ${'2026-11-23'} | ${isoWeekOf}    | ${{ year: 2026, week: 48, from: '2026-11-23', to: '2026-11-29' }}
    ${'2025-12-29'} | ${isoWeekOf}    | ${{ year: 2026, week: 1, from: '2025-12-29', to: '2026-01-04' }}
  `('$date: $expected', ({ date, span, expected }) => {
    expect(plain(span(day(date)))).toEqual(expected)
  })

  it.each([
    ['quarters', quarterOf],
    ['halves', halfOf],
    ['school years', schoolYearOf],
    ['weeks', isoWeekOf],
  ] as const)('%s follow each other without a gap, and hold their days', (_, spanOf) => {
    const anyDay = fc.integer({ min: 0, max: 9000 }).map((days) => day('2010-01-01').add({ days }))
    fc.assert(
      fc.property(anyDay, (one) => {
        const span = spanOf(one)
        expect(Temporal.PlainDate.compare(span.from, one)).toBeLessThanOrEqual(0)
        expect(Temporal.PlainDate.compare(one, span.to)).toBeLessThanOrEqual(0)
        expect(plain(spanOf(span.from))).toEqual(plain(span))
        expect(spanOf(span.to.add({ days: 1 })).from.equals(span.to.add({ days: 1 }))).toBe(true)
      }),
    )
  })
})
