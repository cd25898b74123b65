import { setTimeout as pause } from 'node:timers/promises'
import sharp from 'sharp'
import { markDone, openTask, openTaskList } from '../src/bot/buttons.ts'
import type { Database } from '../src/db/database.ts'
import { enqueueBroadcast } from '../src/db/deliveries.ts'
import { webhookOf } from '../src/http/webhook.ts'
import type { Bench, BenchOptions, Figure } from './figure.ts'
import { type Country, makeCountry } from './support/country-data.ts'
import { openLoop } from './support/load.ts'
import { openPlace, type Place, type Program, startProgram } from './support/programs.ts'
import { type StubApi, startStubApi } from './support/stub-api.ts'

const TOKEN = '1234567890:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'
/** Of everybody together: a quarter of what one process takes (P1), so that what is measured is the length of the day and not its rush. */
const UPDATES_A_SECOND = 80
/** As long as the promise says. */
const MINUTES = 30
const TASKS = 23_000
const HEADS_A_MUNICIPALITY = 10
/** Until memory has found its level: what is loaded late, caches, the heap's own measure. */
const WARM_UP_SHARE = 0.4
const SAMPLE_MS = 500
const REFUSE_EVERY = 400

/**
 * R9 and P15: the whole product, with its ticks, under a mixed load squeezed into minutes: buttons, words, photos, a broadcast now and then; one restart of the
 * database, one killed replica, refusals by 429. Whether memory grows, dead rows pile up, anything is lost, or fails that was not made to.
 */
export const soakBench: Bench = { title: 'A long day, squeezed, with faults', run }

async function run({ quick }: BenchOptions): Promise<Figure[]> {
  const seconds = quick ? 30 : MINUTES * 60
  const api = await startStubApi({ refuseEvery: REFUSE_EVERY, file: await aPhoto() })
  const place = await openPlace()
  const country = await makeCountry(place, TASKS)
  const env = {
    BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: api.root,
    DATABASE_URL: country.url,
    DATA_DIR: place.folder,
    PUBLIC_URL: 'http://127.0.0.1:9',
    PORT: '0',
    TELEGRAM_RATE: '1000',
  }
  const program = await startProgram('../../src/main.ts', env)
  const second = await startProgram('../../src/main.ts', env)
  try {
    const memory = watchMemory(program)
    const updates = mixed(seconds * UPDATES_A_SECOND)
    const faults = makeFaults(place, second, seconds)
    const broadcasts = broadcastNowAndThen(country, seconds)
    const { path, secret } = webhookOf(TOKEN, null)
    const refused = await postAll({ url: program.address + path, secret }, updates)
    await Promise.all([faults, broadcasts])
    await allDone(country.database)
    const samples = await memory.stop()
    return await figures({ country, api, program, samples, seconds, updates: updates.length, refused })
  } finally {
    await program.stop()
    await second.kill()
    await country.database.close()
    await place.close()
    await api.close()
  }
}

/** Posts at the steady rate; what is not taken (the database is being restarted) is sent again, as Telegram does. Gives how many were not taken at first. */
async function postAll(to: { url: string; secret: string }, updates: string[]): Promise<number> {
  const first = await openLoop(to, updates, UPDATES_A_SECOND)
  for (let failures = first.failures; failures > 0; ) failures = (await openLoop(to, updates, 1000)).failures
  return first.failures
}

// --- the load

/** Of twenty updates ten are pressed buttons, six words, three photos, one asks for the menu. */
function mixed(count: number): string[] {
  return Array.from({ length: count }, (_, n) => {
    const kind = n % 20
    if (kind < 10) return aTap(n)
    if (kind < 16) return aMessage(n, { text: WORDS[n % WORDS.length] })
    if (kind < 19)
      return aMessage(n, {
        photo: [{ file_id: `f${n}`, file_unique_id: `u${n}`, width: 640, height: 480, file_size: 50_000 }],
      })
    return aMessage(n, { text: '/start', entities: [{ type: 'bot_command', offset: 0, length: 6 }] })
  })
}

