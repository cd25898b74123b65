import { describe, expect, it } from 'vitest'
import { readAnnouncement } from '../../src/announcements/reading.ts'
import { day } from '../support/builders.ts'

const TODAY = day('2026-03-16')
const read = (text: string) => readAnnouncement(text, TODAY)

describe('the text of an announcement', () => {
  it('says everything that a coordinator would otherwise type', () => {
    const found = read(`Круглый стол «Школа и семья»
Когда: 26 марта с 10:00 до 12:00
Место: Дом учителя, ул. Садовая, 5
Количество мест: 25
Просим подтвердить участие до 24 марта.`)
    expect(found).toMatchObject({
      title: 'Круглый стол «Школа и семья»',
      place: 'Дом учителя, ул. Садовая, 5',
      places: 25,
      wantsAnswer: true,
    })
    expect(found.when.meetings.map(({ starts }) => String(starts))).toEqual(['2026-03-26T10:00:00'])
    expect(String(found.until?.day)).toBe('2026-03-24')
  })

  it('keeps the deadline for answers apart from the date, also within a sentence', () => {
    const found = read('Ждём вас 26 марта в 14:00 на базе лицея № 2, подтвердите участие до 24.03 в 12:00')
    expect(found.when.meetings).toHaveLength(1)
    expect(found.until).toMatchObject({ day: day('2026-03-24') })
    expect(String(found.until?.time)).toBe('12:00:00')
    expect(found.place).toBe('На базе лицея № 2')
  })

  it.each`
    text                                                | wantsAnswer | because
    ${'Семинар 26 марта в 14:00. Ответ не требуется.'}  | ${false}    | ${'it says so'}
    ${'Для сведения: семинар перенесли в другой зал.'}  | ${false}    | ${'it only informs'}
    ${'Семинар 26 марта. Зарегистрируйтесь по ссылке.'} | ${true}     | ${'it asks to register'}
    ${'Семинар 26 марта в 14:00, всего 20 мест.'}       | ${true}     | ${'places are to be shared out'}
    ${'Семинар 26 марта в 14:00.'}                      | ${null}     | ${'it does not say: to be asked'}
  `('wants an answer: $wantsAnswer, for $because', ({ text, wantsAnswer }) => {
    expect(read(text).wantsAnswer).toBe(wantsAnswer)
  })

  it('takes a link for the place where there is no other', () => {
    expect(read('Вебинар 26 марта в 10:00\nhttps://telemost.example/j/12345').place).toBe(
      'https://telemost.example/j/12345',
    )
  })

  it('takes a time that stands in a sentence of its own', () => {
    const { when } = read('Семинар пройдёт 26 марта.\nНачало в 14:00.')
    expect(String(when.meetings[0]?.starts)).toBe('2026-03-26T14:00:00')
  })

  it('says nothing of an empty text', () => {
    expect(read('')).toEqual({
      title: '',
      when: { meetings: [], daysWithoutTime: [] },
      place: null,
      until: null,
      places: null,
      wantsAnswer: null,
    })
  })
})
