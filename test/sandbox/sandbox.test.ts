import { appendFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Temporal } from '../../src/kernel/clock.ts'
import { openMovableClock } from '../../src/sandbox/clock.ts'
import { startPayload } from '../../src/sandbox/people/sending.ts'
import type { Message, Update } from '../../src/sandbox/telegram.ts'
import { aPhoto, aSandbox, call, coordinator, council, head, result, stranger } from './people.ts'

describe('the clock that one can move', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sovet-sandbox-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  const noon = Temporal.Instant.from('2026-03-02T12:00:00Z')
  const spring = Temporal.Instant.from('2026-05-01T06:00:00Z')
  const base = { now: () => noon }

  it('runs on from where it was set, and tells of it', () => {
    let underneath = noon
    const clock = openMovableClock(null, { now: () => underneath })
    const told: string[] = []
    const stop = clock.onMove((now) => told.push(now.toString()))
    clock.moveTo(spring)
    underneath = noon.add({ hours: 1 })
    expect(clock.now().toString()).toBe('2026-05-01T07:00:00Z')
    stop()
    clock.moveTo(noon)
    expect(told).toEqual(['2026-05-01T06:00:00Z'])
  })

  it('is where it was after a restart', () => {
    openMovableClock(folder, base).moveTo(spring)
    const clock = openMovableClock(folder, base)
    expect(clock.now()).toEqual(spring)
    expect(clock.offset.total('hours')).toBe(spring.since(noon).total('hours'))
  })

  it('dates messages, and 48 hours of it are the time to delete one', async () => {
    const clock = openMovableClock(null)
    clock.moveTo(spring)
    const sandbox = await aSandbox({ clock })
    await sandbox.as(head.id).start()
    const sent = await result<Message>(sandbox, 'sendMessage', { chat_id: head.id, text: 'а' })
    expect(sent.date - spring.epochMilliseconds / 1000).toBeLessThan(60)
    clock.moveTo(spring.add({ hours: 49 }))
    expect(await call(sandbox, 'deleteMessage', { chat_id: head.id, message_id: sent.message_id })).toMatchObject({
      description: "Bad Request: message can't be deleted for everyone",
    })
    await sandbox.close()
  })
})

describe('a sandbox with a folder', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sovet-sandbox-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  it('has chats, files, pins, keyboards and waiting updates again after a restart', async () => {
    const before = await aSandbox({ dataDir: folder })
    await before.as(head.id).start()
    await before.as(head.id).sendDocument(Buffer.from('план'), 'план.txt', { caption: 'План' })
    await before.as(coordinator.id).start()
    await before.as(coordinator.id).block()
    const sent = await result<Message>(before, 'sendMessage', {
      chat_id: head.id,
      text: 'Меню',
      reply_markup: { keyboard: [['Задачи']] },
    })
    await result(before, 'pinChatMessage', { chat_id: head.id, message_id: sent.message_id })
    await result(before, 'setMyCommands', { commands: [{ command: 'start', description: 'начать' }] })
    const topic = await result<{ message_thread_id: number }>(before, 'createForumTopic', {
      chat_id: council.id,
      name: 'Темы',
    })
    const waiting = await result<Update[]>(before, 'getUpdates')
    await before.close()
    // A crash may cut the last line short.
    await appendFile(join(folder, 'chats.jsonl'), '{"is":"message","room":50')

    const after = await aSandbox({ dataDir: folder })
    const phone = after.as(head.id)
    expect(phone.messages().map(({ text }) => text)).toEqual(['/start', 'План', 'Меню', ''])
    expect(String(await phone.messages()[1]?.file?.bytes())).toBe('план')
    expect(phone.keyboard()).toEqual([['Задачи']])
    expect(phone.message(sent.message_id)?.isPinned).toBe(true)
    expect(after.as(coordinator.id).standing).toBe('blocked')
    expect(await result(after, 'getMyCommands')).toEqual([{ command: 'start', description: 'начать' }])
    expect(await result<Update[]>(after, 'getUpdates')).toEqual(waiting)
    const inTopic = { chat_id: council.id, message_thread_id: topic.message_thread_id, text: 'а' }
    expect((await result<Message>(after, 'sendMessage', inTopic)).message_id).toBe(topic.message_thread_id + 1)
    const fileId = phone.messages()[1]?.raw.document?.file_id
    expect(
      (await result<Message>(after, 'sendDocument', { chat_id: head.id, document: fileId })).document?.file_name,
    ).toBe('план.txt')
    const next = await phone.send('дальше')
    expect(next.id).toBeGreaterThan(sent.message_id)
    await after.close()
  })

  it('does not bring back what was confirmed or deleted', async () => {
    const before = await aSandbox({ dataDir: folder })
    await before.as(head.id).start()
    const [update] = await result<Update[]>(before, 'getUpdates')
    await result(before, 'getUpdates', { offset: (update?.update_id ?? 0) + 1 })
    const sent = await result<Message>(before, 'sendMessage', { chat_id: head.id, text: 'лишнее' })
    await result(before, 'deleteMessage', { chat_id: head.id, message_id: sent.message_id })
    await before.close()
    for (let restart = 0; restart < 2; restart++) {
      const after = await aSandbox({ dataDir: folder })
      expect(after.pendingUpdates).toBe(0)
      expect(after.as(head.id).messages()).toHaveLength(1)
      await after.close()
    }
    const last = await aSandbox({ dataDir: folder })
    await last.as(head.id).send('ещё')
    const [next] = await result<Update[]>(last, 'getUpdates')
    expect(next?.update_id).toBe((update?.update_id ?? 0) + 1)
    await last.close()
  })
})

