import { createServer, type Server } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import type { Message, Update } from '../../src/sandbox/telegram.ts'
import { aSandbox, call, coordinator, head, result } from './people.ts'

let sandbox: Sandbox

beforeEach(async () => {
  sandbox = await aSandbox({ groups: [{ id: -77, title: 'Группа', isForum: false, members: [head.id] }] })
  await sandbox.as(head.id).start()
  await sandbox.as(coordinator.id).start()
  await result(sandbox, 'getUpdates', { offset: -1 })
  const [last] = await result<Update[]>(sandbox, 'getUpdates')
  await result(sandbox, 'getUpdates', { offset: (last?.update_id ?? 0) + 1 })
})
afterEach(() => sandbox.close())

const send = (chat = head.id, text = 'а') => call(sandbox, 'sendMessage', { chat_id: chat, text })
const botMessages = () =>
  sandbox
    .as(head.id)
    .messages()
    .filter(({ from }) => from === 'bot')

describe('a test can make the API', () => {
  it('answer 429 to one chat only, and do nothing', async () => {
    sandbox.faults.next429(7, { chat: head.id })
    expect((await send(coordinator.id)).ok).toBe(true)
    expect(await send()).toMatchObject({ error_code: 429, parameters: { retry_after: 7 } })
    expect(botMessages()).toHaveLength(0)
    expect((await send()).ok).toBe(true)
    expect(
      sandbox.calls
        .all('sendMessage')
        .map(({ chatId, outcome, retryAfterSeconds }) => [chatId, outcome, retryAfterSeconds]),
    ).toEqual([
      [coordinator.id, 200, null],
      [head.id, 429, 7],
      [head.id, 200, null],
    ])
  })

  it('answer 429 for a time to everybody', async () => {
    sandbox.faults.flood(60)
    expect(await send()).toMatchObject({ error_code: 429, parameters: { retry_after: 60 } })
    expect(await send(coordinator.id)).toMatchObject({ error_code: 429 })
    sandbox.faults.clear()
    expect((await send()).ok).toBe(true)
  })

  it('answer a proxy’s HTML or any other body', async () => {
    sandbox.faults.next(502, '<html><body>Bad Gateway</body></html>')
    const response = await fetch(`${sandbox.apiRoot}/bot${sandbox.token}/sendMessage?chat_id=${head.id}&text=a`)
    expect([response.status, response.headers.get('content-type')]).toEqual([502, 'text/html; charset=utf-8'])
    expect(await response.text()).toContain('Bad Gateway')
    sandbox.faults.next(500, { ok: false, error_code: 500, description: 'Internal Server Error' }, {}, 2)
    expect([(await send()).error_code, (await send()).error_code, (await send()).ok]).toEqual([500, 500, true])
  })

  it.each`
    fault               | taken    | because
    ${'reset'}          | ${false} | ${'the connection is lost before anything is done'}
    ${'cutAfterTaking'} | ${true}  | ${'the message is there, the answer is lost'}
  `('$fault: $because', async ({ fault, taken }) => {
    sandbox.faults[fault as 'reset'](1)
    await expect(send()).rejects.toThrow()
    expect(botMessages()).toHaveLength(taken ? 1 : 0)
    expect(sandbox.calls.all('sendMessage')).toMatchObject([{ outcome: 'cut' }])
    expect((await send()).ok).toBe(true)
  })

  it.each`
    fault                | taken    | because
    ${'hang'}            | ${false} | ${'nothing is done and nothing is answered'}
    ${'hangAfterTaking'} | ${true}  | ${'the message is there, the answer never comes'}
  `('$fault: $because', async ({ fault, taken }) => {
    sandbox.faults[fault as 'hang'](1)
    const hangup = new AbortController()
    const url = `${sandbox.apiRoot}/bot${sandbox.token}/sendMessage?chat_id=${head.id}&text=a`
    const answer = fetch(url, { signal: hangup.signal })
    await sandbox.calls.waitFor(({ outcome }) => outcome === 'hung')
    hangup.abort()
    await expect(answer).rejects.toThrow()
    expect(botMessages()).toHaveLength(taken ? 1 : 0)
    expect((await send()).ok).toBe(true)
  })

  it('forget its token', async () => {
    sandbox.faults.revokeToken()
    expect(await send()).toMatchObject({ error_code: 401, description: 'Unauthorized' })
    sandbox.faults.clear()
    expect((await send()).ok).toBe(true)
  })

  it('let another poller in: the one that waits is told so', async () => {
    sandbox.calls.clear()
    const waiting = call(sandbox, 'getUpdates', { timeout: 50 })
    await sandbox.calls.waitForStart(({ method }) => method === 'getUpdates')
    sandbox.faults.conflict()
    expect(await waiting).toMatchObject({ error_code: 409 })
    expect(await call(sandbox, 'getUpdates')).toMatchObject({ error_code: 409 })
    expect(await call(sandbox, 'getUpdates')).toMatchObject({ ok: true })
  })

  it('say that a person is gone or unknown', async () => {
    sandbox.faults.deactivate(head.id)
    expect(await send()).toMatchObject({ error_code: 403, description: 'Forbidden: user is deactivated' })
    sandbox.faults.forget(coordinator.id)
    expect(await send(coordinator.id)).toMatchObject({ error_code: 400, description: 'Bad Request: chat not found' })
  })

  it('move a group to another id', async () => {
    const id = sandbox.faults.migrate(-77)
    expect(await send(-77)).toMatchObject({ error_code: 400, parameters: { migrate_to_chat_id: id } })
    expect((await send(id)).ok).toBe(true)
    const updates = await result<Update[]>(sandbox, 'getUpdates')
    expect(updates.map(({ message }) => message?.migrate_to_chat_id ?? message?.migrate_from_chat_id)).toEqual([
      id,
      -77,
    ])
  })

  it('let queries and download addresses grow old', async () => {
    await call(sandbox, 'sendMessage', {
      chat_id: head.id,
      text: 'а',
      reply_markup: { inline_keyboard: [[{ text: 'б', callback_data: 'в' }]] },
    })
    const tap = await sandbox.as(head.id).tap(sandbox.as(head.id).last(), 'б')
    sandbox.faults.expireQueries()
    expect((await call(sandbox, 'answerCallbackQuery', { callback_query_id: tap.queryId })).description).toMatch(
      /query is too old/,
    )
    expect(await tap.answered()).toBeNull()

    const file = await sandbox.as(head.id).sendDocument(Buffer.from('план'), 'план.txt')
    const address = async () => {
      const { file_path } = await result<{ file_path: string }>(sandbox, 'getFile', {
        file_id: file.raw.document?.file_id,
      })
      return `${sandbox.apiRoot}/file/bot${sandbox.token}/${file_path}`
    }
    const url = await address()
    sandbox.faults.expireFileLinks()
    expect((await fetch(url)).status).toBe(404)
    expect((await fetch(await address())).status).toBe(200)
    sandbox.faults.next(503, 'busy', { method: 'download' })
    expect((await fetch(url)).status).toBe(503)
  })

  it('deliver updates in another order, numbered in that order', async () => {
    sandbox.faults.holdUpdates()
    await sandbox.as(head.id).send('первое')
    await sandbox.as(head.id).send('второе')
    expect(await result<Update[]>(sandbox, 'getUpdates')).toEqual([])
    sandbox.faults.releaseUpdates((held) => held.toReversed())
    const updates = await result<Update[]>(sandbox, 'getUpdates')
    expect(updates.map(({ message }) => message?.text)).toEqual(['второе', 'первое'])
    expect((updates[1]?.update_id ?? 0) - (updates[0]?.update_id ?? 0)).toBe(1)
  })

  it('deliver an update several times with one number', async () => {
    sandbox.faults.repeatUpdates(1, 3)
    await sandbox.as(head.id).send('раз')
    await sandbox.as(head.id).send('два')
    const updates = await result<Update[]>(sandbox, 'getUpdates')
    expect(updates.map(({ message }) => message?.text)).toEqual(['раз', 'раз', 'раз', 'два'])
    expect(new Set(updates.slice(0, 3).map(({ update_id }) => update_id)).size).toBe(1)
  })
})

