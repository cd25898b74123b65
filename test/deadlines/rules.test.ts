import { describe, expect, it } from 'vitest'
import { rules } from '../../src/deadlines/grammar.ts'
import { readSchedule } from '../../src/deadlines/read-schedule.ts'
import { period, reading, shownSchedule } from './notation.ts'

const explained = rules.filter(({ examples }) => examples !== undefined)

describe.each(explained)('the rule for $name', ({ examples }) => {
  it.each(Object.entries(examples!))('reads «%s» as %s', (phrase, expected) => {
    expect(shownSchedule(readSchedule(phrase, period('2023')))).toBe(reading(expected))
  })
})
