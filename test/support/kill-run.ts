import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { markDone, markStarted, withdraw } from '../../src/bot/buttons.ts'
import { workingCalendar } from '../../src/calendar/working-calendar.ts'
import type { Database } from '../../src/db/database.ts'
import { webhookOf } from '../../src/http/webhook.ts'
import { Temporal } from '../../src/kernel/clock.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { type Child, startChild } from './child.ts'
import { dice } from './dice.ts'
import { type ModelTask, NEW_TASK, type Press, pressed } from './task-model.ts'

/** What a run of kills is given. `database`, `url`: one with all tables and nothing in it; `folder`: for the replicas' files and the clock; `sandbox`: without people. */
export type KillRunOptions = {
  database: Database
  url: string
  folder: string
  sandbox: Sandbox
  seed: number
  kills: number
  municipalities: number
  /** Heads, and schools, of each municipality. */
  heads: number
  replicas: number
}

/** What a replica had in hand when it was killed; a kill may meet several. */
export type Met = { planning: number; handling: number; sending: number; recording: number }

export type KillReport = {
  kills: number
  met: Met
  /** Days that were planned. */
  days: number
  /** Updates that were answered 200, and those that were sent again because no answer came or to be sure. */
  acknowledged: number
  again: number
  /** What was promised and is not there, in words; empty where all is well. */
  lost: string[]
  /** State, events or reports that are not the model's; messages that were queued twice. */
  wrong: string[]
  /** Messages that the messenger has once more than they were to be sent. */
  repeated: number
  /** Deliveries in hand of the killed at their end: so many may be repeated. */
  inHand: number
  /** Secrets, names and words of people in what the replicas wrote into their logs (F32). */
  leaks: string[]
  /** Deliveries that ended on the dead list. */
  dead: number
  sent: number
  /** Milliseconds from a start to being ready, and from a kill to the end of what was in hand; the longest. */
  slowestReadyMs: number
  slowestSettledMs: number
}

const LEASE_SECONDS = 2
const RATE = 200
const FIRST_DAY = Temporal.PlainDate.from('2026-02-02')
/** Tasks that the heads press buttons of: due long after the run, so that no reminder is about them. */
const PRESSED_TASKS = 3
const LONGEST_GAP_MS = 900
/** Days pass no faster than what they bring can be sent: a message a second to each chat. */
const MOST_QUEUED = 200
const LONGEST_STANDSTILL_MS = 60_000

/** `ready` resolves when it is at work, or when it ended before it was; `address` is null until then. */
type Replica = { child: Child; address: string | null; ready: Promise<void> }
type Head = { chat: number; messageId: number; taskIds: number[] }
type Kill = { at: number; inHand: number[] }

/**
 * The product on several replicas, of which one after the other is killed at a moment of chance and started again at once, while days pass (each is planned: reminders, digests, boards), school
 * heads press buttons, and everything is sent. At the end what is there is compared with what must be.
 */
export async function runKills(options: KillRunOptions): Promise<KillReport> {
  const run = await openRun(options)
  try {
    const days = passDays(run)
    const presses = pressButtons(run)
    await killReplicas(run)
    run.over = true
    const lastDay = await days
    const model = await presses
    await allSettled(run)
    return await report(run, lastDay, model)
  } finally {
    run.over = true
    await Promise.all(run.living.map(({ child }) => child.end('SIGKILL')))
  }
}

type Run = KillRunOptions & {
  random: () => number
  clockFile: string
  town: Head[]
  living: Replica[]
  killed: Kill[]
  met: Met
  over: boolean
  acknowledged: Set<number>
  again: number
  slowestReadyMs: number
  /** What the killed had said. */
  said: string[]
}

async function openRun(options: KillRunOptions): Promise<Run> {
  const run: Run = {
    ...options,
    random: dice(options.seed),
    clockFile: join(options.folder, 'clock'),
    town: [],
    living: [],
    killed: [],
    met: { planning: 0, handling: 0, sending: 0, recording: 0 },
    over: false,
    acknowledged: new Set(),
    again: 0,
    slowestReadyMs: 0,
    said: [],
  }
  await moveClock(run, FIRST_DAY.subtract({ days: 1 }))
  run.town = await settleTown(run)
  run.sandbox.faults.delay(15)
  for (let n = 0; n < options.replicas; n++) run.living.push(start(run))
  await Promise.all(run.living.map((replica) => replica.ready))
  return run
}

