import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { givenTasks, openStage, type Stage } from '../support/stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await openStage('2026-03-02T05:00:00Z') // Monday, 8:00 in Moscow
})
afterEach(() => stage.close())

const photo = (red: number) =>
  sharp({ create: { width: 320, height: 240, channels: 3, background: { r: red, g: 90, b: 60 } } })
    .jpeg()
    .toBuffer()

describe('from a reminder to an accepted report', () => {
  it('the head is reminded, taps «Готово», sends a photo; the curator accepts; the head hears', async () => {
    await givenTasks(stage, [{ title: 'Провести педагогический совет', dueOn: '2026-03-05', needsEvidence: true }])
    await stage.passTo('2026-03-02T06:30:00Z')
    const reminder = await stage.head.waitFor('Напоминаю о задаче')
    expect(reminder.text).toContain('Провести педагогический совет')
    expect(reminder.text).toContain('через 3 дня')

    await stage.head.tap(reminder, 'Готово')
    await stage.head.waitFor('Осталось подтвердить')
    await stage.head.sendPhoto(await photo(200))
    const basket = await stage.head.waitFor('Получил: 1 файл')
    await stage.head.tap(basket, 'Это всё')
    const receipt = await stage.head.waitFor(/Принято № 0001: 1 файл/)
    expect(receipt.text).toContain('Отчёт ушёл на проверку')

    const asked = await stage.curator.waitFor(/отчёт № 0001/)
    expect(asked.text).toContain('Орлова Мария Петровна')
    await stage.curator.tap(asked, 'Принять')
    await stage.head.waitFor('Отчёт № 0001 принят')
  })

  it('words do the same as a button, and can be undone', async () => {
    await givenTasks(stage, [{ title: 'Провести педагогический совет', dueOn: '2026-03-05' }])
    await stage.passTo('2026-03-02T06:30:00Z')
    const reminder = await stage.head.waitFor('Напоминаю о задаче')
    await stage.head.send('провели вчера, были 24 педагога', { replyTo: reminder })
    const receipt = await stage.head.waitFor('Записал № 0001')
    expect(receipt.text).toContain('24 педагога')
    expect(receipt.text).toContain('1 марта')
    await stage.head.tap(receipt, 'Отменить')
    const card = await stage.head.waitFor(/не начата/)
    expect(card.text).toContain('Провести педагогический совет')
  })

  it('a button pressed twice is one effect', async () => {
    await givenTasks(stage, [{ title: 'Провести педагогический совет', dueOn: '2026-03-05' }])
    await stage.passTo('2026-03-02T06:30:00Z')
    const reminder = await stage.head.waitFor('Напоминаю о задаче')
    const data = /^td:/
    const button = reminder.buttons.flat().find((candidate) => data.test(candidate.data ?? ''))
    await Promise.all([stage.head.forgeTap(reminder, button!.data!), stage.head.forgeTap(reminder, button!.data!)])
    await stage.settled()
    expect(stage.head.messages().filter((message) => message.text.includes('Записал №'))).toHaveLength(1)
    const events = await stage.app.engine.database.sql`select kind from task_events where kind = 'task-reported'`
    expect(events).toHaveLength(1)
  })

  it('the reminder of a slot comes once, however often the tick runs', async () => {
    await givenTasks(stage, [{ title: 'Провести педагогический совет', dueOn: '2026-03-05' }])
    await stage.passTo('2026-03-02T06:30:00Z')
    await Promise.all([stage.app.tick(), stage.app.tick()])
    await stage.settled()
    expect(stage.head.messages().filter((message) => message.text.includes('Напоминаю'))).toHaveLength(1)
  })

  it('on Monday the curator gets the digest, with a way down to the task', async () => {
    await givenTasks(stage, [{ title: 'Провести педагогический совет', dueOn: '2026-03-05', schools: [2] }])
    await stage.passTo('2026-03-09T20:00:00Z') // Monday the 9th is a day off
    expect(stage.curator.messages().filter((message) => message.text.includes('Сводка по вашим школам'))).toHaveLength(
      1,
    )
    await stage.passTo('2026-03-10T07:00:00Z')
    const digests = stage.curator.messages().filter((message) => message.text.includes('Сводка по вашим школам'))
    expect(digests).toHaveLength(2)
    expect(digests[1]!.text).toContain('просрочено: 3')
    await stage.curator.tap(digests[1]!, /Школа № 1/)
    const card = await stage.curator.waitFor(/Отчитывается: Орлова/)
    await stage.curator.tap(card, '1')
    await stage.curator.waitFor(/Ожидаемый результат: Протокол/)
  })
})