describe('getUpdates', () => {
  it('gives updates again until the offset confirms them', async () => {
    await sandbox.as(head.id).send('раз')
    await sandbox.as(head.id).send('два')
    const [first, second] = await result<Update[]>(sandbox, 'getUpdates')
    expect(await result<Update[]>(sandbox, 'getUpdates', { limit: 1 })).toEqual([first])
    expect(await result<Update[]>(sandbox, 'getUpdates', { offset: second?.update_id })).toEqual([second])
    expect(await result<Update[]>(sandbox, 'getUpdates', { offset: (second?.update_id ?? 0) + 1 })).toEqual([])
    expect(sandbox.pendingUpdates).toBe(0)
  })

  it('waits until something happens', async () => {
    const waiting = result<Update[]>(sandbox, 'getUpdates', { timeout: 50 })
    await sandbox.as(head.id).send('раз')
    expect((await waiting).map(({ message }) => message?.text)).toEqual(['раз'])
  })

  it('brings only the kinds that were asked for', async () => {
    const sent = await result<Message>(sandbox, 'sendMessage', { chat_id: head.id, text: 'а' })
    await sandbox.as(head.id).react(sent.message_id, '👍')
    expect(await result<Update[]>(sandbox, 'getUpdates')).toEqual([])
    await result(sandbox, 'getUpdates', { allowed_updates: ['message_reaction'] })
    await sandbox.as(head.id).react(sent.message_id, '✅')
    await sandbox.as(head.id).send('раз')
    const updates = await result<Update[]>(sandbox, 'getUpdates')
    expect(updates).toMatchObject([
      { message_reaction: { old_reaction: [{ emoji: '👍' }], new_reaction: [{ emoji: '✅' }] } },
    ])
  })

  it('and a webhook exclude each other', async () => {
    await result(sandbox, 'setWebhook', { url: 'http://127.0.0.1:9/hook' })
    expect(await call(sandbox, 'getUpdates')).toMatchObject({ error_code: 409 })
    await result(sandbox, 'deleteWebhook')
    expect(await call(sandbox, 'getUpdates')).toMatchObject({ ok: true })
  })
})