const WORDS = [
  'в работе',
  'не получается: нет учителя физики',
  'готово',
  'Как составить программу развития школы?',
  'спасибо',
  'перенесите на пятницу',
]

/** The head of the update's number: municipality, place in it, chat. */
function headOf(n: number): { municipality: number; school: number; chat: number } {
  const municipalities = TASKS / 1000
  const municipality = 1 + (n % municipalities)
  const school = 1 + (Math.floor(n / municipalities) % HEADS_A_MUNICIPALITY)
  return { municipality, school, chat: 100_000_000 + 17 * (municipality - 1) + 3 + school }
}

function aTap(n: number): string {
  const { municipality, school, chat } = headOf(n)
  const task = 1000 * (municipality - 1) + 100 * (school - 1) + 1 + ((n * 7) % 100)
  const data = [openTaskList(0), openTask(task), markDone(task, 1)][n % 3]
  const message = {
    message_id: 10,
    date: 1,
    chat: { id: chat, type: 'private', first_name: 'Анна' },
    text: 'Мои задачи',
  }
  return JSON.stringify({
    update_id: n + 1,
    callback_query: {
      id: `q${n}`,
      from: { id: chat, is_bot: false, first_name: 'Анна' },
      message,
      chat_instance: '1',
      data,
    },
  })
}

function aMessage(n: number, what: object): string {
  const { chat } = headOf(n)
  const from = { id: chat, is_bot: false, first_name: 'Анна' }
  return JSON.stringify({
    update_id: n + 1,
    message: { message_id: 1000 + n, date: 1, from, chat: { ...from, type: 'private' }, ...what },
  })
}

function aPhoto(): Promise<Buffer> {
  return sharp({
    create: {
      width: 640,
      height: 480,
      channels: 3,
      noise: { type: 'gaussian', mean: 120, sigma: 40 },
      background: '#fff',
    },
  })
    .jpeg()
    .toBuffer()
}

async function broadcastNowAndThen({ database }: Country, seconds: number): Promise<void> {
  for (let at = 5; at < seconds; at += 15) {
    await pause(at === 5 ? 5000 : 15_000)
    await patiently(() =>
      database.asSystem(async (tx) => {
        const to = Array.from({ length: 230 }, (_, n) => ({ personId: null, chat: String(headOf(n).chat) }))
        const content = { do: 'send' as const, screen: { text: 'Семинар для директоров во вторник в 10:00' } }
        await enqueueBroadcast(tx, {
          municipalityId: 1,
          messenger: 'telegram',
          lane: 'broadcast',
          reason: 'announcement',
          content,
          to,
        })
      }),
    )
  }
}

// --- the faults

/** A third of the way the second replica is killed, half-way the database restarted. */
async function makeFaults(place: Place, second: Program, seconds: number): Promise<void> {
  await pause((seconds * 1000) / 3)
  await second.kill()
  await pause((seconds * 1000) / 6)
  await place.restart()
}

async function patiently<Value>(work: () => Promise<Value>): Promise<Value> {
  for (;;) {
    try {
      return await work()
    } catch {
      await pause(200) // the database is being restarted
    }
  }
}

// --- what is measured

type Sample = { seconds: number; rssMb: number }

function watchMemory(program: Program): { stop(): Promise<Sample[]> } {
  const samples: Sample[] = []
  const began = performance.now()
  const timer = setInterval(async () => {
    const { rssMb } = await program.usage()
    samples.push({ seconds: (performance.now() - began) / 1000, rssMb })
  }, SAMPLE_MS)
  return {
    stop: async () => {
      clearInterval(timer)
      return samples
    },
  }
}

async function allDone(database: Database): Promise<void> {
  for (;;) {
    const [row] = await patiently(
      () => database.sql<{ waiting: boolean }[]>`
        select exists (select from deliveries where state in ('queued', 'sending')) or exists (select from inbox where state = 'waiting')
               or exists (select from pgboss.job where state < 'completed' and name not like '\\_\\_%') as waiting`,
    )
    if (!row?.waiting) return
    await pause(100)
  }
}

