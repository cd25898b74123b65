import { type PlainDate, Temporal } from '../kernel/clock.ts'

/** One occurrence of an activity: work may start on `from` and is due by the end of the day `due`, both inclusive, local to the municipality. */
export type Window = { from: PlainDate; due: PlainDate }

export type ScheduleKind = 'fixed' | 'recurring' | 'ongoing' | 'unscheduled' | 'unspecified'

/** What a deadline phrase means. `windows` are sorted by `due`, then by `from`; `ambiguous` asks the coordinator to confirm. */
export type Schedule = { kind: ScheduleKind; windows: Window[]; ambiguous: boolean }

/** The span a roadmap speaks of, both days inclusive. */
export type Period = { from: PlainDate; to: PlainDate }

/** The JSON of a Schedule as the command line prints it: dates as YYYY-MM-DD. */
export type ScheduleJson = { kind: ScheduleKind; windows: { from: string; due: string }[]; ambiguous: boolean }

/** `schedule` with its dates written as YYYY-MM-DD, for JSON and the database. */
export function scheduleToJson(schedule: Schedule): ScheduleJson {
  return {
    kind: schedule.kind,
    windows: schedule.windows.map(({ from, due }) => ({ from: from.toString(), due: due.toString() })),
    ambiguous: schedule.ambiguous,
  }
}

/** The Schedule of its JSON. Throws RangeError on a date that is none, which a stored Schedule never has. */
export function scheduleFromJson(json: ScheduleJson): Schedule {
  return {
    kind: json.kind,
    windows: json.windows.map(({ from, due }) => ({
      from: Temporal.PlainDate.from(from),
      due: Temporal.PlainDate.from(due),
    })),
    ambiguous: json.ambiguous,
  }
}
