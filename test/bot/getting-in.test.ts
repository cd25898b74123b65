import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { countWrongTokens, createInvite, noteWrongToken } from '../../src/db/people.ts'
import { mayTryToken, newInviteToken, WRONG_TOKENS } from '../../src/people/invite.ts'
import { aWorld, CAST, type World } from '../support/people.ts'

const NEWCOMER = '700'
const worlds: World[] = []
let world: World
beforeEach(async () => {
  world = await aWorld()
  worlds.push(world)
})
afterAll(async () => {
  for (const one of worlds) await one.database.close()
})

type Given = {
  municipalityId?: number
  organizationId?: number
  name?: string
  role?: 'head' | 'curator'
  phone?: string
}
const invited = async (given: Given = {}): Promise<{ inviteId: number; token: string }> =>
  world.database.asSystem((tx) =>
    createInvite(tx, {
      municipalityId: given.municipalityId ?? world.municipalityId,
      organizationIds: [given.organizationId ?? world.schools.first],
      role: given.role ?? 'head',
      personName: given.name ?? 'Орлова Мария Петровна',
      phone: given.phone ?? null,
      invitedById: world.persons.olga,
      now: world.clock.now,
    }),
  )
const count = async (table: string): Promise<number> => {
  const [row] = await world.database.sql.unsafe<{ count: number }[]>(`select count(*)::int as count from ${table}`)
  return row?.count ?? -1
}
const WRONG = 'Эта ссылка не подходит. Попросите прислать новую.'

describe('a stranger', () => {
  it('hears one polite line an hour, whatever they send, and no name of anybody', async () => {
    await world.bot.write(NEWCOMER, 'привет')
    expect(await world.bot.words(NEWCOMER)).toContain('только с теми, кого пригласили')
    for (const words of ['кто тут?', '👥 Люди и школы', '/people', 'забыть меня']) {
      await world.bot.write(NEWCOMER, words)
      expect(await world.bot.words(NEWCOMER)).toBe('')
    }
    await world.bot.share(NEWCOMER, '+7 900 555-55-55')
    expect(await world.bot.words(NEWCOMER)).toMatch(/нет в списке/)
    world.clock.now = world.clock.now.add({ hours: 2 })
    await world.bot.write(NEWCOMER, 'и снова')
    expect(await world.bot.words(NEWCOMER)).toContain('только с теми')
    expect(await count('persons')).toBe(5)
  })

  it('who declines leaves nothing: no person, no dialog, no message that names them', async () => {
    const { token } = await invited({ phone: '79001112233' })
    await world.bot.start(NEWCOMER, token)
    expect(await count('persons')).toBe(5)
    await world.bot.tap(NEWCOMER, 'Не сейчас')
    expect(await world.bot.words(NEWCOMER)).toContain('не сохранены')
    expect(await count(`persons where full_name like 'Орлова%'`)).toBe(0)
    expect(await count(`dialogs where chat = '${NEWCOMER}'`)).toBe(0)
    expect(await count(`deliveries where chat = '${NEWCOMER}' and content::text like '%Орлова%'`)).toBe(0)
    expect(await count(`consents where given_at is null`)).toBe(0)
    await world.bot.start(NEWCOMER, token)
    expect(await world.bot.words(NEWCOMER)).toContain('Мария Петровна')
  })
})