// --- the town

/** Schools, heads and curators that have opened the bot, tasks due on every day, and a message of the bot with the tasks whose buttons are pressed. */
async function settleTown(run: Run): Promise<Head[]> {
  const { database, municipalities, heads, sandbox } = run
  const since = '2026-01-12T09:00:00Z'
  const first = FIRST_DAY.toString()
  const perMunicipality = heads + 1 // the last is the curator
  await database.sql.begin(async (sql) => {
    await sql`
      insert into municipalities (id, name, timezone, created_at) overriding system value
      select m, 'Район ' || m, 'Europe/Moscow', ${since} from generate_series(1, ${municipalities}::int) m`
    await sql`
      insert into organizations (id, municipality_id, kind, name, short_name, created_at) overriding system value
      select ${heads}::int * (m - 1) + s, m, 'school', 'Школа № ' || s, 'Школа № ' || s, ${since}
        from generate_series(1, ${municipalities}::int) m, generate_series(1, ${heads}::int) s`
    await sql`
      insert into persons (id, full_name, consented_at, created_at) overriding system value
      select p, 'Орлова Мария ' || p, ${since}, ${since} from generate_series(1, ${municipalities * perMunicipality}::int) p`
    await sql`
      insert into accounts (address, person_id, active_municipality_id, created_at)
      select 10000 + id, id, (id - 1) / ${perMunicipality}::int + 1, ${since} from persons`
    await sql`
      insert into memberships (municipality_id, person_id, organization_id, role, since)
      select o.municipality_id, ${perMunicipality}::int * (o.municipality_id - 1) + r.place, o.id, r.role, ${since}
        from organizations o, lateral (values ((o.id - 1) % ${heads}::int + 1, 'head'), (${perMunicipality}::int, 'curator')) as r (place, role)`
    await sql`
      insert into roadmaps (id, municipality_id, title, period_from, period_to, state, created_at) overriding system value
      select m, m, 'Карта', '2026-01-01', '2029-12-31', 'published', ${since} from generate_series(1, ${municipalities}::int) m`
    // The first activities are those whose buttons are pressed; of the last one a task is due on every day.
    await sql`
      insert into activities (municipality_id, roadmap_id, position, number, section, title, deadline_text, schedule, responsible_text, executors, expected_result)
      select m, m, n, '1.' || n, 'Раздел', case when n <= ${PRESSED_TASKS}::int then 'Провести совет ' else 'Сдать справку ' end || n, '',
             '{"kind":"fixed","windows":[],"ambiguous":false}', '', '{schools}', 'Протокол'
        from generate_series(1, ${municipalities}::int) m, generate_series(1, ${PRESSED_TASKS + 1}::int) n`
    await sql`
      insert into tasks (municipality_id, activity_id, organization_id, window_from, window_due, due_on, updated_at)
      select a.municipality_id, a.id, o.id, due, due, due, ${since}
        from activities a join organizations o using (municipality_id),
             lateral (select '2029-12-03'::date as due where a.position <= ${PRESSED_TASKS}::int
                      union all
                      select ${first}::date + d from generate_series(0, 600) d where a.position > ${PRESSED_TASKS}::int) days`
    for (const table of ['municipalities', 'organizations', 'persons', 'roadmaps'])
      await sql.unsafe(`select setval(pg_get_serial_sequence('${table}', 'id'), 100000)`)
  })
  await database.sql`analyze`
  const rows = await database.sql<{ person_id: number; chat: number; role: string; tasks: number[] }[]>`
    select m.person_id::int, a.address::int as chat, min(m.role) as role,
           array(select t.id::int from tasks t join activities c on c.id = t.activity_id where t.organization_id = min(m.organization_id) and c.position <= ${PRESSED_TASKS} order by t.id) as tasks
      from memberships m join accounts a using (person_id) group by 1, 2 order by 1`
  for (const { chat } of rows) {
    sandbox.addPerson({ id: chat, firstName: 'Мария', phone: `7900${chat}`, role: 'Директор', colour: '#555555' })
    await sandbox.as(chat).start()
  }
  const town: Head[] = []
  for (const { chat, person_id, tasks } of rows.filter((row) => row.role === 'head')) {
    const messageId = await aMessageAbout(run, chat, tasks)
    await database.sql`
      insert into deliveries (municipality_id, person_id, chat, lane, reason, content, subject, state, message_id, sent_at)
      select active_municipality_id, person_id, address, 0, 'reminder', '{"do":"send","screen":{"text":""}}', ${JSON.stringify({ tasks, view: 'reminder' })}::text::jsonb, 'sent', ${messageId}, now()
        from accounts where person_id = ${person_id}`
    town.push({ chat, messageId, taskIds: tasks })
  }
  return town
}

