import { asc, eq } from 'drizzle-orm'
import sharp from 'sharp'
import type { App } from '../../src/app.ts'
import { startApp } from '../../src/app.ts'
import type { Tx } from '../../src/db/database.ts'
import { activities, organizations, roadmaps, tasks } from '../../src/db/schema/index.ts'
import { type Instant, localDate, Temporal } from '../../src/kernel/clock.ts'
import { type Log, openLog } from '../../src/log.ts'
import { product } from '../../src/product.ts'
import { openMovableClock } from '../../src/sandbox/clock.ts'
import { exampleZone, players, prepareExample } from '../../src/sandbox/example/municipality.ts'
import type { PersonInChat } from '../../src/sandbox/people.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts'
import { stepsBetween } from '../../src/sandbox/steps.ts'
import { freshDatabase } from './database.ts'
import { NO_PACE, settings } from './engine.ts'

/** A stage for a scenario: the example municipality, its people at their phones, the whole program, and a clock that only the scenario moves on. */
export type Stage = {
  app: App
  sandbox: Sandbox
  coordinator: PersonInChat
  curator: PersonInChat
  head: PersonInChat
  otherHead: PersonInChat
  /** Lets time pass until `instant`, with all that happens on the way. */
  passTo(instant: string): Promise<void>
  /** The clock stands at `instant` at once, as if nobody had run the program meanwhile. */
  sleepUntil(instant: string): void
  /** Resolves when everything that was caused is done. */
  settled(): Promise<void>
  now(): Instant
  close(): Promise<void>
}

export type StageOptions = Partial<Omit<SandboxOptions, 'log'>> & {
  /** People wait for the pace of a chat, as in the messenger. */
  paced?: boolean
  /** Where the program's log goes; nowhere, unless STAGE_LOG=1 asks for it. */
  log?: Log
}

/** Opens a stage at `start` (an instant), with everybody in and greeted. */
export async function openStage(
  start: string,
  {
    paced = false,
    log = openLog(process.env.STAGE_LOG === '1' ? 'debug' : 'silent'),
    ...sandboxOptions
  }: StageOptions = {},
): Promise<Stage> {
  const clock = openMovableClock(null)
  clock.moveTo(Temporal.Instant.from(start))
  const sandbox = await startSandbox({
    people: players,
    clock,
    botUsername: 'sovet_bot',
    limits: { enforce: false },
    ...sandboxOptions,
  })
  const { config, forget } = await settings({
    databaseUrl: await freshDatabase(),
    token: sandbox.token,
    apiRoot: sandbox.apiRoot,
  })
  const app = await startApp({
    config,
    clock,
    features: product,
    upstreamIdle: () => sandbox.pendingUpdates === 0,
    pace: { chatPace: NO_PACE, beat: null }, // the limits have tests of their own; here the sandbox has none, and time passes only when told to
    log,
  })
  await app.engine.database.asSystem((tx) => prepareExample(tx, clock.now()))
  if (!paced) await letAnswersHurry(app)
  for (const player of players) await sandbox.as(player.id).start()
  await app.settle()
  return {
    app,
    sandbox,
    coordinator: sandbox.as(1001),
    curator: sandbox.as(1002),
    head: sandbox.as(1003),
    otherHead: sandbox.as(1004),
    passTo: async (instant) => {
      for (const step of stepsBetween(clock.now(), Temporal.Instant.from(instant), exampleZone)) {
        clock.moveTo(step)
        await app.tick()
        await app.settle()
      }
    },
    sleepUntil: (instant) => clock.moveTo(Temporal.Instant.from(instant)),
    settled: app.settle,
    now: clock.now,
    close: async () => {
      await app.close()
      await sandbox.close()
      await forget()
    },
  }
}

/** Nobody on a stage waits for the pace of one message a second to a chat: the sandbox does not ask for it here. */
async function letAnswersHurry(app: App): Promise<void> {
  await app.engine.database.sql.unsafe(`
    create function hurry() returns trigger language plpgsql as $$ begin new.free_at := clock_timestamp(); return new; end $$;
    create trigger hurry before insert or update on chat_paces for each row execute function hurry();`)
}

