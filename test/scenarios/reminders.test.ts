import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { PersonInChat } from '../../src/sandbox/sandbox.ts'
import { enters } from '../support/people.ts'
import { cleanSlate, givenTasks, openStage, type Stage, stateOf } from '../support/stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage('2026-03-02T05:00:00Z') // Monday, 8:00 in Moscow
})
afterAll(() => stage.close())
beforeEach(() => cleanSlate(stage))

const sql = () => stage.app.engine.database.sql
const remindersOf = (person: PersonInChat) => person.messages().filter((message) => message.text.includes('Напоминаю'))

/** The program runs again at `instant`, whatever it missed. */
async function wakeAt(instant: string): Promise<void> {
  stage.sleepUntil(instant)
  await stage.app.tick()
  await stage.settled()
}

const task = (dueOn: string, more: object = {}) => ({ title: 'Провести педагогический совет', dueOn, ...more })

describe('one message for each person and slot', () => {
  it('with all that is due, however many tasks and roles', async () => {
    await givenTasks(stage, [task('2026-03-05'), task('2026-03-16'), task('2026-03-02')])
    await wakeAt('2026-03-02T06:01:00Z')
    expect(remindersOf(stage.head)).toHaveLength(1)
    expect(remindersOf(stage.head)[0]!.text).toContain('3 задачи')
    expect(remindersOf(stage.otherHead)).toHaveLength(0)
    await wakeAt('2026-03-02T10:00:00Z')
    expect(remindersOf(stage.head)).toHaveLength(1)
  })

  it('names nothing that was reported while it was being sent', async () => {
    const [id] = await givenTasks(stage, [task('2026-03-06')])
    const before = remindersOf(stage.head).length
    stage.sandbox.faults.next429(1, { chat: 1003, method: 'sendMessage' })
    stage.sleepUntil('2026-03-03T06:01:00Z')
    await stage.app.tick()
    const closed = async () => (await sql()`select from chat_paces where closed_until is not null`).length
    await expect.poll(closed).toBe(1)
    await sql()`update tasks set state = 'reported' where id = ${id!}`
    await sql()`update chat_paces set closed_until = null`
    await sql()`update deliveries set not_before = null where state = 'queued'`
    await stage.settled()
    expect(remindersOf(stage.head)).toHaveLength(before)
    const [row] = await sql()`select state from deliveries where reason = 'reminder' order by id desc limit 1`
    expect(row!.state).toBe('cancelled')
  })
})

describe('what was missed', () => {
  it('is made up the same day in working hours, and never at night', async () => {
    await givenTasks(stage, [task('2026-03-09'), task('2026-03-10')])
    const before = remindersOf(stage.head).length
    await wakeAt('2026-03-05T20:00:00Z') // 23:00 on the day before
    expect(remindersOf(stage.head)).toHaveLength(before)
    await wakeAt('2026-03-06T10:00:00Z') // 13:00
    expect(remindersOf(stage.head)).toHaveLength(before + 1)
  })

  it('in a week of downtime is one message, not seven', async () => {
    await givenTasks(stage, [task('2026-03-12'), task('2026-03-13'), task('2026-03-17'), task('2026-03-18')])
    const before = remindersOf(stage.head).length
    await wakeAt('2026-03-16T07:00:00Z')
    expect(remindersOf(stage.head)).toHaveLength(before + 1)
    expect(remindersOf(stage.head).at(-1)!.text).toContain('4 задачи')
  })

  it('in 26 hours over the digest is one digest', async () => {
    await givenTasks(stage, [task('2026-04-30')])
    const digests = () =>
      stage.curator.messages().filter((message) => message.text.includes('Сводка по вашим школам')).length
    await wakeAt('2026-03-20T10:00:00Z')
    const before = digests()
    await wakeAt('2026-03-24T08:30:00Z') // Tuesday: Monday's digest was missed
    await wakeAt('2026-03-25T08:30:00Z')
    expect(digests()).toBe(before + 1)
  })
})

