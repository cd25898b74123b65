import { createProcessor } from '../../src/bot/processor.ts'
import { type Tx, widenToSystem } from '../../src/db/database.ts'
import { activities, roadmaps, tasks } from '../../src/db/schema/index.ts'
import { day } from './builders.ts'
import { enters, type World } from './people.ts'

/** A person of either municipality who tries buttons. */
export type Trier = { name: string; chat: string }

export const FAR_HEAD = { chat: '902', name: 'Чужой Семён Львович' }
export const FAR_CURATOR = { chat: '903', name: 'Чужая Нина Олеговна' }

/** Words by which texts of the first municipality are known; none of them may be seen from elsewhere. */
export const OF_THE_FIRST = ['Заречн', 'Ветрова', 'Белова', 'Лугова', 'СОШ № 1', 'Берёзовка', 'Тайная задача', 'Тайный']

/** Fills both municipalities: a roadmap with tasks in all states, a draft with a doubtful row, people in every role. */
export async function fill(world: World): Promise<{ taskIds: number[] }> {
  return world.database.asSystem(async (tx) => {
    const far = {
      municipalityId: world.other.municipalityId,
      organizationIds: [world.other.schoolId],
      now: world.clock.now,
    }
    await enters(tx, { ...far, ...FAR_HEAD, role: 'head' })
    await enters(tx, { ...far, ...FAR_CURATOR, role: 'curator' })
    const first = { municipalityId: world.municipalityId, now: world.clock.now }
    const schools = [world.schools.first, world.schools.second]
    const taskIds = await roadmapOf(tx, {
      ...first,
      title: 'Тайный план',
      state: 'published',
      schools,
      activity: 'Тайная задача',
    })
    await roadmapOf(tx, { ...first, title: 'Тайный черновик', state: 'draft', schools: [], activity: 'Тайная задача' })
    await roadmapOf(tx, {
      ...far,
      title: 'Дальний план',
      state: 'published',
      schools: [world.other.schoolId],
      activity: 'Дальняя задача',
    })
    return { taskIds }
  })
}

async function roadmapOf(
  tx: Tx,
  given: {
    municipalityId: number
    title: string
    state: 'published' | 'draft'
    schools: number[]
    activity: string
    now: World['clock']['now']
  },
): Promise<number[]> {
  const { municipalityId, now } = given
  const period = { periodFrom: day('2026-01-01'), periodTo: day('2026-12-31') }
  const [roadmap] = await tx
    .insert(roadmaps)
    .values({ municipalityId, title: given.title, ...period, state: given.state, createdAt: now })
    .returning()
  const made: number[] = []
  for (const position of [0, 1, 2, 3, 4]) {
    const [row] = await tx
      .insert(activities)
      .values({
        municipalityId,
        roadmapId: roadmap!.id,
        position,
        number: `1.${position + 1}`,
        section: 'Качество обучения',
        title: `${given.activity} ${position + 1}`,
        deadlineText: 'до 20 марта',
        schedule: { kind: 'fixed', windows: [{ from: '2026-03-01', due: '2026-03-20' }], ambiguous: position === 0 },
        responsibleText: 'ОО',
        executors: ['schools'],
        expectedResult: 'Протокол',
        expectedPapers: ['протокол'],
      })
      .returning()
    for (const organizationId of given.schools) {
      const due = day('2026-03-20')
      const [task] = await tx
        .insert(tasks)
        .values({
          municipalityId,
          activityId: row!.id,
          organizationId,
          windowFrom: due,
          windowDue: due,
          dueOn: due,
          updatedAt: now,
        })
        .returning()
      made.push(task!.id)
    }
  }
  return made
}

/** What a press did: the tables that it changed, and all that anybody was shown because of it. Everything is taken back. */
export type Attempt = { changed: string[]; digest: string; shown: string[]; chats: string[] }

/** Tables in which a press leaves its answer, whatever it was. */
const ANSWERS = ['deliveries', 'dialogs', 'job', 'job_common', 'boards']

class TakenBack extends Error {}

/** Tries buttons in transactions that are rolled back: each try meets the same state. `municipalityId`: whose rows the digest is of. */
export function trier(world: World, municipalityId: number, tables: string[]) {
  const process = createProcessor(world.bot.services)
  const changes = async (tx: Tx) => {
    const rows = await tx.execute<{ relname: string; n: string }>(
      `select relname, n_tup_ins + n_tup_upd + n_tup_del as n from pg_stat_xact_user_tables where n_tup_ins + n_tup_upd + n_tup_del > 0`,
    )
    return new Map(rows.map((row) => [row.relname, Number(row.n)]))
  }
  const digestOf = async (tx: Tx): Promise<string> => {
    const parts = tables.map(
      (table) =>
        `(select coalesce(md5(string_agg(t::text, '|' order by t::text)), '') from ${table} t where municipality_id = ${municipalityId})`,
    )
    const [row] = await tx.execute<{ digest: string }>(`select md5(${parts.join(' || ')}) as digest`)
    return row!.digest
  }
  let update = 9_000_000
  const press = async (chat: string, data: string): Promise<Attempt> => {
    let attempt: Attempt | undefined
    update += 1
    const tap = {
      kind: 'tap' as const,
      tapId: 't',
      messageId: 1,
      data,
      updateId: update,
      messenger: 'telegram' as const,
      account: chat,
      displayName: '',
      languageCode: null,
      chat,
      chatKind: 'private' as const,
      threadId: null,
      at: world.clock.now,
    }
    try {
      await world.database.asSystem(async (tx) => {
        const before = await changes(tx)
        const [last] = await tx.execute<{ id: string }>('select coalesce(max(id), 0) as id from deliveries')
        const after = await process(tx, tap)
        await widenToSystem(tx) // what is looked at now is everybody's
        const changed = [...(await changes(tx))]
          .filter(([table, n]) => n !== (before.get(table) ?? 0) && !ANSWERS.includes(table))
          .map(([table]) => table)
        const shown = await tx.execute<{ chat: string; content: unknown }>(
          `select chat, content from deliveries where id > ${last!.id}`,
        )
        attempt = {
          changed,
          digest: changed.length > 0 ? await digestOf(tx) : '',
          shown: [...shown.map((row) => JSON.stringify(row.content)), after.tapAnswer?.words ?? ''],
          chats: [...new Set(shown.map((row) => row.chat))],
        }
        throw new TakenBack()
      })
    } catch (problem) {
      if (!(problem instanceof TakenBack)) throw new Error(`«${data}» by ${chat} fails`, { cause: problem })
    }
    return attempt!
  }
  return { press, digest: () => world.database.asSystem(digestOf) }
}
