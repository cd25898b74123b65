import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../src/db/database.ts'
import { chatsLeftWaiting, countTry, keepUpdates, noteFailure, takeOldest } from '../../src/db/inbox.ts'
import { freshDatabase } from '../support/database.ts'

let database: Database
beforeEach(async () => {
  database = openDatabase(await freshDatabase(), { max: 2 })
  await keepUpdates(database, 'telegram', [{ updateId: 7, chat: '5', payload: {} }])
})
afterEach(() => database.close())

const fails = () => noteFailure(database, 'telegram', 7, 'CONNECTION_CLOSED', false)
const state = async () => (await database.sql`select state, attempts, failure from inbox where update_id = 7`)[0]

describe('a failure that is noted', () => {
  it('has the update tried again', async () => {
    expect(await fails()).toMatchObject({ attempts: 1, setAside: false })
    expect(await state()).toMatchObject({ state: 'waiting', attempts: 1 })
  })

  it('of an update that is done all the same has it done once: the commit was not heard of, or another replica was quicker', async () => {
    await database.asSystem((tx) => takeOldest(tx, 'telegram', '5', null))
    expect(await fails()).toBeNull()
    expect(await state()).toMatchObject({ state: 'done', attempts: 0, failure: null })
  })
})

const COUNTED = { updateId: 7, setAside: false }

describe('a try that is counted before it is made', () => {
  const count = (suspect = false) => countTry(database, 'telegram', '5', suspect)
  const take = (counted: number | null) => database.asSystem((tx) => takeOldest(tx, 'telegram', '5', counted))

  it('is no try where another process has the chat in hand', async () => {
    let counted: unknown
    await database.sql.begin(async (sql) => {
      await sql`select pg_advisory_xact_lock(hashtextextended('telegram:5', 0))`
      counted = await count()
    })
    expect([counted, await state()]).toEqual([null, expect.objectContaining({ attempts: 0 })])
    expect(await count()).toEqual(COUNTED)
  })

  it('makes the update a suspect after the second: it is taken up only as one, and set aside after three more', async () => {
    expect([await count(true), await count()]).toEqual([null, COUNTED])
    expect(await state()).toMatchObject({ attempts: 2 })
    expect([await count(), await count(true), await count(true), await count(true)]).toEqual([
      null,
      COUNTED,
      COUNTED,
      COUNTED,
    ])
    expect(await count(true)).toEqual({ updateId: 7, setAside: true, payload: {} })
    expect(await state()).toMatchObject({ state: 'set-aside', failure: 'the process ended' })
  })

  it('that failed with a word makes no suspect', async () => {
    await count()
    await noteFailure(database, 'telegram', 7, 'Error src/somewhere.ts:1:1', true)
    await database.sql`update inbox set not_before = now()`
    expect([await count(true), await count()]).toEqual([null, COUNTED])
    expect(await state()).toMatchObject({ attempts: 3, failure: null })
    expect([await count(), await count(true)]).toEqual([null, COUNTED])
  })

  it('cannot be passed over: what was tried before is not taken without it', async () => {
    await count()
    expect([await take(null), await take(6)]).toEqual([null, null])
    expect(await take(7)).toMatchObject({ updateId: 7, attempts: 2 })
  })

  it('comes first for those that have been tried least', async () => {
    await keepUpdates(
      database,
      'telegram',
      [8, 9, 10].map((updateId) => ({ updateId, chat: String(updateId), payload: {} })),
    )
    await keepUpdates(database, 'telegram', [{ updateId: 11, chat: '11', payload: {} }])
    await database.sql`update inbox set attempts = 14 - update_id, failure = case update_id when 11 then 'Error' end where update_id > 7`
    const left = await chatsLeftWaiting(database, 'telegram', 0)
    expect(left).toEqual([
      { chat: '5', suspect: false },
      { chat: '11', suspect: false },
      { chat: '10', suspect: true },
      { chat: '9', suspect: true },
      { chat: '8', suspect: true },
    ])
  })
})
