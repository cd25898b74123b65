import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { PersonInChat, VisibleMessage } from '../../src/sandbox/sandbox.ts'
import { aPhoto, cleanSlate, givenTasks, openStage, type Stage, stateOf } from '../support/stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage('2026-03-02T05:00:00Z') // Monday, 8:00 in Moscow
})
afterAll(() => stage.close())
beforeEach(() => cleanSlate(stage))

const labels = (message: VisibleMessage) => message.buttons.flat().map((button) => button.label)
const heard = (person: PersonInChat) => person.messages().filter((message) => message.from === 'bot').length

/** The head of the first school reports everything that is open, with «Готово» on each card. */
async function reportAll(titles: string[]): Promise<void> {
  for (const title of titles) {
    await stage.head.send('/tasks')
    const list = await stage.head.waitFor('Мои задачи')
    await stage.head.tap(list, '1')
    await stage.head.tap(
      await stage.head.waitFor((message) => message.text.includes(title) && message.text.includes('Срок')),
      'Готово',
    )
    await stage.head.waitFor(/Записал №/)
  }
  await stage.settled()
}

describe("the curator's queue", () => {
  const titles = ['Провести педагогический совет', 'Заполнить карту рисков', 'Сдать справку о посещаемости']

  it('goes on by itself from one report to the next: a tap for each', async () => {
    const ids = await givenTasks(
      stage,
      titles.map((title) => ({ title, dueOn: '2026-03-05' })),
    )
    await reportAll(titles)
    stage.curator.skipSeen()
    await stage.curator.send('/review')
    const first = await stage.curator.waitFor(/Ждут проверки: 3 отчёта[\s\S]*педагогический/)
    await stage.curator.tap(first, 'Принять')
    const second = await stage.curator.waitFor(/Ждут проверки: 2 отчёта[\s\S]*карту рисков/)

    await stage.curator.tap(second, 'Вернуть')
    const asked = await stage.curator.waitFor('Почему возвращаете?')
    expect(asked.id).toBe(second.id)
    await stage.curator.tap(asked, 'Нет подписи или печати')
    await stage.curator.waitFor(/Возвращено[\s\S]*карту рисков/)
    const returned = await stage.head.waitFor(/вернули на доработку[\s\S]*Нет подписи/)

    const third = await stage.curator.waitFor(/справку о посещаемости/)
    await stage.curator.tap(third, 'Вернуть')
    await stage.curator.waitFor('Почему возвращаете?')
    await stage.curator.send('Нужна справка за весь месяц, а не за неделю')
    await stage.curator.waitFor(/Возвращено[\s\S]*за весь месяц/)
    await stage.head.waitFor(/вернули на доработку[\s\S]*за весь месяц/)
    await stage.curator.waitFor('Проверять нечего')
    expect(await Promise.all(ids.map((id) => stateOf(stage, id)))).toEqual(['accepted', 'returned', 'returned'])

    await stage.head.tap(returned, 'Отправить снова')
    await stage.head.waitFor(/Пришлите сюда фото или документы/)
    await stage.head.sendPhoto(await aPhoto(5))
    await stage.head.tap(await stage.head.waitFor('Получил: 1 файл'), 'Это всё')
    await stage.head.waitFor(/Принято № \d+: 1 файл/)
    await stage.curator.waitFor(/отчёт № \d+[\s\S]*карту рисков/)
    expect(await stateOf(stage, ids[1])).toBe('reported')
  })

  it('a decision can be taken back; pressed twice it is one decision', async () => {
    const [id] = await givenTasks(stage, [{ title: 'Провести педагогический совет', dueOn: '2026-03-05' }])
    await reportAll(['педагогический'])
    const asked = await stage.curator.waitFor(/отчёт № /)
    const accept = asked.buttons.flat().find(({ label }) => label === 'Принять')!.data!
    await Promise.all([stage.curator.forgeTap(asked, accept), stage.curator.forgeTap(asked, accept)])
    await stage.settled()
    expect(stage.head.messages().filter((message) => /Отчёт № \d+ принят/.test(message.text)).length).toBeGreaterThan(0)
    const events = await stage.app.engine.database
      .sql`select from task_events where task_id = ${id!} and kind = 'task-accepted'`
    expect(events).toHaveLength(1)
    await stage.curator.tap(await stage.curator.waitFor('Принято:'), 'Отменить')
    await stage.settled()
    expect(await stateOf(stage, id)).toBe('reported')
  })

  it('after the review the head cannot undo any more', async () => {
    const [id] = await givenTasks(stage, [{ title: 'Провести педагогический совет', dueOn: '2026-03-05' }])
    await reportAll(['педагогический'])
    const receipt = stage.head.messages().findLast((message) => message.text.includes('Записал №'))!
    await stage.curator.tap(await stage.curator.waitFor(/отчёт № /), 'Принять')
    await stage.head.waitFor('принят')
    const tap = await stage.head.tap(receipt, 'Отменить')
    expect((await tap.answered())?.text).toContain('уже проверил')
    expect(await stateOf(stage, id)).toBe('accepted')
  })
})

