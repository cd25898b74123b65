import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Telegraf } from 'telegraf'

// The peer: the barest Telegraf webhook bot that answers a callback query.
const bot = new Telegraf(process.env.BOT_TOKEN ?? '', {
  telegram: { apiRoot: process.env.TELEGRAM_API_ROOT ?? '', webhookReply: process.env.BY_REPLY === 'yes' },
})
bot.botInfo = {
  id: 1,
  is_bot: true,
  first_name: 'Peer',
  username: 'peer_bot',
  can_join_groups: false,
  can_read_all_group_messages: false,
  supports_inline_queries: false,
}
// Answered by a call, as ours is: an answer within the webhook's own response would not wait for anything that is kept.
bot.on('callback_query', (context) => context.answerCbQuery('Отмечено'))
const server = createServer(bot.webhookCallback('/hook', { secretToken: process.env.WEBHOOK_SECRET ?? '' }))
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`{"address":"http://127.0.0.1:${(server.address() as AddressInfo).port}"}\n`)
})
process.on('SIGTERM', () => process.exit(0))
