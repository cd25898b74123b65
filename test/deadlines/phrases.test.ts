import { describe, expect, it } from 'vitest'
import { readSchedule } from '../../src/deadlines/read-schedule.ts'
import { period, reading, shownSchedule } from './notation.ts'
import { phrases } from './phrases.ts'

describe.each(Object.entries(phrases))('%s', (_rule, rows) => {
  it.each(rows)('«%s» in %s is %s', (phrase, during, expected) => {
    expect(shownSchedule(readSchedule(phrase, period(during)))).toBe(reading(expected))
  })
})
