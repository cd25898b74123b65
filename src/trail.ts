import { AsyncLocalStorage } from 'node:async_hooks'

/** What the work under way has queued so far: the numbers under which the log goes on telling of it. */
export type Trail = { deliveries: number[]; jobs: string[] }

const current = new AsyncLocalStorage<Trail>()

/** A broadcast queues thousands: the log tells how many, not which. */
const MOST_NAMED = 20

/** Runs `work`; what it queues, however deep within, is noted in the trail that it is given. */
export function followed<Value>(work: (trail: Trail) => Promise<Value>): Promise<Value> {
  const trail: Trail = { deliveries: [], jobs: [] }
  return current.run(trail, () => work(trail))
}

/** Notes deliveries that the work under way has queued, by their ids. */
export function noteDeliveries(ids: readonly number[]): void {
  current.getStore()?.deliveries.push(...ids)
}

/** Notes a job that the work under way has queued, by its id. */
export function noteJob(id: string): void {
  current.getStore()?.jobs.push(id)
}

/** The fields of a log line that tell of a trail: nothing where nothing was queued, ids of a few, the count of many. */
export function trailFacts(trail: Trail): Record<string, unknown> {
  return { ...factsOf('deliveries', trail.deliveries), ...factsOf('jobs', trail.jobs) }
}

function factsOf(name: string, ids: readonly (number | string)[]): Record<string, unknown> {
  if (ids.length === 0) return {}
  return ids.length > MOST_NAMED ? { [`${name}Count`]: ids.length } : { [name]: ids }
}
