import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { PersonInChat } from '../../src/sandbox/sandbox.ts'
import { cleanSlate, givenTasks, openStage, type Stage } from '../support/stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage('2026-03-02T05:00:00Z') // Monday, 8:00 in Moscow
})
afterAll(() => stage.close())
beforeEach(() => cleanSlate(stage))

const sql = () => stage.app.engine.database.sql
const reminders = (person: PersonInChat) =>
  said(person, 'Напоминаю').filter(({ text }) => text.includes('Сдать справку'))
const digests = () => said(stage.curator, 'Сводка по вашим школам')
const said = (person: PersonInChat, words: string) =>
  person.messages().filter((message) => message.from === 'bot' && message.text.includes(words))
const task = (dueOn: string) => ({ title: `Сдать справку к ${dueOn}`, dueOn, needsApproval: false })

/** The program runs again at `instant`, whatever it missed. */
async function wakeAt(instant: string): Promise<void> {
  stage.sleepUntil(instant)
  await stage.app.tick()
  await stage.settled()
}

/** The tasks of which the head was not told since the slate was cleaned. */
async function untold(ids: number[]): Promise<number> {
  const rows = await sql()`
    select t.id from tasks t where t.id = any(${ids})
       and not exists (select from reminders r join deliveries d on d.id = r.delivery_id where r.task_id = t.id and d.state = 'sent')`
  return rows.length
}

describe('F17: downtime', () => {
  it.each([
    ['of one minute', '2026-03-03T05:59:30Z', '2026-03-03T06:00:30Z', ['2026-03-03'], 0],
    ['of an hour', '2026-03-04T05:30:00Z', '2026-03-04T06:30:00Z', ['2026-03-04'], 0],
    ['of 26 hours over the digest', '2026-03-16T05:30:00Z', '2026-03-17T07:30:00Z', ['2026-03-16', '2026-03-17'], 1],
    [
      'of nine days',
      '2026-03-25T14:00:00Z',
      '2026-04-03T09:00:00Z',
      ['2026-03-26', '2026-03-27', '2026-03-30', '2026-03-31', '2026-04-01', '2026-04-02', '2026-04-03'],
      1,
    ],
  ])('%s: what was due comes once, in one message', async (_, ranUntil, runsAgainAt, due, digest) => {
    await wakeAt(ranUntil)
    const ids = await givenTasks(stage, due.map(task))
    const before = [reminders(stage.head).length, digests().length] as const
    await wakeAt(runsAgainAt)
    await Promise.all([stage.app.tick(), stage.app.tick()])
    await stage.settled()
    expect([reminders(stage.head).length - before[0], digests().length - before[1]]).toEqual([1, digest])
    expect(await untold(ids)).toBe(0)
  })
})

describe('what comes back at night', () => {
  it('writes to nobody before the morning, and then each thing once', async () => {
    await wakeAt('2026-04-13T05:00:00Z') // Monday, before the slots
    await givenTasks(stage, [task('2026-04-13'), task('2026-04-14')])
    await aMeetingTomorrow('2026-04-14T11:00:00Z')
    await anIdleBasket()
    stage.sandbox.calls.clear()
    for (const night of ['2026-04-13T18:00:00Z', '2026-04-13T23:30:00Z', '2026-04-14T04:59:00Z']) await wakeAt(night)
    expect(stage.sandbox.calls.all('sendMessage')).toEqual([])

    const before = [reminders(stage.head).length, digests().length] as const
    for (const day of ['2026-04-14T05:01:00Z', '2026-04-14T06:40:00Z', '2026-04-14T07:00:00Z']) await wakeAt(day)
    expect([reminders(stage.head).length - before[0], digests().length - before[1]]).toEqual([1, 1])
    expect(said(stage.head, 'Круглый стол')).toHaveLength(1)
    expect(stage.head.messages().filter(({ text }) => /(?:Принято|Записал) №/.test(text))).toHaveLength(1)
  })
})

