import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NOBODY } from '../../src/announcements/audience.ts'
import { addMeetings, createAnnouncement } from '../../src/db/announcements.ts'
import { personAt } from '../../src/db/opening.ts'
import { municipalities } from '../../src/db/schema/index.ts'
import { players } from '../../src/sandbox/example/municipality.ts'
import { at } from '../support/builders.ts'
import { openStage, type Stage } from '../support/stage.ts'

const PEOPLE = 300
const BLOCKED = 10
const guests = Array.from({ length: PEOPLE }, (_, index) => ({
  id: 2001 + index,
  firstName: `Гость ${index + 1}`,
  phone: `7911000${2001 + index}`,
  role: 'Член совета',
  colour: '#888888',
}))

let stage: Stage
beforeAll(async () => {
  stage = await openStage('2026-03-16T07:00:00Z', {
    people: [...players, ...guests],
    limits: { enforce: false },
    paced: true,
  })
  for (const { id } of guests) await stage.sandbox.as(id).start()
  await stage.settled()
  await letIn()
})
afterAll(() => stage.close())

/** Makes the guests members of the council, and a draft for them. */
async function letIn(): Promise<void> {
  await stage.app.engine.database.asSystem(async (tx) => {
    const [municipality] = await tx.select().from(municipalities)
    const author = await personAt(tx, { messenger: 'telegram', address: '1001' })
    const municipalityId = municipality!.id
    const { sql } = stage.app.engine.database
    await sql`
      with place as (select id from organizations where municipality_id = ${municipalityId} and kind = 'department' limit 1),
           numbers as (select generate_series(2001, ${2000 + PEOPLE}) as chat),
           made as (insert into persons (full_name, consented_at, created_at) select 'Гость ' || chat, now(), now() from numbers returning id, full_name),
           known as (insert into accounts (messenger, address, person_id, active_municipality_id, created_at)
                     select 'telegram', substr(full_name, 7), id, ${municipalityId}::bigint, now() from made)
      insert into memberships (municipality_id, person_id, organization_id, role, since)
      select ${municipalityId}::bigint, made.id, place.id, 'council', now() from made, place`
    const id = await createAnnouncement(tx, {
      municipalityId,
      authorId: author!.personId,
      title: 'Круглый стол',
      html: 'Круглый стол для всех',
      place: null,
      wantsAnswer: true,
      answerUntil: null,
      places: null,
      audience: { ...NOBODY, roles: ['council'] },
      activityId: null,
      album: null,
      now: stage.now(),
    })
    const span = { startsAt: at('2026-03-26T11:00:00Z'), endsAt: at('2026-03-26T12:00:00Z') }
    await addMeetings(tx, { id, municipalityId }, [span], 0)
  })
}

describe('an announcement to 300 people, ten of whom have blocked the bot, with two refusals on the way', () => {
  it('reaches everybody else once, and one message tells the coordinator how far it is', {
    timeout: 60_000,
  }, async () => {
    const { coordinator, sandbox } = stage
    const standing = guests.slice(0, BLOCKED).map(({ id }) => sandbox.as(id))
    sandbox.faults.holdUpdates() // the bot learns of the blocks only by writing
    for (const person of standing) await person.block()
    await coordinator.press('Объявления')
    sandbox.faults.releaseUpdates((held) => held.filter((one) => !('my_chat_member' in one)))
    await coordinator.tap(await coordinator.waitFor('Семинар, совещание'), /Круглый стол/)
    const draft = await coordinator.waitFor('Получат 300 человек')
    sandbox.faults.next429(1, { chat: 2100 })
    sandbox.faults.next429(2, { chat: 2200 })
    const began = performance.now()
    await coordinator.tap(draft, '📤 Отправить')
    await coordinator.tap(draft, '📤 Отправить')
    const steps: string[] = []
    for (let last = ''; !last.includes('290 из 300, не дошло 10'); ) {
      last = (await coordinator.waitFor(/Доставлено \d+ из 300/)).text
      steps.push(/Доставлено.*/.exec(last)?.[0] ?? '')
    }
    const seconds = (performance.now() - began) / 1000
    await stage.settled()
    const got = guests.map(
      ({ id }) =>
        sandbox
          .as(id)
          .messages()
          .filter(({ text }) => text.includes('Круглый стол')).length,
    )
    expect(got.slice(0, BLOCKED)).toEqual(Array(BLOCKED).fill(0))
    expect(got.slice(BLOCKED)).toEqual(Array(PEOPLE - BLOCKED).fill(1))
    const cards = coordinator.messages().filter(({ text }) => text.includes('Доставлено'))
    expect(cards).toHaveLength(1)
    expect(cards[0]?.text).toContain('Не ответили: 290')
    const refused = sandbox.calls.all().filter(({ outcome }) => outcome === 429).length
    expect(refused).toBe(2)
    if (process.env.SHOW === '1') process.stdout.write(`${seconds.toFixed(1)} s; ${steps.join(' · ')}\n`)

    await coordinator.tap(cards[0]!, 'До кого не дошло')
    expect((await coordinator.waitFor('Позвоните')).text).toContain('Гость 2001')
    for (const { id } of guests.slice(BLOCKED, BLOCKED + 40)) {
      const person = sandbox.as(id)
      const message = person.messages().findLast(({ text }) => text.includes('Круглый стол'))!
      await person.tap(message, 'Буду')
    }
    await coordinator.waitFor(/Будут: 40[\s\S]*Не ответили: 250/)
  })

  it('can be held, goes on where it stood, and is sent to nobody twice', async () => {
    const { coordinator, sandbox, app } = stage
    const { sql } = app.engine.database
    await sql`update announcements set content_key = null`
    await letIn2()
    coordinator.skipSeen()
    await coordinator.press('Объявления')
    await coordinator.tap(await coordinator.waitFor('Семинар, совещание'), /Второй/)
    const draft = await coordinator.waitFor('Получат 300 человек')
    for (const chat of [2021, 2022]) sandbox.faults.next429(4, { chat }) // two at once: all broadcasts wait, and the pause comes in the midst of them
    await coordinator.tap(draft, '📤 Отправить')
    const live = await coordinator.waitFor('Отправляю…')
    await coordinator.tap(live, 'Пауза')
    const held = await coordinator.waitFor('На паузе')
    await stage.settled()
    const reached = () =>
      guests.filter(({ id }) =>
        sandbox
          .as(id)
          .messages()
          .some(({ text }) => text.includes('Второй')),
      ).length
    const before = reached()
    expect(before).toBeLessThan(PEOPLE - BLOCKED)
    await coordinator.tap(held, 'Продолжить')
    await coordinator.waitFor('Доставлено 290 из 300')
    expect(reached()).toBe(PEOPLE - BLOCKED)
    const most = Math.max(
      ...guests.map(
        ({ id }) =>
          sandbox
            .as(id)
            .messages()
            .filter(({ text }) => text.includes('Второй')).length,
      ),
    )
    expect(most).toBe(1)
  })
})

async function letIn2(): Promise<void> {
  const { sql } = stage.app.engine.database
  await sql`
    insert into announcements (municipality_id, author_id, title, html, wants_answer, audience, created_at, updated_at)
    select municipality_id, author_id, 'Второй круг', 'Второй круг', true, audience, now(), now() from announcements limit 1`
}
