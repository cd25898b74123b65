import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeSpreadsheet } from '../../src/documents/write/spreadsheet.ts'
import { openStage, type Stage } from '../support/stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await openStage('2026-03-02T05:00:00Z')
})
afterEach(() => stage.close())

describe('people, from an invite to being forgotten, as their phones show it', () => {
  it('a list sent as a file comes back as a table of links', async () => {
    const { coordinator } = stage
    await coordinator.send('👥 Люди и школы')
    await coordinator.tap(await coordinator.waitFor('Люди и школы'), '📋 Пригласить списком')
    await coordinator.waitFor('Пришлите список файлом')
    const bytes = await writeSpreadsheet([
      {
        name: 'Список',
        columns: ['ФИО', 'Роль', 'Школа', 'Телефон'].map((title) => ({ title, width: 20, kind: 'text' as const })),
        rows: [
          ['Громова Елена Юрьевна', 'заместитель директора', 'школа 1', ''],
          ['Сомов Иван Иванович', 'директор', 'школа 77', ''],
        ],
      },
    ])
    await coordinator.sendDocument(Buffer.from(bytes), 'spisok.xlsx')
    const read = await coordinator.waitFor('готов к приглашению')
    expect(read.text).toContain('строка 3')
    await coordinator.tap(read, 'Пригласить: таблица и письма')
    const letter = await coordinator.waitFor('Здравствуйте, Елена Юрьевна')
    expect(letter.text).toMatch(/t\.me\/sovet_bot\?start=[\w-]{32}/)
    await coordinator.waitFor('1 приглашение')
    await stage.settled()
  })

  it('the head goes away and is forgotten; the coordinator hears of the vacancy', async () => {
    const { head, coordinator } = stage
    await head.send('забыть меня')
    await head.tap(await head.waitFor('Забыть вас?'), 'Да, забыть меня')
    await head.waitFor('я вас забыл')
    const told = await coordinator.waitFor('отозвал согласие')
    expect(told.text).not.toContain('Орлова')
    await head.send('привет')
    await head.waitFor('только с теми, кого пригласили')
  })
})
