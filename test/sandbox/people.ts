import sharp from 'sharp'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts'
import type { SandboxPerson } from '../../src/sandbox/world.ts'

export const coordinator: SandboxPerson = {
  id: 501,
  firstName: 'Ольга',
  lastName: 'Ветрова',
  username: 'vetrova',
  phone: '+79001112201',
  role: 'координатор',
  colour: '#7b5cd6',
}

export const head: SandboxPerson = {
  id: 502,
  firstName: 'Пётр',
  lastName: 'Заречный',
  phone: '+79001112202',
  role: 'директор школы № 3',
  colour: '#2f9e6e',
}

export const stranger: SandboxPerson = {
  id: 503,
  firstName: 'Иван',
  phone: '+79001112203',
  role: 'посторонний',
  colour: '#c2603c',
}

export const council = { id: -1001234567890, title: 'Совет', isForum: true, members: [501, 502] }

/** A sandbox in memory with the three people and the group; the test closes it. */
export function aSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  return startSandbox({
    botUsername: 'sovet_test_bot',
    people: [coordinator, head, stranger],
    groups: [council],
    dataDir: null,
    limits: { enforce: false },
    webhookPauseMs: 5,
    ...options,
  })
}

export type ApiAnswer = {
  ok: boolean
  result?: unknown
  error_code?: number
  description?: string
  parameters?: { retry_after?: number; migrate_to_chat_id?: number }
}

/** Calls the Bot API as a bot does, with JSON. */
export async function call(sandbox: Sandbox, method: string, args: Record<string, unknown> = {}): Promise<ApiAnswer> {
  const response = await fetch(`${sandbox.apiRoot}/bot${sandbox.token}/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(args),
  })
  return (await response.json()) as ApiAnswer
}

/** The same, for a call that must succeed: gives its result. */
export async function result<Value>(
  sandbox: Sandbox,
  method: string,
  args: Record<string, unknown> = {},
): Promise<Value> {
  const answer = await call(sandbox, method, args)
  if (!answer.ok) throw new Error(answer.description)
  return answer.result as Value
}

/** A small plain photo. */
export function aPhoto(width = 640, height = 480, colour = '#3b82c4'): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: colour } })
    .jpeg()
    .toBuffer()
}
