import { describe, expect, it } from 'vitest'
import { workingCalendar } from '../../src/calendar/working-calendar.ts'
import { Temporal } from '../../src/kernel/clock.ts'
import { bundlesOf, type Notice } from '../../src/reminders/bundle.ts'
import { asksOngoing, dueSlot, isDigestDay } from '../../src/reminders/slot.ts'
import { at, day } from '../support/builders.ts'

const calendar = workingCalendar()
const omsk = { timezone: 'Asia/Omsk', slot: Temporal.PlainTime.from('09:00'), workTo: Temporal.PlainTime.from('18:00') }

describe('the slot of a municipality in Omsk (UTC+6), 9:00 to 18:00', () => {
  it.each`
    now                       | last            | days                                          | because
    ${'2026-11-23T02:59:00Z'} | ${'2026-11-20'} | ${null}                                       | ${'it is 8:59 there'}
    ${'2026-11-23T03:00:00Z'} | ${'2026-11-20'} | ${['2026-11-23']}                             | ${'9:00 on a Monday'}
    ${'2026-11-23T03:01:00Z'} | ${'2026-11-23'} | ${null}                                       | ${'it was worked on a minute ago'}
    ${'2026-11-23T11:59:00Z'} | ${'2026-11-20'} | ${['2026-11-23']}                             | ${'missed since the morning, still the same working day'}
    ${'2026-11-23T12:00:00Z'} | ${'2026-11-20'} | ${null}                                       | ${'after 18:00 nobody is disturbed'}
    ${'2026-11-23T20:00:00Z'} | ${'2026-11-20'} | ${null}                                       | ${'it is night there'}
    ${'2026-11-22T05:00:00Z'} | ${'2026-11-20'} | ${null}                                       | ${'Sunday'}
    ${'2026-11-25T03:00:00Z'} | ${'2026-11-20'} | ${['2026-11-23', '2026-11-24', '2026-11-25']} | ${'two days of downtime are made up in one'}
    ${'2026-11-23T03:00:00Z'} | ${null}         | ${['2026-11-23']}                             | ${'the first slot looks back at nothing'}
    ${'2026-11-04T05:00:00Z'} | ${'2026-11-03'} | ${null}                                       | ${'the day of national unity'}
  `('at $now, last $last: $days ($because)', ({ now, last, days }) => {
    const slot = dueSlot(omsk, at(now), calendar, last === null ? null : day(last))
    expect(slot?.days.map(String) ?? null).toEqual(days)
  })

  it('the clock set back does not bring a slot twice', () => {
    expect(dueSlot(omsk, at('2026-11-23T04:00:00Z'), calendar, day('2026-11-24'))).toBeNull()
  })
})

describe('the digest comes on the first working day of the week', () => {
  it.each`
    date            | comes    | because
    ${'2026-11-23'} | ${true}  | ${'a Monday'}
    ${'2026-11-24'} | ${false} | ${'a Tuesday'}
    ${'2026-01-12'} | ${true}  | ${'the first working day after the New Year holidays'}
    ${'2026-03-10'} | ${true}  | ${'Monday the 9th is a day off in 2026'}
    ${'2026-03-09'} | ${false} | ${'a day off'}
  `('$date: $comes, $because', ({ date, comes }) => {
    expect(isDigestDay(day(date), calendar)).toBe(comes)
  })
})

describe('continuous work is asked about once a quarter', () => {
  it.each`
    days                            | asks     | because
    ${['2026-03-02']}               | ${true}  | ${'the 1st of March is a Sunday'}
    ${['2026-03-03']}               | ${false} | ${'it was asked the day before'}
    ${['2026-04-01']}               | ${false} | ${'April begins a quarter'}
    ${['2026-06-01', '2026-06-02']} | ${true}  | ${'the day of asking was missed and is made up'}
  `('$days: $asks, $because', ({ days, asks }) => {
    expect(asksOngoing(days.map(day), calendar)).toBe(asks)
  })
})

describe('all that one person is told in a slot is one bundle', () => {
  const notice = (given: Partial<Notice>): Notice => ({
    taskId: 1,
    personId: 1,
    dueOn: day('2026-04-01'),
    kind: 'own',
    reason: 'due',
    ...given,
  })

  it('gathers by person, the most pressing first', () => {
    const bundles = bundlesOf([
      notice({ taskId: 1, dueOn: day('2026-04-10') }),
      notice({ taskId: 2, dueOn: day('2026-03-20') }),
      notice({ taskId: 1, personId: 2 }),
    ])
    expect(bundles.map((bundle) => [bundle.personId, bundle.own.map((own) => own.taskId)])).toEqual([
      [1, [2, 1]],
      [2, [1]],
    ])
  })

  it('a task of one’s own is not told of a second time as late', () => {
    const [bundle] = bundlesOf([notice({ taskId: 3 }), notice({ taskId: 3, kind: 'escalated', reason: 'escalated' })])
    expect(bundle?.own).toHaveLength(1)
    expect(bundle?.escalated).toHaveLength(0)
  })
})
