import { sql } from 'drizzle-orm'
import {
  bigint,
  check,
  customType,
  date,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  real,
  text,
  timestamp,
  unique,
} from 'drizzle-orm/pg-core'

// A mirror of the migration search_the_faq, which makes these tables with the functions, triggers and operator classes that drizzle cannot say.

const key = (name: string) => bigint(name, { mode: 'number' })
const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' })

/** The common starter has no municipality; its scope is 0. */
const scopeOf = () => key('scope').notNull().generatedAlwaysAs(sql`coalesce(municipality_id, 0)`)

/** A question with its answer. `code` is its id in the file, `search` what is looked through, `version` grows with every change. */
export const faqEntries = pgTable(
  'faq_entries',
  {
    id: key('id').primaryKey().generatedAlwaysAsIdentity(),
    municipalityId: key('municipality_id'),
    code: text('code').notNull(),
    topic: text('topic').notNull(),
    question: text('question').notNull(),
    answer: text('answer').notNull(),
    keywords: text('keywords').notNull().default(''),
    source: text('source').notNull().default(''),
    reviewOn: date('review_on'),
    standing: text('standing', { enum: ['typical', 'confirmed', 'withdrawn'] })
      .notNull()
      .default('typical'),
    version: integer('version').notNull().default(1),
    updatedAt: timestamp('updated_at', { withTimezone: true }).notNull(),
    scope: scopeOf(),
    search: tsvector('search')
      .notNull()
      .generatedAlwaysAs(sql`setweight(to_tsvector('faq', faq_plain(question)), 'A') ||
      setweight(to_tsvector('faq', faq_plain(keywords)), 'B') || setweight(to_tsvector('faq', faq_plain(answer)), 'C')`),
  },
  (table) => [
    unique('faq_entries_code').on(table.scope, table.code),
    check('faq_entries_standing', sql`standing in ('typical', 'confirmed', 'withdrawn')`),
    check('faq_entries_municipality', sql`municipality_id > 0`),
    index('faq_entries_search').using('gin', table.scope, table.search).where(sql`standing <> 'withdrawn'`),
  ],
)

/** What an entry said before it was changed. */
export const faqVersions = pgTable(
  'faq_versions',
  {
    entryId: key('entry_id').notNull(),
    version: integer('version').notNull(),
    municipalityId: key('municipality_id'),
    topic: text('topic').notNull(),
    question: text('question').notNull(),
    answer: text('answer').notNull(),
    keywords: text('keywords').notNull(),
    source: text('source').notNull(),
    reviewOn: date('review_on'),
    standing: text('standing', { enum: ['typical', 'confirmed', 'withdrawn'] }).notNull(),
    replacedAt: timestamp('replaced_at', { withTimezone: true }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.entryId, table.version] }),
    foreignKey({ columns: [table.entryId], foreignColumns: [faqEntries.id] }).onDelete('cascade'),
  ],
)

/** What people pressed under an entry, counted for each municipality. */
export const faqFeedback = pgTable(
  'faq_feedback',
  {
    municipalityId: key('municipality_id').notNull(),
    entryId: key('entry_id').notNull(),
    shown: integer('shown').notNull().default(0),
    helped: integer('helped').notNull().default(0),
    notIt: integer('not_it').notNull().default(0),
  },
  (table) => [
    primaryKey({ columns: [table.municipalityId, table.entryId] }),
    foreignKey({ columns: [table.entryId], foreignColumns: [faqEntries.id] }).onDelete('cascade'),
  ],
)

/** Every stem of a scope's entries, with the number of entries that have it. Kept by triggers. */
export const faqVocabulary = pgTable(
  'faq_vocabulary',
  {
    scope: key('scope').notNull(),
    lexeme: text('lexeme').notNull(),
    root: text('root').notNull().generatedAlwaysAs(sql`faq_root(lexeme)`),
    slips: bigint('slips', { mode: 'bigint' }).array().notNull().generatedAlwaysAs(sql`faq_slips(scope, lexeme)`),
    entries: integer('entries').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.scope, table.lexeme] }),
    index('faq_vocabulary_root').on(table.scope, table.root),
    index('faq_vocabulary_beginning').on(table.scope, sql`left(lexeme, 4)`),
    index('faq_vocabulary_slips').using('gin', table.slips),
  ],
)

/** The number of searchable entries of a scope. Kept by triggers. */
export const faqScopes = pgTable('faq_scopes', {
  scope: key('scope').primaryKey(),
  entries: integer('entries').notNull(),
})

/** Abbreviations and synonyms: the rows of one `meaning` stand for each other. */
export const faqSynonyms = pgTable(
  'faq_synonyms',
  {
    id: key('id').primaryKey().generatedAlwaysAsIdentity(),
    municipalityId: key('municipality_id'),
    meaning: text('meaning').notNull(),
    term: text('term').notNull(),
    strength: real('strength').notNull().default(1),
    scope: scopeOf(),
    lexemes: text('lexemes').array().notNull().generatedAlwaysAs(sql`faq_lexemes(term)`),
    head: text('head').notNull().generatedAlwaysAs(sql`coalesce((faq_lexemes(term))[1], '')`),
  },
  (table) => [
    unique('faq_synonyms_term').on(table.scope, table.meaning, table.term),
    check('faq_synonyms_strength', sql`strength > 0 and strength <= 1`),
    index('faq_synonyms_head').on(table.scope, table.head),
  ],
)
