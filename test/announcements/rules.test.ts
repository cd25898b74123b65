import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Announcement, type Meeting, problemsOf } from '../../src/announcements/announcement.ts'
import { audienceOf, NOBODY, type Register, schoolKindOf, toggled } from '../../src/announcements/audience.ts'
import { changesAnything, type MeetingSpan, moveMeetings } from '../../src/announcements/corrections.ts'
import { dayBefore, isQuiet, nextLoud, silentReminderAt } from '../../src/announcements/times.ts'
import { workingCalendar } from '../../src/calendar/working-calendar.ts'
import { Temporal } from '../../src/kernel/clock.ts'
import { at } from '../support/builders.ts'

const REGISTER: Register = {
  memberships: [
    { personId: 1, role: 'head', organizationId: 10 },
    { personId: 2, role: 'head', organizationId: 20 },
    { personId: 3, role: 'deputy', organizationId: 20 },
    { personId: 4, role: 'curator', organizationId: 10 },
    { personId: 5, role: 'council', organizationId: 30 },
  ],
  schools: [
    { id: 10, kind: 'lyceum' },
    { id: 20, kind: 'secondary' },
  ],
  groups: [{ id: 7, personIds: [1, 5, 99] }],
}

describe('an audience', () => {
  it.each`
    given                                                          | people       | because
    ${{}}                                                          | ${[]}        | ${'nobody is chosen'}
    ${{ roles: ['head'] }}                                         | ${[1, 2]}    | ${'a role is meant everywhere'}
    ${{ roles: ['head', 'deputy'], organizationIds: [20] }}        | ${[2, 3]}    | ${'schools narrow the roles'}
    ${{ roles: ['head'], schoolKinds: ['lyceum'] }}                | ${[1]}       | ${'so do kinds of schools'}
    ${{ roles: ['head'], curatorIds: [4] }}                        | ${[1]}       | ${'so do the schools of a curator'}
    ${{ roles: ['head'], organizationIds: [20], curatorIds: [4] }} | ${[1, 2]}    | ${'places add up'}
    ${{ groupIds: [7] }}                                           | ${[1, 5]}    | ${'whoever left the municipality is in no group'}
    ${{ roles: ['head'], groupIds: [7] }}                          | ${[1, 2, 5]} | ${'groups come on top, each person once'}
    ${{ roles: ['head'], groupIds: [7], except: [1] }}             | ${[2, 5]}    | ${'exceptions hold whatever else is chosen'}
    ${{ organizationIds: [10] }}                                   | ${[]}        | ${'a school alone says no role'}
  `('$given is $people: $because', ({ given, people }) => {
    expect(audienceOf({ ...NOBODY, ...given }, REGISTER)).toEqual(people)
  })

  it('marking twice changes nothing', () => {
    expect(toggled(toggled(NOBODY, 'roles', 'head'), 'roles', 'head')).toEqual(NOBODY)
  })

  it.each`
    name                          | kind
    ${'МАОУ «Лицей № 2»'}         | ${'lyceum'}
    ${'Гимназия им. Пушкина'}     | ${'gymnasium'}
    ${'МКОУ ООШ с. Ручьи'}        | ${'basic'}
    ${'МБОУ СОШ № 5'}             | ${'secondary'}
    ${'Школа-интернат № 1'}       | ${'boarding'}
    ${'Начальная школа с. Ключи'} | ${'primary'}
    ${'Центр «Росток»'}           | ${'other'}
  `('$name is $kind', ({ name, kind }) => {
    expect(schoolKindOf({ name, schoolKind: null })).toBe(kind)
  })
})

const HOURS = {
  zone: 'Asia/Omsk', // six hours ahead of Greenwich
  from: Temporal.PlainTime.from('09:00'),
  to: Temporal.PlainTime.from('18:00'),
  calendar: workingCalendar(),
}
const SLOT = Temporal.PlainTime.from('09:00')

describe('when people are written to', () => {
  it.each`
    instant                   | next                      | because
    ${'2026-03-16T04:00:00Z'} | ${'2026-03-16T04:00:00Z'} | ${'10:00 on a Monday is fine'}
    ${'2026-03-16T01:00:00Z'} | ${'2026-03-16T03:00:00Z'} | ${'before work: when it begins'}
    ${'2026-03-16T12:00:00Z'} | ${'2026-03-17T03:00:00Z'} | ${'18:00: the next morning'}
    ${'2026-03-20T14:00:00Z'} | ${'2026-03-23T03:00:00Z'} | ${'Friday evening: Monday'}
    ${'2026-12-31T05:00:00Z'} | ${'2027-01-11T03:00:00Z'} | ${'the New Year holidays'}
  `('$instant gives $next: $because', ({ instant, next }) => {
    expect(String(nextLoud(at(instant), HOURS))).toBe(next)
    expect(isQuiet(at(next), HOURS)).toBe(false)
  })

  it('reminds the working day before, in the zone of the municipality', () => {
    expect(String(dayBefore(at('2026-03-26T08:00:00Z'), SLOT, HOURS))).toBe('2026-03-25T03:00:00Z')
    expect(String(dayBefore(at('2026-03-23T08:00:00Z'), SLOT, HOURS))).toBe('2026-03-20T03:00:00Z')
    expect(String(dayBefore(at('2026-03-25T18:30:00Z'), SLOT, HOURS))).toBe('2026-03-25T03:00:00Z') // 00:30 of the 26th
  })

  it('reminds the silent two working days before the deadline', () => {
    expect(String(silentReminderAt(at('2026-03-24T12:00:00Z'), SLOT, HOURS))).toBe('2026-03-20T03:00:00Z')
  })
})

