import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ExistingTask } from '../../src/roadmaps/ports.ts'
import type { Activity } from '../../src/roadmaps/roadmap.ts'
import {
  changesOf,
  countOfTasks,
  executingOrganizations,
  planOf,
  type TaskChanges,
} from '../../src/roadmaps/scheduling.ts'
import { anActivity, anExistingTask, day, window, windows } from '../support/roadmaps.ts'

const programme = { schoolIds: [11, 12, 13], departmentId: 1 }
const today = day('2026-04-01')

describe('who carries out an activity', () => {
  it.each`
    executors                       | named       | organizations       | because
    ${['schools']}                  | ${[]}       | ${[11, 12, 13]}     | ${'every school of the programme reports'}
    ${['named-schools']}            | ${[12, 40]} | ${[12, 40]}         | ${'only the schools that the cell names, of the programme or not'}
    ${['municipal']}                | ${[]}       | ${[1]}              | ${'the department does its own work'}
    ${['schools', 'municipal']}     | ${[]}       | ${[11, 12, 13, 1]}  | ${'both report'}
    ${['schools', 'named-schools']} | ${[12, 40]} | ${[11, 12, 13, 40]} | ${'a school named besides has one task, not two'}
    ${[]}                           | ${[12]}     | ${[]}               | ${'nobody is known yet'}
  `('$executors: $organizations, $because', ({ executors, named, organizations }) => {
    expect(executingOrganizations(anActivity({ executors, namedOrganizationIds: named }), programme)).toEqual(
      organizations,
    )
  })

  it('is nobody where the register has no department', () => {
    expect(
      executingOrganizations(anActivity({ executors: ['municipal'] }), { schoolIds: [], departmentId: null }),
    ).toEqual([])
  })
})

describe('which activities make tasks', () => {
  const ambiguous = { ...windows('2026-03-01/2026-03-31'), ambiguous: true }
  it.each<[string, Partial<Activity>, number]>([
    ['one with a date, for each school', {}, 3],
    ['each of its windows', { schedule: windows('2026-03-01/2026-03-31', '2026-05-01/2026-05-31') }, 6],
    ['the same window twice is one', { schedule: windows('2026-03-01/2026-03-31', '2026-03-01/2026-03-31') }, 3],
    ['a doubtful date makes none until it is settled', { schedule: ambiguous }, 0],
    ['a settled one does', { schedule: ambiguous, confirmed: true }, 3],
    ['what has no date makes none', { schedule: { kind: 'unscheduled', windows: [], ambiguous: false } }, 0],
    ['what the coordinator left out makes none', { leftOut: true }, 0],
    ['a list of parts makes none, its parts do', { isWhole: true }, 0],
  ])('%s', (_, given, count) => {
    expect(countOfTasks(planOf([anActivity(given)], programme))).toBe(count)
  })
})

describe('what a change of the roadmap does to a task', () => {
  const changed = (task: Partial<ExistingTask>, wanted: string[]): string => {
    const plan = wanted.length > 0 ? [{ activityId: 1, organizationIds: [1], windows: wanted.map(window) }] : []
    return told(changesOf(plan, [anExistingTask(task)], { today, past: 'make' }))
  }
  const moved = '2026-03-10/2026-04-10'
  const ahead = '2026-05-01/2026-05-31'
  it.each`
    task                                                | wanted                       | effect         | because
    ${{}}                                               | ${['2026-03-01/2026-03-31']} | ${'kept'}      | ${'nothing changed'}
    ${{}}                                               | ${[moved]}                   | ${'moved'}     | ${'nobody has reported of it yet'}
    ${{ state: 'in_progress' }}                         | ${[ahead]}                   | ${'moved'}     | ${'the school works to the new date'}
    ${{ state: 'reported', hasReport: true }}           | ${[moved]}                   | ${'kept'}      | ${'a report already made stands for the changed window'}
    ${{ state: 'reported', hasReport: true }}           | ${[ahead]}                   | ${'kept made'} | ${'a window that lies wholly ahead is new work'}
    ${{ state: 'cancelled' }}                           | ${[moved]}                   | ${'kept'}      | ${'the school said that it is not for them'}
    ${{ state: 'cancelled', cancelledByRoadmap: true }} | ${['2026-03-01/2026-03-31']} | ${'restored'}  | ${'the roadmap wants it again'}
    ${{ state: 'cancelled', cancelledByRoadmap: true }} | ${[]}                        | ${''}          | ${'it is cancelled already'}
    ${{}}                                               | ${[]}                        | ${'cancelled'} | ${'the roadmap does not want it any more'}
    ${{ state: 'in_progress', hasReport: true }}        | ${[]}                        | ${'kept'}      | ${'evidence lies in its basket'}
    ${{ state: 'accepted', hasReport: true }}           | ${[]}                        | ${'kept'}      | ${'what was done was done'}
    ${{ window: window(ahead) }}                        | ${[ahead, moved]}            | ${'kept made'} | ${'one window more'}
  `('$effect: $because', ({ task, wanted, effect }) => {
    expect(changed(task, wanted)).toBe(effect)
  })

  it('moves the tasks of several windows in their order', () => {
    const existing = [
      anExistingTask({ id: 1, window: window('2026-05-01/2026-05-31') }),
      anExistingTask({ id: 2, window: window('2026-09-01/2026-09-30') }),
    ]
    const plan = [
      { activityId: 1, organizationIds: [1], windows: ['2026-06-01/2026-06-30', '2026-10-01/2026-10-31'].map(window) },
    ]
    const { move } = changesOf(plan, existing, { today, past: 'make' })
    expect(move.map(({ task, to }) => [task.id, to.due.toString()])).toEqual([
      [1, '2026-06-30'],
      [2, '2026-10-31'],
    ])
  })
})

