import { openBotApi } from '../bot/telegram/api.ts'
import { type Config, embeddedFolder, readConfig } from '../config.ts'
import { reached } from '../db/connection-problem.ts'
import { checkDatabase, type Database, openDatabase, type Tx } from '../db/database.ts'
import { startEmbedded } from '../db/embedded.ts'
import { migrateDatabase } from '../db/migrate.ts'
import { municipalityByName } from '../db/people.ts'
import { municipalities } from '../db/schema/index.ts'
import { InputProblem } from '../kernel/problem.ts'
import { inviteLink } from '../people/invite.ts'
import type { Municipality } from '../people/people.ts'

/** What a command works with; `migrated`: the migrations that were applied for it. */
export type Product = { database: Database; config: Config; url: string; migrated: string[] }

/**
 * Runs `work` on the product's database as the settings say: that of DATABASE_URL, or the embedded one, which is started for the time of the command or
 * shared with a bot that runs on the same DATA_DIR. Brings the tables up to date first. Throws InputProblem where a setting is to blame.
 */
export async function withProduct<Value>(work: (product: Product) => Promise<Value>): Promise<Value> {
  return withDatabaseAsItIs(async (found) => {
    await checkDatabase(found.database)
    const migrated = await reached(migrateDatabase(found.url), embeddedFolder(found.config))
    return work({ ...found, migrated })
  })
}

/** As `withProduct`, but looks at nothing and changes nothing: for whoever wants to know how the database is. */
export async function withDatabaseAsItIs<Value>(
  work: (found: Omit<Product, 'migrated'>) => Promise<Value>,
): Promise<Value> {
  const config = readConfig()
  const folder = embeddedFolder(config)
  const server = folder === null ? null : await startEmbedded(folder)
  try {
    const url = config.databaseUrl ?? server?.url ?? ''
    const database = openDatabase(url, { max: 2 })
    try {
      await reached(database.sql`select 1`, folder)
      return await work({ database, config, url })
    } finally {
      await database.close()
    }
  } finally {
    await server?.stop()
  }
}

/** How links name the bot: as Telegram says where there is a BOT_TOKEN, else by BOT_USERNAME; a placeholder, with an explanation, where neither is set. */
export type BotName = { name: string; explanation: string | null }

/** Finds out the bot's name. Throws InputProblem where BOT_TOKEN is refused, or BOT_USERNAME is no name. */
export async function botName(config: Config): Promise<BotName> {
  if (config.botToken) return { name: await askTelegram(config, config.botToken), explanation: null }
  const given = process.env.BOT_USERNAME?.trim().replace(/^@/, '')
  if (given && !/^\w{5,32}$/.test(given))
    throw new InputProblem(`BOT_USERNAME is «${given}»: expected the bot's name without «@», such as sovet_bot`)
  if (given) return { name: given, explanation: null }
  return {
    name: 'BOT_USERNAME',
    explanation: 'В ссылке вместо BOT_USERNAME подставьте имя бота: команде не заданы ни BOT_TOKEN, ни BOT_USERNAME.',
  }
}

async function askTelegram(config: Config, token: string): Promise<string> {
  const api = openBotApi({ token, apiRoot: config.telegramApiRoot, proxy: config.telegramProxy })
  try {
    const me = await api.call('getMe', {})
    const username = me.ok ? (me.result as { username?: string }).username : undefined
    if (username) return username
    throw new InputProblem(
      'BOT_TOKEN: Telegram did not tell the name of the bot; check the token and the line, or unset BOT_TOKEN and set BOT_USERNAME',
    )
  } finally {
    api.close()
  }
}

/** The personal link of `token`, with what is to be known of it. */
export function linkWords(bot: BotName, token: string): string {
  return [inviteLink(bot.name, token), ...(bot.explanation ? [bot.explanation] : [])].join('\n')
}

/** The municipality of this name or number. Throws InputProblem that names those that there are. */
export async function municipalityTyped(tx: Tx, typed: string): Promise<Municipality> {
  const all = await tx.select().from(municipalities).orderBy(municipalities.id)
  const found = (await municipalityByName(tx, typed)) ?? all.find((one) => String(one.id) === typed)
  if (found) return found
  const known = all.map((one) => `${one.id} «${one.name}»`).join(', ')
  throw new InputProblem(`--municipality: нет муниципалитета «${typed}»; есть: ${known || 'ни одного'}`)
}
