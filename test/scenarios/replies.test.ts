import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { VisibleMessage } from '../../src/sandbox/sandbox.ts'
import { cleanSlate, givenReminded, givenTasks, openStage, type Stage, stateOf } from '../support/stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage('2026-03-02T05:00:00Z') // Monday, 8:00 in Moscow
})
afterAll(() => stage.close())
beforeEach(() => cleanSlate(stage))

const labels = (message: VisibleMessage) => message.buttons.flat().map((button) => button.label)
const states = (ids: number[]) => Promise.all(ids.map((id) => stateOf(stage, id)))
const botMessages = () => stage.head.messages().filter((message) => message.from === 'bot').length

describe('words without a reply', () => {
  it('are about the one task that is open and was reminded of; the receipt offers the way back and another task', async () => {
    const [one, other] = await givenTasks(stage, [
      { title: 'Провести педагогический совет', dueOn: '2026-03-05' },
      { title: 'Заполнить карту рисков школы', dueOn: '2026-05-05' },
    ])
    await givenReminded(stage, [one!])
    await stage.head.send('готово')
    const receipt = await stage.head.waitFor(/Записал №/)
    expect(labels(receipt)).toEqual(['Отменить', 'Добавить файлы', 'Другая задача'])
    expect(await states([one!, other!])).toEqual(['reported', 'planned'])

    await stage.head.tap(receipt, 'Другая задача')
    const question = await stage.head.waitFor('О какой задаче речь?')
    expect(labels(question)).toEqual([expect.stringContaining('Заполнить карту рисков')])
    await stage.head.tap(question, /Заполнить карту/)
    await stage.head.waitFor(/Записал №[\s\S]*карту рисков/)
    expect(await states([one!, other!])).toEqual(['planned', 'reported'])
  })

  it('that speak of another task than the one reminded of are asked about', async () => {
    const [reminded, spokenOf] = await givenTasks(stage, [
      { title: 'Провести педагогический совет', dueOn: '2026-03-05' },
      { title: 'Заполнить карту рисков школы', dueOn: '2026-05-05' },
    ])
    await givenReminded(stage, [reminded!])
    await stage.head.send('карту рисков заполнили')
    const question = await stage.head.waitFor('О какой задаче речь?')
    expect(labels(question)[0]).toContain('Заполнить карту рисков')
    expect(await states([reminded!, spokenOf!])).toEqual(['planned', 'planned'])
  })

  it('ask where several fit, the best fitting first, then do what they said', async () => {
    const ids = await givenTasks(stage, [
      { title: 'Провести педагогический совет', dueOn: '2026-03-05' },
      { title: 'Организовать мониторинг посещаемости', dueOn: '2026-03-06' },
      { title: 'Заполнить карту рисков школы', dueOn: '2026-05-05' },
    ])
    await givenReminded(stage, ids.slice(0, 2))
    await stage.head.send('мониторинг провели 1 марта, 120 учеников')
    const question = await stage.head.waitFor('О какой задаче речь?')
    expect(labels(question).map((label) => label.split(' · ')[1])).toEqual([
      'Организовать мониторинг посещаемости',
      'Провести педагогический совет',
      'Заполнить карту рисков школы',
    ])
    await stage.head.tap(question, /мониторинг/)
    const receipt = await stage.head.waitFor(/Записал №[\s\S]*мониторинг/)
    expect(receipt.text).toContain('1 марта')
    expect(receipt.text).toContain('120 учеников')
    expect(await states(ids)).toEqual(['planned', 'reported', 'planned'])
  })

  it('of thanks change nothing', async () => {
    const ids = await givenTasks(stage, [{ title: 'Провести педагогический совет', dueOn: '2026-03-05' }])
    await givenReminded(stage, ids)
    await stage.head.send('спасибо, принято')
    await stage.head.waitFor('Спасибо, что написали')
    expect(await states(ids)).toEqual(['planned'])
  })
})

