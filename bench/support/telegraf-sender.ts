import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Telegram } from 'telegraf'

// The peer of sending: bare Telegraf, so many messages at a time. POST /COUNT sends that many and answers when they are sent.
const telegram = new Telegram(process.env.BOT_TOKEN ?? '', { apiRoot: process.env.TELEGRAM_API_ROOT ?? '' })
const AT_A_TIME = 16

async function sendAll(count: number): Promise<void> {
  let next = 0
  const sender = async (): Promise<void> => {
    while (next < count) await telegram.sendMessage(500_000 + next++, 'Семинар для директоров во вторник')
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, sender))
}

const server = createServer((request, response) => {
  sendAll(Number(request.url?.slice(1))).then(
    () => response.end(),
    () => response.writeHead(500).end(),
  )
})
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`{"address":"http://127.0.0.1:${(server.address() as AddressInfo).port}"}\n`)
})
process.on('SIGTERM', () => process.exit(0))