describe('an invite', () => {
  it('lets in once: consent is recorded with its version and moment, the second press and the second account change nothing', async () => {
    const { token } = await invited()
    await world.bot.start(NEWCOMER, token)
    await world.bot.start('701', token)
    await world.bot.tap(NEWCOMER, /Согласен/)
    const again = await world.bot.tap(NEWCOMER, /Согласен/)
    expect(again.tapAnswer?.alert).toBe(true)
    const late = await world.bot.tap('701', /Согласен/)
    expect(late.tapAnswer?.words).toContain('уже воспользовались')
    expect(await count(`persons where full_name = 'Орлова Мария Петровна'`)).toBe(1)
    const rows = await world.database
      .sql`select version, given_at::text, withdrawn_at from consents c join accounts a using (person_id) where a.address = ${NEWCOMER}`
    expect(rows).toEqual([{ version: '2026-11', given_at: '2026-03-10 07:00:00+00', withdrawn_at: null }])
    expect(await world.bot.words(CAST.olga.chat)).toContain('Вошёл (вошла)')
  })

  it.each(['stale', 'used', 'revoked', 'forged'])('that is %s shows no name and lets nobody in', async (how) => {
    const { token, inviteId } = await invited()
    if (how === 'stale') world.clock.now = world.clock.now.add({ hours: 24 * 15 })
    if (how === 'used')
      await world.database
        .sql`update invites set used_at = now(), used_by_id = ${world.persons.anna} where id = ${inviteId}`
    if (how === 'revoked') await world.database.sql`update invites set revoked_at = now() where id = ${inviteId}`
    await world.bot.start(NEWCOMER, how === 'forged' ? newInviteToken().token : token)
    const words = await world.bot.words(NEWCOMER)
    expect(words).not.toBe('')
    expect(words).not.toMatch(/Орлова|Мария|СОШ|Заречный|Ветрова/)
    await world.bot.press(NEWCOMER, 'in-ok')
    expect(await count('memberships')).toBe(6)
  })

  it('revoked between the offer and the agreement lets nobody in', async () => {
    const { token, inviteId } = await invited()
    await world.bot.start(NEWCOMER, token)
    await world.database.sql`update invites set revoked_at = now() where id = ${inviteId}`
    const after = await world.bot.tap(NEWCOMER, /Согласен/)
    expect(after.tapAnswer?.words).toBe(WRONG)
    expect(await count(`persons where full_name like 'Орлова%'`)).toBe(0)
  })

  it('opened by whoever made it, or by somebody else who is in already, warns before it gives them a role', async () => {
    const { token } = await invited()
    await world.bot.start(CAST.olga.chat, token)
    expect(await world.bot.words(CAST.olga.chat)).toContain('Это приглашение сделали вы')
    await world.bot.start(CAST.anna.chat, token)
    expect(await world.bot.words(CAST.anna.chat)).toMatch(/Приглашение на имя <b>Орлова[\s\S]*вы вошли как <b>Лугова/)
  })

  it('for what somebody is already is used up without a question', async () => {
    const { token, inviteId } = await invited({ name: CAST.pyotr.name })
    await world.bot.start(CAST.pyotr.chat, token)
    expect(await world.bot.words(CAST.pyotr.chat)).toBe('Вы уже вошли.')
    expect(await count(`invites where id = ${inviteId} and used_at is not null`)).toBe(1)
  })

  it('adds a second municipality to the same person, with a consent and a menu of its own; the switch goes back', async () => {
    const { token } = await invited({
      municipalityId: world.other.municipalityId,
      organizationId: world.other.schoolId,
      role: 'curator',
      name: CAST.anna.name,
    })
    await world.bot.start(CAST.anna.chat, token)
    await world.bot.tap(CAST.anna.chat, /Согласен/)
    expect(await count(`consents where person_id = ${world.persons.anna}`)).toBe(2)
    const menu = (await world.bot.shown(CAST.anna.chat)).at(-1)?.screen.keyboard
    expect(JSON.stringify(menu)).toContain('Мои школы')
    expect(JSON.stringify(menu)).not.toContain('Мои задачи')
    await world.bot.write(CAST.anna.chat, 'сменить муниципалитет')
    await world.bot.tap(CAST.anna.chat, 'Заречный район')
    const back = (await world.bot.shown(CAST.anna.chat)).at(-1)?.screen
    expect(back?.text).toContain('Заречный район')
    expect(JSON.stringify(back?.keyboard)).toContain('Мои задачи')
    const foreign = await world.bot.press(CAST.pyotr.chat, `m-switch:${world.other.municipalityId.toString(36)}`)
    expect(foreign.tapAnswer?.words).toContain('Не нашёл')
  })
})

describe('a phone number', () => {
  it('opens all the invites made for it, one after the other, once each', async () => {
    await invited({ phone: '79001112233' })
    await invited({
      phone: '79001112233',
      municipalityId: world.other.municipalityId,
      organizationId: world.other.schoolId,
    })
    await world.bot.share(NEWCOMER, '8 (900) 111-22-33')
    expect(await world.bot.words(NEWCOMER)).toMatch(/Дальний район[\s\S]*ещё 1 приглашение/)
    await world.bot.tap(NEWCOMER, /Согласен/)
    expect(await world.bot.words(NEWCOMER)).toMatch(/вошли[\s\S]*Заречный район/)
    await world.bot.tap(NEWCOMER, /Согласен/)
    expect(await count(`memberships m join accounts a using (person_id) where a.address = '${NEWCOMER}'`)).toBe(2)
    expect(await count(`persons where phone = '79001112233'`)).toBe(1)
    await world.bot.share('702', '8 (900) 111-22-33')
    expect(await world.bot.words('702')).toContain('нет в списке')
  })
})

describe('trying out tokens (F28)', () => {
  it('ten thousand tries from a hundred accounts look up no more than the brake allows, and keep nobody invited away', async () => {
    const { token } = await invited()
    const { now } = world.clock
    const since = now.subtract({ minutes: WRONG_TOKENS.minutes })
    let looked = 0
    const perAccount = new Map<string, number>()
    await world.database.asSystem(async (tx) => {
      for (let attempt = 0; attempt < 10_000; attempt++) {
        const from = { messenger: 'telegram', address: `b${attempt % 100}` }
        if (!mayTryToken(await countWrongTokens(tx, from, since))) continue
        looked += 1
        perAccount.set(from.address, (perAccount.get(from.address) ?? 0) + 1)
        await noteWrongToken(tx, from, now)
      }
    })
    expect(looked).toBeLessThanOrEqual(WRONG_TOKENS.overall + 100)
    expect(Math.max(...perAccount.values())).toBeLessThanOrEqual(WRONG_TOKENS.perAccount)
    await world.bot.start('b7', token)
    expect(await world.bot.words('b7')).toContain('Слишком много попыток')
    await world.bot.start(NEWCOMER, token)
    expect(await world.bot.words(NEWCOMER)).toContain('Мария Петровна')
  })

  it('an account has five, and again after a quarter of an hour', async () => {
    const { token } = await invited()
    for (let attempt = 0; attempt < 5; attempt++) {
      await world.bot.start(NEWCOMER, attempt % 2 ? newInviteToken().token : 'short')
      expect(await world.bot.words(NEWCOMER)).toBe(WRONG)
    }
    await world.bot.start(NEWCOMER, token)
    expect(await world.bot.words(NEWCOMER)).toContain('Слишком много попыток')
    world.clock.now = world.clock.now.add({ minutes: 16 })
    await world.bot.start(NEWCOMER, token)
    expect(await world.bot.words(NEWCOMER)).toContain('Мария Петровна')
  })
})
