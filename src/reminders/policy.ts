import type { WorkingCalendar } from '../calendar/working-calendar.ts'
import { type PlainDate, Temporal } from '../kernel/clock.ts'
import { ok, type Result, refuse } from '../kernel/result.ts'

/** On which days a municipality reminds of a task. All numbers are calendar days counted from the due date. */
export type ReminderPolicy = {
  /** Days before the due date; 0 is the due date itself. Descending. */
  before: number[]
  /** Days after the due date. Ascending. */
  after: number[]
  /** After the last of `after`, again every so many days; 0: not again. */
  thenEveryDays: number
  /** The last day after the due date on which anybody is still reminded. */
  until: number
  /** Days after the due date when the curator hears of an overdue task. */
  curatorAfter: number
  /** Days after the due date when the coordinator does. */
  coordinatorAfter: number
}

export const defaultReminderPolicy: ReminderPolicy = {
  before: [14, 3, 0],
  after: [1, 3, 7],
  thenEveryDays: 7,
  until: 56,
  curatorAfter: 3,
  coordinatorAfter: 14,
}

export type ReminderReason = 'before' | 'due' | 'overdue'

/** A day on which a task is reminded of. `offset` is counted from the due date before any move to a working day: -3, 0, 7. */
export type ReminderDay = { day: PlainDate; reason: ReminderReason; offset: number }

/** A due date whose tasks are to be reminded of, why, and how many days before (negative) or after it the policy says so. */
export type DueDateReminded = { dueOn: PlainDate; reason: ReminderReason; offset: number }

export type EscalationRole = 'curator' | 'coordinator'

/** The day on which a person above the school hears that a task is overdue. */
export type EscalationDay = { day: PlainDate; role: EscalationRole; offset: number }

export type DueDateEscalated = { dueOn: PlainDate; role: EscalationRole; offset: number }

export type PolicyRefusal =
  | { code: 'not-a-policy'; found: unknown }
  | { code: 'not-a-number-of-days'; field: keyof ReminderPolicy; found: unknown; least: number; most: number }
  | {
      code: 'not-a-list-of-days'
      field: 'before' | 'after'
      found: unknown
      least: number
      most: number
      longest: number
    }

/** A year: what lies further off is no reminder but a mistake in typing. */
const mostDays = 366
const longestList = 20

const dayFields = [
  { field: 'thenEveryDays', least: 0 },
  { field: 'until', least: 0 },
  { field: 'curatorAfter', least: 1 },
  { field: 'coordinatorAfter', least: 1 },
] as const
const listFields = [
  { field: 'before', least: 0 },
  { field: 'after', least: 1 },
] as const

/**
 * Reads a policy as it was stored or typed: fields that are absent take their default, lists are sorted and freed of repetitions,
 * unknown fields are left out. Whole days only, from 0 (`after` and the escalations: 1) to 366, at most 20 in a list.
 */
export function parseReminderPolicy(input: unknown): Result<ReminderPolicy, PolicyRefusal> {
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    return refuse({ code: 'not-a-policy', found: input })
  const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined))
  const policy: Record<keyof ReminderPolicy, unknown> = { ...defaultReminderPolicy, ...given }
  for (const { field, least } of dayFields) {
    const found = policy[field]
    if (!isDays(found, least)) return refuse({ code: 'not-a-number-of-days', field, found, least, most: mostDays })
  }
  for (const { field, least } of listFields) {
    const found = policy[field]
    if (!isListOfDays(found, least))
      return refuse({ code: 'not-a-list-of-days', field, found, least, most: mostDays, longest: longestList })
  }
  return ok(inOrder(policy as ReminderPolicy))
}

function isDays(value: unknown, least: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= mostDays
}

function isListOfDays(value: unknown, least: number): value is number[] {
  return Array.isArray(value) && value.length <= longestList && value.every((days) => isDays(days, least))
}

function inOrder({
  before,
  after,
  thenEveryDays,
  until,
  curatorAfter,
  coordinatorAfter,
}: ReminderPolicy): ReminderPolicy {
  return {
    before: ascending(before).reverse(),
    after: ascending(after),
    thenEveryDays,
    until,
    curatorAfter,
    coordinatorAfter,
  }
}

function ascending(numbers: Iterable<number>): number[] {
  return [...new Set(numbers)].sort((a, b) => a - b)
}

