import type { Message } from '../telegram.ts'
import type { VisibleButton, VisibleMessage } from '../visible.ts'
import type { PersonInChat, Tap } from './person.ts'
import { hideOneTimeKeyboard, keptOf, type Seat, see } from './seat.ts'
import { fits } from './watching.ts'

type Pressing = Pick<PersonInChat, 'tap' | 'forgeTap' | 'press' | 'react' | 'keyboard'>

/** What the person at the seat can press; what a press sends goes through `sending`. */
export function pressingFrom(seat: Seat, sending: Pick<PersonInChat, 'send' | 'shareContact'>): Pressing {
  const keyboard = () => (seat.room.keyboard?.keyboard ?? []).map((row) => row.map(({ text }) => text))
  return {
    keyboard,
    async tap(ref, labelOrData) {
      const { message } = keptOf(seat, ref)
      const { data } = buttonOf(see(seat, { message }), labelOrData)
      if (data === null) throw new Error(`The button «${labelOrData}» opens a link and sends nothing to the bot`)
      return openQuery(seat, message, data)
    },
    forgeTap: async (ref, data) => openQuery(seat, keptOf(seat, ref).message, data),
    async press(label) {
      const button = seat.room.keyboard?.keyboard.flat().find(({ text }) => fits(text, label))
      if (!button) throw new Error(`No button «${label}» at the bottom: ${JSON.stringify(keyboard())}`)
      if (button.request_contact) return sending.shareContact()
      hideOneTimeKeyboard(seat)
      return sending.send(button.text)
    },
    react: async (ref, emoji) => react(seat, keptOf(seat, ref).message.message_id, emoji),
  }
}

function openQuery({ core, user }: Seat, message: Message, data: string): Tap {
  const { query, answered } = core.queries.open(user, message, data)
  core.updates.add({ callback_query: query })
  const words = 'The bot did not answer the pressed button'
  return { queryId: query.id, answered: (timeoutMs = 60_000) => withTimeout(answered, timeoutMs, words) }
}

function buttonOf(message: VisibleMessage, labelOrData: string | RegExp): VisibleButton {
  const all = message.buttons.flat()
  const found =
    all.find(({ label, data }) => label === labelOrData || data === labelOrData) ??
    all.find(({ label }) => fits(label, labelOrData))
  if (found) return found
  throw new Error(`No button «${labelOrData}» under «${message.text}»: ${all.map(({ label }) => label).join(' · ')}`)
}

function withTimeout<Value>(promise: Promise<Value>, milliseconds: number, words: string): Promise<Value> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${words} within ${milliseconds} ms`)), milliseconds)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

function react({ core, room, user }: Seat, messageId: number, emoji: string | null): void {
  const former = room.messages.get(messageId)?.reactions?.[String(user.id)]
  core.world.react(room, messageId, user.id, emoji)
  core.updates.add({
    message_reaction: {
      chat: room.chat,
      message_id: messageId,
      user,
      date: core.world.nowSeconds(),
      old_reaction: former === undefined ? [] : [{ type: 'emoji', emoji: former }],
      new_reaction: emoji === null ? [] : [{ type: 'emoji', emoji }],
    },
  })
}
