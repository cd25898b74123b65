import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { workingCalendar } from '../../src/calendar/working-calendar.ts'
import type { QuestionState } from '../../src/council/question.ts'
import { dueAfterMove, dueReminder, expectedAnswerAt } from '../../src/council/waiting.ts'
import { Temporal } from '../../src/kernel/clock.ts'
import { at } from '../support/builders.ts'

const WEEK = {
  zone: 'Asia/Omsk',
  from: Temporal.PlainTime.from('09:00'),
  to: Temporal.PlainTime.from('18:00'),
  calendar: workingCalendar(),
}
const omsk = (local: string) => at(`${local}+06:00`)
const due = (waitsSince: string, now: string, remindedStep = 0, state: QuestionState = 'asked') =>
  dueReminder({ state, waitsSince: omsk(waitsSince), remindedStep }, omsk(now), WEEK)

describe('a question that waits', () => {
  it.each`
    asked                 | now                   | sent | step    | tells            | because
    ${'2026-03-10T09:00'} | ${'2026-03-10T12:59'} | ${0} | ${null} | ${null}          | ${'four hours are not over'}
    ${'2026-03-10T09:00'} | ${'2026-03-10T13:00'} | ${0} | ${1}    | ${'council'}     | ${'four hours are over'}
    ${'2026-03-10T09:00'} | ${'2026-03-10T14:00'} | ${1} | ${null} | ${null}          | ${'the first reminder was sent'}
    ${'2026-03-10T09:00'} | ${'2026-03-10T17:00'} | ${1} | ${2}    | ${'council'}     | ${'eight hours are over'}
    ${'2026-03-10T09:00'} | ${'2026-03-11T15:59'} | ${2} | ${null} | ${null}          | ${'nine hours of Tuesday, less than seven of Wednesday'}
    ${'2026-03-10T09:00'} | ${'2026-03-11T16:00'} | ${2} | ${3}    | ${'coordinator'} | ${'sixteen hours are over'}
    ${'2026-03-10T09:00'} | ${'2026-03-20T12:00'} | ${3} | ${null} | ${null}          | ${'everybody was told'}
    ${'2026-03-06T17:00'} | ${'2026-03-08T12:00'} | ${0} | ${null} | ${null}          | ${'nobody is reminded on a Sunday'}
    ${'2026-03-06T17:00'} | ${'2026-03-10T12:00'} | ${0} | ${1}    | ${'council'}     | ${'an hour of Friday, the 9th is off, three of Tuesday'}
    ${'2026-03-10T14:00'} | ${'2026-03-10T18:00'} | ${0} | ${null} | ${null}          | ${'the day is over; it is told in the morning'}
    ${'2026-03-10T14:00'} | ${'2026-03-11T09:00'} | ${0} | ${1}    | ${'council'}     | ${'in the morning'}
    ${'2026-03-02T09:00'} | ${'2026-03-13T12:00'} | ${0} | ${3}    | ${'coordinator'} | ${'of several that were missed the last alone'}
  `('asked $asked, at $now after $sent reminders: $step, because $because', ({ asked, now, sent, step, tells }) => {
    expect(due(asked, now, sent)).toEqual(step === null ? null : { step, tells })
  })

  it.each(['draft', 'asked-back', 'answered', 'closed'] as const)(
    'reminds nobody of the council while it is %s',
    (state) => {
      expect(due('2026-03-02T09:00', '2026-03-13T12:00', 0, state)).toBeNull()
    },
  )

  it('is promised an answer within eight working hours', () => {
    expect(expectedAnswerAt(omsk('2026-03-10T16:00'), WEEK)).toEqual(omsk('2026-03-11T15:00'))
  })

  it('is never forgotten: however the ticks fall, after two weeks the coordinator was told once', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 14 * 24 * 60 }), { maxLength: 40 }), (minutes) => {
        const start = omsk('2026-03-10T11:30')
        let remindedStep = 0
        let told = 0
        for (const minute of [...minutes.toSorted((a, b) => a - b), 14 * 24 * 60 + 60]) {
          const found = dueReminder(
            { state: 'asked', waitsSince: start, remindedStep },
            start.add({ minutes: minute }),
            WEEK,
          )
          if (!found) continue
          expect(found.step).toBeGreaterThan(remindedStep)
          remindedStep = found.step
          if (found.tells === 'coordinator') told += 1
        }
        expect(told).toBe(1)
      }),
    )
  })
})

describe('a question that came to somebody late', () => {
  it.each`
    kind                      | came                  | now                   | hours   | tells            | because
    ${'question-handed-over'} | ${'2026-03-10T10:00'} | ${'2026-03-10T13:59'} | ${null} | ${null}          | ${'four hours are not over'}
    ${'question-handed-over'} | ${'2026-03-10T10:00'} | ${'2026-03-10T14:00'} | ${4}    | ${'council'}     | ${'it is as new to its expert'}
    ${'question-released'}    | ${'2026-03-10T10:00'} | ${'2026-03-11T09:00'} | ${8}    | ${'council'}     | ${'eight hours were over in the evening'}
    ${'question-released'}    | ${'2026-03-10T10:00'} | ${'2026-03-13T15:00'} | ${32}   | ${'coordinator'} | ${'the coordinator heard of it before'}
    ${'asker-asked-back'}     | ${'2026-03-10T10:00'} | ${'2026-03-10T17:59'} | ${null} | ${null}          | ${'the asker has a day'}
    ${'asker-asked-back'}     | ${'2026-03-10T10:00'} | ${'2026-03-11T09:00'} | ${8}    | ${'asker'}       | ${'it waits for them'}
    ${'asker-asked-back'}     | ${'2026-03-10T10:00'} | ${'2026-03-14T12:00'} | ${null} | ${null}          | ${'nobody is told on a Saturday'}
  `('$kind at $came, now $now: $hours, because $because', ({ kind, came, now, hours, tells }) => {
    expect(dueAfterMove({ kind, at: omsk(came) }, omsk(now), WEEK)).toEqual(
      hours === null ? null : { afterHours: hours, tells },
    )
  })
})
