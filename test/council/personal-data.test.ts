import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { personalDataIn, withoutPersonalData } from '../../src/council/personal-data.ts'

describe('what looks like personal data in a text for everybody', () => {
  it.each`
    words                                                        | found
    ${'Позвоните 8 (912) 345-67-89.'}                            | ${['phone: 8 (912) 345-67-89']}
    ${'Телефон +7 3812 12-34-56'}                                | ${['phone: +7 3812 12-34-56']}
    ${'тел. 23-45-67'}                                           | ${['phone: 23-45-67']}
    ${'Пишите на direktor.shkola@mail.ru'}                       | ${['e-mail: direktor.shkola@mail.ru']}
    ${'СНИЛС 123-456-789 01'}                                    | ${['snils: 123-456-789 01']}
    ${'Спросите Смирнову А. П. из центра'}                       | ${['name: Смирнову А. П.']}
    ${'Вопрос решает А.П. Смирнова'}                             | ${['name: А.П. Смирнова']}
    ${'Обратитесь к Кузнецовой Анне Петровне'}                   | ${['name: Кузнецовой Анне Петровне']}
    ${'Ученик 5 класса Иванов не ходит на уроки'}                | ${['pupil: Ученик 5 класса Иванов']}
    ${'У нас обучающийся Петя Сидоров с ОВЗ'}                    | ${['pupil: обучающийся Петя Сидоров']}
    ${'Наш канал t.me/school_5, ник @zavuch_5'}                  | ${['account: t.me/school_5', 'account: @zavuch_5']}
    ${'Федеральный закон от 29.12.2012 № 273-ФЗ, статья 28'}     | ${[]}
    ${'Приказ Минпросвещения России от 18.05.2023 № 370'}        | ${[]}
    ${'Обучающиеся 5–9 классов пишут ВПР с 15 марта по 20 мая.'} | ${[]}
    ${'Педагогический совет школы утверждает программу.'}        | ${[]}
    ${'Ученик обязан прийти к 8:30.'}                            | ${[]}
  `('$words', ({ words, found }) => {
    expect(personalDataIn(words).map((datum) => `${datum.kind}: ${datum.found}`)).toEqual(found)
  })

  it('is gone from what others may read', () => {
    expect(withoutPersonalData('Спросите Смирнову А. П., 8 912 345-67-89')).toBe('Спросите …, …')
  })

  it('takes any text, and what it left looks like personal data no more', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (noise) => {
        const words = `${noise} Смирнова А. П. ${noise}`
        expect(withoutPersonalData(words)).not.toContain('Смирнова А. П.')
      }),
    )
  })
})
