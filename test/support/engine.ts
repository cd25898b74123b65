import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type App, type AppOptions, type Features, startApp } from '../../src/app.ts'
import type { AfterCommit, Incoming } from '../../src/bot/incoming.ts'
import { type Config, readConfig } from '../../src/config.ts'
import { rawSql, type Tx } from '../../src/db/database.ts'
import { enqueueDeliveries } from '../../src/db/deliveries.ts'
import type { NewDelivery } from '../../src/delivery/delivery.ts'
import { openLog } from '../../src/log.ts'

const atOnce = { everySeconds: 0, answersAheadSeconds: 0 }
/** A messenger without limits to a chat, as the sandbox of the tests is. */
export const NO_PACE = { private: atOnce, group: atOnce }

/** The settings of a program that runs against `given`, in a folder of its own that `forget` removes. */
export async function settings(given: {
  databaseUrl: string
  token: string
  apiRoot: string
  more?: NodeJS.ProcessEnv
}): Promise<{ config: Config; forget: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'sovet-test-data-'))
  const config = readConfig({
    BOT_TOKEN: given.token,
    TELEGRAM_API_ROOT: given.apiRoot,
    DATABASE_URL: given.databaseUrl,
    DATA_DIR: folder,
    PORT: '0',
    TELEGRAM_RATE: '10000',
    ...given.more,
  })
  return { config, forget: () => rm(folder, { recursive: true, force: true }) }
}

/** A delivery of words to a chat of nobody known. */
export function aDelivery(chat: string | number, text: string, more: Partial<NewDelivery> = {}): NewDelivery {
  return {
    municipalityId: null,
    personId: null,
    messenger: 'telegram',
    chat: String(chat),
    lane: 'answer',
    reason: 'answer',
    content: { do: 'send', screen: { text } },
    ...more,
  }
}

/** What echoes words and counts effects: a row of `effects` for each update that it worked on. */
export function echo(more: Partial<Features> = {}): Features {
  return {
    handle: echoed,
    apology: (incoming) => ({ tapWords: 'Не получилось', delivery: aDelivery(incoming.chat, 'Не получилось') }),
    ...more,
  }
}

/** One effect and one answer. A tap is answered with its data and shows how often it was pressed. */
export async function echoed(tx: Tx, incoming: Incoming): Promise<AfterCommit> {
  const sql = rawSql(tx)
  await sql`insert into effects (update_id, what) values (${incoming.updateId}, ${incoming.kind})`
  if (incoming.kind === 'text') await enqueueDeliveries(tx, [aDelivery(incoming.chat, incoming.html)])
  if (incoming.kind === 'start') {
    const buttons = [[{ label: 'Готово', action: 'done', tone: 'good' as const }]]
    await enqueueDeliveries(tx, [
      aDelivery(incoming.chat, '', { content: { do: 'send', screen: { text: 'Здравствуйте', buttons } } }),
    ])
  }
  if (incoming.kind !== 'tap') return {}
  const target = { messageId: incoming.messageId }
  await enqueueDeliveries(tx, [
    aDelivery(incoming.chat, '', { content: { do: 'edit', target, screen: { text: `нажато: ${incoming.data}` } } }),
  ])
  return { tapAnswer: { tapId: incoming.tapId, words: 'Отмечено' } }
}

export type EngineOptions = Omit<AppOptions, 'features' | 'config'> & { features?: Partial<Features> }

/** The engine with an echo, silent. */
export async function startEngine(config: Config, options: EngineOptions = {}): Promise<App> {
  const { features, ...rest } = options
  return startApp({ config, features: () => echo(features), log: openLog('silent'), ...rest })
}

/** The table that counts effects. */
export const EFFECTS =
  'create table if not exists effects (id bigserial primary key, update_id bigint, what text, at timestamptz default clock_timestamp())'