/**
 * The days on which a task due on `dueOn` is reminded of, in order. A reminder before or on the due date that falls on a day off is
 * given on the working day before it, one after the due date on the next working day. Where two meet on one day, the later one counts.
 */
export function reminderDays(dueOn: PlainDate, policy: ReminderPolicy, calendar: WorkingCalendar): ReminderDay[] {
  const byDay = new Map<string, ReminderDay>()
  for (const offset of reminderOffsets(policy)) {
    const day = onWorkingDay(dueOn, offset, calendar)
    byDay.set(day.toString(), { day, reason: reasonOf(offset), offset })
  }
  return [...byDay.values()]
}

/**
 * The inverse of `reminderDays`: every due date for which one of `days` (the slots being made up) is a reminder day, in order, so that a
 * planner can ask for all tasks of all those dates at once. A due date that several of the days remind of is listed once, with the latest reason.
 */
export function dueDatesRemindedOn(
  days: readonly PlainDate[],
  policy: ReminderPolicy,
  calendar: WorkingCalendar,
): DueDateReminded[] {
  const byDueDate = new Map<string, DueDateReminded>()
  for (const offset of reminderOffsets(policy)) {
    for (const dueOn of days.flatMap((day) => dueDatesAt(day, offset, calendar))) {
      byDueDate.set(dueOn.toString(), { dueOn, reason: reasonOf(offset), offset })
    }
  }
  return [...byDueDate.values()].sort((a, b) => Temporal.PlainDate.compare(a.dueOn, b.dueOn))
}

/** The days on which the curator and the coordinator hear that a task due on `dueOn` is overdue, moved to the next working day. */
export function escalationDays(dueOn: PlainDate, policy: ReminderPolicy, calendar: WorkingCalendar): EscalationDay[] {
  return escalations(policy).map(({ role, offset }) => ({ day: onWorkingDay(dueOn, offset, calendar), role, offset }))
}

/**
 * The inverse of `escalationDays`: every due date whose overdue tasks somebody hears of on one of `days`, in order of the dates. A date
 * is listed once for each role.
 */
export function escalationDueDates(
  days: readonly PlainDate[],
  policy: ReminderPolicy,
  calendar: WorkingCalendar,
): DueDateEscalated[] {
  const once = new Map<string, DueDateEscalated>()
  for (const { role, offset } of escalations(policy)) {
    for (const dueOn of days.flatMap((day) => dueDatesAt(day, offset, calendar))) {
      once.set(`${role} ${dueOn}`, { dueOn, role, offset })
    }
  }
  return [...once.values()].sort((a, b) => Temporal.PlainDate.compare(a.dueOn, b.dueOn))
}

function escalations(policy: ReminderPolicy): { role: EscalationRole; offset: number }[] {
  return [
    { role: 'curator', offset: policy.curatorAfter },
    { role: 'coordinator', offset: policy.coordinatorAfter },
  ]
}

/** All offsets of the policy from the earliest to the latest, so that a later one takes the place of an earlier one. */
function reminderOffsets(policy: ReminderPolicy): number[] {
  const { before, after, thenEveryDays, until } = policy
  const overdue = [...after]
  if (thenEveryDays > 0) {
    for (let days = Math.max(0, ...after) + thenEveryDays; days <= until; days += thenEveryDays) overdue.push(days)
  }
  return ascending([...before.map((days) => 0 - days), ...overdue.filter((days) => days <= until)])
}

function reasonOf(offset: number): ReminderReason {
  if (offset === 0) return 'due'
  return offset < 0 ? 'before' : 'overdue'
}

function onWorkingDay(dueOn: PlainDate, offset: number, calendar: WorkingCalendar): PlainDate {
  const day = dueOn.add({ days: offset })
  return offset <= 0 ? calendar.previousWorking(day) : calendar.nextWorking(day)
}

/** The due dates whose reminder of `offset` is given on `day`: that of the day itself, and those moved to it from the days off beside it. */
function dueDatesAt(day: PlainDate, offset: number, calendar: WorkingCalendar): PlainDate[] {
  if (!calendar.isWorking(day)) return []
  const step = offset <= 0 ? 1 : -1
  const dueDates: PlainDate[] = []
  let meant = day
  do {
    dueDates.push(meant.subtract({ days: offset }))
    meant = meant.add({ days: step })
  } while (!calendar.isWorking(meant))
  return dueDates
}
