import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { VisibleMessage } from '../../src/sandbox/sandbox.ts'
import { aPhoto, cleanSlate, givenReminded, givenTasks, openStage, type Stage, stateOf } from '../support/stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage('2026-03-02T05:00:00Z') // Monday, 8:00 in Moscow
})
afterAll(() => stage.close())
beforeEach(() => cleanSlate(stage))

const labels = (message: VisibleMessage) => message.buttons.flat().map((button) => button.label)
const council = { title: 'Провести педагогический совет', dueOn: '2026-03-05', needsEvidence: true }
const chart = { title: 'Заполнить карту рисков школы', dueOn: '2026-03-06', needsEvidence: true }
const questions = () => stage.head.messages().filter((message) => message.text.includes('К какой задаче')).length
const bytes = (size: number) => Buffer.alloc(size, 7)

async function piecesOf(
  taskId: number | undefined,
): Promise<{ kind: string; state: string; caption: string | null }[]> {
  return stage.app.engine.database.sql`
    select e.kind, e.state, e.caption from evidence e join reports r on r.id = e.report_id
     where r.task_id = ${taskId ?? 0} order by e.message_id`
}

describe('a photo that comes before the words', () => {
  it('opens the basket of the one task reminded of; «готово» closes it', async () => {
    const [id] = await givenTasks(stage, [council, chart])
    await givenReminded(stage, [id!])
    await stage.head.sendPhoto(await aPhoto(10))
    const basket = await stage.head.waitFor('Получил: 1 файл')
    expect(labels(basket)).toEqual(['Это всё', 'Другая задача'])
    await stage.head.send('готово')
    await stage.head.waitFor(/Принято № \d+: 1 файл/)
    await stage.settled()
    expect(stage.head.message(basket)!.buttons).toEqual([])
    expect(await stateOf(stage, id)).toBe('reported')
  })

  it('can be moved to another task, words and all', async () => {
    const [id, other] = await givenTasks(stage, [council, chart])
    await givenReminded(stage, [id!])
    await stage.head.sendPhoto(await aPhoto(20), 'готово, 18 учителей')
    const receipt = await stage.head.waitFor(/Принято № \d+: 1 файл[\s\S]*18 учителей/)
    expect(await stateOf(stage, id)).toBe('reported')
    await stage.head.tap(receipt, 'Отменить')
    await stage.head.waitFor('не начата')
    expect(await stateOf(stage, id)).toBe('planned')
    await cleanSlate(stage)

    const [third, fourth] = await givenTasks(stage, [council, chart])
    await givenReminded(stage, [third!])
    await stage.head.sendPhoto(await aPhoto(30))
    await stage.head.tap(await stage.head.waitFor('Получил: 1 файл'), 'Другая задача')
    await stage.head.tap(await stage.head.waitFor('Получил 1 файл. К какой задаче'), /карту рисков/)
    await stage.head.tap(await stage.head.waitFor(/карту рисков[\s\S]*Получил: 1 файл/), 'Это всё')
    await stage.head.waitFor(/Принято № \d+: 1 файл/)
    expect(await stateOf(stage, third)).toBe('planned')
    expect(await stateOf(stage, fourth)).toBe('reported')
    expect(other).toBeDefined()
  })
})

