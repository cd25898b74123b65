import { createHash } from 'node:crypto'
import { and, eq, inArray, sql } from 'drizzle-orm'
import type { DeliverySubject, NewDelivery } from '../delivery/delivery.ts'
import type { Screen } from '../delivery/screen.ts'
import { type Instant, Temporal } from '../kernel/clock.ts'
import type { Tx } from './database.ts'
import { boards } from './schema/index.ts'

/** A message that is kept up to date in place: whose, of which kind, where. */
export type Board = { municipalityId: number; personId: number; kind: string; messenger: 'telegram'; chat: string }

type Enqueue = (tx: Tx, deliveries: NewDelivery[]) => Promise<number[]>

/** What a board is to show. Not at all with `onlyIfShown` where it has no message yet. */
export type BoardView = {
  screen: Screen
  subject: DeliverySubject
  lane: NewDelivery['lane']
  now: Instant
  onlyIfShown?: boolean
  freshSince?: Instant
}

/**
 * Shows `screen` on a board: edits its message, or sends a first one (not with `onlyIfShown`); what is unchanged is left alone.
 * A message last touched before `freshSince` is far up in the chat: what comes now is shown in a new one.
 */
export async function showBoard(tx: Tx, enqueue: Enqueue, board: Board, view: BoardView): Promise<void> {
  await showBoards(tx, enqueue, [{ board, view }])
}

/** Shows many boards as `showBoard` does one, each named once and all as of the same `now`, with as many statements as for one. */
export async function showBoards(
  tx: Tx,
  enqueue: Enqueue,
  shows: readonly { board: Board; view: BoardView }[],
): Promise<void> {
  if (shows.length === 0) return
  const named = shows.map((show) => ({ ...show, name: nameOf(show.board), contentHash: hashOf(show.view.screen) }))
  await takeTurns(tx, named.map(({ name }) => name).sort())
  const kept = await keptBoards(tx, shows)
  const known = named.flatMap((show) => {
    const row = kept.get(show.name)
    const fresh = row && isFresh(row.updatedAt, show.view.freshSince) ? row : undefined
    return fresh || !show.view.onlyIfShown ? [{ ...show, row: fresh }] : []
  })
  const same = known.filter(({ row, contentHash }) => row?.contentHash === contentHash)
  await touch(tx, same)
  await changeBoards(
    tx,
    enqueue,
    known.filter((show) => !same.includes(show)),
  )
}

type Row = typeof boards.$inferSelect
type Change = { board: Board; view: BoardView; contentHash: string; row: Row | undefined }

async function changeBoards(tx: Tx, enqueue: Enqueue, changes: Change[]): Promise<void> {
  if (changes.length === 0) return
  const deliveryIds = await enqueue(tx, changes.map(deliveryOf))
  const rows = changes.map(({ board, view, contentHash, row }, index) => ({
    ...board,
    deliveryId: row?.deliveryId ?? deliveryIds[index] ?? null,
    contentHash,
    updatedAt: view.now,
  }))
  await tx
    .insert(boards)
    .values(rows)
    .onConflictDoUpdate({
      target: [boards.municipalityId, boards.personId, boards.kind, boards.chat],
      set: {
        messenger: sql`excluded.messenger`,
        deliveryId: sql`excluded.delivery_id`,
        contentHash: sql`excluded.content_hash`,
        updatedAt: sql`excluded.updated_at`,
      },
    })
}

function deliveryOf({ board, view, row }: Change): NewDelivery {
  const content = row?.deliveryId
    ? ({ do: 'edit', target: { deliveryId: row.deliveryId }, screen: view.screen, sendAnewIfGone: true } as const)
    : ({ do: 'send', screen: view.screen } as const)
  const { kind, ...to } = board
  return { ...to, lane: view.lane, reason: `board-${kind.split(':')[0]}`, content, subject: view.subject }
}

/** Boards that show what they showed: from now on they are as fresh as this look. */
async function touch(tx: Tx, same: Change[]): Promise<void> {
  const [first] = same
  if (!first) return
  const ids = same.map(({ row }) => row!.id)
  await tx.update(boards).set({ updatedAt: first.view.now }).where(inArray(boards.id, ids))
}

/** The rows of these boards, held until the transaction ends, by their names. */
async function keptBoards(tx: Tx, shows: readonly { board: Board }[]): Promise<Map<string, Row>> {
  const rows = await tx
    .select()
    .from(boards)
    .where(
      sql`(${boards.municipalityId}, ${boards.personId}, ${boards.kind}, ${boards.chat}) in (select * from unnest(
        ${sql.param(shows.map(({ board }) => board.municipalityId))}::bigint[], ${sql.param(shows.map(({ board }) => board.personId))}::bigint[],
        ${sql.param(shows.map(({ board }) => board.kind))}::text[], ${sql.param(shows.map(({ board }) => board.chat))}::text[]))`,
    )
    .for('update')
  return new Map(rows.map((row) => [nameOf(row), row]))
}

/** Two replicas that show the same board go one after the other: else both would send a first message. In the order of `names`, which both keep. */
async function takeTurns(tx: Tx, names: string[]): Promise<void> {
  await tx.execute(
    sql`select pg_advisory_xact_lock(hashtextextended(name, 1)) from unnest(${sql.param(names)}::text[]) as name`,
  )
}

function nameOf(board: Pick<Board, 'municipalityId' | 'personId' | 'kind' | 'chat'>): string {
  return `${board.municipalityId}:${board.personId}:${board.kind}:${board.chat}`
}

function hashOf(screen: Screen): string {
  return createHash('sha256').update(JSON.stringify(screen)).digest('base64url')
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
