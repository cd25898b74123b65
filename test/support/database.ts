import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate } from 'drizzle-orm/postgres-js/migrator'
import postgres from 'postgres'
import { type Database, openDatabase } from '../../src/db/database.ts'

const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url))

/** A database of its own on the server of this run, with all tables. `name` is unique among the test files. */
export async function freshDatabase(serverUrl: string, name: string): Promise<Database> {
  const server = postgres(serverUrl, { max: 1, onnotice: () => {} })
  await server.unsafe(`drop database if exists ${name} with (force)`)
  await server.unsafe(`create database ${name}`)
  await server.end()
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  const client = postgres(url.toString(), { max: 1, onnotice: () => {} })
  await migrate(drizzle(client), { migrationsFolder })
  await client.end()
  return openDatabase(url.toString())
}
