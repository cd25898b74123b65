import { type Core, postAsBot } from './core.ts'
import type { PersonInChat } from './people/person.ts'
import { pressingFrom } from './people/pressing.ts'
import { type Seen, seatOf } from './people/seat.ts'
import { forward, sendingFrom } from './people/sending.ts'
import { changeStanding } from './people/standing.ts'
import { watchingFrom } from './people/watching.ts'
import { type SandboxGroup, userOf } from './world.ts'

export type * from './people/person.ts'
export type { Seen } from './people/seat.ts'

/** `personId` in the chat `chatId`. Throws for a person or chat that the sandbox does not have. */
export function personInChat(core: Core, seenBy: Seen, personId: number, chatId: number): PersonInChat {
  const seat = seatOf(core, seenBy, personId, chatId)
  const sending = sendingFrom(seat)
  return {
    person: seat.person,
    chatId,
    get standing() {
      return seat.room.standing
    },
    in: (other) => personInChat(core, seenBy, personId, other),
    ...sending,
    ...pressingFrom(seat, sending),
    ...watchingFrom(seat),
    forward: async (ref, to = personId) => forward(seat, ref, seatOf(core, seenBy, personId, to)),
    async block() {
      if (seat.room.standing !== 'blocked') changeStanding(core, seat.room, 'blocked')
    },
    async unblock() {
      if (seat.room.standing === 'blocked') changeStanding(core, seat.room, 'open')
    },
  }
}

/** A group with the bot in it; where it is new and somebody added the bot, the bot is told. */
export function openGroup(core: Core, group: SandboxGroup): void {
  const isNew = !core.world.rooms.has(group.id)
  const room = core.world.addGroup(group)
  const adder = core.world.people.get(group.addedBy ?? 0)
  if (!isNew || !adder) return
  core.updates.add({
    my_chat_member: {
      chat: room.chat,
      from: userOf(adder),
      date: core.world.nowSeconds(),
      old_chat_member: { user: core.world.bot, status: 'left' },
      new_chat_member: { user: core.world.bot, status: 'administrator' },
    },
  })
}

/** Makes a supergroup of a group, tells of it in both chats, and gives the new id. */
export function migrateGroup(core: Core, groupId: number): number {
  const former = core.world.rooms.get(groupId)
  if (former?.chat.type !== 'group') throw new Error(`The chat ${groupId} is no basic group`)
  const title = former.chat.title ?? ''
  const id = Number(`-100${Math.abs(groupId)}`)
  const room = core.world.addGroup({ id, title, isForum: false, members: [...former.members] })
  core.updates.add({ message: postAsBot(core, former, { migrate_to_chat_id: id }) })
  core.updates.add({ message: postAsBot(core, room, { migrate_from_chat_id: groupId }) })
  former.migratedTo = id
  core.world.touch(former)
  return id
}
