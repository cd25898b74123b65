import { describe, expect, it } from 'vitest'
import { readSchedule } from '../../src/deadlines/read-schedule.ts'
import { freshPhrases } from './fresh-phrases.ts'
import { period, reading, shownSchedule } from './notation.ts'

describe.each(Object.entries(freshPhrases))('written blind for a plan of %s', (during, rows) => {
  it.each(rows)('«%s» is %s', (phrase, expected) => {
    expect(shownSchedule(readSchedule(phrase, period(during)))).toBe(reading(expected))
  })
})
