import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '../../src/access/rights.ts'
import { type Database, openDatabase, type Tx } from '../../src/db/database.ts'
import { addOrganization, createMunicipality } from '../../src/db/people.ts'
import {
  activitiesOf,
  changeActivity,
  changeProgramme,
  changeRoadmap,
  createDraft,
  keepReading,
  roadmapById,
  roadmapStore,
  settleSchoolName,
} from '../../src/db/roadmaps.ts'
import { taskUnit } from '../../src/db/tasks.ts'
import { Temporal } from '../../src/kernel/clock.ts'
import type { NewActivity } from '../../src/roadmaps/ports.ts'
import { archiveRoadmap, deleteDraft, publishRoadmap } from '../../src/roadmaps/publish-roadmap.ts'
import { reportTask } from '../../src/tasks/report-task.ts'
import { freshDatabase } from '../support/database.ts'
import { aNewActivity, day, windows } from '../support/roadmaps.ts'

const now = Temporal.Instant.from('2026-02-10T08:00:00Z')
const today = day('2026-02-10')
const period = { from: day('2026-01-01'), to: day('2026-12-31') }

let database: Database
let place: { municipalityId: number; departmentId: number; schoolIds: number[]; actor: Actor; elsewhere: number }
let towns = 0

beforeAll(async () => {
  database = openDatabase(await freshDatabase())
})
afterAll(() => database.close())

beforeEach(async () => {
  place = await database.asSystem(aTown)
})

async function aTown(tx: Tx): Promise<typeof place> {
  const town = { timezone: 'Europe/Moscow', departmentName: 'Управление образования', now }
  towns += 1
  const { municipality, departmentId } = await createMunicipality(tx, { ...town, name: `Город ${towns}` })
  const elsewhere = (await createMunicipality(tx, { ...town, name: `Другой город ${towns}` })).municipality.id
  const schoolIds: number[] = []
  for (const name of ['Школа № 1', 'Школа № 2', 'Школа № 3'])
    schoolIds.push(
      await addOrganization(tx, { municipalityId: municipality.id, kind: 'school', name, shortName: name, now }),
    )
  const [person] = await tx.execute<{ id: string }>(
    `insert into persons (full_name, created_at) values ('Координатор', now()) returning id`,
  )
  const actor: Actor = {
    personId: Number(person?.id),
    municipalityId: municipality.id,
    memberships: [{ role: 'coordinator', organizationId: departmentId }],
  }
  return { municipalityId: municipality.id, departmentId, schoolIds, actor, elsewhere }
}

const here = <T>(work: (tx: Tx) => Promise<T>) => database.inMunicipality(place.municipalityId, work)

async function aDraft(rows: Partial<NewActivity>[], schoolIds = place.schoolIds, replacesId: number | null = null) {
  return here(async (tx) => {
    const { municipalityId } = place
    const id = await createDraft(tx, {
      municipalityId,
      source: { name: 'план.docx', pastedText: '' },
      reading: 'waiting',
      importedById: null,
      now,
    })
    const activities = rows.map((row, position) =>
      aNewActivity({
        position,
        number: `1.${position + 1}`,
        title: `Мероприятие о деле номер ${position + 1}`,
        ...row,
      }),
    )
    await keepReading(tx, { id, municipalityId }, { title: 'План', period, activities, now })
    await changeProgramme(tx, { id, municipalityId }, schoolIds, true)
    if (replacesId !== null) await changeRoadmap(tx, id, { replacesId })
    return id
  })
}

const publish = (roadmapId: number, more: { past?: 'make' | 'leave'; version?: number; actor?: Actor } = {}) =>
  here((tx) =>
    publishRoadmap(roadmapStore(tx, place.municipalityId), {
      actor: place.actor,
      cause: { personId: place.actor.personId, updateId: null, at: now },
      roadmapId,
      today,
      past: 'make',
      ...more,
    }),
  )

