import { type Args, flagArg, integerArg, isRecord, listArg, objectArg, textArg } from '../args.ts'
import type { Core } from '../core.ts'
import { ApiRefusal, badRequest } from '../refusal.ts'
import type { User } from '../telegram.ts'
import type { Poll } from '../updates.ts'
import type { BotCommand } from '../world.ts'

const DOWNLOAD_LIMIT_BYTES = 20 * 1024 * 1024
const LONGEST_POLL_SECONDS = 50
const MAX_ANSWER = 200

/** getMe. */
export function getMe(core: Core): User & Record<string, unknown> {
  return {
    ...core.world.bot,
    can_join_groups: true,
    can_read_all_group_messages: true,
    supports_inline_queries: false,
    can_connect_to_business: false,
    has_main_web_app: false,
  }
}

/** getUpdates; refused while a webhook is set. The poll it gives waits for updates or for the caller to hang up. */
export function getUpdates(core: Core, args: Args): Poll {
  if (core.world.settings.webhook) {
    const words =
      "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
    throw new ApiRefusal(409, words)
  }
  rememberWanted(core, args)
  const limit = Math.min(100, Math.max(1, integerArg(args, 'limit') ?? 100))
  const timeoutSeconds = Math.min(LONGEST_POLL_SECONDS, Math.max(0, integerArg(args, 'timeout') ?? 0))
  return core.updates.poll({ offset: integerArg(args, 'offset') ?? 0, limit, timeoutSeconds })
}

/** setWebhook: https, or http to this machine alone, since the sandbox is never seen from elsewhere. */
export function setWebhook(core: Core, args: Args): true {
  const url = textArg(args, 'url') ?? ''
  if (url === '') return deleteWebhook(core, args)
  const secret = textArg(args, 'secret_token') ?? null
  checkWebhook(url, secret)
  rememberWanted(core, args)
  const maxConnections = Math.min(100, Math.max(1, integerArg(args, 'max_connections') ?? 40))
  core.webhook.stop()
  if (flagArg(args, 'drop_pending_updates')) core.updates.drop()
  core.updates.conflict('Conflict: terminated by setWebhook request')
  core.world.settings.webhook = { url, secret, maxConnections }
  core.world.touchBot()
  core.webhook.start(core.world.settings.webhook)
  return true
}

/** deleteWebhook. */
export function deleteWebhook(core: Core, args: Args): true {
  core.webhook.stop()
  if (flagArg(args, 'drop_pending_updates')) core.updates.drop()
  core.world.settings.webhook = null
  core.world.touchBot()
  return true
}

/** getWebhookInfo. */
export function getWebhookInfo(core: Core): Record<string, unknown> {
  const { webhook, allowedUpdates } = core.world.settings
  const { lastErrorAtSeconds, lastError } = core.webhook.health
  return {
    url: webhook?.url ?? '',
    has_custom_certificate: false,
    pending_update_count: core.updates.size,
    ...(webhook ? { max_connections: webhook.maxConnections } : {}),
    ...(allowedUpdates ? { allowed_updates: allowedUpdates } : {}),
    ...(lastError === null ? {} : { last_error_date: lastErrorAtSeconds, last_error_message: lastError }),
  }
}

/** answerCallbackQuery: once for each query, and in time. */
export function answerCallbackQuery(core: Core, args: Args): true {
  const text = textArg(args, 'text') ?? ''
  if (text.length > MAX_ANSWER) throw badRequest('MESSAGE_TOO_LONG')
  core.queries.answer(textArg(args, 'callback_query_id') ?? '', {
    text: text === '' ? null : text,
    showAlert: flagArg(args, 'show_alert'),
    url: textArg(args, 'url') ?? null,
  })
  return true
}

/** getFile: a download address for an hour, for files up to 20 MB. */
export function getFile(core: Core, args: Args): Record<string, unknown> {
  const file = core.files.byId(textArg(args, 'file_id') ?? '')
  if (!file) throw badRequest('wrong file_id or the file is temporarily unavailable')
  if (file.size > DOWNLOAD_LIMIT_BYTES) throw badRequest('file is too big')
  return {
    file_id: file.id,
    file_unique_id: file.uniqueId,
    file_size: file.size,
    file_path: core.links.grant(file),
  }
}

