import fc from 'fast-check'
import ICAL from 'ical.js'
import { describe, expect, it } from 'vitest'
import { type CalendarEvent, eventCalendar } from '../../../src/documents/write/event-calendar.ts'
import { Temporal } from '../../../src/kernel/clock.ts'

const seminar: CalendarEvent = {
  uid: 'announcement-417@sovet.example',
  sequence: 2,
  title: 'Семинар «Оценка качества; первые шаги», группа 1',
  starts: Temporal.Instant.from('2026-12-03T15:00+06:00'),
  ends: Temporal.Instant.from('2026-12-03T16:30+06:00'),
  changedAt: Temporal.Instant.from('2026-11-23T04:05:06Z'),
  description: 'Возьмите с собой:\n— план работы,\n— ноутбук; обратный слэш \\ и <b>разметка</b>',
  place: 'Центр образования, ул. Школьная, 1',
  remindMinutesBefore: [1440, 60],
}

function readBack(file: string) {
  const calendar = new ICAL.Component(ICAL.parse(file))
  const components = calendar.getAllSubcomponents('vevent')
  return { calendar, components, events: components.map((component) => new ICAL.Event(component)) }
}

describe('a calendar file', () => {
  it('says what, when and where, as it was written', () => {
    const { calendar, events } = readBack(eventCalendar(seminar))
    expect(calendar.getFirstPropertyValue('method')).toBe('PUBLISH')
    expect(events).toHaveLength(1)
    expect(events[0]).toMatchObject({
      uid: seminar.uid,
      sequence: 2,
      summary: seminar.title,
      description: seminar.description,
      location: seminar.place,
    })
  })

  it('gives its times in UTC, which every calendar shows in the zone of who looks', () => {
    const file = eventCalendar(seminar)
    expect(file).toContain('\r\nDTSTART:20261203T090000Z\r\n')
    expect(file).toContain('\r\nDTEND:20261203T103000Z\r\n')
    expect(file).toContain('\r\nDTSTAMP:20261123T040506Z\r\n')
    const start = readBack(file).events[0]!.startDate
    expect(start.toJSDate().toISOString()).toBe('2026-12-03T09:00:00.000Z')
  })

  it('reminds when it was asked to', () => {
    const alarms = readBack(eventCalendar(seminar)).components[0]!.getAllSubcomponents('valarm')
    expect(alarms.map((alarm) => (alarm.getFirstPropertyValue('trigger') as ICAL.Duration).toSeconds())).toEqual([
      -86_400, -3600,
    ])
    expect(alarms.map((alarm) => alarm.getFirstPropertyValue('description'))).toEqual([seminar.title, seminar.title])
    expect(alarms.map((alarm) => alarm.getFirstPropertyValue('action'))).toEqual(['DISPLAY', 'DISPLAY'])
  })

  it('is the same for the same version, and the same entry after a correction', () => {
    expect(eventCalendar(seminar)).toBe(eventCalendar(seminar))
    const corrected = readBack(eventCalendar({ ...seminar, sequence: 3, title: 'Перенос' })).events[0]!
    expect(corrected).toMatchObject({ uid: seminar.uid, sequence: 3, summary: 'Перенос' })
  })

  it('takes the entry away when the event is cancelled', () => {
    const { calendar, components } = readBack(eventCalendar({ ...seminar, sequence: 3 }, 'CANCEL'))
    expect(calendar.getFirstPropertyValue('method')).toBe('CANCEL')
    expect(components[0]!.getFirstPropertyValue('status')).toBe('CANCELLED')
    expect(components[0]!.getAllSubcomponents('valarm')).toHaveLength(0)
  })

  it('invites by mail where there are addresses', () => {
    const organizer = { name: 'Отдел "Образование"', email: 'otdel@example.org' }
    const attendees = [{ name: 'Школа № 1', email: 'school1@example.org' }]
    const { calendar, components } = readBack(eventCalendar({ ...seminar, organizer, attendees }, 'REQUEST'))
    expect(calendar.getFirstPropertyValue('method')).toBe('REQUEST')
    expect(components[0]!.getFirstProperty('organizer')?.getParameter('cn')).toBe('Отдел Образование')
    expect(components[0]!.getFirstPropertyValue('attendee')).toBe('mailto:school1@example.org')
  })

  it('holds all meetings of a series', () => {
    const meetings = [1, 2, 3].map((week) => ({
      ...seminar,
      uid: `series-5-${week}@sovet.example`,
      starts: seminar.starts.add({ hours: 168 * week }),
      ends: seminar.ends.add({ hours: 168 * week }),
    }))
    const { events } = readBack(eventCalendar(meetings))
    expect(events.map(({ uid }) => uid)).toEqual(meetings.map(({ uid }) => uid))
    expect(events[2]!.startDate.toJSDate().toISOString()).toBe('2026-12-24T09:00:00.000Z')
  })

  it.each`
    wrong                            | event                                                        | method
    ${'nothing'}                     | ${[]}                                                        | ${'PUBLISH'}
    ${'an end before the start'}     | ${{ ...seminar, ends: seminar.starts }}                      | ${'PUBLISH'}
    ${'an invitation of nobody'}     | ${seminar}                                                   | ${'REQUEST'}
    ${'a reminder of half a minute'} | ${{ ...seminar, remindMinutesBefore: [0.5] }}                | ${'PUBLISH'}
    ${'a reminder at the start'}     | ${{ ...seminar, remindMinutesBefore: [0] }}                  | ${'PUBLISH'}
    ${'an address that is none'}     | ${{ ...seminar, organizer: { name: 'А', email: 'x\r\ny' } }} | ${'PUBLISH'}
  `('is not made of $wrong', ({ event, method }) => {
    expect(() => eventCalendar(event, method)).toThrow(RangeError)
  })

  it('has lines of at most 75 bytes, and gives every text back, whatever was written', () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }),
      fc
        .array(fc.constantFrom('ж', '👍', ',', ';', '\\', '\n', '\r', 'END:VEVENT', ' ', '\t', ':', '"'), {
          minLength: 1,
          maxLength: 120,
        })
        .map((all) => all.join('')),
    )
    fc.assert(
      fc.property(anyText, anyText, anyText, (title, description, place) => {
        const file = eventCalendar({ ...seminar, title, description, place })
        for (const line of file.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
        expect(file.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
        const { events } = readBack(file)
        expect(events).toHaveLength(1)
        expect(events[0]!.summary ?? '').toBe(readable(title))
        expect(events[0]!.description ?? '').toBe(readable(description))
        expect(events[0]!.location ?? '').toBe(readable(place))
      }),
      { numRuns: 300 },
    )
  })
})

/** What a calendar can hold of a text. */
function readable(text: string): string {
  return text
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replace(/(?![\n\t])\p{Cc}/gu, '')
    .toWellFormed()
}
