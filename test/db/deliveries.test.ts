import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../src/db/database.ts'
import {
  claimDeliveries,
  closeChat,
  closeLanes,
  enqueueBroadcast,
  enqueueDeliveries,
  planClaimsAnew,
  reclaimOrphans,
  settleDeliveries,
} from '../../src/db/deliveries.ts'
import { type ClaimedDelivery, decideAfterSend } from '../../src/delivery/decide.ts'
import type { NewDelivery } from '../../src/delivery/delivery.ts'
import { freshDatabase } from '../support/database.ts'
import { aDelivery } from '../support/engine.ts'

let database: Database

beforeEach(async () => {
  database = openDatabase(await freshDatabase())
})
afterEach(() => database.close())

const enqueue = (...deliveries: NewDelivery[]) => database.asSystem((tx) => enqueueDeliveries(tx, deliveries))
const claim = (more: { rate?: number; most?: number; leaseSeconds?: number; suspects?: boolean } = {}) =>
  claimDeliveries(database, { messenger: 'telegram', rate: 1000, most: 100, leaseSeconds: 30, ...more })
const sent = (claimed: ClaimedDelivery[], messageId = 1) =>
  settleDeliveries(
    database,
    claimed.map((one) => decideAfterSend(one, { kind: 'sent', messageId }, 0)),
  )
const textOf = ({ content }: ClaimedDelivery) => ('screen' in content ? content.screen.text : '')
const texts = (claimed: ClaimedDelivery[]) => claimed.map(textOf)
/** Lets the chats' pace and the budget be used again. */
const rested = async () => {
  await database.sql`update chat_paces set free_at = now() - interval '1 hour'`
  await database.sql`update send_budgets set free_at = now() where lane = -1`
}
const municipality = async (name: string): Promise<number> => {
  const [row] = await database.sql<{ id: string }[]>`
    insert into municipalities (name, timezone, created_at) values (${name}, 'Asia/Omsk', now()) returning id`
  return Number(row!.id)
}

describe('queueing', () => {
  it.each([
    ['answers', 'answer', 'answer'],
    ['reminders', 'reminder', 'reminder'],
    ['answers among reminders', 'answer', 'reminder'],
    ['broadcasts among answers', 'broadcast', 'answer'],
  ] as const)(
    'of %s gives an id for each delivery in order, and 0 where the key was used before',
    async (_, one, other) => {
      const wordsOf = async (ids: number[]) => {
        const rows = await database.sql<{ id: number; text: string }[]>`
        select id::int, content #>> '{screen,text}' as text from deliveries where id = any(${ids}::bigint[])`
        return ids.map((id) => rows.find((row) => row.id === id)?.text)
      }
      const keyed = aDelivery(2, 'б', { lane: other, onceKey: 'k' })
      const first = await enqueue(aDelivery(1, 'а', { lane: one }), keyed, aDelivery(3, 'в', { lane: one }))
      expect(await wordsOf(first)).toEqual(['а', 'б', 'в'])
      const second = await enqueue(keyed, aDelivery(4, 'г', { lane: one }))
      expect([second[0], ...(await wordsOf(second.slice(1)))]).toEqual([0, 'г'])
      const doubled = [5, 6].map((chat) => aDelivery(chat, 'д', { lane: chat === 5 ? one : other, onceKey: 'x' }))
      expect(await enqueue(...doubled)).toHaveLength(2)
      expect(await database.sql`select from deliveries`).toHaveLength(5)
    },
  )

  it('is undone with its transaction', async () => {
    const failing = database.asSystem(async (tx) => {
      await enqueueDeliveries(tx, [aDelivery(1, 'а')])
      throw new Error('rolled back')
    })
    await expect(failing).rejects.toThrow('rolled back')
    expect(await claim()).toEqual([])
  })

  it('takes what people type: NUL, halves of characters', async () => {
    await enqueue(aDelivery(1, 'а\0б\ud800'))
    expect(texts(await claim())).toEqual(['а\ufffdб\ufffd'])
  })

  it('splits a screen of several files; its id is the last message’s', async () => {
    const file = { kind: 'photo' as const, sha256: 'x', fileName: 'x', mime: 'x' }
    const screen = { text: 'Отчёт', attachments: [file, file], buttons: [[{ label: 'Принять', action: 'a' }]] }
    const [id] = await enqueue(aDelivery(1, '', { content: { do: 'send', screen }, onceKey: 'k' }))
    const album = await claim()
    expect(texts(album)).toEqual([''])
    await sent(album)
    const [words] = await claim()
    expect([words?.id, words && textOf(words)]).toEqual([id, 'Отчёт'])
  })

  it('of one message for many people is one statement, each of them once', async () => {
    const to = [1, 2, 3].map((chat) => ({ personId: null, chat: String(chat) }))
    const broadcast = { ...aDelivery(0, 'Семинар'), lane: 'broadcast' as const, onceKey: 'seminar', to }
    const queued = () => database.asSystem((tx) => enqueueBroadcast(tx, broadcast))
    expect([await queued(), await queued()]).toEqual([3, 0])
  })

  it('works in a transaction that sees one municipality alone', async () => {
    const id = await municipality('Омск')
    await database.inMunicipality(id, (tx) =>
      enqueueDeliveries(tx, [aDelivery(1, 'а', { municipalityId: id, lane: 'reminder' })]),
    )
    expect(texts(await claim())).toEqual(['а'])
  })
})

