import { webhookOf } from '../src/http/webhook.ts'
import { systemClock } from '../src/kernel/clock.ts'
import { prepareExample } from '../src/sandbox/example/municipality.ts'
import { flawIn, oddUpdates } from '../test/support/fuzz.ts'
import type { Bench, BenchOptions, Figure } from './figure.ts'
import { closedLoop } from './support/load.ts'
import { openPlace, type Place, startProgram } from './support/programs.ts'
import { startStubApi } from './support/stub-api.ts'

const TOKEN = '1234567890:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'
const STRANGERS = Array.from({ length: 200 }, (_, n) => String(50_000 + n))

/** S2: odd and forged updates of strangers, by webhook, to the product as it runs. */
export const oddUpdatesBench: Bench = { title: 'Forged and broken updates', run }

async function run({ quick }: BenchOptions): Promise<Figure[]> {
  const count = quick ? 5000 : 100_000
  const api = await startStubApi()
  const place = await openPlace()
  await place.database.asSystem((tx) => prepareExample(tx, systemClock.now()))
  const program = await startProgram('../../src/main.ts', {
    BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: api.root,
    DATABASE_URL: place.url,
    DATA_DIR: place.folder,
    PUBLIC_URL: 'http://127.0.0.1:9',
    PORT: '0',
    TELEGRAM_RATE: '10000',
  })
  try {
    const before = await fingerprint(place)
    const { path, secret } = webhookOf(TOKEN, null)
    const bodies = oddUpdates({ seed: 2, count, chats: STRANGERS, from: 0 }).map((update) => JSON.stringify(update))
    const load = await closedLoop({ url: program.address + path, secret }, bodies, 40)
    await workedOff(place)
    const alive = (await fetch(`${program.address}/readyz`)).status === 200
    const [failed] = await place.database.sql<{ count: number }[]>`
      select count(*)::int as count from inbox where failure is not null`
    const flaws = await flawsShown(place)
    const changed = (await fingerprint(place)) !== before
    return [
      {
        promise: 'S2',
        what: `${count} odd updates of ${STRANGERS.length} strangers`,
        value: `${(count / load.seconds).toFixed(0)}/s`,
      },
      zero('refused by the webhook, which takes all that has a number', load.failures),
      zero('failed', failed!.count),
      zero('the process ended', alive ? 0 : 1),
      zero('effects in the municipality', changed ? 1 : 0),
      zero('texts with something unescaped', flaws),
    ]
  } finally {
    await program.stop()
    await place.close()
    await api.close()
  }
}

function zero(what: string, count: number): Figure {
  return { promise: 'S2', what, value: String(count), goal: '0', held: count === 0 }
}

/** All that the municipality has, but for what was said to strangers. */
async function fingerprint({ database }: Place): Promise<string> {
  const tables = await database.sql<{ name: string }[]>`
    select table_name as name from information_schema.columns where table_schema = 'public' and column_name = 'municipality_id'
       and table_name not in ('deliveries', 'dialogs') order by 1`
  const parts = tables.map(
    ({ name }) => `select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as digest from ${name} t`,
  )
  const rows = await database.sql.unsafe<{ digest: string }[]>(parts.join(' union all '))
  return rows.map((row) => row.digest).join()
}

async function workedOff({ database }: Place): Promise<void> {
  for (;;) {
    const [row] = await database.sql<{ busy: boolean }[]>`
      select exists (select from inbox where state = 'waiting') as busy`
    if (!row?.busy) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function flawsShown({ database }: Place): Promise<number> {
  const rows = await database.sql<{ text: string | null }[]>`select content #>> '{screen,text}' as text from deliveries`
  return rows.filter((row) => flawIn(row.text ?? '') !== null).length
}
