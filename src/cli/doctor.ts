import { randomUUID } from 'node:crypto'
import { rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type BotApi, openBotApi } from '../bot/telegram/api.ts'
import { type Config, readConfig } from '../config.ts'
import { checkDatabase, type Database } from '../db/database.ts'
import { openMigrations } from '../db/migrate.ts'
import { readStanding, type Standing } from '../db/standing.ts'
import { hasCyrillicFont } from '../documents/write/chart.ts'
import { makeFolder } from '../files/folder.ts'
import { InputProblem } from '../kernel/problem.ts'
import type { Command } from './main.ts'
import { withDatabaseAsItIs } from './open-product.ts'
import { print, readCall } from './options.ts'

/** What was looked at, and what to do where it is not well. */
export type Finding = { what: string; state: 'well' | 'warning' | 'fault'; words: string }

const LEAST_FREE_BYTES = 1024 ** 3
const CLOCK_DRIFT_SECONDS = 5
const CONNECTIONS_SHARE = 0.8
const OLD_UPDATE_SECONDS = 60
const OLD_ANSWER_SECONDS = 60
const OLD_MESSAGE_SECONDS = 600
const OLD_JOB_SECONDS = 600
const OLD_TICK_SECONDS = 300
const WEBHOOK_PENDING = 100
const WEBHOOK_ERROR_SECONDS = 3600

/** `sovet doctor`: looks at settings, disk, database, token, the running program and what is stuck. Changes nothing. Status 1 where something is at fault. */
export const command: Command = {
  summary: 'checks settings, disk, database, clock, token, the running program, and what is stuck',
  run: async (args) => {
    const { values } = readCall(args, { json: { type: 'boolean' } }, 'Usage: sovet doctor [--json]')
    const findings = await examine()
    print(values.json, findings, findings.map(lineOf).join('\n'))
    return findings.some((finding) => finding.state === 'fault') ? 1 : 0
  },
}

const SIGNS = { well: '✓', warning: '!', fault: '✗' } as const

function lineOf(finding: Finding): string {
  return `${SIGNS[finding.state]} ${finding.what}: ${finding.words}`
}

const well = (what: string, words: string): Finding => ({ what, state: 'well', words })
const warning = (what: string, words: string): Finding => ({ what, state: 'warning', words })
const fault = (what: string, words: string): Finding => ({ what, state: 'fault', words })

async function examine(): Promise<Finding[]> {
  const settings = checked('settings', () => readConfig())
  if ('finding' in settings) return [settings.finding]
  const config = settings.value
  return [
    well('settings', config.publicUrl ? 'webhook' : 'long polling'),
    await disk(config),
    ...(await database(config)),
    ...(await messenger(config)),
    ...(config.botToken === null ? [] : [await program(config)]),
    await fonts(),
  ]
}

function checked<Value>(what: string, work: () => Value): { value: Value } | { finding: Finding } {
  try {
    return { value: work() }
  } catch (problem) {
    if (!(problem instanceof InputProblem)) throw problem
    return { finding: fault(what, problem.message) }
  }
}

/** Really writes: a right to write says nothing of a full or a read-only disk. */
async function disk({ dataDir }: Config): Promise<Finding> {
  const trial = join(dataDir, `doctor-${randomUUID()}`)
  try {
    await makeFolder(dataDir, 0o755)
    await writeFile(trial, 'written by sovet doctor')
  } catch (problem) {
    const { code } = problem as NodeJS.ErrnoException
    return fault(
      'disk',
      code === 'ENOSPC'
        ? `${dataDir} is full: make room, old backups first`
        : `nothing can be written in ${dataDir} (${code}): check DATA_DIR and its owner`,
    )
  } finally {
    await rm(trial, { force: true }).catch(() => {})
  }
  const { bavail, bsize } = await statfs(dataDir)
  const free = bavail * bsize
  const words = `${(free / 1024 ** 3).toFixed(1)} GiB free in ${dataDir}`
  return free < LEAST_FREE_BYTES ? warning('disk', `${words}: evidence needs room`) : well('disk', words)
}

// --- the database

async function database(config: Config): Promise<Finding[]> {
  try {
    return await withDatabaseAsItIs(async ({ database: found }) => {
      await checkDatabase(found)
      const tables = await tablesOf(found)
      return [
        await server(config, found),
        await rights(found),
        tables.finding,
        await clock(found),
        await connections(found),
        ...(tables.complete ? stuck(await readStanding(found)) : []),
      ]
    })
  } catch (problem) {
    if (!(problem instanceof InputProblem)) throw problem
    return [fault('database', problem.message)]
  }
}

