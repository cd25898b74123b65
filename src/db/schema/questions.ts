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
import { instant, key, plainDate, ref } from './columns.ts'
import { deliveries } from './delivery.ts'
import { municipalities, organizations, persons } from './people.ts'

const municipalityId = () =>
  ref()
    .notNull()
    .references(() => municipalities.id, { onDelete: 'cascade' })

/** The topics in which a member of the council answers; a member without a row answers in all. */
export const councilTopics = pgTable(
  'council_topics',
  {
    municipalityId: municipalityId(),
    personId: ref()
      .notNull()
      .references(() => persons.id, { onDelete: 'cascade' }),
    topic: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.municipalityId, table.personId, table.topic] })],
)

/** A group of the messenger in which a municipality's council answers: asked for in the group, bound in private. */
export const councilGroups = pgTable(
  'council_groups',
  {
    id: key(),
    municipalityId: municipalityId(),
    messenger: text().notNull(),
    chat: text().notNull(),
    title: text().notNull(),
    isForum: boolean().notNull(),
    state: text({ enum: ['asked', 'bound', 'left'] }).notNull(),
    askedById: ref().references(() => persons.id),
    askedAt: instant().notNull(),
  },
  (table) => [
    uniqueIndex('council_groups_of_municipality').on(table.municipalityId).where(sql`${table.state} = 'bound'`),
    uniqueIndex('council_groups_chat').on(table.messenger, table.chat).where(sql`${table.state} = 'bound'`),
    check('council_groups_state', sql`${table.state} in ('asked', 'bound', 'left')`),
  ],
)

/**
 * A question to the council, from its first search on. `withheld`: the council sees neither the school nor the name. `waits_since`: from when its
 * working hours are counted; `reminded_step`: how many of the reminders of this waiting were sent. `entry_id`: the FAQ entry that answered it.
 */
export const questions = pgTable(
  'questions',
  {
    id: key(),
    municipalityId: municipalityId(),
    number: integer(),
    askerId: ref()
      .notNull()
      .references(() => persons.id),
    organizationId: ref().references(() => organizations.id, { onDelete: 'set null' }),
    withheld: boolean().notNull().default(false),
    words: text().notNull(),
    topic: text().notNull(),
    state: text({ enum: ['draft', 'asked', 'taken', 'asked-back', 'answered', 'closed'] })
      .notNull()
      .default('draft'),
    takerId: ref().references(() => persons.id),
    entryId: ref(),
    /** Whether the FAQ had an answer that could be shown. */
    found: boolean().notNull().default(false),
    remindedStep: integer().notNull().default(0),
    createdAt: instant().notNull(),
    askedAt: instant(),
    waitsSince: instant(),
    expectedAt: instant(),
    answeredAt: instant(),
    closedAt: instant(),
  },
  (table) => [
    unique('questions_number').on(table.municipalityId, table.number),
    index('questions_open')
      .on(table.municipalityId, table.waitsSince)
      .where(sql`${table.state} in ('asked', 'taken', 'asked-back', 'answered')`),
    index('questions_by_asker').on(table.askerId, table.id),
    index('questions_by_time').on(table.municipalityId, table.createdAt),
    check('questions_state', sql`${table.state} in ('draft', 'asked', 'taken', 'asked-back', 'answered', 'closed')`),
  ],
)

/** Words said about a question: the expert's answer, the expert's question back, the asker's further words. Each message once. */
export const answers = pgTable(
  'answers',
  {
    id: key(),
    municipalityId: municipalityId(),
    questionId: ref()
      .notNull()
      .references(() => questions.id, { onDelete: 'cascade' }),
    authorId: ref()
      .notNull()
      .references(() => persons.id),
    kind: text({ enum: ['answer', 'asked-back', 'added'] }).notNull(),
    words: text().notNull(),
    chat: text().notNull(),
    messageId: bigint({ mode: 'number' }).notNull(),
    at: instant().notNull(),
  },
  (table) => [
    unique('answers_once').on(table.questionId, table.chat, table.messageId),
    index('answers_by_question').on(table.questionId, table.id),
    check('answers_kind', sql`${table.kind} in ('answer', 'asked-back', 'added')`),
  ],
)

/** A file with a question (no answer) or with an answer. `sha256`: once it is in our own store. */
export const questionFiles = pgTable(
  'question_files',
  {
    id: key(),
    municipalityId: municipalityId(),
    questionId: ref()
      .notNull()
      .references(() => questions.id, { onDelete: 'cascade' }),
    answerId: ref().references(() => answers.id, { onDelete: 'cascade' }),
    kind: text({ enum: ['photo', 'document', 'video', 'voice'] }).notNull(),
    messengerFileId: text().notNull(),
    messengerFileKey: text().notNull(),
    fileName: text(),
    mime: text(),
    sha256: text(),
    at: instant().notNull(),
  },
  (table) => [
    unique('question_files_once').on(table.questionId, table.answerId, table.messengerFileKey).nullsNotDistinct(),
    index('question_files_by_question').on(table.questionId, table.id),
  ],
)

