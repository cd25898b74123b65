import type { Database } from '../src/db/database.ts'
import { claimDeliveries, enqueueBroadcast, settleDeliveries } from '../src/db/deliveries.ts'
import { type Bench, type BenchOptions, type Figure, median } from './figure.ts'
import { emptyDatabase } from './support/country-data.ts'
import { openPlace } from './support/programs.ts'

/** P9: a municipality with little to say does not wait for one with much, and a claim costs the same however many there are. */
export const fairnessBench: Bench = { title: 'Municipalities take turns', run }

/** Messages a second: high enough that the run is short, low enough that the budget is what holds it up. */
const RATE = 200
const CLAIM = 50
/** A rate at which a claim gets as many as it asks for. */
const NO_LIMIT = 1_000_000
const FEW = 20

async function run({ quick }: BenchOptions): Promise<Figure[]> {
  const many = quick ? 4_000 : 40_000
  const place = await openPlace()
  try {
    const { database } = await emptyDatabase(place, 'fairness')
    try {
      await makeMunicipalities(database, 2300)
      return [...(await waitOfTheFew(database, many)), ...(await costOfClaims(database, many))]
    } finally {
      await database.close()
    }
  } finally {
    await place.close()
  }
}

async function makeMunicipalities(database: Database, count: number): Promise<void> {
  await database.sql`
    insert into municipalities (name, timezone, created_at) select 'Район ' || m, 'Europe/Moscow', now() from generate_series(1, ${count}::int) m`
}

/** Queues so many messages of one municipality, each to a chat of its own. */
function queue(database: Database, municipalityId: number, count: number): Promise<number> {
  const to = Array.from({ length: count }, (_, n) => ({ personId: null, chat: String(municipalityId * 100_000 + n) }))
  const content = { do: 'send', screen: { text: 'Семинар в среду' } } as const
  return database.asSystem((tx) =>
    enqueueBroadcast(tx, { municipalityId, messenger: 'telegram', lane: 'broadcast', reason: 'bench', content, to }),
  )
}

function claim(database: Database, rate = RATE, most = CLAIM) {
  return claimDeliveries(database, { messenger: 'telegram', rate, most, leaseSeconds: 60 })
}

/** Twenty messages of the second municipality, queued after all those of the first. */
async function waitOfTheFew(database: Database, many: number): Promise<Figure[]> {
  await queue(database, 1, many)
  await queue(database, 2, FEW)
  await database.sql`analyze deliveries`
  const began = performance.now()
  let left = FEW
  while (left > 0) {
    const claimed = await claim(database)
    left -= claimed.filter(({ municipalityId }) => municipalityId === 2).length
    await settleDeliveries(
      database,
      claimed.map(({ id, attempts }) => ({
        id,
        attempts,
        state: 'sent' as const,
        messageId: id,
        failure: null,
        uncertain: false,
        notBeforeSeconds: null,
        counts: true,
      })),
    )
  }
  const seconds = (performance.now() - began) / 1000
  const most = FEW / RATE + 5
  await database.sql`truncate deliveries, chat_paces cascade`
  return [
    {
      promise: 'P9',
      what: `the last of ${FEW} behind ${many.toLocaleString('en')} of another municipality, at ${RATE}/s`,
      value: `${seconds.toFixed(2)} s`,
      goal: `≤ ${most.toFixed(1)} s`,
      held: seconds <= most,
    },
  ]
}

/** A claim over the messages of 23 municipalities and of 2,300, beside one that only takes the oldest. */
async function costOfClaims(database: Database, many: number): Promise<Figure[]> {
  const [few, plainFew] = await claimsOver(database, 23, many)
  const [all, plain] = await claimsOver(database, 2300, many)
  const growth = all / few
  const toPlain = all / plain
  return [
    {
      promise: 'P9',
      what: `claim of ${CLAIM} of ${many.toLocaleString('en')}, with 23 and with 2,300 municipalities`,
      value: `${few.toFixed(2)} ms, ${all.toFixed(2)} ms = ${growth.toFixed(2)}`,
      goal: '≤ 1.2',
      held: growth <= 1.2,
    },
    {
      promise: 'P9',
      what: 'claim to a plain one',
      value: `${all.toFixed(2)} ms / ${plain.toFixed(2)} ms = ${toPlain.toFixed(2)} (with 23: ${(few / plainFew).toFixed(2)})`,
      goal: '≤ 1.5',
      held: toPlain <= 1.5,
    },
  ]
}

const ROUNDS = 40

async function claimsOver(database: Database, municipalities: number, many: number): Promise<[number, number]> {
  for (let id = 1; id <= municipalities; id++) await queue(database, id, Math.ceil(many / municipalities))
  await database.sql`vacuum analyze deliveries`
  const ours: number[] = []
  const plain: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(await timed(() => claim(database, NO_LIMIT)))
    plain.push(await timed(() => claimPlainly(database)))
  }
  await database.sql`truncate deliveries, chat_paces cascade`
  return [median(ours), median(plain)]
}

async function timed(work: () => Promise<{ length: number }>): Promise<number> {
  const began = performance.now()
  const { length } = await work()
  if (length !== CLAIM) throw new Error(`${length} were claimed instead of ${CLAIM}`)
  return performance.now() - began
}

/** The oldest, whosever and to whichever chat, without a limit. */
function claimPlainly(database: Database) {
  return database.sql`
    update deliveries set state = 'sending', attempts = attempts + 1, claimed_until = clock_timestamp() + interval '60 seconds'
     where id in (select id from deliveries where state = 'queued' order by lane, turn, id limit ${CLAIM} for update skip locked)
    returning *`
}
