import { createHmac, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { HttpServer } from './server.ts'

export type Webhook = {
  /** Where Telegram sends updates: not guessable, and without the token. */
  path: string
  /** What Telegram says in the header `X-Telegram-Bot-Api-Secret-Token`. */
  secret: string
}

/** The webhook of a bot: the same in all replicas and after each start, and nothing can be read from it. `secret`: the operator's own. */
export function webhookOf(botToken: string, secret: string | null): Webhook {
  const derive = (purpose: string) => createHmac('sha256', botToken).update(`sovet ${purpose}`).digest('base64url')
  return { path: `/telegram/${derive('webhook path').slice(0, 32)}`, secret: secret ?? derive('webhook secret') }
}

const RETRY_AFTER_SECONDS = 1

/**
 * The route that takes Telegram's updates: checks the secret before the body is read, reads at most 1 MiB of bytes, decodes them once, has `accept` commit the update, and only
 * then answers 200. Where that fails: 503, and Telegram comes again. Nothing of the body is logged.
 */
export async function addWebhook(
  server: HttpServer,
  webhook: Webhook,
  accept: (updates: unknown[]) => Promise<void>,
): Promise<void> {
  const expected = Buffer.from(webhook.secret)
  await server.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_, body, done) => done(null, body))
    scope.addContentTypeParser('*', (_, __, done) => done(Object.assign(new Error('not JSON'), { statusCode: 400 })))
    scope.addHook('onRequest', async (request, reply) => {
      const refused = refusalOf(request, expected)
      // The body of a refused request is never read: its connection ends with the answer.
      if (refused !== null)
        return reply.code(refused).headers({ allow: 'POST', connection: 'close' }).send({ error: refused })
    })
    scope.all(webhook.path, async (request, reply) => {
      const update = decode(request.body)
      if (!isUpdate(update)) return reply.code(400).send({ error: 400 })
      try {
        await accept([update])
      } catch (error) {
        request.log.warn({ error }, 'an update could not be kept')
        return reply.code(503).header('retry-after', RETRY_AFTER_SECONDS).send({ error: 503 })
      }
      return reply.code(200).send()
    })
  })
}

/** The status of a request that is refused before its body is read; null for one that may go on. */
function refusalOf(request: FastifyRequest, expected: Buffer): number | null {
  if (request.method !== 'POST') return 405
  const secret = request.headers['x-telegram-bot-api-secret-token']
  if (secret === undefined) return 401
  return isSecret(secret, expected) ? null : 403
}

/** Takes as long for a wrong secret as for the right one. */
function isSecret(given: string | string[] | undefined, expected: Buffer): boolean {
  if (typeof given !== 'string') return false
  const bytes = Buffer.from(given)
  return bytes.length === expected.length && timingSafeEqual(bytes, expected)
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function decode(body: unknown): unknown {
  if (!Buffer.isBuffer(body)) return null
  try {
    return JSON.parse(utf8.decode(body))
  } catch {
    return null
  }
}

function isUpdate(update: unknown): boolean {
  return (
    typeof update === 'object' && update !== null && Number.isSafeInteger((update as { update_id?: unknown }).update_id)
  )
}
