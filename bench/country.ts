import type { Actor } from '../src/access/rights.ts'
import { summaryScreen } from '../src/bot/features/summary.ts'
import type { Services } from '../src/bot/services.ts'
import { wordsOf } from '../src/bot/words.ts'
import { workingCalendar } from '../src/calendar/working-calendar.ts'
import { countrySummary, recountedSummary } from '../src/db/country.ts'
import type { Tx } from '../src/db/database.ts'
import { enqueueDeliveries } from '../src/db/deliveries.ts'
import { municipalityFigures } from '../src/db/digests.ts'
import { municipalityById } from '../src/db/people.ts'
import { noticesFor } from '../src/db/reminders.ts'
import { changeProgramme, createDraft, keepReading, roadmapStore } from '../src/db/roadmaps.ts'
import { staleWeekReaders } from '../src/db/week-boards.ts'
import { sendDigests } from '../src/jobs/digest.ts'
import { remind } from '../src/jobs/remind.ts'
import { keepWeekBoards, type WeekLook } from '../src/jobs/week-boards.ts'
import { Temporal } from '../src/kernel/clock.ts'
import { defaultReminderPolicy, dueDatesRemindedOn, escalationDueDates } from '../src/reminders/policy.ts'
import type { NewActivity } from '../src/roadmaps/ports.ts'
import { publishRoadmap } from '../src/roadmaps/publish-roadmap.ts'
import { type Bench, type BenchOptions, type Figure, median, percentile } from './figure.ts'
import {
  type Country,
  coordinatorOf,
  curatorOf,
  DUE,
  departmentOf,
  emptyDatabase,
  MONDAY,
  makeCountry,
  makeMuchDue,
  NOW,
  TODAY,
  WITH_SLOT,
} from './support/country-data.ts'
import { explained } from './support/explained.ts'
import { openPlace, type Place, startProgram } from './support/programs.ts'
import { startStubApi } from './support/stub-api.ts'

/** P10 to P12, P14 to P16: what the work of every minute and week costs as the country around it grows. */
export const countryBench: Bench = { title: 'A country of municipalities', run }

const services: Services = {
  botUsername: 'bench_bot',
  now: () => NOW,
  enqueue: enqueueDeliveries,
  keepFile: () => Promise.reject(new Error('no files here')),
  startJob: () => Promise.reject(new Error('no jobs here')),
}

async function run({ quick, explain }: BenchOptions): Promise<Figure[]> {
  const place = await openPlace()
  const countries: Country[] = []
  try {
    for (const tasks of quick ? [23_000, 230_000] : [23_000, 230_000, 2_300_000])
      countries.push(await makeCountry(place, tasks))
    const rounds = 5
    return [
      ...(await planning(countries, rounds)),
      ...(await weekBoards(countries, rounds)),
      ...(await digests(countries, rounds)),
      ...(await allDigests(countries.at(-1)!)),
      ...(await summaries(countries, rounds)),
      ...(await muchDue(countries.at(-1)!, quick ? 5_000 : 50_000)),
      ...(explain ? await plans(countries.at(-1)!) : []),
      ...(await publishing(place, 3)),
      ...(await starting(place, countries, rounds)),
    ]
  } finally {
    for (const { database } of countries) await database.close()
    await place.close()
  }
}

/** Milliseconds of `work`. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

/** The works take turns, one round after another after one that does not count; the times of each. */
async function inTurns(rounds: number, works: (() => Promise<number>)[]): Promise<number[][]> {
  const times: number[][] = works.map(() => [])
  for (let round = 0; round <= rounds; round++)
    for (const [index, work] of works.entries()) {
      const took = await work()
      if (round > 0) times[index]!.push(took)
    }
  return times
}

