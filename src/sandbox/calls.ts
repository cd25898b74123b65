import { EventEmitter } from 'node:events'

/** What became of a call: Telegram's status, or what a fault did to it. */
export type Outcome = number | 'pending' | 'hung' | 'cut'

/** One call of the Bot API as the sandbox saw it. */
export type ApiCall = {
  method: string
  chatId: number | null
  /** Arguments as sent; a file is `{ fileName, size }`. */
  args: Record<string, unknown>
  /** Milliseconds since 1970 by the real clock. */
  startedAtMs: number
  endedAtMs: number | null
  outcome: Outcome
  description: string | null
  retryAfterSeconds: number | null
}

export interface CallJournal {
  begin(method: string, chatId: number | null, args: Record<string, unknown>): ApiCall
  end(call: ApiCall, outcome: Outcome, description?: string, retryAfterSeconds?: number): void
  /** The calls kept, oldest first; of one method when it is named. */
  all(method?: string): ApiCall[]
  /** How many calls there were since the last `clear`, however many are kept. */
  readonly count: number
  clear(): void
  /** The first finished call, kept or coming, that fulfils `predicate`; rejects after `timeoutMs`. */
  waitFor(predicate: (call: ApiCall) => boolean, timeoutMs?: number): Promise<ApiCall>
  /** The same for a call that need not be finished, such as a poll that waits. */
  waitForStart(predicate: (call: ApiCall) => boolean, timeoutMs?: number): Promise<ApiCall>
}

/** Keeps the last `keep` calls or somewhat more. */
export function createCallJournal(keep: number): CallJournal {
  const events = new EventEmitter<{ start: [ApiCall]; end: [ApiCall] }>()
  events.setMaxListeners(0)
  let calls: ApiCall[] = []
  let count = 0
  const comes = (what: 'start' | 'end', predicate: (call: ApiCall) => boolean, timeoutMs: number) => {
    const known = calls.find((call) => (what === 'start' || call.outcome !== 'pending') && predicate(call))
    if (known) return Promise.resolve(known)
    return new Promise<ApiCall>((resolve, reject) => {
      const end = () => {
        clearTimeout(timer)
        events.off(what, listen)
      }
      const listen = (call: ApiCall) => {
        if (!predicate(call)) return
        end()
        resolve(call)
      }
      const timer = setTimeout(() => {
        end()
        reject(new Error(`No such call within ${timeoutMs} ms; the last ones: ${gist(calls)}`))
      }, timeoutMs)
      events.on(what, listen)
    })
  }
  return {
    begin(method, chatId, args) {
      const call: ApiCall = {
        method,
        chatId,
        args,
        startedAtMs: Date.now(),
        endedAtMs: null,
        outcome: 'pending',
        description: null,
        retryAfterSeconds: null,
      }
      count++
      calls.push(call)
      if (calls.length > keep * 2) calls = calls.slice(-keep)
      events.emit('start', call)
      return call
    },
    end(call, outcome, description, retryAfterSeconds) {
      call.endedAtMs = Date.now()
      call.outcome = outcome
      call.description = description ?? null
      call.retryAfterSeconds = retryAfterSeconds ?? null
      events.emit('end', call)
    },
    all: (method) => (method === undefined ? [...calls] : calls.filter((call) => call.method === method)),
    get count() {
      return count
    },
    clear() {
      calls = []
      count = 0
    },
    waitFor: (predicate, timeoutMs = 10_000) => comes('end', predicate, timeoutMs),
    waitForStart: (predicate, timeoutMs = 10_000) => comes('start', predicate, timeoutMs),
  }
}

function gist(calls: ApiCall[]): string {
  return calls
    .slice(-8)
    .map(({ method, outcome }) => `${method} ${outcome}`)
    .join(', ')
}
