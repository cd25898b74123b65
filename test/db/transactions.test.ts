import { type AddressInfo, connect, createServer } from 'node:net'
import type { TransactionSql } from 'postgres'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { afterCommit, type Database, lastOf, openDatabase, rawSql, type Tx } from '../../src/db/database.ts'
import { keepUpdates, takeOldest } from '../../src/db/inbox.ts'
import { freshDatabase } from '../support/database.ts'

let database: Database
let url: string
beforeEach(async () => {
  url = await freshDatabase()
  database = openDatabase(url, { max: 2 })
  await database.sql`create table kept (n int check (n < 10))`
})
afterEach(() => database.close())

const insert = (tx: Tx, n: number): Promise<unknown> => rawSql(tx)`insert into kept values (${n})`
const kept = async () => (await database.sql`select n from kept order by n`).map((row) => row.n)

describe('a transaction that asks at once', () => {
  it('commits what was asked with its beginning and after it, and takes all of it back', async () => {
    await database.atOnce((tx) => Promise.all([insert(tx, 1), insert(tx, 2)]))
    await database.atOnce(async (tx) => {
      await insert(tx, 3)
      await insert(tx, 4)
    })
    const failed = database.atOnce(async (tx) => {
      await Promise.all([insert(tx, 5), insert(tx, 6)])
      throw new Error('thought better of it')
    })
    await expect(failed).rejects.toThrow('thought better of it')
    expect(await kept()).toEqual([1, 2, 3, 4])
  })

  it('fails with its beginning, does nothing more, and leaves its connection to others', async () => {
    const begin = database.sql.begin as unknown as (
      options: string,
      work: (sql: TransactionSql) => Promise<unknown>,
      atOnce: boolean,
    ) => Promise<unknown>
    const failed = begin(
      'nonsense',
      async (sql) => {
        await Promise.all([sql`select ${1}::int`, sql`insert into kept values (${1})`]) // the second waits here for what the server knows of the first
      },
      true,
    )
    await expect(failed).rejects.toThrow('syntax error')
    await Promise.all([1, 2, 3].map(() => database.asSystem((tx) => insert(tx, 2))))
    expect(await kept()).toEqual([2, 2, 2])
  })

  it('takes no update where it has no beginning', async () => {
    await keepUpdates(database, 'telegram', [{ updateId: 7, chat: '5', payload: {} }])
    const outside = { session: { client: database.sql } } as unknown as Tx
    expect(await takeOldest(outside, 'telegram', '5', null)).toBeNull()
    expect(await database.atOnce((tx) => takeOldest(tx, 'telegram', '5', null))).toMatchObject({ updateId: 7 })
  })
})

describe('what goes with the commit', () => {
  it('is committed before what waits for the commit is done', async () => {
    let seen: unknown
    await database.asSystem(async (tx) => {
      await insert(tx, 1)
      const asked = insert(tx, 2).then(() => afterCommit(tx, () => (seen = 'afterwards')))
      lastOf(tx, asked)
    })
    expect([await kept(), seen]).toEqual([[1, 2], 'afterwards'])
  })

  it('takes all back where it fails before it is sent', async () => {
    const failed = database.asSystem(async (tx) => {
      await insert(tx, 1)
      lastOf(tx, Promise.reject(new Error('could not be written down')))
    })
    await expect(failed).rejects.toThrow('could not be written down')
    expect(await kept()).toEqual([])
  })

  it('fails the transaction also where nobody looks at it', async () => {
    const failed = database.asSystem(async (tx) => {
      await insert(tx, 1)
      insert(tx, 11).catch(() => {})
    })
    await expect(failed).rejects.toMatchObject({ code: '23514' })
    expect(await kept()).toEqual([])
  })

  // The driver would ask it anew behind the commit, which by then is none: outside of any transaction.
  it('is not asked again where the server has forgotten how, and the next transaction does it', async () => {
    const one = openDatabase(await freshDatabase(), { max: 1 })
    await one.sql`create table changing (n int)`
    const add = () =>
      one.asSystem(async (tx) => {
        await rawSql(tx)`select 1`
        lastOf(tx, rawSql(tx)`insert into changing values (1) returning *`.execute())
      })
    await add()
    await one.sql`alter table changing add column more int`
    await expect(add()).rejects.toMatchObject({ code: '0A000' })
    expect(await one.sql`select n from changing`).toHaveLength(1)
    await add()
    expect(await one.sql`select n from changing`).toHaveLength(2)
    await one.close()
  })

  it('takes all back where it fails, and the transaction tells why', async () => {
    let done = false
    const failed = database.asSystem(async (tx) => {
      await insert(tx, 1)
      afterCommit(tx, () => (done = true))
      lastOf(tx, insert(tx, 11))
    })
    await expect(failed).rejects.toMatchObject({ code: '23514' })
    expect([await kept(), done]).toEqual([[], false])
  })

  it('is refused to a savepoint, which commits nothing', async () => {
    const failed = database.asSystem((tx) => tx.transaction(async (inner) => lastOf(inner, insert(inner, 1))))
    await expect(failed).rejects.toThrow('savepoint')
    expect(await kept()).toEqual([])
  })
})

// The driver would run it on a connection that may be in another's transaction by then.
it.each(['committed', 'taken back'])('a transaction that was %s takes no further question', async (how) => {
  let left: Tx | undefined
  const ended = database.asSystem(async (tx) => {
    left = tx
    await insert(tx, 1)
    if (how === 'taken back') throw new Error('thought better of it')
  })
  await ended.catch(() => {})
  await expect(insert(left!, 2)).rejects.toMatchObject({ code: 'TRANSACTION_ENDED' })
  expect(await kept()).toEqual(how === 'committed' ? [1] : [])
})

// The silence would be over with the first of several answers.
it('a line that falls silent in the middle of a flight is given up', async () => {
  const behind = new URL(url)
  const folder = behind.searchParams.get('host')
  let silent = false
  const line = createServer((client) => {
    const to = folder ? connect(`${folder}/.s.PGSQL.${behind.port}`) : connect(Number(behind.port), behind.hostname)
    client.on('error', () => {}).on('close', () => to.destroy())
    to.on('error', () => {}).on('data', (bytes) => silent || client.write(bytes))
    client.pipe(to)
  })
  await new Promise<void>((resolve) => line.listen(0, '127.0.0.1', resolve))
  behind.searchParams.delete('host')
  const through = openDatabase(
    `postgres://${behind.username}:${behind.password}@127.0.0.1:${(line.address() as AddressInfo).port}${behind.pathname}`,
    { max: 1, silenceMs: 500 },
  )
  const ask = (seconds: number) =>
    through.atOnce(async (tx) => {
      const sql = rawSql(tx)
      const first = sql`select ${'first'}::text`.then(() => {
        silent = seconds > 0
      })
      await Promise.all([first, sql`select pg_sleep(${seconds})`])
    })
  await ask(0)
  await expect(ask(0.2)).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' })
  await through.close()
  line.close()
})
