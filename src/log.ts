import { type DestinationStream, type Logger, pino } from 'pino'

export type Log = Logger

/** Names of whatever must never be in a log, should it ever be handed over: words, names, phones, addresses with a token in them. */
const PERSONAL = new Set([
  'text',
  'html',
  'caption',
  'words',
  'name',
  'displayName',
  'fullName',
  'phone',
  'url',
  'token',
  'payload',
  'content',
  'data',
])

/** The program's log: one JSON a line, fixed sentences, ids for names. `where` replaces the standard output. */
export function openLog(level: string, where?: DestinationStream): Log {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (facts: Record<string, unknown>) => withoutPersonal(facts),
    },
    serializers: { error: describeError, err: describeError },
  }
  return where ? pino(options, where) : pino(options)
}

const DEEPEST = 5

/**
 * `facts` as they may be written: «…» for each personal value, at whatever depth, and for what lies too deep. Pino's own way of doing that copies each line for each name, which made a
 * tenth of a press's garbage.
 */
function withoutPersonal(facts: Record<string, unknown>, depth = 0): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [name, PERSONAL.has(name) ? '…' : within(value, depth + 1)]),
  )
}

function within(value: unknown, depth: number): unknown {
  const isList = Array.isArray(value)
  if (!isList && !isPlain(value)) return value
  if (depth > DEEPEST) return '…'
  return isList ? value.map((one) => within(one, depth + 1)) : withoutPersonal(value, depth)
}

/** An error and its like has a serializer of its own. */
function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const kind: unknown = Object.getPrototypeOf(value)
  return kind === Object.prototype || kind === null
}

/** What a log says of an error: its name, its code and where it came from. Its message may hold somebody's words or a token, and stays out unless it is ours. */
export function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { kind: typeof error, ...codesOf(error) }
  const { code } = error as { code?: unknown }
  const places = placesOf(error)
  const cause = error.cause === undefined ? {} : { cause: describeError(error.cause) }
  const own = error.constructor === Error ? { message: error.message.split('\n')[0]!.slice(0, 200) } : {}
  return { kind: error.name, ...(code === undefined ? {} : { code }), ...own, places, ...cause }
}

/** The job engine hands over failures as plain objects: of them the code and the queue, which are no words of anybody. */
function codesOf(thing: unknown): object {
  const { code, queue } = (thing ?? {}) as { code?: unknown; queue?: unknown }
  return Object.fromEntries(
    Object.entries({ code, queue }).filter(([, value]) => /^[\w-]{1,40}$/.test(String(value ?? ''))),
  )
}

/** Where an error came from: our own lines, which a driver's error has at its end, else the first ones. */
function placesOf(error: Error): string[] {
  const lines = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  const own = lines.filter((line) => line.includes('/src/') && !line.includes('/node_modules/'))
  return (own.length > 0 ? own : lines)
    .slice(0, 6)
    .map((line) => line.trim().replace(/(?:file:\/\/)?\S*\/(src|node_modules)\//, '$1/'))
}
