import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { InputProblem } from './kernel/problem.ts'

const address = (protocols: string[]) =>
  z.string().refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol.slice(0, -1)), {
    error: `an address that begins with ${protocols.map((protocol) => `${protocol}://`).join(' or ')}`,
  })

const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.number().min(least).max(most))

const Environment = z.object({
  BOT_TOKEN: z
    .string()
    .regex(/^\d+:[\w-]{30,}$/)
    .optional(),
  TELEGRAM_API_ROOT: address(['http', 'https']).default('https://api.telegram.org'),
  TELEGRAM_PROXY: address(['http', 'https', 'socks5']).optional(),
  DATABASE_URL: address(['postgres', 'postgresql']).optional(),
  DATA_DIR: z.string().default('./.data'),
  PUBLIC_URL: address(['http', 'https']).optional(),
  PORT: wholeNumber(0, 65_535).default(8080),
  HOST: z.string().default('127.0.0.1'),
  TELEGRAM_RATE: wholeNumber(1, 10_000).default(30),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  DEFAULT_LOCALE: z.enum(['ru', 'en']).default('ru'),
  WEBHOOK_SECRET: z
    .string()
    .regex(/^[\w-]{32,256}$/)
    .optional(),
})

/** What each variable should look like, for the person who set it wrong. A secret's value is never repeated. */
const EXPECTED: Record<keyof z.infer<typeof Environment>, string> = {
  BOT_TOKEN: 'the token that @BotFather gave, such as 123456:AbC…',
  TELEGRAM_API_ROOT: 'an http:// or https:// address of a Bot API server',
  TELEGRAM_PROXY: 'an http://, https:// or socks5:// address',
  DATABASE_URL: 'a postgres:// address',
  DATA_DIR: 'a folder',
  PUBLIC_URL: 'the https:// address at which Telegram reaches this program',
  PORT: 'a whole number from 0 to 65535',
  HOST: 'an address of this machine to listen on, such as 127.0.0.1',
  TELEGRAM_RATE: 'a whole number of messages a second, 1 to 10000',
  LOG_LEVEL: 'one of trace, debug, info, warn, error, fatal, silent',
  DEFAULT_LOCALE: 'ru or en',
  WEBHOOK_SECRET: '32 to 256 letters, digits, _ or -',
}

/** Variables that may also be given as a file, by `…_FILE`: how containers and systemd hand over secrets. */
const SECRETS = ['BOT_TOKEN', 'TELEGRAM_PROXY', 'DATABASE_URL', 'WEBHOOK_SECRET']

/** All variables that `readConfig` reads. */
export const VARIABLES: readonly string[] = [...Object.keys(EXPECTED), ...SECRETS.map((name) => `${name}_FILE`)]

/** The environment as the program knows it: one frozen object. Null: not set. `dataDir` is absolute. */
export type Config = Readonly<{
  botToken: string | null
  telegramApiRoot: string
  telegramProxy: string | null
  databaseUrl: string | null
  dataDir: string
  publicUrl: string | null
  port: number
  host: string
  /** Messages a second over all replicas. */
  telegramRate: number
  logLevel: z.infer<typeof Environment>['LOG_LEVEL']
  defaultLocale: 'ru' | 'en'
  webhookSecret: string | null
}>

/**
 * Reads and checks `env`, after the file `.env` of the working folder where there is one (variables already set win over it).
 * An empty value counts as not set; a secret may be given as the name of a file that holds it (`BOT_TOKEN_FILE`). Throws InputProblem that names every wrong variable and what was expected.
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  if (env === process.env && existsSync('.env')) process.loadEnvFile('.env')
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''),
  )
  const { secrets, problems } = secretsInFiles(given)
  const set = { ...given, ...secrets }
  const read = Environment.safeParse(set)
  if (!read.success) problems.push(...describe(read.error, set))
  if (!read.success || problems.length > 0) throw new InputProblem(['Wrong settings:', ...problems].join('\n  '))
  const values = read.data
  return Object.freeze({
    botToken: values.BOT_TOKEN ?? null,
    telegramApiRoot: values.TELEGRAM_API_ROOT,
    telegramProxy: values.TELEGRAM_PROXY ?? null,
    databaseUrl: values.DATABASE_URL ?? null,
    dataDir: resolve(values.DATA_DIR),
    publicUrl: values.PUBLIC_URL?.replace(/\/+$/, '') ?? null,
    port: values.PORT,
    host: values.HOST,
    telegramRate: values.TELEGRAM_RATE,
    logLevel: values.LOG_LEVEL,
    defaultLocale: values.DEFAULT_LOCALE,
    webhookSecret: values.WEBHOOK_SECRET ?? null,
  })
}

type Variables = Record<string, string | undefined>

/** What the files named by `…_FILE` hold, without the line's end, and what is wrong with them. */
function secretsInFiles(given: Variables): { secrets: Variables; problems: string[] } {
  const secrets: Variables = {}
  const problems: string[] = []
  for (const name of SECRETS) {
    const path = given[`${name}_FILE`]
    if (path === undefined) continue
    if (given[name] !== undefined) problems.push(`${name} and ${name}_FILE are both set: expected one of them`)
    else
      try {
        secrets[name] = readFileSync(path, 'utf8').trim()
      } catch (problem) {
        problems.push(`${name}_FILE: «${path}» cannot be read (${(problem as NodeJS.ErrnoException).code})`)
      }
  }
  return { secrets, problems }
}

function describe(error: z.ZodError, set: Variables): string[] {
  const names = [...new Set(error.issues.map((issue) => String(issue.path[0])))] as (keyof typeof EXPECTED)[]
  return names.map((name) => `${name}${SECRETS.includes(name) ? '' : ` is «${set[name]}»`}: expected ${EXPECTED[name]}`)
}

/** The folder of the embedded PostgreSQL's files; null where DATABASE_URL names another. */
export function embeddedFolder({ databaseUrl, dataDir }: Pick<Config, 'databaseUrl' | 'dataDir'>): string | null {
  return databaseUrl ? null : join(dataDir, 'postgres')
}
