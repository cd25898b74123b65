import postgres from 'postgres'
import { describe, expect, inject, it } from 'vitest'
import { checkDatabase, openDatabase } from '../../src/db/database.ts'
import { migrateDatabase } from '../../src/db/migrate.ts'
import { InputProblem } from '../../src/kernel/problem.ts'

async function emptyDatabase(name: string, more = ''): Promise<string> {
  const admin = postgres(inject('postgresUrl'), { max: 1, onnotice: () => {} })
  await admin.unsafe(`drop database if exists ${name}`)
  await admin.unsafe(`create database ${name} ${more}`)
  await admin.end()
  const url = new URL(inject('postgresUrl'))
  url.pathname = `/${name}`
  return url.toString()
}

describe('migrating', () => {
  it('is done once by twenty who start together (F18)', async () => {
    const url = await emptyDatabase('twenty')
    await Promise.all(Array.from({ length: 20 }, () => migrateDatabase(url)))
    const database = openDatabase(url)
    const applied = await database.sql<{ hash: string }[]>`select hash from drizzle.__drizzle_migrations`
    expect(new Set(applied.map((row) => row.hash)).size).toBe(applied.length)
    expect(applied.length).toBeGreaterThan(0)
    await database.close()
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
