import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '../../src/access/rights.ts'
import { markDone, markStarted, withdraw } from '../../src/bot/buttons.ts'
import type { TaskUnit } from '../../src/tasks/ports.ts'
import type { Report } from '../../src/tasks/report.ts'
import { changeTask, reportTask, withdrawReport } from '../../src/tasks/report-task.ts'
import { reviewReport } from '../../src/tasks/review-report.ts'
import type { Task, TaskState } from '../../src/tasks/task.ts'
import { aTask, at } from '../support/builders.ts'
import { dice } from '../support/dice.ts'
import { aWorld, CAST, type World } from '../support/people.ts'
import { aPress, nextUpdate, openWayIn, type WayIn } from '../support/raw-updates.ts'
import { type ModelTask, NEW_TASK, type Press, pressed } from '../support/task-model.ts'
import { givenTasks } from '../support/tasks.ts'

const NOW = at('2026-03-10T07:00:00Z')
const member = (role: 'head' | 'curator'): Actor => ({
  personId: role === 'head' ? 1 : 2,
  municipalityId: 1,
  memberships: [{ municipalityId: 1, organizationId: 10, role } as Actor['memberships'][number]],
})
const [head, curator] = [member('head'), member('curator')]

/** A press of a history: what, and how many versions behind the button was made. `again`: how often the same press comes once more, later on. */
type Step = { press: Press | 'accept' | 'return'; behind: number; again: number }
const step: fc.Arbitrary<Step> = fc.record({
  press: fc.constantFrom('done', 'done', 'start', 'undo', 'accept', 'return'),
  behind: fc.constantFrom(0, 0, 0, 1, 2),
  again: fc.constantFrom(0, 0, 1, 2),
})

/** One task in memory, with the ports that the use cases need of it. */
function aLife() {
  let task: Task = aTask()
  const reports: Report[] = []
  const events: { kind: string; from: TaskState; version: number }[] = []
  const change = async (report: Report, values: Partial<Report>): Promise<Report> => {
    Object.assign(reports.find((one) => one.id === report.id)!, values)
    return { ...report, ...values }
  }
  const unit = {
    now: NOW,
    tasks: {
      lock: async () => task,
      append: async (before, { kind, toState, patch }) => {
        events.push({ kind, from: before.state, version: before.version + 1 })
        task = { ...before, ...patch, state: toState, version: before.version + 1 }
        return task
      },
      stateBeforeReport: async () => events.findLast((event) => event.kind === 'task-reported')?.from ?? 'in_progress',
      reportedSince: async (_, version) =>
        events.some((event) => event.kind === 'task-reported' && event.version > version),
    },
    reports: {
      openOf: async () => reports.find((report) => ['collecting', 'submitted'].includes(report.state)) ?? null,
      lock: async (id) => reports.find((report) => report.id === id) ?? null,
      start: async (_, __, ___, { submitted }) => {
        reports.push({
          id: reports.length + 1,
          taskId: 1,
          authorId: 1,
          state: submitted ? 'submitted' : 'collecting',
          links: [],
        } as unknown as Report)
        return reports.at(-1)!
      },
      submit: (report) => change(report, { state: 'submitted' }),
      withdraw: async (report) => void (await change(report, { state: 'withdrawn' })),
      review: (report, verdict) => change(report, { state: verdict }),
      evidenceOf: async () => [],
    } as Partial<TaskUnit['reports']> as TaskUnit['reports'],
  } satisfies TaskUnit
  return { unit, events, reports, task: () => task }
}

type Life = ReturnType<typeof aLife>

async function play({ unit, reports }: Life, press: Step['press'], version: number): Promise<void> {
  const cause = { personId: 1, updateId: null, at: NOW }
  const command = { actor: head, cause, taskId: 1, version }
  if (press === 'done') await reportTask(unit, command)
  if (press === 'start') await changeTask(unit, { ...command, change: { do: 'start' } })
  if (press === 'undo') await withdrawReport(unit, command)
  if (press === 'accept' || press === 'return') {
    const review = { actor: curator, cause, reportId: reports.at(-1)?.id ?? 0 }
    await reviewReport(unit, {
      ...review,
      ...(press === 'accept' ? { verdict: 'accepted' } : { verdict: 'returned', reason: 'нет подписи' }),
    })
  }
}

