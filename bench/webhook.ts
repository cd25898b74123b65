import { markDone } from '../src/bot/buttons.ts'
import { webhookOf } from '../src/http/webhook.ts'
import type { Bench, BenchOptions, Figure } from './figure.ts'
import { median, percentile } from './figure.ts'
import { type Country, makeCountry } from './support/country-data.ts'
import { aPress, closedLoop } from './support/load.ts'
import { openPlace, type Program, startProgram } from './support/programs.ts'
import { type StubApi, startStubApi } from './support/stub-api.ts'

const TOKEN = '1234567890:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'
const SECRET = 'bench-secret-bench-secret-bench-secret'
const CONNECTIONS = 40
const WARM_UP = 300

/**
 * P1 and P2: «Готово» pressed by school heads, by webhook. The whole way is Sovet's own: the update kept, the person and the right found, the task locked, report, event, receipt and
 * the messages that follow queued. Beside it, in turn: the barest Telegraf bot, which only answers the tap, and raw node:http that writes the same rows.
 */
export const webhookBench: Bench = { title: '«Готово» pressed, by webhook', run }

type Round = { perSecond: number; ackP95Ms: number; cpuMs: number; rssMb: number }
type Contestant = 'bare' | 'raw' | 'ours' | 'oursSlow'
const CONTESTANTS: Contestant[] = ['bare', 'raw', 'ours', 'oursSlow']

async function run({ quick }: BenchOptions): Promise<Figure[]> {
  const rounds = quick ? 1 : 5
  const presses = quick ? 2000 : 6000
  const place = await openPlace()
  const country = await makeCountry(place, quick ? 23_000 : 300_000)
  const api = await startStubApi()
  const slowApi = await startStubApi({ delayMs: 50 })
  const done = doneButtons(country)
  const results: Record<Contestant, Round[]> = { bare: [], raw: [], ours: [], oursSlow: [] }
  try {
    for (let round = 0; round < rounds; round++) {
      for (const contestant of CONTESTANTS) {
        const bodies = contestant === 'bare' ? plainPresses(WARM_UP + presses) : await done(WARM_UP + presses)
        results[contestant].push(await roundOf(contestant, contestant === 'oursSlow' ? slowApi : api, country, bodies))
      }
    }
  } finally {
    await country.database.close()
    await place.close()
    await api.close()
    await slowApi.close()
  }
  return figures(results)
}

async function roundOf(contestant: Contestant, api: StubApi, country: Country, bodies: string[]): Promise<Round> {
  const { program, path, secret } = await start(contestant, api, country)
  const ours = contestant.startsWith('ours')
  try {
    const to = { url: program.address + path, secret }
    await closedLoop(to, bodies.slice(0, WARM_UP), CONNECTIONS)
    if (ours) await workedOn(country)
    const before = await program.usage()
    const began = performance.now()
    const load = await closedLoop(to, bodies.slice(WARM_UP), CONNECTIONS)
    if (load.failures > 0) throw new Error(`${load.failures} presses were not taken by «${contestant}»`)
    if (ours) await workedOn(country) // counted until the last press is worked on, not only kept
    const seconds = (performance.now() - began) / 1000
    const after = await program.usage()
    const presses = bodies.length - WARM_UP
    return {
      perSecond: presses / seconds,
      ackP95Ms: percentile(load.latenciesMs, 0.95),
      cpuMs: ((after.cpuSeconds - before.cpuSeconds) / presses) * 1000,
      rssMb: after.rssMb,
    }
  } finally {
    await program.stop()
    if (contestant !== 'bare') await allReported(country, bodies.length)
  }
}

