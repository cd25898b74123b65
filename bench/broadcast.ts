import { enqueueBroadcast } from '../src/db/deliveries.ts'
import { webhookOf } from '../src/http/webhook.ts'
import { type Bench, type BenchOptions, type Figure, median, percentile } from './figure.ts'
import { aPress, openLoop } from './support/load.ts'
import { openPlace, type Place, startProgram } from './support/programs.ts'
import { type StubApi, startStubApi } from './support/stub-api.ts'

const TOKEN = '1234567890:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'
const SECRET = 'bench-secret-bench-secret-bench-secret'
const LIMIT = 300
const API_MS = 50
const PRESSES_PER_SECOND = 100
const FIRST_OF_BROADCAST = 500_000
const LARGE_BROADCAST = 40_000

/** P3 to P8, P15: a broadcast at the limit that the API enforces, while people press buttons; and what a message costs beside bare Telegraf. */
export const broadcastBench: Bench = { title: 'A broadcast at the limit, and buttons meanwhile', run }

async function run({ quick }: BenchOptions): Promise<Figure[]> {
  const people = quick ? 1500 : 4000
  const api = await startStubApi({ delayMs: API_MS, perSecond: LIMIT })
  const place = await openPlace()
  try {
    const bare = await barePeer(quick ? 1000 : 3000, quick ? 3 : 10)
    return [
      ...(await queueing(place)),
      ...(await broadcastWhilePressing(place, api, people, bare)),
      ...(await withoutLimit(place, people)),
    ]
  } finally {
    await place.close()
    await api.close()
  }
}

type Bare = { sendCpuMs: number; ackP95Ms: number; rssMb: number }

/** What bare Telegraf needs for a message, and how fast it answers presses at the same steady rate with nothing else to do. */
async function barePeer(messages: number, seconds: number): Promise<Bare> {
  const api = await startStubApi({ delayMs: API_MS })
  const env = { BOT_TOKEN: TOKEN, TELEGRAM_API_ROOT: api.root, WEBHOOK_SECRET: SECRET }
  const sender = await startProgram('telegraf-sender.ts', env)
  const bot = await startProgram('telegraf-bot.ts', env)
  try {
    await fetch(`${sender.address}/200`, { method: 'POST' })
    const before = await sender.usage()
    await fetch(`${sender.address}/${messages}`, { method: 'POST' })
    const after = await sender.usage()
    const load = await openLoop(
      { url: `${bot.address}/hook`, secret: SECRET },
      presses(1, seconds * PRESSES_PER_SECOND),
      PRESSES_PER_SECOND,
    )
    return {
      sendCpuMs: ((after.cpuSeconds - before.cpuSeconds) / messages) * 1000,
      ackP95Ms: percentile(load.latenciesMs, 0.95),
      rssMb: (await bot.usage()).rssMb,
    }
  } finally {
    await sender.stop()
    await bot.stop()
    await api.close()
  }
}

async function broadcastWhilePressing(place: Place, api: StubApi, people: number, bare: Bare): Promise<Figure[]> {
  const program = await ours(place, api, LIMIT)
  try {
    const before = await program.usage()
    const began = performance.now()
    await queueFor(place, people)
    const seconds = Math.floor(people / LIMIT)
    const pressedAt: number[] = []
    const load = await openLoop(program.to, presses(1, seconds * PRESSES_PER_SECOND), PRESSES_PER_SECOND, (index) => {
      pressedAt[index] = performance.now()
    })
    await allSent(place)
    const after = await program.usage()
    const passed = api.sent.filter((message) => !message.refused)
    const ofBroadcast = passed.filter((message) => Number(message.chat) >= FIRST_OF_BROADCAST)
    const took = (Math.max(...ofBroadcast.map((message) => message.atMs)) - began) / 1000
    const toasts = pressedAt.map(
      (at, index) => (api.answeredTaps.get(`q${index + 1}`) ?? Number.POSITIVE_INFINITY) - at,
    )
    const answers = passed
      .filter((message) => Number(message.chat) < FIRST_OF_BROADCAST)
      .map(({ chat, atMs }) => atMs - pressedAt[Number(chat) - 1001]!)
    const cpuMs = ((after.cpuSeconds - before.cpuSeconds) / passed.length) * 1000
    return [
      atMost(
        'P6',
        `${passed.length} messages at ${LIMIT}/s: time to the shortest possible`,
        took / (passed.length / LIMIT),
        1.05,
      ),
      atMost('P6', 'refused by 429, share', api.refused / api.sent.length, 0.001),
      atMost('P6', 'most in any second', busiestSecond(passed.map((message) => message.atMs)), LIMIT, 0),
      atMost(
        'P3',
        `ack p95 at ${PRESSES_PER_SECOND}/s meanwhile, to the bare bot's with nothing else to do`,
        percentile(load.latenciesMs, 0.95) / bare.ackP95Ms,
        3,
      ),
      atMost('P3', 'ack p99 meanwhile, ms', percentile(load.latenciesMs, 0.99), 250, 0),
      atMost('P3', 'presses not taken', load.failures, 0, 0),
      atMost(
        'P4',
        `tap answered meanwhile, p95, ms (API ${API_MS} ms; median ${percentile(toasts, 0.5).toFixed(0)}, p99 ${percentile(toasts, 0.99).toFixed(0)})`,
        percentile(toasts, 0.95),
        API_MS + 150,
        0,
      ),
      atMost('P8', 'answer sent meanwhile, p95, ms', percentile(answers, 0.95), 1000, 0),
      atMost(
        'P7',
        `processor time a message, all in, to bare Telegraf (${cpuMs.toFixed(2)} ms to ${bare.sendCpuMs.toFixed(2)} ms)`,
        cpuMs / bare.sendCpuMs,
        4,
      ),
      atMost('P15', 'memory, MB', after.rssMb, 1.5 * bare.rssMb + 64, 0),
    ]
  } finally {
    await program.stop()
  }
}

