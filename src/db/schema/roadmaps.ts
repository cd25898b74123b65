import { sql } from 'drizzle-orm'
import {
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
} from 'drizzle-orm/pg-core'
import type { ScheduleJson } from '../../deadlines/schedule.ts'
import type { ReadingRefusal } from '../../roadmaps/ports.ts'
import type { ActivityWarning } from '../../roadmaps/roadmap.ts'
import { instant, key, plainDate, ref } from './columns.ts'
import { municipalities, organizations, persons } from './people.ts'

/** A stored file, once per municipality and content. `messenger_file_id` spares a second upload. `picture_hash` finds nearly the same picture. */
export const files = pgTable(
  'files',
  {
    municipalityId: ref()
      .notNull()
      .references(() => municipalities.id, { onDelete: 'cascade' }),
    sha256: text().notNull(),
    size: integer().notNull(),
    mime: text().notNull(),
    pictureHash: text(),
    messengerFileId: text(),
    createdAt: instant().notNull(),
  },
  (table) => [primaryKey({ columns: [table.municipalityId, table.sha256] })],
)

/** A file as a messenger brought it, to be fetched from there. */
export type MessengerFile = {
  messengerFileId: string
  messengerFileKey: string
  mime: string | null
  size: number | null
  chat: string
  messageId: number
}

/**
 * A department's roadmap. `reading` says how far its document was read, `refusal` why not; until it is in the file store the document is a file of a
 * messenger (`incoming`) or words (`pasted_text`). `replaces_id` is the version before. A preview or a published state belongs to one `version`.
 */
export const roadmaps = pgTable(
  'roadmaps',
  {
    id: key(),
    municipalityId: ref()
      .notNull()
      .references(() => municipalities.id, { onDelete: 'cascade' }),
    title: text().notNull().default(''),
    periodFrom: plainDate(),
    periodTo: plainDate(),
    state: text({ enum: ['draft', 'published', 'archived'] })
      .notNull()
      .default('draft'),
    reading: text({ enum: ['undecided', 'collecting', 'waiting', 'refused', 'read'] })
      .notNull()
      .default('read'),
    refusal: jsonb().$type<ReadingRefusal>(),
    incoming: jsonb().$type<MessengerFile>(),
    pastedText: text(),
    sourceSha256: text(),
    sourceName: text(),
    replacesId: ref(),
    version: integer().notNull().default(1),
    publishedVersion: integer(),
    importedById: ref().references(() => persons.id),
    createdAt: instant().notNull(),
    publishedAt: instant(),
    archivedAt: instant(),
  },
  (table) => [
    index('roadmaps_by_municipality').on(table.municipalityId, table.state),
    unique('roadmaps_in_municipality').on(table.municipalityId, table.id),
    check('roadmaps_state', sql`${table.state} in ('draft', 'published', 'archived')`),
    check('roadmaps_reading', sql`${table.reading} in ('undecided', 'collecting', 'waiting', 'refused', 'read')`),
    check('roadmaps_period', sql`${table.periodFrom} <= ${table.periodTo}`),
    check(
      'roadmaps_published',
      sql`${table.state} = 'draft' or (${table.periodFrom} is not null and ${table.periodTo} is not null)`,
    ),
  ],
)

/** The schools of the programme: those for which an activity of `schools` makes tasks. */
export const roadmapSchools = pgTable(
  'roadmap_schools',
  {
    municipalityId: ref().notNull(),
    roadmapId: ref().notNull(),
    organizationId: ref().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.roadmapId, table.organizationId] }),
    foreignKey({
      name: 'roadmap_schools_roadmap',
      columns: [table.municipalityId, table.roadmapId],
      foreignColumns: [roadmaps.municipalityId, roadmaps.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'roadmap_schools_school',
      columns: [table.municipalityId, table.organizationId],
      foreignColumns: [organizations.municipalityId, organizations.id],
    }).onDelete('cascade'),
  ],
)

/**
 * A row of the roadmap. `confirmed_at`: the coordinator settled its doubtful deadline; `left_out`: no tasks are wanted. `named_organization_ids`: the
 * schools that its executor cell names; `unmatched_schools`: the names that the register does not know, as written.
 */
export const activities = pgTable(
  'activities',
  {
    id: key(),
    municipalityId: ref()
      .notNull()
      .references(() => municipalities.id, { onDelete: 'cascade' }),
    roadmapId: ref().notNull(),
    position: integer().notNull(),
    number: text().notNull(),
    section: text().notNull(),
    title: text().notNull(),
    deadlineText: text().notNull(),
    schedule: jsonb().$type<ScheduleJson>().notNull(),
    responsibleText: text().notNull(),
    executors: text({ enum: ['schools', 'named-schools', 'municipal'] })
      .array()
      .notNull(),
    namedOrganizationIds: ref().array().notNull().default(sql`'{}'`),
    unmatchedSchools: text().array().notNull().default(sql`'{}'`),
    expectedResult: text().notNull(),
    expectedPapers: text().array().notNull().default(sql`'{}'`),
    parent: text(),
    isWhole: boolean().notNull().default(false),
    warnings: jsonb().$type<ActivityWarning[]>().notNull().default([]),
    needsEvidence: boolean().notNull().default(false),
    needsApproval: boolean().notNull().default(true),
    leftOut: boolean().notNull().default(false),
    version: integer().notNull().default(1),
    confirmedAt: instant(),
    removedAt: instant(),
  },
  (table) => [
    foreignKey({
      name: 'activities_roadmap',
      columns: [table.municipalityId, table.roadmapId],
      foreignColumns: [roadmaps.municipalityId, roadmaps.id],
    }).onDelete('cascade'),
    unique('activities_in_municipality').on(table.municipalityId, table.id),
    unique('activities_position').on(table.roadmapId, table.position),
  ],
)
