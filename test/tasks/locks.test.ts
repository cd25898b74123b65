import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '../../src/access/rights.ts'
import type { Tx } from '../../src/db/database.ts'
import { postponeUnit } from '../../src/db/postponements.ts'
import { taskUnit } from '../../src/db/tasks.ts'
import { answerPostponement, askPostponement } from '../../src/tasks/postpone.ts'
import { reportTask, withdrawReport } from '../../src/tasks/report-task.ts'
import { reviewReport } from '../../src/tasks/review-report.ts'
import { day } from '../support/builders.ts'
import { aWorld, type World } from '../support/people.ts'
import { givenTasks } from '../support/tasks.ts'

const worlds: World[] = []
let world: World
let taskId: number
let head: Actor
let curator: Actor
beforeEach(async () => {
  world = await aWorld()
  worlds.push(world)
  taskId = (await givenTasks(world, { dueOn: '2026-03-31' }))[0]!
  const { municipalityId, persons, schools } = world
  const at = { municipalityId, organizationId: schools.first }
  head = { personId: persons.pyotr, municipalityId, memberships: [{ ...at, role: 'head' }] }
  curator = { personId: persons.irina, municipalityId, memberships: [{ ...at, role: 'curator' }] }
})
afterAll(async () => {
  for (const one of worlds) await one.database.close()
})

const within = <T>(work: (tx: Tx) => Promise<T>) => world.database.inMunicipality(world.municipalityId, work)
const by = (actor: Actor) => ({
  actor,
  cause: { personId: actor.personId, updateId: null, at: world.clock.now },
})

describe('two people who act on one task at the same moment', () => {
  it('wait for each other: a report is either reviewed or withdrawn, and nobody fails', async () => {
    for (let round = 0; round < 12; round++) {
      const made = await within((tx) => reportTask(taskUnit(tx, world.clock.now), { ...by(head), taskId }))
      if (!made.ok) throw new Error(made.refusal.code)
      const reportId = made.value.report.id
      const [reviewed, withdrawn] = await Promise.all([
        within((tx) => {
          const verdict = { verdict: 'returned', reason: 'нет подписи' } as const
          return reviewReport(taskUnit(tx, world.clock.now), { ...by(curator), reportId, ...verdict })
        }),
        within((tx) => withdrawReport(taskUnit(tx, world.clock.now), { ...by(head), taskId })),
      ])
      expect([reviewed.ok, withdrawn.ok].filter(Boolean)).toHaveLength(1)
    }
  })

  it('of one municipality get receipts one after the other, whether at once or from a basket', async () => {
    const theirs = (await givenTasks(world, { dueOn: '2026-03-31' }))[0]!
    const numbers: (number | null)[] = []
    const unitOf = (tx: Tx) => taskUnit(tx, world.clock.now)
    for (let round = 0; round < 8; round++) {
      const made = await Promise.all([
        within(async (tx) => {
          const unit = unitOf(tx)
          const task = (await unit.tasks.lock(taskId))!
          return unit.reports.start(task, head.personId, unit.now, { submitted: true })
        }),
        within(async (tx) => {
          const unit = unitOf(tx)
          const task = (await unit.tasks.lock(theirs))!
          const basket = await unit.reports.start(task, head.personId, unit.now, { submitted: false })
          expect(basket.receiptNumber).toBeNull()
          return unit.reports.submit(basket, unit.now)
        }),
      ])
      expect(made.map(({ state }) => state)).toEqual(['submitted', 'submitted'])
      numbers.push(...made.map(({ receiptNumber }) => receiptNumber))
      await within((tx) => Promise.all(made.map((report) => unitOf(tx).reports.withdraw(report, world.clock.now))))
    }
    expect(numbers.sort((left, right) => (left ?? 0) - (right ?? 0))).toEqual(
      Array.from({ length: 16 }, (_, n) => n + 1),
    )
  })

  it('wait for each other: a wish is answered while another takes its place, and nobody fails', async () => {
    const asks = (to: string) =>
      within((tx) =>
        askPostponement(postponeUnit(tx, world.clock.now), {
          ...by(head),
          taskId,
          to: day(to),
          reason: null,
          today: day('2026-03-10'),
        }),
      )
    for (let round = 0; round < 12; round++) {
      const asked = await asks('2026-04-20')
      if (!asked.ok) throw new Error(asked.refusal.code)
      const [answered, second] = await Promise.all([
        within((tx) =>
          answerPostponement(postponeUnit(tx, world.clock.now), {
            ...by(curator),
            postponementId: asked.value.wish.id,
            granted: false,
          }),
        ),
        asks('2026-04-21'),
      ])
      expect(second.ok).toBe(true)
      expect(answered.ok || answered.refusal.code === 'answered').toBe(true)
    }
  })
})
