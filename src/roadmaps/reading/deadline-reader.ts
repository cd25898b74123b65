import { periodOfDeadlines, readPeriod } from '../../deadlines/period.ts'
import { readSchedule } from '../../deadlines/read-schedule.ts'
import type { ReadDeadlines } from './draft.ts'

/** The project's own reading of deadlines. */
export const deadlineReader: ReadDeadlines = {
  schedule: readSchedule,
  periodOfTitle: readPeriod,
  periodOf: periodOfDeadlines,
}
