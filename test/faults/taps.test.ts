import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { acceptReport, markDone, markStarted, withdraw } from '../../src/bot/buttons.ts'
import { aWorld, CAST, type World } from '../support/people.ts'
import { aPress, nextUpdate, openWayIn, type WayIn } from '../support/raw-updates.ts'
import { givenTasks } from '../support/tasks.ts'

const { pyotr, irina } = CAST
const MESSAGE = 77

let world: World
let way: WayIn
beforeAll(async () => {
  world = await aWorld()
  way = openWayIn(world, 2)
})
afterAll(async () => {
  await way.close()
  await world.database.close()
})

/** A task, and a message of the bot about it alone, whose buttons are pressed. */
async function aTaskShown(): Promise<number> {
  const { sql } = world.database
  const [taskId] = await givenTasks(world, { dueOn: '2026-03-20' })
  await sql`delete from deliveries`
  await sql`
    insert into deliveries (municipality_id, person_id, chat, lane, reason, content, subject, state, message_id, sent_at)
    values (${world.municipalityId}, ${world.persons.pyotr}, ${pyotr.chat}, 0, 'answer', '{"do":"send","screen":{"text":""}}',
            ${JSON.stringify({ tasks: [taskId], view: 'card' })}::text::jsonb, 'sent', ${MESSAGE}, now())`
  way.answers.length = 0
  return taskId!
}

/** Presses buttons with these data, at the same moment, each on a replica of its own. */
async function pressed(chat: string, ...data: string[]): Promise<(string | undefined)[]> {
  const before = way.answers.length
  await Promise.all(data.map((one, replica) => way.bring([aPress(chat, MESSAGE, one)], replica % 2)))
  await way.quiet()
  expect(way.failures).toEqual([])
  return way.answers.slice(before).map((answer) => answer.words)
}

/** What the pressed message shows now. */
async function shown(): Promise<string> {
  const [row] = await world.database.sql<{ text: string }[]>`
    select content #>> '{screen,text}' as text from deliveries where content #>> '{target,messageId}' = ${String(MESSAGE)} order by id desc limit 1`
  return row?.text ?? ''
}

const eventsOf = async (taskId: number) =>
  (await world.database.sql`select kind from task_events where task_id = ${taskId} order by version`).map(
    (row) => row.kind,
  )

describe('F2: a button', () => {
  it('pressed twice at the same moment has one effect; the second press hears so and shows how things are', async () => {
    const taskId = await aTaskShown()
    const answers = await pressed(pyotr.chat, markDone(taskId, 1), markDone(taskId, 1))
    expect(answers).toHaveLength(2)
    expect(answers.filter((words) => words?.startsWith('Уже отмечено'))).toHaveLength(1)
    expect(await eventsOf(taskId)).toEqual(['task-reported'])
    expect(await shown()).toContain('Записал №')
  })

  it('whose update comes three times, also at the same moment, has one effect (F1)', async () => {
    const taskId = await aTaskShown()
    const update = aPress(pyotr.chat, MESSAGE, markDone(taskId, 1), nextUpdate())
    await Promise.all([0, 1, 0].map((replica) => way.bring([update], replica)))
    await way.quiet()
    await way.bring([update], 1)
    await way.quiet()
    expect(way.answers).toHaveLength(1)
    expect(await eventsOf(taskId)).toEqual(['task-reported'])
  })

  it.each`
    moved         | then          | old                                   | heard                                 | events
    ${'reported'} | ${[]}         | ${(id: number) => markStarted(id, 1)} | ${/С тех пор|Уже|больше ничего/}      | ${['task-reported']}
    ${'undone'}   | ${['undo']}   | ${(id: number) => markDone(id, 1)}    | ${/С тех пор/}                        | ${['task-reported', 'report-withdrawn']}
    ${'undone'}   | ${['undo']}   | ${(id: number) => withdraw(id, 2)}    | ${/./}                                | ${['task-reported', 'report-withdrawn']}
    ${'accepted'} | ${['accept']} | ${(id: number) => withdraw(id, 2)}    | ${/Куратор уже проверил/}             | ${['task-reported', 'task-accepted']}
    ${'accepted'} | ${['accept']} | ${(id: number) => markDone(id, 1)}    | ${/больше ничего не нужно|С тех пор/} | ${['task-reported', 'task-accepted']}
  `('made before the task was $moved changes nothing, and says why', async ({ then, old, heard, events }) => {
    const taskId = await aTaskShown()
    await pressed(pyotr.chat, markDone(taskId, 1))
    if (then.includes('undo')) await pressed(pyotr.chat, withdraw(taskId, 2))
    if (then.includes('accept')) await accept(taskId)
    const [answer] = await pressed(pyotr.chat, old(taskId))
    expect(answer).toMatch(heard)
    expect(await eventsOf(taskId)).toEqual(events)
    expect(await shown()).not.toBe('')
  })

  it('of a curator pressed twice accepts once', async () => {
    const taskId = await aTaskShown()
    await pressed(pyotr.chat, markDone(taskId, 1))
    const [report] = await world.database.sql<{ id: number }[]>`select id::int from reports where task_id = ${taskId}`
    await pressed(irina.chat, acceptReport(report!.id), acceptReport(report!.id))
    expect(await eventsOf(taskId)).toEqual(['task-reported', 'task-accepted'])
    const [told] = await world.database.sql`
      select count(*)::int as count from deliveries where chat = ${pyotr.chat} and reason = 'reviewed'`
    expect(told!.count).toBe(1)
  })
})

async function accept(taskId: number): Promise<void> {
  const [report] = await world.database.sql<{ id: number }[]>`select id::int from reports where task_id = ${taskId}`
  await pressed(irina.chat, acceptReport(report!.id))
}