/** What happened to a question: who, when, from, to, by which message. Never rewritten. */
export const questionEvents = pgTable(
  'question_events',
  {
    id: key(),
    municipalityId: municipalityId(),
    questionId: ref()
      .notNull()
      .references(() => questions.id, { onDelete: 'cascade' }),
    kind: text().notNull(),
    fromState: text().notNull(),
    toState: text().notNull(),
    actorId: ref().references(() => persons.id),
    facts: jsonb().$type<Record<string, string | number | null>>().notNull().default({}),
    updateId: bigint({ mode: 'number' }),
    at: instant().notNull(),
  },
  (table) => [index('question_events_by_question').on(table.questionId, table.id)],
)

/** Who asked the same and gets the same answers. */
export const questionFollowers = pgTable(
  'question_followers',
  {
    municipalityId: municipalityId(),
    questionId: ref()
      .notNull()
      .references(() => questions.id, { onDelete: 'cascade' }),
    personId: ref()
      .notNull()
      .references(() => persons.id),
    at: instant().notNull(),
  },
  (table) => [primaryKey({ columns: [table.questionId, table.personId] })],
)

/** A message that shows a question and is kept up to date: at its asker, at members, in the group. `topic`: the forum topic itself. */
export const questionPosts = pgTable(
  'question_posts',
  {
    id: key(),
    municipalityId: municipalityId(),
    questionId: ref()
      .notNull()
      .references(() => questions.id, { onDelete: 'cascade' }),
    audience: text({ enum: ['asker', 'member', 'group', 'topic'] }).notNull(),
    personId: ref().references(() => persons.id, { onDelete: 'cascade' }),
    messenger: text().notNull(),
    chat: text().notNull(),
    deliveryId: ref()
      .notNull()
      .references(() => deliveries.id, { onDelete: 'cascade' }),
  },
  (table) => [
    unique('question_posts_once').on(table.questionId, table.audience, table.chat),
    check('question_posts_audience', sql`${table.audience} in ('asker', 'member', 'group', 'topic')`),
  ],
)

/** Which FAQ entries were shown for a question, and what the person said of each: counted once. */
export const questionFindings = pgTable(
  'question_findings',
  {
    municipalityId: municipalityId(),
    questionId: ref()
      .notNull()
      .references(() => questions.id, { onDelete: 'cascade' }),
    entryId: ref().notNull(),
    place: integer().notNull(),
    verdict: text({ enum: ['shown', 'helped', 'not-it'] })
      .notNull()
      .default('shown'),
  },
  (table) => [
    primaryKey({ columns: [table.questionId, table.entryId] }),
    check('question_findings_verdict', sql`${table.verdict} in ('shown', 'helped', 'not-it')`),
  ],
)

/** A text on its way into the FAQ: a new entry, or (`entry_id`) another version of one. Only the coordinator's approval publishes it. */
export const faqProposals = pgTable(
  'faq_proposals',
  {
    id: key(),
    municipalityId: municipalityId(),
    questionId: ref().references(() => questions.id, { onDelete: 'set null' }),
    entryId: ref(),
    topic: text().notNull(),
    question: text().notNull(),
    answer: text().notNull(),
    keywords: text().notNull().default(''),
    source: text().notNull().default(''),
    reviewOn: plainDate(),
    state: text({ enum: ['draft', 'proposed', 'approved', 'declined'] })
      .notNull()
      .default('draft'),
    version: integer().notNull().default(1),
    proposedById: ref()
      .notNull()
      .references(() => persons.id),
    decidedById: ref().references(() => persons.id),
    createdAt: instant().notNull(),
    decidedAt: instant(),
  },
  (table) => [
    index('faq_proposals_waiting').on(table.municipalityId, table.id).where(sql`${table.state} = 'proposed'`),
    check('faq_proposals_state', sql`${table.state} in ('draft', 'proposed', 'approved', 'declined')`),
  ],
)

/** Who answers for an entry of the FAQ, and for which review date it was last sent back to them. */
export const faqKeepers = pgTable(
  'faq_keepers',
  {
    municipalityId: municipalityId(),
    entryId: ref().notNull(),
    personId: ref().references(() => persons.id, { onDelete: 'set null' }),
    askedFor: plainDate(),
  },
  (table) => [primaryKey({ columns: [table.municipalityId, table.entryId] })],
)
