import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { workingCalendar } from '../../src/calendar/working-calendar.ts'
import { Temporal } from '../../src/kernel/clock.ts'

const day = (text: string) => Temporal.PlainDate.from(text)
const calendar = workingCalendar()
const anyDay = fc.integer({ min: 0, max: 4700 }).map((days) => day('2018-01-01').add({ days }))

describe('the production calendar of Russia', () => {
  it.each`
    year    | workingDays
    ${2019} | ${247}
    ${2020} | ${248}
    ${2021} | ${247}
    ${2022} | ${247}
    ${2023} | ${247}
    ${2024} | ${248}
    ${2025} | ${247}
    ${2026} | ${247}
    ${2027} | ${247}
  `('$year has $workingDays working days', ({ year, workingDays }) => {
    const lastDayBefore = Temporal.PlainDate.from({ year: year - 1, month: 12, day: 31 })
    expect(calendar.workingDaysBetween(lastDayBefore, lastDayBefore.add({ years: 1 }))).toBe(workingDays)
    expect(calendar.isEstimated(year)).toBe(false)
  })

  it.each`
    year    | off
    ${2019} | ${'01-01 01-02 01-03 01-04 01-07 01-08 03-08 05-01 05-02 05-03 05-09 05-10 06-12 11-04'}
    ${2020} | ${'01-01 01-02 01-03 01-06 01-07 01-08 02-24 03-09 05-01 05-04 05-05 05-11 06-12 11-04'}
    ${2021} | ${'01-01 01-04 01-05 01-06 01-07 01-08 02-22 02-23 03-08 05-03 05-10 06-14 11-04 11-05 12-31'}
    ${2022} | ${'01-03 01-04 01-05 01-06 01-07 02-23 03-07 03-08 05-02 05-03 05-09 05-10 06-13 11-04'}
    ${2023} | ${'01-02 01-03 01-04 01-05 01-06 02-23 02-24 03-08 05-01 05-08 05-09 06-12 11-06'}
    ${2024} | ${'01-01 01-02 01-03 01-04 01-05 01-08 02-23 03-08 04-29 04-30 05-01 05-09 05-10 06-12 11-04 12-30 12-31'}
    ${2025} | ${'01-01 01-02 01-03 01-06 01-07 01-08 05-01 05-02 05-08 05-09 06-12 06-13 11-03 11-04 12-31'}
    ${2026} | ${'01-01 01-02 01-05 01-06 01-07 01-08 01-09 02-23 03-09 05-01 05-11 06-12 11-04 12-31'}
    ${2027} | ${'01-01 01-04 01-05 01-06 01-07 01-08 02-22 02-23 03-08 05-03 05-10 06-14 11-04 11-05 12-31'}
  `('in $year the weekdays off are $off', ({ year, off }) => {
    const daysOff = daysOf(year).filter((one) => one.dayOfWeek <= 5 && !calendar.isWorking(one))
    expect(daysOff.map(monthDay).join(' ')).toBe(off)
  })

  it.each`
    year    | worked
    ${2019} | ${''}
    ${2020} | ${''}
    ${2021} | ${'02-20'}
    ${2022} | ${'03-05'}
    ${2023} | ${''}
    ${2024} | ${'04-27 11-02 12-28'}
    ${2025} | ${'11-01'}
    ${2026} | ${''}
    ${2027} | ${'02-20'}
  `('in $year the Saturdays worked are: $worked', ({ year, worked }) => {
    const saturdays = daysOf(year).filter((one) => one.dayOfWeek >= 6 && calendar.isWorking(one))
    expect(saturdays.map(monthDay).join(' ')).toBe(worked)
  })

  it.each`
    date            | working  | because
    ${'2031-01-06'} | ${false} | ${'1 to 8 January are holidays by article 112'}
    ${'2031-01-09'} | ${true}  | ${'days off lost in January are moved by decree only'}
    ${'2031-02-24'} | ${false} | ${'23 February is a Sunday: the article itself moves it to the next working day'}
    ${'2031-05-02'} | ${true}  | ${'only 1 May is a holiday'}
    ${'2031-06-12'} | ${false} | ${'it is a holiday on a Thursday'}
    ${'2031-03-10'} | ${false} | ${'8 March is a Saturday: moved likewise'}
  `('without a decree $date is worked: $working ($because)', ({ date, working }) => {
    expect(calendar.isEstimated(2031)).toBe(true)
    expect(calendar.isWorking(day(date))).toBe(working)
  })
})