describe('a reply to a reminder of eight tasks', () => {
  const titles = [
    'Провести педагогический совет',
    'Заполнить карту рисков',
    'Сдать справку о посещаемости',
    'Назначить наставников',
    'Провести родительское собрание',
    'Собрать анкеты учителей',
    'Обновить страницу сайта',
    'Утвердить расписание занятий',
  ]

  it('names tasks by number, each part does its own, and the reminder shows it', async () => {
    const ids = await givenTasks(
      stage,
      titles.map((title) => ({ title, dueOn: '2026-03-05' })),
    )
    await stage.passTo('2026-03-02T06:01:00Z')
    const reminder = await stage.head.waitFor('Напоминаю: 8 задач')
    const before = botMessages()
    await stage.head.send('1 и 3 готово, по 2 нужна помощь', { replyTo: reminder })
    await stage.head.waitFor(/не получается/)
    await stage.settled()
    expect(await states(ids.slice(0, 4))).toEqual(['reported', 'blocked', 'reported', 'planned'])
    expect(botMessages() - before).toBe(3)
    const now = stage.head.message(reminder)!
    expect(now.text).toContain('отчёт отправлен')
    expect(labels(now)).not.toContain('✅ 1. Готово')
    expect(labels(now)).toContain('✅ 4. Готово')
    await stage.curator.waitFor(/не получается[\s\S]*карту рисков/)

    await stage.head.send('готово', { replyTo: reminder })
    await stage.head.waitFor('О какой задаче речь?')

    await stage.head.tap(reminder, '4. Подробнее')
    await stage.head.waitFor(/Назначить наставников[\s\S]*Срок/)
    expect(stage.head.message(reminder)!.text).toContain('Напоминаю: 8 задач')

    await stage.head.tap(reminder, '✅ 5. Готово')
    await stage.head.waitFor(/Записал №[\s\S]*собрание/)
    const again = await stage.head.forgeTap(
      reminder,
      reminder.buttons.flat().find(({ label }) => label === '✅ 5. Готово')!.data!,
    )
    expect((await again.answered())?.text).toContain('Уже отмечено')
  })
})

describe('an old button', () => {
  it('still means what it says while the task is open, and nothing twice', async () => {
    const [id] = await givenTasks(stage, [{ title: 'Провести педагогический совет', dueOn: '2026-03-06' }])
    await stage.passTo('2026-03-03T06:01:00Z')
    const reminder = await stage.head.waitFor('Напоминаю о задаче')
    const done = reminder.buttons.flat().find(({ label }) => label === 'Готово')!.data!
    await stage.head.tap(reminder, 'В работе')
    await stage.head.waitFor('в работе')
    await stage.head.forgeTap(reminder, done)
    const receipt = await stage.head.waitFor(/Записал №/)
    await stage.head.tap(receipt, 'Отменить')
    await stage.head.waitFor('в работе')
    const tap = await stage.head.forgeTap(reminder, done)
    expect((await tap.answered())?.text).toContain('задача изменилась')
    expect(await stateOf(stage, id)).toBe('in_progress')
  })
})

describe('an edited message is followed', () => {
  it('words that were not understood are read anew; a report gets the new words; what is no longer done is undone', async () => {
    const [id] = await givenTasks(stage, [{ title: 'Провести педагогический совет', dueOn: '2026-03-05' }])
    await givenReminded(stage, [id!])
    const mine = await stage.head.send('были 20 педагогов')
    await stage.head.waitFor('Правильно ли я понял?')
    await stage.head.edit(mine, 'провели, были 20 педагогов')
    await stage.head.waitFor(/Записал №[\s\S]*20 педагогов/)
    await stage.head.edit(mine, 'провели, были 24 педагога')
    await stage.head.waitFor('Исправил в отчёте')
    const [report] = await stage.app.engine.database
      .sql`select comment, numbers from reports where task_id = ${id!} and state = 'submitted'`
    expect(report).toMatchObject({ comment: 'провели, были 24 педагога', numbers: [{ value: 24, of: 'педагога' }] })
    await stage.head.edit(mine, 'ещё не провели')
    await stage.head.waitFor(/отчёт № \d+ я отменил/)
    expect(await stateOf(stage, id)).toBe('planned')
  })

  it('keeps what other messages said of the same task', async () => {
    const [id] = await givenTasks(stage, [{ title: 'Провести педагогический совет', dueOn: '2026-03-05' }])
    await givenReminded(stage, [id!])
    const mine = await stage.head.send('провели, были 20 педагогов')
    const receipt = await stage.head.waitFor(/Записал №/)
    await stage.head.send('протокол на https://school.example/protocol', { replyTo: receipt })
    await stage.head.waitFor(/Дописал в отчёт №/)
    await stage.head.edit(mine, 'провели, были 24 педагога')
    await stage.head.waitFor('Исправил в отчёте')
    const [report] = await stage.app.engine.database
      .sql`select comment, numbers, links from reports where task_id = ${id!}`
    expect(report).toEqual({
      comment: 'провели, были 24 педагога\nпротокол на https://school.example/protocol',
      numbers: [{ value: 24, of: 'педагога' }],
      links: ['https://school.example/protocol'],
    })
  })

  it('more words about a report go into it', async () => {
    const [id] = await givenTasks(stage, [{ title: 'Провести педагогический совет', dueOn: '2026-03-05' }])
    await givenReminded(stage, [id!])
    await stage.head.send('готово')
    const receipt = await stage.head.waitFor(/Записал №/)
    await stage.head.send('присутствовали 18 учителей', { replyTo: receipt })
    await stage.head.waitFor(/Дописал в отчёт №/)
    expect(await stateOf(stage, id)).toBe('reported')
  })
})

