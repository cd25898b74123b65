import { createServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect, createServer as createTcp, type Server, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type BotApi, openBotApi } from '../../../src/bot/telegram/api.ts'
import { type Sender, telegramSender } from '../../../src/bot/telegram/sender.ts'
import type { ClaimedDelivery } from '../../../src/delivery/decide.ts'
import type { DeliveryContent } from '../../../src/delivery/delivery.ts'
import type { Attachment, Screen } from '../../../src/delivery/screen.ts'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { aPhoto, aSandbox, head } from '../../sandbox/people.ts'

let sandbox: Sandbox
let api: BotApi
let sender: Sender
let photo: Buffer

beforeEach(async () => {
  sandbox = await aSandbox()
  photo = await aPhoto(60, 40)
  api = openBotApi({ token: sandbox.token, apiRoot: sandbox.apiRoot, proxy: null, timeoutMs: 20_000 })
  sender = telegramSender(api, async (_, sha256) => (sha256 === 'known' ? Readable.from(photo) : null))
  await sandbox.as(head.id).start()
})
afterEach(async () => {
  api.close()
  await sandbox.close()
})

const delivery = (content: DeliveryContent, targetMessageId: number | null = null): ClaimedDelivery => ({
  id: 1,
  municipalityId: 7,
  personId: null,
  messenger: 'telegram',
  chat: String(head.id),
  lane: 'answer',
  reason: 'answer',
  content,
  subject: {},
  attempts: 1,
  uncertain: false,
  targetMessageId,
  waitMs: 0,
})
const send = (screen: Screen) => sender.send(delivery({ do: 'send', screen }))
const edit = (messageId: number | null, screen: Screen, sendAnewIfGone = false) =>
  sender.send(delivery({ do: 'edit', target: { messageId: messageId ?? 0 }, screen, sendAnewIfGone }, messageId))
const idOf = (outcome: Awaited<ReturnType<typeof send>>): number => {
  if (outcome.kind !== 'sent' || outcome.messageId === null) throw new Error(`not sent: ${JSON.stringify(outcome)}`)
  return outcome.messageId
}
const file = (kind: Attachment['kind'], more: Partial<Attachment> = {}): Attachment => ({
  kind,
  sha256: 'known',
  fileName: 'зал.jpg',
  mime: 'image/jpeg',
  ...more,
})
const last = () => sandbox.as(head.id).last()

describe('a screen', () => {
  it('is shown with its formatting and coloured buttons', async () => {
    await send({
      text: '<b>Срок</b> &lt;сегодня&gt;',
      buttons: [
        [
          { label: 'Готово', action: 'd', tone: 'good' },
          { label: 'Сайт', url: 'https://a.example/' },
        ],
      ],
    })
    expect(last().text).toBe('Срок <сегодня>')
    const [call] = sandbox.calls.all('sendMessage')
    expect(call?.args.reply_markup).toMatchObject({
      inline_keyboard: [
        [
          { text: 'Готово', callback_data: 'd', style: 'success' },
          { text: 'Сайт', url: 'https://a.example/' },
        ],
      ],
    })
  })

  it.each([
    ['of a school with a name without an end', 'Школа '.repeat(900)],
    ['of emoji', '🏫'.repeat(900)],
    ['cut in the middle of a sign', `${'a'.repeat(20)}\ud83c`],
    ['of nothing', ' '],
  ])('has a button %s that Telegram takes', async (_, label) => {
    const outcome = await send({ text: 'Школы', buttons: [[{ label, action: 'd' }]] })
    expect(outcome.kind).toBe('sent')
    const shown = last()!.buttons[0]![0]!.label
    expect([...shown].length).toBeLessThanOrEqual(100)
    expect(shown.trim()).not.toBe('')
    expect(shown.isWellFormed()).toBe(true)
  })

  it('answers a tap with whole signs', async () => {
    await send({ text: 'Задача', buttons: [[{ label: 'Готово', action: 'd' }]] })
    const tap = await sandbox.as(head.id).tap(last()!, 'Готово')
    await sender.answerTap(tap.queryId, `я${'😀'.repeat(150)}`)
    expect((await tap.answered())?.text).toBe(`я${'😀'.repeat(99)}`)
  })

  it('brings a keyboard that asks for the phone, and takes it away', async () => {
    await send({ text: 'Меню', keyboard: { rows: [[{ label: 'Поделиться номером', asks: 'phone' }]] } })
    expect(sandbox.as(head.id).keyboard()).toEqual([['Поделиться номером']])
    await send({ text: 'Спасибо', keyboard: 'none' })
    expect(sandbox.as(head.id).keyboard()).toEqual([])
  })

  it('with a file is one message; with several an album', async () => {
    await send({ text: 'Отчёт', attachments: [file('photo')], buttons: [[{ label: 'Принять', action: 'a' }]] })
    expect(sandbox.calls.all('sendPhoto')).toHaveLength(1)
    const first = idOf(await send({ text: '', attachments: [file('photo'), file('photo')] }))
    expect(
      sandbox
        .as(head.id)
        .messages()
        .filter((message) => message.id >= first),
    ).toHaveLength(2)
  })

  it('whose file is not kept any more is a failure that no repeat cures', async () => {
    expect(await send({ text: '', attachments: [file('photo', { sha256: 'lost' })] })).toMatchObject({
      kind: 'failed',
      retry: false,
    })
  })

  it('too long for one message is cut, not refused', async () => {
    await send({ text: `<b>${'🙂'.repeat(3000)}</b>` })
    expect(last().text.length).toBeLessThanOrEqual(4096)
    expect(last().text.endsWith('…')).toBe(true)
  })

  it('is pinned when it asks for it', async () => {
    const id = idOf(await send({ text: 'Моя неделя', pinned: true }))
    expect(sandbox.calls.all('pinChatMessage')[0]?.args.message_id).toBe(id)
  })
})