describe('what is sent next', () => {
  it('is what is more urgent, then what came first', async () => {
    await enqueue(
      aDelivery(1, 'семинар', { lane: 'broadcast' }),
      aDelivery(2, 'срок', { lane: 'reminder' }),
      aDelivery(3, 'ответ'),
    )
    expect(texts(await claim())).toEqual(['ответ', 'срок', 'семинар'])
  })

  it('is one message of a chat at a time, in their order', async () => {
    await enqueue(aDelivery(1, 'первое'), aDelivery(1, 'второе'))
    const first = await claim()
    expect(texts(first)).toEqual(['первое'])
    expect(await claim()).toEqual([])
    await sent(first)
    expect(texts(await claim())).toEqual(['второе'])
  })

  it('lets an answer overtake the reminders of its chat, and an edit hurry the message that it is about', async () => {
    const [, seminar] = await enqueue(
      aDelivery(1, 'срок', { lane: 'reminder' }),
      aDelivery(1, 'семинар', { lane: 'broadcast' }),
    )
    await enqueue(
      aDelivery(1, '', {
        content: { do: 'edit', target: { deliveryId: seminar! }, screen: { text: 'семинар отменён' } },
      }),
    )
    const order: string[] = []
    for (let n = 0; n < 3; n++) {
      const claimed = await claim()
      order.push(...texts(claimed))
      if (textOf(claimed[0]!) === 'семинар отменён') expect(claimed[0]?.targetMessageId).toBe(70 + 0)
      await sent(claimed, 70 + n)
      await rested()
    }
    expect(order).toEqual(['семинар', 'семинар отменён', 'срок'])
  })

  it('keeps to one message a second and chat; answers may come in a short burst', async () => {
    for (const lane of ['answer', 'reminder'] as const) {
      await enqueue(...[1, 2, 3, 4, 5].map((n) => aDelivery(lane, `${n}`, { lane })))
    }
    const counts = { answer: 0, reminder: 0 }
    for (let n = 0; n < 5; n++) {
      const claimed = await claim()
      for (const { lane } of claimed) counts[lane as 'answer'] += 1
      await sent(claimed)
    }
    expect(counts).toEqual({ answer: 3, reminder: 1 })
  })

  it('keeps to the rate over all replicas: places in the budget follow one another', async () => {
    await enqueue(...Array.from({ length: 60 }, (_, n) => aDelivery(n, 'семинар', { lane: 'broadcast' })))
    const other = openDatabase(await urlOf(database))
    try {
      const limits = { messenger: 'telegram' as const, rate: 100, most: 100, leaseSeconds: 30 }
      const began = performance.now()
      const halves = await Promise.all([claimDeliveries(database, limits), claimDeliveries(other, limits)])
      const claimed = halves.flat()
      expect(new Set(claimed.map((one) => one.id)).size).toBe(claimed.length)
      const passed = (performance.now() - began) / 1000
      expect(claimed.length).toBeLessThanOrEqual((0.25 + passed) * 100 + 1)
      expect(claimed.length).toBeGreaterThanOrEqual(20)
    } finally {
      await other.close()
    }
  })

  it('gives municipalities turns: a few messages of one do not wait for the many of another', async () => {
    const [omsk, tomsk] = [await municipality('Омск'), await municipality('Томск')]
    const of = (municipalityId: number, count: number, from: number) =>
      Array.from({ length: count }, (_, n) =>
        aDelivery(from + n, String(municipalityId), { municipalityId, lane: 'broadcast' }),
      )
    await enqueue(...of(omsk, 300, 1000))
    await sent(await claim({ most: 50 }))
    await rested()
    await enqueue(...of(tomsk, 20, 5000))
    const next = await claim({ most: 45 })
    expect(next.filter((one) => one.municipalityId === tomsk)).toHaveLength(20)
  })

  it('leaves alone a chat and lanes that were closed', async () => {
    await enqueue(aDelivery(1, 'а'), aDelivery(2, 'б'), aDelivery(3, 'в', { lane: 'broadcast' }))
    await closeChat(database, 'telegram', '1', 60)
    await closeLanes(database, 'telegram', ['broadcast'], 60)
    expect(texts(await claim())).toEqual(['б'])
  })

  it('counts the parts of an album in a group’s pace', async () => {
    const file = { kind: 'photo' as const, sha256: 'x', fileName: 'x', mime: 'x' }
    await enqueue(
      aDelivery(-5, '', { content: { do: 'send', screen: { text: '', attachments: [file, file, file, file] } } }),
    )
    await sent(await claim())
    await enqueue(aDelivery(-5, 'слова'))
    expect(await claim()).toEqual([])
  })
})