/** How fast one replica sends where nothing limits it. */
async function withoutLimit(place: Place, people: number): Promise<Figure[]> {
  const api = await startStubApi()
  const program = await ours(place, api, 10_000)
  try {
    const began = performance.now()
    await queueFor(place, people)
    await allSent(place)
    const perSecond = people / ((performance.now() - began) / 1000)
    return [{ promise: 'P6', what: 'messages a second of one replica, the limiter off', value: perSecond.toFixed(0) }]
  } finally {
    await program.stop()
    await api.close()
  }
}

async function ours(place: Place, api: StubApi, rate: number) {
  const program = await startProgram('../../test/support/echo-bot.ts', {
    BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: api.root,
    DATABASE_URL: place.url,
    DATA_DIR: place.folder,
    PUBLIC_URL: 'http://127.0.0.1:9',
    PORT: '0',
    TELEGRAM_RATE: String(rate),
  })
  const { path, secret } = webhookOf(TOKEN, null)
  return { ...program, to: { url: program.address + path, secret } }
}

/** P5: what queueing costs beside the bare insert of the same rows, and how it grows; nobody sends meanwhile. */
async function queueing(place: Place): Promise<Figure[]> {
  const times: { small: number[]; large: number[]; bare: number[] } = { small: [], large: [], bare: [] }
  for (let round = 0; round < 3; round++) {
    times.small.push(await cleared(place, () => queueFor(place, LARGE_BROADCAST / 4)))
    times.large.push(await cleared(place, () => queueFor(place, LARGE_BROADCAST)))
    times.bare.push(await cleared(place, () => insertBarely(place, LARGE_BROADCAST)))
  }
  const [small, large, bare] = [median(times.small), median(times.large), median(times.bare)]
  const messages = LARGE_BROADCAST.toLocaleString('en')
  return [
    atMost(
      'P5',
      `queueing ${messages} to their bare insert (${large.toFixed(0)} ms / ${bare.toFixed(0)} ms)`,
      large / bare,
      5,
    ),
    atMost('P5', 'queueing four times as many', large / small, 4.4),
  ]
}

async function cleared(place: Place, work: () => Promise<number>): Promise<number> {
  const took = await work()
  await place.database.sql`truncate deliveries, chat_paces cascade`
  return took
}

async function insertBarely({ database }: Place, count: number): Promise<number> {
  const began = performance.now()
  await database.sql`
    insert into deliveries (chat, lane, turn, reason, content)
    select ${FIRST_OF_BROADCAST}::int + n, 2, n, 'announcement', '{"do":"send","screen":{"text":"Семинар для директоров во вторник"}}'
      from generate_series(1, ${count}::int) n`
  return performance.now() - began
}

/** Queues a broadcast for so many people; gives the milliseconds that took. */
async function queueFor(place: Place, people: number): Promise<number> {
  await place.database.sql`truncate chat_paces`
  const began = performance.now()
  await place.database.asSystem((tx) =>
    enqueueBroadcast(tx, {
      municipalityId: null,
      messenger: 'telegram',
      lane: 'broadcast',
      reason: 'announcement',
      content: { do: 'send', screen: { text: 'Семинар для директоров во вторник' } },
      to: Array.from({ length: people }, (_, n) => ({ personId: null, chat: String(FIRST_OF_BROADCAST + n) })),
    }),
  )
  return performance.now() - began
}

/** Each press in a chat of its own, from 1001 on. */
function presses(from: number, count: number): string[] {
  return Array.from({ length: count }, (_, n) => aPress(from + n, 1000 + from + n, 'done:1'))
}

async function allSent(place: Place): Promise<void> {
  for (;;) {
    const [row] = await place.database.sql<{ waiting: boolean }[]>`
      select exists (select from deliveries where state in ('queued', 'sending')) as waiting`
    if (!row?.waiting) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

function busiestSecond(moments: number[]): number {
  const sorted = moments.toSorted((a, b) => a - b)
  let first = 0
  let most = 0
  for (const [index, moment] of sorted.entries()) {
    while (moment - sorted[first]! >= 1000) first += 1
    most = Math.max(most, index - first + 1)
  }
  return most
}

function atMost(promise: string, what: string, value: number, goal: number, digits = 3): Figure {
  return {
    promise,
    what,
    value: value.toFixed(digits),
    goal: `≤ ${goal.toFixed(goal % 1 === 0 || digits === 0 ? 0 : digits)}`,
    held: value <= goal,
  }
}