function checkWebhook(url: string, secret: string | null): void {
  if (!URL.canParse(url)) throw badRequest('bad webhook: Failed to parse URL')
  const { protocol, hostname } = new URL(url)
  const isLocal = protocol === 'http:' && (hostname === '127.0.0.1' || hostname === 'localhost')
  if (protocol !== 'https:' && !isLocal) throw badRequest('bad webhook: An HTTPS URL must be provided for webhook')
  if (secret !== null && secret.length > 256) throw badRequest('secret token is too long')
  if (secret !== null && !/^[A-Za-z0-9_-]+$/.test(secret)) {
    throw badRequest('secret token contains unallowed characters')
  }
}

/** setMyCommands for a scope and a language. */
export function setMyCommands(core: Core, args: Args): true {
  const list = listArg(args, 'commands', 'BotCommand') ?? []
  if (list.length > 100) throw badRequest('BOT_COMMANDS_TOO_MUCH')
  core.world.settings.commands[commandsKeyOf(args)] = list.map(commandFrom)
  core.world.touchBot()
  return true
}

/** getMyCommands of exactly this scope and language. */
export function getMyCommands(core: Core, args: Args): BotCommand[] {
  return core.world.settings.commands[commandsKeyOf(args)] ?? []
}

/** deleteMyCommands of exactly this scope and language. */
export function deleteMyCommands(core: Core, args: Args): true {
  delete core.world.settings.commands[commandsKeyOf(args)]
  core.world.touchBot()
  return true
}

/** The commands that a person sees in a chat: the narrowest scope wins, and within it the person's language. */
export function commandsFor(core: Core, chatId: number, isPrivate: boolean, language: string): BotCommand[] {
  const scopes = [`chat:${chatId}`, isPrivate ? 'all_private_chats:' : 'all_group_chats:', 'default:']
  for (const scope of scopes) {
    for (const key of [`${scope}/${language}`, `${scope}/`]) {
      const commands = core.world.settings.commands[key]
      if (commands) return commands
    }
  }
  return []
}

/** setChatMenuButton, for one chat or for all. */
export function setChatMenuButton(core: Core, args: Args): true {
  const button = objectArg(args, 'menu_button', 'menu button') ?? { type: 'default' }
  core.world.settings.menuButtons[textArg(args, 'chat_id') ?? ''] = button
  core.world.touchBot()
  return true
}

/** getChatMenuButton. */
export function getChatMenuButton(core: Core, args: Args): unknown {
  const { menuButtons } = core.world.settings
  return menuButtons[textArg(args, 'chat_id') ?? ''] ?? menuButtons[''] ?? { type: 'commands' }
}

/** setMyDescription and setMyShortDescription. */
export function setDescription(core: Core, field: 'description' | 'shortDescription', text: string): true {
  core.world.settings[field] = text
  core.world.touchBot()
  return true
}

function commandFrom(value: unknown): BotCommand {
  if (!isRecord(value)) throw badRequest("can't parse BotCommand: expected an Object")
  const command = String(value.command ?? '').replace(/^\//, '')
  const description = String(value.description ?? '').trim()
  if (!/^[a-z0-9_]{1,32}$/.test(command)) throw badRequest('BOT_COMMAND_INVALID')
  if (description === '' || description.length > 256) throw badRequest('BOT_COMMAND_DESCRIPTION_INVALID')
  return { command, description }
}

function commandsKeyOf(args: Args): string {
  const scope = objectArg(args, 'scope', 'bot command scope') ?? {}
  const type = String(scope.type ?? 'default')
  return `${type}:${scope.chat_id ?? ''}/${textArg(args, 'language_code') ?? ''}`
}

function rememberWanted(core: Core, args: Args): void {
  const wanted = listArg(args, 'allowed_updates', 'allowed update types')
  if (wanted === undefined) return
  core.world.settings.allowedUpdates = wanted.map(String)
  core.world.touchBot()
}
