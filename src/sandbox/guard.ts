import type { FastifyReply, FastifyRequest } from 'fastify'

/**
 * Keeps other web sites out: a name that only pretends to be this machine (DNS rebinding) shows in `Host`, a foreign page in
 * `Origin` or `Sec-Fetch-Site`. The bot and the tests send none of these but the right `Host`.
 */
export function refuseForeign(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  if (isOwnHost(request) && isOwnOrigin(request)) done()
  else reply.code(403).header('content-type', 'text/plain; charset=utf-8').send('Forbidden: not from this machine\n')
}

function isOwnHost(request: FastifyRequest): boolean {
  return isLocal(request.headers.host, request.socket.localPort)
}

function isOwnOrigin(request: FastifyRequest): boolean {
  const { origin, 'sec-fetch-site': site } = request.headers
  const isForeignSite = site !== undefined && site !== 'same-origin' && site !== 'none'
  if (isForeignSite && !isVisit(request)) return false
  return origin === undefined || isLocal(origin.replace(/^http:\/\//, ''), request.socket.localPort)
}

/** A link elsewhere may lead to the page itself, and to nothing that does something. */
function isVisit(request: FastifyRequest): boolean {
  return request.method === 'GET' && request.url === '/' && request.headers['sec-fetch-mode'] === 'navigate'
}

function isLocal(address: string | undefined, port: number | undefined): boolean {
  return address === `127.0.0.1:${port}` || address === `localhost:${port}`
}
