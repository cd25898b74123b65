import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { enqueueDeliveries } from '../../src/db/deliveries.ts'
import { openingOf } from '../../src/db/opening.ts'
import { aDelivery } from '../support/engine.ts'
import { freshDatabase } from '../support/fresh-database.ts'

let database: Database
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.close())

/** A message in the hands of a sender: the messenger has it already, its number is not noted yet. */
async function inHand(chat: string): Promise<void> {
  await database.asSystem((tx) => enqueueDeliveries(tx, [aDelivery(chat, 'Вопрос № 1', { subject: { question: 1 } })]))
  await database.sql`
    update deliveries set state = 'sending', claimed_until = now() + interval '1 minute' where chat = ${chat}`
}

const replyTo = (chat: string, messageId: number) =>
  database.asSystem((tx) => openingOf(tx, { messenger: 'telegram', account: chat, chat, messageId }))

describe('a reply that is quicker than our note of the message', () => {
  it('waits for the note, and is about that message', async () => {
    await inHand('501')
    const opening = replyTo('501', 77)
    await database.sql`
      update deliveries set state = 'sent', message_id = 77, sent_at = now(), claimed_until = null where chat = '501'`
    expect((await opening).spokenOf?.subject).toEqual({ question: 1 })
  })

  it('to something else goes on after a while where the line hangs', async () => {
    await inHand('502')
    expect((await replyTo('502', 78)).spokenOf).toBeNull()
  })
})
