import { describe, expect, it } from 'vitest'
import { Temporal } from '../../src/kernel/clock.ts'
import { readReply } from '../../src/replies/read-reply.ts'
import { replyToJson } from '../../src/replies/reply.ts'
import { FRESH_TABLE, FRESH_TODAY } from './fresh-voices.ts'
import { rowsOf, told } from './read-table.ts'

const today = Temporal.PlainDate.from(FRESH_TODAY)

describe('replies written blind', () => {
  it.each(rowsOf(FRESH_TABLE))('«$words»: $expected', ({ words, expected }) => {
    expect(told(replyToJson(readReply(words, { today })), expected).trim()).toBe(expected)
  })

  it.each([
    ['Сделано, отчет на сайте https://school12.example.ru/otchet', 'https://school12.example.ru/otchet'],
    ['Отчёт: www.school5.example.ru/doc.pdf.', 'www.school5.example.ru/doc.pdf'],
    ['Смотрите http://сош5.рф/отчет/', 'http://сош5.рф/отчет/'],
  ])('the link of «%s»', (words, link) => {
    expect(replyToJson(readReply(words, { today })).links).toEqual([link])
  })
})
