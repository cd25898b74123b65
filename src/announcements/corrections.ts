import { type Instant, Temporal } from '../kernel/clock.ts'
import type { Meeting } from './announcement.ts'

/** When a date begins and ends. */
export type MeetingSpan = { startsAt: Instant; endsAt: Instant }

/** What becomes of the dates of an event when it is moved: kept as they are, moved (their sequence raised), new ones, and those that are off. */
export type Moved = { kept: Meeting[]; moved: Meeting[]; added: MeetingSpan[]; dropped: Meeting[] }

/**
 * The new dates `wanted` put onto the present ones, so that each entry in people's calendars is moved and none appears twice: equal ones stay, the others are
 * taken in their order; what is left over is added or dropped. Every sequence but of those that stay grows by one.
 */
export function moveMeetings(present: readonly Meeting[], wanted: readonly MeetingSpan[]): Moved {
  const open = present.filter(({ cancelled }) => !cancelled)
  const kept = open.filter((meeting) => wanted.some((span) => isSame(meeting, span)))
  const free = open.filter((meeting) => !kept.includes(meeting))
  const fresh = wanted.filter((span) => !kept.some((meeting) => isSame(meeting, span)))
  return {
    kept,
    moved: free.slice(0, fresh.length).map((meeting, index) => ({
      ...meeting,
      ...fresh[index]!,
      sequence: meeting.sequence + 1,
    })),
    added: fresh.slice(free.length),
    dropped: free.slice(fresh.length).map(dropped),
  }
}

/** `meeting` as it is called off. */
export function dropped(meeting: Meeting): Meeting {
  return { ...meeting, cancelled: true, sequence: meeting.sequence + 1 }
}

/** Whether the plan changes anything that people were told. */
export function changesAnything({ moved, added, dropped: off }: Moved): boolean {
  return moved.length + added.length + off.length > 0
}

function isSame(left: MeetingSpan, right: MeetingSpan): boolean {
  return (
    Temporal.Instant.compare(left.startsAt, right.startsAt) === 0 &&
    Temporal.Instant.compare(left.endsAt, right.endsAt) === 0
  )
}
