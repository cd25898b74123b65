import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import * as actions from '../../src/bot/buttons-council.ts'
import { endMembership } from '../../src/db/people.ts'
import { forgetPerson } from '../../src/db/personal-data.ts'
import { watchCouncil } from '../../src/jobs/watch-council.ts'
import { at } from '../support/builders.ts'
import { aWorld, CAST, enters, type World } from '../support/people.ts'

const { olga, pyotr, anna } = CAST
const EXPERT = '601'
const OTHER_EXPERT = '602'
const HARD = 'Можно ли провести конференцию по робототехнике вместе с соседним районом?'
const START = at('2026-03-10T04:00:00Z') // Tuesday, 10:00 in Omsk

let world: World
let expertId: number
let otherExpertId: number
beforeAll(async () => {
  world = await aWorld()
})
afterAll(() => world.database.close())

beforeEach(async () => {
  const { database, municipalityId, departmentId, clock } = world
  clock.now = START
  await database.sql`truncate questions, council_topics, council_groups, absences cascade`
  await database.sql`delete from deliveries`
  await database.sql`delete from dialogs`
  await database.sql`update accounts set state = 'reachable'`
  await database.asSystem(async (tx) => {
    const expert = { role: 'council' as const, municipalityId, organizationIds: [departmentId], now: clock.now }
    expertId = await enters(tx, { ...expert, chat: EXPERT, name: 'Громов Павел Андреевич' })
    otherExpertId = await enters(tx, { ...expert, chat: OTHER_EXPERT, name: 'Ясная Нина Львовна' })
  })
})

/** A head sends a question to the council; gives its id. */
async function asks(chat: string = pyotr.chat, words = HARD): Promise<number> {
  await world.bot.write(chat, words)
  await world.bot.tap(chat, /Спросить совет/)
  await world.bot.tap(chat, 'Отправить')
  const [row] = await world.database.sql<{ id: string }[]>`select max(id) as id from questions`
  return Number(row?.id)
}

/** Two replicas look after the council at `instant`. */
async function watchedAt(instant: string): Promise<void> {
  world.clock.now = at(instant)
  await Promise.all([
    watchCouncil(world.database, world.bot.services),
    watchCouncil(world.database, world.bot.services),
  ])
  await world.database
    .sql`update deliveries set state = 'sent', message_id = coalesce((content #>> '{target,messageId}')::bigint, id) where state = 'queued'`
}

/** What a chat got for a reason, as text. */
async function told(chat: string, reason: string): Promise<string[]> {
  const rows = await world.database.sql<{ text: string }[]>`
    select content #>> '{screen,text}' as text from deliveries where chat = ${chat} and reason = ${reason} order by id`
  return rows.map((row) => row.text)
}

async function questionState(questionId: number) {
  const [row] = await world.database.sql`select state, taker_id::int as taker from questions where id = ${questionId}`
  return row
}

async function leavesCouncil(personId: number): Promise<void> {
  const { database, municipalityId, departmentId, clock } = world
  await database.asSystem((tx) =>
    endMembership(tx, { municipalityId, personId, organizationId: departmentId, role: 'council', now: clock.now }),
  )
}

const blocks = (chat: string) => world.database.sql`update accounts set state = 'blocked' where address = ${chat}`

