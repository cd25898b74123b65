import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import type { Message } from '../../src/sandbox/telegram.ts'
import { type ApiAnswer, aPhoto, aSandbox, call, coordinator, council, head, result, stranger } from './people.ts'

let sandbox: Sandbox

beforeAll(async () => {
  sandbox = await aSandbox()
  await sandbox.as(head.id).start()
  await sandbox.as(coordinator.id).start()
})
afterAll(() => sandbox.close())

const inline = (...buttons: object[]) => ({ inline_keyboard: [buttons] })

describe('a call is refused in the words of Telegram', () => {
  it.each`
    method                      | args                                                                                                       | code   | description
    ${'sendMessage'}            | ${{ text: 'а' }}                                                                                           | ${400} | ${'Bad Request: chat_id is empty'}
    ${'sendMessage'}            | ${{ chat_id: 999, text: 'а' }}                                                                             | ${400} | ${'Bad Request: chat not found'}
    ${'sendMessage'}            | ${{ chat_id: stranger.id, text: 'а' }}                                                                     | ${403} | ${"Forbidden: bot can't initiate conversation with a user"}
    ${'sendMessage'}            | ${{ chat_id: head.id, text: '' }}                                                                          | ${400} | ${'Bad Request: message text is empty'}
    ${'sendMessage'}            | ${{ chat_id: head.id, text: ' \n ' }}                                                                      | ${400} | ${'Bad Request: message text is empty'}
    ${'sendMessage'}            | ${{ chat_id: head.id, text: 'я'.repeat(4097) }}                                                            | ${400} | ${'Bad Request: message is too long'}
    ${'sendMessage'}            | ${{ chat_id: head.id, text: '<b>а', parse_mode: 'HTML' }}                                                  | ${400} | ${'Bad Request: can\'t parse entities: Can\'t find end tag corresponding to start tag "b"'}
    ${'sendMessage'}            | ${{ chat_id: 999, text: 'а.', parse_mode: 'MarkdownV2' }}                                                  | ${400} | ${"Bad Request: can't parse entities: Character '.' is reserved and must be escaped with the preceding '\\'"}
    ${'sendMessage'}            | ${{ chat_id: head.id, text: 'а', parse_mode: 'BBCode' }}                                                   | ${400} | ${'Bad Request: unsupported parse_mode'}
    ${'sendMessage'}            | ${{ chat_id: head.id, text: 'а', entities: [{ type: 'bold', offset: 0, length: 2 }] }}                     | ${400} | ${'Bad Request: receive an entity with incorrect length 2'}
    ${'sendMessage'}            | ${{ chat_id: head.id, text: '🏟', entities: [{ type: 'bold', offset: 1, length: 1 }] }}                     | ${400} | ${'Bad Request: entity beginning at UTF-16 offset 1 begins in a middle of a UTF-16 symbol'}
    ${'sendMessage'}            | ${{ chat_id: head.id, text: 'а', reply_parameters: { message_id: 9999 } }}                                 | ${400} | ${'Bad Request: message to be replied not found'}
    ${'sendMessage'}            | ${{ chat_id: head.id, text: 'а', reply_markup: inline({ text: 'б', callback_data: 'я'.repeat(33) }) }}     | ${400} | ${'Bad Request: BUTTON_DATA_INVALID'}
    ${'sendMessage'}            | ${{ chat_id: head.id, text: 'а', reply_markup: inline({ text: 'б' }) }}                                    | ${400} | ${"Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"}
    ${'sendMessage'}            | ${{ chat_id: head.id, text: 'а', reply_markup: inline({ callback_data: 'б' }) }}                           | ${400} | ${'Bad Request: can\'t parse inline keyboard button: Can\'t find field "text"'}
    ${'sendMessage'}            | ${{ chat_id: head.id, text: 'а', reply_markup: inline({ text: 'б', url: 'ftp://a.example' }) }}            | ${400} | ${"Bad Request: inline keyboard button URL 'ftp://a.example' is invalid: Unsupported URL protocol"}
    ${'sendMessage'}            | ${{ chat_id: head.id, text: 'а', reply_markup: inline({ text: 'б', callback_data: 'в', style: 'pink' }) }} | ${400} | ${'Bad Request: BUTTON_STYLE_INVALID'}
    ${'sendMessage'}            | ${{ chat_id: head.id, text: 'а', reply_markup: '{"inline' }}                                               | ${400} | ${"Bad Request: can't parse reply markup JSON object"}
    ${'sendMessage'}            | ${{ chat_id: head.id, text: 'а', reply_markup: [] }}                                                       | ${400} | ${'Bad Request: object expected as reply markup'}
    ${'sendMessage'}            | ${{ chat_id: council.id, text: 'а', message_thread_id: 77 }}                                               | ${400} | ${'Bad Request: message thread not found'}
    ${'sendPhoto'}              | ${{ chat_id: head.id }}                                                                                    | ${400} | ${'Bad Request: there is no photo in the request'}
    ${'sendPhoto'}              | ${{ chat_id: head.id, photo: 'nonsense' }}                                                                 | ${400} | ${'Bad Request: wrong file identifier/HTTP URL specified'}
    ${'sendPhoto'}              | ${{ chat_id: head.id, photo: 'http://169.254.169.254/latest' }}                                            | ${400} | ${'Bad Request: failed to get HTTP URL content'}
    ${'sendPhoto'}              | ${{ chat_id: head.id, photo: 'x', caption: 'я'.repeat(1025) }}                                             | ${400} | ${'Bad Request: message caption is too long'}
    ${'sendMediaGroup'}         | ${{ chat_id: head.id, media: [{ type: 'photo', media: 'x' }] }}                                            | ${400} | ${'Bad Request: expected 2-10 items in the album'}
    ${'editMessageText'}        | ${{ chat_id: head.id, message_id: 9999, text: 'а' }}                                                       | ${400} | ${'Bad Request: message to edit not found'}
    ${'editMessageReplyMarkup'} | ${{ chat_id: head.id, message_id: 1, reply_markup: { keyboard: [['а']] } }}                                | ${400} | ${'Bad Request: inline keyboard expected'}
    ${'editMessageText'}        | ${{ chat_id: head.id, message_id: 1, text: 'а' }}                                                          | ${400} | ${"Bad Request: message can't be edited"}
    ${'deleteMessage'}          | ${{ chat_id: head.id, message_id: 9999 }}                                                                  | ${400} | ${'Bad Request: message to delete not found'}
    ${'pinChatMessage'}         | ${{ chat_id: head.id, message_id: 9999 }}                                                                  | ${400} | ${'Bad Request: message to pin not found'}
    ${'copyMessage'}            | ${{ chat_id: head.id, from_chat_id: head.id, message_id: 9999 }}                                           | ${400} | ${'Bad Request: message to copy not found'}
    ${'forwardMessage'}         | ${{ chat_id: head.id, from_chat_id: head.id, message_id: 9999 }}                                           | ${400} | ${'Bad Request: message to forward not found'}
    ${'answerCallbackQuery'}    | ${{ callback_query_id: '1' }}                                                                              | ${400} | ${'Bad Request: query is too old and response timeout expired or query ID is invalid'}
    ${'getFile'}                | ${{ file_id: 'x' }}                                                                                        | ${400} | ${'Bad Request: wrong file_id or the file is temporarily unavailable'}
    ${'setMyCommands'}          | ${{ commands: [{ command: 'Задачи', description: 'а' }] }}                                                 | ${400} | ${'Bad Request: BOT_COMMAND_INVALID'}
    ${'setWebhook'}             | ${{ url: 'http://bot.example/hook' }}                                                                      | ${400} | ${'Bad Request: bad webhook: An HTTPS URL must be provided for webhook'}
    ${'setWebhook'}             | ${{ url: 'https://bot.example/hook', secret_token: 'с пробелом' }}                                         | ${400} | ${'Bad Request: secret token contains unallowed characters'}
    ${'createForumTopic'}       | ${{ chat_id: head.id, name: 'а' }}                                                                         | ${400} | ${'Bad Request: the chat is not a forum'}
    ${'sendStarship'}           | ${{}}                                                                                                      | ${404} | ${'Not Found'}
    ${'constructor'}            | ${{}}                                                                                                      | ${404} | ${'Not Found'}
  `('$method: $description', async ({ method, args, code, description }) => {
    expect(await call(sandbox, method, args)).toMatchObject({ ok: false, error_code: code, description })
  })

  it('knows no other token', async () => {
    const answerOf = async (token: string) => (await fetch(`${sandbox.apiRoot}/bot${token}/getMe`)).json()
    expect(await answerOf('1:wrong')).toEqual({ ok: false, error_code: 401, description: 'Unauthorized' })
    expect(await answerOf('nonsense')).toEqual({ ok: false, error_code: 404, description: 'Not Found' })
  })
})

