import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AfterCommit, type Incoming, TooEarly } from '../../src/bot/incoming.ts'
import { type Intake, type IntakeOptions, openIntake } from '../../src/bot/intake.ts'
import { addressOf, parseUpdate } from '../../src/bot/telegram/update.ts'
import { type Database, openDatabase, rawSql, type Tx } from '../../src/db/database.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { freshDatabase } from '../support/database.ts'
import { aDelivery, EFFECTS } from '../support/engine.ts'

let url: string
let database: Database
let opened: Intake[]
let answers: [tapId: string, words: string | undefined][]
let setAside: number[]

beforeEach(async () => {
  url = await freshDatabase()
  database = openDatabase(url)
  await database.sql.unsafe(EFFECTS)
  opened = []
  answers = []
  setAside = []
})
afterEach(async () => {
  for (const intake of opened) await intake.close()
  await database.close()
})

const from = { id: 5, first_name: 'Пётр' }
const words = (updateId: number, text: string, chat = 5) => ({
  update_id: updateId,
  message: { message_id: updateId, date: 1, from, chat: { id: chat, type: 'private' }, text },
})
const press = (updateId: number, data = 'done') => ({
  update_id: updateId,
  callback_query: {
    id: `q${updateId}`,
    from,
    data,
    message: { message_id: 1, date: 1, chat: { id: 5, type: 'private' } },
  },
})

/** Notes an effect of each update, in its transaction. */
const noting = async (tx: Tx, incoming: Incoming): Promise<AfterCommit> => {
  await rawSql(tx)`insert into effects (update_id, what) values (${incoming.updateId}, ${incoming.kind})`
  return {}
}

/** An intake as one replica has it. */
function anIntake(handle: IntakeOptions['handle'] = noting, more: Partial<IntakeOptions> = {}): Intake {
  const intake = openIntake({
    database,
    edge: {
      messenger: 'telegram',
      addressOf,
      parse: (raw) => parseUpdate(raw, systemClock.now()),
      answerTap: async (tapId, text) => void answers.push([tapId, text]),
      showBusy: async () => {},
    },
    handle,
    apology: (incoming) => ({ tapWords: 'Не получилось', delivery: aDelivery(incoming.chat, 'Не получилось') }),
    events: { handled: () => {}, failed: () => {}, setAside: (updateId) => void setAside.push(updateId) },
    ...more,
  })
  opened.push(intake)
  return intake
}

const effects = async () =>
  (await database.sql`select update_id from effects order by id`).map((row) => Number(row.update_id))
const quiet = (intake: Intake) => expect.poll(() => intake.isIdle(), { interval: 10 }).toBe(true)
/** Lets updates that wait out a failure be due now. */
const noPauses = () =>
  database.sql`update inbox set not_before = now() where state = 'waiting' and not_before is not null`

describe('an update that came too early', () => {
  it('is looked at again until it is not, which is no failed try; its chat waits, others go on', async () => {
    const looks: number[] = []
    const intake = anIntake(async (tx, incoming, mayWait) => {
      looks.push(incoming.updateId)
      const early = looks.filter((updateId) => updateId === 1).length < 8
      if (incoming.updateId === 1 && early && mayWait) throw new TooEarly()
      return noting(tx, incoming)
    })
    await intake.accept([words(1, 'раз'), words(2, 'два'), words(3, 'в другом чате', 6)])
    expect(await intake.isIdle()).toBe(false)
    await expect.poll(effects, { interval: 10 }).toEqual([3, 1, 2])
    expect(looks.filter((updateId) => updateId === 1)).toHaveLength(8)
    expect(
      await database.sql`select 1 from inbox where update_id = 1 and (failure is not null or attempts > 0)`,
    ).toEqual([])
    await quiet(intake)
  })

  it('is worked on as it is once it has waited long enough', async () => {
    const intake = anIntake(async (tx, incoming, mayWait) => {
      if (mayWait) throw new TooEarly()
      return noting(tx, incoming)
    })
    await intake.accept([words(1, 'раз')])
    await expect.poll(() => database.sql`select 1 from inbox where not_before is not null`).toHaveLength(1)
    await database.sql`update inbox set received_at = now() - interval '11 seconds'`
    await expect.poll(effects, { interval: 10 }).toEqual([1])
  })
})

