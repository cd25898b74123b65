import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import * as actions from '../../src/bot/buttons-council.ts'
import { aWorld, CAST, enters, type World } from '../support/people.ts'

const { olga, pyotr, anna } = CAST
const EXPERT = '601'
const OTHER_EXPERT = '602'
const FOREIGN_EXPERT = '902'
const ASKED = 'Можно ли провести конференцию по робототехнике вместе с соседним районом?'

let world: World
beforeAll(async () => {
  world = await aWorld()
  const { database, municipalityId, departmentId, other, clock } = world
  await database.asSystem(async (tx) => {
    const council = { role: 'council' as const, now: clock.now }
    await enters(tx, {
      ...council,
      chat: EXPERT,
      name: 'Громов Павел Андреевич',
      municipalityId,
      organizationIds: [departmentId],
    })
    await enters(tx, {
      ...council,
      chat: OTHER_EXPERT,
      name: 'Ясная Нина Львовна',
      municipalityId,
      organizationIds: [departmentId],
    })
    await enters(tx, {
      ...council,
      chat: FOREIGN_EXPERT,
      name: 'Дальняя Эмма Карловна',
      municipalityId: other.municipalityId,
      organizationIds: [other.departmentId],
    })
  })
})
afterAll(() => world.database.close())

let questionId: number
beforeEach(async () => {
  await world.database.sql`truncate questions cascade`
  await world.bot.write(pyotr.chat, ASKED)
  await world.bot.tap(pyotr.chat, /Спросить совет/)
  await world.bot.tap(pyotr.chat, 'Отправить')
  const [row] = await world.database.sql<{ id: string }[]>`select id from questions`
  questionId = Number(row?.id)
})

const TABLES = [
  'questions',
  'answers',
  'question_events',
  'question_followers',
  'question_findings',
  'faq_proposals',
  'faq_entries',
  'faq_feedback',
  'faq_synonyms',
  'council_topics',
  'council_groups',
]

/** Everything of our municipality that a person could have changed by a button, as one text. */
async function state(): Promise<string> {
  const kept: unknown[] = []
  for (const table of TABLES)
    kept.push(
      await world.database.sql.unsafe(
        `select row_to_json(t) from (select * from ${table} where municipality_id = ${world.municipalityId} order by 1, 2, 3) t`,
      ),
    )
  return JSON.stringify(kept)
}

const every = Object.entries(actions).map(([name, action]) => ({ name, code: action.code }))

/** Button data of this action for objects with our ids, whatever its parts are. */
function guesses(code: string, ids: number[]): string[] {
  const words = ['quality', 'answer', 'source', '12', 't-image']
  const one = ids.map((id) => id.toString(36))
  return [
    code,
    ...one.map((id) => `${code}:${id}`),
    ...one.flatMap((id) => [...one, ...words].map((last) => `${code}:${id}:${last}`)),
  ]
}

