import { describe, expect, it } from 'vitest'
import {
  dayMonth,
  dayMonthYear,
  dayNear,
  daySpan,
  daysAway,
  weekdayDayMonth,
} from '../../src/calendar/dates-in-words.ts'
import { Temporal } from '../../src/kernel/clock.ts'

const day = (text: string) => Temporal.PlainDate.from(text)
const today = day('2026-11-23')

describe('a day in words', () => {
  it.each`
    wording            | date            | ru                    | en
    ${dayMonth}        | ${'2026-03-12'} | ${'12 марта'}         | ${'12 March'}
    ${dayMonth}        | ${'2026-05-01'} | ${'1 мая'}            | ${'1 May'}
    ${dayMonthYear}    | ${'2026-03-12'} | ${'12 марта 2026 г.'} | ${'12 March 2026'}
    ${weekdayDayMonth} | ${'2027-03-12'} | ${'пт, 12 марта'}     | ${'Fri, 12 March'}
    ${weekdayDayMonth} | ${'2026-11-29'} | ${'вс, 29 ноября'}    | ${'Sun, 29 November'}
  `('$date: «$ru», "$en"', ({ wording, date, ru, en }) => {
    expect(wording(day(date), 'ru')).toBe(ru)
    expect(wording(day(date), 'en')).toBe(en)
  })

  it.each`
    date            | ru
    ${'2026-12-31'} | ${'31 декабря'}
    ${'2027-01-11'} | ${'11 января 2027 г.'}
  `('seen from November 2026, $date is «$ru»', ({ date, ru }) => {
    expect(dayNear(day(date), today, 'ru')).toBe(ru)
  })

  it.each`
    days    | ru                  | en
    ${0}    | ${'сегодня'}        | ${'today'}
    ${1}    | ${'завтра'}         | ${'tomorrow'}
    ${2}    | ${'послезавтра'}    | ${'in 2 days'}
    ${3}    | ${'через 3 дня'}    | ${'in 3 days'}
    ${5}    | ${'через 5 дней'}   | ${'in 5 days'}
    ${11}   | ${'через 11 дней'}  | ${'in 11 days'}
    ${21}   | ${'через 21 день'}  | ${'in 21 days'}
    ${-1}   | ${'вчера'}          | ${'yesterday'}
    ${-2}   | ${'позавчера'}      | ${'2 days ago'}
    ${-3}   | ${'3 дня назад'}    | ${'3 days ago'}
    ${-14}  | ${'14 дней назад'}  | ${'14 days ago'}
    ${-101} | ${'101 день назад'} | ${'101 days ago'}
  `('$days days away: «$ru», "$en"', ({ days, ru, en }) => {
    expect(daysAway(today.add({ days }), today, 'ru')).toBe(ru)
    expect(daysAway(today.add({ days }), today, 'en')).toBe(en)
  })

  it.each`
    from            | to              | ru
    ${'2026-03-01'} | ${'2026-03-15'} | ${'1–15 марта'}
    ${'2026-03-01'} | ${'2026-03-01'} | ${'1 марта'}
    ${'2026-02-28'} | ${'2026-03-03'} | ${'28 февраля – 3 марта'}
    ${'2026-12-28'} | ${'2027-01-03'} | ${'28 декабря 2026 г. – 3 января 2027 г.'}
  `('$from to $to: «$ru»', ({ from, to, ru }) => {
    expect(daySpan(day(from), day(to), 'ru')).toBe(ru)
  })
})