/** A message of the bot in a chat, as the messenger has it. */
async function aMessageAbout({ sandbox }: Run, chat: number, tasks: number[]): Promise<number> {
  const answer = await fetch(`${sandbox.apiRoot}/bot${sandbox.token}/sendMessage`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ chat_id: chat, text: `Задач: ${tasks.length}` }),
  })
  const { result } = (await answer.json()) as { result: { message_id: number } }
  return result.message_id
}

// --- replicas, and their ends

function start(run: Run): Replica {
  const child = startChild('product-bot.ts', {
    BOT_TOKEN: run.sandbox.token,
    TELEGRAM_API_ROOT: run.sandbox.apiRoot,
    DATABASE_URL: run.url,
    DATA_DIR: run.folder,
    PUBLIC_URL: 'http://127.0.0.1:9', // updates are brought by this run, which knows what was acknowledged
    PORT: '0',
    TELEGRAM_RATE: String(RATE),
    LEASE_SECONDS: String(LEASE_SECONDS),
    CLOCK_FILE: run.clockFile,
  })
  const startedAt = performance.now()
  const replica: Replica = { child, address: null, ready: Promise.resolve() }
  replica.ready = child.said(/"address":"([^"]+)"[^\n]*"msg":"started"/).then(
    ([, address]) => {
      replica.address = address!
      run.slowestReadyMs = Math.max(run.slowestReadyMs, performance.now() - startedAt)
    },
    () => {}, // killed before it was ready
  )
  return replica
}

/** Kills a replica that is at work, of chance, or, every tenth time, all of them at once; each is started again in the same moment. */
async function killReplicas(run: Run): Promise<void> {
  for (let done = 0; done < run.kills; ) {
    const place = Math.floor(run.random() * run.living.length)
    const all = run.random() < 0.1
    await run.living[place]!.ready
    await pause(run.random() * LONGEST_GAP_MS)
    const places = all ? run.living.map((_, index) => index) : [place]
    const victims = places.map((index) => run.living[index]!)
    await Promise.all(victims.map(({ child }) => child.end('SIGKILL')))
    const at = Date.now()
    run.said.push(...victims.map(({ child }) => child.output()))
    for (const index of places) run.living[index] = start(run)
    await noteKill(run, victims, at)
    done += victims.length
  }
}

/** What the victims had in hand: a tick that was not done, updates that wait, deliveries that are claimed, and among them those that the messenger has taken already. */
async function noteKill(run: Run, victims: Replica[], at: number): Promise<void> {
  const rows = await run.database.sql<{ id: string; chat: number; text: string | null; waits: boolean }[]>`
    select id, chat::int, content #>> '{screen,text}' as text, false as waits from deliveries where state = 'sending'
     union all
    select update_id, 0, null, true from inbox where state = 'waiting'`
  const inHand = rows.filter((row) => !row.waits)
  run.killed.push({ at, inHand: inHand.map((row) => Number(row.id)) })
  const begun = run.sandbox.calls.all().filter((call) => call.startedAtMs > at - 2000 && call.startedAtMs <= at)
  const taken = inHand.filter((row) => begun.some((call) => call.chatId === row.chat && call.outcome === 200))
  const count = victims.length
  if (victims.some(({ child }) => isPlanning(child.output()))) run.met.planning += count
  if (rows.some((row) => row.waits)) run.met.handling += count
  if (inHand.length > taken.length) run.met.sending += count
  if (taken.length > 0) run.met.recording += count
}