/** Each task as «number of its activity · school · due · state». */
async function tasks(): Promise<string[]> {
  const rows = await database.sql<{ line: string }[]>`
    select concat_ws(' · ', a.number, o.short_name, t.due_on::text, t.state, case when not t.reminded then 'quiet' end) as line
      from tasks t join activities a on a.id = t.activity_id join organizations o on o.id = t.organization_id
     where t.municipality_id = ${place.municipalityId} order by 1`
  return rows.map(({ line }) => line)
}

const eventKinds = async () =>
  (
    await database.sql<{ kind: string }[]>`
      select kind from task_events where municipality_id = ${place.municipalityId} order by id`
  ).map(({ kind }) => kind)

describe('publishing', () => {
  it('makes a task for each window and each executing organization, with the programme of the roadmap', async () => {
    const id = await aDraft(
      [{ schedule: windows('2026-03-01/2026-03-31', '2026-05-01/2026-05-31') }, { executors: ['municipal'] }],
      place.schoolIds.slice(0, 2),
    )
    const result = await publish(id)
    expect(result.ok && result.value.making).toBe(5)
    expect(await tasks()).toEqual([
      '1.1 · Школа № 1 · 2026-03-31 · planned',
      '1.1 · Школа № 1 · 2026-05-31 · planned',
      '1.1 · Школа № 2 · 2026-03-31 · planned',
      '1.1 · Школа № 2 · 2026-05-31 · planned',
      '1.2 · Управление образования · 2026-03-31 · planned',
    ])
    expect(await here((tx) => roadmapById(tx, id))).toMatchObject({ state: 'published' })
  })

  it('twice adds nothing, and so do two coordinators at the same moment', async () => {
    const id = await aDraft([{}, {}])
    const both = await Promise.all([publish(id), publish(id)])
    expect(both.map((result) => result.ok)).toEqual([true, true])
    await publish(id)
    expect(await tasks()).toHaveLength(6)
    expect(await eventKinds()).toEqual([])
  })

  it('leaves a past window out where the coordinator wants that, and makes it a quiet task where not', async () => {
    const past = { schedule: windows('2026-01-01/2026-01-31', '2026-02-01/2026-02-28') }
    const without = await aDraft([past], place.schoolIds.slice(0, 1))
    await publish(without, { past: 'leave' })
    expect(await tasks()).toEqual(['1.1 · Школа № 1 · 2026-02-28 · planned'])
    await publish(without, { past: 'make' })
    expect(await tasks()).toEqual([
      '1.1 · Школа № 1 · 2026-01-31 · planned · quiet',
      '1.1 · Школа № 1 · 2026-02-28 · planned',
    ])
  })

  it('is refused where the roadmap changed since the preview', async () => {
    const id = await aDraft([{}])
    const seen = (await here((tx) => roadmapById(tx, id)))?.version ?? 0
    await here((tx) =>
      changeProgramme(tx, { id, municipalityId: place.municipalityId }, place.schoolIds.slice(0, 1), false),
    )
    expect(await publish(id, { version: seen })).toEqual({ ok: false, refusal: { code: 'changed' } })
    expect(await tasks()).toEqual([])
  })

  it.each(['head', 'deputy', 'curator', 'council'] as const)('is not for a %s', async (role) => {
    const id = await aDraft([{}])
    const actor = { ...place.actor, memberships: [{ role, organizationId: place.schoolIds[0] ?? 0 }] }
    expect(await publish(id, { actor })).toEqual({ ok: false, refusal: { code: 'not-yours' } })
    expect(await tasks()).toEqual([])
  })

  it('does not find the roadmap of another municipality', async () => {
    const id = await aDraft([{}])
    const result = await database.inMunicipality(place.elsewhere, (tx) =>
      publishRoadmap(roadmapStore(tx, place.elsewhere), {
        actor: { ...place.actor, municipalityId: place.elsewhere },
        cause: { personId: null, updateId: null, at: now },
        roadmapId: id,
        today,
        past: 'make',
      }),
    )
    expect(result).toEqual({ ok: false, refusal: { code: 'not-found' } })
    expect(await tasks()).toEqual([])
  })

  it('is refused while the document is not read', async () => {
    const id = await here((tx) =>
      createDraft(tx, {
        municipalityId: place.municipalityId,
        source: { name: 'план.docx', pastedText: '' },
        reading: 'waiting',
        importedById: null,
        now,
      }),
    )
    expect(await publish(id)).toEqual({ ok: false, refusal: { code: 'not-ready' } })
  })
})