async function server(config: Config, { sql }: Database): Promise<Finding> {
  const [row] = await sql<{ version: string; type: string }[]>`
    select current_setting('server_version') as version, (select datctype from pg_database where datname = current_database()) as type`
  return well('database', `PostgreSQL ${row?.version}, ${row?.type}${config.databaseUrl ? '' : ', embedded'}`)
}

/** Without the role a start fails; without the right to put triggers aside a backup cannot be put back. */
async function rights({ sql }: Database): Promise<Finding> {
  const [row] = await sql<{ tenant: boolean | null; makes: boolean; restores: boolean }[]>`
    select (select pg_has_role(current_user, oid, 'member') from pg_roles where rolname = 'sovet_tenant') as tenant,
           (select rolsuper or rolcreaterole from pg_roles where rolname = current_user) as makes,
           has_parameter_privilege(current_user, 'session_replication_role', 'set') as restores`
  if (row?.tenant === false)
    return fault('rights', 'as the administrator of the database: grant sovet_tenant to (the user of DATABASE_URL)')
  if (row?.tenant === null && !row.makes)
    return fault(
      'rights',
      'as the administrator of the database: create role sovet_tenant nologin; grant sovet_tenant to (the user of DATABASE_URL)',
    )
  if (!row?.restores)
    return warning(
      'rights',
      'a backup cannot be put back; as the administrator: grant set on parameter session_replication_role to (the user of DATABASE_URL)',
    )
  return well('rights', 'all that are needed')
}

async function tablesOf({ sql }: Database): Promise<{ finding: Finding; complete: boolean }> {
  const open = await openMigrations(sql)
  const [row] = await sql<{ here: boolean }[]>`select to_regclass('public.deliveries') is not null as here`
  const finding =
    open.length === 0
      ? well('tables', 'up to date')
      : warning(
          'tables',
          `${open.length} migrations wait (${open.join(', ')}): sovet migrate, or the next start, applies them`,
        )
  return { finding, complete: open.length === 0 && row?.here === true }
}

async function clock({ sql }: Database): Promise<Finding> {
  const before = Date.now()
  const [row] = await sql<{ seconds: number }[]>`select extract(epoch from clock_timestamp())::float8 as seconds`
  const drift = Math.abs((row?.seconds ?? 0) - (before + Date.now()) / 2000)
  return drift > CLOCK_DRIFT_SECONDS
    ? warning('clock', `this machine and the database differ by ${drift.toFixed(1)} s: set both by NTP`)
    : well('clock', 'agrees with the database')
}

async function connections({ sql }: Database): Promise<Finding> {
  const [row] = await sql<{ used: number; most: number }[]>`
    select (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as used,
           current_setting('max_connections')::int as most`
  const words = `${row?.used} of ${row?.most} in use`
  return (row?.used ?? 0) > (row?.most ?? 0) * CONNECTIONS_SHARE
    ? warning('connections', `${words}: a process of Sovet takes up to 26; raise max_connections or run fewer`)
    : well('connections', words)
}

/** What waits longer than it should, and what was given up. */
function stuck({ inbox, lanes, deadOfDay, jobs }: Standing): Finding[] {
  return [updates(inbox), messages(lanes, deadOfDay), work(jobs)]
}

function updates({ waiting, oldestSeconds, setAside }: Standing['inbox']): Finding {
  if ((oldestSeconds ?? 0) > OLD_UPDATE_SECONDS)
    return fault(
      'updates',
      `the oldest of ${waiting} has waited ${spanOf(oldestSeconds)}: is the program running? see its log`,
    )
  return setAside > 0
    ? warning(
        'updates',
        `${setAside} were set aside after five tries: tell the developers what «sovet updates aside» lists; once it is mended, «sovet updates retry --all» tries them again`,
      )
    : well('updates', `${waiting} wait`)
}

function messages(lanes: Standing['lanes'], deadOfDay: number): Finding {
  const late = lanes
    .filter(
      ({ lane, oldestSeconds }) =>
        (oldestSeconds ?? 0) > (lane === 'answer' ? OLD_ANSWER_SECONDS : OLD_MESSAGE_SECONDS),
    )
    .map(({ lane, oldestSeconds, queued }) => `${lane}: the oldest of ${queued} has waited ${spanOf(oldestSeconds)}`)
  if (late.length > 0)
    return fault('messages', `${late.join('; ')}: is the program running? a broadcast takes its time at TELEGRAM_RATE`)
  return deadOfDay > 0
    ? warning(
        'messages',
        `${deadOfDay} of the last day could not be delivered: «Люди и школы» shows whom they do not reach`,
      )
    : well('messages', `${lanes.reduce((sum, { queued, sending }) => sum + queued + sending, 0)} wait`)
}

