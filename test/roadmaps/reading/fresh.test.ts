import { describe, expect, it } from 'vitest'
import type { Window } from '../../../src/deadlines/schedule.ts'
import { readDocument } from '../../../src/documents/read-document.ts'
import { deadlineReader } from '../../../src/roadmaps/reading/deadline-reader.ts'
import { executorsOf } from '../../../src/roadmaps/reading/executors.ts'
import { readRoadmap } from '../../../src/roadmaps/reading/read-roadmap.ts'
import { freshPlans } from './fresh-plans.ts'

describe('plans in layouts of their own are read as they were labelled', () => {
  it.each(freshPlans)('$name', async ({ bytes, title, period, labels }) => {
    const document = await readDocument(bytes())
    if (!document.ok) throw new Error(`refused: ${document.refusal.code}`)
    const roadmap = readRoadmap(document.value, deadlineReader)
    if (!roadmap.ok) throw new Error(`refused: ${roadmap.refusal.code}`)
    const read = roadmap.value
    expect(read.title).toBe(title)
    expect(`${read.period.from}..${read.period.to}`).toBe(period)
    expect(
      read.activities.map(({ number, section, title, schedule, executors, parent }) => [
        ...[number, section, title, shown(schedule.windows), executors.join(' ')],
        ...(parent === null ? [] : [parent]),
      ]),
    ).toEqual(labels)
  })
})

function shown(windows: Window[]): string {
  const short = (day: Window['from']) => day.toString().slice(2).replaceAll('-', '')
  return windows.map(({ from, due }) => `${short(from)}-${short(due)}`).join(' ')
}

describe('executors as cells name them', () => {
  it.each`
    cell                                             | executors
    ${'Учителя-наставники школ № 3, 5'}              | ${'named-schools'}
    ${'Педагоги МБОУ СОШ № 2'}                       | ${'named-schools'}
    ${'Педагоги школ'}                               | ${'schools'}
    ${'Педагог-психолог ППМС-центра'}                | ${'municipal'}
    ${'Педагоги-психологи ОУ'}                       | ${'schools'}
    ${'психологи ОО и ЦППМС'}                        | ${'schools municipal'}
    ${'ЦОКО'}                                        | ${'municipal'}
    ${'Методкабинет, ШМО'}                           | ${'schools municipal'}
    ${'Ответственный за ВПР в ОО'}                   | ${'schools'}
    ${'Школа-куратор, школа-участница'}              | ${'schools named-schools'}
    ${'МКОУ Ивановская СОШ'}                         | ${'named-schools'}
    ${'Отдел образования администрации района'}      | ${'municipal'}
    ${'МБОУ СОШ п. Лесной, МБОУ ООШ д. Горка'}       | ${'named-schools'}
    ${'Муниципальный координатор, школьные команды'} | ${'schools municipal'}
    ${'Родители'}                                    | ${''}
    ${'Иванова А.А.'}                                | ${''}
  `('«$cell»: $executors', ({ cell, executors }: { cell: string; executors: string }) => {
    expect(executorsOf(cell).executors.join(' ')).toBe(executors)
  })
})
