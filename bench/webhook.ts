import { webhookOf } from '../src/http/webhook.ts'
import type { Bench, BenchOptions, Figure } from './figure.ts'
import { median, percentile } from './figure.ts'
import { aPress, closedLoop } from './support/load.ts'
import { openPlace, type Place, startProgram } from './support/programs.ts'
import { type StubApi, startStubApi } from './support/stub-api.ts'

const TOKEN = '1234567890:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'
const CONNECTIONS = 40
const CHATS = 3000

/** P1 and P2: pressed buttons by webhook, kept, worked on in a transaction with their answer, against the barest Telegraf bot; and the same with a slow API. */
export const webhookBench: Bench = { title: 'Buttons pressed, by webhook', run }

type Round = { perSecond: number; ackP95Ms: number }

async function run({ quick }: BenchOptions): Promise<Figure[]> {
  const rounds = quick ? 1 : 5
  const presses = quick ? 2000 : 6000
  const quickApi = await startStubApi()
  const slowApi = await startStubApi({ delayMs: 50 })
  const place = await openPlace()
  const results: Record<'peer' | 'ours' | 'oursSlow', Round[]> = { peer: [], ours: [], oursSlow: [] }
  let from = 1
  try {
    for (let round = 0; round < rounds; round++) {
      results.peer.push(await peerRound(quickApi, presses))
      results.ours.push(await ourRound(place, quickApi, presses, from))
      from += presses * 2
      results.oursSlow.push(await ourRound(place, slowApi, presses, from))
      from += presses * 2
    }
  } finally {
    await place.close()
    await quickApi.close()
    await slowApi.close()
  }
  return figures(results)
}

function figures({ peer, ours, oursSlow }: Record<'peer' | 'ours' | 'oursSlow', Round[]>): Figure[] {
  const rate = (rounds: Round[]) => median(rounds.map((round) => round.perSecond))
  const ack = (rounds: Round[]) => median(rounds.map((round) => round.ackP95Ms))
  const toPeer = rate(ours) / rate(peer)
  const toQuick = rate(oursSlow) / rate(ours)
  return [
    { promise: 'P1', what: 'barest Telegraf bot', value: `${rate(peer).toFixed(0)}/s, p95 ${ack(peer).toFixed(1)} ms` },
    {
      promise: 'P1',
      what: 'kept, worked on and marked',
      value: `${rate(ours).toFixed(0)}/s, ack p95 ${ack(ours).toFixed(1)} ms`,
    },
    { promise: 'P1', what: 'share of the peer', value: toPeer.toFixed(2), goal: '≥ 0.30', held: toPeer >= 0.3 },
    {
      promise: 'P2',
      what: 'with an API of 50 ms',
      value: `${rate(oursSlow).toFixed(0)}/s = ${toQuick.toFixed(2)}`,
      goal: '≥ 0.8',
      held: toQuick >= 0.8,
    },
  ]
}

async function peerRound(api: StubApi, presses: number): Promise<Round> {
  const secret = 'bench-secret-bench-secret-bench-secret'
  const peer = await startProgram('telegraf-bot.ts', {
    BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: api.root,
    WEBHOOK_SECRET: secret,
  })
  try {
    const to = { url: `${peer.address}/hook`, secret }
    await closedLoop(to, bodies(1, 300), CONNECTIONS)
    const load = await closedLoop(to, bodies(1, presses), CONNECTIONS)
    return { perSecond: presses / load.seconds, ackP95Ms: percentile(load.latenciesMs, 0.95) }
  } finally {
    await peer.stop()
  }
}

/** Counted until the last press is worked on, not only kept. */
async function ourRound(place: Place, api: StubApi, presses: number, from: number): Promise<Round> {
  const program = await startProgram('../../test/support/echo-bot.ts', {
    BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: api.root,
    DATABASE_URL: place.url,
    DATA_DIR: place.folder,
    PUBLIC_URL: 'http://127.0.0.1:9',
    PORT: '0', // messages leave at Telegram's rate: what is measured is the way in
  })
  try {
    const { path, secret } = webhookOf(TOKEN, null)
    const to = { url: program.address + path, secret }
    await closedLoop(to, bodies(from, 300), CONNECTIONS)
    await workedOn(place, from + 299)
    const began = performance.now()
    const load = await closedLoop(to, bodies(from + 300, presses), CONNECTIONS)
    if (load.failures > 0) throw new Error(`${load.failures} presses were not taken`)
    await workedOn(place, from + 299 + presses)
    return { perSecond: (presses / (performance.now() - began)) * 1000, ackP95Ms: percentile(load.latenciesMs, 0.95) }
  } finally {
    await program.stop()
    await place.database.sql`truncate deliveries, inbox, effects, chat_paces cascade`
  }
}

async function workedOn(place: Place, last: number): Promise<void> {
  for (;;) {
    const [row] = await place.database.sql<{ waiting: boolean }[]>`
      select exists (select from inbox where state = 'waiting' and update_id <= ${last}) as waiting`
    if (!row?.waiting) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

function bodies(from: number, count: number): string[] {
  return Array.from({ length: count }, (_, n) => aPress(from + n, CHATS))
}