describe('an update', () => {
  it('has one effect, however often it comes and to however many replicas', async () => {
    const replicas = [anIntake(), anIntake()]
    await Promise.all(replicas.flatMap((replica) => [1, 2, 3].map(() => replica.accept([words(7, 'готово')]))))
    await replicas[0]!.accept([words(7, 'готово')])
    await Promise.all(replicas.map(quiet))
    expect(await effects()).toEqual([7])
  })

  it('is worked on after those of its chat that came before it, one at a time', async () => {
    let under = 0
    const most: number[] = []
    const intake = anIntake(async (tx, incoming) => {
      under += 1
      most.push(under)
      await noting(tx, incoming)
      under -= 1
      return {}
    })
    await intake.accept([words(3, 'в'), words(1, 'а'), words(2, 'б')])
    await quiet(intake)
    expect(await effects()).toEqual([1, 2, 3])
    expect(Math.max(...most)).toBe(1)
  })

  it('of one chat does not wait for another chat', async () => {
    let release = () => {}
    const blocked = new Promise<void>((resolve) => {
      release = resolve
    })
    const intake = anIntake(async (tx, incoming) => {
      if (incoming.chat === '5') await blocked
      return noting(tx, incoming)
    })
    await intake.accept([words(1, 'долго', 5), words(2, 'быстро', 6)])
    await expect.poll(effects).toEqual([2])
    release()
    await quiet(intake)
    expect(await effects()).toEqual([2, 1])
  })

  it('that two replicas hold at once keeps its place', async () => {
    const replicas = [anIntake(), anIntake()]
    await Promise.all(Array.from({ length: 40 }, (_, n) => replicas[n % 2]!.accept([words(n + 1, 'т')])))
    await Promise.all(replicas.map(quiet))
    expect(await effects()).toHaveLength(40)
    expect(new Set(await effects()).size).toBe(40)
  })

  it('may hold anything that people type', async () => {
    const intake = anIntake()
    await intake.accept([words(1, 'а\0б'), words(2, '\ud800'), words(3, '\\u0000 \\')])
    await quiet(intake)
    const rows = await database.sql`select payload #>> '{message,text}' as text from inbox order by update_id`
    expect(rows.map((row) => row.text)).toEqual(['а\ufffdб', '\ufffd', '\\u0000 \\'])
  })

  it('that concerns nobody is passed over', async () => {
    const intake = anIntake()
    await intake.accept([{ update_id: 1, poll: {} }, 'junk', { update_id: 'x' }, words(2, 'т')])
    await quiet(intake)
    expect(await effects()).toEqual([2])
  })
})

describe('an update whose handling fails', () => {
  it('leaves nothing behind and is tried again until it has its effect', async () => {
    let failures = 2
    const intake = anIntake(async (tx, incoming) => {
      await noting(tx, incoming)
      if (failures-- > 0) throw new Error('not yet')
      return {}
    })
    await intake.accept([words(1, 'готово')])
    await expect.poll(async () => (await noPauses()) && (await effects())).toEqual([1])
  })

  it('is set aside after five tries, its chat goes on, and the person is told', async () => {
    const tries: number[] = []
    const intake = anIntake(
      async (tx, incoming) => {
        if (incoming.updateId === 1) {
          tries.push(1)
          throw new Error('always')
        }
        return noting(tx, incoming)
      },
      { sweepEveryMs: 20 },
    )
    await intake.accept([words(1, 'яд'), words(2, 'после')])
    await expect.poll(async () => (await noPauses()) && (await effects())).toEqual([2])
    expect([tries.length, setAside]).toEqual([5, [1]])
    const [apology] = await database.sql`select content from deliveries`
    expect(apology?.content).toMatchObject({ screen: { text: 'Не получилось' } })
  })

  it('still lets go of the button that was pressed, once', async () => {
    const intake = anIntake(
      async () => {
        throw new Error('always')
      },
      { sweepEveryMs: 20 },
    )
    await intake.accept([press(1)])
    await expect.poll(async () => (await noPauses()) && setAside).toEqual([1])
    expect(answers).toEqual([['q1', 'Не получилось']])
  })

  it('keeps no words of the person in what it notes', async () => {
    const intake = anIntake(async (tx) => {
      await rawSql(tx)`select ${'Иванова +79001112233'}::int`
      return {}
    })
    await intake.accept([words(1, 'т')])
    await expect
      .poll(async () => (await database.sql`select failure from inbox`)[0]?.failure)
      .toMatch(/^PostgresError 22P02/)
  })
})