function work(jobs: Standing['jobs']): Finding {
  const amiss = jobs.flatMap(({ queue, failed, oldestSeconds }) => [
    ...(failed > 0 ? [`${queue}: ${failed} set aside`] : []),
    ...((oldestSeconds ?? 0) > OLD_JOB_SECONDS ? [`${queue}: due for ${spanOf(oldestSeconds)}`] : []),
  ])
  return amiss.length > 0
    ? warning('jobs', `${amiss.join('; ')}: see «a job failed» in the log`)
    : well('jobs', `${jobs.reduce((sum, { queued }) => sum + queued, 0)} wait`)
}

function spanOf(seconds: number | null): string {
  const minutes = Math.round((seconds ?? 0) / 60)
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`
}

// --- the messenger

async function messenger(config: Config): Promise<Finding[]> {
  if (config.botToken === null) return [warning('token', 'BOT_TOKEN is not set: npm start runs the sandbox')]
  const api = openBotApi({ token: config.botToken, apiRoot: config.telegramApiRoot, proxy: config.telegramProxy })
  try {
    const found = await token(api)
    return found.state === 'well' ? [found, await wayIn(api, config)] : [found]
  } finally {
    api.close()
  }
}

async function token(api: BotApi): Promise<Finding> {
  const me = await api.call('getMe', {})
  if (me.ok) return well('token', `@${(me.result as { username?: string }).username ?? ''}`)
  return me.failure.kind === 'refused'
    ? fault('token', `Telegram refuses BOT_TOKEN (${me.failure.code}): take a new one from @BotFather`)
    : fault('token', 'Telegram cannot be reached: check the line, or set TELEGRAM_PROXY')
}

type WebhookInfo = {
  url?: string
  pending_update_count?: number
  last_error_date?: number
  last_error_message?: string
}

/** How Telegram sees the way to us. The address of the webhook is a secret and is not told. */
async function wayIn(api: BotApi, { publicUrl }: Config): Promise<Finding> {
  const asked = await api.call('getWebhookInfo', {})
  if (!asked.ok) return warning('way in', 'Telegram did not say how it reaches the bot')
  const {
    url = '',
    pending_update_count: pending = 0,
    last_error_date: at,
    last_error_message: error,
  } = asked.result as WebhookInfo
  if (publicUrl === null)
    return url === ''
      ? well('way in', `long polling, ${pending} updates wait at Telegram`)
      : warning(
          'way in',
          'Telegram still has a webhook: the next start removes it; is another program using this token?',
        )
  if (!url.startsWith(`${publicUrl}/`))
    return fault('way in', 'Telegram has no webhook to PUBLIC_URL: start the program, and let no other use this token')
  if (at !== undefined && Date.now() / 1000 - at < WEBHOOK_ERROR_SECONDS)
    return fault(
      'way in',
      `Telegram could not reach PUBLIC_URL within the last hour («${error}»): check certificate, proxy and port`,
    )
  return pending > WEBHOOK_PENDING
    ? warning('way in', `webhook; ${pending} updates wait at Telegram: the program is too slow, or does not run`)
    : well('way in', `webhook, ${pending} updates wait at Telegram`)
}

// --- the running program

/** The program of these settings, where it runs on this machine: whether it can work, and when its ticks last did. */
async function program({ host, port }: Config): Promise<Finding> {
  const root = `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host}:${port}`
  const ask = (path: string) => fetch(root + path, { signal: AbortSignal.timeout(6000) }).catch(() => null)
  const ready = await ask('/readyz')
  if (!ready) return warning('program', `nothing answers at ${root}: it does not run on this machine`)
  const { missing = [] } = (await ready.json().catch(() => ({}))) as { missing?: string[] }
  if (!ready.ok) return fault('program', `it runs but cannot work: ${missing.join(', ') || ready.status}`)
  const page = await (await ask('/metrics'))?.text().catch(() => '')
  const old = oldTicks(page ?? '')
  return old.length === 0
    ? well('program', `runs and can work at ${root}`)
    : fault(
        'program',
        `these ticks have not come to their end for five minutes: ${old.join(', ')}; see «a tick failed» in the log`,
      )
}

function oldTicks(page: string): string[] {
  return [...page.matchAll(/^sovet_tick_last_success_timestamp_seconds\{tick="([^"]+)"\} (\S+)$/gm)]
    .filter(([, , at]) => Date.now() / 1000 - Number(at) > OLD_TICK_SECONDS)
    .map(([, tick]) => tick ?? '')
}

async function fonts(): Promise<Finding> {
  return (await hasCyrillicFont())
    ? well('fonts', 'charts have Cyrillic letters')
    : warning('fonts', 'no font with Cyrillic was found: install fonts-dejavu-core, or charts show boxes')
}
