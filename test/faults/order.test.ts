import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { closeBasketOf } from '../../src/bot/buttons.ts'
import { type EvidenceEdge, fetchEvidence } from '../../src/jobs/fetch-evidence.ts'
import { at } from '../support/builders.ts'
import { aWorld, CAST, type World } from '../support/people.ts'
import { aMessage, aPicture, aPress, nextUpdate, openWayIn, type WayIn } from '../support/raw-updates.ts'
import { givenTasks } from '../support/tasks.ts'

const { chat } = CAST.pyotr

let world: World
let way: WayIn
let messages = 100
beforeAll(async () => {
  world = await aWorld()
  way = openWayIn(world, 2)
})
afterAll(async () => {
  await way.close()
  await world.database.close()
})

/** The messenger and the store, as quick as can be. */
const edge: EvidenceEdge = {
  fetch: async ({ messengerFileId }) => {
    const sha256 = createHash('sha256').update(messengerFileId).digest('hex')
    return { kind: 'kept', sha256, size: 1000, mime: 'image/jpeg' }
  },
  pictureHash: async () => null,
}

async function fetchAll(): Promise<void> {
  for (const job of world.bot.jobs.splice(0))
    if (job.queue === 'fetch-evidence')
      await fetchEvidence(world.database, world.bot.services, edge, { ...job.data, lastTry: false })
}

/** One task that asks for evidence, of which the head was reminded today; what went before is over. */
async function aTaskRemindedOf(): Promise<number> {
  const { sql } = world.database
  await sql`update tasks set state = 'accepted' where state <> 'accepted'`
  await sql`update reports set state = 'accepted' where state in ('collecting', 'submitted')`
  for (const table of ['dialogs', 'reminders', 'boards']) await sql.unsafe(`delete from ${table}`)
  const [taskId] = await givenTasks(world, { dueOn: '2026-03-12' })
  await sql`update activities set needs_evidence = true where id = (select activity_id from tasks where id = ${taskId!})`
  await sql`
    insert into reminders (municipality_id, task_id, person_id, day, reason)
    values (${world.municipalityId}, ${taskId!}, ${world.persons.pyotr}, '2026-03-10', 'before')`
  return taskId!
}

/** What a head sends: an album of two photos, «готово», and a correction of these words. Each is to be given its update number as it comes. */
function aDelayedReport(): ((updateId: number) => object)[] {
  const [first, second, words] = [messages + 1, messages + 2, messages + 3]
  messages = words
  const album = { media_group_id: `album-${first}` }
  const text = (said: string) => aMessage(chat, words, { text: said, edit_date: 1_773_000_003 })
  return [
    (update_id) => ({ update_id, message: aMessage(chat, first, { ...aPicture(`p${first}`), ...album }) }),
    (update_id) => ({ update_id, message: aMessage(chat, second, { ...aPicture(`p${second}`), ...album }) }),
    (update_id) => ({ update_id, message: text('готово') }),
    (update_id) => ({ update_id, edited_message: text('готово, были 24 педагога') }),
  ]
}

/** What the task came to, and its evidence. */
async function endOf(taskId: number): Promise<object> {
  const { sql } = world.database
  const [task] = await sql`select state from tasks where id = ${taskId}`
  const reports = await sql`
    select r.state, r.numbers, (select count(*)::int from evidence e where e.report_id = r.id and e.state = 'stored') as files
      from reports r where r.task_id = ${taskId}`
  const [stray] = await sql`select count(*)::int as count from evidence where report_id is null`
  return { task: task!.state, reports: [...reports], stray: stray!.count }
}

function permutations<T>(all: T[]): T[][] {
  if (all.length < 2) return [all]
  return all.flatMap((one, place) => permutations(all.toSpliced(place, 1)).map((rest) => [one, ...rest]))
}

const NAMES = ['photo', 'photo', 'готово', 'correction']

describe('F3: an album, «готово» and its correction, a second apart', () => {
  it.each(
    permutations([0, 1, 2, 3]).flatMap((order) => [
      [order.map((place) => NAMES[place]).join(', '), 'at once', order] as const,
      [order.map((place) => NAMES[place]).join(', '), 'when all has come', order] as const,
    ]),
  )('%s, files fetched %s: one report, one set of evidence, the corrected words', async (_, fetched, order) => {
    const taskId = await aTaskRemindedOf()
    const sent = aDelayedReport()
    world.clock.now = at('2026-03-10T07:00:00Z')
    for (const [step, place] of order.entries()) {
      world.clock.now = world.clock.now.add({ seconds: 1 })
      await way.bring([sent[place]!(nextUpdate())], step % 2)
      await way.quiet()
      if (fetched === 'at once') await fetchAll()
    }
    await fetchAll()
    await way.bring([aPress(chat, 50, closeBasketOf(taskId))]) // «Это всё», also where it was all
    await way.quiet()
    expect(await endOf(taskId)).toEqual({
      task: 'reported',
      reports: [{ state: 'submitted', numbers: [{ value: 24, of: 'педагога' }], files: 2 }],
      stray: 0,
    })
    expect(way.failures).toEqual([])
  })
})