describe('a question whose expert is gone', () => {
  it('goes back to the others where the expert leaves the council, who hears nothing of it any more', async () => {
    const questionId = await asks()
    await world.bot.press(EXPERT, actions.takeQuestion(questionId))
    await leavesCouncil(expertId)
    await world.database.sql`delete from deliveries where chat = ${EXPERT}`
    await watchedAt('2026-03-10T04:05:00Z')
    expect(await questionState(questionId)).toEqual({ state: 'asked', taker: null })
    expect((await told(OTHER_EXPERT, 'question-asked')).at(-1)).toContain('Нажмите «Беру»')
    await watchedAt('2026-03-10T11:00:00Z')
    expect(await told(OTHER_EXPERT, 'question-waits')).not.toHaveLength(0)
    expect(await world.bot.everShown(EXPERT)).toEqual([])
    const events = await world.database.sql`select from question_events where kind = 'question-released'`
    expect(events).toHaveLength(1)
  })

  it('goes back to the others where the expert has blocked the bot', async () => {
    const questionId = await asks()
    await world.bot.press(EXPERT, actions.takeQuestion(questionId))
    await blocks(EXPERT)
    await watchedAt('2026-03-10T04:05:00Z')
    expect(await questionState(questionId)).toEqual({ state: 'asked', taker: null })
    expect(await told(OTHER_EXPERT, 'question-asked')).toHaveLength(2)
  })

  it('goes back to the others where the expert asked to be forgotten, and no card names them', async () => {
    const questionId = await asks()
    await world.bot.press(EXPERT, actions.takeQuestion(questionId))
    await world.database.asSystem((tx) =>
      forgetPerson(tx, { personId: expertId, askedBy: 'person', now: world.clock.now }),
    )
    await watchedAt('2026-03-10T04:05:00Z')
    const last = (await world.bot.everShown(OTHER_EXPERT)).at(-1)
    expect(last).toContain('Нажмите «Беру»')
    expect(last).not.toContain('Громов')
  })

  it('is put before everybody again when its expert gives it back', async () => {
    const questionId = await asks()
    await world.bot.press(EXPERT, actions.takeQuestion(questionId))
    await world.bot.press(EXPERT, actions.releaseQuestion(questionId))
    await world.bot.press(EXPERT, actions.releaseQuestion(questionId))
    expect(await told(OTHER_EXPERT, 'question-asked')).toHaveLength(2)
    expect(await told(EXPERT, 'question-asked')).toHaveLength(1)
  })

  it('handed over late is reminded of for its new expert, and told to the coordinator once more', async () => {
    const questionId = await asks()
    await watchedAt('2026-03-11T09:00:00Z') // Wednesday 15:00: sixteen working hours are not over
    await watchedAt('2026-03-12T04:00:00Z')
    expect(await told(olga.chat, 'question-escalated')).toHaveLength(1)
    await world.bot.press(olga.chat, actions.handOverTo(questionId, otherExpertId)) // Thursday 10:00
    await watchedAt('2026-03-12T07:59:00Z')
    const before = (await told(OTHER_EXPERT, 'question-waits')).length
    await watchedAt('2026-03-12T08:00:00Z') // four working hours later
    await watchedAt('2026-03-12T08:01:00Z')
    expect(await told(OTHER_EXPERT, 'question-waits')).toHaveLength(before + 1)
    await watchedAt('2026-03-17T08:59:00Z')
    expect(await told(olga.chat, 'question-escalated')).toHaveLength(1)
    await watchedAt('2026-03-17T09:00:00Z') // Tuesday 15:00, thirty-two working hours later
    expect(await told(olga.chat, 'question-escalated')).toHaveLength(2)
  })

  it('asked before a day off is reminded of when its working hours are over, in the zone of the municipality', async () => {
    world.clock.now = at('2026-03-06T11:00:00Z') // Friday, 17:00 in Omsk; Monday the 9th is off
    await asks()
    for (const quiet of [
      '2026-03-06T14:00:00Z',
      '2026-03-07T06:00:00Z',
      '2026-03-09T06:00:00Z',
      '2026-03-10T05:59:00Z',
    ])
      await watchedAt(quiet)
    expect(await told(EXPERT, 'question-waits')).toEqual([])
    await watchedAt('2026-03-10T06:00:00Z') // Tuesday, 12:00: an hour of Friday and three of Tuesday
    expect(await told(EXPERT, 'question-waits')).toHaveLength(1)
    expect(await told(OTHER_EXPERT, 'question-waits')).toHaveLength(1)
    expect(await told(world.other.chat, 'question-waits')).toEqual([])
  })
})

