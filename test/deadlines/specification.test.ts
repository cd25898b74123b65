import { describe, expect, it } from 'vitest'
import { readSchedule } from '../../src/deadlines/read-schedule.ts'
import { period, reading, shownSchedule } from './notation.ts'
import { specification } from './specification.ts'

describe.each(Object.entries(specification))('%s', (_table, rows) => {
  it.each(rows)('«%s» in %s is %s', (phrase, during, expected) => {
    expect(shownSchedule(readSchedule(phrase, period(during)))).toBe(reading(expected))
  })
})