describe('an album', () => {
  it('of ten with the words under the third picture is one set, and one receipt', async () => {
    const [id] = await givenTasks(stage, [council, chart])
    await givenReminded(stage, [id!])
    const parts = await Promise.all(
      Array.from({ length: 10 }, async (_, n) => ({
        kind: 'photo' as const,
        bytes: await aPhoto(40 + n * 3),
        ...(n === 2 ? { caption: 'Провели 1 марта, 24 педагога' } : {}),
      })),
    )
    await stage.head.sendAlbum(parts)
    await stage.head.tap(await stage.head.waitFor('Получил: 10 файлов'), 'Это всё')
    const receipt = await stage.head.waitFor(/Принято № \d+: 10 файлов/)
    expect(receipt.text).toContain('24 педагога')
    expect(receipt.text).toContain('1 марта')
    expect(await piecesOf(id)).toHaveLength(10)
    expect(await stateOf(stage, id)).toBe('reported')
    const asked = await stage.curator.waitFor(/10 файлов/)
    expect(labels(asked)).toContain('Принять')
  })

  it('whose parts come seconds apart, the last ones after the task was chosen, is asked about once and ends in one basket', async () => {
    const [first, second] = await givenTasks(stage, [council, chart])
    await givenReminded(stage, [first!, second!])
    const before = questions()
    await stage.head.sendPhoto(await aPhoto(80), undefined, { albumId: 'slow' })
    await stage.head.waitFor('Получил 1 файл. К какой задаче')
    await stage.head.sendPhoto(await aPhoto(85), undefined, { albumId: 'slow' })
    const question = await stage.head.waitFor('Получил 2 файла. К какой задаче')
    expect(questions() - before).toBe(1)
    await stage.head.tap(question, /педагогический/)
    await stage.head.waitFor(/Получил: 2 файла/)
    stage.sleepUntil('2026-03-02T05:00:11Z')
    await stage.head.sendPhoto(await aPhoto(90), undefined, { albumId: 'slow' })
    const basket = await stage.head.waitFor(/Получил: 3 файла/)
    expect(basket.id).toBe(question.id)
    await stage.head.tap(basket, 'Это всё')
    await stage.head.waitFor(/Принято № \d+: 3 файла/)
    expect(await piecesOf(first)).toHaveLength(3)
    expect(await piecesOf(second)).toHaveLength(0)
  })

  it('has the same end in whatever order its parts and «готово» come', async () => {
    const [id] = await givenTasks(stage, [council])
    await givenReminded(stage, [id!])
    stage.sandbox.faults.holdUpdates()
    await stage.head.sendPhoto(await aPhoto(100), undefined, { albumId: 'mixed' })
    await stage.head.sendPhoto(await aPhoto(105), undefined, { albumId: 'mixed' })
    await stage.head.send('готово')
    stage.sandbox.faults.releaseUpdates((held) => [...held].reverse())
    const waiting = await stage.head.waitFor(/Это всё|Принято|Осталось|Получил: 2/)
    expect(waiting).toBeDefined()
    await stage.settled()
    if ((await stateOf(stage, id)) !== 'reported')
      await stage.head.tap(await stage.head.waitFor('Получил: 2 файла'), 'Это всё')
    await stage.head.waitFor(/Принято № \d+: 2 файла/)
    expect(await stateOf(stage, id)).toBe('reported')
  })
})

