import { setTimeout as pause } from 'node:timers/promises'
import { enqueueBroadcast } from '../src/db/deliveries.ts'
import { LEASE_SECONDS } from '../src/jobs/dispatcher.ts'
import { startSandbox } from '../src/sandbox/sandbox.ts'
import { type Child, startChild } from '../test/support/child.ts'
import { type KillReport, runKills } from '../test/support/kill-run.ts'
import type { Bench, BenchOptions, Figure } from './figure.ts'
import { openPlace, type Place } from './support/programs.ts'
import { type StubApi, startStubApi } from './support/stub-api.ts'

/** R1, R2, R4: replicas of the product killed at moments of chance, and one broadcast of which a replica is killed every five seconds. */
export const killsBench: Bench = { title: 'Killed at moments of chance', run }

async function run({ quick }: BenchOptions): Promise<Figure[]> {
  return [...figuresOf(await randomKills(quick ? 20 : 200)), ...(await killedBroadcast(quick ? 1500 : 6000))]
}

async function randomKills(kills: number): Promise<KillReport> {
  const place = await openPlace()
  const sandbox = await startSandbox({ limits: { enforce: false }, keepCalls: 20_000 })
  try {
    const { database, url, folder } = place
    const size = { municipalities: 12, heads: 4, replicas: 2 }
    return await runKills({ database, url, folder, sandbox, seed: 20_260_301, kills, ...size })
  } finally {
    await sandbox.close()
    await place.close()
  }
}

function figuresOf(report: KillReport): Figure[] {
  const { kills, met, lost, wrong, leaks } = report
  for (const line of [...lost, ...wrong, ...leaks]) process.stderr.write(`${line}\n`)
  return [
    {
      promise: 'R1',
      what: `${kills} kills of two replicas`,
      value: `${met.planning} while planning, ${met.handling} with updates waiting, ${met.sending} while sending, ${met.recording} sent and not yet recorded`,
    },
    { promise: 'R1', what: 'days planned, messages sent', value: `${report.days}, ${report.sent}` },
    {
      promise: 'R1',
      what: `of ${report.acknowledged} acknowledged updates and all that was due, lost`,
      value: String(lost.length),
      goal: '0',
      held: lost.length === 0,
    },
    {
      promise: 'R3',
      what: `done twice or otherwise than the model says (${report.again} updates came again)`,
      value: String(wrong.length),
      goal: '0',
      held: wrong.length === 0,
    },
    {
      promise: 'R2',
      what: 'messages repeated; in hand at the kills',
      value: `${report.repeated}; ${report.inHand}`,
      goal: 'no more than in hand',
      held: report.repeated <= report.inHand,
    },
    { promise: 'R2', what: 'messages given up', value: String(report.dead) },
    { promise: 'R4', what: 'slowest start to ready', value: `${report.slowestReadyMs.toFixed(0)} ms` },
    {
      promise: 'R4',
      what: 'slowest end of what was in hand at a kill (lease 2 s)',
      value: `${(report.slowestSettledMs / 1000).toFixed(1)} s`,
    },
    {
      promise: 'S4',
      what: 'secrets, names and words in the logs',
      value: String(leaks.length),
      goal: '0',
      held: leaks.length === 0,
    },
  ]
}

const TOKEN = '1234567890:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'
const LIMIT = 300
const KILL_EVERY_MS = 5000

