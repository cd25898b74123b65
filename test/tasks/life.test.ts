import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Temporal } from '../../src/kernel/clock.ts'
import { decide, type TaskCommand } from '../../src/tasks/life.ts'
import { isOverdue, TASK_STATES, type TaskState } from '../../src/tasks/task.ts'
import { aTask, day } from '../support/builders.ts'

describe('a task is overdue', () => {
  it.each`
    dueOn           | state         | overdue  | because
    ${'2026-04-01'} | ${'planned'}  | ${false} | ${'the whole day is still left'}
    ${'2026-03-31'} | ${'planned'}  | ${true}  | ${'its day has passed'}
    ${'2026-03-31'} | ${'blocked'}  | ${true}  | ${'an obstacle does not move the date'}
    ${'2026-03-31'} | ${'returned'} | ${true}  | ${'the school must act again'}
    ${'2026-03-31'} | ${'reported'} | ${false} | ${'it waits for the curator, not for the school'}
    ${'2026-03-31'} | ${'accepted'} | ${false} | ${'it is done'}
  `('$overdue when due $dueOn and $state: $because', ({ dueOn, state, overdue }) => {
    expect(isOverdue(aTask({ dueOn, state }), day('2026-04-01'))).toBe(overdue)
  })
})

const block: TaskCommand = { do: 'block', obstacle: 'нет учителя' }
const giveBack: TaskCommand = { do: 'return', reason: 'нет подписи' }

describe("a task's life", () => {
  it.each`
    from             | command                                      | leads
    ${'planned'}     | ${{ do: 'start' }}                           | ${'in_progress'}
    ${'planned'}     | ${{ do: 'report' }}                          | ${'reported'}
    ${'returned'}    | ${{ do: 'report' }}                          | ${'reported'}
    ${'reported'}    | ${{ do: 'report' }}                          | ${'already'}
    ${'accepted'}    | ${{ do: 'report' }}                          | ${'settled'}
    ${'cancelled'}   | ${{ do: 'report' }}                          | ${'settled'}
    ${'reported'}    | ${{ do: 'accept' }}                          | ${'accepted'}
    ${'planned'}     | ${{ do: 'accept' }}                          | ${'not-reported'}
    ${'accepted'}    | ${{ do: 'accept' }}                          | ${'already'}
    ${'reported'}    | ${giveBack}                                  | ${'returned'}
    ${'reported'}    | ${{ do: 'withdraw', to: 'planned' }}         | ${'planned'}
    ${'accepted'}    | ${{ do: 'withdraw', to: 'planned' }}         | ${'settled'}
    ${'in_progress'} | ${block}                                     | ${'blocked'}
    ${'reported'}    | ${block}                                     | ${'settled'}
    ${'accepted'}    | ${{ do: 'reopen-review' }}                   | ${'reported'}
    ${'cancelled'}   | ${{ do: 'restore' }}                         | ${'planned'}
    ${'planned'}     | ${{ do: 'postpone', to: day('2026-05-01') }} | ${'planned'}
  `('$from, asked to $command.do: $leads', ({ from, command, leads }) => {
    const decision = decide(aTask({ state: from }), command)
    expect(decision.ok ? decision.value.toState : decision.refusal.code).toBe(leads)
  })

  it('a button of an earlier version changes nothing', () => {
    const decision = decide(aTask({ state: 'planned', version: 4 }), { do: 'report', version: 3 })
    expect(decision).toMatchObject({ ok: false, refusal: { code: 'moved-on' } })
  })

  it('the same button pressed twice: the second finds it done', () => {
    const decision = decide(aTask({ state: 'reported', version: 4 }), { do: 'report', version: 3 })
    expect(decision).toMatchObject({ ok: false, refusal: { code: 'already' } })
  })

  it('law: a granted command applied again with the version that it saw is always refused', () => {
    const commands = fc.constantFrom<TaskCommand>(
      { do: 'start' },
      { do: 'report' },
      { do: 'accept' },
      giveBack,
      block,
      { do: 'restore' },
      { do: 'postpone', to: Temporal.PlainDate.from('2026-06-01') },
    )
    fc.assert(
      fc.property(fc.constantFrom<TaskState>(...TASK_STATES), commands, (state, command) => {
        const task = aTask({ state, version: 1 })
        const first = decide(task, { ...command, version: 1 })
        if (!first.ok) return
        expect(decide({ ...task, state: first.value.toState, version: 2 }, { ...command, version: 1 }).ok).toBe(false)
      }),
    )
  })
})
