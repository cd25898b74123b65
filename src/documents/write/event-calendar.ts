import { type Alarm, createEvents, type EventAttributes } from 'ics'
import { type Instant, Temporal } from '../../kernel/clock.ts'

/** A person in a calendar file, known to calendars by the address. */
export type Contact = { name: string; email: string }

/**
 * One event of a calendar file. `uid` stays the same through all corrections and is unique in the world, `sequence` grows by one with
 * each: by these two the calendars of Google, Apple and Yandex find the entry they already have. `changedAt` is when this version was made.
 */
export type CalendarEvent = {
  uid: string
  sequence: number
  title: string
  starts: Instant
  ends: Instant
  changedAt: Instant
  description?: string
  place?: string
  organizer?: Contact
  attendees?: readonly Contact[]
  /** How long before the start the calendar reminds: whole minutes, 1 or more. */
  remindMinutesBefore?: readonly number[]
}

/**
 * What the file says: `PUBLISH` «here is an event» (what a file sent in a chat wants), `REQUEST` «you are invited, answer by mail» (needs
 * an organizer and attendees), `CANCEL` «this event will not take place».
 */
export type CalendarMethod = 'PUBLISH' | 'REQUEST' | 'CANCEL'

/**
 * An .ics file (RFC 5545) of one event, or of several that belong together, such as the meetings of a series.
 *
 * Times are written as UTC instants. Every calendar shows them in the zone of the person who looks, which for the people of a municipality
 * is its own; no VTIMEZONE has to be carried along, and none can be outdated: Russia's law has moved its zones more than once. What UTC
 * cannot express, an event that repeats over a change of clocks, does not occur: each meeting of a series is an event with a uid of its
 * own. Throws RangeError on no event at all, on one that does not end after it starts, on a REQUEST without organizer or attendees, on a wrong address,
 * and on minutes that are not whole.
 */
export function eventCalendar(
  events: CalendarEvent | readonly CalendarEvent[],
  method: CalendarMethod = 'PUBLISH',
): string {
  const list = 'uid' in events ? [events] : events
  if (list.length === 0) throw new RangeError('a calendar file needs an event')
  const { value, error } = createEvents(
    list.map((event) => attributesOf(event, method)),
    { productId: '-//Sovet//Sovet//RU', method },
  )
  if (value === null) throw new RangeError('the event cannot be written as a calendar file', { cause: error })
  return foldedByBytes(value)
}

function attributesOf(event: CalendarEvent, method: CalendarMethod): EventAttributes & { timestamp: number } {
  assertMeaningful(event, method)
  const changedAt = event.changedAt.epochMilliseconds
  return {
    uid: printable(event.uid),
    sequence: event.sequence,
    title: printable(event.title),
    start: event.starts.epochMilliseconds,
    end: event.ends.epochMilliseconds,
    timestamp: changedAt,
    lastModified: changedAt,
    status: method === 'CANCEL' ? 'CANCELLED' : 'CONFIRMED',
    busyStatus: method === 'CANCEL' ? 'FREE' : 'BUSY',
    alarms: method === 'CANCEL' ? [] : (event.remindMinutesBefore ?? []).map((minutes) => alarm(event.title, minutes)),
    ...(event.description ? { description: printable(event.description) } : {}),
    ...(event.place ? { location: printable(event.place) } : {}),
    ...(event.organizer ? { organizer: contact(event.organizer) } : {}),
    ...(event.attendees ? { attendees: event.attendees.map((one) => ({ ...contact(one), rsvp: true })) } : {}),
  }
}

function assertMeaningful(event: CalendarEvent, method: CalendarMethod): void {
  if (Temporal.Instant.compare(event.starts, event.ends) >= 0) throw new RangeError('an event must end after it starts')
  if (method === 'REQUEST' && !(event.organizer && event.attendees?.length))
    throw new RangeError('an invitation needs an organizer and attendees')
  if (event.remindMinutesBefore?.some((minutes) => !Number.isInteger(minutes) || minutes < 1))
    throw new RangeError('a reminder stands whole minutes before the start')
}

/** The library escapes the text of an event but not that of its alarm. */
function alarm(title: string, minutes: number): Alarm {
  const description = printable(title).replace(/[\\;,]/g, '\\$&')
  return { action: 'display', description, trigger: { minutes, before: true } }
}

/** A quoted parameter can hold no quotation mark and no line end. */
function contact({ name, email }: Contact): Contact {
  return { name: printable(name).replaceAll('"', '').replace(/\s+/g, ' '), email }
}

/** `text` without control characters, which RFC 5545 forbids; all kinds of line ends become the one that the library escapes. */
function printable(text: string): string {
  return text
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replace(/(?![\n\t])\p{Cc}/gu, '')
    .toWellFormed()
}

/**
 * RFC 5545, 3.1: a line holds at most 75 bytes, its continuation begins with a space. The library counts characters, which makes lines of
 * Cyrillic twice as long as allowed.
 */
function foldedByBytes(calendar: string): string {
  return calendar
    .replace(/\r\n[\t ]/g, '')
    .split('\r\n')
    .map(foldedLine)
    .join('\r\n')
}

function foldedLine(line: string): string {
  let folded = ''
  let bytes = 0
  for (const character of line) {
    const size = Buffer.byteLength(character)
    if (bytes + size > 75) {
      folded += '\r\n '
      bytes = 1
    }
    folded += character
    bytes += size
  }
  return folded
}
