import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { workingCalendar } from '../../src/calendar/working-calendar.ts'
import { Temporal } from '../../src/kernel/clock.ts'
import {
  defaultReminderPolicy,
  dueDatesRemindedOn,
  escalationDays,
  escalationDueDates,
  parseReminderPolicy,
  type ReminderPolicy,
  reminderDays,
} from '../../src/reminders/policy.ts'

const day = (text: string) => Temporal.PlainDate.from(text)
const calendar = workingCalendar()
const short: ReminderPolicy = { ...defaultReminderPolicy, until: 14 }

const anyDay = fc.integer({ min: 0, max: 3200 }).map((days) => day('2019-01-01').add({ days }))
const anyPolicy: fc.Arbitrary<ReminderPolicy> = fc
  .record({
    before: fc.array(fc.nat({ max: 30 }), { maxLength: 4 }),
    after: fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 4 }),
    thenEveryDays: fc.nat({ max: 10 }),
    until: fc.nat({ max: 60 }),
    curatorAfter: fc.integer({ min: 1, max: 20 }),
    coordinatorAfter: fc.integer({ min: 1, max: 20 }),
  })
  .map((input) => {
    const parsed = parseReminderPolicy(input)
    if (!parsed.ok) throw new Error(`refused: ${parsed.refusal.code}`)
    return parsed.value
  })

describe('a task is reminded of', () => {
  it.each`
    dueOn           | days                                                                                                                     | because
    ${'2026-10-15'} | ${'10-01 -14 before, 10-12 -3 before, 10-15 0 due, 10-16 1 overdue, 10-19 3 overdue, 10-22 7 overdue, 10-29 14 overdue'} | ${'3 days after is a Sunday: on Monday'}
    ${'2026-10-18'} | ${'10-02 -14 before, 10-15 -3 before, 10-16 0 due, 10-19 1 overdue, 10-21 3 overdue, 10-26 7 overdue, 11-02 14 overdue'} | ${'due on a Sunday: told on Friday'}
    ${'2026-03-09'} | ${'02-20 -14 before, 03-06 0 due, 03-10 1 overdue, 03-12 3 overdue, 03-16 7 overdue, 03-23 14 overdue'}                  | ${'3 days before and the date itself meet on Friday: the date counts'}
    ${'2026-12-31'} | ${'12-17 -14 before, 12-28 -3 before, 12-30 0 due, 01-11 7 overdue, 01-14 14 overdue'}                                   | ${'the New Year holidays: 1, 3 and 7 days after meet on 11 January'}
  `('due $dueOn: $days ($because)', ({ dueOn, days }) => {
    const told = reminderDays(day(dueOn), short, calendar)
    expect(told.map((one) => `${one.day.toString().slice(5)} ${one.offset} ${one.reason}`).join(', ')).toBe(days)
  })

  it('weekly after the first week, until the end of the policy', () => {
    const offsets = reminderDays(day('2026-07-01'), defaultReminderPolicy, calendar).map(({ offset }) => offset)
    expect(offsets).toEqual([-14, -3, 0, 1, 3, 7, 14, 21, 28, 35, 42, 49, 56])
  })

  it.each`
    policy                           | offsets                  | because
    ${{ after: [1, 40], until: 30 }} | ${[-14, -3, 0, 1]}       | ${'nothing is said after the end'}
    ${{ thenEveryDays: 0 }}          | ${[-14, -3, 0, 1, 3, 7]} | ${'0 means no repetition'}
    ${{ after: [], until: 14 }}      | ${[-14, -3, 0, 7, 14]}   | ${'the repetition stands alone'}
    ${{ before: [], until: 0 }}      | ${[]}                    | ${'a policy may be silent'}
  `('with $policy at $offsets: $because', ({ policy, offsets }) => {
    const told = reminderDays(day('2026-07-01'), { ...defaultReminderPolicy, ...policy }, calendar)
    expect(told.map(({ offset }) => offset)).toEqual(offsets)
  })

  it('only on working days, each once, in order, later reasons later', () => {
    fc.assert(
      fc.property(anyDay, anyPolicy, (dueOn, policy) => {
        const told = reminderDays(dueOn, policy, calendar)
        expect(told.every((one) => calendar.isWorking(one.day))).toBe(true)
        const inOrder = [...told].sort((a, b) => Temporal.PlainDate.compare(a.day, b.day))
        expect(told).toEqual(inOrder)
        expect(new Set(told.map((one) => one.day.toString())).size).toBe(told.length)
        expect(told.map((one) => one.offset)).toEqual(told.map((one) => one.offset).sort((a, b) => a - b))
      }),
    )
  })
})