describe('a webhook', () => {
  let server: Server
  let received: Update[]
  let answer: (update: Update, headers: NodeJS.Dict<string | string[]>) => { status: number; body?: string }
  let arrived: () => void

  beforeEach(async () => {
    received = []
    arrived = () => {}
    answer = () => ({ status: 200 })
    server = createServer(async (request, response) => {
      const update = JSON.parse(Buffer.concat(await request.toArray()).toString()) as Update
      received.push(update)
      const { status, body } = answer(update, request.headers)
      response.writeHead(status, { 'content-type': 'application/json' }).end(body ?? '')
      arrived()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/hook`
    await result(sandbox, 'setWebhook', { url, secret_token: 'a_secret-1' })
  })
  afterEach(async () => {
    await result(sandbox, 'deleteWebhook')
    server.closeAllConnections()
    server.close()
  })

  const until = (isThere: () => boolean) =>
    new Promise<void>((resolve) => {
      arrived = () => isThere() && resolve()
      arrived()
    })
  const untilReceived = (count: number) => until(() => received.length >= count)
  const texts = () => received.map(({ message }) => message?.text)

  it('carries the secret', async () => {
    let secret: unknown
    answer = (_update, headers) => {
      secret = headers['x-telegram-bot-api-secret-token']
      return { status: 200 }
    }
    await sandbox.as(head.id).send('раз')
    await untilReceived(1)
    expect(secret).toBe('a_secret-1')
  })

  it('is tried again after a failure, while later updates of the chat wait and other chats go on', async () => {
    const isOtherThere = () => texts().includes('другой чат')
    answer = (update) => ({ status: update.message?.chat.id === head.id && !isOtherThere() ? 503 : 200 })
    await sandbox.as(head.id).send('раз')
    await sandbox.as(head.id).send('два')
    await untilReceived(2)
    await sandbox.as(coordinator.id).send('другой чат')
    await until(() => texts().includes('два'))
    const own = texts().filter((text) => text !== 'другой чат')
    expect(own.slice(0, 2)).toEqual(['раз', 'раз'])
    expect(own.slice(-2)).toEqual(['раз', 'два'])
    expect(own.filter((text) => text === 'два')).toHaveLength(1)
    expect(await result(sandbox, 'getWebhookInfo')).toMatchObject({
      last_error_message: expect.stringContaining('503'),
    })
  })

  it('gets copies of an update at the same moment', async () => {
    sandbox.faults.repeatUpdates(1, 3)
    await sandbox.as(head.id).send('раз')
    await untilReceived(3)
    expect(new Set(received.map(({ update_id }) => update_id)).size).toBe(1)
  })

  it('may answer with a call', async () => {
    answer = () => ({
      status: 200,
      body: JSON.stringify({ method: 'sendMessage', chat_id: head.id, text: 'Из ответа' }),
    })
    await sandbox.as(head.id).send('раз')
    await sandbox.as(head.id).waitFor('Из ответа')
  })
})
