import { constants } from 'node:fs'
import { access, mkdir, statfs } from 'node:fs/promises'
import { openBotApi } from '../bot/telegram/api.ts'
import { type Config, readConfig } from '../config.ts'
import { hasCyrillicFont } from '../documents/write/chart.ts'
import { InputProblem } from '../kernel/problem.ts'
import type { Command } from './main.ts'
import { withProduct } from './open-product.ts'
import { print, readCall } from './options.ts'

/** What was looked at, and what to do where it is not well. */
export type Finding = { what: string; state: 'well' | 'warning' | 'fault'; words: string }

const LEAST_FREE_BYTES = 1024 ** 3
const CLOCK_DRIFT_SECONDS = 5

/** `sovet doctor`: looks at settings, database, token, clock, disk and fonts. Status 1 where something is at fault. */
export const command: Command = {
  summary: 'checks settings, database, token, clock, disk',
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

async function examine(): Promise<Finding[]> {
  const settings = checked('settings', () => readConfig())
  if ('finding' in settings) return [settings.finding]
  const config = settings.value
  return [
    { what: 'settings', state: 'well', words: config.publicUrl ? 'webhook' : 'long polling' },
    await disk(config),
    ...(await database(config)),
    await token(config),
    await fonts(),
  ]
}

function checked<Value>(what: string, work: () => Value): { value: Value } | { finding: Finding } {
  try {
    return { value: work() }
  } catch (problem) {
    if (!(problem instanceof InputProblem)) throw problem
    return { finding: { what, state: 'fault', words: problem.message } }
  }
}

async function disk({ dataDir }: Config): Promise<Finding> {
  try {
    await mkdir(dataDir, { recursive: true })
    await access(dataDir, constants.W_OK)
  } catch {
    return { what: 'disk', state: 'fault', words: `nothing can be written in ${dataDir}: check DATA_DIR and its owner` }
  }
  const { bavail, bsize } = await statfs(dataDir)
  const free = bavail * bsize
  const words = `${(free / 1024 ** 3).toFixed(1)} GiB free in ${dataDir}`
  return free < LEAST_FREE_BYTES
    ? { what: 'disk', state: 'warning', words: `${words}: evidence needs room` }
    : { what: 'disk', state: 'well', words }
}

async function database(config: Config): Promise<Finding[]> {
  try {
    const [version, drift] = await withProduct(async ({ database: { sql } }) => {
      const before = Date.now()
      const [row] = await sql<
        { version: string; seconds: number }[]
      >`select version(), extract(epoch from now())::float8 as seconds`
      return [
        row?.version.split(' ').slice(0, 2).join(' ') ?? '',
        Math.abs((row?.seconds ?? 0) - (before + Date.now()) / 2000),
      ] as const
    })
    const clock: Finding =
      drift > CLOCK_DRIFT_SECONDS
        ? {
            what: 'clock',
            state: 'warning',
            words: `this machine and the database differ by ${drift.toFixed(1)} s: set both by NTP`,
          }
        : { what: 'clock', state: 'well', words: 'agrees with the database' }
    return [
      {
        what: 'database',
        state: 'well',
        words: `${version}${config.databaseUrl ? '' : ', embedded'}; tables are up to date`,
      },
      clock,
    ]
  } catch (problem) {
    if (!(problem instanceof InputProblem)) throw problem
    return [{ what: 'database', state: 'fault', words: problem.message }]
  }
}

async function token(config: Config): Promise<Finding> {
  if (config.botToken === null)
    return { what: 'token', state: 'warning', words: 'BOT_TOKEN is not set: npm start runs the sandbox' }
  const api = openBotApi({ token: config.botToken, apiRoot: config.telegramApiRoot, proxy: config.telegramProxy })
  try {
    const me = await api.call('getMe', {})
    if (me.ok) return { what: 'token', state: 'well', words: `@${(me.result as { username?: string }).username ?? ''}` }
    if (me.failure.kind === 'refused')
      return {
        what: 'token',
        state: 'fault',
        words: `Telegram refuses BOT_TOKEN (${me.failure.code}): take a new one from @BotFather`,
      }
    return { what: 'token', state: 'fault', words: 'Telegram cannot be reached: check the line, or set TELEGRAM_PROXY' }
  } finally {
    api.close()
  }
}

async function fonts(): Promise<Finding> {
  return (await hasCyrillicFont())
    ? { what: 'fonts', state: 'well', words: 'charts have Cyrillic letters' }
    : {
        what: 'fonts',
        state: 'warning',
        words: 'no font with Cyrillic was found: install fonts-dejavu-core, or charts show boxes',
      }
}