describe('a municipality changes its calendar', () => {
  const own = workingCalendar([
    { day: '2026-06-26', working: false },
    { day: '2026-06-27', working: true },
    { day: '2040-02-01', working: true },
    { day: '2040-02-01', working: false },
  ])
  it.each`
    date            | working  | because
    ${'2026-06-26'} | ${false} | ${'a regional holiday on a Friday'}
    ${'2026-06-27'} | ${true}  | ${'a Saturday worked instead'}
    ${'2026-06-29'} | ${true}  | ${'other days stay as they are'}
    ${'2040-02-01'} | ${false} | ${'the last change counts, estimated years too'}
  `('$date is worked: $working ($because)', ({ date, working }) => {
    expect(own.isWorking(day(date))).toBe(working)
  })

  it('leaves the calendar of others alone', () => {
    expect(workingCalendar().isWorking(day('2026-06-26'))).toBe(true)
  })

  it('a change of a day that does not exist is an error', () => {
    expect(() => workingCalendar([{ day: '2026-02-30', working: false }])).toThrow(RangeError)
  })
})

describe('moving along working days', () => {
  it.each`
    from            | next            | previous        | because
    ${'2026-11-23'} | ${'2026-11-23'} | ${'2026-11-23'} | ${'a Monday that is worked'}
    ${'2026-11-04'} | ${'2026-11-05'} | ${'2026-11-03'} | ${'a holiday in the middle of the week'}
    ${'2026-01-01'} | ${'2026-01-12'} | ${'2025-12-30'} | ${'the New Year holidays, over the year'}
    ${'2021-02-21'} | ${'2021-02-24'} | ${'2021-02-20'} | ${'a Saturday worked for a Monday'}
  `('from $from: next $next, previous $previous ($because)', ({ from, next, previous }) => {
    expect(calendar.nextWorking(day(from)).toString()).toBe(next)
    expect(calendar.previousWorking(day(from)).toString()).toBe(previous)
  })

  it.each`
    date            | first           | because
    ${'2026-11-29'} | ${'2026-11-23'} | ${'a Sunday belongs to the week that began on Monday'}
    ${'2026-03-11'} | ${'2026-03-10'} | ${'Monday is off'}
    ${'2026-01-10'} | ${undefined}    | ${'5 to 11 January 2026 are all off'}
    ${'2021-02-16'} | ${'2021-02-15'} | ${'an ordinary week'}
  `('the week of $date begins work on $first: $because', ({ date, first }) => {
    expect(calendar.firstWorkingDayOfWeek(day(date))?.toString()).toBe(first)
  })

  it('adding n working days and counting them are inverse', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: 0, max: 60 }), (from, count) => {
        const to = calendar.addWorkingDays(from, count)
        expect(calendar.workingDaysBetween(from, to)).toBe(count)
        expect(calendar.workingDaysBetween(to, from)).toBe(0 - count)
      }),
    )
  })

  it('going back from a working day undoes going forward', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: 0, max: 60 }), (any, count) => {
        const from = calendar.nextWorking(any)
        expect(calendar.addWorkingDays(calendar.addWorkingDays(from, count), -count).equals(from)).toBe(true)
      }),
    )
  })

  it('next and previous are working days, the nearest on their side', () => {
    fc.assert(
      fc.property(anyDay, (from) => {
        const next = calendar.nextWorking(from)
        const previous = calendar.previousWorking(from)
        expect(calendar.isWorking(next) && calendar.isWorking(previous)).toBe(true)
        expect(calendar.workingDaysBetween(previous, next)).toBe(previous.equals(next) ? 0 : 1)
      }),
    )
  })
})

function daysOf(year: number): Temporal.PlainDate[] {
  const first = Temporal.PlainDate.from({ year, month: 1, day: 1 })
  return Array.from({ length: first.daysInYear }, (_, days) => first.add({ days }))
}

function monthDay(one: Temporal.PlainDate): string {
  return one.toString().slice(5)
}
