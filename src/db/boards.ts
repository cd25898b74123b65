import { createHash } from 'node:crypto'
import { and, eq } from 'drizzle-orm'
import type { DeliverySubject, NewDelivery } from '../delivery/delivery.ts'
import type { Screen } from '../delivery/screen.ts'
import type { Instant } from '../kernel/clock.ts'
import type { Tx } from './database.ts'
import { boards } from './schema/index.ts'

/** A message that is kept up to date in place: whose, of which kind, where. */
export type Board = { municipalityId: number; personId: number; kind: string; messenger: 'telegram'; chat: string }

type Enqueue = (tx: Tx, deliveries: NewDelivery[]) => Promise<number[]>

/** Shows `screen` on a board: edits its message, or sends a first one; what is unchanged is left alone. */
export async function showBoard(
  tx: Tx,
  enqueue: Enqueue,
  board: Board,
  given: { screen: Screen; subject: DeliverySubject; lane: NewDelivery['lane']; now: Instant },
): Promise<void> {
  const key = and(
    eq(boards.municipalityId, board.municipalityId),
    eq(boards.personId, board.personId),
    eq(boards.kind, board.kind),
    eq(boards.chat, board.chat),
  )
  const [known] = await tx.select().from(boards).where(key).for('update')
  const contentHash = createHash('sha256').update(JSON.stringify(given.screen)).digest('base64url')
  if (known?.contentHash === contentHash) {
    await tx.update(boards).set({ updatedAt: given.now }).where(key)
    return
  }
  const content = known?.deliveryId
    ? ({ do: 'edit', target: { deliveryId: known.deliveryId }, screen: given.screen, sendAnewIfGone: true } as const)
    : ({ do: 'send', screen: given.screen } as const)
  const { kind, ...to } = board
  const [deliveryId] = await enqueue(tx, [
    { ...to, lane: given.lane, reason: `board-${kind.split(':')[0]}`, content, subject: given.subject },
  ])
  const row = { ...board, deliveryId: known?.deliveryId ?? deliveryId ?? null, contentHash, updatedAt: given.now }
  await tx
    .insert(boards)
    .values(row)
    .onConflictDoUpdate({ target: [boards.municipalityId, boards.personId, boards.kind, boards.chat], set: row })
}

/** Lets go of a board: the next screen of its kind is a new message. */
export async function endBoard(tx: Tx, board: Board): Promise<void> {
  await tx
    .delete(boards)
    .where(
      and(
        eq(boards.municipalityId, board.municipalityId),
        eq(boards.personId, board.personId),
        eq(boards.kind, board.kind),
        eq(boards.chat, board.chat),
      ),
    )
}
