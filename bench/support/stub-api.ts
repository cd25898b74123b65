import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export type SentMessage = { chat: string; atMs: number; refused: boolean }

/**
 * A Bot API that takes everything, as cheaply as can be: the peer's and ours alike. `perSecond` refuses what goes over it in any second, and over one a second and chat;
 * `refuseEvery` each message of that number, once. `file`: what every file that is asked for holds.
 */
export type StubApi = {
  root: string
  calls: number
  refused: number
  sent: SentMessage[]
  answeredTaps: Map<string, number>
  close(): Promise<void>
}

export async function startStubApi(
  options: { delayMs?: number; perSecond?: number; refuseEvery?: number; file?: Uint8Array } = {},
): Promise<StubApi> {
  const last = new Map<string, number>()
  const recent: number[] = []
  let messageId = 0
  const stub: StubApi = { root: '', calls: 0, refused: 0, sent: [], answeredTaps: new Map(), close: async () => {} }

  const mayPass = (chat: string, now: number): boolean => {
    if (options.refuseEvery && (stub.sent.length + 1) % options.refuseEvery === 0) return false
    if (options.perSecond === undefined) return true
    while (recent.length > 0 && now - recent[0]! >= 1000) recent.shift()
    if (recent.length >= options.perSecond || now - (last.get(chat) ?? Number.NEGATIVE_INFINITY) < 950) return false
    recent.push(now)
    last.set(chat, now)
    return true
  }
  const answer = (method: string, body: string): [number, object] => {
    stub.calls += 1
    if (method === 'getMe') return [200, { id: 1, is_bot: true, first_name: 'Совет', username: 'bench_bot' }]
    if (method === 'getFile') return [200, { file_id: 'f', file_unique_id: 'f', file_path: 'photos/file.jpg' }]
    const args = body ? (JSON.parse(body) as { chat_id?: number; callback_query_id?: string }) : {}
    if (method === 'answerCallbackQuery') stub.answeredTaps.set(String(args.callback_query_id), performance.now())
    if (method !== 'sendMessage' && method !== 'editMessageText') return [200, true as unknown as object]
    const now = performance.now()
    const passes = mayPass(String(args.chat_id), now)
    stub.sent.push({ chat: String(args.chat_id), atMs: now, refused: !passes })
    if (passes)
      return [200, { message_id: ++messageId, date: 1, chat: { id: args.chat_id, type: 'private' }, text: '' }]
    stub.refused += 1
    return [429, {}]
  }
  const server = createServer((request, response) => {
    const method = request.url?.split('/').at(-1) ?? ''
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      if (request.url?.startsWith('/file/')) return void response.end(options.file)
      const [status, result] = answer(method, body)
      const json =
        status === 200
          ? JSON.stringify({ ok: true, result })
          : '{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 1","parameters":{"retry_after":1}}'
      const say = () => response.writeHead(status, { 'content-type': 'application/json' }).end(json)
      if (options.delayMs) setTimeout(say, options.delayMs)
      else say()
    })
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  stub.root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  stub.close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return stub
}
