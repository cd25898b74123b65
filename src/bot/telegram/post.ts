import http from 'node:http'
import https from 'node:https'
import { TelegramError } from 'telegraf'

/** No answer of the Bot API to what we ask of it comes near this. */
const LARGEST_ANSWER = 16 * 2 ** 20

/**
 * One call of the Bot API whose payload is nothing but JSON, that is nearly every call. Telegraf's own client follows a redirect to any host, waits out its time for an answer whose line
 * broke, and takes a third more of the processor; the calls that upload something are left to it. Gives the result; throws TelegramError on a refusal, an error of `type` 'invalid-json' on what is no answer of the Bot API (a redirect is none), and the
 * line's own error where it breaks or `signal` ends it. `url` holds the token: no error names it.
 */
export async function postJson(
  url: string,
  payload: Record<string, unknown>,
  { agent, signal }: { agent: http.Agent; signal: AbortSignal },
): Promise<unknown> {
  const body = Buffer.from(JSON.stringify(payload))
  const headers = { 'content-type': 'application/json', 'content-length': body.length, 'accept-encoding': 'identity' }
  const request = url.startsWith('https:') ? https.request : http.request
  signal.throwIfAborted()
  const { promise: answer, resolve, reject } = Promise.withResolvers<string>()
  const givenUp = () => reject(signal.reason) // a request that waits for its line, through a proxy that says nothing, would not tell
  signal.addEventListener('abort', givenUp, { once: true })
  const call = request(url, { method: 'POST', agent, headers, signal }, (response) => {
    response.on('error', reject)
    const { statusCode = 0, statusMessage = '' } = response
    if (statusCode >= 500) {
      response.resume() // whatever page comes with it, whole or not
      return reject(new TelegramError({ error_code: statusCode, description: statusMessage }))
    }
    const chunks: Buffer[] = []
    let size = 0
    response.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > LARGEST_ANSWER) response.destroy(garbled())
      else chunks.push(chunk)
    })
    response.on('end', () => resolve(Buffer.concat(chunks).toString()))
  })
  call.on('error', reject)
  call.end(body)
  try {
    return resultOf(await answer)
  } finally {
    signal.removeEventListener('abort', givenUp)
  }
}

/** Whether a payload holds a file of ours to be sent along: by itself, or among the pieces of an album. */
export function uploads(payload: Record<string, unknown>): boolean {
  return Object.values(payload).some((value) =>
    Array.isArray(value) ? value.some((one) => isUpload((one as { media?: unknown } | null)?.media)) : isUpload(value),
  )
}

function isUpload(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'source' in value
}

function resultOf(body: string): unknown {
  const answer = answerOf(body)
  if (!answer.ok) throw new TelegramError(answer as ConstructorParameters<typeof TelegramError>[0])
  return answer.result
}

function answerOf(body: string): { ok?: unknown; result?: unknown } {
  try {
    const answer: unknown = JSON.parse(body)
    if (typeof answer === 'object' && answer !== null) return answer
  } catch {
    // told below
  }
  throw garbled()
}

function garbled(): Error {
  return Object.assign(new Error('the answer is not the Bot API’s'), { type: 'invalid-json' })
}
