import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import type { DeliveryContent, DeliverySubject } from '../../delivery/delivery.ts'
import { instant, key, plainDate, ref } from './columns.ts'
import { municipalities, persons } from './people.ts'
import { tasks } from './tasks.ts'

/** An update of a messenger, kept before it is answered: taken once, worked on in the order of its chat. */
export const inbox = pgTable(
  'inbox',
  {
    messenger: text().notNull().default('telegram'),
    updateId: bigint({ mode: 'number' }).notNull(),
    chat: text().notNull(),
    payload: jsonb().notNull(),
    state: text({ enum: ['waiting', 'done', 'set-aside'] })
      .notNull()
      .default('waiting'),
    attempts: integer().notNull().default(0),
    notBefore: instant(),
    failure: text(),
    receivedAt: instant().notNull().default(sql`now()`),
    doneAt: instant(),
  },
  (table) => [
    primaryKey({ columns: [table.messenger, table.updateId] }),
    index('inbox_waiting').on(table.messenger, table.chat, table.updateId).where(sql`${table.state} = 'waiting'`),
    index('inbox_by_age').on(table.receivedAt),
    index('inbox_set_aside').on(table.receivedAt).where(sql`${table.state} = 'set-aside'`),
    check('inbox_state', sql`${table.state} in ('waiting', 'done', 'set-aside')`),
  ],
)

/**
 * One outgoing message to one chat: what, to whom, why, state, the messenger's message id.
 * The row is the queue: `claimed_until` is the lease of the replica that sends it, `not_before` the pause after a failure (both by the database's clock).
 */
export const deliveries = pgTable(
  'deliveries',
  {
    id: key(),
    municipalityId: ref().references(() => municipalities.id, { onDelete: 'cascade' }),
    personId: ref().references(() => persons.id, { onDelete: 'cascade' }),
    messenger: text().notNull().default('telegram'),
    chat: text().notNull(),
    lane: integer().notNull(),
    /** Place within its lane: municipalities take turns, however much one of them has queued. Answers have none (0): they go as they come. */
    turn: bigint({ mode: 'number' }).notNull().default(0),
    reason: text().notNull(),
    onceKey: text(),
    content: jsonb().$type<DeliveryContent>().notNull(),
    subject: jsonb().$type<DeliverySubject>().notNull().default({}),
    state: text({ enum: ['queued', 'sending', 'sent', 'dead', 'cancelled'] })
      .notNull()
      .default('queued'),
    uncertain: boolean().notNull().default(false),
    attempts: integer().notNull().default(0),
    notBefore: instant(),
    claimedUntil: instant(),
    messageId: bigint({ mode: 'number' }),
    failure: text(),
    createdAt: instant().notNull().default(sql`now()`),
    sentAt: instant(),
  },
  (table) => [
    uniqueIndex('deliveries_once').on(table.onceKey).where(sql`${table.onceKey} is not null`),
    index('deliveries_by_message').on(table.messenger, table.chat, table.messageId),
    index('deliveries_waiting').on(table.lane, table.turn, table.id).where(sql`${table.state} = 'queued'`),
    index('deliveries_repeated').on(table.attempts).where(sql`${table.state} = 'queued' and ${table.uncertain}`),
    index('deliveries_of_municipality')
      .on(table.municipalityId, table.lane, table.turn)
      .where(sql`${table.state} = 'queued' and ${table.lane} > 0`),
    index('deliveries_in_hand').on(table.claimedUntil).where(sql`${table.state} = 'sending'`),
    index('deliveries_of_chat')
      .on(table.messenger, table.chat, table.id)
      .where(sql`${table.state} in ('queued', 'sending')`),
    index('deliveries_by_person').on(table.personId, table.createdAt),
    index('deliveries_dead').on(table.createdAt).where(sql`${table.state} = 'dead'`),
    check('deliveries_state', sql`${table.state} in ('queued', 'sending', 'sent', 'dead', 'cancelled')`),
    check('deliveries_lane', sql`${table.lane} between 0 and 2`),
  ],
)