describe('who is told', () => {
  it('a paused school is left alone, and reminded again afterwards', async () => {
    await givenTasks(stage, [task('2026-04-01'), task('2026-04-03')])
    await sql()`update organizations set paused_until = '2026-03-31' where id = (select min(id) from organizations where kind = 'school')`
    const before = remindersOf(stage.head).length
    await wakeAt('2026-03-27T06:01:00Z') // 3 working days before the 1st
    await wakeAt('2026-03-30T06:01:00Z')
    expect(remindersOf(stage.head)).toHaveLength(before)
    await wakeAt('2026-03-31T06:01:00Z')
    expect(remindersOf(stage.head)).toHaveLength(before + 1)
    await sql()`update organizations set paused_until = null`
  })

  it('a head who is away is replaced by the deputy, who can answer', async () => {
    const [id] = await givenTasks(stage, [task('2026-04-02')])
    const deputy = stage.sandbox.addPerson({
      id: 1010,
      firstName: 'Ольга',
      phone: '79000001010',
      role: 'Заместитель',
      colour: '#555',
    })
    await stage.app.engine.database.asSystem(async (tx) => {
      const [school] =
        await sql()`select min(id) as id, min(municipality_id) as municipality_id from organizations where kind = 'school'`
      await enters(tx, {
        chat: '1010',
        name: 'Тихая Ольга Ивановна',
        role: 'deputy',
        municipalityId: Number(school!.municipality_id),
        organizationIds: [Number(school!.id)],
        now: stage.now(),
      })
    })
    await deputy.start()
    await sql()`
      insert into absences (municipality_id, person_id, from_day, until_day, deputy_id, created_at)
      select a.municipality_id, a.person_id, '2026-04-01', '2026-04-10', d.person_id, now()
        from (select m.municipality_id, c.person_id from accounts c join memberships m using (person_id) where c.address = '1003') a,
             (select person_id from accounts where address = '1010') d`
    const before = remindersOf(stage.head).length
    await wakeAt('2026-04-02T06:01:00Z')
    expect(remindersOf(stage.head)).toHaveLength(before)
    const reminder = await deputy.waitFor('Напоминаю о задаче')
    await deputy.tap(reminder, 'Готово')
    await deputy.waitFor('Записал №')
    expect(await stateOf(stage, id)).toBe('reported')
  })

  it('overdue by 3 days the curator hears of it, by 14 the coordinator', async () => {
    await givenTasks(stage, [task('2026-04-13')])
    await sql()`delete from absences`
    const helpAsked = (person: PersonInChat) =>
      person.messages().filter((message) => message.text.includes('Школам нужна помощь')).length
    const before = [helpAsked(stage.curator), helpAsked(stage.coordinator)]
    for (const day of ['13', '14', '15']) await wakeAt(`2026-04-${day}T06:01:00Z`)
    expect([helpAsked(stage.curator), helpAsked(stage.coordinator)]).toEqual(before)
    await wakeAt('2026-04-16T06:01:00Z')
    expect([helpAsked(stage.curator), helpAsked(stage.coordinator)]).toEqual([before[0]! + 1, before[1]!])
    for (const day of ['20', '24', '27']) await wakeAt(`2026-04-${day}T06:01:00Z`)
    expect(helpAsked(stage.coordinator)).toBe(before[1]! + 1)
    const message = stage.curator.messages().findLast((one) => one.text.includes('Школам нужна помощь'))!
    await stage.curator.tap(message, /Школа № 1/)
    await stage.curator.waitFor(/педагогический совет[\s\S]*Срок: 13 апреля/)
  })

  it('continuous work is asked about once a quarter', async () => {
    await givenTasks(stage, [{ ...task('2026-12-31'), kind: 'ongoing' as const }])
    await sql()`update tasks set window_from = '2026-01-01' where due_on = '2026-12-31'`
    const asked = () =>
      remindersOf(stage.head).filter((message) => message.text.includes('расскажите, как идёт')).length
    const before = asked()
    for (const day of ['05-04', '05-18', '06-01', '06-02', '06-15', '07-01', '08-03', '09-01', '09-02'])
      await wakeAt(`2026-${day}T06:01:00Z`)
    expect(asked()).toBe(before + 2)
  })
})

describe('«Моя неделя»', () => {
  it('is pinned, silent, and edited in place as tasks change and days pass', async () => {
    const [id] = await givenTasks(stage, [task('2026-09-09')])
    await wakeAt('2026-09-07T06:01:00Z')
    const boards = () => stage.head.messages().filter((message) => message.text.includes('Моя неделя'))
    const board = boards().at(-1)!
    expect(board.isPinned).toBe(true)
    expect(board.text).toMatch(/На этой неделе[\s\S]*педагогический/)
    const count = boards().length
    await wakeAt('2026-09-10T06:01:00Z')
    expect(stage.head.message(board)!.text).toMatch(/Просрочено[\s\S]*педагогический/)
    await stage.head.tap(board, /Мои задачи/)
    await stage.head.waitFor(/Просрочено[\s\S]*1\. Провести/)
    expect(stage.head.message(board)!.text).toContain('Моя неделя')
    await sql()`update tasks set state = 'reported', updated_at = ${stage.now().toString()} where id = ${id!}`
    await wakeAt('2026-09-10T06:30:00Z')
    expect(stage.head.message(board)!.text).toContain('Открытых задач нет')
    expect(boards()).toHaveLength(count)
  })
})

describe('a head who blocked the bot', () => {
  it('is told of to the coordinator once', async () => {
    await givenTasks(stage, [task('2026-09-16'), task('2026-09-17')])
    await stage.head.block()
    await stage.settled()
    const told = () =>
      stage.coordinator.messages().filter((message) => message.text.includes('Бот больше не может написать')).length
    await wakeAt('2026-09-15T06:01:00Z')
    await wakeAt('2026-09-16T06:01:00Z')
    expect(told()).toBe(1)
    await stage.head.unblock()
    await stage.head.send('/tasks')
    await stage.head.waitFor('Мои задачи')
  })
})
