import type { Message } from '../telegram.ts'
import type { VisibleMessage } from '../visible.ts'
import type { KeptMessage, Room } from '../world.ts'
import type { PersonInChat, Wanted } from './person.ts'
import { idOf, type Seat, see } from './seat.ts'

type Watching = Pick<PersonInChat, 'messages' | 'last' | 'message' | 'waitFor' | 'skipSeen'>

/** What the person at the seat sees. */
export function watchingFrom(seat: Seat): Watching {
  const { room, seen } = seat
  const messages = () => [...room.messages.values()].map((kept) => see(seat, kept))
  return {
    messages,
    last() {
      const last = messages().findLast(({ from }) => from === 'bot')
      if (!last) throw new Error('The bot has written nothing yet')
      return last
    },
    message(ref) {
      const kept = room.messages.get(idOf(ref))
      return kept && see(seat, kept)
    },
    waitFor: (wanted, timeoutMs = 60_000) => waitFor(seat, wanted, timeoutMs),
    skipSeen() {
      for (const kept of room.messages.values()) seen.set(kept.message.message_id, versionOf(kept))
    },
  }
}

/** Whether a text has the words or fits the pattern. */
export function fits(text: string, wanted: string | RegExp): boolean {
  return typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text)
}

async function waitFor(seat: Seat, wanted: Wanted, timeoutMs: number): Promise<VisibleMessage> {
  const endsAt = performance.now() + timeoutMs
  while (true) {
    for (const kept of seat.room.messages.values()) {
      if (!isWanted(seat, kept, wanted)) continue
      seat.seen.set(kept.message.message_id, versionOf(kept))
      return see(seat, kept)
    }
    await nextChange(seat, endsAt - performance.now(), () => missing(seat, wanted, timeoutMs))
  }
}

function isWanted(seat: Seat, kept: KeptMessage, wanted: Wanted): boolean {
  const { message } = kept
  if (message.from.id !== seat.core.world.bot.id) return false
  if (seat.seen.get(message.message_id) === versionOf(kept)) return false
  const visible = see(seat, kept)
  return typeof wanted === 'function' ? wanted(visible) : fits(visible.text, wanted)
}

const versions = new WeakMap<Message, number>()
let lastVersion = 0

/** Each edit makes a new object of the message: its version. */
function versionOf({ message }: KeptMessage): number {
  const known = versions.get(message)
  if (known !== undefined) return known
  versions.set(message, ++lastVersion)
  return lastVersion
}

/** One listener for the whole wait: several messages may come at the same moment. */
function nextChange({ core, room }: Seat, milliseconds: number, why: () => Error): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer)
      core.world.events.off('message', listen)
    }
    const listen = (changed: Room) => {
      if (changed !== room) return
      end()
      resolve()
    }
    const timer = setTimeout(() => {
      end()
      reject(why())
    }, milliseconds)
    core.world.events.on('message', listen)
  })
}

function missing(seat: Seat, wanted: Wanted, timeoutMs: number): Error {
  const there = [...seat.room.messages.values()].slice(-8).map((kept) => see(seat, kept))
  const lines = there.map(({ id, from, text }) => `  ${id} ${from}: ${JSON.stringify(text.slice(0, 200))}`)
  const who = seat.person.firstName
  return new Error(
    `${who} saw no message that fits ${wanted} within ${timeoutMs} ms; the last ones:\n${lines.join('\n')}`,
  )
}