/** One broadcast at the limit that the API enforces, from two replicas as `npm start` runs them; every five seconds one of them is killed and started again. */
async function killedBroadcast(people: number): Promise<Figure[]> {
  const place = await openPlace()
  const api = await startStubApi({ delayMs: 50, perSecond: LIMIT })
  const start = () => startReplica(place, api)
  const replicas = await Promise.all([start(), start()])
  const orphans: Orphans[] = []
  try {
    const began = performance.now()
    const queued = await queue(place, people)
    for (let next = began + KILL_EVERY_MS; await isUnderWay(place); ) {
      await pause(50)
      await noteSettled(place, orphans)
      if (performance.now() < next) continue
      next += KILL_EVERY_MS
      orphans.push(await kill(place, replicas, orphans.length % 2, start))
    }
    await noteSettled(place, orphans)
    const kills = orphans.length
    const inHand = orphans.reduce((sum, { count }) => sum + count, 0)
    const slowest = Math.max(...orphans.map(({ killedAt, settledAt }) => (settledAt ?? Number.NaN) - killedAt)) / 1000
    const passed = api.sent.filter((message) => !message.refused)
    const counts = [...Map.groupBy(passed, (message) => message.chat).values()].map((messages) => messages.length)
    const repeated = passed.length - counts.length
    const tookSeconds = (performance.now() - began) / 1000
    return [
      {
        promise: 'R1',
        what: `a broadcast to ${queued}, a replica of two killed every five seconds (${kills} kills), lost`,
        value: String(queued - counts.length),
        goal: '0',
        held: queued === counts.length,
      },
      {
        promise: 'R2',
        what: 'repeated; in hand at the kills',
        value: `${repeated}; ${inHand}`,
        goal: 'no more than in hand',
        held: repeated <= inHand,
      },
      { promise: 'R2', what: 'most to one person', value: String(Math.max(...counts)) },
      {
        promise: 'R4',
        what: `slowest end of what was in hand at a kill (lease ${LEASE_SECONDS} s)`,
        value: `${slowest.toFixed(1)} s`,
        goal: '≤ lease + 5 s',
        held: slowest <= LEASE_SECONDS + 5,
      },
      {
        promise: 'R4',
        what: 'took, to the limit alone',
        value: `${tookSeconds.toFixed(1)} s to ${(passed.length / LIMIT).toFixed(1)} s`,
      },
      { promise: 'P6', what: 'refused by 429', value: String(api.refused) },
    ]
  } finally {
    await Promise.all(replicas.map((replica) => replica.end('SIGKILL')))
    await place.close()
    await api.close()
  }
}

async function startReplica(place: Place, api: StubApi): Promise<Child> {
  const child = startChild('../../src/main.ts', {
    BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: api.root,
    DATABASE_URL: place.url,
    DATA_DIR: place.folder,
    PUBLIC_URL: 'http://127.0.0.1:9',
    PORT: '0',
    TELEGRAM_RATE: String(LIMIT),
  })
  await child.said(/"msg":"started"/)
  return child
}

function queue(place: Place, people: number): Promise<number> {
  return place.database.asSystem((tx) =>
    enqueueBroadcast(tx, {
      municipalityId: null,
      messenger: 'telegram',
      lane: 'broadcast',
      reason: 'announcement',
      content: { do: 'send', screen: { text: 'Семинар для директоров во вторник' } },
      to: Array.from({ length: people }, (_, n) => ({ personId: null, chat: String(500_000 + n) })),
    }),
  )
}

/** What was in hand of both replicas when one was killed, and when the last of it was settled. */
type Orphans = { ids: string[]; count: number; killedAt: number; settledAt: number | null }

/** Kills a replica and starts another in its place, while the other one goes on. */
async function kill(place: Place, replicas: Child[], which: number, start: () => Promise<Child>): Promise<Orphans> {
  await replicas[which]!.end('SIGKILL')
  const killedAt = performance.now()
  const rows = await place.database.sql<{ id: string }[]>`select id from deliveries where state = 'sending'`
  replicas[which] = await start()
  return { ids: rows.map(({ id }) => id), count: rows.length, killedAt, settledAt: null }
}

async function noteSettled({ database }: Place, orphans: Orphans[]): Promise<void> {
  for (const one of orphans.filter(({ settledAt }) => settledAt === null)) {
    const [row] = await database.sql<{ open: boolean }[]>`
      select exists (select from deliveries where id = any(${one.ids}::bigint[]) and state in ('queued', 'sending')) as open`
    if (!row!.open) one.settledAt = performance.now()
  }
}

async function isUnderWay(place: Place): Promise<boolean> {
  const [row] = await place.database.sql<{ any: boolean }[]>`
    select exists (select from deliveries where state in ('queued', 'sending')) as any`
  return row!.any
}