function isPlanning(output: string): boolean {
  return output.lastIndexOf('plans\n') > output.lastIndexOf('planned\n')
}

// --- what goes on meanwhile

async function moveClock(run: Run, day: Temporal.PlainDate): Promise<void> {
  await writeFile(run.clockFile, `${day}T07:00:00Z`) // ten o'clock in Moscow
}

/** Lets one day after the other pass, each until it is planned everywhere, and sometimes not even so long; gives the last one, which is a working day and is planned. */
async function passDays(run: Run): Promise<Temporal.PlainDate> {
  let day = FIRST_DAY
  for (; !run.over || !isWorking(day); day = day.add({ days: 1 })) {
    await moveClock(run, day)
    // Only what was reminded of: on a busy machine a week may pass before the replicas have started, and they are to make it up.
    await run.database.sql`
      update tasks t set state = 'accepted'
       where due_on < ${day.subtract({ days: 5 }).toString()} and state = 'planned' and exists (select from reminders where task_id = t.id)`
    const patience = performance.now() + (run.random() < 0.1 ? 100 : 5000)
    while (isWorking(day) && performance.now() < patience && !(await isPlanned(run, day))) await pause(20)
    while (!run.over && (await waitingIn(run, 'deliveries')) > MOST_QUEUED) await pause(50)
    await pause(run.random() * 200)
  }
  await moveClock(run, day)
  while (!(await isPlanned(run, day))) await pause(50)
  return day
}

const isWorking = workingCalendar([]).isWorking

async function isPlanned(run: Run, day: Temporal.PlainDate): Promise<boolean> {
  const [row] = await run.database.sql<{ count: number }[]>`
    select count(*)::int as count from slots where kind = 'reminders' and day = ${day.toString()}`
  return row!.count === run.municipalities
}

/** Heads press buttons, one after the other in each chat; every press is brought until it is acknowledged, some twice. Gives the tasks as they must be. */
async function pressButtons(run: Run): Promise<Map<number, ModelTask>> {
  const model = new Map<number, ModelTask>()
  const workers = 5
  let updateId = 1_000_000
  const work = async (which: number): Promise<void> => {
    const chance = dice(run.seed * 100 + which)
    const heads = run.town.filter((_, index) => index % workers === which)
    while (!run.over) {
      const head = heads[Math.floor(chance() * heads.length)]!
      const taskId = head.taskIds[Math.floor(chance() * head.taskIds.length)]!
      const task = model.get(taskId) ?? NEW_TASK
      const press = (['done', 'start', 'undo', 'undo'] as const)[Math.floor(chance() * 4)]!
      const version = Math.max(1, task.version - (chance() < 0.2 ? 1 : 0))
      model.set(taskId, pressed(task, press, version))
      await bring(run, chance, updateId++, head, dataOf(press, taskId, version))
      await pause(60)
    }
  }
  await Promise.all(Array.from({ length: workers }, (_, which) => work(which)))
  return model
}

function dataOf(press: Press, taskId: number, version: number): string {
  return { done: markDone, start: markStarted, undo: withdraw }[press](taskId, version)
}

/** Brings an update to a replica of chance until one says 200; one of ten comes once more, to whichever. */
async function bring(run: Run, chance: () => number, updateId: number, head: Head, data: string): Promise<void> {
  const update = {
    update_id: updateId,
    callback_query: {
      id: `q${updateId}`,
      from: { id: head.chat, is_bot: false, first_name: 'Мария' },
      message: { message_id: head.messageId, date: 1, chat: { id: head.chat, type: 'private' }, text: 'Задач: 3' },
      chat_instance: '1',
      data,
    },
  }
  for (let kept = false; !kept; ) {
    kept = await post(run, chance, update)
    if (!kept) {
      run.again += 1
      await pause(20)
    }
  }
  run.acknowledged.add(updateId)
  if (chance() < 0.1) {
    run.again += 1
    await post(run, chance, update)
  }
}

