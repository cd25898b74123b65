import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changeSetting } from '../../src/db/settings.ts'
import { aWorld, CAST, type World } from '../support/people.ts'

const { olga } = CAST
let world: World
beforeAll(async () => {
  world = await aWorld()
})
afterAll(() => world.database.close())

const municipality = async () => {
  const [row] = await world.database.sql`
    select timezone, locale, work_from::text, work_to::text, reminder_slot::text, reminder_policy, evidence_required, announcements_per_day from municipalities where id = ${world.municipalityId}`
  return row
}

describe('«Настройки»', () => {
  it('shows each with its present value', async () => {
    await world.bot.write(olga.chat, '⚙️ Настройки')
    expect(await world.bot.words(olga.chat)).toMatch(
      /Часовой пояс: <b>Омск[\s\S]*09:00–18:00[\s\S]*за 14, 3 и 0 дн\.[\s\S]*раз в 7 дней, не дольше 56 дней/,
    )
  })

  it('takes a button or words, says what it was and is, and takes it back once', async () => {
    await world.bot.press(olga.chat, 's-one:timezone')
    await world.bot.tap(olga.chat, /Якутск/)
    expect(await world.bot.words(olga.chat)).toMatch(/Было: Омск[\s\S]*Якутск/)
    expect((await municipality())?.timezone).toBe('Asia/Yakutsk')
    await world.bot.tap(olga.chat, 'Отменить')
    expect((await municipality())?.timezone).toBe('Asia/Omsk')
    const again = await world.bot.press(olga.chat, 's-undo:1')
    expect(again.tapAnswer?.words).toContain('уже отменено')

    await world.bot.press(olga.chat, 's-one:policy')
    await world.bot.write(olga.chat, 'за 10, 3 и 0 дней, куратору через 5 дней')
    expect((await municipality())?.reminder_policy).toMatchObject({
      before: [10, 3, 0],
      after: [1, 3, 7],
      curatorAfter: 5,
    })
    await world.bot.tap(olga.chat, 'Отменить')
    expect((await municipality())?.reminder_policy).toBeNull()
  })

  it('says what is wrong with what was typed, changes nothing, and goes on waiting', async () => {
    const before = await municipality()
    await world.bot.press(olga.chat, 's-one:reminder-slot')
    await world.bot.write(olga.chat, '23:30')
    expect(await world.bot.words(olga.chat)).toContain('ночью я никому не пишу')
    await world.bot.write(olga.chat, 'когда <b>удобно</b>')
    expect(await world.bot.words(olga.chat)).toContain('&lt;b&gt;удобно')
    expect(await municipality()).toEqual(before)
    await world.bot.write(olga.chat, '10:15')
    expect((await municipality())?.reminder_slot).toBe('10:15:00')
    const same = await world.bot.press(olga.chat, 's-set:reminder-slot:1015')
    expect(same.tapAnswer?.words).toBe('Так уже и есть.')
  })

  it('does not take back what somebody changed after it', async () => {
    const change = (announcementsPerDay: number) =>
      world.database.inMunicipality(world.municipalityId, (tx) =>
        changeSetting(tx, {
          municipalityId: world.municipalityId,
          personId: world.persons.olga,
          setting: 'announcements',
          after: { announcementsPerDay },
          now: world.clock.now,
        }),
      )
    const first = await change(5)
    await change(7)
    const undone = await world.bot.press(olga.chat, `s-undo:${first?.id.toString(36)}`)
    expect(undone.tapAnswer?.words).toContain('изменили ещё раз')
    expect((await municipality())?.announcements_per_day).toBe(7)
  })

  it('never takes back a change of another municipality', async () => {
    const [change] = await world.database
      .sql`select id from setting_changes where undone_at is null order by id desc limit 1`
    const forged = await world.bot.press('901', `s-undo:${Number(change?.id).toString(36)}`)
    expect(forged.tapAnswer?.words).toContain('Не нашёл')
    expect((await municipality())?.announcements_per_day).toBe(7)
  })

  it('moves days off by words or by buttons, and leaves what the country says anyway', async () => {
    const days = () => world.database.sql`select day::text, working from calendar_overrides order by day`
    await world.bot.press(olga.chat, 's-days')
    await world.bot.write(olga.chat, 'выходной 11 июня')
    await world.bot.write(olga.chat, 'рабочий - 14.03')
    await world.bot.write(olga.chat, '15 марта')
    await world.bot.tap(olga.chat, 'Выходной')
    expect(await days()).toEqual([
      { day: '2026-03-14', working: true },
      { day: '2026-06-11', working: false },
    ])
    await world.bot.write(olga.chat, 'выходной вчера')
    expect(await world.bot.words(olga.chat)).toContain('Не понял день')
    await world.bot.press(olga.chat, 's-days')
    await world.bot.tap(olga.chat, '✖️ 11 июня')
    expect(await days()).toHaveLength(1)
  })
})
