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
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { ANNOUNCEMENT_STATES } from '../../announcements/announcement.ts'
import type { Audience } from '../../announcements/audience.ts'
import { instant, key, ref } from './columns.ts'
import { deliveries } from './delivery.ts'
import { municipalities, persons } from './people.ts'
import { activities } from './roadmaps.ts'

/** What a coordinator tells people of. `allowed` holds explicit words as bits, `content_key` finds the same text sent again. */
export const announcements = pgTable(
  'announcements',
  {
    id: key(),
    municipalityId: ref()
      .notNull()
      .references(() => municipalities.id, { onDelete: 'cascade' }),
    authorId: ref()
      .notNull()
      .references(() => persons.id),
    state: text({ enum: ANNOUNCEMENT_STATES }).notNull().default('draft'),
    title: text().notNull().default(''),
    html: text().notNull().default(''),
    place: text(),
    wantsAnswer: boolean(),
    answerUntil: instant(),
    places: integer(),
    activityId: ref(),
    audience: jsonb().$type<Audience>().notNull(),
    revision: integer().notNull().default(1),
    sendAt: instant(),
    allowed: integer().notNull().default(0),
    round: integer().notNull().default(0),
    asCaption: boolean().notNull().default(false),
    contentKey: text(),
    album: text(),
    cancelReason: text(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
    sentAt: instant(),
    cancelledAt: instant(),
  },
  (table) => [
    unique('announcements_in_municipality').on(table.municipalityId, table.id),
    index('announcements_by_state').on(table.municipalityId, table.state, table.updatedAt),
    index('announcements_to_send').on(table.sendAt).where(sql`${table.state} = 'scheduled'`),
    foreignKey({
      name: 'announcements_activity',
      columns: [table.municipalityId, table.activityId],
      foreignColumns: [activities.municipalityId, activities.id],
    }),
    check(
      'announcements_state',
      sql`${table.state} in ('draft', 'scheduled', 'sending', 'paused', 'sent', 'stopped', 'cancelled', 'discarded')`,
    ),
    check('announcements_places', sql`${table.places} > 0`),
  ],
)

/** One date of an announced event. */
export const announcementMeetings = pgTable(
  'announcement_meetings',
  {
    id: key(),
    municipalityId: ref().notNull(),
    announcementId: ref().notNull(),
    position: integer().notNull(),
    startsAt: instant().notNull(),
    endsAt: instant().notNull(),
    uid: text().notNull().unique('announcement_meetings_uid'),
    sequence: integer().notNull().default(0),
    cancelled: boolean().notNull().default(false),
    code: text(),
  },
  (table) => [
    foreignKey({
      name: 'announcement_meetings_announcement',
      columns: [table.municipalityId, table.announcementId],
      foreignColumns: [announcements.municipalityId, announcements.id],
    }).onDelete('cascade'),
    index('announcement_meetings_by_announcement').on(table.announcementId),
    index('announcement_meetings_by_start').on(table.startsAt),
    uniqueIndex('announcement_meetings_code')
      .on(table.municipalityId, table.code)
      .where(sql`${table.code} is not null`),
    check('announcement_meetings_order', sql`${table.startsAt} < ${table.endsAt}`),
  ],
)

/** A file of an announcement: sent by the messenger's own id, and kept in the store as well. */
export const announcementFiles = pgTable(
  'announcement_files',
  {
    id: key(),
    municipalityId: ref().notNull(),
    announcementId: ref().notNull(),
    purpose: text({ enum: ['body', 'materials'] }).notNull(),
    batch: integer().notNull().default(0),
    kind: text({ enum: ['photo', 'document', 'video', 'voice'] }).notNull(),
    messengerFileId: text().notNull(),
    messengerFileKey: text().notNull(),
    fileName: text(),
    mime: text(),
    size: integer(),
    sha256: text(),
  },
  (table) => [
    foreignKey({
      name: 'announcement_files_announcement',
      columns: [table.municipalityId, table.announcementId],
      foreignColumns: [announcements.municipalityId, announcements.id],
    }).onDelete('cascade'),
    unique('announcement_files_once').on(table.announcementId, table.purpose, table.batch, table.messengerFileKey),
  ],
)

/** Who is told. `delivery_id` is the message with the text; `outcome` null while it waits, `held` where a pause or a stop kept it back. */
export const announcementRecipients = pgTable(
  'announcement_recipients',
  {
    municipalityId: ref().notNull(),
    announcementId: ref().notNull(),
    personId: ref()
      .notNull()
      .references(() => persons.id, { onDelete: 'cascade' }),
    chat: text(),
    deliveryId: ref().references(() => deliveries.id, { onDelete: 'set null' }),
    outcome: text({ enum: ['sent', 'failed', 'unreachable', 'capped', 'held'] }),
  },
  (table) => [
    primaryKey({ columns: [table.announcementId, table.personId] }),
    foreignKey({
      name: 'announcement_recipients_announcement',
      columns: [table.municipalityId, table.announcementId],
      foreignColumns: [announcements.municipalityId, announcements.id],
    }).onDelete('cascade'),
    index('announcement_recipients_by_person').on(table.personId),
    check(
      'announcement_recipients_outcome',
      sql`${table.outcome} in ('sent', 'failed', 'unreachable', 'capped', 'held')`,
    ),
  ],
)

/** A person's answer as it stands; `wanted_order` is the place in the order in which places were asked for. */
export const rsvps = pgTable(
  'rsvps',
  {
    municipalityId: ref().notNull(),
    announcementId: ref().notNull(),
    personId: ref()
      .notNull()
      .references(() => persons.id, { onDelete: 'cascade' }),
    answer: text({ enum: ['yes', 'no', 'deputy'] }).notNull(),
    deputyName: text(),
    wantedOrder: integer(),
    answeredAt: instant().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.announcementId, table.personId] }),
    foreignKey({
      name: 'rsvps_announcement',
      columns: [table.municipalityId, table.announcementId],
      foreignColumns: [announcements.municipalityId, announcements.id],
    }).onDelete('cascade'),
    unique('rsvps_order').on(table.announcementId, table.wantedOrder),
    check('rsvps_answer', sql`${table.answer} in ('yes', 'no', 'deputy')`),
  ],
)

