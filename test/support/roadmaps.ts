import type { Schedule } from '../../src/deadlines/schedule.ts'
import type { ExistingTask, NewActivity } from '../../src/roadmaps/ports.ts'
import type { Activity } from '../../src/roadmaps/roadmap.ts'
import { day } from './builders.ts'

export { day }

/** A fixed schedule of windows written as `2026-03-01/2026-03-31`. */
export function windows(...spans: string[]): Schedule {
  return { kind: 'fixed', windows: spans.map(window), ambiguous: false }
}

/** A window of its form `2026-03-01/2026-03-31`. */
export function window(span: string) {
  const [from = '', due = ''] = span.split('/')
  return { from: day(from), due: day(due) }
}

/** An activity of which only what the test is about is said. */
export function aNewActivity(given: Partial<NewActivity> = {}): NewActivity {
  return {
    position: 0,
    number: '1.1',
    section: 'Организация',
    title: 'Провести педагогический совет',
    deadlineText: 'Март 2026 года',
    schedule: windows('2026-03-01/2026-03-31'),
    responsibleText: 'Руководители ОО',
    executors: ['schools'],
    namedOrganizationIds: [],
    unmatchedSchools: [],
    expectedResult: 'Протокол',
    expectedPapers: ['протокол'],
    parent: null,
    isWhole: false,
    warnings: [],
    needsEvidence: true,
    needsApproval: true,
    confirmed: false,
    leftOut: false,
    ...given,
  }
}

export function anActivity(given: Partial<Activity> = {}): Activity {
  return { id: 1, roadmapId: 1, version: 1, ...aNewActivity(), ...given }
}

export function anExistingTask(given: Partial<ExistingTask> = {}): ExistingTask {
  const spanned = given.window ?? window('2026-03-01/2026-03-31')
  return {
    id: 1,
    activityId: 1,
    organizationId: 1,
    window: spanned,
    dueOn: spanned.due,
    state: 'planned',
    version: 1,
    hasReport: false,
    cancelledByRoadmap: false,
    ...given,
  }
}
