import type { Metrics } from '../metrics.ts'
import type { HttpServer } from './server.ts'

/** What keeps the program from doing its work; empty where nothing does. Codes, not sentences. */
export type Readiness = () => Promise<string[]>

/** `/healthz`: the process lives. `/readyz`: it can work, else 503 with what is missing. `/metrics`: figures in Prometheus' format. */
export function addHealth(server: HttpServer, metrics: Metrics, readiness: Readiness): void {
  server.get('/healthz', async () => ({ ok: true }))
  server.get('/readyz', async (_, reply) => {
    const missing = await readiness()
    return reply.code(missing.length === 0 ? 200 : 503).send({ ok: missing.length === 0, missing })
  })
  server.get('/metrics', async (_, reply) => {
    return reply.header('content-type', metrics.contentType).send(await metrics.page())
  })
}
