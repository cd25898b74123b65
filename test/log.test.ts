import { Writable } from 'node:stream'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { openLog } from '../src/log.ts'
import { aPhoto, givenTasks, openStage, type Stage } from './support/stage.ts'

function lines(): { text: () => string; where: Writable } {
  let text = ''
  const where = new Writable({
    write: (chunk, _, done) => {
      text += chunk
      done()
    },
  })
  return { text: () => text, where }
}

describe('the log', () => {
  it('holds no words, names, phones or addresses, even where they are handed over', () => {
    const { text, where } = lines()
    openLog('info', where).info(
      {
        person: 5,
        phone: '+79001112233',
        incoming: { text: 'Ветрова', displayName: 'Ветрова' },
        url: 'https://api/botTOKEN',
      },
      'handled',
    )
    expect(text()).toContain('"person":5')
    for (const word of ['Ветрова', '+7900', 'TOKEN']) expect(text()).not.toContain(word)
  })

  it('tells of a failure where it was, not whom it was about', async () => {
    const { text, where } = lines()
    const sql = postgres(inject('postgresUrl'), { max: 1 })
    const error = await sql`select ${'Ветрова +79001112233'}::text::int`.catch((failure: unknown) => failure)
    await sql.end()
    openLog('info', where).error({ error }, 'a job failed')
    expect(text()).toContain('22P02')
    expect(text()).not.toContain('Ветрова')
  })

  it('tells the code of a failure that is no error, and none of its words', () => {
    const { text, where } = lines()
    openLog('info', where).warn({ error: { code: '57P01', queue: 'deliver', message: 'Ветрова' } }, 'reported')
    expect(JSON.parse(text()).error).toEqual({ kind: 'object', code: '57P01', queue: 'deliver' })
  })
})

describe('the log of a day', () => {
  let stage: Stage
  let log: ReturnType<typeof lines>
  let told: Record<string, unknown>[]

  /** What the program said, as its lines. */
  const heard = () =>
    log
      .text()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>)

  beforeAll(async () => {
    log = lines()
    stage = await openStage('2026-03-02T05:00:00Z', { log: openLog('trace', log.where) })
    const { head, curator, sandbox } = stage
    await givenTasks(stage, [{ title: 'Провести педагогический совет', dueOn: '2026-03-05' }])
    stage.sleepUntil('2026-03-02T06:01:00Z')
    await stage.app.tick()
    await stage.settled()
    await head.tap(await head.waitFor('Напоминаю'), /Готово/)
    await stage.settled()
    await head.sendPhoto(await aPhoto(1))
    await stage.settled()
    sandbox.faults.next(500, '<html>Заречный</html>', { method: 'sendMessage' }, 2)
    await curator.send('Позвоните Орловой на +7 900 111-22-33')
    await stage.settled()
    told = heard()
  })
  afterAll(() => stage.close())

  it('lets one follow a «готово» by its numbers: from the update to the message that the messenger took', async () => {
    const { sql } = stage.app.engine.database
    const [tap] = await sql<{ update_id: string }[]>`
      select i.update_id from inbox i join accounts a on a.messenger = i.messenger and a.address = i.chat
       where a.address = '1003' and i.payload ? 'callback_query' order by i.update_id limit 1`
    const update = told.find((line) => line.update === Number(tap?.update_id))
    expect(update).toMatchObject({
      msg: 'an update is worked on',
      kind: 'tap',
      deliveries: expect.arrayContaining([expect.any(Number)]),
    })
    for (const delivery of (update?.deliveries ?? []) as number[]) {
      const settled = told.find((line) => line.delivery === delivery)
      expect(settled).toMatchObject({ msg: 'a delivery is settled', outcome: 'sent', person: expect.any(Number) })
      const [row] = await sql<{ message_id: string }[]>`select message_id from deliveries where id = ${delivery}`
      expect(settled?.messageId).toBe(Number(row?.message_id))
    }
  })

  it('lets one follow a photo: the update names the job that fetches it, the job the receipt that it queued', () => {
    const update = told.findLast((line) => line.msg === 'an update is worked on' && line.kind === 'file')
    const [job] = (update?.jobs ?? []) as string[]
    expect(job).toBeDefined()
    expect(told.find((line) => line.job === job)).toMatchObject({ msg: 'a job is done', queue: 'fetch-evidence' })
  })

  it('lets one follow a reminder: the tick names what it queued', () => {
    const tick = told.find((line) => line.tick === 'reminders')
    const [delivery] = (tick?.deliveries ?? []) as number[]
    expect(told.find((line) => line.delivery === delivery)).toMatchObject({
      reason: 'reminder',
      lane: 'reminder',
      outcome: 'sent',
    })
  })

  it('holds nobody’s name, words or phone, no chat, no token and no address of a file', async () => {
    const { config } = stage.app.engine
    const { sql } = stage.app.engine.database
    const people = await sql<{ full_name: string }[]>`select full_name from persons`
    const chats = await sql<{ chat: string }[]>`select distinct chat from deliveries`
    const forbidden = [
      ...people.flatMap(({ full_name }) => full_name.split(' ')),
      ...['Заречн', 'Орлов', '111-22-33', '79001112233', 'школ', 'СОШ', 'совет', 'Напоминаю', '/file/', 'secret_token'],
      ...config.botToken!.split(':'),
    ].filter((word) => word.length > 3)
    expect(forbidden.length).toBeGreaterThan(12)
    for (const word of forbidden) expect(log.text().toLowerCase(), word).not.toContain(word.toLowerCase())
    for (const line of told)
      for (const value of Object.values(line)) expect(chats.map(({ chat }) => chat)).not.toContain(String(value))
    expect(told.length).toBeGreaterThan(15)
  })
})
