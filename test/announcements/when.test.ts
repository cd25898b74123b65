import { describe, expect, it } from 'vitest'
import { readUntil, readWhen } from '../../src/announcements/when.ts'
import { day } from '../support/builders.ts'

const TODAY = day('2026-03-16') // a Monday

const written = (words: string) => {
  const { meetings, daysWithoutTime } = readWhen(words, TODAY)
  const dates = meetings.map(({ starts, ends }) => `${starts.toString().slice(5, 16)}/${ends.toString().slice(5, 16)}`)
  return [...dates, ...daysWithoutTime.map((one) => `${one.toString().slice(5)}?`)].join(' ')
}

describe('when an event takes place', () => {
  it.each`
    words                                           | when                                                                         | because
    ${'26 марта в 14:00'}                           | ${'03-26T14:00/03-26T15:00'}                                                 | ${'an event whose end is not said lasts an hour'}
    ${'26 марта 2026 года, начало в 14.00'}         | ${'03-26T14:00/03-26T15:00'}                                                 | ${'the year and the word «начало» change nothing'}
    ${'26.03 в 14:00'}                              | ${'03-26T14:00/03-26T15:00'}                                                 | ${'figures name a day'}
    ${'26.03.2026 14:00'}                           | ${'03-26T14:00/03-26T15:00'}                                                 | ${'a time needs no preposition where it has minutes'}
    ${'в четверг в 10'}                             | ${'03-19T10:00/03-19T11:00'}                                                 | ${'the next such weekday, a bare hour'}
    ${'в понедельник в 10'}                         | ${'03-23T10:00/03-23T11:00'}                                                 | ${'on a Monday the next Monday is meant'}
    ${'в четверг, 26 марта, в 10 часов'}            | ${'03-26T10:00/03-26T11:00'}                                                 | ${'the date counts, the weekday only adorns it'}
    ${'завтра в 15:30'}                             | ${'03-17T15:30/03-17T16:30'}                                                 | ${'days near today have names'}
    ${'26 марта с 10 до 12'}                        | ${'03-26T10:00/03-26T12:00'}                                                 | ${'a span of hours'}
    ${'26 марта с 10:00 до 12:30'}                  | ${'03-26T10:00/03-26T12:30'}                                                 | ${'a span with minutes'}
    ${'26 марта, 10:00–12:30'}                      | ${'03-26T10:00/03-26T12:30'}                                                 | ${'a span with a dash'}
    ${'26 марта в 10.00–12.00'}                     | ${'03-26T10:00/03-26T12:00'}                                                 | ${'times with a dot are no dates'}
    ${'24–26 марта с 10 до 16'}                     | ${'03-24T10:00/03-26T16:00'}                                                 | ${'several days in a row are one event'}
    ${'с 30 марта по 1 апреля в 9:00'}              | ${'03-30T09:00/04-01T10:00'}                                                 | ${'over the end of a month'}
    ${'12, 19 и 26 марта в 14:00'}                  | ${'03-12T14:00/03-12T15:00 03-19T14:00/03-19T15:00 03-26T14:00/03-26T15:00'} | ${'a series: each date is one'}
    ${'19 марта в 10:00, 26 марта в 14:00'}         | ${'03-19T10:00/03-19T11:00 03-26T14:00/03-26T15:00'}                         | ${'each date has its own time'}
    ${'в 14:00 26 марта'}                           | ${'03-26T14:00/03-26T15:00'}                                                 | ${'the time may come first'}
    ${'26 марта в 3 часа дня'}                      | ${'03-26T15:00/03-26T16:00'}                                                 | ${'half of the day said in words'}
    ${'26 марта'}                                   | ${'03-26?'}                                                                  | ${'a day without a time is asked about'}
    ${'26 марта в 10 классе'}                       | ${'03-26?'}                                                                  | ${'a form is no hour'}
    ${'по приказу от 12.03.2026, 26 марта в 14:00'} | ${'03-26T14:00/03-26T15:00'}                                                 | ${'the date of a paper is none of the event'}
    ${'5 февраля в 10:00'}                          | ${'02-05T10:00/02-05T11:00'}                                                 | ${'just past: said to be past, not moved a year on'}
    ${'31 июня в 10:00'}                            | ${''}                                                                        | ${'there is no such day'}
    ${'скоро'}                                      | ${''}                                                                        | ${'no day at all'}
  `('$words: $because', ({ words, when }) => {
    expect(written(words)).toBe(when)
  })

  it('a day long past is one of the next year', () => {
    expect(readWhen('10 января в 10:00', day('2026-11-16')).meetings[0]?.starts.year).toBe(2027)
  })

  it('a deadline may have a time', () => {
    expect(String(readUntil('24 марта', TODAY)?.day)).toBe('2026-03-24')
    expect(readUntil('24 марта', TODAY)?.time).toBeNull()
    expect(String(readUntil('24 марта до 12:00', TODAY)?.time)).toBe('12:00:00')
    expect(readUntil('когда-нибудь', TODAY)).toBeNull()
  })
})