describe('who may not', () => {
  it.each(every)('$name from another municipality changes nothing and shows nothing of ours', async ({ code }) => {
    const before = await state()
    for (const chat of [world.other.chat, FOREIGN_EXPERT])
      for (const data of guesses(code, [questionId, world.persons.pyotr])) await world.bot.press(chat, data)
    expect(await state()).toBe(before)
    const [leak] = await world.database.sql`
      select content from deliveries where chat in (${world.other.chat}, ${FOREIGN_EXPERT}) and content::text ~ 'робототехник|Заречный Пётр'`
    expect(leak).toBeUndefined()
  })

  it.each([
    'takeQuestion',
    'releaseQuestion',
    'askHandOver',
    'startAnswer',
    'startAskingBack',
    'closeQuestion',
    'reopenQuestion',
    'openQuestion',
    'lookInFaq',
    'proposeAnswer',
    'chooseTopic',
    'addToQuestion',
    'openMyQuestion',
    'sayHelped',
  ])('%s by a head who did not ask changes nothing', async (name) => {
    const code = every.find((action) => action.name === name)?.code ?? ''
    expect(code).not.toBe('')
    const before = await state()
    for (const data of guesses(code, [questionId])) await world.bot.press(anna.chat, data)
    expect(await state()).toBe(before)
    expect(await world.bot.words(anna.chat)).not.toContain('робототехник')
  })

  it('the asker does not answer themself, nor choose who does', async () => {
    const before = await state()
    for (const action of [actions.takeQuestion, actions.releaseQuestion, actions.startAnswer])
      await world.bot.press(pyotr.chat, action(questionId))
    expect(await state()).toBe(before)
  })

  it('an expert does not decide on what another took, and does not keep the FAQ', async () => {
    await world.bot.press(EXPERT, actions.takeQuestion(questionId))
    const [entry] = await world.database.sql<{ id: string }[]>`select min(id) as id from faq_entries`
    const before = await state()
    for (const action of [
      actions.takeQuestion,
      actions.releaseQuestion,
      actions.closeQuestion,
      actions.startAskingBack,
    ])
      await world.bot.press(OTHER_EXPERT, action(questionId))
    await world.bot.press(OTHER_EXPERT, actions.handOverTo(questionId, world.persons.olga))
    for (const action of [actions.withdrawEntry, actions.confirmEntry, actions.restoreEntry, actions.answerAlike])
      await world.bot.press(OTHER_EXPERT, action(Number(entry?.id)))
    await world.bot.press(OTHER_EXPERT, actions.toggleTopicOf(world.persons.pyotr, 'quality'))
    expect(await state()).toBe(before)
  })
})