describe('texts', () => {
  it('of 4,096 characters after markup pass', async () => {
    const text = `<b>${'я'.repeat(4096)}</b>`
    const message = await result<Message>(sandbox, 'sendMessage', { chat_id: head.id, text, parse_mode: 'HTML' })
    expect(message).toMatchObject({ entities: [{ type: 'bold', offset: 0, length: 4096 }] })
  })

  it.each([
    [
      'form',
      { 'content-type': 'application/x-www-form-urlencoded' },
      new URLSearchParams({
        chat_id: String(head.id),
        text: 'а+б',
        reply_markup: JSON.stringify(inline({ text: 'б', callback_data: 'в' })),
      }).toString(),
    ],
    [
      'JSON',
      { 'content-type': 'application/json' },
      JSON.stringify({
        chat_id: String(head.id),
        text: 'а+б',
        reply_markup: inline({ text: 'б', callback_data: 'в' }),
      }),
    ],
  ])('come as a %s too', async (_name, headers, body) => {
    const response = await fetch(`${sandbox.apiRoot}/bot${sandbox.token}/SENDMESSAGE`, {
      method: 'POST',
      headers,
      body,
    })
    expect(await response.json()).toMatchObject({
      ok: true,
      result: { text: 'а+б', reply_markup: { inline_keyboard: [[{ callback_data: 'в' }]] } },
    })
  })

  it('come in the address too', async () => {
    const response = await fetch(`${sandbox.apiRoot}/bot${sandbox.token}/sendMessage?chat_id=${head.id}&text=%D0%B0`)
    expect(await response.json()).toMatchObject({ ok: true, result: { text: 'а' } })
  })
})