/** The curator's word in the model: on what is reported, whatever was seen. */
function reviewed(task: ModelTask, press: 'accept' | 'return'): ModelTask {
  if (task.state !== 'reported') return task
  return { ...task, state: press === 'accept' ? 'accepted' : 'returned', version: task.version + 1 }
}

function inModel(task: ModelTask, press: Step['press'], version: number): ModelTask {
  return press === 'accept' || press === 'return' ? reviewed(task, press) : pressed(task, press, version)
}

describe('R3: ten thousand histories of a task', () => {
  it('end as the model says, each change of state is one event, and a press that comes again changes nothing', async () => {
    let changes = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async (steps) => {
        const life = aLife()
        let model = NEW_TASK
        for (const { press, behind, again } of steps) {
          const version = Math.max(1, life.task().version - behind)
          await play(life, press, version)
          model = inModel(model, press, version)
          const after = life.task()
          for (let n = 0; n < again; n++) await play(life, press, version)
          expect(life.task()).toEqual(after)
          expect([after.state, after.version]).toEqual([model.state, model.version])
        }
        expect(life.events.map((event) => event.version)).toEqual(life.events.map((_, place) => place + 2))
        const open = life.reports.filter((report) => ['collecting', 'submitted'].includes(report.state))
        expect(open.length).toBeLessThanOrEqual(1)
        changes += life.events.length
      }),
      { numRuns: 10_000, seed: 3 },
    )
    expect(changes).toBeGreaterThan(10_000) // the histories are not all refusals
  }, 120_000)
})

describe('R3: histories of two heads’ tasks, through two replicas', () => {
  const HISTORIES = 60
  const PRESSES = 8
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

  it('with every update brought twice or thrice, to both at once, and buttons pressed twice: each effect is there once', async () => {
    const chance = dice(33)
    const pick = <T>(all: readonly T[]): T => all[Math.floor(chance() * all.length)]!
    const model = new Map<number, ModelTask>()
    const chats = new Map<string, number[]>([
      [CAST.pyotr.chat, await givenTasks(world, { dueOn: '2026-03-20', count: HISTORIES / 2 })],
      [
        CAST.anna.chat,
        await givenTasks(world, { dueOn: '2026-03-20', count: HISTORIES / 2, schoolId: world.schools.second }),
      ],
    ])
    const pressOf = (chat: string): object[] => {
      const taskId = pick(chats.get(chat)!)
      const press = pick<Press>(['done', 'done', 'start', 'undo', 'undo'])
      const task = model.get(taskId) ?? NEW_TASK
      const version = Math.max(1, task.version - pick([0, 0, 0, 1, 2]))
      const data = { done: markDone, start: markStarted, undo: withdraw }[press](taskId, version)
      const taps = Array.from({ length: pick([1, 1, 2]) }, () => aPress(chat, 50, data, nextUpdate()))
      for (const _ of taps) model.set(taskId, pressed(model.get(taskId) ?? NEW_TASK, press, version))
      return taps
    }
    for (let round = 0; round < PRESSES; round++) {
      const queues = [...chats.keys()].map((chat) => Array.from({ length: HISTORIES / 2 }, () => pressOf(chat)).flat())
      // The chats' updates come in any order among each other, in their own order within the chat; each comes to both replicas, and again at the end.
      await Promise.all(queues.flatMap((queue) => [way.bring(queue, 0), way.bring(queue, 1)]))
      await way.bring(queues.flat(), round % 2)
      await way.quiet()
    }
    expect(way.failures).toEqual([])
    const rows = await world.database.sql<{ id: number; is: string }[]>`
      select t.id::int, t.state || ' v' || t.version || ' ' || (select count(*) from task_events e where e.task_id = t.id) || ' events, ' ||
             (select count(*) from reports r where r.task_id = t.id) || ' reports' as is from tasks t order by 1`
    const must = rows.map(({ id }) => {
      const { state, version, reports } = model.get(id) ?? NEW_TASK
      return { id, is: `${state} v${version} ${version - 1} events, ${reports.length} reports` }
    })
    expect([...rows]).toEqual(must)
    const [told] = await world.database.sql`select count(*)::int as count from deliveries where reason = 'review-asked'`
    const reports = [...model.values()].reduce((sum, task) => sum + task.reports.length, 0)
    expect(told!.count).toBe(reports) // the curator heard of each report, once
  }, 120_000)
})
