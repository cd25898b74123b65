import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { htmlOf, linksOf } from '../../../src/bot/telegram/entities.ts'
import { addressOf, parseUpdate } from '../../../src/bot/telegram/update.ts'
import { Temporal } from '../../../src/kernel/clock.ts'

const now = Temporal.Instant.from('2026-04-01T06:00:00Z')
const from = { id: 502, is_bot: false, first_name: 'Пётр', last_name: 'Заречный', language_code: 'ru' }
const chat = { id: 502, type: 'private' }
const group = { id: -100123, type: 'supergroup' }
const message = (more: object) => ({
  update_id: 9,
  message: { message_id: 4, date: 1_775_000_000, from, chat, ...more },
})
const file = (id: string, size = 10) => ({ file_id: id, file_unique_id: `u${id}`, file_size: size })

describe('an update as the features see it', () => {
  it.each<[string, object, object]>([
    [
      'words',
      message({ text: 'готово' }),
      {
        kind: 'text',
        text: 'готово',
        html: 'готово',
        edited: false,
        forwarded: false,
        replyTo: null,
        account: '502',
        chat: '502',
        chatKind: 'private',
        displayName: 'Пётр Заречный',
      },
    ],
    ['a reply', message({ text: 'да', reply_to_message: { message_id: 3 } }), { kind: 'text', replyTo: 3 }],
    [
      'words that were changed',
      { update_id: 9, edited_message: { message_id: 4, date: 1, edit_date: 2, from, chat, text: '/start' } },
      { kind: 'text', edited: true },
    ],
    ['words sent on', message({ text: 'семинар', forward_origin: { type: 'user' } }), { forwarded: true }],
    [
      'an invite',
      message({ text: '/start tok_en-1', entities: [{ type: 'bot_command', offset: 0, length: 6 }] }),
      { kind: 'start', token: 'tok_en-1' },
    ],
    [
      'a bare start',
      message({ text: '/start', entities: [{ type: 'bot_command', offset: 0, length: 6 }] }),
      { kind: 'start', token: null },
    ],
    [
      'a command to this bot',
      message({ text: '/Tasks@sovet_bot все', entities: [{ type: 'bot_command', offset: 0, length: 16 }] }),
      { kind: 'command', command: 'tasks', words: 'все' },
    ],
    [
      'the largest size of a photo',
      message({
        photo: [
          { ...file('s'), width: 9, height: 9 },
          { ...file('l'), width: 90, height: 90 },
          { ...file('m'), width: 20, height: 20 },
        ],
        caption: 'зал',
        media_group_id: 'g1',
      }),
      {
        kind: 'file',
        file: { kind: 'photo', messengerFileId: 'l', messengerFileKey: 'ul' },
        caption: 'зал',
        album: 'g1',
      },
    ],
    [
      'a document',
      message({ document: { ...file('d'), file_name: 'приказ.pdf', mime_type: 'application/pdf' } }),
      { kind: 'file', file: { kind: 'document', fileName: 'приказ.pdf', mime: 'application/pdf', size: 10 } },
    ],
    ['a round video', message({ video_note: file('n') }), { kind: 'file', file: { kind: 'video' } }],
    ['a voice note', message({ voice: file('v') }), { kind: 'file', file: { kind: 'voice' } }],
    ['a sound file', message({ audio: file('a') }), { kind: 'file', file: { kind: 'document' } }],
    [
      'their own number',
      message({ contact: { phone_number: '+79001112202', user_id: 502 } }),
      { kind: 'contact', phone: '+79001112202', own: true },
    ],
    [
      'somebody else’s number',
      message({ contact: { phone_number: '+7900', user_id: 7 } }),
      { kind: 'contact', own: false },
    ],
    ['a number of no account', message({ contact: { phone_number: '+7900' } }), { kind: 'contact', own: false }],
    ['a sticker', message({ sticker: {} }), { kind: 'other' }],
    [
      'a topic of a group',
      message({ chat: group, text: 'т', is_topic_message: true, message_thread_id: 5 }),
      { chat: '-100123', chatKind: 'group', threadId: 5, account: '502' },
    ],
    [
      'a press',
      { update_id: 9, callback_query: { id: 'q1', from, message: { message_id: 4, chat, date: 0 }, data: 'done:1' } },
      { kind: 'tap', tapId: 'q1', messageId: 4, data: 'done:1', at: now },
    ],
    [
      'a block',
      { update_id: 9, my_chat_member: { chat, from, date: 1, new_chat_member: { status: 'kicked' } } },
      { kind: 'reachable', reachable: false },
    ],
    [
      'a return',
      { update_id: 9, my_chat_member: { chat, from, date: 1, new_chat_member: { status: 'member' } } },
      { kind: 'reachable', reachable: true },
    ],
  ])('%s', (_, update, expected) => {
    expect(parseUpdate(update, now)).toMatchObject({ updateId: 9, messenger: 'telegram', ...expected })
  })

  it.each<[string, unknown]>([
    ['a channel’s post', message({ chat: { id: -1, type: 'channel' }, text: 'т' })],
    ['a kind we did not ask for', { update_id: 9, poll: {} }],
    ['a press under no message', { update_id: 9, callback_query: { id: 'q', from, data: 'x' } }],
    ['a message of nobody', { update_id: 9, message: { message_id: 1, date: 1, chat, text: 'т' } }],
    ['no update', 'update'],
    ['a broken one', { update_id: 9, message: { text: 7 } }],
  ])('%s does not concern them', (_, update) => {
    expect(parseUpdate(update, now)).toBeNull()
  })

  it('is never a failure, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.object({
          key: fc.constantFrom(
            'update_id',
            'message',
            'chat',
            'id',
            'from',
            'text',
            'entities',
            'callback_query',
            'photo',
            'x',
          ),
        }),
        (raw) => {
          addressOf(raw)
          parseUpdate(raw, now)
        },
      ),
    )
  })
})