async function post(method: string, form: FormData): Promise<ApiAnswer> {
  const response = await fetch(`${sandbox.apiRoot}/bot${sandbox.token}/${method}`, { method: 'POST', body: form })
  return (await response.json()) as ApiAnswer
}

function formOf(fields: Record<string, string | Blob>): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) {
    if (value instanceof Blob) form.append(name, value, 'план.docx')
    else form.append(name, value)
  }
  return form
}

describe('files', () => {
  it('come as multipart, are known by their id afterwards, and are downloaded byte for byte', async () => {
    const bytes = new Blob(['план'])
    const sent = await post(
      'sendDocument',
      formOf({ chat_id: String(head.id), document: bytes, caption: '<i>План</i>', parse_mode: 'HTML' }),
    )
    const message = sent.result as Message
    expect(message.document).toMatchObject({ file_name: 'план.docx', file_size: 8 })
    expect(message.caption_entities).toEqual([{ type: 'italic', offset: 0, length: 4 }])

    const fileId = message.document?.file_id
    const again = await result<Message>(sandbox, 'sendDocument', { chat_id: coordinator.id, document: fileId })
    expect(again.document).toEqual(message.document)
    expect(await call(sandbox, 'sendPhoto', { chat_id: head.id, photo: fileId })).toMatchObject({
      description: "Bad Request: can't use file of type Document as Photo",
    })

    const { file_path: path } = await result<{ file_path: string }>(sandbox, 'getFile', { file_id: fileId })
    const download = await fetch(`${sandbox.apiRoot}/file/bot${sandbox.token}/${path}`)
    expect(await download.text()).toBe('план')
    expect((await fetch(`${sandbox.apiRoot}/file/bot1:wrong/${path}`)).status).toBe(401)
  })

  it('of an album are attached by name and share one number', async () => {
    const media = [
      { type: 'photo', media: 'attach://one', caption: 'Педсовет' },
      { type: 'photo', media: 'attach://two' },
    ]
    const photo = new Blob([new Uint8Array(await aPhoto())])
    const form = formOf({ chat_id: String(head.id), media: JSON.stringify(media), one: photo, two: photo })
    const messages = (await post('sendMediaGroup', form)).result as Message[]
    expect(messages.map(({ caption }) => caption)).toEqual(['Педсовет', undefined])
    expect(new Set(messages.map(({ media_group_id }) => media_group_id)).size).toBe(1)
  })

  it('that are no photo are refused as one', async () => {
    const answer = await post('sendPhoto', formOf({ chat_id: String(head.id), photo: new Blob(['не фото']) }))
    expect(answer).toMatchObject({ error_code: 400, description: 'Bad Request: IMAGE_PROCESS_FAILED' })
  })

  it('over 50 MB are not taken', async () => {
    const document = new Blob([new Uint8Array(50 * 1024 * 1024 + 1)])
    const answer = await post('sendDocument', formOf({ chat_id: String(head.id), document }))
    expect(answer).toEqual({ ok: false, error_code: 413, description: 'Request Entity Too Large' })
  })

  it('over 20 MB are not given out', async () => {
    const sent = await sandbox.as(head.id).sendDocument(Buffer.alloc(20 * 1024 * 1024 + 1), 'большой.zip')
    const answer = await call(sandbox, 'getFile', { file_id: sent.raw.document?.file_id })
    expect(answer).toMatchObject({ error_code: 400, description: 'Bad Request: file is too big' })
  })
})

