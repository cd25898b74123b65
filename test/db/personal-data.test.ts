import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { forgetPerson, type PersonalData, personalData } from '../../src/db/personal-data.ts'
import { aWorld, CAST, type World } from '../support/people.ts'

/**
 * Every column that refers to a person, as the catalogue names it: the kind of the export that shows such a row, and what forgetting leaves of the reference.
 * «gone»: nothing; «kept»: the school's record stays, without a name. A new column fails until somebody has decided.
 */
const PLACES: Record<string, [exported: string | null, forgotten: 'gone' | 'kept', because?: string]> = {
  'absences.deputy_id': [null, 'gone', 'the absence of somebody else'],
  'absences.person_id': ['absences', 'gone'],
  'accounts.person_id': ['accounts', 'gone'],
  'announcement_notices.person_id': [null, 'gone', 'which messages were sent: shown with the messages'],
  'announcement_recipients.person_id': ['announcedToThem', 'kept'],
  'announcements.author_id': ['announcements', 'kept'],
  'answers.author_id': ['answers', 'kept'],
  'attendances.person_id': ['attendances', 'kept'],
  'audience_group_members.person_id': ['groups', 'gone'],
  'boards.person_id': [null, 'gone', 'a message kept up to date: shown with the messages'],
  'consents.person_id': ['consents', 'kept', 'proves that the data was processed by right'],
  'council_groups.asked_by_id': [null, 'kept', 'a group of the department'],
  'council_topics.person_id': ['councilTopics', 'gone'],
  'deliveries.person_id': ['messagesToThem', 'gone'],
  'erasures.person_id': [null, 'kept', 'the act itself, in numbers'],
  'evidence.author_id': ['evidence', 'kept'],
  'faq_keepers.person_id': [null, 'gone', 'an entry of the department'],
  'faq_proposals.decided_by_id': [null, 'kept', 'a decision of the department'],
  'faq_proposals.proposed_by_id': ['faqProposals', 'kept'],
  'feedbacks.person_id': ['feedbacks', 'kept'],
  'invites.invited_by_id': [null, 'gone', 'the invite of somebody else'],
  'invites.used_by_id': ['invites', 'gone'],
  'memberships.person_id': ['memberships', 'kept'],
  'postponements.answered_by_id': ['postponements', 'kept'],
  'postponements.asked_by_id': ['postponements', 'kept'],
  'question_events.actor_id': [null, 'kept', 'follows from questions and answers'],
  'question_followers.person_id': ['questionsFollowed', 'gone'],
  'question_posts.person_id': [null, 'gone', 'which messages were sent: shown with the messages'],
  'questions.asker_id': ['questions', 'kept'],
  'questions.taker_id': [null, 'kept', 'the question of somebody else; watch-council gives an open one to the others'],
  'reminders.person_id': [null, 'gone', 'which messages were sent: shown with the messages'],
  'reports.author_id': ['reports', 'kept'],
  'reports.reviewer_id': ['reviews', 'kept'],
  'roadmaps.imported_by_id': ['roadmaps', 'kept'],
  'rsvp_events.person_id': ['rsvps', 'kept'],
  'rsvps.person_id': [null, 'kept', 'the last of the events'],
  'school_notes.author_id': ['notes', 'kept'],
  'setting_changes.person_id': ['settingChanges', 'kept'],
  'snoozes.person_id': ['snoozes', 'gone'],
  'task_events.actor_id': ['events', 'kept'],
  'tasks.assignee_id': ['assignedTasks', 'gone'],
}

let world: World
let places: { table: string; column: string }[]
let exported: PersonalData | null
const { pyotr } = CAST

beforeAll(async () => {
  world = await aWorld()
  places = [...(await columnsThatRefer())]
  await fillAll()
  exported = await world.database.asSystem((tx) => personalData(tx, world.persons.pyotr))
})
afterAll(() => world.database.close())

async function columnsThatRefer() {
  return world.database.sql<{ table: string; column: string }[]>`
    select conrelid::regclass::text as table, a.attname as column
      from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
     where c.contype = 'f' and c.confrelid = 'persons'::regclass order by 1, 2`
}

/** Columns by which a row belongs to the chat of a person; the council's group is nobody's own. */
async function columnsOfChats() {
  return world.database.sql<{ table: string; column: string }[]>`
    select table_name as table, column_name as column from information_schema.columns
     where table_schema = 'public' and column_name in ('chat', 'address') and table_name <> 'council_groups' order by 1`
}

