import { createServer } from 'node:http'
import { Markup, Telegraf } from 'telegraf'
import { afterEach, describe, expect, it } from 'vitest'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { aPhoto, aSandbox, head } from './people.ts'

let sandbox: Sandbox
let stop: () => unknown = () => {}

afterEach(async () => {
  await stop()
  await sandbox.close()
})

function aBot(): Telegraf {
  const bot = new Telegraf(sandbox.token, { telegram: { apiRoot: sandbox.apiRoot } })
  bot.start((ctx) => ctx.reply(`Здравствуйте, ${ctx.from.first_name}! ${ctx.payload}`.trim()))
  bot.hears('Задачи', (ctx) =>
    ctx.replyWithHTML('<b>Ваши задачи</b>', Markup.inlineKeyboard([[Markup.button.callback('Готово', 'done:1')]])),
  )
  bot.action(/^done:(\d+)$/, async (ctx) => {
    await ctx.answerCbQuery('Отмечено')
    await ctx.editMessageText(`Задача ${ctx.match[1]} готова`)
  })
  bot.on('photo', async (ctx) => {
    const link = await ctx.telegram.getFileLink(ctx.message.photo.at(-1)?.file_id ?? '')
    const bytes = Buffer.from(await (await fetch(link)).arrayBuffer())
    await ctx.replyWithDocument({ source: bytes, filename: 'фото.jpg' }, { caption: `${bytes.length}` })
  })
  bot.on('contact', (ctx) => ctx.reply(ctx.message.contact.phone_number, Markup.removeKeyboard()))
  return bot
}

async function poll(bot: Telegraf): Promise<void> {
  bot.launch().catch(() => {})
  stop = () => bot.stop()
  await sandbox.calls.waitFor(({ method }) => method === 'deleteWebhook')
}

async function hook(bot: Telegraf): Promise<void> {
  const listener = bot.webhookCallback('/hook', { secretToken: 'a-secret_1' })
  const server = createServer((request, response) => void listener(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  await bot.telegram.setWebhook(`http://127.0.0.1:${port}/hook`, { secret_token: 'a-secret_1' })
  stop = () => server.closeAllConnections() ?? server.close()
}

describe.each([
  ['long polling', poll],
  ['a webhook', hook],
])('a Telegraf bot by %s', (_name, connect) => {
  it('talks with a person: text, buttons, photos, contact', async () => {
    sandbox = await aSandbox()
    await connect(aBot())
    const phone = sandbox.as(head.id)

    await phone.openLink('https://t.me/sovet_test_bot?start=abc')
    await phone.waitFor('Здравствуйте, Пётр! abc')

    await phone.send('Задачи')
    const tasks = await phone.waitFor('Ваши задачи')
    expect(tasks.raw.entities).toEqual([{ type: 'bold', offset: 0, length: 11 }])
    const tap = await phone.tap(tasks, 'Готово')
    expect(await tap.answered()).toEqual({ text: 'Отмечено', showAlert: false, url: null })
    const done = await phone.waitFor('Задача 1 готова')
    expect(done).toMatchObject({ id: tasks.id, buttons: [], isEdited: true })

    const photo = await aPhoto()
    await phone.sendPhoto(photo)
    const copy = await phone.waitFor(String(photo.length))
    expect(copy.file).toMatchObject({ kind: 'document', name: 'фото.jpg', size: photo.length })
    expect(await copy.file?.bytes()).toEqual(photo)

    await phone.shareContact()
    await phone.waitFor(head.phone)
  })
})