describe('the spot of an update, told before it is read', () => {
  const under = message({ text: 'Срок сегодня' }).message
  const replied = { reply_to_message: { message_id: 3 } }
  it.each<[string, object, object | null]>([
    ['words', message({ text: 'готово' }), { account: '502', chat: '502', messageId: null }],
    ['a reply', message({ text: 'готово', ...replied }), { account: '502', chat: '502', messageId: 3 }],
    ['an edited reply', { update_id: 9, edited_message: { ...under, ...replied } }, { account: '502', messageId: 3 }],
    [
      'a tap in a group',
      { update_id: 9, callback_query: { id: 'q', from, data: 'a', message: { ...under, chat: group } } },
      { account: '502', chat: '-100123', messageId: 4 },
    ],
    ['a tap without its message', { update_id: 9, callback_query: { id: 'q', from, data: 'a' } }, null],
    ['a change of membership', { update_id: 9, my_chat_member: { chat, from } }, null],
    ['numbers that are none', message({ from: { id: '502; drop' }, text: 'а' }), null],
  ])('is that of %s', (_, raw, spot) => {
    const told = addressOf(raw)?.spot
    if (spot) expect(told).toMatchObject(spot)
    else expect(told).toBeNull()
  })
})

describe('formatting', () => {
  const e = (type: string, offset: number, length: number, url?: string) => ({
    type,
    offset,
    length,
    ...(url ? { url } : {}),
  })

  it.each<[string, string, ReturnType<typeof e>[], string]>([
    ['is kept', 'Срок сегодня', [e('bold', 5, 7)], 'Срок <b>сегодня</b>'],
    ['lies within formatting', 'абв', [e('bold', 0, 3), e('italic', 1, 1)], '<b>а<i>б</i>в</b>'],
    ['that crosses is untangled', 'абв', [e('bold', 0, 2), e('italic', 1, 2)], '<b>а<i>б</i></b><i>в</i>'],
    ['does not cut a character', '🙂a', [e('bold', 0, 1)], '<b>🙂</b>a'],
    ['out of range is cut', 'аб', [e('bold', 1, 99), e('italic', -5, 2)], 'а<b>б</b>'],
    ['does not let signs through', '<b>&', [], '&lt;b&gt;&amp;'],
    [
      'keeps addresses of the web',
      'сайт',
      [e('text_link', 0, 4, 'https://s.example/?a="b"')],
      '<a href="https://s.example/?a=&quot;b&quot;">сайт</a>',
    ],
    ['and no others', 'он', [e('text_link', 0, 2, 'tg://user?id=1')], 'он'],
  ])('%s', (_, text, entities, html) => {
    expect(htmlOf(text, entities)).toBe(html)
  })

  it('is well-formed, whatever the entities are', () => {
    const entity = fc.record({
      type: fc.constantFrom('bold', 'italic', 'code', 'url'),
      offset: fc.integer({ min: -3, max: 12 }),
      length: fc.integer({ min: -2, max: 12 }),
    })
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 10 }),
        fc.array(entity, { maxLength: 5 }),
        (text, entities) => {
          const html = htmlOf(text, entities)
          const open: string[] = []
          for (const [, closes, name] of html.matchAll(/<(\/?)([a-z]+)>/g)) {
            if (closes) expect(open.pop()).toBe(name)
            else open.push(name!)
          }
          expect(open).toEqual([])
          expect(html.isWellFormed()).toBe(text.isWellFormed())
        },
      ),
    )
  })

  it('gives the addresses, each once', () => {
    const text = 'см. school.example и здесь'
    const entities = [e('url', 4, 14), e('text_link', 21, 5, 'https://x.example'), e('url', 4, 14)]
    expect(linksOf(text, entities)).toEqual(['school.example', 'https://x.example'])
  })
})
