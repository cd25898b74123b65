import type { ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Instant } from '../kernel/clock.ts'
import type { MovableClock } from './clock.ts'
import type { Core } from './core.ts'
import { pagePerson, pageRoom, pageState } from './page-state.ts'

export type FeedOptions = {
  core: Core
  clock: MovableClock | null
  timeZone: string
  introduction: string
  samples: { name: string; bytes: Buffer }[]
}

/** What a browser may do with anything of the page: nothing from elsewhere is loaded, and nobody frames it. */
export const PAGE_HEADERS = {
  'content-security-policy':
    "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; style-src 'self'; script-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
}

const PULSE_MS = 20_000
const SETTLE_MS = 50

export interface Feed {
  close(): void
  /** Keeps the connection open and tells the page everything from now on. */
  join(request: FastifyRequest, reply: FastifyReply): void
  /** Whether the clock is on its way. */
  isAdvancing(): boolean
  setAdvancing(to: Instant | null): void
}

/** Tells every open page what changes, by server-sent events; each begins with the whole state. */
export function createFeed({ core, clock, timeZone, introduction, samples }: FeedOptions): Feed {
  const listeners = new Set<ServerResponse>()
  let goal: Instant | null = null
  const tell = (event: string, data: unknown) => {
    if (listeners.size === 0) return
    const block = eventBlock(event, data)
    for (const listener of listeners) listener.write(block)
  }
  const clockFacts = () => ({
    now: core.world.clock.now().epochMilliseconds,
    isMovable: clock !== null,
    goal: goal?.epochMilliseconds ?? null,
    timeZone,
  })
  let pending: NodeJS.Timeout | null = null
  /** A bot that starts sets commands for many chats: the page is drawn anew once for all of them. */
  const stateSoon = () => {
    pending ??= setTimeout(() => {
      pending = null
      tell('state', state())
    }, SETTLE_MS)
  }
  const listen = () => {
    const { events } = core.world
    events.on('message', (room, kept) => tell('message', { room: room.id, kept }))
    events.on('deleted', (room, messageId) => tell('deleted', { room: room.id, messageId }))
    events.on('room', (room) => tell('room', pageRoom(core, room)))
    events.on('person', (person) => tell('person', pagePerson(person)))
    events.on('bot', stateSoon)
    core.events.on('answer', (queryId, person, answer) => tell('answer', { queryId, person, answer }))
    core.events.on('action', (room, action) => tell('action', { room: room.id, action }))
    clock?.onMove(() => tell('clock', clockFacts()))
  }
  const state = () => ({
    ...pageState(core),
    clock: clockFacts(),
    introduction,
    samples: samples.map(({ name, bytes }) => ({ name, size: bytes.length })),
  })
  listen()
  const pulse = setInterval(() => tell('clock', clockFacts()), PULSE_MS)
  return {
    join(_request, reply) {
      reply.hijack()
      const response = reply.raw
      response.writeHead(200, { ...PAGE_HEADERS, 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      response.write(eventBlock('state', state()))
      listeners.add(response)
      response.once('close', () => listeners.delete(response))
    },
    close() {
      clearInterval(pulse)
      if (pending) clearTimeout(pending)
    },
    isAdvancing: () => goal !== null,
    setAdvancing(to) {
      goal = to
      tell('clock', clockFacts())
    },
  }
}

function eventBlock(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}