/** The head comes to a meeting; the reminder of the day before is due. */
async function aMeetingTomorrow(startsAt: string): Promise<void> {
  await sql()`
    with who as (select a.person_id, m.municipality_id from accounts a join memberships m using (person_id) where a.address = '1003' limit 1),
         made as (insert into announcements (municipality_id, author_id, state, title, html, wants_answer, audience, created_at, updated_at, sent_at)
                  select municipality_id, person_id, 'sent', 'Круглый стол', 'Круглый стол', true, '{}', '2026-04-01', '2026-04-01', '2026-04-01' from who returning id, municipality_id, author_id),
         met as (insert into announcement_meetings (municipality_id, announcement_id, position, starts_at, ends_at, uid)
                 select municipality_id, id, 0, ${startsAt}, ${startsAt}::timestamptz + interval '1 hour', 'uid-1' from made)
    insert into rsvps (municipality_id, announcement_id, person_id, answer, wanted_order, answered_at)
    select municipality_id, id, author_id, 'yes', 1, '2026-04-02' from made`
}

/** A link that the head sent hours ago, without «Это всё». */
async function anIdleBasket(): Promise<void> {
  const [id] = await givenTasks(stage, [{ ...task('2026-06-01'), needsApproval: true }])
  await sql()`
    with made as (
      insert into reports (municipality_id, task_id, author_id, state, started_at, touched_at)
      select t.municipality_id, t.id, a.person_id, 'collecting', '2026-04-13T06:00:00Z', '2026-04-13T06:00:00Z' from tasks t, accounts a where t.id = ${id!} and a.address = '1003' returning *)
    insert into evidence (municipality_id, report_id, author_id, kind, state, chat, message_id, url, received_at)
    select municipality_id, id, author_id, 'link', 'stored', '1003', 1, 'https://school1.example/news/1', '2026-04-13T06:00:00Z' from made`
}

describe('what the messenger could not take', () => {
  const awayFor = async (ticks: string[]) => {
    stage.sandbox.faults.revokeToken()
    for (const tick of ticks) {
      stage.sleepUntil(tick)
      await stage.app.tick()
    }
    stage.sandbox.faults.clear()
    await expect.poll(() => stage.app.dispatcher.standing(), { timeout: 20_000 }).toBeNull()
  }

  it('in a week is one reminder that sums up, and one digest', async () => {
    await wakeAt('2026-05-04T05:00:00Z')
    const days = ['2026-05-05', '2026-05-06', '2026-05-07', '2026-05-08', '2026-05-12', '2026-05-13']
    const ids = await givenTasks(stage, days.map(task))
    const before = [reminders(stage.head).length, digests().length] as const
    await awayFor(days.map((day) => `${day}T06:40:00Z`))
    await stage.settled()
    const told = reminders(stage.head).slice(before[0])
    expect(told).toHaveLength(1)
    for (const day of days) expect(told[0]!.text).toContain(`к ${day}`)
    expect(digests().length - before[1]).toBeLessThanOrEqual(1)
    expect(await untold(ids)).toBe(0)
  })

  it('by day waits for the morning when it comes back at night, and joins what is due then', async () => {
    await wakeAt('2026-05-18T05:00:00Z')
    const ids = await givenTasks(stage, [task('2026-05-19'), task('2026-05-20')])
    const before = reminders(stage.head).length
    await awayFor(['2026-05-19T06:01:00Z', '2026-05-19T20:00:00Z'])
    await stage.settled()
    expect(reminders(stage.head)).toHaveLength(before)

    stage.sleepUntil('2026-05-20T06:01:00Z')
    await stage.app.tick()
    await sql()`update deliveries set not_before = null where state = 'queued'` // the hour after which it is looked at again
    await stage.settled()
    expect(reminders(stage.head)).toHaveLength(before + 1)
    expect(await untold(ids)).toBe(0)
  })
})
