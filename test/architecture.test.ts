import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const SOURCES = join(import.meta.dirname, '../src')
const DOMAIN = [
  'kernel',
  'calendar',
  'deadlines',
  'roadmaps',
  'people',
  'access',
  'tasks',
  'replies',
  'reminders',
  'digests',
  'announcements',
  'council',
  'delivery',
]
const EDGES = ['bot', 'db', 'jobs', 'documents', 'http', 'cli', 'sandbox']
const OUTSIDE = [
  'telegraf',
  'drizzle-orm',
  'postgres',
  'pg-boss',
  'i18next',
  'fastify',
  'node:fs',
  'node:http',
  'node:net',
]

function filesOf(folder: string): string[] {
  return readdirSync(join(SOURCES, folder), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  )
}

function importsOf(folder: string, file: string): string[] {
  const source = readFileSync(join(SOURCES, folder, file), 'utf8')
  return [...source.matchAll(/^(?:import|export)[^'"]*?from '([^']+)'|import\('([^']+)'\)/gm)].map(
    (match) => match[1] ?? match[2] ?? '',
  )
}

function roomOf(folder: string, file: string, imported: string): string | null {
  if (!imported.startsWith('.')) return null
  const path = join(folder, file, '..', imported).split('/')
  return path[0] === '..' ? null : (path[0] ?? null)
}

describe('imports point one way: edges to domain to kernel', () => {
  it.each(DOMAIN)('%s asks nothing of the outside world and of no edge', (folder) => {
    for (const file of filesOf(folder)) {
      for (const imported of importsOf(folder, file)) {
        expect(
          OUTSIDE.filter((name) => imported === name || imported.startsWith(`${name}/`)),
          `${folder}/${file}`,
        ).toEqual([])
        expect(EDGES.includes(roomOf(folder, file, imported) ?? ''), `${folder}/${file} imports ${imported}`).toBe(
          false,
        )
      }
    }
  })

  it('the kernel imports nothing of ours', () => {
    for (const file of filesOf('kernel'))
      for (const imported of importsOf('kernel', file))
        expect(['kernel', null]).toContain(roomOf('kernel', file, imported))
  })

  it.each([...DOMAIN, ...EDGES])('only the edge of the messenger knows telegraf: %s', (folder) => {
    const knowing = filesOf(folder).filter((file) =>
      importsOf(folder, file).some((name) => name === 'telegraf' || name.startsWith('telegraf/')),
    )
    expect(knowing.filter((file) => !(folder === 'bot' && file.startsWith('telegram/')))).toEqual([])
  })
})
