import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { workingCalendar } from '../../src/calendar/working-calendar.ts'
import { addWorkingHours, type WorkingHours, workingHoursBetween } from '../../src/calendar/working-hours.ts'
import { Temporal } from '../../src/kernel/clock.ts'

const week: WorkingHours = {
  zone: 'Asia/Omsk',
  from: Temporal.PlainTime.from('09:00'),
  to: Temporal.PlainTime.from('18:00'),
  calendar: workingCalendar(),
}
const inOmsk = (text: string) => Temporal.ZonedDateTime.from(`${text}[Asia/Omsk]`).toInstant()

describe('working hours later', () => {
  it.each`
    asked                 | hours   | answerBy              | because
    ${'2026-11-20T10:00'} | ${4}    | ${'2026-11-20T14:00'} | ${'all on one day'}
    ${'2026-11-20T14:00'} | ${4}    | ${'2026-11-20T18:00'} | ${'just by the end of the day'}
    ${'2026-11-20T16:00'} | ${4}    | ${'2026-11-23T11:00'} | ${'two hours on Friday, two on Monday'}
    ${'2026-11-21T13:00'} | ${4}    | ${'2026-11-23T13:00'} | ${'asked on a Saturday'}
    ${'2026-11-23T03:00'} | ${4}    | ${'2026-11-23T13:00'} | ${'asked at night, counted from nine'}
    ${'2026-11-23T18:00'} | ${1}    | ${'2026-11-24T10:00'} | ${'asked when the day was over'}
    ${'2026-12-30T17:30'} | ${1}    | ${'2027-01-11T09:30'} | ${'over the New Year holidays'}
    ${'2021-02-19T17:00'} | ${2}    | ${'2021-02-20T10:00'} | ${'that Saturday is worked'}
    ${'2026-11-20T10:00'} | ${0.25} | ${'2026-11-20T10:15'} | ${'a quarter of an hour'}
    ${'2026-11-21T13:00'} | ${0}    | ${'2026-11-21T13:00'} | ${'no hours, no waiting'}
    ${'2026-11-23T09:00'} | ${45}   | ${'2026-11-27T18:00'} | ${'a whole week'}
  `('$hours from $asked is $answerBy: $because', ({ asked, hours, answerBy }) => {
    const by = addWorkingHours(inOmsk(asked), hours, week)
    expect(by.toZonedDateTimeISO('Asia/Omsk').toPlainDateTime().toString({ smallestUnit: 'minute' })).toBe(answerBy)
  })

  it('adding hours and counting them are inverse', () => {
    const anyInstant = fc
      .integer({ min: 0, max: 4_000_000 })
      .map((minutes) => inOmsk('2019-01-01T00:00').add({ minutes }))
    fc.assert(
      fc.property(anyInstant, fc.integer({ min: 0, max: 400 }), (start, quarters) => {
        const end = addWorkingHours(start, quarters / 4, week)
        expect(workingHoursBetween(start, end, week)).toBe(quarters / 4)
        expect(workingHoursBetween(end, start, week)).toBe(0 - quarters / 4)
      }),
    )
  })

  it.each`
    start                 | end                   | hours | because
    ${'2026-11-20T17:00'} | ${'2026-11-23T10:00'} | ${2}  | ${'the weekend does not count'}
    ${'2026-11-21T10:00'} | ${'2026-11-22T10:00'} | ${0}  | ${'nothing passes on a weekend'}
    ${'2026-11-23T00:00'} | ${'2026-11-24T00:00'} | ${9}  | ${'a working day'}
  `('from $start to $end are $hours: $because', ({ start, end, hours }) => {
    expect(workingHoursBetween(inOmsk(start), inOmsk(end), week)).toBe(hours)
  })

  it.each`
    wrong                    | hours       | hoursOfWork
    ${'negative hours'}      | ${-1}       | ${week}
    ${'hours without end'}   | ${Infinity} | ${week}
    ${'a day without hours'} | ${1}        | ${{ ...week, to: week.from }}
  `('$wrong are an error', ({ hours, hoursOfWork }) => {
    expect(() => addWorkingHours(inOmsk('2026-11-20T10:00'), hours, hoursOfWork)).toThrow(RangeError)
  })
})