describe('a question that reaches nobody', () => {
  it('of a topic whose experts cannot be reached comes to the others', async () => {
    await world.bot.press(EXPERT, actions.toggleTopicOf(expertId, 'image'))
    await world.bot.press(OTHER_EXPERT, actions.toggleTopicOf(otherExpertId, 'quality'))
    await blocks(EXPERT)
    await world.bot.write(pyotr.chat, 'Какие значки раздать гостям на юбилей села?')
    await world.bot.tap(pyotr.chat, /Спросить совет/)
    await world.bot.tap(pyotr.chat, /Другая тема/)
    await world.bot.tap(pyotr.chat, 'Имидж школы')
    await world.bot.tap(pyotr.chat, 'Отправить')
    expect((await told(OTHER_EXPERT, 'question-asked')).join()).toContain('значки')
  })

  it('of a topic whose only expert is on leave comes to the others', async () => {
    const { database, municipalityId } = world
    await world.bot.press(EXPERT, actions.toggleTopicOf(expertId, 'image'))
    await world.bot.press(OTHER_EXPERT, actions.toggleTopicOf(otherExpertId, 'quality'))
    await database.sql`
      insert into absences (municipality_id, person_id, from_day, until_day, created_at)
      values (${municipalityId}, ${expertId}, '2026-03-09', '2026-03-20', ${START.toString()})`
    await world.bot.write(pyotr.chat, 'Какие значки раздать гостям на юбилей села?')
    await world.bot.tap(pyotr.chat, /Спросить совет/)
    await world.bot.tap(pyotr.chat, /Другая тема/)
    await world.bot.tap(pyotr.chat, 'Имидж школы')
    await world.bot.tap(pyotr.chat, 'Отправить')
    expect((await told(OTHER_EXPERT, 'question-asked')).join()).toContain('значки')
    expect(await told(EXPERT, 'question-asked')).toEqual([])
  })

  it('waits for the first who can answer, and its asker is told so', async () => {
    await leavesCouncil(expertId)
    await leavesCouncil(otherExpertId)
    const questionId = await asks(olga.chat) // the only coordinator asks themself
    expect(await world.bot.words(olga.chat)).toContain('в совете никого нет')
    await watchedAt('2026-03-10T04:05:00Z')
    const { database, municipalityId, departmentId, clock } = world
    await database.asSystem((tx) =>
      enters(tx, {
        chat: EXPERT,
        name: 'Громов Павел Андреевич',
        role: 'council',
        municipalityId,
        organizationIds: [departmentId],
        now: clock.now,
      }),
    )
    await watchedAt('2026-03-10T04:10:00Z')
    await watchedAt('2026-03-10T04:11:00Z')
    expect(await told(EXPERT, 'question-asked')).toHaveLength(1)
    await world.bot.press(EXPERT, actions.takeQuestion(questionId))
    expect((await questionState(questionId))?.state).toBe('taken')
  })

  it('of somebody who asked to be forgotten waits for nobody any more', async () => {
    const questionId = await asks(anna.chat)
    await world.bot.press(EXPERT, actions.takeQuestion(questionId))
    await world.database.asSystem((tx) =>
      forgetPerson(tx, { personId: world.persons.anna, askedBy: 'person', now: world.clock.now }),
    )
    await watchedAt('2026-03-10T04:05:00Z')
    expect((await questionState(questionId))?.state).toBe('closed')
    const last = (await world.bot.everShown(EXPERT)).at(-1)
    expect(last).toContain('Вопрос закрыт')
    expect(last).not.toContain('Лугова')
    await watchedAt('2026-03-20T05:00:00Z')
    expect(await told(EXPERT, 'question-waits')).toEqual([])
  })
})

describe('a question that waits for its asker', () => {
  async function askedBack(): Promise<number> {
    const questionId = await asks()
    await world.bot.press(EXPERT, actions.takeQuestion(questionId))
    await world.bot.press(EXPERT, actions.startAskingBack(questionId))
    await world.bot.write(EXPERT, 'Сколько школ участвует?')
    return questionId
  }

  it('reminds them after eight working hours, and is closed with a word to both after a week', async () => {
    const questionId = await askedBack() // Tuesday 10:00
    await watchedAt('2026-03-10T11:59:00Z')
    expect(await told(pyotr.chat, 'question-asked-back')).toHaveLength(1)
    await watchedAt('2026-03-10T12:00:00Z') // 18:00: the working day is over
    await watchedAt('2026-03-11T03:00:00Z')
    await watchedAt('2026-03-11T04:00:00Z')
    const reminders = await told(pyotr.chat, 'question-waits-for-asker')
    expect(reminders).toHaveLength(1)
    expect(reminders[0]).toContain('Сколько школ участвует?')
    expect(await told(EXPERT, 'question-waits')).toEqual([])
    await watchedAt('2026-03-17T05:00:00Z')
    expect((await questionState(questionId))?.state).toBe('closed')
    expect((await told(pyotr.chat, 'question-closed')).join()).toContain('закрыт')
    expect((await told(EXPERT, 'question-closed')).join()).toContain('не ответил')
  })
})