const span = (hour: number): MeetingSpan => ({
  startsAt: at('2026-03-26T00:00:00Z').add({ hours: hour }),
  endsAt: at('2026-03-26T00:00:00Z').add({ hours: hour + 1 }),
})
const aMeeting = (id: number, hour: number): Meeting => ({
  id,
  position: id,
  uid: `${id}@sovet`,
  sequence: id % 3,
  cancelled: false,
  code: null,
  ...span(hour),
})

describe('moving an event, whatever the dates', () => {
  const someHours = fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 6 })

  it('keeps each entry of the calendars or raises its sequence by one', () => {
    fc.assert(
      fc.property(someHours, someHours, (present, wanted) => {
        const meetings = present.map((hour, index) => aMeeting(index + 1, hour))
        const plan = moveMeetings(meetings, wanted.map(span))
        for (const kept of plan.kept) expect(meetings).toContainEqual(kept)
        for (const changed of [...plan.moved, ...plan.dropped]) {
          const before = meetings.find(({ id }) => id === changed.id)
          expect(changed.uid).toBe(before?.uid)
          expect(changed.sequence).toBe((before?.sequence ?? 0) + 1)
        }
      }),
    )
  })

  it('ends with just the wanted dates', () => {
    fc.assert(
      fc.property(someHours, someHours, (present, wanted) => {
        const { kept, moved, added } = moveMeetings(
          present.map((hour, index) => aMeeting(index + 1, hour)),
          wanted.map(span),
        )
        const result = [...kept, ...moved, ...added].map(({ startsAt }) => String(startsAt)).sort()
        expect(result).toEqual(wanted.map((hour) => String(span(hour).startsAt)).sort())
      }),
    )
  })

  it('changes nothing where the dates are the same', () => {
    expect(changesAnything(moveMeetings([aMeeting(1, 10)], [span(10)]))).toBe(false)
    expect(changesAnything(moveMeetings([aMeeting(1, 10)], [span(11)]))).toBe(true)
  })
})

describe('a draft is not sent', () => {
  const draft: Announcement = {
    id: 1,
    municipalityId: 1,
    authorId: 1,
    state: 'draft',
    title: 'Семинар',
    html: 'Семинар',
    place: null,
    wantsAnswer: true,
    answerUntil: null,
    places: null,
    activityId: null,
    audience: NOBODY,
    revision: 1,
    sendAt: null,
    allowed: 0,
    round: 0,
    asCaption: false,
    sentAt: null,
    cancelReason: null,
    meetings: [aMeeting(1, 10)],
    files: [],
  }
  const now = at('2026-03-16T07:00:00Z')
  const given = { now, recipients: 3, length: 100, limit: 4096 }

  it.each`
    patch                                          | facts                                  | problem
    ${{}}                                          | ${{}}                                  | ${[]}
    ${{ html: ' ' }}                               | ${{}}                                  | ${[{ code: 'no-text' }]}
    ${{ title: '' }}                               | ${{}}                                  | ${[{ code: 'no-title' }]}
    ${{}}                                          | ${{ length: 4000 }}                    | ${[{ code: 'too-long', cut: 104 }]}
    ${{}}                                          | ${{ now: at('2026-03-27T07:00:00Z') }} | ${[{ code: 'past' }]}
    ${{ wantsAnswer: null }}                       | ${{}}                                  | ${[{ code: 'answer-unasked' }]}
    ${{ answerUntil: at('2026-03-15T07:00:00Z') }} | ${{}}                                  | ${[{ code: 'deadline-past' }]}
    ${{ answerUntil: at('2026-03-27T07:00:00Z') }} | ${{}}                                  | ${[{ code: 'deadline-late' }]}
    ${{}}                                          | ${{ recipients: 0 }}                   | ${[{ code: 'nobody' }]}
  `('with $problem', ({ patch, facts, problem }) => {
    expect(problemsOf({ ...draft, ...patch }, { ...given, ...facts })).toEqual(problem)
  })
})
