import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Args, integerArg, type Upload } from './args.ts'
import type { ApiCall, CallJournal } from './calls.ts'
import type { Core } from './core.ts'
import type { Fault, FaultDesk } from './faults.ts'
import { MAX_UPLOAD_BYTES } from './methods/attachments.ts'
import { getUpdates } from './methods/bot.ts'
import { methodOf } from './methods/index.ts'
import { ApiRefusal, refusalBody } from './refusal.ts'

export type ApiServerOptions = { core: Core; token: string; calls: CallJournal; desk: FaultDesk }

type ApiRoute = { Params: { token: string; method: string }; Querystring: Record<string, unknown> }
type FileRoute = { Params: { token: string; '*': string } }

const JSON_TYPE = 'application/json'
const UNAUTHORIZED = new ApiRefusal(401, 'Unauthorized')
const NOT_FOUND = new ApiRefusal(404, 'Not Found')

/** What one call of the API comes to: the answer, or nothing because a fault took the connection. */
type Answer = { status: number; body: string; contentType: string } | null

/** Puts the Bot API, `/bot<token>/<method>`, and its downloads, `/file/bot<token>/<path>`, on `server`. */
export function serveApi(server: FastifyInstance, options: ApiServerOptions): void {
  server.route<ApiRoute>({
    method: ['GET', 'POST'],
    url: '/bot:token/:method',
    handler: (request, reply) => answerCall(options, request, reply),
  })
  server.get<FileRoute>('/file/bot:token/*', (request, reply) => answerDownload(options, request, reply))
}

async function answerCall(
  options: ApiServerOptions,
  request: FastifyRequest<ApiRoute>,
  reply: FastifyReply,
): Promise<void> {
  const { token, method } = request.params
  const refusal = tokenRefusal(options, token)
  if (refusal) return send(reply, refusalAnswer(refusal))
  const args = await readArgs(request)
  const call = options.calls.begin(method, chatIdOf(args), journaled(args))
  const { delayMs } = options.desk
  if (delayMs > 0) await pause(delayMs)
  const fault = options.desk.take(method, call.chatId)
  const answer = fault
    ? await answerWithFault(options, call, fault, args, reply)
    : await perform(options, call, args, reply)
  if (answer) send(reply, answer)
}

/** A token is digits, a colon and letters; what does not look like one is an unknown address, as in Telegram. */
function tokenRefusal({ token, desk }: ApiServerOptions, given: string): ApiRefusal | null {
  if (!/^\d+:[\w-]+$/.test(given)) return NOT_FOUND
  return given !== token || desk.isTokenRevoked ? UNAUTHORIZED : null
}

async function answerWithFault(
  options: ApiServerOptions,
  call: ApiCall,
  fault: Fault,
  args: Args,
  reply: FastifyReply,
): Promise<Answer> {
  if (fault.kind === 'answer') {
    options.calls.end(call, fault.status, 'a fault of the sandbox', retryAfterIn(fault))
    return fault
  }
  if (fault.kind.startsWith('take')) await perform(options, call, args, reply)
  const isCut = fault.kind === 'reset' || fault.kind === 'take-and-cut'
  options.calls.end(call, isCut ? 'cut' : 'hung')
  reply.hijack()
  if (isCut) reply.raw.socket?.destroy()
  return null
}

async function perform(options: ApiServerOptions, call: ApiCall, args: Args, reply: FastifyReply): Promise<Answer> {
  const { core, calls } = options
  try {
    const result = await resultOf(core, call.method, args, reply)
    calls.end(call, 200)
    return { status: 200, body: JSON.stringify({ ok: true, result }), contentType: JSON_TYPE }
  } catch (problem) {
    if (!(problem instanceof ApiRefusal)) throw problem
    calls.end(call, problem.status, problem.message, problem.parameters?.retry_after)
    return refusalAnswer(problem)
  }
}

function resultOf(core: Core, name: string, args: Args, reply: FastifyReply): unknown {
  if (name.toLowerCase() === 'getupdates') {
    const poll = getUpdates(core, args)
    reply.raw.once('close', poll.leave)
    return poll.answer
  }
  const method = methodOf(name)
  if (!method) throw NOT_FOUND
  return method(core, args)
}

async function answerDownload(
  { core, token, desk, calls }: ApiServerOptions,
  request: FastifyRequest<FileRoute>,
  reply: FastifyReply,
): Promise<void> {
  const path = request.params['*']
  const refusal = tokenRefusal({ core, token, desk, calls }, request.params.token)
  if (refusal) return send(reply, refusalAnswer(refusal))
  const call = calls.begin('download', null, { path })
  const fault = desk.take('download', null)
  if (fault) {
    const answer = await answerWithFault({ core, token, desk, calls }, call, fault, emptyArgs(), reply)
    if (answer) send(reply, answer)
    return
  }
  const file = core.links.isGranted(path) ? core.files.byPath(path) : undefined
  calls.end(call, file ? 200 : 404)
  if (!file) return send(reply, refusalAnswer(NOT_FOUND))
  reply.header('content-type', 'application/octet-stream').send(await core.files.bytes(file))
}

function send(reply: FastifyReply, answer: Exclude<Answer, null>): void {
  reply.code(answer.status).header('content-type', answer.contentType).send(answer.body)
}

function refusalAnswer(refusal: ApiRefusal): Exclude<Answer, null> {
  return { status: refusal.status, body: refusalBody(refusal), contentType: JSON_TYPE }
}

function retryAfterIn(fault: Fault & { kind: 'answer' }): number | undefined {
  if (fault.status !== 429) return undefined
  return Number(/"retry_after":(\d+)/.exec(fault.body)?.[1] ?? 0) || undefined
}

async function readArgs(request: FastifyRequest<ApiRoute>): Promise<Args> {
  if (request.isMultipart?.()) return readMultipart(request)
  const body = request.body as Record<string, unknown> | undefined | null
  return { values: body ? { ...request.query, ...body } : { ...request.query }, uploads: new Map() }
}

async function readMultipart(request: FastifyRequest): Promise<Args> {
  const values: Record<string, unknown> = {}
  const uploads = new Map<string, Upload>()
  for await (const part of request.parts({ limits: { fileSize: MAX_UPLOAD_BYTES + 1, files: 20, fields: 100 } })) {
    if (part.type === 'field') values[part.fieldname] = part.value
    else uploads.set(part.fieldname, { fileName: part.filename, mimeType: part.mimetype, bytes: await part.toBuffer() })
  }
  return { values, uploads }
}

function emptyArgs(): Args {
  return { values: {}, uploads: new Map() }
}

function chatIdOf(args: Args): number | null {
  return integerArg(args, 'chat_id') ?? null
}

function journaled(args: Args): Record<string, unknown> {
  if (args.uploads.size === 0) return args.values
  const files = [...args.uploads].map(([name, { fileName, bytes }]) => [name, { fileName, size: bytes.length }])
  return { ...args.values, ...Object.fromEntries(files) }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