describe('who may', () => {
  it('a member takes, hands over and closes; the coordinator may at any time', async () => {
    await world.bot.tap(EXPERT, /Беру/)
    expect(await taker()).toBe('Громов Павел Андреевич')
    const other = await personOf(OTHER_EXPERT)
    await world.bot.press(EXPERT, actions.handOverTo(questionId, other))
    await world.bot.press(EXPERT, actions.handOverTo(questionId, other))
    expect(await taker()).toBe('Ясная Нина Львовна')
    await world.bot.press(olga.chat, actions.closeQuestion(questionId))
    await world.bot.press(olga.chat, actions.reopenQuestion(questionId))
    const [row] = await world.database.sql`select state from questions`
    expect(row).toMatchObject({ state: 'taken' })
    expect(await events()).toEqual([
      'question-asked',
      'question-taken',
      'question-handed-over',
      'question-closed',
      'question-reopened',
    ])
  })

  it("a coordinator confirms an entry of the starter: it becomes the municipality's own, the other's stays typical", async () => {
    const [entry] = await world.database.sql<{ id: string; code: string; question: string }[]>`
      select id, code, question from faq_entries where code = 'programme-01' and municipality_id is null`
    await world.bot.press(olga.chat, actions.confirmEntry(Number(entry?.id)))
    await world.bot.press(olga.chat, actions.confirmEntry(Number(entry?.id)))
    const kept = await world.database.sql`
      select municipality_id, standing from faq_entries where code = 'programme-01' order by municipality_id nulls first`
    expect(kept.map((row) => row.standing)).toEqual(['typical', 'confirmed'])
    await world.bot.write(pyotr.chat, entry?.question ?? '')
    await world.bot.tap(pyotr.chat, '1')
    expect(await world.bot.words(pyotr.chat)).toContain('Ответ подтверждён координатором')
    await world.bot.write(world.other.chat, entry?.question ?? '')
    await world.bot.tap(world.other.chat, '1')
    expect(await world.bot.words(world.other.chat)).toContain('Типовой ответ')

    const own = Number(
      (
        await world.database.sql`select id from faq_entries where code = 'programme-01' and municipality_id is not null`
      )[0]?.id,
    )
    await world.bot.press(olga.chat, actions.withdrawEntry(own))
    await world.bot.write(pyotr.chat, entry?.question ?? '')
    expect(await world.bot.words(pyotr.chat)).not.toContain(entry?.question)
    const versions = await world.database.sql`select version from faq_versions where entry_id = ${own}`
    expect(versions).toHaveLength(1)
  })

  it('questions come to the members of the topic alone', async () => {
    await world.database.sql`truncate questions cascade`
    await world.bot.press(EXPERT, actions.toggleTopicOf(await personOf(EXPERT), 'image'))
    await world.bot.press(OTHER_EXPERT, actions.toggleTopicOf(await personOf(OTHER_EXPERT), 'quality'))
    await world.bot.write(anna.chat, 'Какие значки раздать гостям на юбилей села?')
    await world.bot.tap(anna.chat, /Спросить совет/)
    await world.bot.tap(anna.chat, /Другая тема/)
    await world.bot.tap(anna.chat, 'Имидж школы')
    await world.bot.tap(anna.chat, 'Отправить')
    expect(await world.bot.words(EXPERT)).toContain('значки')
    expect(await world.bot.words(OTHER_EXPERT)).not.toContain('значки')
    await world.database.sql`truncate council_topics`
  })

  it('many alike are answered and closed with one published answer', async () => {
    await world.bot.write(anna.chat, 'Как нам устроить конференцию по робототехнике вместе с соседним районом?')
    await world.bot.tap(anna.chat, /Спросить совет/)
    await world.bot.tap(anna.chat, 'У меня другой вопрос')
    await world.bot.tap(anna.chat, 'Отправить')
    await world.bot.press(olga.chat, actions.takeQuestion(questionId))
    await world.bot.write(olga.chat, 'Районы заключают соглашение о конференции.')
    await world.bot.press(olga.chat, actions.proposeAnswer(questionId))
    await world.bot.tap(olga.chat, /Источник/)
    await world.bot.tap(olga.chat, 'Опыт совета')
    await world.bot.tap(olga.chat, /Опубликовать/)
    expect(await world.bot.words(olga.chat)).toContain('открытый вопрос похож на этот')
    await world.bot.tap(olga.chat, /Ответить этим и закрыть/)
    await world.bot.tap(olga.chat, /Ответить этим и закрыть/)
    expect(await world.bot.words(anna.chat)).toContain('Районы заключают соглашение')
    const states = await world.database.sql`select state from questions where number is not null order by id`
    expect(states.map((row) => row.state)).toEqual(['answered', 'closed'])
    expect(await world.database.sql`select from answers where kind = 'answer'`).toHaveLength(2)

    await world.bot.press(olga.chat, actions.openCouncilReport())
    const report = await world.bot.words(olga.chat)
    expect(report).toContain('Спросили совет: 2')
    expect(report).toContain('робототехник')
    await world.bot.press(olga.chat, actions.sendCouncilTable())
    expect([...world.bot.files.values()].map(({ fileName }) => fileName)).toContain('council-2026-03-10.xlsx')
  })

  it('on its review date an entry goes back to its expert, once', async () => {
    const { watchCouncil } = await import('../../src/jobs/watch-council.ts')
    await world.database.sql`update faq_entries set review_on = '2026-03-10' where code like 'council-%'`
    await watchCouncil(world.database, world.bot.services)
    await watchCouncil(world.database, world.bot.services)
    const told = await world.database.sql`select chat, content from deliveries where reason = 'entry-review'`
    expect(told.map((row) => row.chat)).toEqual([olga.chat])
    await world.bot.tap(olga.chat, /Всё верно/)
    const [entry] = await world.database.sql`select review_on::text from faq_entries where code like 'council-%'`
    expect(entry).toMatchObject({ review_on: '2027-03-10' })
  })
})

async function taker(): Promise<string | undefined> {
  const [row] = await world.database.sql`select full_name from questions join persons on persons.id = taker_id`
  return row?.full_name
}

async function personOf(chat: string): Promise<number> {
  const [row] = await world.database.sql`select person_id from accounts where address = ${chat}`
  return Number(row?.person_id)
}

async function events(): Promise<string[]> {
  const rows = await world.database.sql`select kind from question_events order by id`
  return rows.map((row) => row.kind)
}
