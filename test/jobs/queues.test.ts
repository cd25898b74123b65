import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Database, openDatabase } from '../../src/db/database.ts'
import { defineQueue, type Jobs, onQueue, startJobs } from '../../src/jobs/queues.ts'
import { freshDatabase } from '../support/database.ts'

const remind = defineQueue({ name: 'remind', schema: z.object({ personId: z.number() }), attempts: 2 })

let url: string
let database: Database
let jobs: Jobs
let done: number[]
let failures: [queue: string, final: boolean][]

beforeEach(async () => {
  url = await freshDatabase()
  database = openDatabase(url)
  done = []
  failures = []
  jobs = await startJobs(database, url, [remind], {
    done: () => {},
    failed: ({ queue }, _, final) => void failures.push([queue, final]),
    engine: () => {},
  })
})
afterEach(async () => {
  await jobs.close(1000)
  await database.close()
})

const work = (refuse: (personId: number, attempt: number) => boolean = () => false) =>
  jobs.work([
    onQueue(remind, async ({ personId }, { attempt }) => {
      if (refuse(personId, attempt)) throw new Error('not now')
      done.push(personId)
    }),
  ])

describe('a job', () => {
  it('is kept or lost with the transaction of the change that causes it', async () => {
    await work()
    const lost = database.asSystem(async (tx) => {
      await jobs.enqueue(tx, remind, { personId: 1 })
      throw new Error('rolled back')
    })
    await expect(lost).rejects.toThrow('rolled back')
    await database.asSystem((tx) => jobs.enqueue(tx, remind, { personId: 2 }))
    await expect.poll(() => done).toEqual([2])
    await expect.poll(() => jobs.isIdle()).toBe(true)
    expect(done).toEqual([2])
  })

  it('may be made by a transaction that sees one municipality alone', async () => {
    const [row] =
      await database.sql`insert into municipalities (name, timezone, created_at) values ('Омск', 'Asia/Omsk', now()) returning id`
    await database.inMunicipality(Number(row?.id), (tx) => jobs.enqueue(tx, remind, { personId: 3 }))
    await work()
    await expect.poll(() => done).toEqual([3])
  })

  it('with a key is there once until it begins; without one as often as it is made', async () => {
    await database.asSystem(async (tx) => {
      for (const _ of [1, 2]) await jobs.enqueue(tx, remind, { personId: 4 }, { singletonKey: 'k' })
      for (const _ of [1, 2]) await jobs.enqueue(tx, remind, { personId: 5 })
    })
    await work()
    await expect.poll(() => [...done].sort()).toEqual([4, 5, 5])
  })

  it('that fails is tried again and others go on; after the last try it is set aside', async () => {
    await work((personId) => personId === 6)
    await database.asSystem(async (tx) => {
      await jobs.enqueue(tx, remind, { personId: 6 })
      await jobs.enqueue(tx, remind, { personId: 7 })
    })
    await expect
      .poll(() => failures)
      .toEqual([
        ['remind', false],
        ['remind', true],
      ])
    expect(done).toEqual([7])
    await expect
      .poll(() => database.sql`select state from pgboss.job where name = 'remind' and state <> 'completed'`)
      .toEqual([{ state: 'failed' }])
  })

  it('waits for its time', async () => {
    await work()
    await database.asSystem((tx) => jobs.enqueue(tx, remind, { personId: 8 }, { startAfter: 3600 }))
    expect(await jobs.isIdle()).toBe(true)
    expect(done).toEqual([])
  })

  it('whose data is not of the queue’s shape is not made', async () => {
    const made = database.asSystem((tx) => jobs.enqueue(tx, remind, { personId: 'x' as unknown as number }))
    await expect(made).rejects.toThrow()
  })
})

describe('a queue', () => {
  it('keeps its settings over starts, and takes those of a new release', async () => {
    const settings = () =>
      database.sql`select retry_delay, xmin::text as written from pgboss.queue where name = 'remind'`
    const startAgain = async (pauseSeconds: number) => {
      const events = { done: () => {}, failed: () => {}, engine: () => {} }
      const other = await startJobs(database, url, [{ ...remind, pauseSeconds }], events)
      await other.close(1000)
      return settings()
    }
    const before = await settings()
    expect(await startAgain(remind.pauseSeconds)).toEqual(before) // not even written again
    expect(await startAgain(7)).toMatchObject([{ retry_delay: 7 }])
  })
})
