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
import type { ReminderPolicy } from '../../reminders/policy.ts'
import { bytes, instant, key, plainDate, plainTime, ref } from './columns.ts'

/** The tenant. Its slots and working hours are local to `timezone`; `null` in `reminder_policy` is the default policy. */
export const municipalities = pgTable('municipalities', {
  id: key(),
  name: text().notNull(),
  timezone: text().notNull(),
  locale: text().notNull().default('ru'),
  workFrom: plainTime().notNull().default(sql`'09:00'`),
  workTo: plainTime().notNull().default(sql`'18:00'`),
  reminderSlot: plainTime().notNull().default(sql`'09:00'`),
  digestSlot: plainTime().notNull().default(sql`'09:30'`),
  reminderPolicy: jsonb().$type<ReminderPolicy>(),
  evidenceRequired: boolean().notNull().default(false),
  announcementsPerDay: integer().notNull().default(3),
  lastReceiptNumber: integer().notNull().default(0),
  createdAt: instant().notNull(),
})

/** Days that a municipality moved by itself, over the country's calendar. */
export const calendarOverrides = pgTable(
  'calendar_overrides',
  {
    municipalityId: ref()
      .notNull()
      .references(() => municipalities.id, { onDelete: 'cascade' }),
    day: plainDate().notNull(),
    working: boolean().notNull(),
  },
  (table) => [primaryKey({ columns: [table.municipalityId, table.day] })],
)

/** A school, the department or a centre. Paused: nobody is reminded of its tasks until that day. */
export const organizations = pgTable(
  'organizations',
  {
    id: key(),
    municipalityId: ref()
      .notNull()
      .references(() => municipalities.id, { onDelete: 'cascade' }),
    kind: text({ enum: ['school', 'department', 'centre'] }).notNull(),
    name: text().notNull(),
    shortName: text().notNull(),
    schoolKind: text(),
    mentorForId: ref(),
    pausedUntil: plainDate(),
    note: text(),
    archivedAt: instant(),
    createdAt: instant().notNull(),
  },
  (table) => [
    unique('organizations_name').on(table.municipalityId, table.name),
    unique('organizations_in_municipality').on(table.municipalityId, table.id),
    check('organizations_kind', sql`${table.kind} in ('school', 'department', 'centre')`),
  ],
)

/** A person, known by our own id. A name is kept until the person asks to be forgotten. */
export const persons = pgTable('persons', {
  id: key(),
  fullName: text().notNull(),
  phone: text(),
  consentedAt: instant(),
  consentVersion: text(),
  erasedAt: instant(),
  createdAt: instant().notNull(),
})

/** What a person is in an organization. A membership that ended is kept: the history names it. */
export const memberships = pgTable(
  'memberships',
  {
    id: key(),
    municipalityId: ref()
      .notNull()
      .references(() => municipalities.id, { onDelete: 'cascade' }),
    personId: ref()
      .notNull()
      .references(() => persons.id),
    organizationId: ref().notNull(),
    role: text({ enum: ['coordinator', 'curator', 'head', 'deputy', 'council'] }).notNull(),
    since: instant().notNull(),
    endedAt: instant(),
  },
  (table) => [
    foreignKey({
      name: 'memberships_organization',
      columns: [table.municipalityId, table.organizationId],
      foreignColumns: [organizations.municipalityId, organizations.id],
    }).onDelete('cascade'),
    uniqueIndex('memberships_once')
      .on(table.personId, table.organizationId, table.role)
      .where(sql`${table.endedAt} is null`),
    index('memberships_by_person').on(table.personId, table.municipalityId),
    index('memberships_by_organization').on(table.organizationId, table.role).where(sql`${table.endedAt} is null`),
    index('memberships_by_time').on(table.since),
    index('memberships_by_municipality').on(table.municipalityId, table.role).where(sql`${table.endedAt} is null`),
    check('memberships_role', sql`${table.role} in ('coordinator', 'curator', 'head', 'deputy', 'council')`),
  ],
)

/** Where a person is reached: an account of a messenger. `active_municipality_id` is the one whose screens the chat shows. */
export const accounts = pgTable(
  'accounts',
  {
    id: key(),
    messenger: text().notNull().default('telegram'),
    address: text().notNull(),
    personId: ref()
      .notNull()
      .references(() => persons.id, { onDelete: 'cascade' }),
    activeMunicipalityId: ref().references(() => municipalities.id, { onDelete: 'set null' }),
    state: text({ enum: ['reachable', 'blocked', 'deactivated', 'not-found'] })
      .notNull()
      .default('reachable'),
    stateSince: instant(),
    createdAt: instant().notNull(),
  },
  (table) => [
    unique('accounts_address').on(table.messenger, table.address),
    index('accounts_by_person').on(table.personId),
    check('accounts_state', sql`${table.state} in ('reachable', 'blocked', 'deactivated', 'not-found')`),
  ],
)

/** How a person gets in. Only the hash of the token is kept; `group_key` binds the schools of one invited curator. */
export const invites = pgTable(
  'invites',
  {
    id: key(),
    municipalityId: ref()
      .notNull()
      .references(() => municipalities.id, { onDelete: 'cascade' }),
    tokenHash: bytes().notNull().unique('invites_token_hash'),
    personName: text().notNull(),
    phone: text(),
    role: text({ enum: ['coordinator', 'curator', 'head', 'deputy', 'council'] }).notNull(),
    organizationIds: ref().array().notNull(),
    invitedById: ref().references(() => persons.id),
    expiresAt: instant().notNull(),
    usedAt: instant(),
    usedById: ref().references(() => persons.id),
    revokedAt: instant(),
    createdAt: instant().notNull(),
  },
  (table) => [
    index('invites_by_municipality').on(table.municipalityId),
    index('invites_by_phone').on(table.phone).where(sql`${table.usedAt} is null and ${table.phone} is not null`),
    check('invites_role', sql`${table.role} in ('coordinator', 'curator', 'head', 'deputy', 'council')`),
    check('invites_organizations', sql`cardinality(${table.organizationIds}) > 0`),
  ],
)

/** Wrong tokens per account, to slow down whoever tries them out. Purged after a day. */
export const inviteAttempts = pgTable(
  'invite_attempts',
  { id: key(), messenger: text().notNull(), address: text().notNull(), at: instant().notNull() },
  (table) => [
    index('invite_attempts_by_account').on(table.messenger, table.address, table.at),
    index('invite_attempts_by_time').on(table.at),
  ],
)

/** A time in which a person is away; `deputy_id` is reminded instead. */
export const absences = pgTable(
  'absences',
  {
    id: key(),
    municipalityId: ref()
      .notNull()
      .references(() => municipalities.id, { onDelete: 'cascade' }),
    personId: ref()
      .notNull()
      .references(() => persons.id, { onDelete: 'cascade' }),
    fromDay: plainDate().notNull(),
    untilDay: plainDate().notNull(),
    deputyId: ref().references(() => persons.id),
    createdAt: instant().notNull(),
  },
  (table) => [
    index('absences_by_person').on(table.personId, table.untilDay),
    check('absences_order', sql`${table.fromDay} <= ${table.untilDay}`),
  ],
)
