import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import drizzleConfig from '../../drizzle.config.ts'
import { checkDatabase, openDatabase } from '../../src/db/database.ts'
import { MIGRATIONS, migrateDatabase, openMigrations } from '../../src/db/migrate.ts'
import { InputProblem } from '../../src/kernel/problem.ts'
import { aSandbox, head } from '../sandbox/people.ts'
import { freshDatabase } from '../support/database.ts'
import { EFFECTS, NO_PACE, settings, startEngine } from '../support/engine.ts'

const runFile = promisify(execFile)

async function emptyDatabase(name: string, more = ''): Promise<string> {
  const admin = postgres(inject('postgresUrl'), { max: 1, onnotice: () => {} })
  await admin.unsafe(`drop database if exists ${name}`)
  await admin.unsafe(`create database ${name} ${more}`)
  await admin.end()
  const url = new URL(inject('postgresUrl'))
  url.pathname = `/${name}`
  return url.toString()
}

/** This release's migrations and one more. */
async function nextRelease(folder: string, tag: string, statements: string): Promise<string> {
  const next = join(folder, tag)
  await cp(MIGRATIONS, next, { recursive: true })
  const path = join(next, 'meta/_journal.json')
  const journal = JSON.parse(await readFile(path, 'utf8')) as { entries: { idx: number; when: number }[] }
  const last = journal.entries.at(-1)!
  journal.entries.push({ ...last, idx: last.idx + 1, when: last.when + 1, tag } as (typeof journal.entries)[number])
  await writeFile(path, JSON.stringify(journal))
  await writeFile(join(next, `${tag}.sql`), statements)
  return next
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sovet-migrations-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('the migrations', () => {
  it('are all that the schema says: drizzle-kit finds nothing to add', async () => {
    const copy = join(folder, 'drawn')
    await cp(MIGRATIONS, copy, { recursive: true })
    const { casing, dialect, schema } = drizzleConfig
    const settings = { casing, dialect, schema, out: relative('.', copy) } // it takes no absolute path
    const flags = Object.entries(settings).map(([name, value]) => `--${name}=${value}`)
    const { stdout } = await runFile(process.execPath, ['node_modules/drizzle-kit/bin.cjs', 'generate', ...flags])
    expect(stdout).toContain('No schema changes')
    expect(await readdir(copy)).toEqual(await readdir(MIGRATIONS))
  })
})

describe('migrating', () => {
  it('is done once by twenty who start together (F18), and one of them tells what was done', async () => {
    const url = await emptyDatabase('twenty')
    const told = await Promise.all(Array.from({ length: 20 }, () => migrateDatabase(url)))
    expect(told.filter((names) => names.length > 0)).toEqual([expect.arrayContaining(['0000_initial'])])
    const database = openDatabase(url)
    const applied = await database.sql<{ hash: string }[]>`select hash from drizzle.__drizzle_migrations`
    expect(new Set(applied.map((row) => row.hash)).size).toBe(applied.length)
    expect(applied.length).toBe(told.flat().length)
    expect(await openMigrations(database.sql)).toEqual([])
    await database.close()
  })

  it('that fails half-way changes nothing, names itself, and is done once it is mended', async () => {
    const url = await freshDatabase()
    const bad = await nextRelease(
      folder,
      '9000_add_badly',
      'alter table persons add column nickname text;--> statement-breakpoint\ncreate index on persons (no_such_column);',
    )
    const problem = await migrateDatabase(url, { folder: bad }).catch((error: unknown) => error)
    expect(problem).toBeInstanceOf(InputProblem)
    expect((problem as Error).message).toMatch(/9000_add_badly.*no_such_column.*the release before works on/)
    expect((problem as Error).message).not.toContain('\n')
    const database = openDatabase(url)
    await expect(database.sql`select nickname from persons`).rejects.toThrow(/nickname/)
    expect(await openMigrations(database.sql, bad)).toEqual(['9000_add_badly'])
    await database.close()
    await writeFile(join(bad, '9000_add_badly.sql'), 'alter table persons add column nickname text;')
    expect(await migrateDatabase(url, { folder: bad })).toEqual(['9000_add_badly'])
  })

  it('does not make everybody wait for a table that is in use: it lets go, and says so where that does not help', async () => {
    const url = await freshDatabase()
    const next = await nextRelease(folder, '9001_add_a_column', 'alter table persons add column motto text;')
    const holder = openDatabase(url, { max: 1 })
    await holder.sql.begin(async (sql) => {
      await sql`select from persons`
      await expect(migrateDatabase(url, { folder: next, lockTimeoutMs: 50 })).rejects.toThrow(
        /9001_add_a_column.*in use/,
      )
    })
    await holder.close()
    expect(await migrateDatabase(url, { folder: next })).toEqual(['9001_add_a_column'])
  })

  it('is not noticed by the release before, which serves on: no button fails', async () => {
    const databaseUrl = await freshDatabase()
    const database = openDatabase(databaseUrl)
    await database.sql.unsafe(EFFECTS)
    const sandbox = await aSandbox()
    const { config, forget } = await settings({ databaseUrl, token: sandbox.token, apiRoot: sandbox.apiRoot })
    const app = await startEngine(config, {
      upstreamIdle: () => sandbox.pendingUpdates === 0,
      pace: { chatPace: NO_PACE }, // fifty answers to one chat, each beside the new tables
    })
    const phone = sandbox.as(head.id)
    await phone.start()
    const greeting = await phone.waitFor('Здравствуйте')
    const next = await nextRelease(
      folder,
      '9002_add_what_the_next_release_needs',
      [
        'alter table deliveries add column colour text;',
        'alter table inbox add column colour text;',
        'create index deliveries_by_colour on deliveries (colour) where colour is not null;',
        'create table colours (name text primary key);',
      ].join('--> statement-breakpoint\n'),
    )
    const answers: (string | null | undefined)[] = []
    const press = async () => void answers.push((await (await phone.forgeTap(greeting, 'done')).answered())?.text)
    for (let n = 0; n < 10; n++) await press()
    const upgrade = migrateDatabase(databaseUrl, { folder: next })
    for (let n = 0; n < 30; n++) await press()
    expect(await upgrade).toEqual(['9002_add_what_the_next_release_needs'])
    for (let n = 0; n < 10; n++) await press()
    await app.settle()
    expect(answers).toEqual(Array(50).fill('Отмечено'))
    expect(await database.sql`select from effects where what = 'tap'`).toHaveLength(50)
    expect(await database.sql`select from inbox where state <> 'done' or attempts > 0`).toEqual([])
    await app.close()
    await sandbox.close()
    await database.close()
    await forget()
  })
})

/** What the release before cannot live with, or waits for: allowed only where the line before says «-- compatible: …», why it is no harm. */
const RISKS: [what: string, pattern: RegExp][] = [
  ['drops what the release before may read', /\bdrop\s+(?:table|column|view|type|function|schema|sequence)\b/i],
  ['renames what the release before asks for', /\brename\b/i],
  ['demands a value that the release before does not give', /\bset\s+not\s+null\b/i],
  [
    'demands a value that the release before does not give',
    /\badd\s+column\b(?!.*\bdefault\b)(?!.*\bgenerated\b).*\bnot\s+null\b/i,
  ],
  ['changes a type, and rewrites the table', /\balter\s+column\b.*\btype\b/i],
  ['refuses what the release before may write', /\badd\s+constraint\b(?!.*\bnot\s+valid\b)/i],
  ['keeps writers out while it reads the whole table', /\bcreate\s+(?:unique\s+)?index\b/i],
]

/** The tables made in this migration are nobody's yet: what is done to them harms nobody. */
function risksOf(sql: string): string[] {
  const made = new Set(
    [...sql.matchAll(/create\s+table\s+(?:if\s+not\s+exists\s+)?"?(\w+)"?/gi)].map((match) => match[1]),
  )
  return sql.split('--> statement-breakpoint').flatMap((statement) => {
    if (/^\s*--\s*compatible: \S/m.test(statement)) return []
    const code = statement.replace(/^\s*--.*$/gm, '').replace(/\s+/g, ' ')
    const table = code.match(/\b(?:alter\s+table|\bon)\s+"?(\w+)"?/i)?.[1]
    if (table && made.has(table)) return []
    return RISKS.filter(([, pattern]) => pattern.test(code)).map(([what]) => `${what}: ${code.trim().slice(0, 80)}`)
  })
}

describe('a migration lets the release before run beside it', () => {
  const LAST_OF_FIRST_RELEASE = '0004_isolate_the_faq'

  it('adds, and where it does more it says why that is no harm', async () => {
    const journal = JSON.parse(await readFile(join(MIGRATIONS, 'meta/_journal.json'), 'utf8')) as {
      entries: { tag: string }[]
    }
    const tags = journal.entries.map(({ tag }) => tag)
    const later = tags.slice(tags.indexOf(LAST_OF_FIRST_RELEASE) + 1)
    const found = await Promise.all(
      later.map(async (tag) => [tag, risksOf(await readFile(join(MIGRATIONS, `${tag}.sql`), 'utf8'))]),
    )
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(later.map((tag) => [tag, []])))
  })

  it.each`
    statement                                                                                          | risks | because
    ${'ALTER TABLE "tasks" ADD COLUMN "note" text;'}                                                   | ${0}  | ${'the release before does not see it'}
    ${'ALTER TABLE "tasks" ADD COLUMN "n" integer DEFAULT 0 NOT NULL;'}                                | ${0}  | ${'what the release before writes gets the default'}
    ${'ALTER TABLE "tasks" ADD COLUMN "n" integer NOT NULL;'}                                          | ${1}  | ${'what the release before writes would be refused'}
    ${'ALTER TABLE "tasks" DROP COLUMN "note";'}                                                       | ${1}  | ${'the release before may still read it'}
    ${'ALTER TABLE "tasks" RENAME COLUMN "a" TO "b";'}                                                 | ${1}  | ${'the release before asks for the old name'}
    ${'ALTER TABLE "tasks" ALTER COLUMN "a" SET DATA TYPE bigint;'}                                    | ${1}  | ${'rewrites the table while all wait'}
    ${'ALTER TABLE "tasks" ALTER COLUMN "a" SET NOT NULL;'}                                            | ${1}  | ${'the release before may leave it empty'}
    ${'CREATE INDEX "i" ON "tasks" ("a");'}                                                            | ${1}  | ${'writers wait'}
    ${'-- compatible: the table is small\nCREATE INDEX "i" ON "tasks" ("a");'}                         | ${0}  | ${'somebody has thought of it'}
    ${'CREATE TABLE "a" ("b" text NOT NULL);--> statement-breakpoint\nCREATE INDEX "i" ON "a" ("b");'} | ${0}  | ${'nobody uses the table yet'}
  `('$statement: $risks, for $because', ({ statement, risks }) => {
    expect(risksOf(statement)).toHaveLength(risks)
  })
})

describe('a database that the program cannot work with', () => {
  it.each`
    name                | made                                                                  | says
    ${'no_letters'}     | ${"template template0 lc_ctype 'C' lc_collate 'C'"}                   | ${'LC_CTYPE'}
    ${'other_encoding'} | ${"template template0 encoding 'LATIN1' lc_ctype 'C' lc_collate 'C'"} | ${'expected UTF8'}
  `('$name is refused in one line', async ({ name, made, says }) => {
    const database = openDatabase(await emptyDatabase(name, made))
    const problem = await checkDatabase(database).catch((error: unknown) => error)
    await database.close()
    expect(problem).toBeInstanceOf(InputProblem)
    expect((problem as Error).message).toContain(says)
    expect((problem as Error).message).not.toContain('\n')
  })
})
