import type { Core } from '../core.ts'
import { type Room, userOf } from '../world.ts'

/** Blocks or unblocks the bot and tells it so. */
export function changeStanding(core: Core, room: Room, standing: 'open' | 'blocked'): void {
  const person = core.world.people.get(room.id)
  if (!person) throw new Error('Only a private chat can be blocked')
  const isBlocked = standing === 'blocked'
  room.standing = standing
  core.world.touch(room)
  core.updates.add({
    my_chat_member: {
      chat: room.chat,
      from: userOf(person),
      date: core.world.nowSeconds(),
      old_chat_member: { user: core.world.bot, status: isBlocked ? 'member' : 'kicked' },
      new_chat_member: { user: core.world.bot, status: isBlocked ? 'kicked' : 'member' },
    },
  })
}