const ms = (value: number) => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`
const atEach = (countries: Country[], values: number[]) =>
  values.map((value, index) => `${countries[index]!.tasks.toLocaleString('en')} tasks ${ms(value)}`).join(', ')

/** What is measured grows by so much from the smallest country to the largest. */
function growth(promise: string, what: string, values: number[], most: number): Figure {
  const ratio = values.at(-1)! / values[0]!
  return { promise, what, value: ratio.toFixed(2), goal: `≤ ${most}`, held: ratio <= most }
}

// --- the planning tick

async function planning(countries: Country[], rounds: number): Promise<Figure[]> {
  const sent: number[] = []
  const memory: number[] = []
  const watch = setInterval(() => memory.push(process.memoryUsage.rss() / 2 ** 20), 5)
  const times = await inTurns(rounds, [
    ...countries.map((country) => () => planOnce(country, sent)),
    ...countries.map((country) => () => scanOnce(country, dueNotices)),
    () => scanOnce(countries.at(-1)!, plainlyDue),
    () => scanOnce(countries.at(-1)!, barelyDue),
  ])
  clearInterval(watch)
  const medians = times.map(median)
  const ticks = medians.slice(0, countries.length)
  const scans = medians.slice(countries.length, -2)
  const [plain, bare] = medians.slice(-2) as [number, number]
  const toPlain = scans.at(-1)! / plain
  return [
    { promise: 'P10', what: `planning tick, ${DUE} due`, value: atEach(countries, ticks) },
    growth('P10', 'planning tick, largest to smallest', ticks, 1.3),
    { promise: 'P10', what: 'scan for what is due', value: atEach(countries, scans) },
    growth('P10', 'scan, largest to smallest', scans, 1.3),
    {
      promise: 'P10',
      what: 'scan to the same rows by plain SQL',
      value: `${ms(scans.at(-1)!)} / ${ms(plain)} = ${toPlain.toFixed(2)}; to SQL that knows no pauses, absences, snoozes ${ms(bare)} = ${(scans.at(-1)! / bare).toFixed(2)}`,
      goal: '≤ 2',
      held: toPlain <= 2,
    },
    {
      promise: 'P11',
      what: `messages made of ${DUE} due`,
      value: String(Math.max(...sent)),
      goal: 'one a head: 230',
      held: sent.every((count) => count === 10 * WITH_SLOT),
    },
    { promise: 'P15', what: 'memory at its highest in the ticks', value: `${Math.max(...memory).toFixed(0)} MB` },
  ]
}

/** One tick; what it made is taken away again. */
async function planOnce({ database }: Country, sent: number[]): Promise<number> {
  const took = await timed(() => remind(database, services))
  const [made] = await database.sql<{ count: number }[]>`select count(*)::int as count from deliveries`
  sent.push(made!.count)
  await database.sql`delete from reminders`
  await database.sql`delete from deliveries`
  await database.sql`delete from slots where day = ${TODAY.toString()} and municipality_id <= ${WITH_SLOT}`
  await database.sql`vacuum analyze reminders, deliveries, slots`
  return took
}

async function scanOnce({ database }: Country, scan: (tx: Tx) => Promise<number>): Promise<number> {
  let found = 0
  const took = await timed(async () => {
    found = await database.asSystem(scan)
  })
  if (found !== DUE) throw new Error(`${found} were due instead of ${DUE}`)
  return took
}

/** What the slots of today ask: the days are the policy's matter, not the scan's. */
const ASKED = Array.from({ length: WITH_SLOT }, (_, index) => ({
  municipalityId: index + 1,
  day: TODAY,
  asksOngoing: false,
  reminded: dueDatesRemindedOn([TODAY], defaultReminderPolicy, workingCalendar([])),
  escalated: escalationDueDates([TODAY], defaultReminderPolicy, workingCalendar([])),
}))

async function dueNotices(tx: Tx): Promise<number> {
  const notices = await noticesFor(tx, ASKED)
  return [...notices.values()].flat().length
}

/**
 * The same rows by plain SQL, which has to know of pauses, absences, snoozes and what was told already, as the scan has, but only of one day and of heads: no assignees, no deputies of a
 * school without a head, nothing escalated.
 */
async function plainlyDue(tx: Tx, municipalities = WITH_SLOT): Promise<number> {
  const rows = await tx.execute(`
    select t.municipality_id, t.id, coalesce(a.deputy_id, m.person_id) as person_id, t.due_on::text
      from tasks t
      join organizations o on o.id = t.organization_id and o.archived_at is null and (o.paused_until is null or o.paused_until <= '${TODAY}')
      join memberships m on m.organization_id = t.organization_id and m.role = 'head' and m.ended_at is null
      left join absences a on a.person_id = m.person_id and a.municipality_id = t.municipality_id and '${TODAY}' between a.from_day and a.until_day
     where t.municipality_id <= ${municipalities} and t.due_on = '${TODAY}' and t.state in ('planned', 'in_progress', 'blocked', 'returned')
       and not exists (select from snoozes n where n.task_id = t.id and n.person_id = m.person_id and n.remind_on > '${TODAY}')
       and not exists (select from reminders r where r.task_id = t.id and r.person_id = coalesce(a.deputy_id, m.person_id) and r.day = '${TODAY}')`)
  return rows.length
}

/** Those rows by the barest SQL: which tasks are due, and who heads the school. */
async function barelyDue(tx: Tx): Promise<number> {
  const rows = await tx.execute(`
    select t.id, m.person_id from tasks t
      join memberships m on m.organization_id = t.organization_id and m.role = 'head' and m.ended_at is null
     where t.municipality_id <= ${WITH_SLOT} and t.due_on = '${TODAY}' and t.state in ('planned', 'in_progress', 'blocked', 'returned')`)
  return rows.length
}

/** One tick over a whole country of which much is due: its time beside that of the same rows by plain SQL, and the memory that it takes more. */
async function muchDue(country: Country, due: number): Promise<Figure[]> {
  const { database, municipalities } = country
  await makeMuchDue(country, due)
  globalThis.gc?.()
  const before = process.memoryUsage.rss() / 2 ** 20
  const memory = [before]
  const watch = setInterval(() => memory.push(process.memoryUsage.rss() / 2 ** 20), 5)
  const tick = await timed(() => remind(database, services))
  clearInterval(watch)
  const [made] = await database.sql<{ notices: number; people: number }[]>`
    select count(*)::int as notices, count(distinct person_id)::int as people from reminders`
  const [sent] = await database.sql<
    { count: number }[]
  >`select count(*)::int as count from deliveries where reason = 'reminder'`
  if (made!.notices !== due) throw new Error(`${made!.notices} were reminded of instead of ${due}`)
  await database.sql`truncate reminders, deliveries cascade`
  let found = 0
  const plain = await timed(async () => {
    found = await database.asSystem((tx) => plainlyDue(tx, municipalities))
  })
  if (found !== due) throw new Error(`${found} are due by plain SQL instead of ${due}`)
  return [
    {
      promise: 'P10',
      what: `planning tick over ${country.tasks.toLocaleString('en')} tasks, ${due.toLocaleString('en')} due in ${municipalities} municipalities`,
      value: `${(tick / 1000).toFixed(2)} s, ${(tick / due).toFixed(2)} ms a task; the rows by plain SQL ${ms(plain)}`,
    },
    {
      promise: 'P11',
      what: 'messages of that tick',
      value: String(sent!.count),
      goal: `one a person: ${made!.people}`,
      held: sent!.count === made!.people,
    },
    {
      promise: 'P15',
      what: 'memory that it takes more, at its highest',
      value: `${(Math.max(...memory) - before).toFixed(0)} MB`,
      goal: '≤ 64 MB',
      held: Math.max(...memory) - before <= 64,
    },
  ]
}

// --- «Моя неделя»

async function weekBoards(countries: Country[], rounds: number): Promise<Figure[]> {
  const looks = await Promise.all(countries.map(({ database }) => keepWeekBoards(database, services)))
  const times = await inTurns(
    rounds,
    countries.map(
      ({ database }, index) =>
        () =>
          timed(() => keepWeekBoards(database, services, looks[index] as WeekLook)),
    ),
  )
  for (const { database } of countries) {
    const [made] = await database.sql<{ count: number }[]>`select count(*)::int as count from deliveries`
    if (made!.count > 0) throw new Error('a board changed although nothing else did')
  }
  const medians = times.map(median)
  const share = (medians.at(-1)! / 60_000) * 100
  return [
    { promise: 'P10', what: 'week boards a minute, nothing changed', value: atEach(countries, medians) },
    {
      promise: 'P10',
      what: 'of the minute, in the largest',
      value: `${share.toFixed(2)} %`,
      goal: '≤ 0.2 %',
      held: share <= 0.2,
    },
    ...(await morningBoards(countries.at(-1)!)),
  ]
}

/** The first look of a day: everybody's board is made anew. */
async function morningBoards({ database }: Country): Promise<Figure[]> {
  await database.sql`update boards set updated_at = ${NOW.subtract({ hours: 24 }).toString()}`
  const took = await timed(() => keepWeekBoards(database, services))
  const [made] = await database.sql<{ count: number }[]>`select count(*)::int as count from deliveries`
  await database.sql`truncate deliveries cascade`
  const whole = (took / made!.count) * 40_000
  return [
    {
      promise: 'P11',
      what: `a board of the week for each of ${made!.count.toLocaleString('en')} people`,
      value: `${(took / 1000).toFixed(1)} s; 40,000 at that rate in ${(whole / 1000).toFixed(1)} s`,
      goal: '≤ 60 s',
      held: whole <= 60_000,
    },
  ]
}

// --- digests

async function digests(countries: Country[], rounds: number): Promise<Figure[]> {
  const times = await inTurns(rounds, [
    ...countries.map((country) => () => p95OfDigests(country, curator)),
    ...countries.map((country) => () => p95OfDigests(country, coordinator)),
    ...countries.map((country) => () => p95OfPlainCounts(country)),
  ])
  const medians = times.map(median)
  const curators = medians.slice(0, countries.length)
  const coordinators = medians.slice(countries.length, -countries.length)
  const plain = medians.slice(-countries.length)
  const toPlain = coordinators.at(-1)! / plain.at(-1)!
  return [
    { promise: 'P11', what: 'digest of a curator, p95', value: atEach(countries, curators) },
    growth('P11', 'curator, largest to smallest', curators, 1.3),
    { promise: 'P11', what: 'digest of a coordinator, p95', value: atEach(countries, coordinators) },
    growth('P11', 'coordinator, largest to smallest', coordinators, 1.3),
    {
      promise: 'P11',
      what: 'coordinator to both counts by plain SQL',
      value: `${ms(coordinators.at(-1)!)} / ${ms(plain.at(-1)!)} = ${toPlain.toFixed(2)}`,
      goal: '≤ 2',
      held: toPlain <= 2,
    },
  ]
}

/** The tick of a Monday over a whole country: everybody who reads a digest. */
async function allDigests({ database, municipalities }: Country): Promise<Figure[]> {
  const took = await timed(() => sendDigests(database, { ...services, now: () => MONDAY }))
  const [made] = await database.sql<{ count: number; people: number }[]>`
    select count(*)::int as count, count(distinct person_id)::int as people from deliveries where reason = 'digest'`
  await database.sql`truncate deliveries cascade`
  await database.sql`delete from slots where kind = 'digest'`
  const readers = municipalities * 3
  const whole = (took / readers) * 40_000
  return [
    {
      promise: 'P11',
      what: `digests of a Monday, ${municipalities * 2} curators and ${municipalities} coordinators`,
      value: `${(took / 1000).toFixed(2)} s, 1,000 readers in ${(took / readers).toFixed(2)} s; 40,000 at that rate in ${(whole / 1000).toFixed(1)} s`,
      goal: '≤ 60 s',
      held: whole <= 60_000,
    },
    {
      promise: 'P11',
      what: 'messages of that tick',
      value: String(made!.count),
      goal: `one a reader: ${readers}`,
      held: made!.count === readers && made!.people === readers,
    },
  ]
}

function curator(municipalityId: number): Actor {
  const { personId, schoolIds } = curatorOf(municipalityId, 0)
  const memberships = schoolIds.map((organizationId) => ({ role: 'curator' as const, organizationId }))
  return { personId, municipalityId, memberships }
}

function coordinator(municipalityId: number): Actor {
  const memberships = [{ role: 'coordinator' as const, organizationId: departmentOf(municipalityId) }]
  return { personId: coordinatorOf(municipalityId), municipalityId, memberships }
}

function digestOf({ database }: Country, actor: Actor): Promise<void> {
  return database.inMunicipality(actor.municipalityId, async (tx) => {
    const municipality = await municipalityById(tx, actor.municipalityId)
    const say = wordsOf('ru', TODAY, municipality.timezone)
    if (!(await summaryScreen(tx, say, municipality, actor, TODAY))) throw new Error('an empty digest')
  })
}

/** Over every 23rd part of the country once. */
async function p95OfTimes(country: Country, work: (municipality: number) => Promise<unknown>): Promise<number> {
  const times: number[] = []
  const step = country.municipalities / WITH_SLOT
  for (let n = 0; n < WITH_SLOT * 2; n++)
    times.push(await timed(() => work(1 + Math.floor((n * step) % country.municipalities))))
  return percentile(times, 0.95)
}

function p95OfDigests(country: Country, reader: (municipality: number) => Actor): Promise<number> {
  return p95OfTimes(country, (municipality) => digestOf(country, reader(municipality)))
}

function p95OfPlainCounts(country: Country): Promise<number> {
  return p95OfTimes(country, (municipality) =>
    country.database.inMunicipality(municipality, async (tx) => {
      await tx.execute(
        `select organization_id, state, count(*) from tasks where municipality_id = ${municipality} group by 1, 2`,
      )
      await tx.execute(
        `select a.section, t.state, count(*) from tasks t join activities a on a.id = t.activity_id where t.municipality_id = ${municipality} group by 1, 2`,
      )
    }),
  )
}

// --- the summary of the country

async function summaries(countries: Country[], rounds: number): Promise<Figure[]> {
  const figures = ({ database }: Country, of: typeof countrySummary) => database.asSystem((tx) => of(tx, NOW))
  for (const country of countries) {
    const [kept, counted] = [await figures(country, countrySummary), await figures(country, recountedSummary)]
    if (JSON.stringify(kept) !== JSON.stringify(counted)) throw new Error('the summary differs from a recount')
  }
  const times = await inTurns(rounds, [
    ...countries.map((country) => () => timed(() => figures(country, countrySummary))),
    ...countries.map((country) => () => timed(() => figures(country, recountedSummary))),
  ])
  const medians = times.map(median)
  const kept = medians.slice(0, countries.length)
  const share = kept.at(-1)! / medians.at(-1)!
  return [
    { promise: 'P12', what: 'summary of the country', value: atEach(countries, kept) },
    {
      promise: 'P12',
      what: 'summary to a recount of all tasks, which it equals',
      value: `${ms(kept.at(-1)!)} / ${ms(medians.at(-1)!)} = ${share.toFixed(3)}`,
      goal: '≤ 0.1',
      held: share <= 0.1,
    },
  ]
}

// --- plans

/** The plans of the queries of every minute, to the standard error: the figures alone are the bench's output. */
async function plans({ database }: Country): Promise<Figure[]> {
  const hot: Record<string, (tx: Tx) => Promise<unknown>> = {
    'notices of a batch of slots': dueNotices,
    'boards to be made anew': (tx) => staleWeekReaders(tx, { woken: [], since: NOW, now: NOW }),
    'figures of a batch of municipalities': (tx) =>
      municipalityFigures(
        tx,
        Array.from({ length: WITH_SLOT }, (_, index) => ({ municipalityId: index + 1, today: TODAY })),
      ),
    'summary of the country': (tx) => countrySummary(tx, NOW),
  }
  for (const [name, query] of Object.entries(hot))
    process.stderr.write(`\n--- ${name}\n${await explained(database, query)}\n`)
  return []
}

// --- publishing

const ACTIVITIES = 100

async function publishing(place: Place, rounds: number): Promise<Figure[]> {
  const { database } = await emptyDatabase(place, 'publishing')
  try {
    const [town] = await database.sql<{ id: number }[]>`
      insert into municipalities (name, timezone, created_at) values ('Край', 'Europe/Moscow', now()) returning id::int`
    const schools = await database.sql<{ id: number }[]>`
      insert into organizations (municipality_id, kind, name, short_name, created_at)
      select ${town!.id}, 'school', 'Школа № ' || n, 'Школа № ' || n, now() from generate_series(1, 1000) n returning id::int`
    const ids = schools.map(({ id }) => id)
    const here: Publisher = { database, municipalityId: town!.id }
    const [few, many, rawFew, rawMany] = (
      await inTurns(rounds, [
        () => publishOnce(here, ids.slice(0, 10), byUs),
        () => publishOnce(here, ids, byUs),
        () => publishOnce(here, ids.slice(0, 10), byRawInsert),
        () => publishOnce(here, ids, byRawInsert),
      ])
    ).map(median)
    return [toRaw('10 schools', few!, rawFew!), toRaw('1,000 schools', many!, rawMany!)]
  } finally {
    await database.close()
  }
}

function toRaw(what: string, ours: number, raw: number): Figure {
  const ratio = ours / raw
  return {
    promise: 'P14',
    what: `publishing ${ACTIVITIES} activities × ${what}, to the raw insert`,
    value: `${ms(ours)} / ${ms(raw)} = ${ratio.toFixed(2)}`,
    goal: '≤ 10',
    held: ratio <= 10,
  }
}

type Publisher = { database: Country['database']; municipalityId: number }
type Publish = (tx: Tx, municipalityId: number, roadmapId: number) => Promise<unknown>

async function publishOnce({ database, municipalityId }: Publisher, schoolIds: number[], publish: Publish) {
  const id = await database.inMunicipality(municipalityId, (tx) => aDraft(tx, municipalityId, schoolIds))
  const took = await timed(() => database.inMunicipality(municipalityId, (tx) => publish(tx, municipalityId, id)))
  const [made] = await database.sql<{ count: number }[]>`select count(*)::int as count from tasks`
  if (made!.count !== schoolIds.length * ACTIVITIES) throw new Error(`${made!.count} tasks were made`)
  await database.sql`truncate roadmaps cascade`
  return took
}

async function byUs(tx: Tx, municipalityId: number, roadmapId: number): Promise<void> {
  const memberships = [{ role: 'coordinator' as const, organizationId: 0 }]
  const result = await publishRoadmap(roadmapStore(tx, municipalityId), {
    actor: { personId: 0, municipalityId, memberships },
    cause: { personId: 0, updateId: null, at: NOW },
    roadmapId,
    today: TODAY,
    past: 'make',
  })
  if (!result.ok) throw new Error(result.refusal.code)
}

async function byRawInsert(tx: Tx, municipalityId: number, roadmapId: number): Promise<void> {
  await tx.execute(`
    insert into tasks (municipality_id, activity_id, organization_id, window_from, window_due, due_on, updated_at)
    select ${municipalityId}, a.id, s.organization_id, '2026-09-01', '2026-09-30', '2026-09-30', now()
      from activities a join roadmap_schools s on s.roadmap_id = a.roadmap_id where a.roadmap_id = ${roadmapId}`)
}

async function aDraft(tx: Tx, municipalityId: number, schoolIds: number[]): Promise<number> {
  const source = { name: 'план.docx', pastedText: '' }
  const id = await createDraft(tx, { municipalityId, source, reading: 'waiting', importedById: null, now: NOW })
  const period = { from: Temporal.PlainDate.from('2026-01-01'), to: Temporal.PlainDate.from('2026-12-31') }
  const activities = Array.from({ length: ACTIVITIES }, (_, position) => anActivity(position))
  await keepReading(tx, { id, municipalityId }, { title: 'План', period, activities, now: NOW })
  await changeProgramme(tx, { id, municipalityId }, schoolIds, true)
  return id
}

function anActivity(position: number): NewActivity {
  const window = { from: Temporal.PlainDate.from('2026-09-01'), due: Temporal.PlainDate.from('2026-09-30') }
  return {
    position,
    number: `1.${position + 1}`,
    section: 'Организация',
    title: `Провести мероприятие с учителями ${position + 1}`,
    deadlineText: 'Сентябрь 2026 года',
    schedule: { kind: 'fixed', windows: [window], ambiguous: false },
    responsibleText: 'Школы',
    executors: ['schools'],
    namedOrganizationIds: [],
    unmatchedSchools: [],
    expectedResult: 'Справка',
    expectedPapers: [],
    parent: null,
    isWhole: false,
    warnings: [],
    needsEvidence: false,
    needsApproval: true,
    confirmed: false,
    leftOut: false,
  }
}

// --- start

/** The whole program on a database that it started on before, until it listens. */
async function starting(place: Place, countries: Country[], rounds: number): Promise<Figure[]> {
  const api = await startStubApi()
  try {
    const times = await inTurns(
      rounds,
      countries.map((country) => () => startOnce(place, country, api.root)),
    )
    const medians = times.map(median)
    return [
      {
        promise: 'P16',
        what: 'from the start to ready',
        value: atEach(countries, medians),
        goal: '≤ 3 s',
        held: medians.at(-1)! <= 3000,
      },
      growth('P16', 'start, largest to smallest', medians, 1.3),
    ]
  } finally {
    await api.close()
  }
}

async function startOnce(place: Place, country: Country, apiRoot: string): Promise<number> {
  const began = performance.now()
  const program = await startProgram('../../src/main.ts', {
    BOT_TOKEN: '1234567890:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    TELEGRAM_API_ROOT: apiRoot,
    DATABASE_URL: country.url,
    DATA_DIR: place.folder,
    PUBLIC_URL: 'http://127.0.0.1:9',
    PORT: '0',
  })
  const took = performance.now() - began
  await program.stop()
  return took
}
