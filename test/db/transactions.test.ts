import type { TransactionSql } from 'postgres'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { afterCommit, type Database, lastOf, openDatabase, rawSql, type Tx } from '../../src/db/database.ts'
import { keepUpdates, takeOldest } from '../../src/db/inbox.ts'
import { freshDatabase } from '../support/database.ts'

let database: Database
beforeEach(async () => {
  database = openDatabase(await freshDatabase(), { max: 2 })
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
        await sql`select 1`
        await sql`insert into kept values (1)`
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