/** Nothing is open any more, nothing was reminded of, nothing is waited for: the next chapter of a scenario begins. */
export async function cleanSlate(stage: Stage): Promise<void> {
  await stage.settled()
  const { sql } = stage.app.engine.database
  await sql`update tasks set state = 'accepted' where state <> 'cancelled'`
  await sql`update reports set state = 'accepted' where state in ('collecting', 'submitted')`
  await sql`update evidence set state = 'removed' where report_id is null`
  await sql`delete from boards where kind <> 'week'`
  await sql`delete from reminders`
  await sql`delete from dialogs`
  for (const person of [stage.head, stage.otherHead, stage.curator, stage.coordinator]) person.skipSeen()
}

/** The head of the first school was reminded of these tasks today. */
export async function givenReminded(stage: Stage, taskIds: number[]): Promise<void> {
  const { sql } = stage.app.engine.database
  const today = localDate(stage.now(), exampleZone).toString()
  await sql`
    insert into reminders (municipality_id, task_id, person_id, day, reason)
    select t.municipality_id, t.id, a.person_id, ${today}, 'before'
      from tasks t, accounts a
     where t.id = any(${taskIds}) and a.address = '1003'`
}

/** A small picture; `shade` tells one from another. */
export function aPhoto(shade: number): Promise<Buffer> {
  return sharp({ create: { width: 320, height: 240, channels: 3, background: { r: shade, g: 90, b: 255 - shade } } })
    .jpeg()
    .toBuffer()
}

/** The state of a task, as the database has it. */
export async function stateOf(stage: Stage, taskId: number | undefined): Promise<string> {
  const [row] = await stage.app.engine.database.sql<{ state: string }[]>`
    select state from tasks where id = ${taskId ?? 0}`
  return row?.state ?? 'none'
}

/** An activity for a scenario that is about tasks and not about documents. */
export type GivenActivity = {
  title: string
  dueOn: string
  needsEvidence?: boolean
  needsApproval?: boolean
  papers?: string[]
  kind?: 'fixed' | 'ongoing'
  number?: string
  schools?: number[]
}

/** A published roadmap with one task for each school (of `schools`: their ids) and activity. Gives the ids of the tasks. */
export async function givenTasks(stage: Stage, given: GivenActivity[]): Promise<number[]> {
  return stage.app.engine.database.asSystem(async (tx) => {
    const schools = await tx
      .select()
      .from(organizations)
      .where(eq(organizations.kind, 'school'))
      .orderBy(asc(organizations.id))
    const [first] = schools
    if (!first) throw new Error('the example has no school')
    const roadmapId = await givenRoadmap(tx, first.municipalityId, stage.now())
    const made: number[] = []
    for (const [position, activity] of given.entries()) {
      const [row] = await tx
        .insert(activities)
        .values({
          municipalityId: first.municipalityId,
          roadmapId,
          position,
          number: activity.number ?? `1.${position + 1}`,
          section: 'Качество обучения',
          title: activity.title,
          deadlineText: activity.dueOn,
          schedule: {
            kind: activity.kind ?? 'fixed',
            windows: [{ from: activity.dueOn, due: activity.dueOn }],
            ambiguous: false,
          },
          responsibleText: 'ОО',
          executors: ['schools'],
          expectedResult: 'Протокол',
          expectedPapers: activity.papers ?? [],
          needsEvidence: activity.needsEvidence ?? false,
          needsApproval: activity.needsApproval ?? true,
        })
        .returning()
      const day = Temporal.PlainDate.from(activity.dueOn)
      for (const school of schools.slice(0, 1 + Math.max(0, ...(activity.schools ?? [0])))) {
        const [task] = await tx
          .insert(tasks)
          .values({
            municipalityId: first.municipalityId,
            activityId: row!.id,
            organizationId: school.id,
            windowFrom: day,
            windowDue: day,
            dueOn: day,
            updatedAt: stage.now(),
          })
          .returning()
        made.push(task!.id)
      }
    }
    return made
  })
}

async function givenRoadmap(tx: Tx, municipalityId: number, now: Instant): Promise<number> {
  const [row] = await tx
    .insert(roadmaps)
    .values({
      municipalityId,
      title: 'Дорожная карта',
      periodFrom: localDate(now, exampleZone).with({ month: 1, day: 1 }),
      periodTo: localDate(now, exampleZone).with({ month: 12, day: 31 }),
      state: 'published',
      createdAt: now,
      publishedAt: now,
    })
    .returning()
  return row!.id
}