describe('an edit', () => {
  it('changes the message in place; one that changes nothing is as good', async () => {
    const id = idOf(await send({ text: 'один' }))
    expect(await edit(id, { text: 'два' })).toEqual({ kind: 'sent', messageId: id })
    expect(await edit(id, { text: 'два' })).toEqual({ kind: 'sent', messageId: id })
    expect(last().text).toBe('два')
  })

  it('of a message with a file changes its caption', async () => {
    const id = idOf(await send({ text: 'один', attachments: [file('photo')] }))
    expect(await edit(id, { text: 'два' })).toEqual({ kind: 'sent', messageId: id })
    expect(sandbox.calls.all('editMessageCaption')).toHaveLength(1)
  })

  it.each([
    ['is sent anew where that is wanted', true, 'sent'],
    ['is given up else', false, 'failed'],
  ])('of a message that is gone %s', async (_, anew, kind) => {
    expect((await edit(9999, { text: 'снова' }, anew)).kind).toBe(kind)
    expect((await edit(null, { text: 'и снова' }, anew)).kind).toBe(kind)
  })

  it('a removal of what is gone is done already', async () => {
    expect((await sender.send(delivery({ do: 'delete', target: { messageId: 9999 } }, 9999))).kind).toBe('sent')
  })
})

describe('a refusal for too many messages', () => {
  it('is taken for one chat’s; when another chat’s follows while it lasts, for all', async () => {
    sandbox.faults.next429(5, undefined, 2)
    const first = await send({ text: 'а' })
    const second = await sender.send({ ...delivery({ do: 'send', screen: { text: 'б' } }), chat: '501' })
    expect([first, second]).toEqual([
      { kind: 'later', retryAfterSeconds: 5, scope: 'chat' },
      { kind: 'later', retryAfterSeconds: 5, scope: 'all' },
    ])
  })
})

describe('an API that cannot be reached', () => {
  it('has certainly not been told anything', async () => {
    const nobody = openBotApi({ token: sandbox.token, apiRoot: 'http://127.0.0.1:1', proxy: null })
    const outcome = await telegramSender(nobody, async () => null).send(delivery({ do: 'send', screen: { text: 'а' } }))
    expect(outcome).toEqual({ kind: 'failed', cause: 'ECONNREFUSED', retry: true })
    nobody.close()
  })

  it.each<[string, () => void]>([
    ['falls silent', () => sandbox.faults.hang(1)],
    ['breaks the line', () => sandbox.faults.reset(1)],
  ])('that %s leaves the fate unknown, and no token in what is noted', async (_, fail) => {
    const quick = openBotApi({ token: sandbox.token, apiRoot: sandbox.apiRoot, proxy: null, timeoutMs: 100 })
    fail()
    const outcome = await telegramSender(quick, async () => null).send(delivery({ do: 'send', screen: { text: 'а' } }))
    expect(outcome.kind).toBe('uncertain')
    expect(JSON.stringify(outcome)).not.toContain(sandbox.token)
    quick.close()
  })
})

describe('a file of a person', () => {
  it('is downloaded; with a new link where the old one ran out', async () => {
    await sandbox.as(head.id).sendDocument(Buffer.from('приказ'), 'приказ.txt')
    const fileId = await lastFileId()
    const bytes = await api.download(fileId)
    if (!bytes.ok) throw new Error(bytes.refusal.code)
    expect((await buffer(bytes.value)).toString()).toBe('приказ')
    sandbox.faults.next(404, { ok: false, error_code: 404, description: 'Not Found' }, { method: 'download' }, 1)
    expect((await api.download(fileId)).ok).toBe(true)
  })

  it('that is gone is said to be gone', async () => {
    const answer = await api.download('AAAA-unknown')
    expect(answer).toEqual({ ok: false, refusal: { code: 'gone' } })
  })

  async function lastFileId(): Promise<string> {
    const updates = await api.call('getUpdates', {})
    if (!updates.ok) throw new Error('no updates')
    const { message } = (updates.result as { message: { document: { file_id: string } } }[]).at(-1)!
    return message.document.file_id
  }
})

