import { Markup, Telegraf } from 'telegraf'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'

/** A small bot for the tests of the page: it shows one of everything, and repeats what it does not know. */
export async function startDemoBot(sandbox: Sandbox): Promise<{ bot: Telegraf; stop: () => void }> {
  const bot = new Telegraf(sandbox.token, { telegram: { apiRoot: sandbox.apiRoot } })
  const button = (text: string, data: string, style?: string) => ({ text, callback_data: data, style })
  bot.start((ctx) =>
    ctx.reply(
      `Здравствуйте, ${ctx.from.first_name}! ${ctx.payload ? `Приглашение: ${ctx.payload}` : 'Это бот-помощник.'}`,
      Markup.keyboard([['Мои задачи', 'Задать вопрос'], [Markup.button.contactRequest('Отправить мой номер')]])
        .resize()
        .placeholder('Напишите, что сделано'),
    ),
  )
  bot.hears('Мои задачи', (ctx) =>
    ctx.replyWithHTML(
      '<b>На этой неделе</b>\n\n1. <b>Приказ о наставничестве</b>, до 6 марта\n2. Анкета педагогов, до <u>8 марта</u>\n\n<blockquote>Ответьте на это сообщение словами или нажмите кнопку.</blockquote>',
      {
        reply_markup: {
          inline_keyboard: [
            [button('✅ 1. Готово', 'done:1', 'success'), button('✅ 2. Готово', 'done:2', 'success')],
            [button('В работе', 'work', 'primary'), button('Не получается', 'stuck', 'danger')],
            [{ text: 'Памятка на сайте', url: 'https://example.com/memo' }, button('Подробнее', 'more')],
          ],
        },
      } as never,
    ),
  )
  bot.action(/^done:(\d)$/, async (ctx) => {
    await ctx.answerCbQuery(`Задача ${ctx.match[1]} отмечена`)
    await ctx.editMessageText(`<b>Задача ${ctx.match[1]} готова</b>`, { parse_mode: 'HTML' })
    await ctx.pinChatMessage(ctx.callbackQuery.message?.message_id ?? 0)
  })
  bot.action('more', (ctx) => ctx.answerCbQuery('Здесь будет подробный рассказ о задаче.', { show_alert: true }))
  bot.hears('Задать вопрос', async (ctx) => {
    await ctx.sendChatAction('typing')
  })
  bot.hears('Ссылка', (ctx) =>
    ctx.reply(`Приглашение: https://t.me/${ctx.me}?start=invite_42\nСайт: example.com, почта school@example.com`),
  )
  bot.on('contact', (ctx) => ctx.reply(`Ваш номер ${ctx.message.contact.phone_number}`))
  bot.on('photo', (ctx) =>
    ctx.reply(`Принято фото${ctx.message.caption ? `: ${ctx.message.caption}` : ''}`, {
      reply_parameters: { message_id: ctx.message.message_id },
    }),
  )
  bot.on('document', async (ctx) => {
    const link = await ctx.telegram.getFileLink(ctx.message.document.file_id)
    const bytes = Buffer.from(await (await fetch(link)).arrayBuffer())
    await ctx.replyWithDocument(
      { source: bytes, filename: `Копия ${ctx.message.document.file_name ?? ''}` },
      { caption: `Прочитано: ${bytes.length} байт` },
    )
  })
  bot.on('voice', (ctx) => ctx.reply(`Голосовое, ${ctx.message.voice.duration} с`))
  bot.on('edited_message', (ctx) => ctx.reply('Вижу, вы исправили сообщение'))
  bot.on('text', (ctx) => ctx.reply(ctx.message.text, { reply_parameters: { message_id: ctx.message.message_id } }))
  bot.launch().catch(() => {})
  await sandbox.calls.waitFor(({ method }) => method === 'deleteWebhook')
  await bot.telegram.setMyCommands([
    { command: 'start', description: 'начать сначала' },
    { command: 'help', description: 'что умеет бот' },
  ])
  return { bot, stop: () => bot.stop() }
}
