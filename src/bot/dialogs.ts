import { and, eq } from 'drizzle-orm'
import type { Tx } from '../db/database.ts'
import type { Waiting } from '../db/opening.ts'
import { dialogs } from '../db/schema/index.ts'
import type { Instant } from '../kernel/clock.ts'
import type { Incoming } from './incoming.ts'
import type { DialogState } from './turn.ts'

const sameChat = (incoming: Incoming) => and(eq(dialogs.messenger, incoming.messenger), eq(dialogs.chat, incoming.chat))

/** What the bot waits for in the chat of `incoming`, or null. Needs the program's own rights, as all of this file does. */
export async function readDialog(tx: Tx, incoming: Incoming): Promise<Waiting | null> {
  const [row] = await tx
    .select({ state: dialogs.state, municipalityId: dialogs.municipalityId })
    .from(dialogs)
    .where(sameChat(incoming))
  return row ?? null
}

/** Of what is waited for only what belongs to this municipality: words typed for one are no answer in another. */
export function dialogIn(municipalityId: number, waiting: Waiting | null): DialogState | null {
  return waiting?.municipalityId === municipalityId ? (waiting.state as DialogState) : null
}

/** Keeps what the bot waits for in the chat of `incoming`; null: nothing any more. */
export async function keepDialog(
  tx: Tx,
  incoming: Incoming,
  of: { municipalityId: number | null; now: Instant },
  dialog: DialogState | null,
): Promise<void> {
  if (!dialog) {
    await tx.delete(dialogs).where(sameChat(incoming))
    return
  }
  const row = {
    messenger: incoming.messenger,
    chat: incoming.chat,
    municipalityId: of.municipalityId,
    state: dialog,
    updatedAt: of.now,
  }
  await tx
    .insert(dialogs)
    .values(row)
    .onConflictDoUpdate({ target: [dialogs.messenger, dialogs.chat], set: row })
}