describe('the due dates that a slot reminds of', () => {
  it.each`
    slots             | dueDates                                                                                                                           | because
    ${['2026-11-20']} | ${'11-06 14, 11-13 7, 11-17 3, 11-19 1, 11-20 0, 11-21 0, 11-22 0, 11-23 -3, 11-24 -3, 11-25 -3, 12-04 -14, 12-05 -14, 12-06 -14'} | ${'a Friday speaks for its weekend: before and on the date'}
    ${['2026-11-21']} | ${''}                                                                                                                              | ${'nobody is reminded on a Saturday'}
    ${[]}             | ${''}                                                                                                                              | ${'no slot, no reminder'}
  `('$slots: $dueDates ($because)', ({ slots, dueDates }) => {
    const found = dueDatesRemindedOn(slots.map(day), short, calendar)
    expect(found.map((one) => `${one.dueOn.toString().slice(5)} ${one.offset}`).join(', ')).toBe(dueDates)
  })

  it('and the days on which a due date is reminded of are each other’s inverse', () => {
    fc.assert(
      fc.property(anyDay, anyPolicy, (slot, policy) => {
        const found = dueDatesRemindedOn([slot], policy, calendar).map(
          ({ dueOn, ...why }) => `${dueOn} ${JSON.stringify(why)}`,
        )
        const expected = nearby(slot, 110).flatMap((dueOn) =>
          reminderDays(dueOn, policy, calendar)
            .filter((one) => one.day.equals(slot))
            .map(({ reason, offset }) => `${dueOn} ${JSON.stringify({ reason, offset })}`),
        )
        expect(found).toEqual(expected)
      }),
      { numRuns: 40 },
    )
  })

  it('of several slots made up are those of all of them, each once with its latest reason', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: 1, max: 14 }), anyPolicy, (first, count, policy) => {
        const slots = Array.from({ length: count }, (_, days) => first.add({ days }))
        const latest = new Map(
          slots
            .flatMap((slot) => dueDatesRemindedOn([slot], policy, calendar))
            .map((one) => [one.dueOn.toString(), one]),
        )
        const found = dueDatesRemindedOn(slots, policy, calendar)
        expect(found).toHaveLength(latest.size)
        for (const one of found) expect(one).toEqual(latest.get(one.dueOn.toString()))
      }),
      { numRuns: 40 },
    )
  })
})

describe('an overdue task is told of above the school', () => {
  it.each`
    dueOn           | days                                  | because
    ${'2026-11-12'} | ${'11-16 curator, 11-26 coordinator'} | ${'3 days after is a Sunday'}
    ${'2026-12-30'} | ${'01-11 curator, 01-13 coordinator'} | ${'after the holidays'}
  `('due $dueOn: $days ($because)', ({ dueOn, days }) => {
    const told = escalationDays(day(dueOn), defaultReminderPolicy, calendar)
    expect(told.map((one) => `${one.day.toString().slice(5)} ${one.role}`).join(', ')).toBe(days)
  })

  it('and the due dates of a slot are the inverse', () => {
    fc.assert(
      fc.property(anyDay, anyPolicy, (slot, policy) => {
        const found = escalationDueDates([slot, slot.add({ days: 1 })], policy, calendar)
        const expected = nearby(slot, 40).flatMap((dueOn) =>
          escalationDays(dueOn, policy, calendar)
            .filter((one) => one.day.equals(slot) || one.day.equals(slot.add({ days: 1 })))
            .map(({ role }) => `${dueOn} ${role}`),
        )
        expect(found.map(({ dueOn, role }) => `${dueOn} ${role}`)).toEqual(expected)
      }),
      { numRuns: 40 },
    )
  })
})

describe('a policy is read', () => {
  it.each`
    input                                    | changed                  | because
    ${{}}                                    | ${{}}                    | ${'everything has a default'}
    ${{ before: [0, 7, 3, 7] }}              | ${{ before: [7, 3, 0] }} | ${'sorted, each day once'}
    ${{ after: [5, 2], colour: 'red' }}      | ${{ after: [2, 5] }}     | ${'what is unknown is left out'}
    ${{ until: undefined, curatorAfter: 5 }} | ${{ curatorAfter: 5 }}   | ${'undefined is absent'}
  `('$input: $because', ({ input, changed }) => {
    expect(parseReminderPolicy(input)).toEqual({ ok: true, value: { ...defaultReminderPolicy, ...changed } })
  })

  it.each`
    input                           | refusal
    ${null}                         | ${{ code: 'not-a-policy', found: null }}
    ${[14, 3]}                      | ${{ code: 'not-a-policy', found: [14, 3] }}
    ${{ before: 3 }}                | ${{ code: 'not-a-list-of-days', field: 'before', found: 3, least: 0, most: 366, longest: 20 }}
    ${{ before: [-1] }}             | ${{ code: 'not-a-list-of-days', field: 'before', found: [-1], least: 0, most: 366, longest: 20 }}
    ${{ after: [0] }}               | ${{ code: 'not-a-list-of-days', field: 'after', found: [0], least: 1, most: 366, longest: 20 }}
    ${{ after: Array(21).fill(1) }} | ${{ code: 'not-a-list-of-days', field: 'after', found: Array(21).fill(1), least: 1, most: 366, longest: 20 }}
    ${{ until: '56' }}              | ${{ code: 'not-a-number-of-days', field: 'until', found: '56', least: 0, most: 366 }}
    ${{ thenEveryDays: 0.5 }}       | ${{ code: 'not-a-number-of-days', field: 'thenEveryDays', found: 0.5, least: 0, most: 366 }}
    ${{ curatorAfter: null }}       | ${{ code: 'not-a-number-of-days', field: 'curatorAfter', found: null, least: 1, most: 366 }}
    ${{ coordinatorAfter: 1e9 }}    | ${{ code: 'not-a-number-of-days', field: 'coordinatorAfter', found: 1e9, least: 1, most: 366 }}
  `('$input is refused', ({ input, refusal }) => {
    expect(parseReminderPolicy(input)).toEqual({ ok: false, refusal })
  })

  it('and read again it is the same', () => {
    fc.assert(
      fc.property(anyPolicy, (policy) => {
        expect(parseReminderPolicy(policy)).toEqual({ ok: true, value: policy })
      }),
    )
  })
})

function nearby(slot: Temporal.PlainDate, reach: number): Temporal.PlainDate[] {
  return Array.from({ length: reach * 2 + 1 }, (_, index) => slot.add({ days: index - reach }))
}