async function start(
  contestant: Contestant,
  api: StubApi,
  country: Country,
): Promise<{ program: Program; path: string; secret: string }> {
  if (contestant === 'bare') {
    const env = { BOT_TOKEN: TOKEN, TELEGRAM_API_ROOT: api.root, WEBHOOK_SECRET: SECRET }
    return { program: await startProgram('telegraf-bot.ts', env), path: '/hook', secret: SECRET }
  }
  if (contestant === 'raw') {
    return { program: await startProgram('node-peer.ts', { DATABASE_URL: country.url }), path: '/', secret: SECRET }
  }
  const program = await startProgram('../../src/main.ts', {
    BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: api.root,
    DATABASE_URL: country.url,
    DATA_DIR: country.folder,
    PUBLIC_URL: 'http://127.0.0.1:9',
    PORT: '0', // messages leave at Telegram's rate: what is measured is the way in
  })
  return { program, ...webhookOf(TOKEN, null) }
}

/** Gives the presses of «Готово» under so many tasks that nobody has reported yet, each by its school's head; one after the other in different municipalities. */
function doneButtons({ database }: Country): (count: number) => Promise<string[]> {
  let updateId = 1
  return async (count) => {
    const rows = await database.sql<{ id: string; address: string; version: number }[]>`
      select t.id, t.version, a.address from tasks t
        join memberships m on m.organization_id = t.organization_id and m.role = 'head'
        join accounts a on a.person_id = m.person_id
       where t.state = 'planned' order by t.id % 1000, t.id limit ${count}`
    if (rows.length < count) throw new Error(`there are only ${rows.length} tasks left to be reported`)
    return rows.map((row) => aPress(updateId++, Number(row.address), markDone(Number(row.id), row.version)))
  }
}

function plainPresses(count: number): string[] {
  return Array.from({ length: count }, (_, n) => aPress(1 + n, 1000 + (n % 3000), 'done:1'))
}

async function workedOn({ database }: Country): Promise<void> {
  for (;;) {
    const [row] = await database.sql<{ waiting: boolean }[]>`
      select exists (select from inbox where state = 'waiting') as waiting`
    if (!row?.waiting) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** A round counts only if every press had its effect. Then the way out is cleared: what is queued there would be sent in the next. */
async function allReported({ database }: Country, presses: number): Promise<void> {
  const [row] = await database.sql<{ reported: number }[]>`
    select count(*)::int as reported from inbox i join task_events e on e.update_id = i.update_id and e.kind = 'task-reported'`
  if (row?.reported !== presses) throw new Error(`of ${presses} presses ${row?.reported} reported their task`)
  await database.sql`truncate deliveries, inbox, chat_paces, reminders, boards cascade`
}

function figures({ bare, raw, ours, oursSlow }: Record<Contestant, Round[]>): Figure[] {
  const of = (rounds: Round[], what: keyof Round) => median(rounds.map((round) => round[what]))
  const told = (rounds: Round[]) =>
    `${of(rounds, 'perSecond').toFixed(0)}/s, ack p95 ${of(rounds, 'ackP95Ms').toFixed(1)} ms, ${of(rounds, 'cpuMs').toFixed(2)} ms of processor each`
  const share = (peer: Round[]) => of(ours, 'perSecond') / of(peer, 'perSecond')
  const memoryGoal = 1.5 * of(bare, 'rssMb') + 64
  const toQuick = of(oursSlow, 'perSecond') / of(ours, 'perSecond')
  return [
    { promise: 'P1', what: 'barest Telegraf bot that answers the tap', value: told(bare) },
    { promise: 'P1', what: 'raw node:http with the same transaction in plain SQL', value: told(raw) },
    { promise: 'P1', what: '«Готово», the whole way', value: told(ours) },
    atLeast('P1', 'share of the bare bot', share(bare), 0.3),
    atLeast('P1', 'share of raw node:http', share(raw), 0.5),
    atLeast('P2', 'with an API of 50 ms, to the same without', toQuick, 0.8),
    {
      promise: 'P15',
      what: `memory of the process (the bare bot ${of(bare, 'rssMb').toFixed(0)} MB)`,
      value: `${of(ours, 'rssMb').toFixed(0)} MB`,
      goal: `≤ ${memoryGoal.toFixed(0)} MB`,
      held: of(ours, 'rssMb') <= memoryGoal,
    },
  ]
}

function atLeast(promise: string, what: string, value: number, goal: number): Figure {
  return { promise, what, value: value.toFixed(2), goal: `≥ ${goal}`, held: value >= goal }
}
