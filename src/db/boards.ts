import { createHash } from 'node:crypto'
import { and, eq, sql } from 'drizzle-orm'
import type { DeliverySubject, NewDelivery } from '../delivery/delivery.ts'
import type { Screen } from '../delivery/screen.ts'
import { type Instant, Temporal } from '../kernel/clock.ts'
import type { Tx } from './database.ts'
import { boards } from './schema/index.ts'

/** A message that is kept up to date in place: whose, of which kind, where. */
export type Board = { municipalityId: number; personId: number; kind: string; messenger: 'telegram'; chat: string }

type Enqueue = (tx: Tx, deliveries: NewDelivery[]) => Promise<number[]>

/**
 * Shows `screen` on a board: edits its message, or sends a first one (not with `onlyIfShown`); what is unchanged is left alone.
 * A message last touched before `freshSince` is far up in the chat: what comes now is shown in a new one.
 */
export async function showBoard(
  tx: Tx,
  enqueue: Enqueue,
  board: Board,
  given: {
    screen: Screen
    subject: DeliverySubject
    lane: NewDelivery['lane']
    now: Instant
    onlyIfShown?: boolean
    freshSince?: Instant
  },
): Promise<void> {
  const key = keyOf(board)
  await takeTurns(tx, board)
  const [kept] = await tx.select().from(boards).where(key).for('update')
  const known = kept && isFresh(kept.updatedAt, given.freshSince) ? kept : undefined
  if (!known && given.onlyIfShown) return
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

/** Two replicas that show the same board go one after the other: else both would send a first message. */
async function takeTurns(tx: Tx, board: Board): Promise<void> {
  const name = `${board.municipalityId}:${board.personId}:${board.kind}:${board.chat}`
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${name}, 1))`)
}

function isFresh(updatedAt: Instant, since: Instant | undefined): boolean {
  return since === undefined || Temporal.Instant.compare(updatedAt, since) >= 0
}

/** From now on the message of `board` is that of a board of another `kind`; one of that kind which was there before is let go. */
export async function turnBoardInto(tx: Tx, board: Board, kind: string): Promise<void> {
  await endBoard(tx, { ...board, kind })
  await tx.update(boards).set({ kind, contentHash: '' }).where(keyOf(board))
}

/** Lets go of a board: the next screen of its kind is a new message. */
export async function endBoard(tx: Tx, board: Board): Promise<void> {
  await tx.delete(boards).where(keyOf(board))
}

function keyOf(board: Board) {
  return and(
    eq(boards.municipalityId, board.municipalityId),
    eq(boards.personId, board.personId),
    eq(boards.kind, board.kind),
    eq(boards.chat, board.chat),
  )
}