/** A row in every place that there is: with the person in that column, and whatever else the table demands. No rule of the tables but their shape is asked. */
async function fillAll(): Promise<void> {
  const { sql } = world.database
  const checks = await sql<{ table: string; name: string }[]>`
    select conrelid::regclass::text as table, conname as name from pg_constraint
     where contype = 'c' and connamespace = 'public'::regnamespace`
  for (const { table, name } of checks) await sql`alter table ${sql(table)} drop constraint ${sql(name)}`
  const onlyOnce = await sql<{ name: string }[]>`
    select indexrelid::regclass::text as name from pg_index join pg_class on pg_class.oid = indrelid
     where indisunique and relnamespace = 'public'::regnamespace and not exists (select from pg_constraint where conindid = indexrelid)`
  for (const { name } of onlyOnce) await sql`drop index ${sql(name)}`
  await sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`
    await tx.unsafe(await rowWith('audience_groups', 'id', String(KEY)))
    for (const { table, column } of places) await tx.unsafe(await rowWith(table, column, String(world.persons.pyotr)))
    const own = { owner: world.persons.pyotr, key: KEY + 500 }
    for (const { table, column } of await columnsOfChats())
      if (table !== 'accounts') await tx.unsafe(await rowWith(table, column, `'${pyotr.chat}'`, own))
    await tx`update inbox set state = 'done'` // what waits is worked on first
    await tx`update questions set state = 'asked'` // a draft is the asker's alone, and goes with them
  })
}

/** Rows of one filling name each other: all keys are the same number, but for the second and later rows of a table. */
const KEY = 424_242
const rowsOf = new Map<string, number>()

/** Whose a row is where nothing else is asked, and the number of all its keys. */
type Filling = { owner: number; key: number }

async function rowWith(
  table: string,
  column: string,
  value: string,
  { owner, key }: Filling = { owner: world.persons.olga, key: KEY },
): Promise<string> {
  const before = rowsOf.get(`${table} ${key}`) ?? 0
  rowsOf.set(`${table} ${key}`, before + 1)
  const columns = await world.database.sql<{ name: string; type: string; identity: string }[]>`
    select a.attname as name, format_type(a.atttypid, null) as type, a.attidentity as identity
      from pg_attribute a where a.attrelid = ${table}::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
       and (a.attnotnull and (not a.atthasdef or a.attname in ('municipality_id')) or a.attname = ${column})`
  const values = columns.map(({ name, type }) =>
    name === column ? value : name === 'id' ? String(key + before) : dummyOf(name, type, { owner, key }),
  )
  const names = columns.map(({ name }) => `"${name}"`).join(', ')
  return `insert into ${table} (${names}) overriding system value values (${values.join(', ')}) on conflict do nothing`
}

function dummyOf(name: string, type: string, { owner, key }: Filling): string {
  if (name === 'municipality_id') return String(world.municipalityId)
  if (name === 'organization_id') return String(world.schools.first)
  if (name === 'person_id' || name === 'author_id') return String(owner)
  if (name === 'messenger') return `'telegram'`
  if (type.endsWith('[]')) return `'{}'`
  if (/int/.test(type)) return String(type === 'bigint' ? key : 1)
  if (type === 'jsonb') return `'{}'`
  if (type === 'date') return `'2026-03-01'`
  if (type === 'boolean') return 'false'
  if (/time/.test(type)) return type.startsWith('timestamp') ? 'now()' : `'09:00'`
  if (type === 'bytea') return `'\\x${KEY}'`
  return `'x'`
}

describe('what is known of a person', () => {
  it('has a place in the export and in the erasure, wherever the catalogue knows of a person', () => {
    expect(places.map(({ table, column }) => `${table}.${column}`)).toEqual(Object.keys(PLACES))
  })

  it.each(Object.entries(PLACES).filter(([, [kind]]) => kind !== null))('%s is shown by the export', (_, [kind]) => {
    expect(exported?.[kind!]).not.toEqual([])
    expect(exported?.[kind!]).toBeDefined()
  })

  it('is gone from every place where it was only theirs, and from every chat', async () => {
    const { sql } = world.database
    const countIn = async (table: string, column: string, value: string | number): Promise<number> =>
      (await sql`select from ${sql(table)} where ${sql(column)}::text = ${String(value)}`).length
    for (const { table, column } of places)
      expect(await countIn(table, column, world.persons.pyotr), `${table}.${column}, before`).toBeGreaterThan(0)
    const chats = await columnsOfChats()
    for (const { table, column } of chats)
      expect(await countIn(table, column, pyotr.chat), `${table}.${column}, before`).toBeGreaterThan(0)

    const forgotten = await world.database.asSystem((tx) =>
      forgetPerson(tx, { personId: world.persons.pyotr, askedBy: 'operator', now: world.clock.now, evenLast: true }),
    )
    expect(forgotten.ok).toBe(true)
    const left: string[] = []
    for (const { table, column } of places)
      if ((await countIn(table, column, world.persons.pyotr)) > 0) left.push(`${table}.${column}`)
    expect(left).toEqual(Object.keys(PLACES).filter((place) => PLACES[place]![1] === 'kept'))
    const leftInChats: string[] = []
    for (const { table, column } of chats)
      if ((await countIn(table, column, pyotr.chat)) > 0) leftInChats.push(`${table}.${column}`)
    expect(leftInChats).toEqual([])
  })
})