describe('a button', () => {
  it('that is pressed twice is answered twice and has its effects in order', async () => {
    const seen = new Set<string>()
    const intake = anIntake(async (tx, incoming) => {
      if (incoming.kind !== 'tap') return {}
      const again = seen.has(incoming.data)
      seen.add(incoming.data)
      if (!again) await noting(tx, incoming)
      return { tapAnswer: { tapId: incoming.tapId, words: again ? 'уже отмечено' : 'Отмечено' } }
    })
    await intake.accept([press(1), press(2)])
    await quiet(intake)
    expect(answers).toEqual([
      ['q1', 'Отмечено'],
      ['q2', 'уже отмечено'],
    ])
    expect(await effects()).toEqual([1])
  })

  it('is let go of also where the feature says nothing', async () => {
    const intake = anIntake()
    await intake.accept([press(1)])
    await expect.poll(() => answers).toEqual([['q1', undefined]])
  })
})

describe('what a process that ended left behind', () => {
  const leave = (updateId: number, text: string, attempts = 0) => database.sql`
    insert into inbox (messenger, update_id, chat, payload, attempts, received_at)
    values ('telegram', ${updateId}, '5', ${JSON.stringify(words(updateId, text))}, ${attempts}, now() - interval '1 minute')`

  it('is taken up by another', async () => {
    await leave(1, 'а')
    await leave(2, 'б')
    const intake = anIntake()
    await expect.poll(effects).toEqual([1, 2])
    await quiet(intake)
  })

  it('is set aside when it ended the process five times', async () => {
    await leave(1, 'яд', 5)
    await leave(2, 'после')
    anIntake()
    await expect.poll(effects).toEqual([2])
    expect(setAside).toEqual([1])
  })

  it('counts its tries before they are made', async () => {
    await leave(1, 'яд')
    let seen: unknown
    anIntake(async () => {
      const [row] = await database.sql`select attempts from inbox`
      seen = row?.attempts
      return {}
    })
    await expect.poll(() => seen).toBe(2)
  })

  it('is worked on beside no other suspect, while other chats go on', async () => {
    await database.sql`
      insert into inbox (update_id, chat, payload, attempts, received_at)
      select n, n::text, jsonb_set(${JSON.stringify(words(1, 'т'))}::text::jsonb, '{update_id}', to_jsonb(n)), case when n > 4 then 3 else 1 end, now() - interval '1 minute'
        from generate_series(1, 8) n`
    let suspects = 0
    const most: number[] = []
    const order: number[] = []
    const intake = anIntake(async (tx, incoming) => {
      const suspect = incoming.updateId > 4
      if (suspect) most.push(++suspects)
      await rawSql(tx)`select pg_sleep(${suspect ? 0.05 : 0.02})`
      if (suspect) suspects -= 1
      order.push(incoming.updateId)
      return noting(tx, incoming)
    })
    await quiet(intake)
    expect(Math.max(...most)).toBe(1)
    expect(order.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(order.slice(0, 4).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4])
  })

  it('is not taken for new because its chat writes again: its tries go on being counted', async () => {
    const intake = anIntake()
    await database.sql`
      insert into inbox (update_id, chat, payload, attempts, received_at)
      values (1, '5', ${JSON.stringify(words(1, 'яд'))}::text::jsonb, 2, now())`
    await intake.accept([words(2, 'ещё')])
    await expect.poll(effects).toEqual([1, 2])
    expect(await database.sql`select attempts from inbox where update_id = 1`).toEqual([{ attempts: 3 }])
  })

  it('is not dropped without a word where it ended the process each time', async () => {
    await database.sql`
      insert into inbox (update_id, chat, payload, attempts, received_at)
      values (7, '5', ${JSON.stringify(words(7, 'готово'))}::text::jsonb, 5, now() - interval '1 minute')`
    await quiet(anIntake())
    expect(setAside).toEqual([7])
    expect(await effects()).toEqual([])
    const told = await database.sql`select chat, content #>> '{screen,text}' as text from deliveries`
    expect(told).toEqual([{ chat: '5', text: 'Не получилось' }])
  })
})

describe('an intake that cannot keep an update', () => {
  it('says so in time, and keeps it when it comes again', async () => {
    const intake = anIntake(noting, { acceptTimeoutMs: 50 })
    const lock = openDatabase(url, { max: 1 })
    const held = lock.sql.begin(async (sql) => {
      await sql`lock table inbox in exclusive mode`
      await expect(intake.accept([words(1, 'т')])).rejects.toThrow('in time')
    })
    await held
    await lock.close()
    await expect.poll(() => intake.accept([words(1, 'т')]).then(() => 'kept', String)).toBe('kept')
    await expect.poll(effects).toEqual([1])
  })
})
