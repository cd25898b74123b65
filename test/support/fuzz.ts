import { features } from '../../src/bot/features/index.ts'
import { dice } from './dice.ts'

const CODES = features.flatMap((feature) => feature.taps ?? []).map((tap) => tap.code)
const KINDS = [
  'message',
  'edited_message',
  'callback_query',
  'my_chat_member',
  'channel_post',
  'poll',
  'message_reaction',
  '__proto__',
]
const WORDS = [
  'готово',
  'Готово 1, 2',
  '/start',
  '/start AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  '/tasks',
  '/people',
  '/review',
  '<b>',
  '</b>',
  '&',
  '&lt;',
  '[x](tg://user?id=1)',
  '<a href="javascript:1">x</a>',
  '\u202eкто',
  '\ud83d',
  '\udca5\ud83d',
  '\u0000',
  'я'.repeat(5000),
  '💥'.repeat(2100),
  '=HYPERLINK("http://a")',
  "'; drop table tasks; --",
  '{{name}}',
  '$1',
  '%s%n',
  '__proto__',
  '2026-02-30',
  '',
]
const ODD: readonly unknown[] = [
  null,
  undefined,
  true,
  false,
  0,
  -1,
  1.5,
  2 ** 60,
  Number.MAX_VALUE,
  -(2 ** 31),
  '',
  'x',
  [],
  {},
  [[[[]]]],
  { id: null },
  { toString: 1 },
]

/**
 * Updates as an attacker or a broken client might send them, the same for the same seed: those of the messenger's shape with odd words and forged buttons, and such as have parts that are wrong, missing or
 * of another kind. `chats`: who they are said to come from. Numbers of updates begin after `from`.
 */
export function oddUpdates(options: { seed: number; count: number; chats: string[]; from: number }): object[] {
  const chance = dice(options.seed)
  const below = (limit: number) => Math.floor(chance() * limit)
  const pick = <T>(all: readonly T[]): T => all[below(all.length)]!
  const bytes = (most: number) =>
    String.fromCharCode(...Array.from({ length: below(most) }, () => below(2 ** pick([7, 11, 16]))))
  const words = () => (chance() < 0.7 ? pick(WORDS) : bytes(200))
  const part = () =>
    pick([
      String(below(40)),
      below(40).toString(36),
      'zzzzzzzzzz',
      '2026-04-20',
      'money',
      'head',
      'x',
      '',
      '-1',
      words().slice(0, 20),
    ])
  const data = () =>
    chance() < 0.8 ? [pick(CODES), ...Array.from({ length: below(4) }, part)].join(':').slice(0, 64) : bytes(64)
  const file = () => ({
    file_id: words(),
    file_unique_id: words(),
    file_size: pick([1, 20_971_521, -1]),
    width: 1,
    height: 1,
    file_name: words(),
    mime_type: words(),
  })
  const content = () =>
    pick<() => object>([
      () => ({
        text: words(),
        entities: [
          {
            type: pick(['bold', 'bot_command', 'text_link', 'x']),
            offset: below(30) - 5,
            length: below(30) - 5,
            url: words(),
          },
        ],
      }),
      () => ({ text: words() }),
      () => ({ photo: [file(), file()], caption: words(), media_group_id: words() }),
      () => ({ document: file(), caption: words() }),
      () => ({ contact: { phone_number: words(), user_id: below(1000), first_name: words() } }),
      () => ({ sticker: file() }),
      () => ({}),
    ])()
  const update = (number: number): object => {
    const id = Number(pick(options.chats))
    const from = {
      id,
      is_bot: false,
      first_name: words(),
      last_name: words(),
      username: words(),
      language_code: pick(['ru', 'en', 'xx', words()]),
    }
    const chat = pick([
      { id, type: 'private' },
      { id, type: 'private' },
      { id: -id, type: 'supergroup', title: words(), is_forum: true },
    ])
    const message = {
      message_id: below(500),
      date: pick([1_773_000_000, 0, -1, 2 ** 40]),
      from,
      chat,
      ...content(),
      reply_to_message: pick([undefined, { message_id: below(500) }]),
    }
    const kind = chance() < 0.45 ? 'message' : chance() < 0.8 ? 'callback_query' : pick(KINDS)
    const body =
      kind === 'callback_query'
        ? {
            id: `q${number}`,
            from,
            message: { message_id: below(500), date: 1, chat },
            chat_instance: '1',
            data: data(),
          }
        : kind === 'my_chat_member'
          ? {
              from,
              chat,
              date: 1,
              new_chat_member: { status: pick(['kicked', 'member', 'left', words()]), user: from },
            }
          : message
    return { update_id: number, [kind]: body }
  }
  /** One part, somewhere, is something else. */
  const spoilt = (value: object): object => {
    const [key] = [pick(Object.keys(value))]
    const inner = (value as Record<string, unknown>)[key!]
    const isDeep = typeof inner === 'object' && inner !== null && Object.keys(inner).length > 0 && chance() < 0.8
    return { ...value, [key!]: isDeep ? spoilt(inner) : pick(ODD) }
  }
  return Array.from({ length: options.count }, (_, place) => {
    const number = options.from + place + 1
    const whole = update(number)
    return chance() < 0.3 ? { ...spoilt(whole), update_id: number } : whole
  })
}

/** What no text that is shown may hold: a tag that is none of ours, a gap that was not filled, half a character. */
export function flawIn(html: string): string | null {
  const found = /<(?!\/?(?:b|i|u|s|code|pre|a|blockquote)[ >])|&(?!lt;|gt;|amp;|quot;)|undefined|\[object|NaN/.exec(
    html,
  )
  if (found) return found[0]
  return html.isWellFormed() ? null : 'half a character'
}