describe('a proxy', () => {
  let servers: { close(done: () => void): unknown }[] = []
  afterEach(async () => {
    await Promise.all(servers.map((server) => new Promise<void>((resolve) => server.close(resolve))))
    servers = []
  })

  /** An HTTP proxy that opens tunnels (CONNECT) and counts them. */
  async function httpProxy(): Promise<{ url: string; tunnels: string[] }> {
    const tunnels: string[] = []
    const server = createServer()
    server.on('connect', (request: IncomingMessage, inner, begun: Buffer) => {
      tunnels.push(request.url ?? '')
      const [host, port] = (request.url ?? '').split(':')
      const outer = connect(Number(port), host, () => {
        inner.write('HTTP/1.1 200 OK\r\n\r\n')
        outer.write(begun)
        outer.pipe(inner)
        inner.pipe(outer)
      })
      inner.on('error', () => outer.destroy())
      inner.on('close', () => outer.destroy())
    })
    return { url: `http://127.0.0.1:${await listening(server)}`, tunnels }
  }

  /** A SOCKS5 proxy without passwords, for addresses in digits and for names. */
  async function socksProxy(): Promise<{ url: string; tunnels: string[] }> {
    const tunnels: string[] = []
    const server = createTcp((inner) => {
      inner.once('data', () => {
        inner.write(Buffer.from([5, 0]))
        inner.once('data', (asked: Buffer) => {
          const host = asked[3] === 1 ? asked.subarray(4, 8).join('.') : asked.subarray(5, 5 + asked[4]!).toString()
          const port = asked.readUInt16BE(asked.length - 2)
          tunnels.push(`${host}:${port}`)
          const outer = connect(port, host, () => {
            inner.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]))
            outer.pipe(inner)
            inner.pipe(outer)
          })
          inner.on('close', () => outer.destroy())
        })
      })
      inner.on('error', () => inner.destroy())
    })
    return { url: `socks5://127.0.0.1:${await listening(server)}`, tunnels }
  }

  async function listening(server: Server | ReturnType<typeof createServer>): Promise<number> {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    servers.push(server)
    return (server.address() as AddressInfo).port
  }

  it.each([
    ['http', httpProxy],
    ['socks5', socksProxy],
  ])('of %s carries calls and files', async (_, open) => {
    const proxy = await open()
    const through = openBotApi({ token: sandbox.token, apiRoot: sandbox.apiRoot, proxy: proxy.url, timeoutMs: 20_000 })
    const sent = (screen: Screen) =>
      telegramSender(through, async () => Readable.from(photo)).send(delivery({ do: 'send', screen }))
    expect((await sent({ text: 'слова' })).kind).toBe('sent')
    expect(last().text).toBe('слова')
    expect((await sent({ text: 'через посредника', attachments: [file('photo')] })).kind).toBe('sent')
    expect(sandbox.calls.all('sendPhoto')).toHaveLength(1)
    expect(new Set(proxy.tunnels)).toEqual(new Set([`127.0.0.1:${sandbox.port}`]))
    through.close()
  })

  it.each(['http', 'socks5'])('of %s that takes the line and says nothing is given up in time', async (kind) => {
    const lines: Socket[] = []
    const silent = createTcp((inner) => void lines.push(inner.on('error', () => {})))
    const port = await listening(silent)
    const proxy = `${kind}://127.0.0.1:${port}`
    const through = openBotApi({ token: sandbox.token, apiRoot: sandbox.apiRoot, proxy, timeoutMs: 200 })
    expect(await through.call('getMe', {})).toEqual({
      ok: false,
      failure: { kind: 'unknown', cause: 'no answer in time' },
    })
    through.close()
    for (const line of lines) line.destroy()
  })

  it('that is not there is no reason to repeat with doubt', async () => {
    const through = openBotApi({
      token: sandbox.token,
      apiRoot: sandbox.apiRoot,
      proxy: 'http://127.0.0.1:1',
      timeoutMs: 5000,
    })
    const outcome = await telegramSender(through, async () => null).send(
      delivery({ do: 'send', screen: { text: 'а' } }),
    )
    expect(outcome).toMatchObject({ kind: 'failed', retry: true })
    through.close()
  })
})
