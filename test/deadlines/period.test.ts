import { describe, expect, it } from 'vitest'
import { isAcademic, periodOfDeadlines, readPeriod } from '../../src/deadlines/period.ts'
import { period } from './notation.ts'

describe('a title names the period of its plan', () => {
  it.each`
    title                                                                                            | during
    ${'План мероприятий («дорожная карта») по сопровождению школ на 2020 год и период до 2022 года'} | ${'2020-2022'}
    ${'Дорожная карта поддержки школ. 2020-2021 учебный год'}                                        | ${'2020/21'}
    ${'Дорожная карта на 2023/2024 уч.г.'}                                                           | ${'2023/24'}
    ${'План работы на 2023/24 учебный год'}                                                          | ${'2023/24'}
    ${'Муниципальная дорожная карта, 2023 год'}                                                      | ${'2023'}
    ${'План мероприятий на 2021–2023 годы'}                                                          | ${'2021-2023'}
    ${'План на период с 2021 по 2023 год'}                                                           | ${'2021-2023'}
    ${'План на 2022-2023 и 2023-2024 учебные годы'}                                                  | ${'2022-09-01..2024-08-31'}
    ${'План работы на I полугодие 2023 года'}                                                        | ${'2023-01-01..2023-06-30'}
    ${'План на сентябрь 2023 – май 2024 года'}                                                       | ${'2023-09-01..2024-05-31'}
    ${'Приложение к приказу от 12.09.2022 № 138/1. План мероприятий на 2023 год'}                    | ${'2023'}
    ${'План на 2023 год в рамках программы «Развитие образования на 2015-2025 годы»'}                | ${'2023'}
    ${'«Дорожная карта школы на 2024 год»'}                                                          | ${'2024'}
    ${'Дорожная карта повышения качества образования в 2023-2024 учебном году'}                      | ${'2023/24'}
  `('«$title» is for $during', ({ title, during }) => {
    expect(shown(readPeriod(title))).toBe(shown(period(during)))
  })

  it.each([
    '',
    'Дорожная карта',
    'Приложение № 2 к приказу от 12.09.2019 № 138/1',
    'План мероприятий на период до 2025 года',
  ])('«%s» names none', (title) => {
    expect(readPeriod(title)).toBeNull()
  })
})

describe('deadlines themselves name a period', () => {
  it.each`
    phrases                                                               | during
    ${['До 15 февраля 2023 года', '1 раз в квартал', 'Январь 2024 года']} | ${'2023-01-01..2024-01-31'}
    ${['2019 год', 'ежегодно с 2020 года', '2020-2021 годы']}             | ${'2019-2021'}
    ${['Сентябрь 2020', 'Июль 2021', 'в течение учебного года']}          | ${'2020-01-01..2021-07-31'}
    ${['Декабрь, январь, март 2023 года', 'Май 2023']}                    | ${'2023-01-01..2023-05-31'}
    ${['15.02.2023']}                                                     | ${'2023-01-01..2023-02-28'}
    ${['март 2023', 'до 2025 года']}                                      | ${'2023-01-01..2024-12-31'}
  `('$phrases speak of $during', ({ phrases, during }) => {
    expect(shown(periodOfDeadlines(phrases))).toBe(shown(period(during)))
  })

  it('none without a year', () => {
    expect(periodOfDeadlines(['постоянно', '', 'март', 'по плану на 2023 год'])).toBeNull()
  })
})

describe('a period is academic when it is at most a year long and runs over a New Year', () => {
  it.each`
    during                      | academic | because
    ${'2023/24'}                | ${true}  | ${'a school plan'}
    ${'2023-09-01..2024-05-31'} | ${true}  | ${'a shorter one'}
    ${'2023'}                   | ${false} | ${'it stays in one year'}
    ${'2023-01-01..2024-01-31'} | ${false} | ${'it is longer than a year'}
    ${'2022-2023'}              | ${false} | ${'it is longer than a year'}
  `('$during: $academic, because $because', ({ during, academic }) => {
    expect(isAcademic(period(during))).toBe(academic)
  })
})

function shown(plan: ReturnType<typeof readPeriod>): string {
  return plan ? `${plan.from}..${plan.to}` : 'none'
}