describe('windows that were past on the day of publishing', () => {
  const plan = planOf([anActivity({ schedule: windows('2026-03-01/2026-03-31', '2026-03-01/2026-04-01') })], programme)

  it('make quiet tasks where the coordinator wants them; what is due today is not past', () => {
    const { make } = changesOf(plan, [], { today, past: 'make' })
    expect(countOfTasks(make)).toBe(6)
    expect(make[0]?.quietWindows.map(({ due }) => due.toString())).toEqual(['2026-03-31'])
  })

  it('make none where the coordinator does not', () => {
    const { make } = changesOf(plan, [], { today, past: 'leave' })
    expect(make.flatMap((one) => one.windows.map(({ due }) => due.toString()))).toEqual(['2026-04-01'])
  })
})

describe('laws', () => {
  const span = fc.integer({ min: 0, max: 300 }).chain((from) =>
    fc.integer({ min: 0, max: 40 }).map((length) => ({
      from: day('2026-01-01').add({ days: from }),
      due: day('2026-01-01').add({ days: from + length }),
    })),
  )
  const activities = fc
    .array(
      fc.record({
        windows: fc.array(span, { maxLength: 4 }),
        executors: fc.subarray(['schools', 'named-schools', 'municipal'] as const),
        named: fc.uniqueArray(fc.integer({ min: 11, max: 15 }), { maxLength: 3 }),
      }),
      { maxLength: 5 },
    )
    .map((rows) =>
      rows.map((row, at) =>
        anActivity({
          id: at + 1,
          schedule: { kind: 'fixed', windows: row.windows, ambiguous: false },
          executors: row.executors,
          namedOrganizationIds: row.named,
        }),
      ),
    )

  it('tasks are windows × organizations, each once', () => {
    fc.assert(
      fc.property(activities, (rows) => {
        const expected = new Set(
          rows.flatMap((row) =>
            executingOrganizations(row, programme).flatMap((organization) =>
              row.schedule.windows.map(({ from, due }) => `${row.id} ${organization} ${from} ${due}`),
            ),
          ),
        )
        expect(countOfTasks(planOf(rows, programme))).toBe(expected.size)
      }),
    )
  })

  it('after a change the roadmap wants nothing more: publishing again adds, moves and cancels nothing', () => {
    fc.assert(
      fc.property(activities, activities, fc.constantFrom('make', 'leave'), (first, second, past) => {
        const before = existingAfter([], changesOf(planOf(first, programme), [], { today, past }))
        const plan = planOf(second, programme)
        const after = existingAfter(before, changesOf(plan, before, { today, past }))
        expect(told(changesOf(plan, after, { today, past })).replace('kept', '')).toBe('')
        expect(new Set(after.map(keyOf)).size).toBe(after.length)
      }),
    )
  })

  it('never touches what a school has answered', () => {
    fc.assert(
      fc.property(
        activities,
        activities,
        fc.constantFrom('reported', 'accepted', 'returned'),
        (first, second, state) => {
          const answered = existingAfter([], changesOf(planOf(first, programme), [], { today, past: 'make' })).map(
            (task) => ({ ...task, state, hasReport: true }) as ExistingTask,
          )
          const { move, cancel, restore } = changesOf(planOf(second, programme), answered, { today, past: 'make' })
          expect([...move, ...cancel, ...restore]).toEqual([])
        },
      ),
    )
  })
})

function told({ make, move, restore, cancel, kept }: TaskChanges): string {
  const parts = { kept, made: make.length, moved: move.length, restored: restore.length, cancelled: cancel.length }
  return Object.entries(parts)
    .flatMap(([word, count]) => (count > 0 ? [word] : []))
    .join(' ')
}

/** The tasks that there are once `changes` were applied, as the database would have them. */
function existingAfter(before: ExistingTask[], changes: TaskChanges): ExistingTask[] {
  const cancelled = new Set(changes.cancel)
  const restored = new Set(changes.restore)
  const moved = new Map(changes.move.map(({ task, to }) => [task, to]))
  const stayed = before.map((task): ExistingTask => {
    if (cancelled.has(task)) return { ...task, state: 'cancelled', cancelledByRoadmap: true }
    if (restored.has(task)) return { ...task, state: 'planned', cancelledByRoadmap: false }
    const to = moved.get(task)
    return to ? { ...task, window: to, dueOn: to.due } : task
  })
  const made = changes.make.flatMap(({ activityId, organizationIds, windows: spans }) =>
    organizationIds.flatMap((organizationId) =>
      spans.map((one) => anExistingTask({ activityId, organizationId, window: one })),
    ),
  )
  return [...stayed, ...made].map((task, at) => ({ ...task, id: at + 1 }))
}

function keyOf({ activityId, organizationId, window: { from, due } }: ExistingTask): string {
  return `${activityId} ${organizationId} ${from} ${due}`
}