describe('what else a phone sends', () => {
  it('a voice note, a forwarded picture, a file without a name, an archive: all are kept', async () => {
    const [id] = await givenTasks(stage, [council])
    await givenReminded(stage, [id!])
    await stage.head.sendVoice(bytes(2000), { duration: 3 })
    await stage.head.waitFor('Получил: 1 файл')
    await stage.head.sendDocument(bytes(500), '')
    const basket = await stage.head.waitFor('Получил: 2 файла')
    const forwarded = await stage.head.sendPhoto(await aPhoto(120))
    await stage.head.waitFor('Получил: 3 файла')
    await stage.head.forward(forwarded)
    await stage.head.waitFor('Получил: 4 файла')
    await stage.head.tap(basket, 'Это всё')
    await stage.head.waitFor(/Принято № \d+: 4 файла/)
    expect((await piecesOf(id)).map((piece) => piece.kind)).toEqual(['voice', 'document', 'photo', 'photo'])
    await stage.curator.waitFor(/4 файла/)
  })

  it('a link is evidence', async () => {
    const [id] = await givenTasks(stage, [council])
    await givenReminded(stage, [id!])
    await stage.head.send('https://school1.example/news/42')
    await stage.head.waitFor(/Принято № \d+: 1 файл|Принято № \d+: 1 ссылка/)
    expect(await stateOf(stage, id)).toBe('reported')
    await stage.curator.waitFor('https://school1.example/news/42')
  })

  it('a file over 20 MB gets a clear word, and nothing is marked', async () => {
    const [id] = await givenTasks(stage, [council])
    await givenReminded(stage, [id!])
    await stage.head.sendDocument(bytes(20 * 1024 * 1024 + 1), 'видео.mp4')
    const word = await stage.head.waitFor('больше 20 МБ')
    expect(word.text).toContain('ссылку')
    expect(await stateOf(stage, id)).toBe('planned')
  })

  it('a file that cannot be fetched is asked for again; the task is not marked before it is there', async () => {
    const [id] = await givenTasks(stage, [{ ...council, needsEvidence: false }])
    await givenReminded(stage, [id!])
    stage.sandbox.faults.next(
      400,
      { ok: false, error_code: 400, description: 'Bad Request: file is too big' },
      { method: 'getFile' },
    )
    await stage.head.sendPhoto(await aPhoto(130), 'готово')
    const word = await stage.head.waitFor('Не смог сохранить файл')
    expect(word.replyTo).not.toBeNull()
    await stage.settled()
    expect(await stateOf(stage, id)).not.toBe('reported')
    await stage.head.sendPhoto(await aPhoto(130))
    await stage.head.tap(await stage.head.waitFor('Получил: 1 файл'), 'Это всё')
    await stage.head.waitFor(/Принято № \d+: 1 файл/)
    expect(await stateOf(stage, id)).toBe('reported')
  })

  it('an edited caption is followed', async () => {
    const [id] = await givenTasks(stage, [council])
    await givenReminded(stage, [id!])
    const photo = await stage.head.sendPhoto(await aPhoto(140), 'были 10 педагогов')
    await stage.head.waitFor('Получил: 1 файл')
    await stage.head.edit(photo, 'были 12 педагогов')
    await stage.settled()
    const [report] = await stage.app.engine.database.sql`select numbers from reports where task_id = ${id!}`
    expect(report!.numbers).toEqual([{ value: 12, of: 'педагогов' }])
    expect((await piecesOf(id))[0]!.caption).toBe('были 12 педагогов')
  })
})

describe('«Неразобранное»', () => {
  it('keeps what has no task, and «Что я отправил» lets it be placed later', async () => {
    const [first] = await givenTasks(stage, [council, chart])
    await stage.head.sendPhoto(await aPhoto(150))
    await stage.head.tap(await stage.head.waitFor('Получил 1 файл. К какой задаче'), 'Решу позже')
    await stage.head.waitFor('Неразобранном')
    await stage.head.send('/sent')
    const sent = await stage.head.waitFor(/Что я отправил[\s\S]*Неразобранное: 1 файл/)
    await stage.head.tap(sent, 'Разобрать')
    await stage.head.tap(await stage.head.waitFor('К какой задаче'), /педагогический/)
    await stage.head.tap(await stage.head.waitFor('Получил: 1 файл'), 'Это всё')
    await stage.head.waitFor(/Принято/)
    expect(await stateOf(stage, first)).toBe('reported')
  })

  it('«Что я отправил» tells what became of each', async () => {
    const [first, second] = await givenTasks(stage, [
      { ...council, needsEvidence: false },
      { ...chart, needsEvidence: false },
    ])
    await stage.head.send('/tasks')
    const list = await stage.head.waitFor('Мои задачи')
    await stage.head.tap(list, '1')
    await stage.head.tap(await stage.head.waitFor(/педагогический совет[\s\S]*Срок/), 'Готово')
    await stage.curator.tap(await stage.curator.waitFor(/отчёт № [\s\S]*педагогический/), 'Принять')
    await stage.head.waitFor('принят')
    await stage.head.send('/tasks')
    await stage.head.tap(await stage.head.waitFor(/Мои задачи[\s\S]*карту/), '1')
    await stage.head.tap(await stage.head.waitFor(/карту рисков школы[\s\S]*Срок/), 'Готово')
    await stage.settled()
    await stage.head.send('/sent')
    const sent = await stage.head.waitFor('Что я отправил')
    expect(sent.text).toMatch(/карту рисков[^\n]*ждёт проверки/)
    expect(sent.text).toMatch(/педагогический совет[^\n]*принят/)
    expect([await stateOf(stage, first), await stateOf(stage, second)]).toEqual(['accepted', 'reported'])
  })
})
