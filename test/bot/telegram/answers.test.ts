import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BotApi, openBotApi } from '../../../src/bot/telegram/api.ts'

const TOKEN = '42:AAA_token_that_no_error_may_name'

describe('an answer that is none of the Bot API’s', () => {
  let api: BotApi
  let answer: (response: ServerResponse) => void
  let asked = 0
  const server = createServer((request, response) => {
    asked += 1
    request.resume().on('end', () => answer(response))
  })
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const apiRoot = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    api = openBotApi({ token: TOKEN, apiRoot, proxy: null, timeoutMs: 2000 })
  })
  afterAll(async () => {
    api.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  const REFUSED = { kind: 'refused', retryAfterSeconds: null, movedTo: null }
  const GARBLED = { kind: 'garbled', cause: 'the answer is not the Bot API’s' }
  const html =
    (status: number, headers = {}) =>
    (response: ServerResponse) =>
      response.writeHead(status, headers).end('<html>Bad gateway</html>')

  it.each<[string, (response: ServerResponse) => void, object]>([
    ['a page of a server in trouble', html(502), { ...REFUSED, code: 502, description: 'Bad Gateway' }],
    [
      'a page of a server in trouble, cut',
      (response) => {
        response.writeHead(502, { 'content-length': 100 }).write('<html>')
        setTimeout(() => response.destroy(), 20)
      },
      { ...REFUSED, code: 502, description: 'Bad Gateway' },
    ],
    ['a page of a proxy', html(200), GARBLED],
    ['JSON that is cut', (response) => response.end('{"ok":true,"result":{"mess'), GARBLED],
    ['JSON of something else', (response) => response.end('null'), GARBLED],
    ['nothing at all', (response) => response.end(), GARBLED],
    ['a redirect, which is not followed', html(302, { location: 'http://127.0.0.1:9/' }), GARBLED],
    ['no end', (response) => void response.write('x'.repeat(17 * 2 ** 20)), GARBLED],
    [
      'a line that breaks in the middle',
      (response) => {
        response.writeHead(200, { 'content-length': 100 }).write('{"ok":')
        setTimeout(() => response.destroy(), 20)
      },
      { kind: 'unknown', cause: 'ECONNRESET' },
    ],
    [
      'silence in the middle',
      (response) => void response.writeHead(200, { 'content-length': 100 }).write('{"ok":'),
      { kind: 'unknown', cause: 'no answer in time' },
    ],
  ])('is told as what it is: %s', async (_, says, failure) => {
    answer = says
    const before = asked
    const told = await api.call('sendMessage', { chat_id: 5, text: 'Здравствуйте' })
    expect(told).toEqual({ ok: false, failure })
    expect(asked).toBe(before + 1)
    expect(JSON.stringify(told)).not.toContain(TOKEN)
  })

  it('of a refusal gives what Telegram says', async () => {
    const parameters = { retry_after: 7, migrate_to_chat_id: -100123 }
    answer = (response) =>
      response.writeHead(429).end(JSON.stringify({ ok: false, error_code: 429, description: 'Too Many', parameters }))
    expect(await api.call('sendMessage', {})).toEqual({
      ok: false,
      failure: { kind: 'refused', code: 429, description: 'Too Many', retryAfterSeconds: 7, movedTo: '-100123' },
    })
  })
})
