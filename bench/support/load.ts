import { Agent, request } from 'node:http'

export type LoadResult = { seconds: number; latenciesMs: number[]; failures: number }

type Post = { url: string; secret: string }

function postOnce(agent: Agent, { url, secret }: Post, body: string): Promise<boolean> {
  return new Promise((resolve) => {
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'x-telegram-bot-api-secret-token': secret,
    }
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume()
      response.on('end', () => resolve(response.statusCode === 200))
    })
    sent.on('error', () => resolve(false))
    sent.end(body)
  })
}

/** Posts all `bodies` over so many connections, each as soon as the one before is answered. */
export async function closedLoop(to: Post, bodies: string[], connections: number): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const latenciesMs: number[] = []
  let failures = 0
  let next = 0
  const began = performance.now()
  const worker = async (): Promise<void> => {
    while (next < bodies.length) {
      const at = performance.now()
      if (!(await postOnce(agent, to, bodies[next++]!))) failures += 1
      latenciesMs.push(performance.now() - at)
    }
  }
  await Promise.all(Array.from({ length: connections }, worker))
  agent.destroy()
  return { seconds: (performance.now() - began) / 1000, latenciesMs, failures }
}

/** Posts `bodies` at a steady rate, whether or not the ones before are answered. `onPost` hears of each as it leaves. */
export async function openLoop(
  to: Post,
  bodies: string[],
  perSecond: number,
  onPost: (index: number) => void = () => {},
): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: 200 })
  const latenciesMs: number[] = []
  let failures = 0
  const began = performance.now()
  const posts: Promise<void>[] = []
  for (const [index, body] of bodies.entries()) {
    const due = began + (index / perSecond) * 1000
    const wait = due - performance.now()
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
    onPost(index)
    posts.push(
      postOnce(agent, to, body).then((kept) => {
        latenciesMs.push(performance.now() - due)
        if (!kept) failures += 1
      }),
    )
  }
  await Promise.all(posts)
  agent.destroy()
  return { seconds: (performance.now() - began) / 1000, latenciesMs, failures }
}

/** The update of a button with `data`, pressed by `account` in the private chat with the bot. */
export function aPress(updateId: number, account: number, data: string): string {
  return JSON.stringify({
    update_id: updateId,
    callback_query: {
      id: `q${updateId}`,
      from: { id: account, is_bot: false, first_name: 'Пётр', language_code: 'ru' },
      message: {
        message_id: 10,
        date: 1,
        chat: { id: account, type: 'private', first_name: 'Пётр' },
        text: 'Срок сегодня',
      },
      chat_instance: '1',
      data,
    },
  })
}