describe('people', () => {
  it('see what the bot sends, each message once in waitFor and again when it is edited', async () => {
    const sandbox = await aSandbox()
    const phone = sandbox.as(head.id)
    await phone.start()
    const sent = await result<Message>(sandbox, 'sendMessage', { chat_id: head.id, text: 'Готово' })
    expect((await phone.waitFor('Готово')).id).toBe(sent.message_id)
    await expect(phone.waitFor('Готово', 30)).rejects.toThrow(
      /Пётр saw no message that fits Готово within 30 ms.*bot: "Готово"/s,
    )
    const edited = phone.waitFor(/Готово!/)
    await result(sandbox, 'editMessageText', { chat_id: head.id, message_id: sent.message_id, text: 'Готово!' })
    expect(await edited).toMatchObject({ id: sent.message_id, isEdited: true, from: 'bot' })
    await sandbox.close()
  })

  it('are to the bot what people of Telegram are', async () => {
    const sandbox = await aSandbox()
    const phone = sandbox.as(head.id)
    await phone.openLink('t.me/sovet_test_bot?start=abc-1')
    await phone.sendAlbum([
      { kind: 'photo', bytes: await aPhoto(1600, 900), caption: 'Педсовет' },
      { kind: 'photo', bytes: await aPhoto() },
    ])
    const first = await phone.send('сделано')
    await phone.edit(first, 'сделано 12 марта')
    await phone.shareContact()
    await phone.shareContact({ phone: '+70000000000', firstName: 'Чужой' })
    await phone.in(council.id).send('в группе')
    await phone.forward(first)
    await phone.block()
    const updates = await result<Update[]>(sandbox, 'getUpdates')
    expect(updates).toMatchObject([
      {
        message: {
          text: '/start abc-1',
          entities: [{ type: 'bot_command', offset: 0, length: 6 }],
          from: { id: head.id },
        },
      },
      {
        message: {
          caption: 'Педсовет',
          photo: [{ width: 90 }, { width: 320 }, { width: 800 }, { width: 1280, height: 720 }],
        },
      },
      { message: { photo: [{ width: 90, height: 68 }, { width: 320 }, { width: 640, height: 480 }] } },
      { message: { text: 'сделано' } },
      { edited_message: { text: 'сделано 12 марта', message_id: first.id } },
      { message: { contact: { phone_number: head.phone, user_id: head.id } } },
      { message: { contact: { phone_number: '+70000000000' } } },
      { message: { text: 'в группе', chat: { id: council.id, type: 'supergroup', is_forum: true } } },
      { message: { text: 'сделано 12 марта', forward_origin: { type: 'user', sender_user: { id: head.id } } } },
      { my_chat_member: { old_chat_member: { status: 'member' }, new_chat_member: { status: 'kicked' } } },
    ])
    expect(updates[1]?.message?.media_group_id).toBe(updates[2]?.message?.media_group_id)
    expect(updates[6]?.message?.contact).not.toHaveProperty('user_id')
    await expect(phone.send('а')).rejects.toThrow('blocked')
    await phone.openLink('t.me/sovet_test_bot?start=again')
    expect(phone.standing).toBe('open')
    await sandbox.close()
  })

  it('press keyboards: a contact button shares the number, a one-time keyboard goes', async () => {
    const sandbox = await aSandbox()
    const phone = sandbox.as(head.id)
    await phone.start()
    const keyboard = { keyboard: [[{ text: 'Мой номер', request_contact: true }, 'Задачи']], one_time_keyboard: true }
    await result(sandbox, 'sendMessage', { chat_id: head.id, text: 'а', reply_markup: keyboard })
    expect(phone.keyboard()).toEqual([['Мой номер', 'Задачи']])
    await expect(phone.press('Нет такой')).rejects.toThrow('Задачи')
    expect((await phone.press('Мой номер')).raw.contact?.phone_number).toBe(head.phone)
    expect(phone.keyboard()).toEqual([])
    await result(sandbox, 'sendMessage', { chat_id: head.id, text: 'а', reply_markup: { keyboard: [['Задачи']] } })
    await result(sandbox, 'sendMessage', { chat_id: head.id, text: 'а', reply_markup: { remove_keyboard: true } })
    expect(phone.keyboard()).toEqual([])
    await sandbox.close()
  })

  it('press only buttons that are there, unless they forge the data', async () => {
    const sandbox = await aSandbox()
    const phone = sandbox.as(head.id)
    await phone.start()
    const buttons = [[{ text: '✅ Готово', callback_data: 'done:1', style: 'success' }]]
    await result(sandbox, 'sendMessage', { chat_id: head.id, text: 'а', reply_markup: { inline_keyboard: buttons } })
    const message = phone.last()
    expect(message.buttons).toEqual([[{ label: '✅ Готово', data: 'done:1', url: null, style: 'success' }]])
    await expect(phone.tap(message, 'Отменить')).rejects.toThrow('✅ Готово')
    await phone.tap(message, 'Готово')
    await phone.tap(message, 'done:1')
    await phone.forgeTap(message, 'done:2')
    const updates = await result<Update[]>(sandbox, 'getUpdates')
    expect(updates.map(({ callback_query: query }) => query?.data).filter(Boolean)).toEqual([
      'done:1',
      'done:1',
      'done:2',
    ])
    await sandbox.close()
  })

  it('who add the bot to a group are told to it', async () => {
    const sandbox = await aSandbox({ groups: [{ ...council, addedBy: coordinator.id }] })
    const updates = await result<Update[]>(sandbox, 'getUpdates')
    expect(updates).toMatchObject([
      {
        my_chat_member: {
          chat: { id: council.id },
          from: { id: coordinator.id },
          new_chat_member: { status: 'administrator' },
        },
      },
    ])
    await sandbox.close()
  })

  it('outside a group do not reach it', async () => {
    const sandbox = await aSandbox()
    expect(() => sandbox.as(stranger.id).in(council.id)).toThrow('not in the chat')
    expect(() => sandbox.as(12345)).toThrow('no person 12345')
    await sandbox.close()
  })

  it.each([
    ['https://t.me/sovet_test_bot?start=abc', 'abc'],
    ['t.me/Sovet_Test_Bot?start=a_b-C', 'a_b-C'],
    ['https://t.me/sovet_test_bot', ''],
    ['https://t.me/other_bot?start=abc', null],
    ['https://evil.example/?u=t.me/sovet_test_bot?start=abc', null],
  ])('the payload of %s is %s', (link, payload) => {
    expect(startPayload(link, 'sovet_test_bot')).toBe(payload)
  })
})