async function post(run: Run, chance: () => number, update: object): Promise<boolean> {
  const { address } = run.living[Math.floor(chance() * run.living.length)]!
  if (address === null) return false
  const { path, secret } = webhookOf(run.sandbox.token, null)
  const answer = await fetch(address + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret },
    body: JSON.stringify(update),
  }).catch(() => null)
  return answer?.status === 200
}

// --- the end

async function allSettled(run: Run): Promise<void> {
  await Promise.all(run.living.map((replica) => replica.ready))
  let fewest = Number.POSITIVE_INFINITY
  let movedAt = performance.now()
  while (fewest > 0 && performance.now() - movedAt < LONGEST_STANDSTILL_MS) {
    const left = (await waitingIn(run, 'inbox')) + (await waitingIn(run, 'deliveries'))
    if (left < fewest) movedAt = performance.now()
    fewest = Math.min(fewest, left)
    await pause(100)
  } // what is left is told as lost
}

async function waitingIn(run: Run, queue: 'inbox' | 'deliveries'): Promise<number> {
  const [row] = await run.database.sql<{ count: number }[]>`
    select count(*)::int as count from ${run.database.sql(queue)} where state in ('waiting', 'queued', 'sending')`
  return row!.count
}

type DeliveryRow = {
  id: number
  chat: number
  do: string
  state: string
  message_id: number | null
  failure: string | null
  sent_ms: number | null
}

async function report(run: Run, lastDay: Temporal.PlainDate, model: Map<number, ModelTask>): Promise<KillReport> {
  const { sql } = run.database
  const deliveries = await sql<DeliveryRow[]>`
    select id::int, chat::int, content ->> 'do' as do, state, message_id::int, failure, (extract(epoch from sent_at) * 1000)::float8 as sent_ms from deliveries`
  const shown = messagesOfTheBot(run, deliveries)
  const days = await sql<
    { count: number }[]
  >`select count(distinct day)::int as count from slots where kind = 'reminders'`
  return {
    kills: run.kills,
    met: run.met,
    days: days[0]!.count,
    acknowledged: run.acknowledged.size,
    again: run.again,
    lost: [...(await lostUpdates(run)), ...(await lostReminders(run, lastDay)), ...lostMessages(deliveries, shown)],
    wrong: [...(await wrongTasks(run, model)), ...(await twiceQueued(run))],
    repeated: repeats(deliveries, shown),
    inHand: run.killed.reduce((sum, kill) => sum + kill.inHand.length, 0),
    leaks: leaksIn([...run.said, ...run.living.map(({ child }) => child.output())].join('\n'), run.sandbox.token),
    dead: deliveries.filter((row) => row.state === 'dead').length,
    sent: deliveries.filter((row) => row.state === 'sent').length,
    slowestReadyMs: run.slowestReadyMs,
    slowestSettledMs: slowestSettled(run, deliveries),
  }
}

/** The numbers of the bot's messages in each chat; what only tells of a pin is none. */
function messagesOfTheBot(run: Run, deliveries: DeliveryRow[]): Map<number, Set<number>> {
  const chats = new Set(deliveries.map((row) => row.chat))
  return new Map(
    [...chats].map((chat) => [
      chat,
      new Set(
        run.sandbox
          .as(chat)
          .messages()
          .filter((message) => message.from === 'bot' && message.text !== '')
          .map((message) => message.id),
      ),
    ]),
  )
}

async function lostUpdates(run: Run): Promise<string[]> {
  const rows = await run.database.sql<
    { update_id: string; state: string; failure: string | null; attempts: number }[]
  >`select update_id, state, failure, attempts from inbox`
  const rowOf = new Map(rows.map((row) => [Number(row.update_id), row]))
  return [...run.acknowledged]
    .map((updateId) => ({ updateId, row: rowOf.get(updateId) }))
    .filter(({ row }) => row?.state !== 'done')
    .map(
      ({ updateId, row }) =>
        `update ${updateId} is ${row?.state ?? 'gone'} after ${row?.attempts} tries: ${row?.failure}`,
    )
}

