import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareVersions } from '../../src/roadmaps/compare.ts'
import type { Activity } from '../../src/roadmaps/roadmap.ts'
import { anActivity, windows } from '../support/roadmaps.ts'

const seminar = anActivity({
  id: 1,
  number: '2.1',
  title: 'Семинар для заместителей директоров по анализу результатов',
})
const audit = anActivity({ id: 2, number: '2.2', title: 'Выезд методистов в школы с низкими результатами' })

const summary = (before: Activity[], after: Activity[]) => {
  const comparison = compareVersions(before, after)
  return {
    new: comparison.new.map(({ number }) => number),
    changed: comparison.changed.map(({ after: { number }, fields }) => `${number}: ${fields.join(' ')}`),
    gone: comparison.gone.map(({ number }) => number),
    same: comparison.same.length,
  }
}

describe('a newer version of a roadmap', () => {
  it.each<[string, Activity[], ReturnType<typeof summary>]>([
    ['is the same as itself', [seminar, audit], { new: [], changed: [], gone: [], same: 2 }],
    [
      'has a new activity',
      [seminar, audit, anActivity({ number: '2.3', title: 'Диагностика учеников' })],
      { new: ['2.3'], changed: [], gone: [], same: 2 },
    ],
    ['lacks one', [audit], { new: [], changed: [], gone: ['2.1'], same: 1 }],
    [
      'moves a deadline',
      [{ ...seminar, deadlineText: 'Май 2026', schedule: windows('2026-05-01/2026-05-31') }, audit],
      { new: [], changed: ['2.1: deadline'], gone: [], same: 1 },
    ],
    [
      'moves a deadline that only the period moved',
      [{ ...seminar, schedule: windows('2027-03-01/2027-03-31') }, audit],
      { new: [], changed: ['2.1: deadline'], gone: [], same: 1 },
    ],
    [
      'renumbers',
      [
        { ...audit, number: '2.1' },
        { ...seminar, number: '2.2' },
      ],
      { new: [], changed: ['2.1: number', '2.2: number'], gone: [], same: 0 },
    ],
    [
      'rewords a title under its number',
      [{ ...seminar, title: 'Обучающий семинар для заместителей директоров по работе с результатами' }, audit],
      { new: [], changed: ['2.1: title'], gone: [], same: 1 },
    ],
    [
      'puts another activity under an old number',
      [{ ...seminar, title: 'Конкурс рисунков о дорожном движении' }, audit],
      { new: ['2.1'], changed: [], gone: ['2.1'], same: 1 },
    ],
    [
      'changes executors and result',
      [{ ...seminar, responsibleText: 'УО', executors: ['municipal'], expectedResult: 'Приказ' }, audit],
      { new: [], changed: ['2.1: executors result'], gone: [], same: 1 },
    ],
    [
      'changes only commas and capitals',
      [{ ...seminar, title: `${seminar.title.toUpperCase()}.` }, audit],
      { new: [], changed: [], gone: [], same: 2 },
    ],
  ])('%s', (_, after, expected) => {
    expect(summary([seminar, audit], after)).toEqual(expected)
  })

  it('tells activities of one title apart by section and deadline', () => {
    const twins = ['Январь 2026', 'Июнь 2026'].map((deadlineText, at) =>
      anActivity({ id: at + 1, number: '', title: 'Мониторинг', deadlineText }),
    )
    expect(summary(twins, [twins[1]!, twins[0]!])).toEqual({ new: [], changed: [], gone: [], same: 2 })
  })
})

describe('laws', () => {
  const words = fc.array(fc.constantFrom('школа', 'семинар', 'анализ', 'учитель', 'класс', 'итоги'), { maxLength: 6 })
  const activity = fc
    .record({
      number: fc.constantFrom('', '1', '1.1', '2'),
      title: words.map((list) => list.join(' ')),
      section: fc.constantFrom('А', 'Б'),
    })
    .map((given) => anActivity(given))
  const version = fc.array(activity, { maxLength: 8 })

  it('equal versions differ in nothing', () => {
    fc.assert(
      fc.property(version, (rows) => {
        const { new: added, changed, gone, same } = compareVersions(rows, structuredRows(rows))
        expect([added, changed, gone, same.length]).toEqual([[], [], [], rows.length])
      }),
    )
  })

  it('every activity of both versions is accounted for once', () => {
    fc.assert(
      fc.property(version, version, (before, after) => {
        const { new: added, changed, gone, same } = compareVersions(before, after)
        expect(added.length + changed.length + same.length).toBe(after.length)
        expect(gone.length + changed.length + same.length).toBe(before.length)
      }),
    )
  })

  it('what is new one way is gone the other way', () => {
    fc.assert(
      fc.property(version, version, (before, after) => {
        expect(compareVersions(before, after).new.length).toBe(compareVersions(after, before).gone.length)
      }),
    )
  })
})

function structuredRows(rows: Activity[]): Activity[] {
  return rows.map((row) => ({ ...row }))
}
