import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isWithinHours, slotInstant } from '../../src/calendar/slots.ts'
import { russianZones } from '../../src/calendar/zones.ts'
import { localDate, localTime, Temporal } from '../../src/kernel/clock.ts'

describe('a slot begins', () => {
  it.each`
    day             | slot       | zone                    | instant                   | because
    ${'2026-11-23'} | ${'09:00'} | ${'Asia/Omsk'}          | ${'2026-11-23T03:00:00Z'} | ${'Omsk is six hours ahead of UTC'}
    ${'2026-11-23'} | ${'09:00'} | ${'Europe/Kaliningrad'} | ${'2026-11-23T07:00:00Z'} | ${'Kaliningrad is two hours ahead'}
    ${'2026-11-23'} | ${'09:00'} | ${'Asia/Kamchatka'}     | ${'2026-11-22T21:00:00Z'} | ${'it is still Sunday in UTC'}
    ${'2026-03-29'} | ${'02:30'} | ${'Europe/Berlin'}      | ${'2026-03-29T01:30:00Z'} | ${'the clocks skip it: the later reading, 03:30'}
    ${'2026-10-25'} | ${'02:30'} | ${'Europe/Berlin'}      | ${'2026-10-25T00:30:00Z'} | ${'the clocks repeat it: the earlier reading'}
  `('$slot of $day in $zone is $instant: $because', ({ day, slot, zone, instant }) => {
    const begins = slotInstant(Temporal.PlainDate.from(day), Temporal.PlainTime.from(slot), zone)
    expect(begins.toString()).toBe(instant)
  })

  it('and read back in its zone it is the same day and time, in every zone of Russia', () => {
    const anyDay = fc.integer({ min: 0, max: 4000 }).map((days) => Temporal.PlainDate.from('2019-01-01').add({ days }))
    const anySlot = fc
      .integer({ min: 0, max: 1439 })
      .map((minutes) => Temporal.PlainTime.from('00:00').add({ minutes }))
    fc.assert(
      fc.property(anyDay, anySlot, fc.constantFrom(...russianZones), (day, slot, { zone }) => {
        const begins = slotInstant(day, slot, zone)
        expect(localDate(begins, zone).equals(day)).toBe(true)
        expect(localTime(begins, zone).equals(slot)).toBe(true)
      }),
    )
  })

  it('in an unknown zone nowhere', () => {
    const slot = Temporal.PlainTime.from('09:00')
    expect(() => slotInstant(Temporal.PlainDate.from('2026-11-23'), slot, 'Asia/Atlantis')).toThrow(RangeError)
  })
})

describe('hours of the day', () => {
  it.each`
    instant                   | from       | to         | within   | because
    ${'2026-11-23T03:00:00Z'} | ${'09:00'} | ${'18:00'} | ${true}  | ${'09:00 in Omsk: the first minute is inside'}
    ${'2026-11-23T12:00:00Z'} | ${'09:00'} | ${'18:00'} | ${false} | ${'18:00: the end is outside'}
    ${'2026-11-23T02:59:59Z'} | ${'09:00'} | ${'18:00'} | ${false} | ${'a second too early'}
    ${'2026-11-23T16:00:00Z'} | ${'21:00'} | ${'08:00'} | ${true}  | ${'22:00, in hours that run over midnight'}
    ${'2026-11-22T19:00:00Z'} | ${'21:00'} | ${'08:00'} | ${true}  | ${'01:00, after midnight'}
    ${'2026-11-23T06:00:00Z'} | ${'21:00'} | ${'08:00'} | ${false} | ${'noon is not at night'}
    ${'2026-11-23T03:00:00Z'} | ${'09:00'} | ${'09:00'} | ${false} | ${'equal ends hold no time'}
  `('$instant in Omsk is within $from–$to: $within ($because)', ({ instant, from, to, within }) => {
    const time = (text: string) => Temporal.PlainTime.from(text)
    expect(isWithinHours(Temporal.Instant.from(instant), 'Asia/Omsk', time(from), time(to))).toBe(within)
  })
})
