import { connect } from 'node:net'
import { Writable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createHttpServer, type HttpServer } from '../../src/http/server.ts'
import { addWebhook, webhookOf } from '../../src/http/webhook.ts'
import { openLog } from '../../src/log.ts'

const token = '123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'
const hook = webhookOf(token, null)
const SECRET = 'x-telegram-bot-api-secret-token'

let server: HttpServer
let url: string
let kept: unknown[]
let failing: Error | null
let logged: string

beforeEach(async () => {
  kept = []
  failing = null
  logged = ''
  const log = openLog(
    'trace',
    new Writable({
      write: (chunk, _, done) => {
        logged += chunk
        done()
      },
    }),
  )
  server = createHttpServer({ log, requestTimeoutMs: 3000 })
  await addWebhook(server, hook, async (updates) => {
    if (failing) throw failing
    kept.push(...updates)
  })
  url = await server.listen({ host: '127.0.0.1', port: 0 })
})
afterEach(() => server.close())

const post = (body: string | Buffer, headers: Record<string, string> = {}) =>
  fetch(url + hook.path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', [SECRET]: hook.secret, ...headers },
    body: body as string,
  })

describe('the webhook', () => {
  it('keeps an update and then says so', async () => {
    expect((await post('{"update_id":1,"message":{"text":"готово"}}')).status).toBe(200)
    expect(kept).toEqual([{ update_id: 1, message: { text: 'готово' } }])
  })

  it('takes letters that lie across two pieces of the body', async () => {
    const bytes = Buffer.from(JSON.stringify({ update_id: 1, text: 'ж'.repeat(50_000) }))
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.write(
      `POST ${hook.path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${SECRET}: ${hook.secret}\r\nContent-Length: ${bytes.length}\r\nConnection: close\r\n\r\n`,
    )
    const middle = bytes.indexOf(Buffer.from('ж')) + 1001
    socket.write(bytes.subarray(0, middle))
    await new Promise((resolve) => setImmediate(resolve))
    socket.end(bytes.subarray(middle))
    for await (const _ of socket);
    expect(kept).toEqual([{ update_id: 1, text: 'ж'.repeat(50_000) }])
  })

  it('is told by Telegram to come again when an update could not be kept', async () => {
    failing = new Error('no database')
    const answer = await post('{"update_id":1}')
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1'])
  })

  it.each<[string, number, () => Promise<Response>]>([
    [
      'no secret',
      401,
      () =>
        fetch(url + hook.path, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{"update_id":1}',
        }),
    ],
    ['a wrong secret', 403, () => post('{"update_id":1}', { [SECRET]: 'x'.repeat(hook.secret.length) })],
    ['a secret of another length', 403, () => post('{"update_id":1}', { [SECRET]: 'x' })],
    ['a wrong secret and a body of 2 MiB', 403, () => post(Buffer.alloc(2 ** 21), { [SECRET]: 'x' })],
    ['GET', 405, () => fetch(url + hook.path, { headers: { [SECRET]: hook.secret } })],
    ['PUT', 405, () => fetch(url + hook.path, { method: 'PUT', headers: { [SECRET]: hook.secret } })],
    ['2 MiB', 413, () => post(Buffer.alloc(2 ** 21, 32))],
    ['broken JSON', 400, () => post('{"update_id":1')],
    ['broken UTF-8', 400, () => post(Buffer.from([0x7b, 0xff, 0x7d]))],
    ['no body', 400, () => post('')],
    ['JSON that is no update', 400, () => post('[1]')],
    ['a number that is none', 400, () => post('{"update_id":"1"}')],
    ['a form', 400, () => post('update_id=1', { 'content-type': 'application/x-www-form-urlencoded' })],
    ['a guessed path', 404, () => fetch(`${url}/telegram/${token}`, { method: 'POST' })],
  ])('answers %s with %i', async (_, status, ask) => {
    const answer = await ask()
    expect(answer.status).toBe(status)
    expect(kept).toEqual([])
  })

  it('does not wait for a slow client: 408', async () => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.write(
      `POST ${hook.path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${SECRET}: ${hook.secret}\r\nContent-Length: 100\r\n\r\n{"upd`,
    )
    let answer = ''
    for await (const chunk of socket) answer += chunk
    expect(answer).toMatch(/^HTTP\/1.1 408/)
  })

  it('writes nothing of a request into the log', async () => {
    failing = new Error('no database')
    await post('{"update_id":1,"message":{"text":"Ветрова +79001112233"}}')
    await post('{"Ветрова')
    await post('{"update_id":1}', { [SECRET]: 'wrong-Ветрова'.replace('Ветрова', 'Vetrova') })
    expect(logged).toContain('could not be kept')
    for (const word of ['Ветрова', 'Vetrova', '+7900', hook.secret, hook.path]) expect(logged).not.toContain(word)
  })

  it('has a path and a secret that do not give the token away and are the same in all replicas', () => {
    expect(webhookOf(token, null)).toEqual(hook)
    expect(webhookOf(`${token}B`, null).path).not.toBe(hook.path)
    expect(hook.path + hook.secret).not.toContain(token.split(':')[1]!.slice(0, 8))
    expect(hook.secret).toMatch(/^[\w-]{32,256}$/)
  })
})
