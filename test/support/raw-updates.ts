import { expect } from 'vitest'
import { apologyFor } from '../../src/bot/apology.ts'
import { type Intake, openIntake } from '../../src/bot/intake.ts'
import { createProcessor } from '../../src/bot/processor.ts'
import { addressOf, parseUpdate } from '../../src/bot/telegram/update.ts'
import type { World } from './people.ts'

/** The whole way of an update behind the webhook, on so many replicas: kept, read, worked on by the product in its chat's order. */
export type WayIn = {
  /** Brings updates to a replica; resolves when they are kept. */
  bring(updates: object[], replica?: number): Promise<void>
  /** Resolves when nothing waits any more. */
  quiet(): Promise<void>
  /** What pressed buttons were answered, by the tap's id. */
  answers: { tapId: string; words: string | undefined }[]
  /** Updates that failed, with the failure: none, where all is well. */
  failures: unknown[]
  close(): Promise<void>
}

/** Opens the way into the bot of `world`. */
export function openWayIn(world: World, replicas = 1): WayIn {
  const answers: WayIn['answers'] = []
  const failures: unknown[] = []
  const intakes: Intake[] = Array.from({ length: replicas }, () =>
    openIntake({
      database: world.database,
      edge: {
        messenger: 'telegram',
        addressOf,
        parse: (raw) => parseUpdate(raw, world.clock.now),
        answerTap: async (tapId, words) => void answers.push({ tapId, words }),
        showBusy: async () => {},
      },
      acceptTimeoutMs: 60_000, // a busy machine is no fault that is tried here
      handle: createProcessor(world.bot.services),
      apology: (incoming) => apologyFor(incoming, 'ru'),
      events: {
        handled: () => {},
        failed: (updateId, _, error) => void failures.push({ updateId, error }),
        setAside: () => {},
      },
    }),
  )
  return {
    bring: (updates, replica = 0) => intakes[replica]!.accept(updates),
    quiet: async () => {
      const idle = async () => (await Promise.all(intakes.map((intake) => intake.isIdle()))).every(Boolean)
      await expect.poll(idle, { timeout: 110_000, interval: 5 }).toBe(true)
    },
    answers,
    failures,
    close: async () => {
      for (const intake of intakes) await intake.close()
    },
  }
}

let lastUpdate = 10_000

/** The next number of an update. */
export function nextUpdate(): number {
  lastUpdate += 1
  return lastUpdate
}

const from = (chat: string) => ({ id: Number(chat), is_bot: false, first_name: 'Пётр', language_code: 'ru' })
const privately = (chat: string) => ({ id: Number(chat), type: 'private' })

/** A message of a person in the private chat; `what`: `text`, `photo` … as the Bot API has them. */
export function aMessage(chat: string, messageId: number, what: object): object {
  return { message_id: messageId, date: 1_773_000_000, from: from(chat), chat: privately(chat), ...what }
}

/** A photo as a message has it. */
export function aPicture(key: string): object {
  return { photo: [{ file_id: key, file_unique_id: key, width: 90, height: 90, file_size: 1000 }] }
}

/** A pressed button with this data, under a message of the bot. */
export function aPress(chat: string, messageId: number, data: string, updateId = nextUpdate()): object {
  const message = { message_id: messageId, date: 1_773_000_000, chat: privately(chat), text: 'Задачи' }
  return {
    update_id: updateId,
    callback_query: { id: `q${updateId}`, from: from(chat), message, chat_instance: '1', data },
  }
}
