import { Temporal } from '../../src/kernel/clock.ts'
import type { Task } from '../../src/tasks/task.ts'

/** A calendar day from YYYY-MM-DD. */
export function day(text: string): Temporal.PlainDate {
  return Temporal.PlainDate.from(text)
}

/** A moment from its ISO text. */
export function at(text: string): Temporal.Instant {
  return Temporal.Instant.from(text)
}

/** A task of which only that is given which the test is about. */
export function aTask(given: Partial<Omit<Task, 'dueOn'>> & { dueOn?: string } = {}): Task {
  const { dueOn = '2026-04-01', ...rest } = given
  return {
    id: 1,
    municipalityId: 1,
    activityId: 1,
    organizationId: 10,
    organizationName: 'Школа № 1',
    number: '1.1',
    title: 'Провести педагогический совет',
    section: 'Качество обучения',
    expectedResult: 'Протокол',
    expectedPapers: ['протокол'],
    windowFrom: day('2026-03-01'),
    windowDue: day(dueOn),
    dueOn: day(dueOn),
    state: 'planned',
    version: 1,
    obstacle: null,
    assigneeId: null,
    ongoing: false,
    needsEvidence: false,
    needsApproval: true,
    ...rest,
  }
}
