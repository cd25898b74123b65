import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { aSandbox, call, council, head } from './people.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await aSandbox()
  await sandbox.as(head.id).start()
})
afterAll(() => sandbox.close())

const METHODS = [
  ...[
    'sendMessage',
    'sendPhoto',
    'sendDocument',
    'sendVideo',
    'sendVoice',
    'sendMediaGroup',
    'copyMessage',
    'copyMessages',
  ],
  ...[
    'forwardMessage',
    'forwardMessages',
    'editMessageText',
    'editMessageCaption',
    'editMessageReplyMarkup',
    'editMessageMedia',
  ],
  ...[
    'deleteMessage',
    'deleteMessages',
    'pinChatMessage',
    'unpinChatMessage',
    'answerCallbackQuery',
    'getFile',
    'sendChatAction',
  ],
  ...[
    'setMyCommands',
    'getMyCommands',
    'deleteMyCommands',
    'setChatMenuButton',
    'getChatMenuButton',
    'setMyDescription',
    'getChat',
  ],
  ...['getChatMember', 'setMessageReaction', 'createForumTopic', 'editForumTopic', 'closeForumTopic', 'getWebhookInfo'],
]
const FIELDS = [
  ...[
    'chat_id',
    'from_chat_id',
    'message_id',
    'message_ids',
    'text',
    'caption',
    'entities',
    'caption_entities',
    'parse_mode',
  ],
  ...[
    'reply_markup',
    'reply_parameters',
    'message_thread_id',
    'media',
    'photo',
    'document',
    'commands',
    'scope',
    'reaction',
  ],
  ...['link_preview_options', 'menu_button', 'name', 'file_id', 'callback_query_id', 'action', 'user_id', 'icon_color'],
]

const odd = fc.oneof(
  fc.constantFrom(
    head.id,
    council.id,
    1,
    2,
    3,
    -1,
    0,
    '1',
    'HTML',
    'MarkdownV2',
    '',
    null,
    true,
    [],
    {},
    '[]',
    '{',
    '{}',
    'attach://x',
  ),
  fc.constantFrom<unknown>(
    [{ type: 'bold', offset: 0, length: 1 }],
    [{ type: 'text_link', offset: 0, length: 0, url: 5 }],
    [{ type: 'text_mention', offset: '0', length: 1, user: 'x' }],
    [null],
    [[]],
    [
      { type: 'photo', media: 'x' },
      { type: 'constructor', media: {} },
    ],
    { inline_keyboard: [[{ text: 'а', callback_data: 'б' }], null] },
    { inline_keyboard: [[null]] },
    { keyboard: [[{ text: 1 }]] },
    { keyboard: 'а' },
    { remove_keyboard: true },
    { message_id: 'x' },
    { toString: 0 },
    { type: 'photo', media: null, caption_entities: [1] },
    { type: '__proto__' },
    [{ type: 'emoji', emoji: 1 }],
  ),
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ unit: 'binary' }),
)

it('no call, however odd, breaks the sandbox: it is done or refused', async () => {
  const args = fc.dictionary(fc.constantFrom(...FIELDS), odd, { maxKeys: 6 })
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...METHODS), args, fc.boolean(), async (method, values, isAddressed) => {
      const answer = await call(sandbox, method, isAddressed ? { ...values, chat_id: head.id } : values)
      if (answer.ok) return
      expect({ method, code: answer.error_code, description: answer.description }).toMatchObject({
        code: expect.toSatisfy((code: number) => [400, 403, 404].includes(code)),
      })
    }),
    { numRuns: 1500 },
  )
  expect(sandbox.as(head.id).messages().length).toBeGreaterThan(0)
})