/** Every answer that was given, also those to dates that were moved later. */
export const rsvpEvents = pgTable(
  'rsvp_events',
  {
    id: key(),
    municipalityId: ref().notNull(),
    announcementId: ref().notNull(),
    personId: ref()
      .notNull()
      .references(() => persons.id, { onDelete: 'cascade' }),
    revision: integer().notNull(),
    answer: text({ enum: ['yes', 'no', 'deputy'] }).notNull(),
    deputyName: text(),
    at: instant().notNull(),
  },
  (table) => [
    foreignKey({
      name: 'rsvp_events_announcement',
      columns: [table.municipalityId, table.announcementId],
      foreignColumns: [announcements.municipalityId, announcements.id],
    }).onDelete('cascade'),
    index('rsvp_events_by_announcement').on(table.announcementId, table.id),
  ],
)

/** A person was told of something about an announcement: the row is what makes it happen once. */
export const announcementNotices = pgTable(
  'announcement_notices',
  {
    municipalityId: ref().notNull(),
    announcementId: ref().notNull(),
    personId: ref()
      .notNull()
      .references(() => persons.id, { onDelete: 'cascade' }),
    what: text().notNull(),
    at: instant().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.announcementId, table.personId, table.what] }),
    foreignKey({
      name: 'announcement_notices_announcement',
      columns: [table.municipalityId, table.announcementId],
      foreignColumns: [announcements.municipalityId, announcements.id],
    }).onDelete('cascade'),
  ],
)

/** Who was there: marked by the coordinator, or by the code that the person typed. */
export const attendances = pgTable(
  'attendances',
  {
    municipalityId: ref().notNull(),
    announcementId: ref().notNull(),
    meetingId: ref()
      .notNull()
      .references(() => announcementMeetings.id, { onDelete: 'cascade' }),
    personId: ref()
      .notNull()
      .references(() => persons.id, { onDelete: 'cascade' }),
    how: text({ enum: ['mark', 'code'] }).notNull(),
    at: instant().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.meetingId, table.personId] }),
    foreignKey({
      name: 'attendances_announcement',
      columns: [table.municipalityId, table.announcementId],
      foreignColumns: [announcements.municipalityId, announcements.id],
    }).onDelete('cascade'),
    index('attendances_by_announcement').on(table.announcementId),
  ],
)

/** What those who came think of it: 1 to 5, and words. */
export const feedbacks = pgTable(
  'feedbacks',
  {
    municipalityId: ref().notNull(),
    announcementId: ref().notNull(),
    personId: ref()
      .notNull()
      .references(() => persons.id, { onDelete: 'cascade' }),
    score: integer().notNull(),
    words: text(),
    at: instant().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.announcementId, table.personId] }),
    foreignKey({
      name: 'feedbacks_announcement',
      columns: [table.municipalityId, table.announcementId],
      foreignColumns: [announcements.municipalityId, announcements.id],
    }).onDelete('cascade'),
    check('feedbacks_score', sql`${table.score} between 1 and 5`),
  ],
)

/** A named group of people that coordinators keep: «Рабочая группа», «Новые директора». */
export const audienceGroups = pgTable(
  'audience_groups',
  {
    id: key(),
    municipalityId: ref()
      .notNull()
      .references(() => municipalities.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    createdAt: instant().notNull(),
  },
  (table) => [
    unique('audience_groups_in_municipality').on(table.municipalityId, table.id),
    unique('audience_groups_name').on(table.municipalityId, table.name),
  ],
)

export const audienceGroupMembers = pgTable(
  'audience_group_members',
  {
    municipalityId: ref().notNull(),
    groupId: ref().notNull(),
    personId: ref()
      .notNull()
      .references(() => persons.id, { onDelete: 'cascade' }),
  },
  (table) => [
    primaryKey({ columns: [table.groupId, table.personId] }),
    foreignKey({
      name: 'audience_group_members_group',
      columns: [table.municipalityId, table.groupId],
      foreignColumns: [audienceGroups.municipalityId, audienceGroups.id],
    }).onDelete('cascade'),
  ],
)