type Measured = {
  country: Country
  api: StubApi
  program: Program
  samples: Sample[]
  seconds: number
  updates: number
  refused: number
}

async function figures({ country, api, program, samples, seconds, updates, refused }: Measured): Promise<Figure[]> {
  const { sql } = country.database
  const [inbox] = await sql<{ done: number; aside: number }[]>`
    select count(*) filter (where state = 'done')::int as done, count(*) filter (where state = 'set-aside')::int as aside from inbox`
  const [out] = await sql<{ sent: number; dead: number; unsure: number }[]>`
    select count(*) filter (where state = 'sent')::int as sent, count(*) filter (where state = 'dead')::int as dead,
           count(*) filter (where uncertain)::int as unsure from deliveries`
  const [tables] = await sql<{ dead: number; live: number }[]>`
    select sum(n_dead_tup)::int as dead, sum(n_live_tup)::int as live from pg_stat_user_tables where relname in ('inbox', 'deliveries', 'chat_paces', 'send_budgets')`
  const warm = samples.filter((sample) => sample.seconds > seconds * WARM_UP_SHARE && sample.seconds <= seconds)
  const slope = slopeOf(warm) * 600
  const most = Math.max(...samples.map((sample) => sample.rssMb))
  const own = program.warnings.filter((line) => !isInjected(line))
  const lost = updates - (inbox?.done ?? 0)
  const answers = api.sent.filter((message) => !message.refused).length
  return [
    {
      promise: 'R9',
      what: `updates in ${seconds} s, of buttons, words and photos`,
      value: `${updates}, ${refused} not taken at first while the database restarted`,
    },
    {
      promise: 'R9',
      what: 'updates lost or set aside',
      value: `${lost}, ${inbox?.aside}`,
      goal: '0',
      held: lost === 0 && inbox?.aside === 0,
    },
    {
      promise: 'R9',
      what: 'messages taken by the API',
      value: `${answers}, ${api.refused} refused by 429; ${out?.unsure} repeated as their fate was unknown`,
    },
    { promise: 'R9', what: 'messages given up', value: String(out?.dead), goal: '0', held: out?.dead === 0 },
    {
      promise: 'R9',
      what: 'failures logged that were not injected',
      value: String(own.length),
      goal: '0',
      held: own.length === 0,
    },
    {
      promise: 'R9',
      what: 'memory after the warm-up',
      value: `${slope.toFixed(1)} MB in 10 min`,
      goal: '≤ 1',
      held: slope <= 1,
    },
    { promise: 'P15', what: 'memory at its highest', value: `${most.toFixed(0)} MB` },
    {
      promise: 'R9',
      what: 'dead rows to live ones, of the queues',
      value: `${tables?.dead} / ${tables?.live}`,
      goal: '≤ 1.5',
      held: (tables?.dead ?? 0) <= 1.5 * (tables?.live ?? 0),
    },
    ...own.slice(0, 5).map((line) => ({ promise: 'R9', what: 'failure', value: line.slice(0, 240) })),
  ]
}

/** What the restart, the kill and the refusals bring with them. */
function isInjected(line: string): boolean {
  return /"outcome":"later"|were taken back|CONNECTION_|57P0|ECONN|ENOENT|did not answer|"status":503|could not be kept|terminat|Connection/.test(
    line,
  )
}

/** Of the least squares through the samples, in MB a second. */
function slopeOf(samples: Sample[]): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const x = mean(samples.map((sample) => sample.seconds))
  const y = mean(samples.map((sample) => sample.rssMb))
  const over = samples.reduce((sum, sample) => sum + (sample.seconds - x) * (sample.rssMb - y), 0)
  return over / samples.reduce((sum, sample) => sum + (sample.seconds - x) ** 2, 0)
}
