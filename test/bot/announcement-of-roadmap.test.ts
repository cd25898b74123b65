import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as buttons from '../../src/bot/buttons-announcements.ts'
import { activities, roadmaps, tasks } from '../../src/db/schema/index.ts'
import { at, day } from '../support/builders.ts'
import { aWorld, CAST, type World } from '../support/people.ts'

let world: World
let activityId: number
let taskId: number
beforeAll(async () => {
  world = await aWorld()
  await world.database.asSystem(async (tx) => {
    const { municipalityId } = world
    const [roadmap] = await tx
      .insert(roadmaps)
      .values({
        municipalityId,
        title: 'Дорожная карта',
        periodFrom: day('2026-01-01'),
        periodTo: day('2026-12-31'),
        state: 'published',
        createdAt: world.clock.now,
        publishedAt: world.clock.now,
      })
      .returning()
    const [activity] = await tx
      .insert(activities)
      .values({
        municipalityId,
        roadmapId: roadmap!.id,
        position: 0,
        number: '2.1',
        section: 'Кадры',
        title: 'Круглый стол по <новым> программам',
        deadlineText: 'март',
        schedule: { kind: 'fixed', windows: [{ from: '2026-03-01', due: '2026-03-31' }], ambiguous: false },
        responsibleText: 'Управление',
        executors: ['municipal'],
        expectedResult: 'Список участников',
      })
      .returning()
    activityId = activity!.id
    const [task] = await tx
      .insert(tasks)
      .values({
        municipalityId,
        activityId,
        organizationId: world.departmentId,
        windowFrom: day('2026-03-01'),
        windowDue: day('2026-03-31'),
        dueOn: day('2026-03-31'),
        updatedAt: world.clock.now,
      })
      .returning()
    taskId = task!.id
  })
})
afterAll(() => world.database.close())

describe('an activity of the roadmap', () => {
  it('becomes an announcement, and the list of who came becomes the evidence of its task', async () => {
    const { bot } = world
    const chat = CAST.olga.chat
    await bot.press(chat, buttons.announceActivity(activityId))
    const hint = await bot.words(chat)
    expect(hint).toContain('Срок по карте')
    expect(hint).toContain('Круглый стол по &lt;новым&gt; программам')
    await bot.tap(chat, 'Когда')
    await bot.write(chat, '12 марта в 14')
    expect(await bot.words(chat)).toContain('12 марта, 14:00–15:00')
    const [draft] = await world.database.sql<{ id: number }[]>`select id::int from announcements`
    const id = draft!.id
    await bot.press(chat, buttons.markAudience(id, 'roles', 2, 0))
    await bot.press(chat, buttons.sendAnnouncement(id, 0))
    for (const person of [CAST.pyotr, CAST.anna]) await bot.press(person.chat, buttons.answerYes(id, 1))

    world.clock.now = at('2026-03-12T08:30:00Z')
    const [meeting] = await world.database.sql<{ id: number }[]>`select id::int from announcement_meetings`
    await bot.press(chat, buttons.attachParticipants(id))
    expect(await world.database.sql`select from evidence`).toHaveLength(0)
    await bot.press(chat, buttons.markAllPromised(meeting!.id))
    expect(await bot.words(chat)).toContain('Отмечено: 2')
    await bot.press(chat, buttons.attachParticipants(id))
    expect(await bot.words(chat)).toContain('Список участников приложен к задаче')
    await bot.tap(chat, 'Готово, выполнена')
    const [task] = await world.database.sql`select state from tasks where id = ${taskId}`
    expect(task?.state).toBe('reported')
    await bot.press(chat, buttons.attachParticipants(id))
    await bot.press(chat, buttons.attachParticipants(id))
    expect(await world.database.sql`select file_name, state from evidence`).toEqual([
      { file_name: 'Участники.xlsx', state: 'stored' },
    ])
  })
})
