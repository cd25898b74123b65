import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { instant, key, plainDate, ref } from './columns.ts'
import { municipalities, organizations, persons } from './people.ts'
import { activities } from './roadmaps.ts'

/**
 * One Window of one activity for one executing organization. `due_on` moves when a postponement is granted; `window_due` is as the roadmap says.
 * `version` grows with every event: a button made for an earlier version finds that the task moved on.
 */
export const tasks = pgTable(
  'tasks',
  {
    id: key(),
    municipalityId: ref()
      .notNull()
      .references(() => municipalities.id, { onDelete: 'cascade' }),
    activityId: ref().notNull(),
    organizationId: ref().notNull(),
    windowFrom: plainDate().notNull(),
    windowDue: plainDate().notNull(),
    dueOn: plainDate().notNull(),
    state: text({ enum: ['planned', 'in_progress', 'blocked', 'reported', 'returned', 'accepted', 'cancelled'] })
      .notNull()
      .default('planned'),
    version: integer().notNull().default(1),
    obstacle: text(),
    /** False for a task whose window was past when the roadmap was published: it is listed, nobody is reminded of it and nobody escalates it. */
    reminded: boolean().notNull().default(true),
    assigneeId: ref().references(() => persons.id),
    updatedAt: instant().notNull(),
  },
  (table) => [
    foreignKey({
      name: 'tasks_activity',
      columns: [table.municipalityId, table.activityId],
      foreignColumns: [activities.municipalityId, activities.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'tasks_organization',
      columns: [table.municipalityId, table.organizationId],
      foreignColumns: [organizations.municipalityId, organizations.id],
    }).onDelete('cascade'),
    unique('tasks_once').on(table.activityId, table.organizationId, table.windowFrom, table.windowDue),
    unique('tasks_in_municipality').on(table.municipalityId, table.id),
    index('tasks_open_by_due')
      .on(table.dueOn, table.municipalityId)
      .where(sql`${table.state} in ('planned', 'in_progress', 'blocked', 'returned')`),
    index('tasks_open_by_organization')
      .on(table.organizationId, table.dueOn)
      .where(sql`${table.state} in ('planned', 'in_progress', 'blocked', 'returned')`),
    index('tasks_by_organization').on(table.organizationId, table.state, table.dueOn),
    index('tasks_by_change').on(table.organizationId, table.updatedAt),
    index('tasks_by_time').on(table.updatedAt),
    index('tasks_by_municipality').on(table.municipalityId, table.state, table.dueOn),
    check(
      'tasks_state',
      sql`${table.state} in ('planned', 'in_progress', 'blocked', 'reported', 'returned', 'accepted', 'cancelled')`,
    ),
    check('tasks_window', sql`${table.windowFrom} <= ${table.windowDue}`),
  ],
)

/**
 * How many tasks of a municipality are in a state: the rows of a key add up, to what a recount of `tasks` would give. Triggers add a row for every change, so
 * that nobody waits for another's; `foldTallies` makes one of many. `due_on` is kept while a task is open, `reviewed` says whether a curator looks at its reports.
 */
export const taskTallies = pgTable(
  'task_tallies',
  {
    municipalityId: ref().notNull(),
    state: text().notNull(),
    reviewed: boolean().notNull(),
    dueOn: plainDate(),
    tasks: integer().notNull(),
    changedAt: instant().notNull(),
    folded: boolean().notNull().default(false),
  },
  (table) => [
    index('task_tallies_by_key').on(table.municipalityId, table.state, table.dueOn),
    index('task_tallies_loose').on(table.municipalityId).where(sql`not ${table.folded}`),
  ],
)

/** What happened to a task: who, when, from, to, by which update. Never rewritten (a trigger refuses it). */
export const taskEvents = pgTable(
  'task_events',
  {
    id: key(),
    municipalityId: ref().notNull(),
    taskId: ref().notNull(),
    kind: text().notNull(),
    at: instant().notNull(),
    actorId: ref().references(() => persons.id),
    fromState: text(),
    toState: text(),
    version: integer().notNull(),
    updateId: bigint({ mode: 'number' }),
    facts: jsonb().$type<Record<string, unknown>>().notNull().default({}),
  },
  (table) => [
    foreignKey({
      name: 'task_events_task',
      columns: [table.municipalityId, table.taskId],
      foreignColumns: [tasks.municipalityId, tasks.id],
    }).onDelete('cascade'),
    unique('task_events_version').on(table.taskId, table.version),
    index('task_events_by_time').on(table.municipalityId, table.at),
    index('task_events_by_actor').on(table.actorId),
  ],
)

/**
 * What a person said of a task. `collecting` is the basket: evidence arrives until «Это всё»; then `submitted`.
 * `receipt_number` is the number on the receipt, counted per municipality.
 */
export const reports = pgTable(
  'reports',
  {
    id: key(),
    municipalityId: ref().notNull(),
    taskId: ref().notNull(),
    authorId: ref()
      .notNull()
      .references(() => persons.id),
    state: text({ enum: ['collecting', 'submitted', 'accepted', 'returned', 'withdrawn'] }).notNull(),
    closing: boolean().notNull().default(false),
    receiptNumber: integer(),
    comment: text(),
    doneOn: plainDate(),
    numbers: jsonb().$type<{ value: number; of: string }[]>().notNull().default([]),
    links: text().array().notNull().default(sql`'{}'`),
    startedAt: instant().notNull(),
    touchedAt: instant().notNull(),
    submittedAt: instant(),
    reviewedAt: instant(),
    reviewerId: ref().references(() => persons.id),
    returnReason: text(),
    tickedPapers: text().array().notNull().default(sql`'{}'`),
  },
  (table) => [
    foreignKey({
      name: 'reports_task',
      columns: [table.municipalityId, table.taskId],
      foreignColumns: [tasks.municipalityId, tasks.id],
    }).onDelete('cascade'),
    unique('reports_in_municipality').on(table.municipalityId, table.id),
    uniqueIndex('reports_one_open').on(table.taskId).where(sql`${table.state} in ('collecting', 'submitted')`),
    unique('reports_receipt').on(table.municipalityId, table.receiptNumber),
    index('reports_by_task').on(table.taskId),
    index('reports_by_author').on(table.authorId),
    index('reports_waiting').on(table.municipalityId, table.submittedAt).where(sql`${table.state} = 'submitted'`),
    index('reports_collecting').on(table.touchedAt).where(sql`${table.state} = 'collecting'`),
    check('reports_state', sql`${table.state} in ('collecting', 'submitted', 'accepted', 'returned', 'withdrawn')`),
  ],
)

/** A photo, document, link or voice note. Without a report it lies in «Неразобранное» of its author and waits to be put somewhere. */
export const evidence = pgTable(
  'evidence',
  {
    id: key(),
    municipalityId: ref()
      .notNull()
      .references(() => municipalities.id, { onDelete: 'cascade' }),
    reportId: ref(),
    authorId: ref()
      .notNull()
      .references(() => persons.id),
    kind: text({ enum: ['photo', 'document', 'video', 'voice', 'link'] }).notNull(),
    state: text({ enum: ['arriving', 'stored', 'failed', 'removed'] }).notNull(),
    chat: text().notNull(),
    messageId: bigint({ mode: 'number' }).notNull(),
    replyToMessageId: bigint({ mode: 'number' }),
    album: text(),
    messengerFileId: text(),
    messengerFileKey: text(),
    sha256: text(),
    fileName: text(),
    mime: text(),
    size: integer(),
    url: text(),
    caption: text(),
    failure: text(),
    askedAt: instant(),
    receivedAt: instant().notNull(),
  },
  (table) => [
    foreignKey({
      name: 'evidence_report',
      columns: [table.municipalityId, table.reportId],
      foreignColumns: [reports.municipalityId, reports.id],
    }).onDelete('cascade'),
    unique('evidence_message')
      .on(table.municipalityId, table.chat, table.messageId, table.kind, table.url)
      .nullsNotDistinct(),
    index('evidence_by_report').on(table.reportId),
    index('evidence_by_album').on(table.chat, table.album).where(sql`${table.album} is not null`),
    index('evidence_unsorted')
      .on(table.authorId, table.receivedAt)
      .where(sql`${table.reportId} is null and ${table.state} <> 'removed'`),
    index('evidence_arriving').on(table.receivedAt).where(sql`${table.state} = 'arriving'`),
    index('evidence_by_content').on(table.municipalityId, table.sha256),
    check('evidence_kind', sql`${table.kind} in ('photo', 'document', 'video', 'voice', 'link')`),
    check('evidence_state', sql`${table.state} in ('arriving', 'stored', 'failed', 'removed')`),
  ],
)

/** A head's wish for a later day, and the curator's answer. One open wish a task. */
export const postponements = pgTable(
  'postponements',
  {
    id: key(),
    municipalityId: ref().notNull(),
    taskId: ref().notNull(),
    askedById: ref()
      .notNull()
      .references(() => persons.id),
    askedAt: instant().notNull(),
    dueBefore: plainDate().notNull(),
    dueAfter: plainDate().notNull(),
    reason: text(),
    state: text({ enum: ['asked', 'granted', 'refused', 'withdrawn'] })
      .notNull()
      .default('asked'),
    answeredById: ref().references(() => persons.id),
    answeredAt: instant(),
  },
  (table) => [
    foreignKey({
      name: 'postponements_task',
      columns: [table.municipalityId, table.taskId],
      foreignColumns: [tasks.municipalityId, tasks.id],
    }).onDelete('cascade'),
    uniqueIndex('postponements_one_open').on(table.taskId).where(sql`${table.state} = 'asked'`),
    check('postponements_state', sql`${table.state} in ('asked', 'granted', 'refused', 'withdrawn')`),
  ],
)

/** «Напомнить завтра»: this person hears of the task again on that day, and not before. */
export const snoozes = pgTable(
  'snoozes',
  {
    municipalityId: ref().notNull(),
    taskId: ref().notNull(),
    personId: ref()
      .notNull()
      .references(() => persons.id, { onDelete: 'cascade' }),
    remindOn: plainDate().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.taskId, table.personId] }),
    foreignKey({
      name: 'snoozes_task',
      columns: [table.municipalityId, table.taskId],
      foreignColumns: [tasks.municipalityId, tasks.id],
    }).onDelete('cascade'),
    index('snoozes_by_day').on(table.remindOn),
  ],
)

/** What only curators and coordinators see of a school. */
export const schoolNotes = pgTable(
  'school_notes',
  {
    id: key(),
    municipalityId: ref().notNull(),
    organizationId: ref().notNull(),
    authorId: ref()
      .notNull()
      .references(() => persons.id),
    words: text().notNull(),
    at: instant().notNull(),
    removed: boolean().notNull().default(false),
  },
  (table) => [
    foreignKey({
      name: 'school_notes_school',
      columns: [table.municipalityId, table.organizationId],
      foreignColumns: [organizations.municipalityId, organizations.id],
    }).onDelete('cascade'),
    index('school_notes_by_school').on(table.organizationId, table.at),
  ],
)
