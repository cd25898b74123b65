import { describe, expect, it } from 'vitest'
import { type Action, type Actor, may, type Role } from '../../src/access/rights.ts'

const HERE = { municipalityId: 1, organizationId: 10 }
const as = (role: Role, organizationId: number, municipalityId = 1): Actor => ({
  personId: 5,
  municipalityId,
  memberships: [{ role, organizationId }],
})

describe('who may do what', () => {
  it.each`
    action                   | who                                        | actor                       | allowed
    ${'report-task'}         | ${'the head of another school'}            | ${as('head', 11)}           | ${false}
    ${'report-task'}         | ${'the curator'}                           | ${as('curator', 10)}        | ${false}
    ${'report-task'}         | ${'a head of another municipality'}        | ${as('head', 10, 2)}        | ${false}
    ${'report-task'}         | ${'the head'}                              | ${as('head', 10)}           | ${true}
    ${'report-task'}         | ${'the deputy'}                            | ${as('deputy', 10)}         | ${true}
    ${'review-report'}       | ${'the head of the school'}                | ${as('head', 10)}           | ${false}
    ${'review-report'}       | ${'the curator of another school'}         | ${as('curator', 11)}        | ${false}
    ${'review-report'}       | ${'a coordinator of another municipality'} | ${as('coordinator', 99, 2)} | ${false}
    ${'review-report'}       | ${'the curator'}                           | ${as('curator', 10)}        | ${true}
    ${'review-report'}       | ${'the coordinator'}                       | ${as('coordinator', 99)}    | ${true}
    ${'answer-postponement'} | ${'the head who asks for it'}              | ${as('head', 10)}           | ${false}
    ${'note-school'}         | ${'the head of the school'}                | ${as('head', 10)}           | ${false}
    ${'note-school'}         | ${'the curator'}                           | ${as('curator', 10)}        | ${true}
    ${'invite-deputy'}       | ${'the deputy'}                            | ${as('deputy', 10)}         | ${false}
    ${'invite-deputy'}       | ${'the head'}                              | ${as('head', 10)}           | ${true}
    ${'manage-roadmaps'}     | ${'the curator'}                           | ${as('curator', 10)}        | ${false}
    ${'manage-roadmaps'}     | ${'the coordinator'}                       | ${as('coordinator', 99)}    | ${true}
    ${'manage-people'}       | ${'the curator'}                           | ${as('curator', 10)}        | ${false}
    ${'manage-people'}       | ${'the head'}                              | ${as('head', 10)}           | ${false}
    ${'manage-people'}       | ${'a coordinator of another municipality'} | ${as('coordinator', 99, 2)} | ${false}
    ${'manage-people'}       | ${'the coordinator'}                       | ${as('coordinator', 99)}    | ${true}
    ${'change-settings'}     | ${'the curator'}                           | ${as('curator', 10)}        | ${false}
    ${'change-settings'}     | ${'a coordinator of another municipality'} | ${as('coordinator', 99, 2)} | ${false}
    ${'change-settings'}     | ${'the coordinator'}                       | ${as('coordinator', 99)}    | ${true}
    ${'invite-deputy'}       | ${'the head of another school'}            | ${as('head', 11)}           | ${false}
    ${'see-task'}            | ${'a council member'}                      | ${as('council', 10)}        | ${false}
  `('$action by $who: $allowed', ({ action, actor, allowed }: { action: Action; actor: Actor; allowed: boolean }) => {
    expect(may(actor, action, HERE)).toBe(allowed)
  })

  it('a task assigned to a person is theirs to report, wherever they belong', () => {
    expect(may(as('curator', 11), 'report-task', { ...HERE, assigneeId: 5 })).toBe(true)
    expect(may(as('curator', 11), 'report-task', { ...HERE, assigneeId: 6 })).toBe(false)
  })
})