it('keeps as many messages of a chat as it was told to', async () => {
  const sandbox = await aSandbox({ keepMessages: 5 })
  await sandbox.as(head.id).start()
  for (let sent = 0; sent < 20; sent++) await result(sandbox, 'sendMessage', { chat_id: head.id, text: `${sent}` })
  expect(
    sandbox
      .as(head.id)
      .messages()
      .map(({ text }) => text),
  ).toEqual(['15', '16', '17', '18', '19'])
  await sandbox.close()
})

it('sends a long text as several messages, cut between words', async () => {
  const sandbox = await aSandbox()
  const text = 'строка дорожной карты\n'.repeat(500).trim()
  await sandbox.as(head.id).send(text)
  const pages = sandbox.as(head.id).messages()
  expect(pages.length).toBe(3)
  expect(pages.every((page) => page.text.length <= 4096)).toBe(true)
  expect(pages.map((page) => page.text).join('\n')).toBe(text)
  await sandbox.as(head.id).send('🏟'.repeat(4096))
  expect(
    sandbox
      .as(head.id)
      .messages()
      .slice(3)
      .map((page) => page.text)
      .join(''),
  ).toBe('🏟'.repeat(4096))
  await sandbox.close()
})

it('lets the bot edit no message that brought a keyboard for the bottom', async () => {
  const sandbox = await aSandbox()
  await sandbox.as(head.id).start()
  const args = { chat_id: head.id, text: 'Меню', reply_markup: { keyboard: [['Задачи']] } }
  const { message_id } = await result<Message>(sandbox, 'sendMessage', args)
  const edit = await call(sandbox, 'editMessageText', { chat_id: head.id, message_id, text: 'а' })
  expect(edit.description).toBe("Bad Request: message can't be edited")
  await sandbox.close()
})

it('hears each of several messages that come at the same moment', async () => {
  const sandbox = await aSandbox()
  for (const person of [head, coordinator]) await sandbox.as(person.id).start()
  const both = Promise.all([sandbox.as(head.id).waitFor('Вам'), sandbox.as(coordinator.id).waitFor('Вам')])
  await Promise.all([head, coordinator].map(({ id }) => call(sandbox, 'sendMessage', { chat_id: id, text: 'Вам' })))
  await expect(both).resolves.toHaveLength(2)
  await sandbox.close()
})