/**
 * When a chat has used up its one message a second (`free_at`; answers may run ahead of it by a short burst), and until when the messenger
 * told us to leave it alone (`closed_until`). By the database's clock.
 */
export const chatPaces = pgTable(
  'chat_paces',
  { messenger: text().notNull(), chat: text().notNull(), freeAt: instant().notNull(), closedUntil: instant() },
  (table) => [primaryKey({ columns: [table.messenger, table.chat] })],
)

/** The budget that all replicas share: a row with lane -1, the instant at which the next message is free; and a row for each lane that was told to wait, until when. */
export const sendBudgets = pgTable(
  'send_budgets',
  { messenger: text().notNull(), lane: integer().notNull(), freeAt: instant().notNull() },
  (table) => [primaryKey({ columns: [table.messenger, table.lane] })],
)

/** A slot that was worked on: the row is what makes a tick happen once over all replicas. */
export const slots = pgTable(
  'slots',
  {
    municipalityId: ref()
      .notNull()
      .references(() => municipalities.id, { onDelete: 'cascade' }),
    kind: text({ enum: ['reminders', 'digest', 'escalation'] }).notNull(),
    day: plainDate().notNull(),
    doneAt: instant().notNull(),
    dueCount: integer().notNull().default(0),
    sentCount: integer().notNull().default(0),
  },
  (table) => [
    primaryKey({ columns: [table.municipalityId, table.kind, table.day] }),
    index('slots_by_time').on(table.doneAt),
  ],
)

/** A person was told of a task on a day, and why: makes a reminder happen once. */
export const reminders = pgTable(
  'reminders',
  {
    taskId: ref()
      .notNull()
      .references(() => tasks.id, { onDelete: 'cascade' }),
    personId: ref()
      .notNull()
      .references(() => persons.id, { onDelete: 'cascade' }),
    day: plainDate().notNull(),
    municipalityId: ref()
      .notNull()
      .references(() => municipalities.id, { onDelete: 'cascade' }),
    reason: text({ enum: ['before', 'due', 'overdue', 'snoozed', 'asked', 'escalated'] }).notNull(),
    deliveryId: ref().references(() => deliveries.id, { onDelete: 'set null' }),
  },
  (table) => [
    primaryKey({ columns: [table.taskId, table.personId, table.day] }),
    index('reminders_by_person').on(table.personId, table.day),
    index('reminders_by_slot').on(table.municipalityId, table.day),
  ],
)

/** What the bot waits for in a chat: the next words or files go there. Survives a restart. */
export const dialogs = pgTable(
  'dialogs',
  {
    messenger: text().notNull(),
    chat: text().notNull(),
    municipalityId: ref().references(() => municipalities.id, { onDelete: 'cascade' }),
    state: jsonb().$type<{ kind: string }>().notNull(),
    updatedAt: instant().notNull(),
  },
  (table) => [primaryKey({ columns: [table.messenger, table.chat] })],
)

/** Messages that are kept up to date in place: «Моя неделя», a broadcast's progress. `content_hash` spares an edit that changes nothing. */
export const boards = pgTable(
  'boards',
  {
    id: key(),
    municipalityId: ref()
      .notNull()
      .references(() => municipalities.id, { onDelete: 'cascade' }),
    personId: ref()
      .notNull()
      .references(() => persons.id, { onDelete: 'cascade' }),
    kind: text().notNull(),
    messenger: text().notNull(),
    chat: text().notNull(),
    deliveryId: ref().references(() => deliveries.id, { onDelete: 'set null' }),
    contentHash: text().notNull(),
    updatedAt: instant().notNull(),
  },
  (table) => [unique('boards_once').on(table.municipalityId, table.personId, table.kind, table.chat)],
)
