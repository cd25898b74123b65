import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import type { Log } from '../log.ts'

export type HttpServer = FastifyInstance

/** More routes of the same server: the console, the sandbox's page. */
export type Routes = (server: HttpServer) => void | Promise<void>

export type HttpOptions = {
  log: Log
  /** A request that takes longer to come in is answered 408. */
  requestTimeoutMs?: number
}

const LARGEST_BODY = 1024 * 1024
const REQUEST_TIMEOUT_MS = 10_000

/** The HTTP server, without routes yet: bodies of at most 1 MiB, slow ones cut off, every request with an id of ours. Nothing of a request's body or query is logged. */
export function createHttpServer(options: HttpOptions): HttpServer {
  const requestTimeout = options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS
  const server: HttpServer = fastify({
    bodyLimit: LARGEST_BODY,
    requestTimeout,
    forceCloseConnections: 'idle',
    http: { connectionsCheckingInterval: Math.min(1000, requestTimeout / 2) },
    loggerInstance: options.log.child(
      {},
      { serializers: { req: describeRequest, res: describeReply } },
    ) as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: { caseSensitive: true },
  })
  server.server.headersTimeout = requestTimeout // a longer one would be taken for the time of the whole request
  server.setErrorHandler((error: { statusCode?: number }, request, reply) => {
    const status = error.statusCode && error.statusCode >= 400 ? error.statusCode : 500
    if (status >= 500) request.log.error({ error }, 'a request failed')
    void reply.code(status).send({ error: status })
  })
  server.setNotFoundHandler((_, reply) => reply.code(404).send({ error: 404 }))
  return server
}

function describeRequest(request: { method?: string; id?: unknown }): object {
  return { method: request.method, id: request.id }
}

function describeReply(reply: { statusCode?: number }): object {
  return { status: reply.statusCode }
}
