import { enqueueBroadcast } from '../src/db/deliveries.ts'
import { webhookOf } from '../src/http/webhook.ts'
import { type Bench, type BenchOptions, type Figure, percentile } from './figure.ts'
import { aPress, openLoop } from './support/load.ts'
import { openPlace, startProgram } from './support/programs.ts'
import { startStubApi } from './support/stub-api.ts'

const TOKEN = '1234567890:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'

/** P4 to P6: a broadcast at the limit that the API enforces, while people press buttons. */
export const broadcastBench: Bench = { title: 'A broadcast at the limit, and buttons meanwhile', run }

async function run({ quick }: BenchOptions): Promise<Figure[]> {
  const people = quick ? 1500 : 4000
  const limit = 300
  const pressesPerSecond = 20
  const api = await startStubApi({ delayMs: 50, perSecond: limit })
  const place = await openPlace()
  const program = await startProgram('../../test/support/echo-bot.ts', {
    BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: api.root,
    DATABASE_URL: place.url,
    DATA_DIR: place.folder,
    PUBLIC_URL: 'http://127.0.0.1:9',
    PORT: '0',
    TELEGRAM_RATE: String(limit),
  })
  try {
    const { path, secret } = webhookOf(TOKEN, null)
    const to = Array.from({ length: people }, (_, n) => ({ personId: null, chat: String(500_000 + n) }))
    const content = { do: 'send' as const, screen: { text: 'Семинар для директоров во вторник' } }
    const before = await program.usage()
    const began = performance.now()
    const queued = await place.database.asSystem((tx) =>
      enqueueBroadcast(tx, {
        municipalityId: null,
        messenger: 'telegram',
        lane: 'broadcast',
        reason: 'announcement',
        content,
        to,
      }),
    )
    const queuedMs = performance.now() - began
    const seconds = Math.floor(people / limit)
    const presses = Array.from({ length: seconds * pressesPerSecond }, (_, n) =>
      aPress(n + 1, 1000 + (n % 5000), 'done:1'),
    )
    const pressedAt: number[] = []
    await openLoop({ url: program.address + path, secret }, presses, pressesPerSecond, (index) => {
      pressedAt[index] = performance.now()
    })
    await allSent(place)
    const after = await program.usage()
    const passed = api.sent.filter((message) => !message.refused)
    const ofBroadcast = passed.filter((message) => Number(message.chat) >= 500_000)
    const took = (Math.max(...ofBroadcast.map((message) => message.atMs)) - began) / 1000
    const ideal = passed.length / limit
    const busiest = busiestSecond(passed.map((message) => message.atMs))
    const taps = pressedAt.map((at, index) => (api.answeredTaps.get(`q${index + 1}`) ?? Number.POSITIVE_INFINITY) - at)
    const refusedShare = api.refused / api.sent.length
    return [
      { promise: 'P5', what: `queueing ${queued} messages`, value: `${queuedMs.toFixed(0)} ms` },
      {
        promise: 'P6',
        what: `${passed.length} messages at ${limit}/s`,
        value: `${took.toFixed(2)} s = ${(took / ideal).toFixed(3)} of the limit`,
        goal: '≤ 1.05',
        held: took / ideal <= 1.05,
      },
      {
        promise: 'P6',
        what: 'refused by 429',
        value: `${(refusedShare * 100).toFixed(2)} %`,
        goal: '≤ 0.1 %',
        held: refusedShare <= 0.001,
      },
      { promise: 'P6', what: 'most in any second', value: String(busiest), goal: `≤ ${limit}`, held: busiest <= limit },
      {
        promise: 'P4',
        what: 'tap answered meanwhile (API 50 ms)',
        value: `median ${percentile(taps, 0.5).toFixed(0)} ms, p95 ${percentile(taps, 0.95).toFixed(0)} ms, p99 ${percentile(taps, 0.99).toFixed(0)} ms`,
        goal: 'p95 ≤ 200 ms',
        held: percentile(taps, 0.95) <= 200,
      },
      {
        promise: 'P7',
        what: 'processor time a message, all in',
        value: `${(((after.cpuSeconds - before.cpuSeconds) / passed.length) * 1e6).toFixed(0)} µs`,
      },
      { promise: 'P15', what: 'memory of the process', value: `${after.rssMb.toFixed(0)} MB` },
    ]
  } finally {
    await program.stop()
    await place.close()
    await api.close()
  }
}

async function allSent(place: Awaited<ReturnType<typeof openPlace>>): Promise<void> {
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