describe('a question to the school', () => {
  it('is answered with a button or as a reply, and the answer is kept in the report', async () => {
    const [id] = await givenTasks(stage, [{ title: 'Провести педагогический совет', dueOn: '2026-03-05' }])
    await reportAll(['педагогический'])
    const report = await stage.curator.waitFor(/отчёт № /)
    await stage.curator.tap(report, 'Спросить')
    await stage.curator.waitFor('Что спросить')
    await stage.curator.send('Сколько учителей было?')
    await stage.curator.waitFor('Вопрос отправлен')
    const question = await stage.head.waitFor('Сколько учителей было?')
    await stage.head.tap(question, 'Ответить')
    await stage.head.waitFor('Напишите ответ')
    await stage.head.send('Были все 18, двое по видеосвязи')
    const answer = await stage.curator.waitFor(/Были все 18/)
    await stage.head.send('И завуч', { replyTo: question })
    await stage.curator.waitFor('И завуч')
    await stage.curator.tap(answer, 'Посмотреть отчёт')
    await stage.curator.waitFor(/отчёт № [\s\S]*Были все 18[\s\S]*И завуч/)
    expect(await stateOf(stage, id)).toBe('reported')
  })
})

describe('what the curator sees', () => {
  it('papers to tick off; a picture that was used before', async () => {
    const ids = await givenTasks(stage, [
      {
        title: 'Провести педагогический совет',
        dueOn: '2026-03-05',
        needsEvidence: true,
        papers: ['протокол', 'приказ'],
      },
      { title: 'Заполнить карту рисков', dueOn: '2026-03-06', needsEvidence: true },
    ])
    const picture = await aPhoto(77)
    for (const title of ['педагогический', 'карту']) {
      await stage.head.send('/tasks')
      await stage.head.tap(await stage.head.waitFor('Мои задачи'), '1')
      await stage.head.tap(await stage.head.waitFor(new RegExp(`${title}[^]*Срок`)), 'Готово')
      await stage.head.waitFor('Осталось подтвердить')
      await stage.head.sendPhoto(picture)
      await stage.head.tap(await stage.head.waitFor('Получил: 1 файл'), 'Это всё')
      await stage.head.waitFor('Принято')
    }
    const first = await stage.curator.waitFor(/отчёт № [\s\S]*педагогический/)
    expect(labels(first).slice(0, 2)).toEqual(['☐ протокол', '☐ приказ'])
    await stage.curator.tap(first, '☐ протокол')
    await stage.curator.waitFor((message) => labels(message).includes('☑ протокол'))
    await stage.curator.waitFor(/Такой же файл уже был в отчёте № \d+[\s\S]*педагогический/)
    expect(ids).toHaveLength(2)
  })

  it('all of a school is accepted at once, and the head hears once', async () => {
    const titles = ['Провести педагогический совет', 'Заполнить карту рисков', 'Сдать справку']
    const ids = await givenTasks(
      stage,
      titles.map((title) => ({ title, dueOn: '2026-03-05' })),
    )
    await reportAll(titles)
    await stage.curator.send('/schools')
    const summary = await stage.curator.waitFor('Сводка по вашим школам')
    await stage.curator.tap(summary, /Школа № 1/)
    const card = await stage.curator.waitFor('Отчитывается')
    const before = heard(stage.head)
    await stage.curator.tap(card, 'Принять все (3)')
    await stage.curator.tap(await stage.curator.waitFor('не открывая каждый'), 'Принять все (3)')
    await stage.curator.waitFor('Принято 3 отчёта')
    await stage.head.waitFor('Приняты 3 отчёта')
    await stage.settled()
    expect(heard(stage.head) - before).toBe(1)
    expect(await Promise.all(ids.map((id) => stateOf(stage, id)))).toEqual(['accepted', 'accepted', 'accepted'])
  })

  it('a note on a school is seen by curators and coordinators, never by the school', async () => {
    await givenTasks(stage, [{ title: 'Провести педагогический совет', dueOn: '2026-03-05' }])
    await stage.curator.send('/schools')
    await stage.curator.tap(await stage.curator.waitFor('Сводка по вашим школам'), /Школа № 1/)
    await stage.curator.tap(await stage.curator.waitFor('Отчитывается'), /Заметка/)
    await stage.curator.waitFor('Напишите заметку')
    await stage.curator.send('Новый завуч, звонить ему')
    await stage.curator.tap(await stage.curator.waitFor('Заметка записана'), /Назад/)
    await stage.curator.waitFor('Новый завуч, звонить ему')
    await stage.coordinator.send('/summary')
    await stage.coordinator.tap(await stage.coordinator.waitFor('Сводка: Заречный район'), /Школа № 1/)
    await stage.coordinator.waitFor('Новый завуч, звонить ему')
    expect(stage.head.messages().some((message) => message.text.includes('Новый завуч'))).toBe(false)
  })
})
