import type { Core } from './core.ts'
import { commandsFor } from './methods/bot.ts'
import type { KeptMessage, Room, SandboxPerson } from './world.ts'

/** How many messages of a chat the page gets at first; earlier ones come when asked for. */
const SHOWN = 150

export type PageRoom = {
  id: number
  chat: Room['chat']
  standing: Room['standing']
  members: number[]
  pinned: number[]
  topics: { id: number; name: string; color: number; isClosed: boolean }[]
  keyboard: Room['keyboard']
  read: Room['read']
  commands: { command: string; description: string }[]
}

/** A chat without its messages, as the page shows it. */
export function pageRoom(core: Core, room: Room): PageRoom {
  return {
    id: room.id,
    chat: room.chat,
    standing: room.standing,
    members: [...room.members],
    pinned: room.pinned,
    topics: [...room.topics].map(([id, { name, iconColor, isClosed }]) => ({ id, name, color: iconColor, isClosed })),
    keyboard: room.keyboard,
    read: room.read,
    commands: commandsFor(core, room.id, room.chat.type === 'private', 'ru'),
  }
}

/** Everything that the page needs to draw itself anew. */
export function pageState(core: Core): Record<string, unknown> {
  const { bot, settings, people, rooms } = core.world
  return {
    bot: { id: bot.id, name: bot.first_name, username: bot.username, description: settings.description },
    people: [...people.values()].map(pagePerson),
    rooms: [...rooms.values()]
      .filter(({ migratedTo }) => migratedTo === null)
      .map((room) => ({ ...pageRoom(core, room), ...lastMessages(room, Number.POSITIVE_INFINITY) })),
  }
}

/** Up to 150 messages before the one with the number `before`, oldest first, and whether there are earlier ones. */
export function lastMessages(room: Room, before: number): { messages: KeptMessage[]; hasEarlier: boolean } {
  const earlier = [...room.messages.values()].filter(({ message }) => message.message_id < before)
  return { messages: earlier.slice(-SHOWN), hasEarlier: earlier.length > SHOWN }
}

/** A person as the page shows them. */
export function pagePerson(person: SandboxPerson): Record<string, unknown> {
  const { id, firstName, lastName, username, phone, role, colour } = person
  return { id, firstName, lastName: lastName ?? '', username: username ?? '', phone, role, colour }
}
