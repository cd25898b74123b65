import { and, eq } from 'drizzle-orm'
import type { Tx } from '../db/database.ts'
import { dialogs } from '../db/schema/index.ts'
import type { Instant } from '../kernel/clock.ts'
import type { Incoming } from './incoming.ts'
import type { DialogState } from './turn.ts'

const sameChat = (incoming: Incoming) => and(eq(dialogs.messenger, incoming.messenger), eq(dialogs.chat, incoming.chat))

/**
 * What the bot waits for in the chat of `incoming`, or null; with `municipalityId` only what belongs there: words typed for one municipality are
 * no answer in another. Needs the program's own rights, as all of this file does.
 */
export async function readDialog(tx: Tx, incoming: Incoming, municipalityId?: number): Promise<DialogState | null> {
  const [row] = await tx
    .select({ state: dialogs.state, municipalityId: dialogs.municipalityId })
    .from(dialogs)
    .where(sameChat(incoming))
  if (!row || (municipalityId !== undefined && row.municipalityId !== municipalityId)) return null
  return row.state as DialogState
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