describe('an edit', () => {
  it('must change something, and takes the buttons away when it brings none', async () => {
    const sent = await result<Message>(sandbox, 'sendMessage', {
      chat_id: head.id,
      text: '<b>а</b>',
      parse_mode: 'HTML',
      reply_markup: inline({ text: 'б', callback_data: 'в' }),
    })
    const target = { chat_id: head.id, message_id: sent.message_id, text: '<b>а</b>', parse_mode: 'HTML' }
    const same = await call(sandbox, 'editMessageText', { ...target, reply_markup: sent.reply_markup })
    expect(same.description).toMatch(/^Bad Request: message is not modified: specified new message content/)
    const bare = await result<Message>(sandbox, 'editMessageText', target)
    expect(bare).not.toHaveProperty('reply_markup')
    expect(bare.edit_date).toBeGreaterThan(0)
    expect((await call(sandbox, 'editMessageReplyMarkup', target)).description).toMatch(/message is not modified/)
    expect((await call(sandbox, 'editMessageCaption', target)).description).toBe(
      'Bad Request: there is no caption in the message to edit',
    )
  })

  it('of the caption and of the file leaves the message where it is', async () => {
    const photo = new Blob([new Uint8Array(await aPhoto())])
    const sent = (await post('sendPhoto', formOf({ chat_id: String(head.id), photo, caption: 'а' }))).result as Message
    const target = { chat_id: head.id, message_id: sent.message_id }
    expect(await result<Message>(sandbox, 'editMessageCaption', { ...target, caption: 'б' })).toMatchObject({
      caption: 'б',
    })
    const media = JSON.stringify({ type: 'document', media: 'attach://file', caption: 'в' })
    const form = formOf({
      chat_id: String(head.id),
      message_id: String(sent.message_id),
      media,
      file: new Blob(['план']),
    })
    const edited = (await post('editMessageMedia', form)).result as Message
    expect(edited).toMatchObject({ message_id: sent.message_id, caption: 'в', document: { file_name: 'план.docx' } })
    expect(edited).not.toHaveProperty('photo')
    expect((await call(sandbox, 'editMessageText', { ...target, text: 'г' })).description).toBe(
      'Bad Request: there is no text in the message to edit',
    )
  })
})