describe('what became of a delivery', () => {
  it('is not overwritten by a process that lost it', async () => {
    await enqueue(aDelivery(1, 'а'))
    const late = await claim({ leaseSeconds: 0 })
    expect(await reclaimOrphans(database)).toEqual({ repeated: 1, givenUp: 0, suspectsWait: false })
    const again = await claim()
    await sent(late, 5)
    await sent(again, 6)
    const [row] = await database.sql`select state, message_id, uncertain from deliveries`
    expect(row).toMatchObject({ state: 'sent', message_id: '6', uncertain: true })
  })

  it('is repeated for each sender that vanished, as a suspect after the second, and given up after the fifth', async () => {
    await enqueue(aDelivery(1, 'а'))
    const found = []
    for (let n = 0; n < 5; n++) {
      await rested()
      const suspects = n >= 2
      expect(await claim({ suspects: !suspects })).toEqual([])
      expect(await claim({ leaseSeconds: 0, suspects })).toHaveLength(1)
      found.push(await reclaimOrphans(database))
    }
    expect(found.map(({ repeated, givenUp, suspectsWait }) => [repeated, givenUp, suspectsWait])).toEqual([
      [1, 0, false],
      [1, 0, true],
      [1, 0, true],
      [1, 0, true],
      [0, 1, false],
    ])
    expect(await database.sql`select state, failure from deliveries`).toMatchObject([
      { state: 'dead', failure: 'the sending process ended' },
    ])
  })

  it('finds the suspects that another replica took back, and gives those first that have been tried least', async () => {
    await enqueue(aDelivery(1, 'а'), aDelivery(2, 'б'), aDelivery(3, 'в'))
    await database.sql`
      update deliveries set uncertain = true, attempts = case chat when '1' then 4 else 3 end,
             failure = case chat when '3' then 'timeout' else 'the sending process ended' end`
    expect(await reclaimOrphans(database)).toEqual({ repeated: 0, givenUp: 0, suspectsWait: true })
    expect(texts(await claim({ suspects: true, most: 1 }))).toEqual(['б'])
    expect(texts(await claim({ suspects: true, most: 1 }))).toEqual(['а'])
    expect(texts(await claim())).toEqual(['в'])
  })
})