/** Every task of a working day up to the last is reminded of on its day, or on a later one that makes it up; and the reminder has a delivery. */
async function lostReminders(run: Run, lastDay: Temporal.PlainDate): Promise<string[]> {
  const rows = await run.database.sql<{ id: string; due_on: string }[]>`
    select t.id, t.due_on::text from tasks t
     where t.due_on between ${FIRST_DAY.toString()} and ${lastDay.toString()} and extract(isodow from t.due_on) < 6
       and not exists (select from reminders r where r.task_id = t.id and r.day >= t.due_on and r.delivery_id is not null)`
  return rows
    .filter((row) => isWorking(Temporal.PlainDate.from(row.due_on)))
    .map((row) => `task ${row.id} of ${row.due_on} was not reminded of`)
}

function lostMessages(deliveries: DeliveryRow[], shown: Map<number, Set<number>>): string[] {
  const unsent = deliveries.filter((row) => row.state !== 'sent' && row.failure !== 'not wanted any more')
  const unseen = deliveries.filter(
    (row) => row.do === 'send' && row.state === 'sent' && !shown.get(row.chat)?.has(row.message_id ?? 0),
  )
  return [
    ...unsent.map((row) => `delivery ${row.id} (${row.do}) is ${row.state}: ${row.failure}`),
    ...unseen.map((row) => `delivery ${row.id} is sent as ${row.message_id}, which the chat does not have`),
  ]
}

async function wrongTasks(run: Run, model: Map<number, ModelTask>): Promise<string[]> {
  const rows = await run.database.sql<
    { id: number; state: string; version: number; events: number; reports: number }[]
  >`
    select t.id::int, t.state, t.version, (select count(*)::int from task_events e where e.task_id = t.id) as events,
           (select count(*)::int from reports r where r.task_id = t.id) as reports
      from tasks t where t.due_on = '2029-12-03'`
  return rows.flatMap((row) => {
    const must = model.get(row.id) ?? NEW_TASK
    const is = `${row.state} v${row.version}, ${row.events} events, ${row.reports} reports`
    const mustBe = `${must.state} v${must.version}, ${must.version - 1} events, ${must.reports.length} reports`
    return is === mustBe ? [] : [`task ${row.id} is ${is}; it must be ${mustBe}`]
  })
}

/** One reminder a person and day, one digest. */
async function twiceQueued(run: Run): Promise<string[]> {
  const rows = await run.database.sql<{ person_id: string; reason: string; day: string }[]>`
    select person_id, reason, coalesce(subject ->> 'day', once_key) as day from deliveries
     where reason in ('reminder', 'digest') and once_key is not null group by 1, 2, 3 having count(*) > 1`
  return rows.map((row) => `person ${row.person_id} has two of ${row.reason} of ${row.day}`)
}

function repeats(deliveries: DeliveryRow[], shown: Map<number, Set<number>>): number {
  const known = new Set(deliveries.map((row) => `${row.chat}:${row.message_id}`))
  return [...shown].reduce(
    (sum, [chat, messages]) => sum + [...messages].filter((id) => !known.has(`${chat}:${id}`)).length,
    0,
  )
}

/** From each kill to the moment at which the last of what was in hand was sent. */
function slowestSettled(run: Run, deliveries: DeliveryRow[]): number {
  const sentMs = new Map(deliveries.map((row) => [row.id, row.sent_ms]))
  const waits = run.killed.flatMap((kill) => kill.inHand.map((id) => (sentMs.get(id) ?? kill.at) - kill.at))
  return Math.max(0, ...waits)
}

/** Neither the token, nor its secret half, nor anybody's name, nor a task's words are for a log. */
function leaksIn(log: string, token: string): string[] {
  const { path, secret } = webhookOf(token, null)
  return [token, token.split(':')[1]!, secret, path, 'Орлова', 'Мария', 'Сдать справку', 'Провести совет'].filter(
    (word) => log.includes(word),
  )
}
