import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { purge } from '../../src/db/purge.ts'
import { fetchEvidence } from '../../src/jobs/fetch-evidence.ts'
import { keepWeekBoards } from '../../src/jobs/week-boards.ts'
import { at } from '../support/builders.ts'
import { aWorld, CAST, type World } from '../support/people.ts'
import { givenTasks } from '../support/tasks.ts'

const { pyotr } = CAST
const worlds: World[] = []
let world: World
beforeEach(async () => {
  world = await aWorld()
  worlds.push(world)
})
afterAll(async () => {
  for (const one of worlds) await one.database.close()
})

describe('«Моя неделя»', () => {
  it('shows a change that began before the board was made and was committed after it, and then stands still', async () => {
    const { database, bot, clock } = world
    await givenTasks(world, { dueOn: '2026-03-12' })
    const shown = async (now: string) => {
      clock.now = at(now)
      await keepWeekBoards(database, bot.services)
      const rows =
        await database.sql`select content ->> 'do' as do from deliveries where chat = ${pyotr.chat} order by id`
      return rows.map((row) => row.do)
    }
    await database.sql`update tasks set updated_at = '2026-03-10T03:00:00Z'`
    expect(await shown('2026-03-10T04:00:00Z')).toEqual(['send'])
    await database.sql`update tasks set state = 'accepted', updated_at = '2026-03-10T03:59:30Z'`
    expect(await shown('2026-03-10T04:01:00Z')).toEqual(['send', 'edit'])
    expect(await shown('2026-03-10T04:02:00Z')).toEqual(['send', 'edit'])
  })
})

describe('a file that comes after its author was forgotten', () => {
  it('is taken out of the store with the next purge', async () => {
    const { database, bot, municipalityId, persons, clock } = world
    const [piece] = await database.sql`
      insert into evidence (municipality_id, author_id, kind, state, chat, message_id, messenger_file_id, received_at)
      values (${municipalityId}, ${persons.pyotr}, 'document', 'arriving', ${pyotr.chat}, 1, 'f1', now()) returning id`
    const edge = {
      fetch: async () => {
        await database.sql`update evidence set state = 'removed'`
        return { kind: 'kept', sha256: 'ab'.repeat(32), size: 3, mime: 'text/plain' } as const
      },
      pictureHash: async () => null,
    }
    await fetchEvidence(database, bot.services, edge, { municipalityId, evidenceId: Number(piece!.id), lastTry: false })
    const { files } = await database.asSystem((tx) => purge(tx, clock.now.add({ hours: 48 })))
    expect(files.map((file) => file.sha256)).toEqual(['ab'.repeat(32)])
  })
})
