import { describe, expect, it } from 'vitest'
import { secondsOfNightLeft } from '../../src/calendar/night.ts'
import { Temporal } from '../../src/kernel/clock.ts'

describe('the night, in which the bot writes to nobody by itself', () => {
  it.each`
    local                    | zone               | left         | because
    ${'2026-03-10T08:00:00'} | ${'Asia/Omsk'}     | ${0}         | ${'the day begins at eight'}
    ${'2026-03-10T20:59:59'} | ${'Asia/Omsk'}     | ${0}         | ${'the evening is still day'}
    ${'2026-03-10T21:00:00'} | ${'Asia/Omsk'}     | ${11 * 3600} | ${'nine in the evening is night'}
    ${'2026-03-10T23:59:30'} | ${'Asia/Omsk'}     | ${28_830}    | ${'midnight is not its end'}
    ${'2026-03-10T07:59:59'} | ${'Asia/Omsk'}     | ${1}         | ${'it lasts until eight'}
    ${'2026-03-28T22:00:00'} | ${'Europe/Berlin'} | ${9 * 3600}  | ${'the clocks go forward in it'}
    ${'2026-10-24T22:00:00'} | ${'Europe/Berlin'} | ${11 * 3600} | ${'the clocks go back in it'}
  `('at $local in $zone lasts $left s more: $because', ({ local, zone, left }) => {
    const instant = Temporal.PlainDateTime.from(local).toZonedDateTime(zone).toInstant()
    expect(secondsOfNightLeft(instant, zone)).toBe(left)
  })
})