describe('publishing again after a change', () => {
  const activityOf = async (roadmapId: number, at: number) => (await here((tx) => activitiesOf(tx, roadmapId)))[at]!

  it('moves what nobody reported of, with an event that names both days', async () => {
    const id = await aDraft([{}], place.schoolIds.slice(0, 1))
    await publish(id)
    const activity = await activityOf(id, 0)
    await here((tx) => changeActivity(tx, activity, { schedule: windows('2026-04-01/2026-04-30') }, now))
    await publish(id)
    expect(await tasks()).toEqual(['1.1 · Школа № 1 · 2026-04-30 · planned'])
    const events =
      await database.sql`select kind, facts from task_events where municipality_id = ${place.municipalityId}`
    expect(events).toEqual([{ kind: 'task-rescheduled', facts: { dueBefore: '2026-03-31', dueAfter: '2026-04-30' } }])
  })

  it('drops the tasks of a school that left the programme, and gives them back when it returns', async () => {
    const id = await aDraft([{}], place.schoolIds.slice(0, 2))
    const [, second = 0] = place.schoolIds
    const programme = (included: boolean) =>
      here((tx) => changeProgramme(tx, { id, municipalityId: place.municipalityId }, [second], included))
    await publish(id)
    await programme(false)
    await publish(id)
    expect(await tasks()).toEqual([
      '1.1 · Школа № 1 · 2026-03-31 · planned',
      '1.1 · Школа № 2 · 2026-03-31 · cancelled',
    ])
    await programme(true)
    await publish(id)
    expect(await tasks()).toEqual(['1.1 · Школа № 1 · 2026-03-31 · planned', '1.1 · Школа № 2 · 2026-03-31 · planned'])
    expect(await eventKinds()).toEqual(['task-dropped', 'task-restored'])
  })

  it('keeps a later day that a curator granted', async () => {
    const id = await aDraft([{}], place.schoolIds.slice(0, 1))
    await publish(id)
    await database.sql`update tasks set due_on = '2026-06-15' where municipality_id = ${place.municipalityId}`
    const activity = await activityOf(id, 0)
    await here((tx) => changeActivity(tx, activity, { schedule: windows('2026-04-01/2026-04-30') }, now))
    await publish(id)
    expect(await tasks()).toEqual(['1.1 · Школа № 1 · 2026-06-15 · planned'])
  })
})

