import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readPeriod } from '../../src/deadlines/period.ts'
import { readSchedule } from '../../src/deadlines/read-schedule.ts'

const SEEDS = join(import.meta.dirname, '../../../shared/seeds')
const DEADLINE_COLUMN = 2

/** Real roadmaps with a tab between cells, and which of their deadlines a methodologist would ask about. */
const documents = [
  { file: '000_dd236cf029c865d6.txt', during: '2020-01-01..2022-12-31', deadlines: 49, doubtful: 1 },
  { file: '004_820e2fa0cfbfe82f.txt', during: '2020-09-01..2021-08-31', deadlines: 21, doubtful: 0 },
]

describe.skipIf(!existsSync(SEEDS))('real roadmaps (skipped where ../shared/seeds is absent)', () => {
  it.each(documents)('$file is understood in $during', ({ file, during, deadlines, doubtful }) => {
    const text = readFileSync(join(SEEDS, file), 'utf8')
    const head = text.slice(0, text.indexOf('№ п/п'))
    const period = readPeriod(head.slice(head.search(/План мероприятий|«Дорожная карта»/)))!
    expect(`${period.from}..${period.to}`).toBe(during)
    const cells = text.split('\n').map((line) => line.split('\t')[DEADLINE_COLUMN]?.trim() ?? '')
    const schedules = cells
      .filter((cell) => /\d{4}|год|раз|квартал|Постоянно/.test(cell))
      .map((cell) => readSchedule(cell, period))
    expect(schedules).toHaveLength(deadlines)
    expect(schedules.filter(({ kind }) => kind === 'unspecified')).toEqual([])
    expect(schedules.filter(({ ambiguous }) => ambiguous)).toHaveLength(doubtful)
  })
})
