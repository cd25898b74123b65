import { sql } from 'drizzle-orm'
import { index, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { instant, key, ref } from './columns.ts'
import { municipalities, persons } from './people.ts'

/** A person's consent to the processing of their data by one municipality: which wording, when given, when withdrawn. Kept without a name as proof. */
export const consents = pgTable(
  'consents',
  {
    id: key(),
    municipalityId: ref()
      .notNull()
      .references(() => municipalities.id, { onDelete: 'cascade' }),
    personId: ref()
      .notNull()
      .references(() => persons.id),
    version: text().notNull(),
    givenAt: instant().notNull(),
    withdrawnAt: instant(),
  },
  (table) => [
    uniqueIndex('consents_once')
      .on(table.personId, table.municipalityId, table.version)
      .where(sql`${table.withdrawnAt} is null`),
  ],
)

/** The act of an erasure (Order 179 of the regulator): when, at whose wish, and how much of what was destroyed. It names nobody. */
export const erasures = pgTable(
  'erasures',
  {
    id: key(),
    municipalityId: ref()
      .notNull()
      .references(() => municipalities.id, { onDelete: 'cascade' }),
    personId: ref()
      .notNull()
      .references(() => persons.id),
    askedBy: text({ enum: ['person', 'operator'] }).notNull(),
    counts: jsonb().$type<Record<string, number>>().notNull(),
    at: instant().notNull(),
  },
  (table) => [index('erasures_by_municipality').on(table.municipalityId, table.at)],
)

/** A change of a municipality's settings: who, when, from what to what. What makes it possible to take it back. */
export const settingChanges = pgTable(
  'setting_changes',
  {
    id: key(),
    municipalityId: ref()
      .notNull()
      .references(() => municipalities.id, { onDelete: 'cascade' }),
    setting: text().notNull(),
    before: jsonb().notNull(),
    after: jsonb().notNull(),
    personId: ref().references(() => persons.id),
    at: instant().notNull(),
    undoneAt: instant(),
  },
  (table) => [index('setting_changes_by_municipality').on(table.municipalityId, table.id)],
)
