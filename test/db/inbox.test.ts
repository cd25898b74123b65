import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../src/db/database.ts'
import { keepUpdates, noteFailure, takeOldest } from '../../src/db/inbox.ts'
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
    await database.asSystem((tx) => takeOldest(tx, 'telegram', '5'))
    expect(await fails()).toBeNull()
    expect(await state()).toMatchObject({ state: 'done', attempts: 0, failure: null })
  })
})