describe('a pressed button', () => {
  it('is answered once', async () => {
    await result(sandbox, 'sendMessage', {
      chat_id: head.id,
      text: 'а',
      reply_markup: inline({ text: 'б', callback_data: 'в' }),
    })
    const tap = await sandbox.as(head.id).tap(sandbox.as(head.id).last(), 'б')
    const args = { callback_query_id: tap.queryId, text: 'Отмечено', show_alert: true }
    expect(await call(sandbox, 'answerCallbackQuery', args)).toEqual({ ok: true, result: true })
    expect(await tap.answered()).toEqual({ text: 'Отмечено', showAlert: true, url: null })
    expect((await call(sandbox, 'answerCallbackQuery', args)).description).toMatch(/query is too old/)
  })
})

describe('topics of a forum', () => {
  it('are made, written into, renamed, closed and deleted', async () => {
    const topic = await result<{ message_thread_id: number }>(sandbox, 'createForumTopic', {
      chat_id: council.id,
      name: 'Документы',
    })
    const target = { chat_id: council.id, message_thread_id: topic.message_thread_id }
    const message = await result<Message>(sandbox, 'sendMessage', { ...target, text: 'Вопрос' })
    expect(message).toMatchObject({ message_thread_id: topic.message_thread_id, is_topic_message: true })
    const answer = await result<Message>(sandbox, 'sendMessage', {
      chat_id: council.id,
      text: 'Ответ',
      reply_parameters: { message_id: message.message_id },
    })
    expect(answer.message_thread_id).toBe(topic.message_thread_id)
    expect(await call(sandbox, 'editForumTopic', { ...target, name: 'Приказы' })).toMatchObject({ ok: true })
    expect(await call(sandbox, 'closeForumTopic', target)).toMatchObject({ ok: true })
    expect((await call(sandbox, 'sendMessage', { ...target, text: 'а' })).description).toBe('Bad Request: TOPIC_CLOSED')
    expect(await call(sandbox, 'deleteForumTopic', target)).toMatchObject({ ok: true })
    expect((await call(sandbox, 'sendMessage', { ...target, text: 'а' })).description).toBe(
      'Bad Request: message thread not found',
    )
  })
})

describe('other sites', () => {
  /** fetch sets these headers by itself; a plain request says what it is told to. */
  function statusOf(path: string, headers: Record<string, string>): Promise<number> {
    return new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port: sandbox.port, path, headers }, (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      })
      sent.once('error', reject)
      sent.end()
    })
  }

  it.each`
    headers                                                             | status | because
    ${{}}                                                               | ${200} | ${'the bot and the browser of this machine'}
    ${{ origin: 'http://127.0.0.1:PORT', host: '127.0.0.1:PORT' }}      | ${200} | ${'the page itself'}
    ${{ host: 'localhost:PORT' }}                                       | ${200} | ${'the same machine by name'}
    ${{ host: 'evil.example' }}                                         | ${403} | ${'a name that points here (DNS rebinding)'}
    ${{ host: '127.0.0.1:1' }}                                          | ${403} | ${'another port'}
    ${{ origin: 'https://evil.example' }}                               | ${403} | ${'a foreign page'}
    ${{ origin: 'null' }}                                               | ${403} | ${'a sandboxed foreign page'}
    ${{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }}  | ${403} | ${'a foreign page that loads a picture'}
    ${{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }} | ${200} | ${'a link to the page, but to nothing else'}
  `('$headers gets $status: $because', async ({ headers, status }) => {
    const port = String(sandbox.port)
    const set = Object.fromEntries(
      Object.entries(headers as Record<string, string>).map(([name, value]) => [name, value.replace('PORT', port)]),
    )
    expect(await statusOf('/', set)).toBe(status)
    const isVisit = set['sec-fetch-mode'] === 'navigate'
    expect(await statusOf(`/bot${sandbox.token}/getMe`, set)).toBe(isVisit ? 403 : status)
  })
})
