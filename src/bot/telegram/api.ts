import http from 'node:http'
import https from 'node:https'
import type { Readable } from 'node:stream'
import { HttpsProxyAgent } from 'https-proxy-agent'
import { SocksProxyAgent } from 'socks-proxy-agent'
import { Telegram, TelegramError } from 'telegraf'
import { type Result, refuse } from '../../kernel/result.ts'
import type { CallFailure } from './outcome.ts'
import { postJson, uploads } from './post.ts'

/** No call lasts longer: a silent API must not hold a message, let alone an answer. Telegraf itself would wait for 500 s. */
export const CALL_TIMEOUT_MS = 15_000
const CONNECT_TIMEOUT_MS = 8_000
/** Telegram gives out no larger files. */
export const LARGEST_DOWNLOAD = 20 * 1024 * 1024

export type CallResult = { ok: true; result: unknown } | { ok: false; failure: CallFailure }

export type DownloadRefusal =
  | { code: 'too-big' }
  /** Telegram does not know the file (any more). */
  | { code: 'gone' }
  | { code: 'failed'; cause: string }

export type BotApi = {
  /** One call of the Bot API; never throws, never takes longer than `timeoutMs`, ends when `signal` does. Values `{ source, filename }` are uploaded. */
  call(
    method: string,
    payload: Record<string, unknown>,
    options?: { timeoutMs?: number; signal?: AbortSignal },
  ): Promise<CallResult>
  /** The bytes of a file of Telegram's. A link that ran out is asked for anew once. The stream fails where the line breaks or more than 20 MB come. */
  download(fileId: string): Promise<Result<Readable, DownloadRefusal>>
  close(): void
}

export type BotApiOptions = { token: string; apiRoot: string; proxy: string | null; timeoutMs?: number }

/** The one line to Telegram: directly, or through an http, https or socks5 proxy. */
export function openBotApi(options: BotApiOptions): BotApi {
  const agent = agentFor(options.apiRoot, options.proxy)
  const telegram = new Telegram(options.token, { apiRoot: options.apiRoot, agent, webhookReply: false })
  telegram.options.agent = agent // telegraf drops it where the root is http://, a local server or a test
  const timeoutMs = options.timeoutMs ?? CALL_TIMEOUT_MS
  const root = options.apiRoot.replace(/\/+$/, '')
  const call: BotApi['call'] = async (method, payload, { timeoutMs: own = timeoutMs, signal: other } = {}) => {
    try {
      const signal = other ? AbortSignal.any([AbortSignal.timeout(own), other]) : AbortSignal.timeout(own)
      const result = uploads(payload)
        ? await telegram.callApi(method as 'getMe', payload as never, { signal } as never)
        : await postJson(`${root}/bot${options.token}/${method}`, payload, { agent, signal })
      return { ok: true, result }
    } catch (error) {
      return { ok: false, failure: failureOf(error) }
    }
  }
  const linkTo = async (fileId: string): Promise<Result<string, DownloadRefusal>> => {
    const found = await call('getFile', { file_id: fileId })
    if (!found.ok) return refuse(refusalOf(found.failure))
    const path = (found.result as { file_path?: string }).file_path
    if (!path) return refuse({ code: 'gone' })
    return { ok: true, value: `${root}/file/bot${options.token}/${path}` }
  }
  return {
    call,
    async download(fileId) {
      let last: Result<Readable, DownloadRefusal> = refuse({ code: 'gone' })
      for (let attempt = 0; attempt < 2; attempt++) {
        const link = await linkTo(fileId)
        if (!link.ok) return link
        last = await fetchFile(link.value, agent, timeoutMs)
        if (last.ok || last.refusal.code !== 'gone') return last
      }
      return last
    },
    close: () => agent.destroy(),
  }
}

function agentFor(apiRoot: string, proxy: string | null): http.Agent {
  const options = { keepAlive: true, keepAliveMsecs: 10_000 }
  if (proxy?.startsWith('socks')) return new SocksProxyAgent(proxy, options)
  if (proxy) return new HttpsProxyAgent(proxy, options)
  const secure = apiRoot.startsWith('https:')
  const agent = secure ? new https.Agent(options) : new http.Agent(options)
  return withConnectTimeout(agent, secure ? 'secureConnect' : 'connect')
}

/** A server that does not open the door is told from one that took the request and fell silent: the first is surely repeated. */
function withConnectTimeout(agent: http.Agent, opened: 'connect' | 'secureConnect'): http.Agent {
  const create = agent.createConnection.bind(agent)
  agent.createConnection = (options, callback) => {
    const socket = create(options, callback)
    if (!socket) return socket
    const patience = setTimeout(() => {
      socket.destroy(Object.assign(new Error('no connection in time'), { code: 'CONNECT_TIMEOUT' }))
    }, CONNECT_TIMEOUT_MS)
    socket.once(opened, () => clearTimeout(patience))
    socket.once('close', () => clearTimeout(patience))
    return socket
  }
  return agent
}

/** Failures before a byte of the request left this machine. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

/** `error` of the client without its message, which may name the address with the token in it. */
function failureOf(error: unknown): CallFailure {
  if (error instanceof TelegramError) {
    const { error_code, description, parameters } = error.response
    const moved = parameters?.migrate_to_chat_id
    return {
      kind: 'refused',
      code: error_code,
      description: description ?? '',
      retryAfterSeconds: parameters?.retry_after ?? null,
      movedTo: moved === undefined ? null : String(moved),
    }
  }
  const { name, code, type } = error as { name?: string; code?: string; type?: string }
  if (type === 'invalid-json') return { kind: 'garbled', cause: 'the answer is not the Bot API’s' }
  if (code && NOT_SENT.has(code)) return { kind: 'not-sent', cause: code }
  if (name === 'AbortError' || name === 'TimeoutError') return { kind: 'unknown', cause: 'no answer in time' }
  return { kind: 'unknown', cause: code ?? type ?? name ?? 'the line broke' }
}

function refusalOf(failure: CallFailure): DownloadRefusal {
  if (failure.kind !== 'refused') return { code: 'failed', cause: failure.kind }
  if (/file is too big/i.test(failure.description)) return { code: 'too-big' }
  if (failure.code === 400 || failure.code === 404) return { code: 'gone' }
  return { code: 'failed', cause: String(failure.code) }
}

function fetchFile(url: string, agent: http.Agent, timeoutMs: number): Promise<Result<Readable, DownloadRefusal>> {
  const get = url.startsWith('https:') ? https.get : http.get
  return new Promise((resolve) => {
    const request = get(url, { agent }, (response) => {
      if (response.statusCode === 200) return resolve(takeFile(response))
      response.resume()
      const gone = response.statusCode === 404 || response.statusCode === 400 || response.statusCode === 410
      resolve(refuse(gone ? { code: 'gone' } : { code: 'failed', cause: String(response.statusCode) }))
    })
    request.setTimeout(timeoutMs, () =>
      request.destroy(Object.assign(new Error('the file stopped coming'), { code: 'SILENT' })),
    )
    request.on('error', (error: NodeJS.ErrnoException) => {
      resolve(refuse({ code: 'failed', cause: error.code ?? 'the line broke' }))
    })
  })
}

function takeFile(response: http.IncomingMessage): Result<Readable, DownloadRefusal> {
  if (Number(response.headers['content-length'] ?? 0) > LARGEST_DOWNLOAD) {
    response.destroy()
    return refuse({ code: 'too-big' })
  }
  let size = 0
  response.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > LARGEST_DOWNLOAD) response.destroy(new Error('more than 20 MB came'))
  })
  response.pause()
  return { ok: true, value: response }
}
