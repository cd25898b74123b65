import { describe, expect, it } from 'vitest'
import { describeSchedule, shortLabel } from '../../src/deadlines/describe.ts'
import { scheduleGuesses } from '../../src/deadlines/guesses.ts'
import { readSchedule } from '../../src/deadlines/read-schedule.ts'
import { period } from './notation.ts'

describe('a doubtful phrase is offered on buttons', () => {
  it.each`
    phrase                                  | during         | labels                                                        | because
    ${'до мая 2023'}                        | ${'2023'}      | ${['до 30 апреля 2023', 'до 31 мая 2023']}                    | ${'people mean either'}
    ${'не позднее марта'}                   | ${'2023'}      | ${['до 31 марта 2023', 'до 28 февраля 2023']}                 | ${'people mean either'}
    ${'декабрь, январь 2023'}               | ${'2023'}      | ${['декабрь 2022, январь 2023', 'январь 2023, декабрь 2023']} | ${'the year may stand for both'}
    ${'август'}                             | ${'2023/24'}   | ${['август 2024', 'август 2023']}                             | ${'a school plan has it at both ends'}
    ${'март'}                               | ${'2022-2023'} | ${['март 2022, март 2023', 'март 2022']}                      | ${'every year, or only the first'}
    ${'постоянно, отчёт 1 раз в полугодие'} | ${'2023'}      | ${['2 срока, до 31 дек. 2023', 'до 31 декабря 2023']}         | ${'the report, or the work'}
    ${'до 15 марта 2023'}                   | ${'2023'}      | ${['до 15 марта 2023']}                                       | ${'it is clear'}
    ${'по запросу'}                         | ${'2023'}      | ${['Без срока']}                                              | ${'it is clear'}
    ${'когда-нибудь'}                       | ${'2023'}      | ${[]}                                                         | ${'nothing was understood'}
  `('«$phrase» in $during: $labels, because $because', ({ phrase, during, labels }) => {
    const plan = period(during)
    expect(scheduleGuesses(phrase, plan).map((guess) => shortLabel(guess, plan))).toEqual(labels)
  })
})

describe('a schedule is described in plain Russian', () => {
  it.each`
    phrase                                 | during         | words
    ${'не позднее 30.04.2023'}             | ${'2023'}      | ${'до 30 апреля 2023 г.'}
    ${'март 2023'}                         | ${'2023'}      | ${'1–31 марта 2023 г.'}
    ${'15.03.23'}                          | ${'2023'}      | ${'15 марта 2023 г.'}
    ${'сентябрь 2023 – май 2024'}          | ${'2023'}      | ${'1 сентября 2023 г. – 31 мая 2024 г.'}
    ${'март, май 2023'}                    | ${'2023'}      | ${'1–31 марта 2023 г.; 1–31 мая 2023 г.'}
    ${'ежеквартально'}                     | ${'2023'}      | ${'каждый квартал'}
    ${'не позднее 5 числа каждого месяца'} | ${'2023'}      | ${'до 5 числа каждого месяца'}
    ${'март ежегодно'}                     | ${'2021-2023'} | ${'ежегодно 1 марта – 31 марта'}
    ${'до 1 сентября ежегодно'}            | ${'2021-2023'} | ${'ежегодно до 1 сентября'}
    ${'по пятницам'}                       | ${'2023'}      | ${'каждую пятницу'}
    ${'непрерывно'}                        | ${'2023'}      | ${'постоянно'}
    ${'на протяжении учебного года'}       | ${'2023/24'}   | ${'в течение учебного года'}
    ${'с марта 2023'}                      | ${'2023'}      | ${'постоянно: 1 марта – 31 декабря 2023 г.'}
    ${'по мере необходимости'}             | ${'2023'}      | ${'по отдельному графику'}
    ${'ерунда'}                            | ${'2023'}      | ${'срок не понят'}
  `('«$phrase» is «$words»', ({ phrase, during, words }) => {
    const plan = period(during)
    expect(describeSchedule(readSchedule(phrase, plan), plan)).toBe(words)
  })

  it('without the period every window is written out', () => {
    expect(describeSchedule(readSchedule('1 раз в полугодие', period('2023')))).toBe(
      '1 января – 30 июня 2023 г.; 1 июля – 31 декабря 2023 г.',
    )
  })
})