describe('what comes into an empty table, of which statistics know nothing', () => {
  let one: Database

  beforeEach(async () => {
    one = openDatabase(await urlOf(database), { max: 1 })
    await one.sql`alter table deliveries set (autovacuum_enabled = off)`
    await one.sql`vacuum analyze deliveries` // so that it counts as empty
  })
  afterEach(() => one.close())

  /** Rows of the table, or entries of its indexes, that were read while `work` ran on its one connection. */
  async function rowsRead(work: () => Promise<unknown>): Promise<number> {
    const count = async () => {
      await one.sql`select pg_stat_force_next_flush()`
      const [row] = await one.sql<{ read: number }[]>`
        select (t.seq_tup_read + (select sum(i.idx_tup_read) from pg_stat_user_indexes i where i.relid = t.relid))::int as read
          from pg_stat_user_tables t where t.relname = 'deliveries'`
      return row!.read
    }
    const before = await count()
    await work()
    return (await count()) - before
  }

  const claimFifty = (suspects = false) =>
    claimDeliveries(one, { messenger: 'telegram', rate: 100_000, most: 50, leaseSeconds: 30, suspects })
  const queue = (people: number) => {
    const { personId, chat, ...rest } = aDelivery(1, 'семинар', { lane: 'broadcast' })
    const to = Array.from({ length: people }, (_, n) => ({ personId: null, chat: String(1000 + n) }))
    return one.asSystem((tx) => enqueueBroadcast(tx, { ...rest, to }))
  }

  it('is claimed by plans that were kept from when the table was empty, until they are made anew', async () => {
    for (let n = 0; n < 8; n++) await claimFifty()
    await queue(1000)
    await planClaimsAnew(one)
    await claimFifty()
    expect(await rowsRead(claimFifty)).toBeLessThan(1000)
  })

  it('of many municipalities one after the other: each finds its turn among its own alone', async () => {
    const ids = await one.sql<{ id: number }[]>`
      insert into municipalities (name, timezone, created_at) select 'Район ' || n, 'Asia/Omsk', now() from generate_series(1, 300) n returning id::int`
    const read = await rowsRead(async () => {
      for (const { id } of ids) {
        const own = { municipalityId: id, lane: 'reminder' as const }
        await one.asSystem((tx) => enqueueDeliveries(tx, [aDelivery(id, 'а', own), aDelivery(id, 'б', own)]))
      }
    })
    expect(read).toBeLessThan(300 * 10)
    const turns = await one.sql`select turn, count(*)::int as count from deliveries group by turn order by turn`
    expect(turns).toEqual([
      { turn: '0', count: 300 },
      { turn: '1', count: 300 },
    ])
  })

  it('is queued, claimed and settled without reading more than what is in hand', async () => {
    expect(await rowsRead(() => queue(2000))).toBeLessThan(2000)
    await claimFifty()
    let claimed: ClaimedDelivery[] = []
    const claiming = async () => {
      claimed = await claimFifty()
    }
    expect(await rowsRead(claiming)).toBeLessThan(1000)
    expect(claimed).toHaveLength(50)
    const settling = () =>
      settleDeliveries(
        one,
        claimed.map((delivery) => decideAfterSend(delivery, { kind: 'sent', messageId: delivery.id }, 0)),
      )
    expect(await rowsRead(settling)).toBeLessThan(1000)
  })

  it('is not read through for the one suspect among it', async () => {
    await queue(2000)
    await one.sql`
      update deliveries set uncertain = true, attempts = 2, failure = 'the sending process ended' where chat = '2999'`
    let claimed: ClaimedDelivery[] = []
    const claiming = async () => {
      claimed = await claimFifty(true)
    }
    expect(await rowsRead(claiming)).toBeLessThan(100)
    expect(claimed.map(({ chat }) => chat)).toEqual(['2999'])
    expect(await rowsRead(claiming)).toBeLessThan(100)
    expect(claimed).toEqual([])
  })
})

async function urlOf(of: Database): Promise<string> {
  const { options } = of.sql
  return `postgres://${options.user}:${options.pass}@${options.host[0]}:${options.port[0]}/${options.database}`
}