describe('a newer version of a published roadmap', () => {
  it('takes over tasks and reports; what is gone is dropped unless it was reported; the old version goes to the archive', async () => {
    const school = place.schoolIds.slice(0, 1)
    const rows = [
      { title: 'Семинар для заместителей директоров' },
      { title: 'Выезды методистов в школы' },
      { title: 'Диагностика учебных затруднений', needsEvidence: false },
      { title: 'Круглый стол с родителями' },
    ]
    const first = await aDraft(rows, school)
    await publish(first)
    await reportOf(3)
    const second = await aDraft(
      [
        { title: 'Семинар для заместителей директоров', schedule: windows('2026-04-01/2026-04-30') },
        { title: 'Выезды методистов в школы' },
        { title: 'Конкурс открытых уроков' },
      ],
      school,
      first,
    )
    const result = await publish(second)
    expect(result.ok && result.value.making).toBe(1)
    expect(await tasks()).toEqual([
      '1.1 · Школа № 1 · 2026-04-30 · planned',
      '1.2 · Школа № 1 · 2026-03-31 · planned',
      '1.3 · Школа № 1 · 2026-03-31 · planned',
      '1.3 · Школа № 1 · 2026-03-31 · reported',
      '1.4 · Школа № 1 · 2026-03-31 · cancelled',
    ])
    expect(await here((tx) => roadmapById(tx, first))).toMatchObject({ state: 'archived' })
    await publish(second)
    expect(await tasks()).toHaveLength(5)
  })

  it('is refused once the version that it replaces is not published any more', async () => {
    const first = await aDraft([{}])
    await publish(first)
    const [second, third] = [await aDraft([{}], place.schoolIds, first), await aDraft([{}], place.schoolIds, first)]
    await publish(second)
    expect(await publish(third)).toEqual({ ok: false, refusal: { code: 'base-gone' } })
    expect(await tasks()).toHaveLength(3)
  })

  async function reportOf(number: number): Promise<void> {
    const [task] = await database.sql<{ id: string; organization_id: string }[]>`
      select t.id, t.organization_id from tasks t join activities a on a.id = t.activity_id
       where t.municipality_id = ${place.municipalityId} and a.number = ${`1.${number}`}`
    const head: Actor = {
      ...place.actor,
      memberships: [{ role: 'head', organizationId: Number(task?.organization_id) }],
    }
    const result = await here((tx) =>
      reportTask(taskUnit(tx, now), {
        actor: head,
        cause: { personId: head.personId, updateId: null, at: now },
        taskId: Number(task?.id),
      }),
    )
    expect(result.ok).toBe(true)
  }
})

describe('the end of a roadmap', () => {
  const command = (roadmapId: number) => ({
    actor: place.actor,
    cause: { personId: null, updateId: null, at: now },
    roadmapId,
    today,
  })

  it('in the archive nothing is asked for any more', async () => {
    const id = await aDraft([{}], place.schoolIds.slice(0, 1))
    await publish(id)
    const result = await here((tx) => archiveRoadmap(roadmapStore(tx, place.municipalityId), command(id)))
    expect(result.ok && result.value.cancelled).toBe(1)
    expect(await tasks()).toEqual(['1.1 · Школа № 1 · 2026-03-31 · cancelled'])
    expect(await publish(id)).toEqual({ ok: false, refusal: { code: 'archived' } })
  })

  it('a draft is deleted for good, a published roadmap never', async () => {
    const id = await aDraft([{}])
    const published = await aDraft([{}])
    await publish(published)
    const remove = (roadmapId: number) =>
      here((tx) => deleteDraft(roadmapStore(tx, place.municipalityId), command(roadmapId)))
    expect((await remove(id)).ok).toBe(true)
    expect(await here((tx) => roadmapById(tx, id))).toBeNull()
    expect(await remove(published)).toEqual({ ok: false, refusal: { code: 'published' } })
  })
})

describe('a school name that the register does not know', () => {
  const named = { executors: ['named-schools' as const], unmatchedSchools: ['СОШ № 40', 'СОШ № 41'] }

  it('is settled in all activities that name it', async () => {
    const id = await aDraft([named, { ...named, unmatchedSchools: ['СОШ № 40'] }])
    await here((tx) => settleSchoolName(tx, id, 'СОШ № 40', place.schoolIds[0] ?? null))
    const rows = await here((tx) => activitiesOf(tx, id))
    expect(rows.map((row) => [row.unmatchedSchools, row.namedOrganizationIds])).toEqual([
      [['СОШ № 41'], [place.schoolIds[0]]],
      [[], [place.schoolIds[0]]],
    ])
  })

  it('is passed over where nobody is meant', async () => {
    const id = await aDraft([named])
    await here((tx) => settleSchoolName(tx, id, 'СОШ № 41', null))
    expect((await here((tx) => activitiesOf(tx, id)))[0]).toMatchObject({
      unmatchedSchools: ['СОШ № 40'],
      namedOrganizationIds: [],
    })
  })
})