describe('what stands in the way', () => {
  it('is told to the curator at once, by a ready reason or in words', async () => {
    const [id] = await givenTasks(stage, [{ title: 'Провести педагогический совет', dueOn: '2026-03-06' }])
    await stage.passTo('2026-03-03T06:20:00Z')
    await givenReminded(stage, [id!])
    await stage.head.send('не получается: нет учителя физики')
    await stage.head.waitFor(/не получается[\s\S]*нет учителя физики/)
    const told = await stage.curator.waitFor(/нет учителя физики/)
    expect(told.text).toContain('Орлова Мария Петровна')
    await stage.curator.tap(told, 'Открыть задачу')
    const card = await stage.curator.waitFor('Мешает: нет учителя физики')
    await stage.curator.tap(card, 'Взять на себя')
    await stage.head.waitFor('берёт на себя')
    await stage.curator.send('/tasks')
    await stage.curator.waitFor(/Мои задачи[\s\S]*педагогический совет/)
    await stage.curator.send('готово')
    const question = await stage.curator.waitFor('О какой задаче речь?')
    await stage.curator.tap(question, /педагогический/)
    await stage.curator.waitFor(/Записал №/)
    expect(await stateOf(stage, id)).toBe('reported')
  })

  it('«не для нас» takes the task off and can be undone', async () => {
    const [id] = await givenTasks(stage, [{ title: 'Провести пробный экзамен в 11 классе', dueOn: '2026-03-06' }])
    await givenReminded(stage, [id!])
    await stage.head.send('у нас нет 11 класса')
    const taken = await stage.head.waitFor('Снял задачу')
    await stage.curator.waitFor(/сняла задачу/)
    await stage.head.tap(taken, 'Отменить')
    await stage.head.waitFor(/не начата/)
    expect(await stateOf(stage, id)).toBe('planned')
  })
})

describe('a later day', () => {
  it('is asked for in words, granted by the curator with one tap, and the head hears', async () => {
    const [id] = await givenTasks(stage, [{ title: 'Провести педагогический совет', dueOn: '2026-03-06' }])
    await givenReminded(stage, [id!])
    await stage.head.send('не успеваем, перенесите на 20 апреля')
    await stage.head.waitFor('Попросил куратора перенести срок на 20 апреля')
    const asked = await stage.curator.waitFor('просит перенести срок')
    await stage.curator.tap(asked, 'Перенести на 20 апреля')
    await stage.curator.waitFor('Перенесено на 20 апреля')
    await stage.head.waitFor('Срок перенесён на 20 апреля')
    const [task] = await stage.app.engine.database.sql`select due_on::text from tasks where id = ${id!}`
    expect(task!.due_on).toBe('2026-04-20')
    const twice = await stage.curator.forgeTap(asked, asked.buttons.flat()[1]!.data!)
    expect((await twice.answered())?.text).toContain('уже ответили')
  })

  it('is asked for with buttons and refused; the old day stands', async () => {
    const [id] = await givenTasks(stage, [{ title: 'Провести педагогический совет', dueOn: '2026-03-06' }])
    await stage.head.send('/tasks')
    const list = await stage.head.waitFor(/Мои задачи/)
    await stage.head.tap(list, '1')
    const card = await stage.head.waitFor('Срок: 6 марта')
    await stage.head.tap(card, 'Перенести срок')
    await stage.head.waitFor('До какого дня')
    await stage.head.send('на неделю')
    await stage.head.waitFor('Попросил куратора')
    const asked = await stage.curator.waitFor('просит перенести срок')
    await stage.curator.tap(asked, 'Отказать')
    await stage.head.waitFor('Срок не перенесён, остаётся 6 марта')
    const [task] = await stage.app.engine.database.sql`select due_on::text from tasks where id = ${id!}`
    expect(task!.due_on).toBe('2026-03-06')
  })

  it('«Напомнить позже» moves no date: nothing before the day chosen, then the task comes again', async () => {
    const [id] = await givenTasks(stage, [{ title: 'Провести педагогический совет', dueOn: '2026-03-16' }])
    await stage.head.send('/tasks')
    await stage.head.tap(await stage.head.waitFor(/Мои задачи/), '1')
    await stage.head.tap(await stage.head.waitFor('Срок: 16 марта'), 'Напомнить позже')
    await stage.head.tap(await stage.head.waitFor('Когда напомнить'), /В начале недели/)
    await stage.head.waitFor('Хорошо, напомню вт, 10 марта') // Monday the 9th is a day off
    await stage.passTo('2026-03-10T05:59:00Z')
    const reminders = () =>
      stage.head
        .messages()
        .filter((message) => message.text.includes('Напоминаю о задаче') && message.text.includes('16 марта')).length
    expect(reminders()).toBe(0)
    await stage.passTo('2026-03-10T06:01:00Z')
    expect(reminders()).toBe(1)
    expect(await stateOf(stage, id)).toBe('planned')
  })
})
